//! An app as a server: everything up to the first accepted connection, and from there to the last.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::net::TcpListener;

use super::{App, not_current, surroundings};
use crate::{
    config::{Config, Limits},
    context::Context,
    db::{
        Db,
        admin::{self, SchemaState},
    },
    error::{Error, Result},
    openapi, routes,
    schema::Schema,
    seed,
    server::{self, Signals, Watch},
};

impl App {
    /// Everything up to the first accepted connection. The database is touched last: what cannot be served is not made.
    pub(crate) async fn start(self, db: Db, config: Config, progress: bool) -> Result<Started> {
        let (development, random_secret) = (config.development, config.jwt_secret.is_none());
        let listener = listen(&config.host, config.port).await?;
        let metrics = monitor(&db, &config).await?;
        let address = listener.local_addr().map_err(|e| Error::startup("the socket has no address").source(e))?;
        let limits = config.limits;
        let mut by = surroundings(&config);
        by.watch = metrics.as_ref().map(|monitor| Arc::clone(&monitor.watch));
        let (origins, documented) = (config.origins.clone(), config.openapi);
        let context = self.context(db.clone(), config)?;
        let service = self.assemble(&context, by, origins, documented)?;
        let signals = Signals::catch()?;
        let seeded = prepare(&db, &context.schema, development, progress).await?;
        Ok(Started {
            address,
            metrics,
            docs: documented.then_some(openapi::SHOWN),
            development,
            random_secret,
            seeded,
            context,
            listener,
            service,
            limits,
            signals,
        })
    }
}

/// A server that listens and has not accepted anything yet.
pub(crate) struct Started {
    pub(crate) address: SocketAddr,
    pub(crate) metrics: Option<Monitor>,
    /// The path at which the API is described.
    pub(crate) docs: Option<&'static str>,
    pub(crate) development: bool,
    pub(crate) random_secret: bool,
    pub(crate) seeded: Option<seed::Report>,
    context: Arc<Context>,
    listener: TcpListener,
    service: Router,
    limits: Limits,
    signals: Signals,
}

impl Started {
    /// The generated routes.
    pub(crate) fn routes(&self) -> Vec<routes::Operation> {
        routes::list(&self.context.schema)
    }

    /// Serves until a signal.
    pub(crate) async fn run(self) -> Result<()> {
        let monitor = self.metrics.map(|monitor| {
            tokio::spawn(server::serve(monitor.listener, monitor.router, self.limits, Signals::never()))
        });
        let served = server::serve(self.listener, self.service, self.limits, self.signals).await;
        // It goes on while the last requests finish, and no longer.
        if let Some(monitor) = monitor {
            monitor.abort();
        }
        served?;
        // What was cut off may still hold a connection, and must not hold up the end.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.context.db.close()).await;
        Ok(())
    }
}

/// Where Prometheus reads, and who counts for it.
pub(crate) struct Monitor {
    pub(crate) address: SocketAddr,
    watch: Arc<dyn Watch>,
    listener: TcpListener,
    router: Router,
}

/// Sees to it that the tables are there. `Some`: they were made now, and seeded.
async fn prepare(db: &Db, schema: &Schema, development: bool, progress: bool) -> Result<Option<seed::Report>> {
    match admin::state(db, schema).await? {
        SchemaState::Current => Ok(None),
        SchemaState::Empty if development => match seed::create_and_run(db, schema, progress).await {
            Ok(report) => Ok(Some(report)),
            // Another server that started at the same moment may have been faster.
            Err(_) if admin::state(db, schema).await? == SchemaState::Current => Ok(None),
            Err(error) => Err(error),
        },
        other => Err(not_current(other)),
    }
}

async fn listen(host: &str, port: u16) -> Result<TcpListener> {
    TcpListener::bind((host, port)).await.map_err(|e| {
        Error::startup(format!("cannot listen on {host}:{port}"))
            .source(e)
            .hint("choose another address with --host and --port, or HOST and PORT; port 0 takes any that is free")
    })
}

#[cfg(feature = "metrics")]
async fn monitor(db: &Db, config: &Config) -> Result<Option<Monitor>> {
    let Some(address) = config.metrics else { return Ok(None) };
    let listener = TcpListener::bind(address).await.map_err(|e| {
        Error::startup(format!("cannot listen on {address} for metrics"))
            .source(e)
            .hint("choose another address with metrics.listen, METRICS_LISTEN or --metrics-listen")
    })?;
    let address = listener.local_addr().map_err(|e| Error::startup("the socket has no address").source(e))?;
    let metrics = Arc::new(server::Metrics::new(db.clone())?);
    Ok(Some(Monitor { address, router: metrics.router(), watch: metrics, listener }))
}

/// The configuration has refused an address already.
#[cfg(not(feature = "metrics"))]
#[expect(clippy::unused_async, reason = "it stands for one that listens")]
async fn monitor(_: &Db, config: &Config) -> Result<Option<Monitor>> {
    debug_assert!(config.metrics.is_none(), "there is nobody to serve it");
    Ok(None)
}
