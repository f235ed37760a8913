//! The machine: who runs on which core, and the line that says what the figures were taken on.

use std::{fs, net::TcpListener, path::Path, process::Command, thread};

use crate::Result;

/// Who runs where, as lists that `taskset` takes. On a machine with one core nobody is pinned.
#[derive(Debug)]
pub(crate) struct Cores {
    count: usize,
    /// The server that is measured has this one to itself.
    server: String,
    /// PostgreSQL: all but the server's. The driver has the first of them.
    rest: String,
}

impl Cores {
    /// Divides the cores, and moves this process to its own.
    pub(crate) fn divide() -> Result<Self> {
        let count = thread::available_parallelism()?.get();
        let cores = Self { count, server: "0".into(), rest: format!("1-{}", count.max(2) - 1) };
        if cores.pinned() {
            let pid = std::process::id().to_string();
            let moved = Command::new("taskset").args(["-pc", "1", &pid]).output();
            if !moved.is_ok_and(|o| o.status.success()) {
                return Err(
                    "cannot pin to cores 0 and 1 with taskset (util-linux); without it figures mean little".into()
                );
            }
        }
        Ok(cores)
    }

    /// A command that runs `program` where servers run.
    pub(crate) fn for_server(&self, program: &Path) -> Command {
        self.command(program, &self.server)
    }

    /// A command that runs `program` anywhere else.
    pub(crate) fn for_database(&self, program: &Path) -> Command {
        self.command(program, &self.rest)
    }

    fn pinned(&self) -> bool {
        self.count > 1
    }

    fn command(&self, program: &Path, cores: &str) -> Command {
        if !self.pinned() {
            return Command::new(program);
        }
        let mut command = Command::new("taskset");
        command.args(["-c", cores]).arg(program);
        command
    }
}

/// What the figures were taken on. `files` is where the databases lie.
pub(crate) fn line(cores: &Cores, files: &Path) -> String {
    let pinning = if cores.pinned() { "server on core 0, driver on core 1" } else { "nothing pinned" };
    format!(
        "{count} cores ({model}), {pinning}; Linux {kernel}; {rustc}; database files on {files}",
        count = cores.count,
        model = processor().unwrap_or_else(|| "unknown processor".into()),
        kernel = output("uname", &["-r"]),
        rustc = output("rustc", &["--version"]),
        files = output("stat", &["-f", "-c", "%T", &files.to_string_lossy()]),
    )
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The first line a command prints, or a word that says there is none.
fn output(program: &str, arguments: &[&str]) -> String {
    let run = Command::new(program).args(arguments).output();
    let text = run.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}
