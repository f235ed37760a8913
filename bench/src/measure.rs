//! One measurement: one kind of request to one server, from every connection, for a while.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{Result, client::Connection, server::Server, workload::Plan};

/// Of how many answers on a connection one is read and compared in full.
const BODY_CHECK: usize = 64;

/// With fewer answers than this the slowest hundredth is a handful, and where it begins is chance.
const LEAST_FOR_P99: usize = 1_000;

/// What a measurement came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) requests_per_second: f64,
    /// Processor microseconds of the server for each request.
    pub(crate) cpu: f64,
    /// Milliseconds under which 99 of 100 requests were answered, if they were enough to say.
    pub(crate) p99: Option<f64>,
}

/// Sends the plan for `duration`. A wrong answer ends the run: figures of a server that fails say nothing.
pub(crate) async fn run(server: &Server, plan: &Arc<Plan>, duration: Duration) -> Result<Sample> {
    let mut connections = Vec::new();
    for requests in plan.iter() {
        let mut connection = Connection::open(server.address).await?;
        requests[0].check_body(connection.exchange(&requests[0].bytes).await?)?;
        connections.push(connection);
    }

    let (spent, begun) = (server.process.cpu()?, Instant::now());
    let mut asking = JoinSet::new();
    for (at, connection) in connections.into_iter().enumerate() {
        asking.spawn(ask(connection, plan.clone(), at, begun + duration));
    }
    let mut latencies = Vec::new();
    while let Some(done) = asking.join_next().await {
        latencies.append(&mut done??);
    }
    let (elapsed, spent) = (begun.elapsed(), server.process.cpu()?.saturating_sub(spent));
    Ok(sample(&mut latencies, elapsed, spent))
}

async fn ask(mut connection: Connection, plan: Arc<Plan>, at: usize, end: Instant) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    for (n, request) in plan[at].iter().cycle().enumerate() {
        let begun = Instant::now();
        if begun >= end {
            break;
        }
        let answer = connection.exchange(&request.bytes).await?;
        latencies.push(begun.elapsed());
        request.check(answer)?;
        // Not all connections at once, or the driver stops for as long as it takes to read 32 pages.
        if (n + at).is_multiple_of(BODY_CHECK) {
            request.check_body(answer)?;
        }
    }
    Ok(latencies)
}

#[expect(clippy::cast_precision_loss, reason = "no measurement has 2^52 requests")]
fn sample(latencies: &mut [Duration], elapsed: Duration, spent: Duration) -> Sample {
    let count = latencies.len();
    let p99 = (count >= LEAST_FOR_P99).then(|| *latencies.select_nth_unstable((count * 99).div_ceil(100) - 1).1);
    Sample {
        requests_per_second: count as f64 / elapsed.as_secs_f64(),
        cpu: spent.as_secs_f64() * 1e6 / count as f64,
        p99: p99.map(|p99| p99.as_secs_f64() * 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(count: u64) -> Sample {
        let mut latencies: Vec<Duration> = (1..=count).rev().map(Duration::from_millis).collect();
        sample(&mut latencies, Duration::from_secs(2), Duration::from_secs(1))
    }

    #[test]
    fn time_and_processor_time_are_shared_out_among_the_requests() {
        let sample = of(1_000);
        assert_eq!((sample.requests_per_second, sample.cpu), (500.0, 1_000.0));
    }

    #[test]
    fn p99_is_that_of_a_thousand_requests_or_more() {
        assert_eq!(of(1_000).p99.map(f64::round), Some(990.0));
        assert_eq!(of(2_001).p99.map(f64::round), Some(1_981.0));
        assert_eq!([of(999).p99, of(0).p99], [None, None]);
    }
}
