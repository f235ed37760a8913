//! What is said before it is said what is wrong with a body or a query.
//!
//! Those are read before the database is asked for anything, so that nonsense from nobody costs it nothing. Somebody
//! with a token is told first that it is dead, that the row is not there, or that the rule shuts them out: it takes one
//! statement, and no request that is in order pays for it.

use axum::{
    http::request::Parts,
    response::{IntoResponse as _, Response},
};

use super::rows;
use crate::{
    context::Context,
    error::{Code, Error, Result},
    policy::{self, Caller, Scope, authorize},
    sql, store,
    table::{Action, Table},
    value::Value,
};

/// What a request is about.
pub(crate) enum About<'a> {
    /// Rows of a table.
    Rows(&'static Table, Action),
    /// The row that the path names.
    Row(&'static Table, Action, &'a Parts),
    /// The caller's own row.
    Caller(&'static Table),
}

/// The answer of a handler; where that is a refusal of what was sent, what comes before it.
pub(crate) async fn in_order(
    answer: Result<Response>,
    context: &Context,
    caller: &Caller,
    about: About<'_>,
) -> Result<Response> {
    match answer {
        Err(error) if caller.is_known() && is_of_what_was_sent(&error) => {
            Err(about.first(context, caller, error).await)
        }
        answer => answer,
    }
}

/// The answer where there is nothing at a path or for the method, or where somebody asks what there is. A dead token is told
/// of even there.
pub(crate) async fn of_nothing(answer: Response, context: &Context, caller: &Caller) -> Response {
    if caller.is_known() && matches!(caller.is_alive(&context.db).await, Ok(false)) {
        return sql::dead_token().into_response();
    }
    answer
}

/// The refusal of rows that were sent with their keys. Before it comes that one of them is not there for somebody known.
pub(super) async fn of_rows(error: Error, context: &Context, scope: &Scope, keys: &[(usize, Value)]) -> Error {
    if keys.is_empty() || !scope.caller().is_known() {
        return error;
    }
    match store::in_the_way_of_each(&context.db, scope, keys).await {
        Ok(Some(first)) => first,
        // By this it has been asked as well what comes before all that is said of a body.
        Ok(None) => error.settled(),
        Err(_) => error,
    }
}

/// Whether the database had no part in it.
fn is_of_what_was_sent(error: &Error) -> bool {
    let code = matches!(
        error.code(),
        Code::BadQuery
            | Code::Unsupported
            | Code::BadJson
            | Code::Preference
            | Code::MaxAffected
            | Code::BadRequest
            | Code::NotFound
            | Code::Condition
            | Code::InFlight
            | Code::TooLarge
            | Code::MediaType
            | Code::Range
            | Code::Invalid
            | Code::ConditionMissing
    );
    code && !error.is_settled()
}

impl About<'_> {
    async fn first(self, context: &Context, caller: &Caller, error: Error) -> Error {
        let Ok(scope) = self.scope(caller) else { return error };
        let db = &context.db;
        let key = match self {
            Self::Row(table, _, parts) => match rows::key(table, parts) {
                Ok(key) => Some(key),
                // It is no row's, whatever was sent to it.
                Err(no_row) => {
                    let dead = matches!(store::nothing_seen(db, &scope).await, Err(e) if e.code() == Code::BadToken);
                    return if dead { sql::dead_token() } else { no_row };
                }
            },
            Self::Rows(..) | Self::Caller(_) => None,
        };
        // A database that does not answer now makes nothing right that was sent.
        store::in_the_way(db, &scope, key.as_ref()).await.ok().flatten().unwrap_or(error)
    }

    fn scope(&self, caller: &Caller) -> Result<Scope> {
        match self {
            Self::Rows(table, action) | Self::Row(table, action, _) => authorize(table, *action, caller),
            Self::Caller(login) => policy::own(login, caller),
        }
    }
}
