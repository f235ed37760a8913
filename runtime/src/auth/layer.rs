//! The `Authorization` header becomes a [`Caller`]; and what hand-written routes can ask for.

use std::{
    future::{Ready, ready},
    sync::Arc,
    task::{self, Poll},
};

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::{
    TryFutureExt as _,
    future::{Either, MapOk},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    context::Context,
    db::Db,
    error::{Code, Error, Result},
    filter::Standing,
    policy::Caller,
    store,
};

/// Reads the caller off every request; a bad token is refused here, whatever it was sent to.
#[derive(Clone)]
pub(crate) struct Identify(pub(crate) Arc<Context>);

/// A service behind [`Identify`].
#[derive(Clone)]
pub(crate) struct Identified<S> {
    inner: S,
    context: Arc<Context>,
}

impl<S> Layer<S> for Identify {
    type Service = Identified<S>;

    fn layer(&self, inner: S) -> Identified<S> {
        Identified { inner, context: Arc::clone(&self.0) }
    }
}

impl<S: Service<Request, Response = Response>> Service<Request> for Identified<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Either<MapOk<S::Future, fn(Response) -> Response>, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        match caller(&self.context, request.headers()) {
            Ok(caller) => {
                let mark: fn(Response) -> Response = if caller.is_known() { personal } else { depends };
                let extensions = request.extensions_mut();
                extensions.insert(caller);
                extensions.insert(Arc::clone(&self.context));
                Either::Left(self.inner.call(request).map_ok(mark))
            }
            Err(error) => {
                let mut response = error.into_response();
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response.headers_mut().insert(header::VARY, HeaderValue::from_static("Authorization"));
                Either::Right(ready(Ok(response)))
            }
        }
    }
}

/// What a hand-written route says of caches stands; where it says nothing, an answer to somebody is for nobody else.
fn personal(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    depends(response)
}

/// Whoever asks with a token may be told something else.
fn depends(mut response: Response) -> Response {
    response.headers_mut().entry(header::VARY).or_insert(HeaderValue::from_static("Authorization"));
    response
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
        let context = parts.extensions.get::<Arc<Context>>().ok_or_else(|| unlayered("Db"))?;
        Ok(context.db.unlimited())
    }
}

fn unlayered(extractor: &str) -> Error {
    Error::internal(format!("{extractor} works in routes given to App::routes only"))
}
