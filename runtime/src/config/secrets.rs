//! What must not be printed: the key that signs tokens, and the password in the URL of the database.

use std::fmt;

use url::Url;

use crate::{
    auth::token::MIN_SECRET,
    error::{Error, Result},
};

/// The key that signs tokens. Nothing prints it.
pub(crate) struct JwtSecret(Vec<u8>);

impl JwtSecret {
    /// `name` is what an error calls it.
    pub(crate) fn new(bytes: Vec<u8>, name: &str) -> Result<Self> {
        if bytes.len() < MIN_SECRET {
            let text = format!("{name} has {} bytes, and {MIN_SECRET} are the least", bytes.len());
            return Err(Error::startup(text).hint("make one with `openssl rand -base64 48`"));
        }
        Ok(Self(bytes))
    }

    pub(crate) fn random() -> Result<Self> {
        let mut bytes = vec![0; MIN_SECRET];
        getrandom::fill(&mut bytes).map_err(|e| Error::startup("the system has no random numbers").source(e))?;
        Ok(Self(bytes))
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for JwtSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JwtSecret(..)")
    }
}

/// Where the database is. Printed, it hides the password.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The URL with its password, for the driver alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is one in it.
    pub(crate) fn has_password(&self) -> bool {
        // The options can name one too.
        !self.0.starts_with("sqlite:")
            && Url::parse(&self.0).map_or(true, |url| {
                url.password().is_some() || url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case("password"))
            })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.starts_with("sqlite:") {
            return f.write_str(&self.0);
        }
        let Ok(mut url) = Url::parse(&self.0) else {
            return f.write_str("(a URL that cannot be read)");
        };
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return f.write_str("(a URL with a password)");
        }
        // The options after the question mark can name a password and key files too.
        url.set_query(None);
        write!(f, "{url}")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}
