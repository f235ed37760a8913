//! The accept loop: connections that cannot be held open for nothing, and an end that loses no answer.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{Signals, patience::Patience};
use crate::{
    config::Limits,
    error::{Error, Result},
};

/// Serves until a signal, then finishes what is in flight. A second signal is an error: something was cut off.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, mut signals: Signals) -> Result<()> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let open = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(limits.connections));
    loop {
        let (stream, slot) = tokio::select! {
            () = signals.next() => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = open.watch(http.serve_connection(TokioIo::new(Patience::new(stream, limits.write)), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    tracing::info!("shutting down");
    tokio::select! {
        biased; // with nothing in flight, a second signal has nothing to cut off
        () = open.shutdown() => {}
        () = tokio::time::sleep(limits.drain) => tracing::warn!("some requests did not finish in time"),
        () = signals.next() => return Err(Error::startup("a second signal cut off what was in flight")),
    }
    Ok(())
}

/// The next connection, once there is a slot for it: when there is none, the kernel's queue holds the rest.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let slot = Arc::clone(slots).acquire_owned().await.expect("nobody closes the semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written in one go; waiting to fill a packet only delays them.
                let _ = stream.set_nodelay(true);
                return (stream, slot);
            }
            // One client that has gone already is no trouble; a lack of file handles passes, but not at once.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
