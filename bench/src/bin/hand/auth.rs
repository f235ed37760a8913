//! Login, and the caller that a token names.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{header, request::Parts},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::{App, Failure, error::Error, model::User, store::Store};

const LIFETIME: Duration = Duration::from_mins(15);

/// Keys and rules of the tokens, parsed once, and a bound on the hashing that goes on at once.
pub(crate) struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    hashing: Semaphore,
}

impl Keys {
    pub(crate) fn new(secret: &str) -> Result<Self, Failure> {
        if secret.len() < 32 {
            return Err("JWT_SECRET has fewer than 32 bytes".into());
        }
        Ok(Self {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            validation: Validation::new(Algorithm::HS256),
            hashing: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: u64,
    exp: u64,
}

/// Whoever the request's token names. No row is read for it.
pub(crate) struct Caller {
    pub(crate) id: i64,
}

impl<S: Store> FromRequestParts<Arc<App<S>>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App<S>>) -> Result<Self, Error> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
        let token = header.and_then(|h| h.strip_prefix("Bearer ")).ok_or(Error::Unauthorized)?;
        let claims =
            decode::<Claims>(token, &app.keys.decoding, &app.keys.validation).map_err(|_| Error::Unauthorized)?.claims;
        Ok(Self { id: claims.sub.parse().map_err(|_| Error::Unauthorized)? })
    }
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

#[derive(Serialize)]
pub(crate) struct Session {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    expires_at: u64,
    user: User,
}

pub(crate) async fn login<S: Store>(
    State(app): State<Arc<App<S>>>,
    Json(credentials): Json<Credentials>,
) -> Result<Json<Session>, Error> {
    let user = match app.store.user(&credentials.email).await {
        Ok(user) => Some(user),
        Err(sqlx::Error::RowNotFound) => None,
        Err(other) => return Err(other.into()),
    };
    let stored = user.as_ref().map(|u| u.password.clone());
    let matches = verify(&app.keys.hashing, credentials.password, stored).await;
    let user = user.filter(|_| matches).ok_or(Error::Unauthorized)?;

    let (iat, expires_in) = (get_current_timestamp(), LIFETIME.as_secs());
    let claims = Claims { sub: user.id.to_string(), iat, exp: iat + expires_in };
    let access_token = encode(&Header::default(), &claims, &app.keys.encoding).map_err(|_| Error::Unauthorized)?;
    Ok(Json(Session { access_token, token_type: "bearer", expires_in, expires_at: claims.exp, user }))
}

/// Compares off the async threads: at a real cost one comparison takes a quarter of a second. An unknown login has
/// nothing to compare with; its password is hashed, so that the answer takes as long.
async fn verify(hashing: &Semaphore, password: String, stored: Option<String>) -> bool {
    let Ok(_permit) = hashing.acquire().await else { return false };
    let compare = move || match stored {
        Some(hash) => bcrypt::verify(password, &hash),
        None => bcrypt::hash(password, bcrypt::DEFAULT_COST).map(|_| false),
    };
    tokio::task::spawn_blocking(compare).await.is_ok_and(|matches| matches.unwrap_or(false))
}
