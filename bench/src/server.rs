//! One of the servers, running.

use std::{
    env,
    ffi::OsStr,
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
    dataset::LEAST_BCRYPT_COST,
    machine::{Cores, free_port},
    process::Process,
};

const START_LIMIT: Duration = Duration::from_secs(20);

/// A contender, and where it finds what it needs.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) contender: &'a Contender,
    pub(crate) database_url: &'a str,
    /// An empty folder of its own to run in, which keeps its log.
    pub(crate) folder: &'a Path,
}

/// A child process; it ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    /// How long it took from the start to the first answer, looked for every millisecond.
    pub(crate) first_answer: Duration,
    log: PathBuf,
}

/// Has the server make its tables.
pub(crate) fn create_tables(setting: &Setting<'_>) -> Result<()> {
    let mut command = Command::new(&setting.contender.binary);
    let done = prepare(&mut command, setting).args(["db", "create"]).output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{} db create failed: {}", setting.contender.name, String::from_utf8_lossy(&done.stderr)).into())
}

impl Server {
    /// Starts it on a core of its own and waits for its first answer.
    pub(crate) async fn start(cores: &Cores, setting: &Setting<'_>) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let log = setting.folder.join("log");
        let output = File::create(&log)?;
        let mut command = cores.for_server(&setting.contender.binary);
        let begun = Instant::now();
        let child = prepare(&mut command, setting)
            .arg("serve")
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("JWT_SECRET", random_hex()?)
            .env("BCRYPT_COST", LEAST_BCRYPT_COST.to_string())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let process = Process::new(child.id())?;
        let mut server = Self { child, process, address, first_answer: Duration::ZERO, log };
        server.wait(&setting.contender.name, begun).await?;
        server.first_answer = begun.elapsed();
        Ok(server)
    }

    async fn wait(&mut self, name: &str, begun: Instant) -> Result<()> {
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.exchange(&client::get("/cards/1")).await.is_ok_and(|a| a.status == 200)
            {
                return Ok(());
            }
            let ended = self.child.try_wait()?.is_some();
            if ended || begun.elapsed() > START_LIMIT {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(format!("{name} does not serve: {log}").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is left to save: the database goes too.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// 128 random bits as 32 characters: a secret or a password that no file knows.
pub(crate) fn random_hex() -> Result<String> {
    Ok(format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?))
}

fn prepare<'c>(command: &'c mut Command, setting: &Setting<'_>) -> &'c mut Command {
    command
        .current_dir(setting.folder)
        .args(&setting.contender.arguments)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| is_given(name)))
        .env("DATABASE_URL", setting.database_url)
        .envs(setting.contender.environment.iter().copied())
}

/// What a server has of this process's environment. All else could set one of them up otherwise than a table says:
/// `RUST_LOG`, `COMPRESSION`, `PGOPTIONS`.
fn is_given(name: &OsStr) -> bool {
    ["PATH", "HOME", "TMPDIR"].iter().any(|given| name == *given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_given_where_things_are_and_no_settings() {
        assert!(["PATH", "HOME", "TMPDIR"].iter().all(|name| is_given(OsStr::new(name))));
        let settings = ["RUST_LOG", "MAX_CONNECTIONS", "COMPRESSION", "RESTRUCT_CONFIG", "PGOPTIONS", "PATHS", ""];
        assert!(!settings.iter().any(|name| is_given(OsStr::new(name))));
    }
}
