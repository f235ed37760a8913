//! The table of failures.

/// The kinds of failure: each a status and a stable code string. Only 4xx and 5xx exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// 400, a query string that cannot be read
    BadQuery,
    /// 400, a query that not every database can answer
    Unsupported,
    /// 400, a body that is not JSON
    BadJson,
    /// 400, with `handling=strict` a preference that cannot be honoured
    Preference,
    /// 400, a write that would touch more rows than `max-affected` allows
    MaxAffected,
    /// 400, an answer that would be too large
    AnswerTooLarge,
    /// 400, anything else wrong with the request itself
    BadRequest,
    /// 401, a token that is malformed, expired or dead
    BadToken,
    /// 401, no token where some caller is needed
    NoToken,
    /// 401, wrong login or password
    BadLogin,
    /// 403
    Forbidden,
    /// 404, no such row in the caller's scope
    NotFound,
    /// 404, no such path
    NoRoute,
    /// 405
    Method,
    /// 408, the request took too long to arrive
    Timeout,
    /// 409, a unique value is taken
    Unique,
    /// 409, a reference to a row that is not there, or a row that others refer to
    ForeignKey,
    /// 409, a request with the same idempotency key is being done
    InFlight,
    /// 412, the row is not in a state that the request asks for
    Condition,
    /// 413
    TooLarge,
    /// 415
    MediaType,
    /// 416, an offset past the end
    Range,
    /// 422, fields that do not pass
    Invalid,
    /// 422, an idempotency key that belongs to another request
    KeyReused,
    /// 428, a change without the state that it is meant for
    ConditionMissing,
    /// 429
    TooMany,
    /// 500, our fault
    Internal,
    /// 503, the database is busy or gone
    Unavailable,
}

impl Code {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        self.row().0
    }

    /// The stable code string.
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    const fn row(self) -> (u16, &'static str) {
        match self {
            Self::BadQuery => (400, "PGRST100"),
            Self::Unsupported => (400, "PGRST127"),
            Self::BadJson => (400, "PGRST102"),
            Self::Preference => (400, "PGRST122"),
            Self::MaxAffected => (400, "PGRST124"),
            // PostgreSQL's `program_limit_exceeded`.
            Self::AnswerTooLarge => (400, "54000"),
            Self::BadRequest => (400, "PT400"),
            Self::BadToken => (401, "PGRST301"),
            Self::NoToken => (401, "PGRST302"),
            Self::BadLogin => (401, "PT401"),
            Self::Forbidden => (403, "42501"),
            Self::NotFound => (404, "PGRST116"),
            Self::NoRoute => (404, "PGRST125"),
            Self::Method => (405, "PGRST117"),
            Self::Timeout => (408, "PT408"),
            Self::Unique => (409, "23505"),
            Self::ForeignKey => (409, "23503"),
            Self::InFlight => (409, "PT409"),
            Self::Condition => (412, "PT412"),
            Self::TooLarge => (413, "PT413"),
            Self::MediaType => (415, "PGRST107"),
            Self::Range => (416, "PGRST103"),
            Self::Invalid => (422, "23514"),
            Self::KeyReused => (422, "PT422"),
            Self::ConditionMissing => (428, "PT428"),
            Self::TooMany => (429, "PT429"),
            Self::Internal => (500, "XX000"),
            Self::Unavailable => (503, "PT503"),
        }
    }
}
