//! What a server says of itself when it starts.

use std::{fmt, net::SocketAddr};

use crate::{config::DatabaseUrl, routes::Operation, seed::Report};

/// The parts of it. Printed to standard output alone: on a terminal it holds passwords.
pub(super) struct Banner<'a> {
    pub(super) name: &'a str,
    pub(super) address: SocketAddr,
    pub(super) metrics: Option<SocketAddr>,
    /// The path at which the API is described.
    pub(super) docs: Option<&'static str>,
    pub(super) database: &'a DatabaseUrl,
    pub(super) development: bool,
    pub(super) random_secret: bool,
    pub(super) seeded: Option<&'a Report>,
    pub(super) routes: &'a [Operation],
    pub(super) terminal: bool,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.development { " (development mode)" } else { "" };
        let fresh = match self.seeded {
            Some(report) if report.done.is_empty() => ", made just now",
            Some(_) => ", made and seeded just now",
            None => "",
        };
        writeln!(f, "{} serves on http://{}{mode}\n", self.name, self.address)?;
        writeln!(f, "  database  {}{fresh}", self.database)?;
        if let Some(address) = self.metrics {
            writeln!(f, "  metrics   http://{address}/metrics")?;
        }
        if let Some(path) = self.docs {
            writeln!(f, "  docs      http://{}{path}", self.address)?;
        }
        for (i, (path, methods)) in by_path(self.routes).iter().enumerate() {
            let label = if i == 0 { "routes" } else { "" };
            writeln!(f, "  {label:8}  {path:24} {}", methods.join(" "))?;
        }
        if self.random_secret {
            writeln!(f, "\n  JWT_SECRET is not set: a random one signs tokens until this server stops.")?;
        }
        match self.seeded {
            Some(report) => write!(f, "{}", Accounts { report, terminal: self.terminal }),
            None => Ok(()),
        }
    }
}

/// The accounts that seeding made passwords for; these are shown at a terminal and nowhere else.
pub(super) struct Accounts<'a> {
    pub(super) report: &'a Report,
    pub(super) terminal: bool,
}

impl fmt::Display for Accounts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accounts = &self.report.accounts;
        if accounts.is_empty() {
            return Ok(());
        }
        if !self.terminal {
            let who = match accounts.len() {
                1 => "One account has a random password".to_owned(),
                count => format!("{count} accounts have random passwords"),
            };
            return writeln!(
                f,
                "\n  {who}, shown at a terminal only.\n  \
                 `user create --admin` makes an account that you know the password of."
            );
        }
        writeln!(f, "\n  Accounts with random passwords, which are shown this once:")?;
        let width = accounts.iter().map(|a| a.login.chars().count()).max().unwrap_or(0);
        accounts.iter().try_for_each(|a| writeln!(f, "    {:width$}  {}", a.login, a.password))
    }
}

/// The methods of each path, both in the order they are listed in.
fn by_path(routes: &[Operation]) -> Vec<(&str, Vec<&str>)> {
    let mut paths: Vec<(&str, Vec<&str>)> = Vec::new();
    for route in routes {
        match paths.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, methods)) => methods.push(route.method),
            None => paths.push((&route.path, vec![route.method])),
        }
    }
    paths
}
