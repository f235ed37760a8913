//! Who callers are: passwords, tokens, sessions, and the layer that reads the `Authorization` header.

pub(crate) mod credentials;
pub(crate) mod layer;
pub(crate) mod password;
pub(crate) mod routes;
mod session;
pub(crate) mod token;
mod verified;
