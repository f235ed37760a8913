//! How long a server takes from its start to its first answer.

use crate::{
    Result,
    arena::{Arena, Ground},
    medians::median,
};

const STARTS: usize = 11;

/// Milliseconds, `taskset` included, over a database that is there and whose pages are in the system's cache.
pub(super) async fn first_answer(arena: &Arena<'_>, ground: &Ground<'_>) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(arena.start_one(ground).await?.first_answer.as_secs_f64() * 1e3);
    }
    Ok(median(times))
}
