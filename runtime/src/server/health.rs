//! `/healthz` and `/readyz`, for whoever restarts processes and shares out requests.

use std::sync::Arc;

use axum::{Router, extract::State, routing::get};

use crate::{
    context::Context,
    db::admin::{self, SchemaState},
    error::{Code, Error, Result},
    routes::{self, Beside, Operation},
};

/// `GET /healthz`, `GET /readyz`.
pub(crate) fn list() -> [Operation; 2] {
    ["/healthz", "/readyz"].map(Operation::service)
}

/// Their routes.
pub(crate) fn router(context: &Arc<Context>, beside: &Beside) -> Router {
    let readyz = get(readyz).with_state(Arc::clone(context));
    Router::new()
        .route("/healthz", beside.around("/healthz", routes::read_alone(get(healthz))))
        .route("/readyz", beside.around("/readyz", routes::read_alone(readyz)))
}

type Answer = ([(&'static str, &'static str); 2], &'static str);

const OK: Answer = ([("content-type", "application/json"), ("cache-control", "no-store")], r#"{"status":"ok"}"#);

/// The process answers.
async fn healthz() -> Answer {
    OK
}

/// The database answers, and its tables are those of the structs, whoever changed either since.
async fn readyz(State(context): State<Arc<Context>>) -> Result<Answer> {
    let what = match admin::state(&context.db.unlimited(), &context.schema).await? {
        SchemaState::Current => return Ok(OK),
        SchemaState::Empty => "the database is empty".to_owned(),
        SchemaState::Drifted(lines) => lines.join("; "),
        SchemaState::Foreign(tables) => format!("tables of somebody else: {}", tables.join(", ")),
    };
    // What differs is for the operator, who has the log and `db status`.
    Err(Error::new(Code::Unavailable, "the schema is not the one that this program was built for").source(what))
}
