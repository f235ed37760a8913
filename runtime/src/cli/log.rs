//! Where the log goes: standard error, as text or as JSON.

mod lines;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

pub(super) use self::lines::pause;
use super::Failure;

/// What is logged when `RUST_LOG` does not say: requests, warnings, errors.
const DEFAULT: &str = "info";

/// Starts the log.
pub(super) fn start(format: &str) -> Result<(), Failure> {
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    let wanted = if wanted.is_empty() { DEFAULT } else { &wanted };
    let filter = EnvFilter::try_new(wanted)
        .map_err(|e| Failure::Usage(format!("RUST_LOG cannot be read: {e}\n  hint: try RUST_LOG=info")))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines::Lines);
    // A second app in one process finds the log there already.
    let _ = if format == "json" {
        report_panics();
        subscriber.json().flatten_event(true).with_current_span(false).try_init()
    } else {
        let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        subscriber.with_ansi(colour).try_init()
    };
    Ok(())
}

/// A panic as one line of JSON, since whoever reads the log cannot read anything else.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, "panic: {text}");
    }));
}
