//! What a long page takes while it is made.

use super::megabytes;
use crate::{
    Result,
    arena::{Arena, Ground},
    client::Connection,
    workload::page,
};

/// How often the long page is asked for.
const TIMES: usize = 50;

/// Megabytes by which the peak of resident memory exceeds what was resident before, over pages of 1,000 rows one after
/// the other. The same rows were read before as pages of 20, so that the database's own cache is no part of it.
pub(super) async fn growth(arena: &Arena<'_>, ground: &Ground<'_>) -> Result<f64> {
    let server = arena.start_one(ground).await?;
    let mut connection = Connection::open(server.address).await?;
    for short in (0..1_000).step_by(20).map(|offset| page(20, offset)) {
        short.check_body(connection.exchange(&short.bytes).await?)?;
    }
    server.process.forget_peak()?;
    let before = server.process.resident()?;
    let long = page(1_000, 0);
    for _ in 0..TIMES {
        long.check_body(connection.exchange(&long.bytes).await?)?;
    }
    Ok(megabytes(server.process.peak()?.saturating_sub(before)))
}
