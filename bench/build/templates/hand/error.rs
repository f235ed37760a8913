//! The failure answers.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

#[derive(Debug)]
pub(crate) enum Error {
    NotFound,
    Unauthorized,
    Taken,
    Busy,
    Invalid(&'static str),
    Internal(sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(e) if e.is_unique_violation() => Self::Taken,
            other => Self::Internal(other),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "no such row"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "sign in first"),
            Self::Taken => (StatusCode::CONFLICT, "a unique value is taken"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "try again later"),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(cause) => {
                tracing::error!(%cause, "request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong")
            }
        };
        (status, Json(json!({ "status": status.as_u16(), "detail": detail }))).into_response()
    }
}
