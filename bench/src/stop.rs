//! Ending early: what runs is stopped and removed when it is dropped, so a signal has to end the work, not the process.

use std::{
    fs,
    future::poll_fn,
    task::{Context, Poll},
};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::Result;

/// What ends a run, and what is then said.
const SIGNALS: [(SignalKind, &str); 3] = [
    (SignalKind::interrupt(), "interrupted"),
    (SignalKind::terminate(), "told to end"),
    (SignalKind::hangup(), "the terminal is gone"),
];

/// Listens to them, also while something runs that does not wait.
#[derive(Debug)]
pub(crate) struct Stop {
    signals: Vec<(Signal, &'static str)>,
}

impl Stop {
    /// What whoever started this process had ignored, as `nohup` does, stays so.
    pub(crate) fn listen() -> Result<Self> {
        let status = fs::read_to_string("/proc/self/status")?;
        let heard = SIGNALS.into_iter().filter(|(kind, _)| !is_ignored(&status, *kind));
        let signals = heard.map(|(kind, word)| Ok((signal(kind)?, word))).collect::<Result<_>>()?;
        Ok(Self { signals })
    }

    /// Waits for one, and says which.
    pub(crate) async fn come(&mut self) -> &'static str {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<&'static str> {
        let came =
            self.signals.iter_mut().find_map(|(signal, word)| signal.poll_recv(context).is_ready().then_some(*word));
        came.map_or(Poll::Pending, Poll::Ready)
    }
}

/// By `SigIgn` of `/proc/<pid>/status`: a bit for each signal, the first one's the lowest.
fn is_ignored(status: &str, kind: SignalKind) -> bool {
    let mask = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (kind.as_raw_value() - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nohup_has_ignored_is_told_from_the_rest() {
        let status = "SigBlk:\tffffffffffffffff\nSigIgn:\t0000000000001001\n";
        assert!(is_ignored(status, SignalKind::hangup()));
        assert!(!is_ignored(status, SignalKind::interrupt()));
        assert!(!is_ignored(status, SignalKind::terminate()));
        assert!(!is_ignored("", SignalKind::hangup()));
    }
}
