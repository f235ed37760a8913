//! The only code that names jsonwebtoken: access tokens (RFC 7519), HS256 and nothing else.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, crypto::rust_crypto};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::verified::Verified;
use crate::{
    error::{Code, Error, Result},
    filter::Identity,
    table::Table,
    text,
    value::{Value, ValueRef},
};

/// How long an access token is good for, in seconds.
pub(crate) const LIFETIME: u64 = 15 * 60;

/// How far clocks may disagree, in seconds.
const LEEWAY: u64 = 30;

/// The least that a secret must have, in bytes: the output size of HS256 (RFC 7518 section 3.2).
pub(crate) const MIN_SECRET: usize = 32;

/// Makes and reads access tokens.
pub(crate) struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    verified: Verified,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: u64,
    nbf: u64,
    exp: u64,
    jti: Uuid,
    iss: String,
    aud: String,
    ver: i64,
}

/// A fresh access token.
pub(crate) struct Issued {
    pub(crate) token: String,
    /// Seconds since 1970.
    pub(crate) expires_at: u64,
}

impl Tokens {
    /// With a secret of at least [`MIN_SECRET`] bytes; the app's name is issuer and audience.
    pub(crate) fn new(secret: &[u8], app: &str) -> Result<Self> {
        if secret.len() < MIN_SECRET {
            return Err(Error::startup(format!("JWT_SECRET has {} bytes", secret.len()))
                .hint(format!("set it to at least {MIN_SECRET} random bytes: openssl rand -base64 48")));
        }
        // Fails only where a provider is installed already, which is as good.
        let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_audience(&[app]);
        validation.set_issuer(&[app]);
        validation.set_required_spec_claims(&["exp", "nbf", "sub", "iss", "aud"]);
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Ok(Self { encoding, decoding, validation, issuer: app.to_owned(), verified: Verified::default() })
    }

    /// A token for the row `key` of the login table at token version `version`.
    pub(crate) fn issue(&self, key: &Value, version: i64) -> Result<Issued> {
        let now = now()?;
        let expires_at = now + LIFETIME;
        let claims = Claims {
            sub: subject(key),
            iat: now,
            nbf: now,
            exp: expires_at,
            jti: Uuid::new_v4(),
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            ver: version,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding);
        Ok(Issued { token: token.map_err(Error::internal)?, expires_at })
    }

    /// Whom a token speaks for. Costs no database connection; that the row is still there at this version is part of
    /// every statement that the caller takes part in.
    pub(crate) fn verify(&self, token: &str, login: &'static Table) -> Result<Identity> {
        let refused = || {
            Error::new(Code::BadToken, "the token is malformed, expired or not from here")
                .hint("sign in again at POST /auth/login")
        };
        if let Some(identity) = self.verified.get(token, now()?) {
            return Ok(identity);
        }
        let claims =
            jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).map_err(|_| refused())?.claims;
        let key = text::parse_key(login.id(), &claims.sub).ok_or_else(refused)?;
        let identity = Identity { table: login, key, version: claims.ver };
        self.verified.insert(token, identity.clone(), claims.exp + LEEWAY);
        Ok(identity)
    }
}

/// Seconds since 1970.
fn now() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_err(Error::internal)?.as_secs())
}

/// The key of a row as `sub` has it.
fn subject(key: &Value) -> String {
    match key.as_ref() {
        ValueRef::Int(id) => id.to_string(),
        other => text::of(other),
    }
}
