//! [`App`]: the resources put together, as a router, a server or a whole program.

mod start;

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
};

use axum::Router;
use clap::{ArgMatches, Command};

use crate::{
    config::{Asker, Config, JwtSecret, Origins, Settings, Sources},
    context::Context,
    db::{
        Db,
        admin::{self, SchemaState},
    },
    error::{Error, Result},
    openapi::{self, Title},
    resource::Resource,
    routes::{self, Beside},
    schema::Schema,
    seed,
    server::{self, Surroundings},
    table::Table,
};

/// An application: its resources, and what was written by hand beside them.
///
/// `run()` makes it a program with a command line. Whoever has a runtime of their own takes [`App::serve`], or
/// [`App::router`] to nest the routes in a larger service.
///
/// ```no_run
/// # use restruct::prelude::*;
/// # #[derive(Resource)]
/// # #[resource(read = public, write = none)]
/// # struct Note { id: i64, text: String }
/// use restruct::axum::{Router, routing::get};
///
/// fn main() -> std::process::ExitCode {
///     let routes = Router::new().route("/motd", get(|| async { "Be kind." }));
///     App::new("notes").resource::<Note>().routes(routes).run()
/// }
/// ```
pub struct App {
    pub(crate) name: &'static str,
    pub(crate) version: Option<&'static str>,
    pub(crate) tables: Vec<&'static Table>,
    pub(crate) commands: Vec<Custom>,
    routes: Router,
    jwt_secret: Option<Vec<u8>>,
    /// What the builder says of settings, by their keys.
    settings: Vec<(&'static str, String)>,
}

/// A subcommand of the user's own.
pub(crate) struct Custom {
    pub(crate) command: Command,
    pub(crate) run: Box<dyn FnOnce(ArgMatches, Db) -> Running + Send>,
}

type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

impl App {
    /// An app without resources. The name stands in the help, in the tokens it issues (`iss`) and in the file name
    /// of its default database.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            version: None,
            tables: Vec::new(),
            commands: Vec::new(),
            routes: Router::new(),
            jwt_secret: None,
            settings: Vec::new(),
        }
    }

    /// Says which version of the app this is, as your `Cargo.toml` does: for `--version`, which is not there unless it is
    /// said, and for the description of the API.
    ///
    /// ```
    /// let app = restruct::App::new("kanban").version(env!("CARGO_PKG_VERSION"));
    /// ```
    #[must_use]
    pub fn version(mut self, version: &'static str) -> Self {
        self.version = Some(version);
        self
    }

    /// Adds a resource: its table, its routes and its seed hook.
    #[must_use]
    pub fn resource<R: Resource>(mut self) -> Self {
        self.tables.push(R::TABLE);
        self
    }

    /// Adds hand-written routes. They get the same limits, errors and request ids as the generated ones, and the
    /// extractors `Caller` and `Db`. Called again, it adds more.
    ///
    /// # Panics
    /// When two of them have the same method and path.
    #[must_use]
    pub fn routes(mut self, routes: Router) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// Adds a subcommand to the command line. Its function gets its arguments and the database; what it fails with is
    /// printed, and the program exits with 1.
    ///
    /// ```
    /// use restruct::{App, Db, clap};
    ///
    /// let report = clap::Command::new("report").about("Prints the week in figures");
    /// let app = App::new("kanban").command(report, |_arguments, _db: Db| async {
    ///     println!("all is well");
    ///     Ok(())
    /// });
    /// ```
    #[must_use]
    pub fn command<F, Fut>(mut self, command: Command, run: F) -> Self
    where
        F: FnOnce(ArgMatches, Db) -> Fut + Send + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.commands.push(Custom { command, run: Box::new(move |arguments, db| Box::pin(run(arguments, db))) });
        self
    }

    /// Sets the key that signs tokens, at least 32 bytes, in place of what the variable `JWT_SECRET` or the file says.
    #[must_use]
    pub fn jwt_secret(mut self, secret: impl Into<Vec<u8>>) -> Self {
        self.jwt_secret = Some(secret.into());
        self
    }

    /// Names the origins whose pages may read answers, such as `https://app.example.com`, or `*` for all. Unless they are
    /// named none may. The setting `cors.origins` overrides it; what is no origin is an error at the start.
    ///
    /// ```
    /// let app = restruct::App::new("kanban").cors_origins(["https://app.example.com", "http://localhost:5173"]);
    /// ```
    #[must_use]
    pub fn cors_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        let origins: Vec<String> = origins.into_iter().map(Into::into).collect();
        self.settings.push(("cors.origins", origins.join(",")));
        self
    }

    /// How many bytes an answer may have, but for one row that shows each column once; more is 400, and a write then
    /// changes nothing. The setting `server.max_answer` overrides it; what is out of its range is an error at the start.
    /// Routes written by hand answer what they like.
    #[must_use]
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.settings.push(("server.max_answer", bytes.to_string()));
        self
    }

    /// Whether `GET /openapi.json` says what the API is like, and `GET /docs` with the cargo feature `docs`: to everybody,
    /// and never of rows. Unsaid they do. The setting `openapi.enabled` overrides it; the command `openapi` is always there.
    #[must_use]
    pub fn openapi(mut self, enabled: bool) -> Self {
        self.settings.push(("openapi.enabled", enabled.to_string()));
        self
    }

    /// Serves what Prometheus reads as `GET /metrics` on an address of its own, which the setting `metrics.listen`
    /// overrides. [`App::router`] has no listener and leaves it to the service around it.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics(mut self, address: std::net::SocketAddr) -> Self {
        self.settings.push(("metrics.listen", address.to_string()));
        self
    }

    /// The routes alone, to be nested or merged into a service of your own.
    ///
    /// The tables must be there already, and the key that signs tokens must be given by [`App::jwt_secret`] or the
    /// variable `JWT_SECRET`: development mode is for servers that know what address they are bound to. The other
    /// settings, but for those of the socket, hold here too, by `restruct.toml` and by variables.
    pub fn router(self, db: Db) -> Result<Router> {
        let settings = Settings::gather(self.sources())?;
        let config = Config::decide(&settings, Asker::Router)?;
        let (by, origins, documented) = (surroundings(&config), config.origins.clone(), config.openapi);
        let context = self.context(db, config)?;
        self.assemble(&context, by, origins, documented)
    }

    /// Makes the tables in an empty database and runs the seed hooks, as `db create` and `db seed` do. Where the tables
    /// are there already, only the hooks that have not run yet are; tables that are not those of the structs are an error.
    pub async fn create(&self, db: &Db) -> Result<()> {
        let schema = Schema::new(&self.tables)?;
        match admin::state(db, &schema).await? {
            SchemaState::Current => seed::run(db, &schema, false).await.map(drop),
            SchemaState::Empty => seed::create_and_run(db, &schema, false).await.map(drop),
            other => Err(not_current(other)),
        }
    }

    /// Serves as `restruct.toml` and the variables say until SIGTERM or SIGINT, then finishes what is in flight and closes the database.
    ///
    /// Errors as the `serve` command does: an empty database or a missing `JWT_SECRET` outside development mode,
    /// tables that are not those of the structs, an address that is taken.
    pub async fn serve(self, db: Db) -> Result<()> {
        let settings = Settings::gather(self.sources())?;
        let config = Config::decide(&settings, Asker::Server { dev: false, debug_build: cfg!(debug_assertions) })?;
        for warning in &settings.warnings {
            tracing::warn!("{warning}");
        }
        let started = self.start(db, config, false).await?;
        tracing::info!(address = %started.address, "serving");
        started.run().await
    }

    /// What the app itself says of its settings.
    pub(crate) fn sources(&self) -> Sources {
        let program = self.settings.clone();
        Sources { app: self.name, program, jwt_secret: self.jwt_secret.clone(), ..Sources::default() }
    }

    /// What its description is called.
    pub(crate) fn title(&self) -> Title {
        Title { name: self.name, version: self.version }
    }

    /// What hand-written routes add to generated paths; an error where the two collide.
    pub(crate) fn beside(&self, schema: &Schema, documented: bool) -> Result<Beside> {
        let mut generated = routes::list(schema);
        generated.extend(server::health_list());
        generated.extend(if documented { openapi::list() } else { Vec::new() });
        Beside::find(&self.routes, &generated)
    }

    fn context(&self, db: Db, config: Config) -> Result<Arc<Context>> {
        let schema = Schema::new(&self.tables)?;
        let db = db.answering(config.limits.answer);
        let secret = config.jwt_secret.map_or_else(JwtSecret::random, Ok)?;
        Ok(Arc::new(Context::new(self.name, db, schema, &secret.into_bytes())?))
    }

    fn assemble(self, context: &Arc<Context>, by: Surroundings, origins: Origins, documented: bool) -> Result<Router> {
        let beside = self.beside(&context.schema, documented)?;
        let (title, extra, packs) = (self.title(), self.routes, by.compress);
        let hand_written = extra.has_routes();
        // Whatever else axum would panic at is a mistake to be told about, like every other at start-up.
        let merged = || {
            let service = server::health(context, &beside);
            let described = documented.then(|| openapi::router(title, context, packs, &beside));
            service.merge(described.unwrap_or_default()).merge(routes::router(Arc::clone(context), extra, &beside))
        };
        let service = catch_unwind(AssertUnwindSafe(merged)).map_err(|panic| collision(panic.as_ref()))?;
        let service = server::layered(service, by);
        let service = if hand_written { server::uniform(service) } else { service };
        Ok(server::shared(service, origins))
    }
}

fn surroundings(config: &Config) -> Surroundings {
    Surroundings { limits: config.limits, compress: config.compression, watch: None }
}

fn collision(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::startup(format!("the routes cannot be put together: {}", text.unwrap_or("two of them collide")))
        .hint("`routes` lists the generated ones; move the hand-written one")
}

/// Why a schema is of no use, and what to do about it.
pub(crate) fn not_current(state: SchemaState) -> Error {
    match state {
        SchemaState::Current => Error::startup("the schema is as it should be"),
        SchemaState::Empty => {
            Error::startup("the database is empty").hint("run `db create`, and `db seed` for the seed rows")
        }
        SchemaState::Foreign(tables) => {
            let tables = tables.join(", ");
            Error::startup(format!("the database holds tables that this program did not make: {tables}"))
                .hint("point DATABASE_URL at an empty database")
        }
        SchemaState::Drifted(differences) => {
            let list = differences.join("\n  ");
            Error::startup(format!("the tables are not those of the structs:\n  {list}"))
                .hint("change the tables to match, or lose their rows with `db reset --yes`")
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables: Vec<_> = self.tables.iter().map(|table| table.resource).collect();
        f.debug_struct("App").field("name", &self.name).field("resources", &tables).finish_non_exhaustive()
    }
}
