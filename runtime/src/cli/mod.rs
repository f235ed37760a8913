//! The command line of [`App::run`]: arguments in, an exit code out.

mod arguments;
mod banner;
mod config;
mod db;
mod dotenv;
mod example;
mod list;
mod log;
mod serve;
mod user;

use std::{
    fmt,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::ArgMatches;

use self::dotenv::DotEnv;
use crate::{
    app::App,
    config::{DatabaseUrl, Settings, Sources, Unfit, bcrypt_cost, check_places, documented},
    db::{Db, DbOptions},
    error::{Error, Result},
    openapi, routes,
    schema::Schema,
};

/// How long to wait for the threads at the end.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Why a command came to nothing, which is also its exit code.
enum Failure {
    /// 1
    Failed(Error),
    /// 2
    Usage(String),
    /// In clap's own words and with its own code; help and version are 0.
    Clap(clap::Error),
    /// 1, and everything is said already.
    Told,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Wrong(error) => wrong(error),
            Unfit::Missing(error) => Self::Failed(error),
        }
    }
}

/// A setting that cannot be used is a wrong question, wherever it stands.
#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn wrong(error: Error) -> Failure {
    Failure::Usage(error.to_string())
}

impl App {
    /// Runs the app as a program: reads the command line, `.env` and the variables, and does what they say.
    ///
    /// Without a subcommand it serves. The exit code is 0 when that was done, 1 when it failed and 2 when it was
    /// asked wrongly, a setting that cannot be used included; errors go to standard error and say what to do about them.
    pub fn run(self) -> ExitCode {
        match self.main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.tell(),
        }
    }

    fn main(self) -> Result<(), Failure> {
        let dotenv = dotenv::load().map_err(wrong)?;
        let taken = arguments::taken(&self.commands).map(Failure::Failed);
        taken.map_or(Ok(()), Err)?;
        let mut command = arguments::command(&self);
        let matches = command.try_get_matches_from_mut(std::env::args_os()).map_err(Failure::Clap)?;
        arguments::refuse_stray(&mut command, &matches).map_err(Failure::Clap)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().on_thread_park(log::pause).build();
        let runtime = runtime.map_err(|e| Error::startup("the threads cannot be started").source(e))?;
        let outcome = runtime.block_on(dispatch(self, &matches, dotenv));
        // Whatever is still running was given its time; what the threads have logged is written when they end.
        runtime.shutdown_timeout(LAST_WORDS);
        outcome
    }
}

async fn dispatch(mut app: App, matches: &ArgMatches, dotenv: DotEnv) -> Result<(), Failure> {
    let (file, flags) = (matches.get_one::<PathBuf>("config").cloned(), arguments::flags(matches));
    let sources = Sources { file, dotenv: dotenv.names, flags, ..app.sources() };
    let settings = Settings::gather(sources).map_err(wrong)?;
    check_places(&settings).map_err(wrong)?;
    log::start(&settings)?;
    for warning in settings.warnings.iter().chain(&dotenv.warning) {
        tracing::warn!("{warning}");
    }
    match matches.subcommand() {
        None => serve::serve(app, &settings, matches.get_flag("dev")).await,
        Some(("serve", matches)) => serve::serve(app, &settings, matches.get_flag("dev")).await,
        Some(("config", matches)) => config::run(&settings, matches),
        Some(("db", matches)) => db::run(&app, &settings, matches).await,
        Some(("routes", matches)) => {
            let schema = Schema::new(&app.tables)?;
            // A list of routes that no server would start with helps nobody.
            app.beside(&schema, documented(&settings))?;
            list::routes(&routes::list(&schema), matches.get_flag("json")).map_err(Failure::from)
        }
        Some(("openapi", _)) => {
            list::document(&openapi::document(app.title(), &Schema::new(&app.tables)?)).map_err(Failure::from)
        }
        Some(("user", matches)) => user::run(&app, &settings, matches).await,
        Some((name, matches)) => {
            let at = app.commands.iter().position(|custom| custom.command.get_name() == name);
            let Some(at) = at else { return Err(Failure::Usage(format!("there is no command `{name}`"))) };
            let custom = app.commands.swap_remove(at);
            let db = connect_for_long(&settings, true).await?;
            let outcome = (custom.run)(matches.clone(), db.clone()).await;
            db.close().await;
            outcome.map_err(Failure::from)
        }
    }
}

/// The database, or an error that says which one was meant.
async fn connect(url: &DatabaseUrl, bcrypt_cost: u32, options: DbOptions) -> Result<Db> {
    let db = Db::connect_with(url.reveal(), options).await.map_err(|e| {
        let error = Error::startup(format!("cannot open the database {url}"));
        // A cause that knows the way out has said so.
        let error = if e.has_hint() {
            error
        } else if url.reveal().starts_with("sqlite:") {
            error.hint("`db create` makes the file and its tables; DATABASE_URL or --database-url says which")
        } else {
            error.hint("see that the server runs and that DATABASE_URL or --database-url is right")
        };
        error.source(e)
    })?;
    Ok(db.with_bcrypt_cost(bcrypt_cost))
}

/// For a command, which nobody waits for at the other end of a connection: its statements take what they take.
async fn connect_for_long(settings: &Settings, create: bool) -> Result<Db, Failure> {
    let options = DbOptions { statement_timeout: None, create, ..DbOptions::default() };
    let cost = bcrypt_cost(settings, cfg!(debug_assertions)).map_err(wrong)?;
    Ok(connect(&settings.database(), cost, options).await?)
}

impl Failure {
    fn tell(self) -> ExitCode {
        match self {
            Self::Failed(error) => complain(&error, 1),
            Self::Usage(text) => complain(&text, 2),
            Self::Told => ExitCode::from(1),
            Self::Clap(error) => {
                // A closed pipe is no failure of ours.
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
        }
    }
}

fn complain(text: &dyn fmt::Display, code: u8) -> ExitCode {
    // A closed pipe is no failure of ours.
    let _ = writeln!(io::stderr(), "error: {text}");
    ExitCode::from(code)
}

#[cfg(test)]
mod tests;
