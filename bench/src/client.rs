//! As little of HTTP/1.1 as it takes, so that the driver stays cheaper than what it drives.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::Result;

/// A kept-alive connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, in the connection's buffer until the next request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a whole request and reads the whole answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.read().await?;
            if let Some(head) = head(&self.buffer)? {
                break head;
            }
        };
        let end = head.size + head.body;
        while self.buffer.len() < end {
            self.read().await?;
        }
        if self.buffer.len() > end {
            return Err("the server said more than its content-length".into());
        }
        Ok(Answer { status: head.status, body: &self.buffer[head.size..] })
    }

    async fn read(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }
}

/// A request without a body.
pub(crate) fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\n\r\n").into_bytes()
}

/// A request with a JSON body, and a token where there is one.
pub(crate) fn send(method: &str, target: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let authorization = token.map(|t| format!("authorization: Bearer {t}\r\n")).unwrap_or_default();
    let length = body.len();
    format!(
        "{method} {target} HTTP/1.1\r\nhost: bench\r\naccept: application/json\r\n{authorization}\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    size: usize,
    body: usize,
}

/// The head at the start of `bytes`, or nothing while it is not all there.
fn head(bytes: &[u8]) -> Result<Option<Head>> {
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..end])?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok());
    let length = lines.filter_map(|l| l.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let body = length.and_then(|(_, value)| value.trim().parse().ok());
    match (status, body) {
        (Some(status), Some(body)) => Ok(Some(Head { status, size: end + 4, body })),
        _ => Err(format!("an answer without status or content-length: {text}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let text = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(head(&text[..40]).unwrap_or_default(), None);
        assert_eq!(head(text).unwrap_or_default(), Some(Head { status: 201, size: 43, body: 2 }));
    }

    #[test]
    fn an_answer_of_unknown_length_is_refused() {
        assert!(head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }
}
