//! What connections cost that ask for nothing.

use super::megabytes;
use crate::{
    Result,
    arena::{Arena, Ground},
    client::{self, Connection},
    machine,
};

const CONNECTIONS: usize = 1_000;

/// Megabytes of the whole server that are resident while 1,000 connections idle, each after one answered request.
pub(super) async fn resident(arena: &Arena<'_>, ground: &Ground<'_>) -> Result<f64> {
    machine::allow_files(2 * CONNECTIONS)?;
    let server = arena.start_one(ground).await?;
    let request = client::get("/cards/1");
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(server.address).await?;
        connection.exchange(&request).await?;
        connections.push(connection);
    }
    let resident = server.process.resident()?;
    // They were all open, and none was about to be closed.
    for connection in &mut connections {
        connection.exchange(&request).await?;
    }
    Ok(megabytes(resident))
}
