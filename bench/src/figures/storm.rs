//! How reads fare while many sign in at once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Instant,
};

use tokio::task::JoinSet;

use crate::{
    Result,
    arena::{Arena, Ground},
    client::Connection,
    login, measure,
    medians::median,
    options::Pace,
    workload::{CONNECTIONS, Workload},
};

/// How many sign in at once, one login after the other: more than any server hashes at a time.
const STORMERS: usize = 8;

/// Medians over the rounds.
#[derive(Debug)]
pub(super) struct Storm {
    /// Milliseconds under which 99 of 100 reads were answered.
    pub(super) quiet: f64,
    pub(super) stormy: f64,
    pub(super) logins_per_second: f64,
}

/// Reads from every connection, in turns with and without logins beside them.
pub(super) async fn run(arena: &Arena<'_>, ground: &Ground<'_>, pace: &Pace) -> Result<Storm> {
    let server = arena.start_one(ground).await?;
    let (mut quiet, mut stormy, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=pace.rounds {
        // Reads take no token.
        let tokens = vec![String::new(); CONNECTIONS];
        let plan = Arc::new(Workload::One.plan(ground.contender, &tokens, round));
        let calm = measure::run(&server, &plan, pace.measurement).await?;

        let logins = Arc::new(Logins::default());
        let mut stormers = JoinSet::new();
        for user in (1..).skip(CONNECTIONS).take(STORMERS) {
            stormers.spawn(sign_in(server.address, user, arena.password.clone(), logins.clone()));
        }
        let begun = Instant::now();
        let storm = measure::run(&server, &plan, pace.measurement).await?;
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
    Ok(Storm { quiet: median(quiet), stormy: median(stormy), logins_per_second: median(rates) })
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
