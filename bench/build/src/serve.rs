//! Proof that both apps do the same: they are asked the same things and have to give the same answers.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Result, build::Build, project::Project};

/// Runs the debug builds of all projects on a database of their own each.
pub(crate) fn compare(projects: &[Project], folder: &Path) -> Result<()> {
    let mut talks = Vec::new();
    for project in projects {
        talks.push((project.side, talk(project, folder).map_err(|e| format!("{}: {e}", project.side.name()))?));
    }
    let Some(((first, expected), others)) = talks.split_first() else { return Ok(()) };
    for (side, answers) in others {
        if let Some((one, other)) = std::iter::zip(expected, answers).find(|(a, b)| a != b) {
            return Err(format!("{} answers {one}\n{} answers {other}", first.name(), side.name()).into());
        }
    }
    Ok(())
}

/// What the app answers to all of it.
fn talk(project: &Project, folder: &Path) -> Result<Vec<String>> {
    let server = Server::start(project, folder)?;
    let register = |name: &str| -> Result<String> {
        let body = format!(r#"{{"name":"{name}","email":"{name}@example.com","password":"correct horse"}}"#);
        let answer = server.ask("POST", "/auth/register", None, &body)?;
        let token = answer.split_once("\"access_token\":\"").and_then(|(_, rest)| rest.split_once('"'));
        token.map(|(token, _)| token.to_owned()).ok_or_else(|| format!("no token in {answer}").into())
    };
    let (ann, bob) = (register("ann")?, register("bob")?);
    let (ann, bob) = (Some(ann.as_str()), Some(bob.as_str()));
    let path = format!("/tasks{}", project.resources);
    let row = format!("{path}/1");
    let title =
        if server.ask("POST", &path, ann, r#"{"title":"One"}"#)?.starts_with("201") { "title" } else { "headline" };
    let mut answers = Vec::new();
    for (method, path, token, body) in [
        ("POST", &*path, ann, format!(r#"{{"{title}":"Two","points":7,"status":"Ongoing","date":"2026-01-31"}}"#)),
        ("POST", &*path, ann, format!(r#"{{"{title}":""}}"#)),
        ("POST", &*path, ann, format!(r#"{{"{title}":"Three","points":101}}"#)),
        ("POST", &*path, None, format!(r#"{{"{title}":"Three"}}"#)),
        ("GET", &*row, None, String::new()),
        ("GET", &*format!("{path}?limit=10&offset=0"), None, String::new()),
        ("GET", &*format!("{path}?status=Ongoing"), None, String::new()),
        ("PATCH", &*row, ann, r#"{"description":"more","urgent":true,"date":null}"#.to_owned()),
        ("PATCH", &*row, bob, r#"{"urgent":false}"#.to_owned()),
        ("DELETE", &*row, bob, String::new()),
        ("DELETE", &*row, ann, String::new()),
        ("GET", &*row, None, String::new()),
    ] {
        let answer = masked(&server.ask(method, path, token, &body)?);
        // Failures are told in words of their own.
        let answer = if answer.starts_with('2') { answer } else { answer[..3].to_owned() };
        answers.push(format!("{method} {path} {body}: {answer}"));
    }
    Ok(answers)
}

/// The answer with the times, and the name that a field may have, alike.
fn masked(answer: &str) -> String {
    let mut parts = answer.split("_at\":\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once('"').map_or("", |(_, rest)| rest);
        text.push_str("_at\":\"…\"");
        text.push_str(rest);
    }
    text.replace("\"headline\"", "\"title\"")
}

struct Server {
    process: Child,
    port: u16,
    /// Holds its database, and goes with it.
    _work: tempfile::TempDir,
}

impl Server {
    fn start(project: &Project, folder: &Path) -> Result<Self> {
        let work = tempfile::Builder::new().prefix("serve-").tempdir_in(folder)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let command = |arguments: &[&str]| {
            let mut command = Command::new(project.program(Build::Debug));
            command
                .args(arguments)
                .current_dir(work.path())
                .env("DATABASE_URL", "sqlite:tasks.db")
                .env("JWT_SECRET", "a secret that is long enough for a test")
                .env("HOST", "127.0.0.1")
                .env("PORT", port.to_string())
                .env("RUST_LOG", "error")
                .stdout(Stdio::null());
            command
        };
        if !command(&["db", "create"]).status()?.success() {
            return Err("`db create` failed".into());
        }
        let process = command(&["serve"]).spawn()?;
        let mut server = Self { process, port, _work: work };
        server.wait()?;
        Ok(server)
    }

    fn wait(&mut self) -> Result<()> {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if self.process.try_wait()?.is_some() || start.elapsed() > Duration::from_secs(20) {
                return Err("`serve` does not listen".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// The status and the body of an answer, a blank between them.
    fn ask(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{token}\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("an answer without an end of its head")?;
        let status = head.split(' ').nth(1).ok_or("an answer without a status")?;
        Ok(format!("{status} {body}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It holds nothing worth keeping; one that has ended already cannot be killed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn answers_are_compared_without_their_times() {
        let answer = r#"201 {"id":1,"headline":"a","created_at":"2026-01-31T08:30:00Z","updated_at":"x"}"#;
        assert_eq!(super::masked(answer), r#"201 {"id":1,"title":"a","created_at":"…","updated_at":"…"}"#);
    }
}
