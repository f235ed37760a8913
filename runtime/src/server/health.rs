//! `/healthz` and `/readyz`, for whoever restarts processes and shares out requests.

use std::sync::Arc;

use axum::{Router, extract::State, http::Method, routing::get};

use crate::{
    context::Context,
    db::admin::{self, SchemaState},
    error::{Code, Error, Result},
    routes::{self, Beside, Operation},
};

/// `GET /healthz`, `GET /readyz`.
pub(crate) fn list() -> [Operation; 2] {
    ["/healthz", "/readyz"].map(|path| Operation { method: "GET", path: path.into(), who: "public".into() })
}

/// Their routes.
pub(crate) fn router(context: &Arc<Context>, beside: &Beside) -> Router {
    let unmounted = |method: Method| async move { routes::unmounted(&method, routes::allow_of(&[Method::GET])) };
    Router::new()
        .route("/healthz", beside.around("/healthz", get(healthz).fallback(unmounted)))
        .route("/readyz", beside.around("/readyz", get(readyz).fallback(unmounted).with_state(Arc::clone(context))))
}

type Answer = ([(&'static str, &'static str); 2], &'static str);

const OK: Answer = ([("content-type", "application/json"), ("cache-control", "no-store")], r#"{"status":"ok"}"#);

/// The process answers.
async fn healthz() -> Answer {
    OK
}

/// The database answers, and its tables are those of the structs.
async fn readyz(State(context): State<Arc<Context>>) -> Result<Answer> {
    match admin::state(&context.db, &context.schema).await? {
        SchemaState::Current => Ok(OK),
        // What differs is for the operator, who has `db status`.
        SchemaState::Empty | SchemaState::Drifted(_) | SchemaState::Foreign(_) => {
            Err(Error::new(Code::Unavailable, "the schema is not the one that this program was built for"))
        }
    }
}
