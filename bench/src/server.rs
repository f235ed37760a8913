//! One of the servers, running.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, Instant},
};

use crate::{
    Result, client,
    client::Connection,
    contender::Contender,
    machine::{Cores, free_port},
};

const START_LIMIT: Duration = Duration::from_secs(20);

/// Where a server of this run finds what it needs.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) database_url: &'a str,
    pub(crate) synchronous: &'a str,
    /// An empty folder of its own to run in, which keeps its log.
    pub(crate) folder: &'a Path,
}

/// A child process; it ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
    ticks_per_second: u64,
}

/// Has the server make its tables.
pub(crate) fn create_tables(contender: &Contender, setting: &Setting<'_>) -> Result<()> {
    let mut command = Command::new(&contender.binary);
    let done = prepare(&mut command, setting).args(["db", "create"]).output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{} db create failed: {}", contender.name, String::from_utf8_lossy(&done.stderr)).into())
}

impl Server {
    /// Starts it on a core of its own and waits for its first answer.
    pub(crate) async fn start(contender: &Contender, cores: &Cores, setting: &Setting<'_>) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let log = setting.folder.join("log");
        let output = File::create(&log)?;
        let mut command = cores.for_server(&contender.binary);
        let process = prepare(&mut command, setting)
            .arg("serve")
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("JWT_SECRET", random_hex()?)
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let mut server = Self { process, address, log, ticks_per_second: ticks_per_second()? };
        server.wait(contender).await?;
        Ok(server)
    }

    /// Processor time spent so far, by all its threads, in user and kernel mode.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name, in brackets, may hold blanks; utime and stime are the 12th and 13th fields after it.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks =
            fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<std::result::Result<u64, _>>()?;
        Ok(Duration::from_micros(ticks * 1_000_000 / self.ticks_per_second))
    }

    async fn wait(&mut self, contender: &Contender) -> Result<()> {
        let begun = Instant::now();
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.exchange(&client::get("/cards/1")).await.is_ok_and(|a| a.status == 200)
            {
                return Ok(());
            }
            let ended = self.process.try_wait()?.is_some();
            if ended || begun.elapsed() > START_LIMIT {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(format!("{} does not serve: {log}", contender.name).into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is left to save: the database goes too.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// 128 random bits as 32 characters: a secret or a password that no file knows.
pub(crate) fn random_hex() -> Result<String> {
    Ok(format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?))
}

fn prepare<'c>(command: &'c mut Command, setting: &Setting<'_>) -> &'c mut Command {
    command
        .current_dir(setting.folder)
        .env("DATABASE_URL", setting.database_url)
        .env("SYNCHRONOUS", setting.synchronous)
}

fn ticks_per_second() -> Result<u64> {
    let output = Command::new("getconf").arg("CLK_TCK").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
