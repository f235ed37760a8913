//! `POST /auth/register`, `POST /auth/login`, `GET /auth/me`, `POST /auth/password`.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
    routing::any,
};
use serde_json::Value as Json;

use super::{
    credentials,
    password::{self, Verdict},
    session,
};
use crate::{
    column::Column,
    context::Context,
    db::Run as _,
    error::{Code, Error, Result},
    filter::{Compare, Node},
    input::{self, Changes, Mode},
    policy::{self, Caller, Scope},
    routes::{self, About, Beside, Operation, Subject, Unfit},
    row::Row,
    sql::{self, Page},
    store,
    table::Table,
    value::{Secret, Value},
};

/// The paths, their method, and who may; what `register` does not allow is not there.
fn table(login: &Table) -> Vec<(&'static str, Method, &'static str)> {
    let mut all = vec![
        ("/auth/login", Method::POST, "public"),
        ("/auth/me", Method::GET, "authenticated"),
        ("/auth/password", Method::POST, "authenticated"),
    ];
    if login.register {
        all.insert(0, ("/auth/register", Method::POST, "public"));
    }
    all
}

pub(crate) fn list(login: &'static Table) -> Vec<Operation> {
    let row = |(path, method, who): (&str, Method, &str)| Operation {
        method: if method == Method::GET { "GET" } else { "POST" },
        path: path.to_owned(),
        who: who.to_owned(),
        about: Subject::Auth,
    };
    table(login).into_iter().map(row).collect()
}

pub(crate) fn router(login: &'static Table, beside: &Beside) -> Router {
    table(login).into_iter().fold(Router::new(), |router, (path, method, _)| {
        let route =
            any(move |Extension(context): Extension<Arc<Context>>, caller: Caller, request: Request| async move {
                let (parts, body) = request.into_parts();
                let asked = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
                if *asked != method {
                    let unmounted = routes::unmounted(&parts.method, routes::allow_of(std::slice::from_ref(&method)));
                    return routes::of_nothing(unmounted, &context, &caller).await;
                }
                let answer = answer(path, login, &context, &caller, &parts, body).await;
                // Where anybody may come, a token has been asked about already.
                let answer = if open(path) {
                    answer
                } else {
                    routes::in_order(answer, &context, &caller, About::Caller(login)).await
                };
                let mut response = routes::of(answer, &parts.method, &caller);
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            });
        router.route(path, beside.around(path, route))
    })
}

/// Whether it is for whoever has no token.
fn open(path: &str) -> bool {
    matches!(path, "/auth/register" | "/auth/login")
}

async fn answer(
    path: &str,
    login: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    if !open(path) {
        policy::own(login, caller)?;
    } else if caller.is_known() && !caller.is_alive(&context.db).await? {
        return Err(sql::dead_token());
    }
    routes::no_parameters(parts)?;
    match path {
        "/auth/register" => register(login, context, parts, body).await,
        "/auth/login" => sign_in(login, context, parts, body).await,
        "/auth/me" => me(login, context, caller).await,
        _ => change_password(login, context, caller, parts, body).await,
    }
}

async fn register(login: &'static Table, context: &Context, parts: &Parts, body: Body) -> Result<Response> {
    let body = Json::Object(routes::object(parts, body).await?);
    let scope = policy::registration(login);
    let made = match input::changes(login, Mode::Create, &body, false) {
        Ok(mut changes) => store::insert(&context.db, &scope, &mut changes, session::columns(login)).await,
        Err(error) => {
            let guards = input::guards(login, Mode::Create, &body, false);
            let named = guards.into_iter().map(|guard| (guard.column.json.to_owned(), guard)).collect();
            Err(routes::of_body(error, context, &scope, Unfit::New(named)).await)
        }
    };
    let made = made.map_err(|error| no_administrator(login, error))?;
    Ok(routes::json(StatusCode::CREATED, session::json(&context.tokens, login, &made.row)?))
}

/// The refusal of who would be an administrator at once: nobody is here, whoever asks for it.
fn no_administrator(login: &Table, error: Error) -> Error {
    match login.admin() {
        Some(column) if error.code() == Code::Forbidden => {
            let text = "cannot be set by registering, whoever asks";
            error.fields([(column.json.to_owned(), text.to_owned())]).hint("leave it out")
        }
        _ => error,
    }
}

async fn sign_in(login: &'static Table, context: &Context, parts: &Parts, body: Body) -> Result<Response> {
    let (login_column, password_column) = columns(login)?;
    let [name, clear] = credentials::read([login_column, password_column], parts, body).await?;
    let mut output = session::columns(login);
    output.push(password_column);
    let row = find(context, &policy::system(login), login_column, name, output).await?;
    let stored = row.as_ref().and_then(|row| hash_of(row, password_column));
    let cost = context.db.bcrypt_cost();
    match password::verify(clear.clone(), stored, cost).await? {
        Verdict::Wrong => return Err(wrong()),
        Verdict::Right => {}
        Verdict::RightButWeak => strengthen(login, context, row.as_ref(), password_column, clear).await?,
    }
    let row = row.ok_or_else(wrong)?;
    Ok(routes::json(StatusCode::OK, session::json(&context.tokens, login, &row)?))
}

async fn me(login: &'static Table, context: &Context, caller: &Caller) -> Result<Response> {
    let row = own_row(&policy::own(login, caller)?, context, session::columns(login)).await?;
    Ok(routes::json(StatusCode::OK, session::user(login, &row)?))
}

async fn change_password(
    login: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = policy::own(login, caller)?;
    let [current, new] = credentials::texts(&routes::object(parts, body).await?, ["current", "new"], &[])?;
    input::password(&new).map_err(|reason| Error::invalid([("new".to_owned(), reason.0)]))?;
    let (_, column) = columns(login)?;
    let row = own_row(&scope, context, vec![login.id(), column]).await?;
    let key = row.get(login.id().name).cloned().ok_or_else(|| Error::internal("a login row without its key"))?;
    if password::verify(current, hash_of(&row, column), context.db.bcrypt_cost()).await? == Verdict::Wrong {
        return Err(Error::invalid([("current".to_owned(), "is not the current password".to_owned())]).settled());
    }
    let mut changes = Changes { set: vec![(column, Value::Secret(Secret(Some(new))))], guards: Vec::new() };
    let row = store::update(&context.db, &scope, &key, &mut changes, session::columns(login)).await?;
    Ok(routes::json(StatusCode::OK, session::json(&context.tokens, login, &row)?))
}

/// The one answer to every failed login.
fn wrong() -> Error {
    Error::new(Code::BadLogin, "login or password is wrong")
}

fn columns(login: &'static Table) -> Result<(&'static Column, &'static Column)> {
    login.login().zip(login.password()).ok_or_else(|| Error::internal("a login resource without login or password"))
}

fn hash_of(row: &Row, column: &Column) -> Option<String> {
    match row.get(column.name) {
        Some(Value::Text(hash)) => Some(hash.clone()),
        _ => None,
    }
}

async fn find(
    context: &Context,
    scope: &Scope,
    column: &'static Column,
    text: String,
    output: Vec<&'static Column>,
) -> Result<Option<Row>> {
    // No row's login holds U+0000, and PostgreSQL would not even take the question.
    let filter = if text.contains('\0') { Node::FALSE } else { Node::Compare(column, Compare::Eq, Value::Text(text)) };
    let page = Page { filter: &filter, order: &[], limit: Some(1), offset: 0 };
    Ok(store::rows(&context.db, scope, &page, output).await?.pop())
}

async fn own_row(scope: &Scope, context: &Context, output: Vec<&'static Column>) -> Result<Row> {
    let page = Page { filter: &Node::TRUE, order: &[], limit: Some(1), offset: 0 };
    store::rows(&context.db, scope, &page, output).await?.pop().ok_or_else(sql::dead_token)
}

/// Stores the hash again at today's cost. The tokens of the row go on: the password is the same.
async fn strengthen(
    login: &'static Table,
    context: &Context,
    row: Option<&Row>,
    column: &'static Column,
    clear: String,
) -> Result<()> {
    let Some(key) = row.and_then(|row| row.get(login.id().name)) else { return Ok(()) };
    let hash = password::hash(clear, context.db.bcrypt_cost()).await?;
    let Some(old) = row.and_then(|row| hash_of(row, column)) else { return Ok(()) };
    store::rehash(&context.db, login, key, column, [old, hash]).await
}
