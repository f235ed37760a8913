//! Lists of tasks, written by hand with axum and sqlx.
//!
//! Layout: `taskN` one resource: rows, bodies, statements and routes · `users` login and registration · `auth` tokens
//! and passwords · `pool` connections · `body` what all bodies share · `status` a column type · `error` the failures.

mod auth;
mod body;
mod error;
mod pool;
mod status;
mod users;
@MODULES@

use std::{env, process::ExitCode, sync::Arc};

use axum::{Router, serve::ListenerExt as _};
use clap::{Arg, Command, value_parser};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::{auth::Keys, pool::Sqlite};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What every handler has at hand.
pub(crate) struct App<S> {
    store: S,
    keys: Keys,
}

/// The tables in the order in which they can be made.
const SQLITE: &[&str] = &[users::SQLITE, @SQLITE@];
const POSTGRES: &[&str] = &[users::POSTGRES, @POSTGRES@];

fn main() -> ExitCode {
    let matches = command().get_matches();
    log();
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::from).and_then(
        |runtime| match matches.subcommand() {
            Some(("db", _)) => runtime.block_on(create()),
            Some(("serve", given)) => runtime.block_on(serve(
                given.get_one::<String>("host").map_or("127.0.0.1", String::as_str),
                given.get_one::<u16>("port").copied().unwrap_or(8080),
            )),
            _ => Err("there is no such command".into()),
        },
    );
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    let host = Arg::new("host").long("host").env("HOST").default_value("127.0.0.1").help("Address to listen on");
    let port = Arg::new("port").long("port").env("PORT").default_value("8080").value_parser(value_parser!(u16));
    Command::new("tasks")
        .about("Lists of tasks")
        .subcommand_required(true)
        .subcommand(Command::new("serve").about("Serves").arg(host).arg(port.help("Port to listen on")))
        .subcommand(
            Command::new("db")
                .about("The database")
                .subcommand_required(true)
                .subcommand(Command::new("create").about("Makes the tables in an empty database")),
        )
}

fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if env::var("LOG_FORMAT").as_deref() == Ok("json") {
        log.json().init();
    } else {
        log.init();
    }
}

async fn create() -> Result<(), Failure> {
    let url = variable("DATABASE_URL")?;
    if is_postgres(&url) {
        let pool = pool::postgres(&url).await?;
        for table in POSTGRES {
            sqlx::raw_sql(*table).execute(&pool).await?;
        }
    } else {
        let pools = Sqlite::open(&url).await?;
        for table in SQLITE {
            sqlx::raw_sql(*table).execute(&pools.write).await?;
        }
        pools.close().await;
    }
    Ok(())
}

async fn serve(host: &str, port: u16) -> Result<(), Failure> {
    let url = variable("DATABASE_URL")?;
    let keys = Keys::new(&variable("JWT_SECRET")?)?;
    let router = if is_postgres(&url) {
        router::<PgPool>(App { store: pool::postgres(&url).await?, keys })
    } else {
        router::<Sqlite>(App { store: Sqlite::open(&url).await?, keys })
    };
    let listener = TcpListener::bind((host, port)).await?.tap_io(|stream| {
        // Answers are written whole, so there is nothing to wait for. Without it they are late, not wrong.
        let _ = stream.set_nodelay(true);
    });
    tracing::info!(host, port, "serving");
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

fn router<S>(app: App<S>) -> Router
where
    S: users::Store,
    @BOUNDS@
{
    Router::new()
        .merge(users::routes())
        @REGISTRATIONS@
        .with_state(Arc::new(app))
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres")
}

fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|_| format!("{name} is not set").into())
}
