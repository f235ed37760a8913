//! The generated routes: one table of operations feeds the router, `Allow`, the list of routes, and the handlers.
//!
//! ```text
//! GET /cards         POST /cards         one object, or an array of them
//! PATCH /cards?..    DELETE /cards?..    every row that a filter means
//! PATCH /cards       an array of rows with their keys
//! GET /cards/{id}    PUT PATCH DELETE    one row
//! POST /auth/login   /auth/register   /auth/password      GET /auth/me
//! ```

mod beside;
mod body;
pub(crate) mod conditions;
pub(crate) mod etag;
pub(crate) mod idempotency;
pub(crate) mod prefer;
mod refusal;
mod reply;
mod rows;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, any},
};

pub(crate) use self::{
    beside::Beside,
    body::{media_type, object, read},
    refusal::{About, Unfit, in_order, of_body, of_nothing},
    reply::{json, of},
};
use crate::{
    auth,
    context::Context,
    error::{Code, Error, Result},
    policy::Caller,
    schema::Schema,
    table::{Action, Table},
};

/// One operation of a path: its method, who may, and what it is about.
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) who: String,
    pub(crate) about: Subject,
}

/// What an operation is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    /// The rows of a table together.
    Rows(&'static Table),
    /// One of them.
    Row(&'static Table),
    /// Sign-in.
    Auth,
    /// The server itself.
    Service,
}

const COLLECTION: [(Method, Action); 4] = [
    (Method::GET, Action::Read),
    (Method::POST, Action::Create),
    (Method::PATCH, Action::Update),
    (Method::DELETE, Action::Delete),
];
const ITEM: [(Method, Action); 4] = [
    (Method::GET, Action::Read),
    (Method::PUT, Action::Update),
    (Method::PATCH, Action::Update),
    (Method::DELETE, Action::Delete),
];

impl Operation {
    /// A read of the server itself, which anybody may do.
    pub(crate) fn service(path: &str) -> Self {
        Self { method: "GET", path: path.into(), who: "public".into(), about: Subject::Service }
    }
}

/// Every generated operation, in the order of the resources.
pub(crate) fn list(schema: &Schema) -> Vec<Operation> {
    let resources = schema.tables().iter().flat_map(|table| {
        let of = |path: String, operations: &[(Method, Action)], about: Subject| -> Vec<Operation> {
            mounted(table, operations)
                .map(|(method, action)| Operation {
                    method: name(&method),
                    path: path.clone(),
                    who: table.rules.who(action),
                    about,
                })
                .collect()
        };
        let mut all = of(format!("/{}", table.path), &COLLECTION, Subject::Rows(table));
        all.extend(of(format!("/{}/{{id}}", table.path), &ITEM, Subject::Row(table)));
        all
    });
    resources.chain(schema.login().into_iter().flat_map(auth::routes::list)).collect()
}

/// The generated routes and the hand-written ones, behind the layer that reads the caller.
pub(crate) fn router(context: Arc<Context>, extra: Router, beside: &Beside) -> Router {
    let mut router = Router::new();
    for table in context.schema.tables().iter().copied() {
        if mounted(table, &COLLECTION).next().is_some() {
            let path = format!("/{}", table.path);
            let route = any(move |state, caller, request| collection(table, state, caller, request));
            router = router.route(&path, beside.around(&path, route));
        }
        if mounted(table, &ITEM).next().is_some() {
            let path = format!("/{}/{{id}}", table.path);
            let route = any(move |state, caller, request| item(table, state, caller, request));
            router = router.route(&path, beside.around(&path, route));
        }
    }
    if let Some(login) = context.schema.login() {
        router = router.merge(auth::routes::router(login, beside));
    }
    router
        // axum's own limit of 2 MB would come before a larger one of ours.
        .merge(extra.layer(DefaultBodyLimit::disable()))
        .fallback(|Extension(context): Extension<Arc<Context>>, caller: Caller| async move {
            let none = Error::new(Code::NoRoute, "there is nothing at this path");
            let none = none.hint("check the path; none ends in a slash").into_response();
            of_nothing(none, &context, &caller).await
        })
        .layer(auth::layer::Identify(context))
}

async fn collection(
    table: &'static Table,
    Extension(context): Extension<Arc<Context>>,
    caller: Caller,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(action) = permitted(table, &COLLECTION, &parts.method) else {
        return of_nothing(unmounted(&parts.method, allow(table, &COLLECTION)), &context, &caller).await;
    };
    let answer = match action {
        Action::Read => rows::list(table, &context, &caller, &parts).await,
        Action::Create => rows::create(table, &context, &caller, &parts, body).await,
        Action::Update => rows::change_many(table, &context, &caller, &parts, body).await,
        Action::Delete => rows::delete_many(table, &context, &caller, &parts).await,
    };
    let answer = rows::told(answer, action);
    let answer = in_order(answer, &context, &caller, About::Rows(table, action)).await;
    reply::of(answer, &parts.method, &caller)
}

async fn item(
    table: &'static Table,
    Extension(context): Extension<Arc<Context>>,
    caller: Caller,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(action) = permitted(table, &ITEM, &parts.method) else {
        return of_nothing(unmounted(&parts.method, allow(table, &ITEM)), &context, &caller).await;
    };
    let answer = match action {
        Action::Read => rows::get(table, &context, &caller, &parts).await,
        Action::Delete => rows::delete(table, &context, &caller, &parts).await,
        Action::Create | Action::Update => rows::change(table, &context, &caller, &parts, body).await,
    };
    let answer = rows::told(answer, action);
    let answer = in_order(answer, &context, &caller, About::Row(table, action, &parts)).await;
    reply::of(answer, &parts.method, &caller)
}

/// Whether anything of a table is mounted.
pub(crate) fn is_mounted(table: &Table) -> bool {
    mounted(table, &COLLECTION).chain(mounted(table, &ITEM)).next().is_some()
}

/// The operations whose rule lets anybody at all in.
fn mounted(table: &Table, operations: &[(Method, Action)]) -> impl Iterator<Item = (Method, Action)> {
    operations.iter().filter(|(_, action)| !table.rules.of(*action).is_none()).cloned()
}

/// The action of a method on a path; HEAD asks what GET does.
fn permitted(table: &Table, operations: &[(Method, Action)], method: &Method) -> Option<Action> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    mounted(table, operations).find(|(mounted, _)| mounted == method).map(|(_, action)| action)
}

/// The methods of a path, as `Allow` has them.
fn allow(table: &Table, operations: &[(Method, Action)]) -> String {
    let methods: Vec<_> = mounted(table, operations).map(|(method, _)| method).collect();
    allow_of(&methods)
}

/// `Allow` of some methods: HEAD goes with GET, OPTIONS always works.
pub(crate) fn allow_of(methods: &[Method]) -> String {
    let mut names = Vec::new();
    for method in methods {
        names.push(method.as_str());
        if method == Method::GET {
            names.push("HEAD");
        }
    }
    names.push("OPTIONS");
    names.join(", ")
}

/// OPTIONS says what there is; any other method that is not mounted is 405.
pub(crate) fn unmounted(method: &Method, allow: String) -> Response {
    let value = HeaderValue::try_from(allow).unwrap_or(HeaderValue::from_static("OPTIONS"));
    if method == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, [(header::ALLOW, value)]).into_response();
    }
    Error::new(Code::Method, "this path does not take this method")
        .hint("the Allow header lists those it takes")
        .header(header::ALLOW, value)
        .into_response()
}

/// A route that can be read and nothing else.
pub(crate) fn read_alone(route: MethodRouter) -> MethodRouter {
    route.fallback(|method: Method| async move { unmounted(&method, allow_of(&[Method::GET])) })
}

fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        _ => "DELETE",
    }
}

/// Refuses a query string where no parameter has a meaning.
pub(crate) fn no_parameters(parts: &Parts) -> Result<()> {
    match parts.uri.query() {
        None | Some("") => Ok(()),
        Some(_) => Err(Error::new(Code::BadQuery, "this request takes no query parameters")),
    }
}
