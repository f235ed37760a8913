//! A small HTTP client: one call is one chain, and what comes back is an [`Answer`].

use std::time::Duration;

use axum::http::{Method, Request};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::answer::Answer;

/// Sends requests to one server.
#[derive(Clone, Debug)]
pub struct Client {
    /// `127.0.0.1:PORT`
    pub authority: String,
    pool: Pool<HttpConnector, Full<Bytes>>,
}

/// One request on its way.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `send`"]
pub struct Call {
    client: Client,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Client {
    /// A client of `127.0.0.1:PORT`.
    pub fn new(authority: impl Into<String>) -> Self {
        Self { authority: authority.into(), pool: Pool::builder(TokioExecutor::new()).build_http() }
    }

    /// Any request. The path is sent as it is: percent-encode what needs it.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let method = method.parse().expect("a method");
        Call { client: self.clone(), method, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// `GET path`
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// `POST path`
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// `PUT path`
    pub fn put(&self, path: &str) -> Call {
        self.call("PUT", path)
    }

    /// `PATCH path`
    pub fn patch(&self, path: &str) -> Call {
        self.call("PATCH", path)
    }

    /// `DELETE path`
    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }

    /// `GET path?name=value&..` with the values percent-encoded.
    pub fn query(&self, path: &str, parameters: &[(&str, &str)]) -> Call {
        let pairs: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.get(&format!("{path}?{}", pairs.join("&")))
    }

    /// Sends bytes as they are on a connection of its own and reads until the server closes it.
    pub async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.authority).await.expect("a connection");
        stream.write_all(bytes).await.expect("the server reads");
        let mut answer = Vec::new();
        // A server may close the connection early on purpose; what it said before that counts.
        let read = stream.read_to_end(&mut answer).await;
        drop(read);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Call {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds `Authorization: Bearer token`.
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds `Authorization` for a caller, or nothing for anybody.
    pub fn maybe_token(self, token: Option<&str>) -> Self {
        match token {
            Some(token) => self.token(token),
            None => self,
        }
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets any body.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Takes a header away again.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self
    }

    /// Sends it, and holds the answer against what is true of every answer.
    pub async fn send(self) -> Answer {
        let request = format!("{} {}", self.method, self.path);
        let answer = self.try_send().await.unwrap_or_else(|e| panic!("{request}: {e}"));
        assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()), "no x-request-id\n{answer:?}");
        let whole = format!("{answer:?}");
        assert!(!whole.contains("$2b$"), "a password hash shows\n{answer:?}");
        answer
    }

    /// Sends it.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn try_send(self) -> Result<Answer, String> {
        let request = format!("{} {}", self.method, self.path);
        let uri = format!("http://{}{}", self.client.authority, self.path);
        let mut builder = Request::builder().method(self.method).uri(uri);
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        let call = builder.body(Full::new(self.body)).map_err(|e| e.to_string())?;
        let exchange = async {
            let response = self.client.pool.request(call).await.map_err(|e| format!("{e}: {e:?}"))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|e| e.to_string())?.to_bytes();
            Ok(Answer { request, status: head.status.as_u16(), headers: head.headers, body })
        };
        let deadline = Duration::from_mins(1);
        tokio::time::timeout(deadline, exchange).await.unwrap_or_else(|_| Err("no answer within a minute".into()))
    }
}

/// Percent-encodes everything that is not a letter, a digit or one of `-._~`.
pub fn encode(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}
