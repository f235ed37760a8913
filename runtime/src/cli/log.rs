//! Where the log goes: standard error, as text or as JSON.

mod lines;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

pub(super) use self::lines::pause;
use super::Failure;
use crate::config::Settings;

/// Starts the log.
pub(super) fn start(settings: &Settings) -> Result<(), Failure> {
    let name = settings.get("log.filter").name();
    let filter = EnvFilter::try_new(settings.text("log.filter").unwrap_or_default())
        .map_err(|e| Failure::Usage(format!("{name} cannot be read: {e}\n  hint: try `info`")))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines::Lines);
    // A second app in one process finds the log there already.
    let _ = if settings.text("log.format") == Some("json") {
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
