//! A wire to PostgreSQL that can go dead: what is sent is never answered, and nobody is told.

use std::path::PathBuf;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixStream},
    sync::watch,
};

/// A listener that passes everything on to a socket, until it is told to stop.
#[derive(Debug)]
pub struct Proxy {
    /// Its port on 127.0.0.1.
    pub port: u16,
    cuts: watch::Sender<()>,
}

impl Proxy {
    /// Starts passing on what connects to it.
    pub async fn start(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (cuts, _) = watch::channel(());
        let subscribe = cuts.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.expect("PostgreSQL listens");
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(pass(from_client, to_server, subscribe.subscribe()));
                tokio::spawn(pass(from_server, to_client, subscribe.subscribe()));
            }
        });
        Self { port, cuts }
    }

    /// Nothing passes any more on the connections that there are; new ones are served.
    pub fn go_dead(&self) {
        self.cuts.send_replace(());
    }
}

/// Passes bytes on; once cut, it keeps both ends open and silent.
async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut cut: watch::Receiver<()>) {
    let mut buffer = [0; 8192];
    loop {
        let read = tokio::select! {
            biased;
            _ = cut.changed() => std::future::pending().await,
            read = from.read(&mut buffer) => read,
        };
        match read {
            Ok(n @ 1..) if to.write_all(&buffer[..n]).await.is_ok() => {}
            _ => return,
        }
    }
}
