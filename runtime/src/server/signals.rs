//! SIGTERM and SIGINT.

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::error::Result;

/// The signals that end the server, caught from the moment it is made.
#[derive(Debug)]
pub(crate) struct Signals(Receiver<()>);

impl Signals {
    /// Catches the signals of the process.
    pub(crate) fn catch() -> Result<Self> {
        let (sender, signals) = Self::by_hand();
        forward(sender)?;
        Ok(signals)
    }

    /// None ever.
    pub(crate) fn never() -> Self {
        Self::by_hand().1
    }

    /// Signals that are sent, not caught.
    pub(super) fn by_hand() -> (Sender<()>, Self) {
        let (sender, receiver) = channel(2);
        (sender, Self(receiver))
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn forward(sender: Sender<()>) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    use crate::error::Error;

    let catch = |kind| signal(kind).map_err(|e| Error::startup("signals cannot be caught").source(e));
    let (mut terminate, mut interrupt) = (catch(SignalKind::terminate())?, catch(SignalKind::interrupt())?);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if sender.send(()).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn forward(sender: Sender<()>) -> Result<()> {
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && sender.send(()).await.is_ok() {} });
    Ok(())
}
