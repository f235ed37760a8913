//! How reads fare while many sign in at once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    Result,
    arena::{Arena, Ground},
    client::Connection,
    login, measure,
    medians::{median, median_if_all},
    options::Pace,
    workload::{CONNECTIONS, Workload},
};

/// How many sign in at once, one login after the other: more than any server hashes at a time.
const STORMERS: usize = 8;

/// For how long at least: a login takes the better part of a second of the server's core, and a rate is of several.
const LEAST_STORM: Duration = Duration::from_secs(5);

/// Medians over the rounds.
#[derive(Debug)]
pub(super) struct Storm {
    /// Milliseconds under which 99 of 100 reads were answered.
    pub(super) quiet: Option<f64>,
    pub(super) stormy: Option<f64>,
    pub(super) logins_per_second: f64,
}

/// Reads from every connection, in turns with and without logins beside them.
pub(super) async fn run(arena: &Arena<'_>, ground: &Ground<'_>, pace: &Pace) -> Result<Storm> {
    let server = arena.start_one(ground).await?;
    let (mut quiet, mut stormy, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=pace.rounds {
        let (calm, storm) = windows(pace, round);
        // Reads take no token.
        let tokens = vec![String::new(); CONNECTIONS];
        let plan = Arc::new(Workload::One.plan(ground.contender, &tokens, round));
        let calm = measure::run(&server, &plan, calm).await?;

        let logins = Arc::new(Logins::default());
        let mut stormers = JoinSet::new();
        for user in (1..).skip(CONNECTIONS).take(STORMERS) {
            stormers.spawn(sign_in(server.address, user, arena.password.clone(), logins.clone()));
        }
        let begun = Instant::now();
        let storm = measure::run(&server, &plan, storm).await?;
        let rate = f64::from(logins.count.load(Ordering::Relaxed)) / begun.elapsed().as_secs_f64();
        // The next quiet begins when the last of them has its answer.
        logins.over.store(true, Ordering::Relaxed);
        stormers.join_all().await.into_iter().collect::<Result<()>>()?;

        if round > 0 {
            quiet.push(calm.p99);
            stormy.push(storm.p99);
            rates.push(rate);
        }
    }
    Ok(Storm { quiet: median_if_all(quiet), stormy: median_if_all(stormy), logins_per_second: median(rates) })
}

/// How long a round reads in quiet, and in a storm. Round 0 warms up.
fn windows(pace: &Pace, round: usize) -> (Duration, Duration) {
    match round {
        0 => (pace.warm_up, pace.warm_up),
        _ => (pace.measurement, pace.measurement.max(LEAST_STORM)),
    }
}

/// What the stormers share.
#[derive(Debug, Default)]
struct Logins {
    over: AtomicBool,
    count: AtomicU32,
}

/// Signs in until it is over.
async fn sign_in(address: SocketAddr, user: i64, password: String, logins: Arc<Logins>) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    while !logins.over.load(Ordering::Relaxed) {
        login::one(&mut connection, user, &password).await?;
        logins.count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_that_counts_lasts_long_enough_for_several_logins() {
        let [short, long] = [1, 10].map(|seconds| Pace {
            rounds: 5,
            measurement: Duration::from_secs(seconds),
            warm_up: Duration::from_millis(500),
        });
        assert_eq!(windows(&short, 0), (short.warm_up, short.warm_up));
        assert_eq!(windows(&short, 1), (short.measurement, LEAST_STORM));
        assert_eq!(windows(&long, 1), (long.measurement, long.measurement));
    }
}
