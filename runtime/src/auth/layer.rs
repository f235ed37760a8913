//! The `Authorization` header becomes a [`Caller`]; and what hand-written routes can ask for.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{
    context::Context,
    db::Db,
    error::{Code, Error, Result},
    filter::Standing,
    policy::Caller,
    store,
};

/// Reads the caller off every request; a bad token is refused here, whatever it was sent to.
pub(crate) async fn identify(State(context): State<Arc<Context>>, mut request: Request, next: Next) -> Response {
    match caller(&context, request.headers()) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(context);
            next.run(request).await
        }
        Err(error) => {
            let mut response = error.into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("Authorization"));
            response
        }
    }
}

fn caller(context: &Context, headers: &HeaderMap) -> Result<Caller> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(Caller::ANONYMOUS) };
    let malformed =
        || Error::new(Code::BadToken, "the Authorization header is not one Bearer token").hint("Bearer <access_token>");
    if values.next().is_some() {
        return Err(malformed());
    }
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(malformed());
    }
    let Some(login) = context.schema.login() else {
        return Err(Error::new(Code::BadToken, "nobody can sign in here, so no token is valid"));
    };
    context.tokens.verify(token.trim(), login).map(Caller::known)
}

impl Caller {
    /// Whether the caller's row is there and its admin column is true now: one statement.
    ///
    /// ```
    /// # use restruct::{Caller, Db};
    /// async fn report(caller: Caller, db: Db) -> restruct::Result<&'static str> {
    ///     if !caller.is_admin(&db).await? {
    ///         return Err(restruct::Error::new(restruct::Code::Forbidden, "for administrators"));
    ///     }
    ///     Ok("…")
    /// }
    /// ```
    pub async fn is_admin(&self, db: &Db) -> Result<bool> {
        store::stands(db, self, Standing::Admin).await
    }

    /// Whether the caller's row is there and the token's version is still its own: one statement.
    pub async fn is_alive(&self, db: &Db) -> Result<bool> {
        store::stands(db, self, Standing::Alive).await
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| unlayered("Caller"))
    }
}

impl<S: Sync> FromRequestParts<S> for Db {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Arc<Context>>().map(|context| context.db.clone()).ok_or_else(|| unlayered("Db"))
    }
}

fn unlayered(extractor: &str) -> Error {
    Error::internal(format!("{extractor} works in routes given to App::routes only"))
}
