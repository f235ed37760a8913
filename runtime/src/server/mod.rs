//! HTTP around the router: what every request goes through, and the sockets it comes from.

mod around;
mod body;
mod health;
mod ids;
mod listen;
mod patience;
mod signals;

pub(crate) use around::{layered, uniform};
pub(crate) use health::router as health;
pub(crate) use listen::serve;
pub(crate) use signals::Signals;

use std::time::Duration;

/// What keeps one client from taking the server away from the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of a request body.
    pub(crate) body: usize,
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

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            request: Duration::from_secs(10),
            head: Duration::from_secs(10),
            write: Duration::from_secs(30),
            connections: 1024,
            drain: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests;
