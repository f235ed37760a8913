//! A private PostgreSQL cluster: its own folder and Unix socket, gone when the process that started it is.

use std::{
    env, fs,
    io::Write as _,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// A running cluster. Dropped, or when this process ends in whatever way, it is stopped and removed.
///
/// It listens on a socket in a folder that only its user may enter, so that `trust` lets in nobody else.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    /// Waits for the end of its standard input, which is the end of this process; statics are never dropped.
    watchdog: Child,
}

const PREFIX: &str = "restruct-tests-pg-";

/// Stops and removes `$2`; what it leaves undone is cleaned by the next run.
const END: &str = r#""$1/pg_ctl" stop -s -m immediate -D "$2/data" >/dev/null 2>&1; rm -rf "$2""#;

const SETTINGS: &str = "
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 400
shared_buffers = 64MB
";

impl Cluster {
    /// Makes and starts one.
    ///
    /// # Errors
    /// Why there can be none here, for a person to read.
    pub fn start() -> Result<Self, String> {
        let bin = bin_dir().ok_or("no initdb found by pg_config, in /usr/lib/postgresql/*/bin or on the PATH")?;
        remove_stale(&bin);
        let folder = fresh_folder();
        let watchdog = unprivileged("sh")
            .args(["-c", &format!("read -r _; {END}"), "watchdog"])
            .args([&bin, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0) // Ctrl-C is for the tests; the watchdog cleans up after them
            .spawn()
            .map_err(|e| format!("cannot start a shell as the database's user: {e}"))?;
        let cluster = Self { bin, folder, watchdog };
        done(unprivileged("mkdir").args(["-m", "700"]).arg(&cluster.folder))?;
        cluster.init()?;
        let path = cluster.data().join("postgresql.conf");
        let mut settings =
            fs::OpenOptions::new().append(true).open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let socket = format!("unix_socket_directories = '{}'\n", cluster.folder.display());
        settings
            .write_all((SETTINGS.to_owned() + &socket).as_bytes())
            .map_err(|e| format!("{}: {e}", path.display()))?;
        cluster.up()?;
        Ok(cluster)
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Starts it again after [`Cluster::down`].
    ///
    /// # Errors
    /// When it does not come up.
    pub fn up(&self) -> Result<(), String> {
        let log = self.folder.join("log");
        done(self.tool("pg_ctl").args(["start", "-s", "-w", "-D"]).arg(self.data()).arg("-l").arg(log))
    }

    /// Stops it, cutting its connections; the data stays.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn down(&self) -> Result<(), String> {
        done(self.tool("pg_ctl").args(["stop", "-s", "-w", "-m", "fast", "-D"]).arg(self.data()))
    }

    /// A linguistic collation where PostgreSQL has one: what is bytewise in spite of it asked for that itself.
    fn init(&self) -> Result<(), String> {
        let base = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"];
        let icu =
            done(self.tool("initdb").args(["--locale-provider=icu", "--icu-locale=en"]).args(base).arg(self.data()));
        icu.or_else(|_| done(self.tool("initdb").args(base).arg(self.data())))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn tool(&self, name: &str) -> Command {
        unprivileged(self.bin.join(name))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let ended = self.watchdog.wait();
        drop(ended);
    }
}

/// A command as a user who may run a database: `initdb` and `postgres` refuse root.
fn unprivileged(program: impl AsRef<Path>) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program.as_ref());
        command
    } else {
        Command::new(program.as_ref())
    };
    command.current_dir("/"); // ours may be closed to that user
    command
}

/// `/proc/self` belongs to the effective user; where there is no `/proc`, tests do not run as root.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
}

fn done(command: &mut Command) -> Result<(), String> {
    // To files, not pipes: a server that is started keeps what it inherits open.
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match output {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

fn bin_dir() -> Option<PathBuf> {
    let from_config = Command::new("pg_config").arg("--bindir").output().ok();
    let from_config = from_config.map(|o| PathBuf::from(String::from_utf8_lossy(&o.stdout).trim()));
    let mut installed: Vec<_> = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().collect();
    installed.sort_by_key(|entry| entry.file_name().to_string_lossy().parse::<u32>().unwrap_or(0));
    let installed = installed.into_iter().rev().map(|entry| entry.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = env::split_paths(&path).collect();
    let mut candidates = from_config.into_iter().chain(installed).chain(on_path);
    candidates.find(|dir| dir.join("initdb").is_file() && dir.join("pg_ctl").is_file())
}

/// Not `env::temp_dir()`: a socket's path has room for about a hundred bytes, and some temporary folders are longer.
fn fresh_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    Path::new("/tmp").join(format!("{PREFIX}{}-{next}", std::process::id()))
}

/// What a power cut left behind: clusters whose process is gone.
fn remove_stale(bin: &Path) {
    for entry in fs::read_dir("/tmp").into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|n| n.strip_prefix(PREFIX)).and_then(|n| n.split('-').next());
        let Some(pid) = pid.and_then(|p| p.parse::<u32>().ok()) else { continue };
        if pid == std::process::id() || done(Command::new("kill").args(["-0", &pid.to_string()])).is_ok() {
            continue;
        }
        let removed = done(unprivileged("sh").args(["-c", END, "stale"]).arg(bin).arg(entry.path()));
        drop(removed);
    }
}
