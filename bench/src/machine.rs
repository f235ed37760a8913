//! The machine: who runs on which core, and the line that says what the figures were taken on.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

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
        files = file_system(files),
    )
}

/// Whether files in a folder lie in memory, where waiting for the disk is no waiting.
pub(crate) fn in_memory(folder: &Path) -> bool {
    matches!(&*file_system(folder), "tmpfs" | "ramfs")
}

fn file_system(folder: &Path) -> String {
    output("stat", &["-f", "-c", "%T", &folder.to_string_lossy()])
}

/// Lets this process, and the servers it starts from then on, open `count` files: a connection is one at either end.
pub(crate) fn allow_files(count: usize) -> Result<()> {
    let limits = fs::read_to_string("/proc/self/limits")?;
    let soft = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next());
    if soft.is_some_and(|soft| soft == "unlimited" || soft.parse::<usize>().is_ok_and(|soft| soft >= count)) {
        return Ok(());
    }
    // With no number after the colon the hard limit stays.
    let (process, limit) = (std::process::id().to_string(), format!("--nofile={count}:"));
    let done = Command::new("prlimit").args(["--pid", &process, &limit]).output();
    if done.is_ok_and(|o| o.status.success()) {
        return Ok(());
    }
    Err(format!("cannot open {count} files: raise the limit (ulimit -n), or install prlimit (util-linux)").into())
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Whether something else keeps the machine busy, for which it must be asked while nothing is measured.
pub(crate) async fn is_busy() -> Result<bool> {
    let share = look().await?;
    if share > BUSY_PERCENT {
        eprintln!("warning: something else takes {share} % of the processors, and the figures will show it");
    }
    Ok(share > BUSY_PERCENT)
}

/// Waits until nothing else keeps the machine busy, but not for longer than `patience`, and says whether it came to that.
pub(crate) async fn becomes_quiet(patience: Duration) -> Result<bool> {
    let begun = Instant::now();
    let mut calm = 0;
    while calm < CALM_LOOKS {
        if begun.elapsed() > patience {
            return Ok(false);
        }
        calm = if look().await? > BUSY_PERCENT { 0 } else { calm + 1 };
    }
    Ok(true)
}

/// The share of the processors that somebody takes.
async fn look() -> Result<u64> {
    let before = Ticks::now()?;
    tokio::time::sleep(LOOK).await;
    Ok(before.busy_percent(&Ticks::now()?))
}

/// How many looks in a row make quiet: a build pauses between two crates.
const CALM_LOOKS: u32 = 5;

/// How long to look, and from when on to complain: a database may still tidy up.
const LOOK: Duration = Duration::from_millis(200);
const BUSY_PERCENT: u64 = 20;

/// What all processors together have spent so far.
#[derive(Debug)]
struct Ticks {
    busy: u64,
    all: u64,
}

impl Ticks {
    fn now() -> Result<Self> {
        Self::parse(&fs::read_to_string("/proc/stat")?).ok_or_else(|| "cannot read /proc/stat".into())
    }

    /// From the first line: user, nice, system, idle, waiting for the disk, and more that is work.
    fn parse(stat: &str) -> Option<Self> {
        let fields = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
        let fields: Vec<u64> = fields.take(8).map(|field| field.parse().ok()).collect::<Option<_>>()?;
        let all = fields.iter().sum();
        Some(Self { busy: all - fields.get(3)? - fields.get(4)?, all })
    }

    fn busy_percent(&self, later: &Self) -> u64 {
        100 * (later.busy - self.busy) / (later.all - self.all).max(1)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idling_and_waiting_for_the_disk_is_not_work() {
        let at = |stat| Ticks::parse(stat).unwrap();
        let before = at("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3\n");
        let after = at("cpu  120 0 60 860 60 0 0 0 0 0\n");
        assert_eq!(before.busy_percent(&after), 30);
        assert_eq!(after.busy_percent(&after), 0);
        assert!(Ticks::parse("cpu  1 2").is_none());
    }
}
