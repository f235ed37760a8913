//! What the server runs with: arguments and variables in, one checked [`Config`] out.

use std::{fmt, net::IpAddr};

use url::Url;

use crate::{
    auth::token::MIN_SECRET,
    db::DEFAULT_BCRYPT_COST,
    error::{Error, Result},
};

/// What the server runs with.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether an empty database may be made and seeded, and a secret made up.
    pub(crate) development: bool,
    /// `None`, in development mode only: a random one.
    pub(crate) jwt_secret: Option<JwtSecret>,
    pub(crate) bcrypt_cost: u32,
}

/// Arguments and variables as they came.
pub(crate) struct Given {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `--dev`
    pub(crate) dev: bool,
    pub(crate) jwt_secret: Option<Vec<u8>>,
    pub(crate) bcrypt_cost: Option<String>,
}

impl Given {
    /// Where to listen when nothing says so.
    pub(crate) const HOST: &'static str = "127.0.0.1";
    /// Where to listen when nothing says so.
    pub(crate) const PORT: u16 = 8080;

    /// What the variables say, for a server that has no command line of its own.
    pub(crate) fn from_env() -> Result<Self> {
        let port = variable("PORT")?.map_or(Ok(Self::PORT), |text| {
            text.parse().map_err(|_| Error::startup("PORT must be a number from 0 to 65535"))
        })?;
        Self::with_secrets(variable("HOST")?.unwrap_or_else(|| Self::HOST.into()), port, false)
    }

    /// An address from the command line; the secrets come from variables alone, so that no process list shows them.
    pub(crate) fn with_secrets(host: String, port: u16, dev: bool) -> Result<Self> {
        let jwt_secret = variable("JWT_SECRET")?.map(String::into_bytes);
        Ok(Self { host, port, dev, jwt_secret, bcrypt_cost: variable("BCRYPT_COST")? })
    }
}

fn variable(name: &str) -> Result<Option<String>> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        // Its error type would print the value.
        Err(std::env::VarError::NotUnicode(_)) => Err(Error::startup(format!("{name} is not UTF-8"))),
    }
}

impl Config {
    /// Checks what was given. `debug_build` is a parameter so that both builds can be tested in either.
    pub(crate) fn decide(given: Given, debug_build: bool) -> Result<Self> {
        let development = given.dev || (debug_build && is_loopback(&given.host));
        let jwt_secret = given.jwt_secret.map(JwtSecret::new).transpose()?;
        if jwt_secret.is_none() && !development {
            return Err(Error::startup("JWT_SECRET is not set, and only development mode makes one up")
                .hint("set it to 32 random bytes or more, for example from `openssl rand -base64 48`"));
        }
        let bcrypt_cost = bcrypt_cost(given.bcrypt_cost, development)?;
        Ok(Self { host: given.host, port: given.port, development, jwt_secret, bcrypt_cost })
    }
}

/// Reads a bcrypt cost: below 10 it protects nobody, above 16 one login takes seconds; tests want it quick.
fn bcrypt_cost(text: Option<String>, development: bool) -> Result<u32> {
    let Some(text) = text else { return Ok(DEFAULT_BCRYPT_COST) };
    let least = if development { 4 } else { 10 };
    text.parse().ok().filter(|cost| (least..=16).contains(cost)).ok_or_else(|| {
        let text = format!("BCRYPT_COST must be a number from {least} to 16");
        Error::startup(text).hint(format!("leave it out for {DEFAULT_BCRYPT_COST}"))
    })
}

/// The bcrypt cost of a command that does not serve.
pub(crate) fn bcrypt_cost_of_commands() -> Result<u32> {
    bcrypt_cost(variable("BCRYPT_COST")?, cfg!(debug_assertions))
}

/// Whether nobody but this machine can reach the address.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The key that signs tokens. Nothing prints it.
pub(crate) struct JwtSecret(Vec<u8>);

impl JwtSecret {
    pub(crate) fn new(bytes: Vec<u8>) -> Result<Self> {
        if bytes.len() < MIN_SECRET {
            let text = format!("JWT_SECRET has {} bytes, and {MIN_SECRET} are the least", bytes.len());
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

    /// The file in the working directory that an app uses when nothing says otherwise.
    pub(crate) fn default_of(app: &str) -> Self {
        Self(format!("sqlite:{app}.db"))
    }

    /// The URL with its password, for the driver alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
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

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Given {
        Given { host: Given::HOST.into(), port: 0, dev: false, jwt_secret: None, bcrypt_cost: None }
    }

    fn secret(bytes: usize) -> Vec<u8> {
        vec![b's'; bytes]
    }

    #[test]
    fn development_is_a_debug_build_on_a_loopback_address_or_asked_for() {
        for (host, debug, dev, expected) in [
            ("127.0.0.1", true, false, true),
            ("127.8.0.1", true, false, true),
            ("::1", true, false, true),
            ("localhost", true, false, true),
            ("0.0.0.0", true, false, false),
            ("127.0.0.1.example.com", true, false, false),
            ("127.0.0.1", false, false, false),
            ("0.0.0.0", false, true, true),
        ] {
            let given = Given { host: host.into(), dev, jwt_secret: Some(secret(32)), ..given() };
            assert_eq!(Config::decide(given, debug).unwrap().development, expected, "{host} {debug} {dev}");
        }
    }

    #[test]
    fn a_missing_secret_is_random_in_development_and_an_error_elsewhere() {
        assert!(Config::decide(given(), true).unwrap().jwt_secret.is_none());
        let error = Config::decide(given(), false).unwrap_err().to_string();
        assert!(error.contains("JWT_SECRET is not set") && error.contains("openssl"), "{error}");
    }

    #[test]
    fn a_short_secret_is_refused_in_every_mode() {
        for debug in [true, false] {
            for bytes in [0, 31] {
                let error = Config::decide(Given { jwt_secret: Some(secret(bytes)), ..given() }, debug).unwrap_err();
                assert!(error.to_string().contains(&format!("{bytes} bytes")), "{error}");
            }
            assert!(Config::decide(Given { jwt_secret: Some(secret(32)), ..given() }, debug).is_ok());
        }
    }

    #[test]
    fn a_cheap_password_hash_is_for_development_alone() {
        let cost = |text: &str, debug| {
            let given = Given { jwt_secret: Some(secret(32)), bcrypt_cost: Some(text.into()), ..given() };
            Config::decide(given, debug).map(|config| config.bcrypt_cost).ok()
        };
        assert_eq!(cost("4", true), Some(4));
        assert_eq!(cost("4", false), None);
        assert_eq!(cost("10", false), Some(10));
        assert_eq!(cost("3", true), None);
        assert_eq!(cost("17", true), None);
        assert_eq!(cost("twelve", true), None);
        assert_eq!(Config::decide(given(), true).unwrap().bcrypt_cost, 12);
    }

    #[test]
    fn nothing_prints_a_secret() {
        let given = Given { jwt_secret: Some(b"0123456789abcdef0123456789abcdef".to_vec()), ..given() };
        assert!(!format!("{:?}", Config::decide(given, false).unwrap()).contains("0123"));
        for (url, shown) in [
            ("postgres://ann:s3cret@db/app?password=s3cret", "postgres://ann:***@db/app"),
            ("postgres://ann@db:5433/app", "postgres://ann@db:5433/app"),
            ("postgres://ann:s3cret@db:none/app", "(a URL that cannot be read)"),
            ("sqlite:app.db?mode=rwc", "sqlite:app.db?mode=rwc"),
        ] {
            let url = DatabaseUrl::new(url);
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?}").contains("s3cret"));
        }
    }

    #[test]
    fn random_secrets_differ() {
        let (a, b) = (JwtSecret::random().unwrap().into_bytes(), JwtSecret::random().unwrap().into_bytes());
        assert!(a.len() == 32 && a != b);
    }
}
