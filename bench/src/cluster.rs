//! A private PostgreSQL, started for the run and removed after it.

use std::{
    env, fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    Result,
    machine::{Cores, free_port},
};

/// What differs from PostgreSQL's defaults. `fsync` stays on: every server answers when the row is on disk. Each keeps its
/// connections while the others have their turns.
const SETTINGS: &str =
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c shared_buffers=256MB -c max_connections=400";

/// A running cluster on a port of its own.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: TempDir,
    port: u16,
    account: Option<Account>,
}

/// PostgreSQL refuses to run as root; root runs it as this account.
#[derive(Clone, Copy, Debug)]
struct Account {
    user: u32,
    group: u32,
}

impl Cluster {
    pub(crate) fn start(cores: &Cores) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("restruct-bench-pg-").tempdir()?;
        let account = account()?;
        if let Some(account) = account {
            chown(folder.path(), Some(account.user), Some(account.group))?;
        }
        let cluster = Self { folder, port: free_port()?, account };

        let mut initdb = Command::new(program("initdb")?);
        initdb.args(["--auth=trust", "--username=bench", "--encoding=UTF8", "--no-locale", "-D"]).arg(cluster.data());
        cluster.run(initdb)?;

        let options = format!("-p {} {SETTINGS}", cluster.port);
        let mut start = cores.for_database(&program("pg_ctl")?);
        start.args(["start", "-w", "-o", &options, "-l", "log", "-D"]).arg(cluster.data());
        cluster.run(start)?;
        Ok(cluster)
    }

    /// Where to find a database in it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://bench@127.0.0.1:{}/{database}", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, mut command: Command) -> Result<()> {
        if let Some(account) = self.account {
            command.uid(account.user).gid(account.group);
        }
        // The server inherits what it is started with: a pipe would never end, and its folder must be one it can enter.
        let errors = self.folder.path().join("errors");
        let status = command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&errors)?)
            .status()?;
        if status.success() {
            return Ok(());
        }
        let name = command.get_program().to_string_lossy();
        Err(format!("{name} failed: {}", fs::read_to_string(errors).unwrap_or_default()).into())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Ok(pg_ctl) = program("pg_ctl") else { return };
        let mut stop = Command::new(pg_ctl);
        stop.args(["stop", "-m", "immediate", "-w", "-D"]).arg(self.data());
        // One that never came up is not there to be stopped.
        if self.data().join("postmaster.pid").exists()
            && let Err(e) = self.run(stop)
        {
            eprintln!("PostgreSQL is still running in {}: {e}", self.folder.path().display());
        }
    }
}

fn account() -> Result<Option<Account>> {
    let root = fs::read_to_string("/proc/self/status")?
        .lines()
        .any(|l| l.starts_with("Uid:") && l.split_whitespace().nth(2) == Some("0"));
    if !root {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd")?;
    let fields = accounts.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|f| f.first() == Some(&"postgres"));
    let fields = fields.ok_or("root cannot run PostgreSQL, and there is no user `postgres` to run it as")?;
    let number = |i: usize| fields.get(i).and_then(|f| f.parse().ok()).ok_or("cannot read /etc/passwd");
    Ok(Some(Account { user: number(2)?, group: number(3)? }))
}

/// Finds a program of PostgreSQL's on the path, or where Debian keeps the newest.
fn program(name: &str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|f| f.join(name)).find(|f| f.exists());
    on_path.or_else(|| debian(name)).ok_or_else(|| format!("{name} not found: install PostgreSQL's server").into())
}

fn debian(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir(Path::new("/usr/lib/postgresql")).ok()?.flatten();
    let version = versions.filter_map(|v| v.file_name().to_str()?.parse::<u32>().ok()).max()?;
    Some(PathBuf::from(format!("/usr/lib/postgresql/{version}/bin/{name}"))).filter(|f| f.exists())
}
