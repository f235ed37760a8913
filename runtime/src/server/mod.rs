//! HTTP around the router: what every request goes through, and the sockets it comes from.

mod around;
mod body;
#[cfg(any(feature = "gzip", feature = "brotli"))]
mod compress;
#[cfg(not(any(feature = "gzip", feature = "brotli")))]
#[path = "plain.rs"]
mod compress;
mod cors;
mod health;
mod ids;
mod listen;
#[cfg(feature = "metrics")]
mod metrics;
mod patience;
mod signals;

pub(crate) use around::{Surroundings, Watch, layered, uniform};
pub(crate) use cors::shared;
pub(crate) use health::{list as health_list, router as health};
pub(crate) use listen::serve;
#[cfg(feature = "metrics")]
pub(crate) use metrics::Metrics;
pub(crate) use signals::Signals;

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether a request takes what is kept in gzip.
#[cfg(feature = "docs")]
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    compress::Coding::Gzip.is_taken(headers)
}

/// Adds a name to `Vary`.
fn vary(headers: &mut HeaderMap, name: &'static str) {
    let so_far = headers.get(header::VARY).and_then(|value| value.to_str().ok());
    let value = so_far.map(|names| format!("{names}, {name}")).and_then(|names| HeaderValue::from_str(&names).ok());
    headers.insert(header::VARY, value.unwrap_or(HeaderValue::from_static(name)));
}

#[cfg(test)]
mod tests;
