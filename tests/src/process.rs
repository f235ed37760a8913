//! An application in a process of its own, for what ends, kills or reads one.

use std::{
    path::Path,
    process::{ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
};

use crate::{backend::Database, client::Client};

/// A binary with its environment and a working directory of its own; nothing of ours leaks in.
#[derive(Debug)]
pub struct Program {
    path: String,
    folder: TempDir,
    env: Vec<(String, String)>,
}

/// It, serving.
#[derive(Debug)]
pub struct Running {
    /// Sends requests to it.
    pub client: Client,
    child: Child,
    output: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

/// Long enough for any start or end on a busy machine; only a failure waits for it.
const PATIENCE: Duration = Duration::from_mins(1);

/// A secret long enough for the server.
pub const SECRET: &str = "a secret for tests that is long enough";

impl Program {
    /// The binary at `path`, as cargo names it in `CARGO_BIN_EXE_*`, on a database.
    pub fn new(path: &str, database: &Database) -> Self {
        let program = Self::bare(path);
        program.env("DATABASE_URL", &database.url)
    }

    /// The binary with nothing set.
    pub fn bare(path: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("restruct-tests-").tempdir().expect("a temporary folder");
        let program = Self { path: path.into(), folder, env: Vec::new() };
        program.env("NO_COLOR", "1").env("BCRYPT_COST", "4")
    }

    /// Hashes as a user's program does, and not at the cost of tests, which only development mode takes.
    #[must_use]
    pub fn full_cost(mut self) -> Self {
        self.env.retain(|(name, _)| name != "BCRYPT_COST");
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Its working directory.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).current_dir(self.folder.path()).kill_on_drop(true);
        command.env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end with a text on its standard input.
    pub async fn run_with(&self, arguments: &[&str], input: &str) -> Finished {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("a standard input");
        // Commands that read nothing may be gone already.
        let written = stdin.write_all(input.as_bytes()).await;
        drop((written, stdin));
        let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        Finished::new(arguments, &output.expect("it ends").expect("its output"))
    }

    /// Runs it to its end.
    pub async fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with(arguments, "").await
    }

    /// Starts it on a free port and waits until it says its URL.
    pub async fn serve(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(&["serve", "--port", "0"]);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let output = Arc::new(Mutex::new(String::new()));
        let (found, mut url) = watch::channel(None);
        let stdout = child.stdout.take().expect("a standard output");
        let stderr = child.stderr.take().expect("a standard error");
        let readers = vec![
            tokio::spawn(collect(stdout, output.clone(), found.clone())),
            tokio::spawn(collect(stderr, output.clone(), found)),
        ];
        let announced = tokio::time::timeout(PATIENCE, url.wait_for(Option::is_some)).await;
        let authority = match announced {
            Ok(Ok(authority)) => authority.clone(),
            _ => None,
        };
        let Some(authority) = authority else { panic!("no URL in its output:\n{}", read(&output)) };
        Running { client: Client::new(authority), child, output, readers }
    }
}

/// What a run left behind.
#[derive(Debug)]
pub struct Finished {
    /// What was run, for messages.
    pub arguments: Vec<String>,
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    fn new(arguments: &[&str], output: &Output) -> Self {
        Self {
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{:?}\n{}\n{}", self.arguments, self.stdout, self.stderr);
        self
    }

    /// Asserts that standard output or standard error hold a text.
    #[track_caller]
    pub fn assert_says(&self, text: &str) -> &Self {
        let says = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(says, "{text:?} is not in {:?}\n{}\n{}", self.arguments, self.stdout, self.stderr);
        self
    }
}

impl Running {
    /// Everything it has written so far.
    pub fn output(&self) -> String {
        read(&self.output)
    }

    /// Sends it a signal: `TERM`, `INT`, `KILL`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.is_ok_and(|s| s.success()), "the signal arrives");
    }

    /// Waits for its end; gives how it ended and all that it wrote.
    pub async fn end(mut self) -> (ExitStatus, String) {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        for reader in self.readers.drain(..) {
            reader.await.expect("its output is read to the end");
        }
        let status = status.unwrap_or_else(|_| panic!("it does not end:\n{}", read(&self.output)));
        (status.expect("its status"), read(&self.output))
    }

    /// Ends it as an operator does.
    pub async fn stop(self) -> String {
        self.signal("TERM");
        let (status, output) = self.end().await;
        assert_eq!(status.code(), Some(0), "{output}");
        output
    }
}

fn read(output: &Mutex<String>) -> String {
    output.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Keeps every line, and announces the first that holds a URL of ours.
async fn collect(stream: impl AsyncRead + Unpin, output: Arc<Mutex<String>>, found: watch::Sender<Option<String>>) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(authority) = authority_in(&line) {
            found.send_if_modified(|seen| seen.is_none() && seen.replace(authority).is_none());
        }
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        output.push_str(&line);
        output.push('\n');
    }
}

/// `127.0.0.1:PORT` out of `.. http://127.0.0.1:PORT ..`.
fn authority_in(line: &str) -> Option<String> {
    let rest = line.split("http://").nth(1)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':')).unwrap_or(rest.len());
    let authority = &rest[..end];
    let port = authority.strip_prefix("127.0.0.1:")?;
    port.parse::<u16>().is_ok_and(|p| p != 0).then(|| authority.to_owned())
}
