//! What Prometheus reads, on a listener of its own: what is counted here is for operators, and the port of the API is for
//! everybody.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

use super::around::Watch;
use crate::{
    db::Db,
    error::{Error, Result},
};

/// Seconds. Most requests take less than a millisecond, and none more than its deadline.
const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

const LABELS: [&str; 3] = ["method", "route", "status"];

/// The counts of one server.
pub(crate) struct Metrics {
    /// Locked by whoever reads it, so that two do not bring `statements` up to date at once.
    registry: Mutex<Registry>,
    requests: IntCounterVec,
    seconds: HistogramVec,
    in_flight: IntGauge,
    statements: IntCounter,
    db: Db,
}

impl Metrics {
    /// Everything at zero.
    pub(crate) fn new(db: Db) -> Result<Self> {
        Self::registered(db).map_err(Error::internal)
    }

    fn registered(db: Db) -> prometheus::Result<Self> {
        let registry = Registry::new();
        let requests = Opts::new("http_requests_total", "Requests that were answered");
        let requests = IntCounterVec::new(requests, &LABELS)?;
        let seconds = HistogramOpts::new("http_request_duration_seconds", "From the head of a request to its answer");
        let seconds = HistogramVec::new(seconds.buckets(BUCKETS.to_vec()), &LABELS)?;
        let in_flight = IntGauge::new("http_requests_in_flight", "Requests that are being answered")?;
        let statements = IntCounter::new("db_statements_total", "Statements that were sent to the database")?;
        let start = IntGauge::new("process_start_time_seconds", "When the server started, in seconds since 1970")?;
        start.set(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs().cast_signed()));
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        registry.register(Box::new(statements.clone()))?;
        registry.register(Box::new(start))?;
        Ok(Self { registry: Mutex::new(registry), requests, seconds, in_flight, statements, db })
    }

    /// `GET /metrics`
    pub(crate) fn router(self: &Arc<Self>) -> Router {
        let metrics = Arc::clone(self);
        Router::new().route("/metrics", get(move || async move { metrics.page() }))
    }

    fn page(&self) -> Response {
        let mut text = Vec::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        self.statements.inc_by(self.db.statements().saturating_sub(self.statements.get()));
        match TextEncoder::new().encode(&registry.gather(), &mut text) {
            Ok(()) => {
                let kind = [(header::CONTENT_TYPE, prometheus::TEXT_FORMAT), (header::CACHE_CONTROL, "no-store")];
                (kind, text).into_response()
            }
            Err(error) => Error::internal(error).into_response(),
        }
    }
}

impl Watch for Metrics {
    fn begun(&self) {
        self.in_flight.inc();
    }

    fn over(&self) {
        self.in_flight.dec();
    }

    fn answered(&self, method: &Method, pattern: &str, status: StatusCode, took: Duration) {
        let labels = [name(method), pattern, status.as_str()];
        self.requests.with_label_values(&labels).inc();
        self.seconds.with_label_values(&labels).observe(took.as_secs_f64());
    }
}

/// The method as a label: a client can make up others without end.
fn name(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    if known.contains(method) { method.as_str() } else { "other" }
}
