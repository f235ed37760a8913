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

#[cfg(test)]
mod tests;
