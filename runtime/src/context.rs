//! What every request shares.

use crate::{
    auth::token::Tokens,
    db::Db,
    error::Result,
    routes::idempotency::{InFlight, Swept},
    schema::Schema,
};

/// The parts of a running app.
pub(crate) struct Context {
    pub(crate) db: Db,
    pub(crate) schema: Schema,
    pub(crate) tokens: Tokens,
    /// When old answers were last looked for.
    pub(crate) swept: Swept,
    /// The requests with an idempotency key that are being done.
    pub(crate) in_flight: InFlight,
}

impl Context {
    /// An app called `name` over `db`, signing with `secret`.
    pub(crate) fn new(name: &str, db: Db, schema: Schema, secret: &[u8]) -> Result<Self> {
        let tokens = Tokens::new(secret, name)?;
        Ok(Self { db, schema, tokens, swept: Swept::default(), in_flight: InFlight::default() })
    }
}
