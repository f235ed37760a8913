//! Tokens and passwords.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::{App, Failure, error::Error};

const LIFETIME: Duration = Duration::from_mins(15);

/// Keys and rules of the tokens, parsed once, and a bound on the hashing that goes on at once.
pub(crate) struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    hashing: Semaphore,
    /// What the password of an unknown login is compared with, so that the answer takes as long.
    decoy: String,
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
            decoy: bcrypt::hash("", bcrypt::DEFAULT_COST)?,
        })
    }

    /// The hash of a new password, made off the async threads: it takes a quarter of a second.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Error> {
        let _permit = self.hashing.acquire().await.map_err(|_| Error::Busy)?;
        let hashed = tokio::task::spawn_blocking(move || bcrypt::non_truncating_hash(password, bcrypt::DEFAULT_COST));
        hashed.await.map_err(|_| Error::Busy)?.map_err(|_| Error::Invalid("password has at most 72 bytes"))
    }

    /// Whether it is the password of the hash; where there is none, it is not, and takes as long.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let Ok(_permit) = self.hashing.acquire().await else { return false };
        let verified = tokio::task::spawn_blocking(move || bcrypt::verify(password, &hash).unwrap_or(false));
        verified.await.unwrap_or(false) && known
    }

    /// A token for the user with this id.
    pub(crate) fn token(&self, id: i64) -> Result<Token, Error> {
        let (iat, expires_in) = (get_current_timestamp(), LIFETIME.as_secs());
        let claims = Claims { sub: id.to_string(), iat, exp: iat + expires_in };
        let access_token = encode(&Header::default(), &claims, &self.encoding).map_err(|_| Error::Unauthorized)?;
        Ok(Token { access_token, token_type: "bearer", expires_in, expires_at: claims.exp })
    }
}

#[derive(Serialize)]
pub(crate) struct Token {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    expires_at: u64,
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

impl<S: Send + Sync> FromRequestParts<Arc<App<S>>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App<S>>) -> Result<Self, Error> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
        let token = header.and_then(|h| h.strip_prefix("Bearer ")).ok_or(Error::Unauthorized)?;
        let claims =
            decode::<Claims>(token, &app.keys.decoding, &app.keys.validation).map_err(|_| Error::Unauthorized)?.claims;
        Ok(Self { id: claims.sub.parse().map_err(|_| Error::Unauthorized)? })
    }
}
