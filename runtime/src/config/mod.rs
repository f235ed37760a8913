//! What the server runs with: file, variables and flags in, one checked [`Config`] out.

mod file;
mod origins;
mod secrets;
mod settings;
mod table;

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

pub(crate) use file::NAME;
pub(crate) use origins::Origins;
pub(crate) use secrets::{DatabaseUrl, JwtSecret, exposed_variables};
pub(crate) use settings::{Found, Settings, Source, Sources};
pub(crate) use table::{Flag, Kind, Setting, TABLE, setting};

use crate::{
    db,
    error::{Error, Result},
    names,
};

/// Why there is nothing to run with.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// A setting is not what it can be.
    Wrong(Error),
    /// One that has to be there is not.
    Missing(Error),
}

impl From<Error> for Unfit {
    fn from(error: Error) -> Self {
        Self::Wrong(error)
    }
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        let (Unfit::Wrong(error) | Unfit::Missing(error)) = unfit;
        error
    }
}

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
    pub(crate) limits: Limits,
    pub(crate) compression: bool,
    pub(crate) origins: Origins,
    /// Whether anybody may read what the API is like.
    pub(crate) openapi: bool,
    /// Where Prometheus reads.
    pub(crate) metrics: Option<SocketAddr>,
}

/// What keeps one client from taking the server away from the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of a request body.
    pub(crate) body: usize,
    /// Bytes of an answer.
    pub(crate) answer: usize,
    /// From the last byte of the head to the first of the answer, the body's arrival included.
    pub(crate) request: Duration,
    /// For a head to arrive, and so also how long a connection may idle between requests.
    pub(crate) head: Duration,
    /// For the client to take some more of its answer.
    pub(crate) write: Duration,
    /// Connections at a time; more wait in the listen queue.
    pub(crate) connections: usize,
    /// For what is in flight to finish after a signal.
    pub(crate) drain: Duration,
}

/// Who asks for a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A server, which knows what address it will be bound to.
    Server {
        /// `--dev`
        dev: bool,
        /// A parameter so that both builds can be tested in either.
        debug_build: bool,
    },
    /// A service around the router.
    Router,
}

impl Config {
    /// Checks what the kinds of the settings do not say.
    pub(crate) fn decide(settings: &Settings, asker: Asker) -> Result<Self, Unfit> {
        let host = settings.text("server.host").unwrap_or_default().to_owned();
        let development = match asker {
            Asker::Server { dev, debug_build } => dev || (debug_build && is_loopback(&host)),
            Asker::Router => false,
        };
        let name = settings.get("auth.jwt_secret").name();
        let jwt_secret = settings.jwt_secret().map(|bytes| JwtSecret::new(bytes, &name)).transpose()?;
        let no_secret = jwt_secret.is_none() && !development;
        let config = Self {
            port: settings.number("server.port")?,
            development,
            jwt_secret,
            bcrypt_cost: bcrypt_cost(settings, development)?,
            limits: Limits::of(settings)?,
            compression: compression(settings)?,
            origins: Origins::read(settings.text("cors.origins").unwrap_or_default()),
            openapi: documented(settings),
            metrics: metrics(settings)?,
            host,
        };
        if no_secret { Err(Unfit::Missing(unsigned(settings, asker))) } else { Ok(config) }
    }
}

/// Whether the API is described to whoever asks.
pub(crate) fn documented(settings: &Settings) -> bool {
    settings.text("openapi.enabled") == Some("true")
}

/// That there is nothing to sign tokens with, and why nothing is made up.
fn unsigned(settings: &Settings, asker: Asker) -> Error {
    let why = match asker {
        Asker::Server { debug_build: true, .. } => {
            let host = settings.get("server.host");
            let shown = names::shown(settings.text("server.host").unwrap_or_default());
            format!("a debug build on a loopback address, and {} is `{shown}`", host.name())
        }
        Asker::Server { .. } => "a debug build on a loopback address, or --dev".to_owned(),
        Asker::Router => "a server that knows its address".to_owned(),
    };
    Error::startup(format!("JWT_SECRET is not set, and only development mode makes one up: {why}"))
        .hint("set it to 32 random bytes or more, for example from `openssl rand -base64 48`")
}

impl Limits {
    fn of(settings: &Settings) -> Result<Self> {
        let seconds = |key| settings.number(key).map(Duration::from_secs);
        Ok(Self {
            body: settings.number("server.max_body")?,
            answer: settings.number("server.max_answer")?,
            request: seconds("server.request_timeout")?,
            head: Duration::from_secs(10),
            write: Duration::from_secs(30),
            connections: settings.number("server.max_connections")?,
            drain: seconds("server.drain_timeout")?,
        })
    }

    /// How long a statement may take: it must have ended when its request is given up.
    pub(crate) fn statement(&self) -> Duration {
        self.request.mul_f64(0.6)
    }
}

/// The cost of a password hash: below 10 it protects nobody, above 16 one login takes seconds; tests want it quick.
pub(crate) fn bcrypt_cost(settings: &Settings, development: bool) -> Result<u32> {
    let cost = settings.number("auth.bcrypt_cost")?;
    if cost < 10 && !development {
        let name = settings.get("auth.bcrypt_cost").name();
        return Err(Error::startup(format!("{name} must be a number from 10 to 16")).hint("leave it out for 12"));
    }
    Ok(cost)
}

/// A setting that could do nothing is a mistake.
fn compression(settings: &Settings) -> Result<bool> {
    let wanted = settings.text("server.compression") == Some("true");
    if wanted && !cfg!(any(feature = "gzip", feature = "brotli")) {
        return Err(unbuilt(settings, "server.compression", "`gzip` or `brotli`"));
    }
    Ok(wanted)
}

fn metrics(settings: &Settings) -> Result<Option<SocketAddr>> {
    let address = settings.text("metrics.listen").and_then(|text| text.parse().ok());
    if address.is_some() && !cfg!(feature = "metrics") {
        return Err(unbuilt(settings, "metrics.listen", "`metrics`"));
    }
    Ok(address)
}

fn unbuilt(settings: &Settings, key: &'static str, feature: &str) -> Error {
    let name = settings.get(key).name();
    Error::startup(format!(
        "{name} needs the cargo feature {feature} of restruct, which this program was built without"
    ))
    .hint("add the feature in Cargo.toml, or take the setting away")
}

/// What only a program of its own asks for: where its database is, and which address it listens on.
pub(crate) fn check_places(settings: &Settings) -> Result<()> {
    let (url, host) = (settings.get("database.url"), settings.get("server.host"));
    // What nobody has said is told by whoever needs it.
    if url.source != Source::Default
        && let Err(error) = db::check_url(settings.database().reveal())
    {
        return Err(Error::startup(format!("{} cannot be used: {error}", url.name())));
    }
    let text = settings.text("server.host").unwrap_or_default();
    let of_hosts = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    if text.chars().all(of_hosts) {
        return Ok(());
    }
    Err(Error::startup(format!("{} must be an IP address or the name of a host", host.name()))
        .hint("127.0.0.1 for this machine alone, 0.0.0.0 for all"))
}

/// Whether nobody but this machine can reach the address.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
