//! All rounds on one database.

use std::{fs, net::SocketAddr, path::Path, sync::Arc};

use serde::Deserialize;

use crate::{
    Result, client,
    client::Connection,
    cluster::Cluster,
    contender::Contender,
    database::{self, Database},
    dataset,
    machine::Cores,
    measure,
    measure::Sample,
    options::Options,
    server::{self, Server, Setting},
    workload::{CONNECTIONS, Workload},
};

/// What was measured on one database.
#[derive(Debug)]
pub(crate) struct Trial {
    /// Which database, and how it commits.
    pub(crate) database: String,
    pub(crate) rounds: usize,
    pub(crate) rows: Vec<Row>,
}

/// The samples of one kind of request, for each server, one a round.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) workload: Workload,
    pub(crate) samples: [Vec<Sample>; 2],
}

/// Fills a database for each server, starts both, and lets them take turns.
pub(crate) async fn run(
    options: &Options,
    contenders: &[Contender; 2],
    cores: &Cores,
    cluster: Option<&Cluster>,
    folder: &Path,
) -> Result<Trial> {
    let password = server::random_hex()?;
    let mut servers = Vec::new();
    let mut description = String::new();
    for (side, contender) in contenders.iter().enumerate() {
        let name = format!("side_{side}");
        let folder = folder.join(&name);
        fs::create_dir(&folder)?;
        let database_url = database::make(cluster, &folder, &name).await?;
        let setting = Setting { database_url: &database_url, synchronous: &options.synchronous, folder: &folder };
        server::create_tables(contender, &setting)?;
        let mut database = Database::open(&database_url).await?;
        dataset::fill(&mut database, contender, &password).await?;
        description = database.describe(&options.synchronous).await?;
        drop(database);
        servers.push(Server::start(contender, cores, &setting).await?);
    }

    let mut rows = Workload::ALL.map(|workload| Row { workload, samples: [Vec::new(), Vec::new()] });
    // Round 0 warms up: caches, prepared statements, pools.
    for round in 0..=options.rounds {
        eprintln!("{description}: round {round} of {}", options.rounds);
        let tokens = [sign_in(servers[0].address, &password).await?, sign_in(servers[1].address, &password).await?];
        for row in &mut rows {
            // Who comes first changes from round to round.
            for side in [round % 2, (round + 1) % 2] {
                let plan = Arc::new(row.workload.plan(&contenders[side], &tokens[side], round));
                let duration = if round == 0 { options.warm_up } else { options.measurement };
                let sample = measure::run(&servers[side], &plan, duration)
                    .await
                    .map_err(|e| format!("{}, {}: {e}", contenders[side].name, row.workload.title()))?;
                if round > 0 {
                    row.samples[side].push(sample);
                }
            }
        }
    }
    Ok(Trial { database: description, rounds: options.rounds, rows: rows.into() })
}

/// Signs a user in for each connection. Once a round, since tokens live for minutes.
async fn sign_in(address: SocketAddr, password: &str) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Session {
        access_token: String,
    }

    let mut connection = Connection::open(address).await?;
    let mut tokens = Vec::new();
    for user in (1..).take(CONNECTIONS) {
        let body = format!(r#"{{"email":"{}","password":"{password}"}}"#, dataset::email(user));
        let answer = connection.exchange(&client::send("POST", "/auth/login", None, &body)).await?;
        if answer.status != 200 {
            return Err(
                format!("login was answered {}: {}", answer.status, String::from_utf8_lossy(answer.body)).into()
            );
        }
        tokens.push(serde_json::from_slice::<Session>(answer.body)?.access_token);
    }
    Ok(tokens)
}
