//! The kanban, written by hand: what the generated server is measured against.
//!
//! Layout: `model` rows and bodies · `store` every statement, once, for both databases · `pool` connections ·
//! `auth` login and the signed-in caller · `cards` the routes · `board` cards with what belongs to them · `error` the failure answers.
//!
//! `hand db create` makes the tables, `hand serve` serves them; with `--tuned` before either, sqlx's pools and SQLite are
//! set up better than their defaults are (`pool`). `DATABASE_URL`, `JWT_SECRET`, `HOST`, `PORT` and
//! `SYNCHRONOUS` (SQLite: `FULL`, the default, or `NORMAL`) come from the environment.

mod auth;
mod board;
mod cards;
mod error;
mod model;
mod pool;
mod store;

use std::{env, process::ExitCode, sync::Arc};

use axum::{
    Router,
    routing::{get, post},
    serve::ListenerExt as _,
};
use tokio::net::TcpListener;

use crate::{
    auth::Keys,
    pool::{Sqlite, Tuning},
    store::Store,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What every handler has at hand.
struct App<S> {
    store: S,
    keys: Keys,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (tuning, words) = match words.as_slice() {
        ["--tuned", rest @ ..] => (Tuning::Tuned, rest),
        all => (Tuning::Defaults, all),
    };
    let done = match words {
        ["db", "create"] => create(tuning).await,
        ["serve"] | [] => serve(tuning).await,
        _ => {
            eprintln!("usage: hand [--tuned] [serve | db create]");
            return ExitCode::from(2);
        }
    };
    done.map_or_else(
        |e| {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

async fn create(tuning: Tuning) -> Result<(), Failure> {
    let url = variable("DATABASE_URL")?;
    if is_postgres(&url) {
        let pool = pool::postgres(&url, tuning).await?;
        sqlx::raw_sql(include_str!("schema/postgres.sql")).execute(&pool).await?;
    } else {
        let pools = Sqlite::open(&url, pool::synchronous()?, tuning).await?;
        sqlx::raw_sql(include_str!("schema/sqlite.sql")).execute(&pools.write).await?;
        pools.close().await;
    }
    Ok(())
}

async fn serve(tuning: Tuning) -> Result<(), Failure> {
    let url = variable("DATABASE_URL")?;
    let keys = Keys::new(&variable("JWT_SECRET")?)?;
    if is_postgres(&url) {
        listen(router(App { store: pool::postgres(&url, tuning).await?, keys })).await
    } else {
        listen(router(App { store: Sqlite::open(&url, pool::synchronous()?, tuning).await?, keys })).await
    }
}

fn router<S: Store>(app: App<S>) -> Router {
    Router::new()
        .route("/auth/login", post(auth::login::<S>))
        .route("/board", get(board::list::<S>))
        .route("/cards", get(cards::list::<S>).post(cards::create::<S>))
        .route("/cards/{id}", get(cards::find::<S>).patch(cards::update::<S>))
        .with_state(Arc::new(app))
}

async fn listen(router: Router) -> Result<(), Failure> {
    let host = env::var("HOST").unwrap_or_else(|_| "127.0.0.1".into());
    let port: u16 = env::var("PORT").map_or(Ok(8080), |p| p.parse())?;
    let listener = TcpListener::bind((host.as_str(), port)).await?.tap_io(|stream| {
        // Answers are written whole, so there is nothing to wait for. Without it they are late, not wrong.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres")
}

fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|_| format!("{name} is not set").into())
}
