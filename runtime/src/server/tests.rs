use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderMap, Request, StatusCode, header},
    routing::{get, post},
};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc::Sender},
    task::JoinHandle,
};
use tower::ServiceExt as _;

use super::{Signals, layered, serve};
use crate::config::Limits;

const LIMITS: Limits = Limits {
    answer: 1 << 24,
    body: 16,
    request: Duration::from_millis(50),
    head: Duration::from_millis(50),
    write: Duration::from_secs(30),
    connections: 2,
    drain: Duration::from_secs(30),
};

/// Answers one request through the layers.
async fn ask(router: Router, limits: Limits, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let response = layered(router, limits).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, serde_json::from_slice(&body).unwrap_or_default())
}

fn get_with_id(id: &str) -> Request<Body> {
    Request::get("/").header("x-request-id", id).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_takes_over_a_sane_one() {
    let answered = async |request| ask(Router::new().route("/", get(|| async { "ok" })), LIMITS, request).await.1;
    let headers = answered(get_with_id("Trace_7.a-b")).await;
    assert_eq!(headers["x-request-id"], "Trace_7.a-b");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    for insane in ["", "a b", "a/b", &"a".repeat(129)] {
        let headers = answered(get_with_id(insane)).await;
        let id = uuid::Uuid::parse_str(headers["x-request-id"].to_str().unwrap()).unwrap();
        assert_eq!(id.get_version_num(), 7, "{insane}");
    }
}

#[tokio::test]
async fn a_panic_is_a_problem_and_says_nothing_of_itself() {
    let router = Router::new().route("/", get(|| async { panic!("the combination is 1234") as () }));
    let (status, headers, problem) = ask(router, LIMITS, get_with_id("panicked")).await;
    assert_eq!((status.as_u16(), &problem["code"]), (500, &Value::from("XX000")));
    assert_eq!(problem["instance"], "urn:uuid:panicked");
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(!problem.to_string().contains("1234"), "{problem}");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_unavailable() {
    let router = Router::new().route("/", get(std::future::pending::<()>));
    let (status, headers, problem) = ask(router, LIMITS, get_with_id("slow")).await;
    assert_eq!((status.as_u16(), &problem["code"]), (503, &Value::from("PT503")));
    assert!(headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_a_timeout() {
    let router = Router::new().route("/", post(|_: Bytes| async { "read" }));
    let body = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
    let (status, headers, problem) = ask(router, LIMITS, Request::post("/").body(body).unwrap()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (408, &Value::from("PT408")));
    assert_eq!(headers[header::CONNECTION], "close");
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large_with_and_without_its_length() {
    let router = || Router::new().route("/", post(|body: Bytes| async move { body.len().to_string() }));
    let chunks = |count: usize| {
        let chunk = || Ok::<_, std::io::Error>(Bytes::from_static(b"12345678"));
        Body::from_stream(futures_util::stream::iter(std::iter::repeat_with(chunk).take(count)))
    };
    for (body, expected) in
        [(Body::from(vec![b'1'; 16]), 200), (Body::from(vec![b'1'; 17]), 413), (chunks(2), 200), (chunks(3), 413)]
    {
        let (status, _, answer) = ask(router(), LIMITS, Request::post("/").body(body).unwrap()).await;
        assert_eq!(status.as_u16(), expected);
        assert!(expected == 200 || answer["code"] == "PT413", "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_nobody_reads_is_taken_in_where_it_is_short() {
    let unread = || Router::new().route("/", post(|| async { "not read" }));
    let chunks = |count: usize, size: usize| {
        let chunk = move || Ok::<_, std::io::Error>(Bytes::from(vec![b'1'; size]));
        futures_util::stream::iter(std::iter::repeat_with(chunk).take(count))
    };
    let large = Limits { body: 1 << 20, ..LIMITS };
    let endless = chunks(1, 1).chain(futures_util::stream::pending());
    for (body, limits, closes) in [
        (Body::from("1"), LIMITS, false),
        (Body::from_stream(chunks(3, 5)), LIMITS, false),
        (Body::from_stream(chunks(64, 1024)), large, false),
        (Body::from_stream(chunks(65, 1024)), large, true),
        (Body::from(vec![b'1'; 65 * 1024]), large, true),
        (Body::from(vec![b'1'; 17]), LIMITS, true),
        (Body::from_stream(endless), LIMITS, true),
    ] {
        let (status, headers, _) = ask(unread(), limits, Request::post("/").body(body).unwrap()).await;
        assert_eq!((status.as_u16(), headers.contains_key(header::CONNECTION)), (200, closes));
    }
    let told = Request::post("/").header(header::EXPECT, "100-continue").body(Body::from("1")).unwrap();
    assert_eq!(ask(unread(), LIMITS, told).await.1[header::CONNECTION], "close");
}

/// A server on a free port, and what ends it.
async fn start(router: Router, limits: Limits) -> (SocketAddr, Sender<()>, JoinHandle<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (signal, signals) = Signals::by_hand();
    let router = layered(router, limits);
    let server = tokio::spawn(async move { serve(listener, router, limits, signals).await.is_ok() });
    (address, signal, server)
}

async fn connect(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    // Long after every limit of the tests, and before hyper's own of 30 s.
    let read = stream.read_to_string(&mut text);
    tokio::time::timeout(Duration::from_secs(20), read).await.expect("the connection ends").unwrap();
    text
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let (address, _signal, _server) = start(Router::new(), LIMITS).await;
    assert_eq!(rest(connect(address, "GET / HTTP/1.1\r\n").await).await, "");
    let idle = rest(connect(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await).await;
    assert!(idle.starts_with("HTTP/1.1 404"), "{idle}");
}

/// A route that says that it was reached and waits to be let go.
fn gate() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (reached, open) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (saw, wait) = (Arc::clone(&reached), Arc::clone(&open));
    let handler = move |Path(word): Path<String>| async move {
        saw.notify_one();
        wait.notified().await;
        word
    };
    (Router::new().route("/{word}", get(handler)), reached, open)
}

const PATIENT: Limits = Limits { request: Duration::from_mins(1), head: Duration::from_mins(1), ..LIMITS };

#[tokio::test]
async fn a_signal_lets_what_is_in_flight_finish() {
    let (router, reached, open) = gate();
    let (address, signal, server) = start(router, PATIENT).await;
    let asked = connect(address, "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n").await;
    reached.notified().await;
    signal.send(()).await.unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.is_finished(), "a request is in flight");
    open.notify_one();
    assert!(rest(asked).await.ends_with("hello"));
    assert!(server.await.unwrap());
}

#[tokio::test]
async fn a_second_signal_ends_at_once_and_is_an_error() {
    let (router, reached, _open) = gate();
    let (address, signal, server) = start(router, PATIENT).await;
    let _asked = connect(address, "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n").await;
    reached.notified().await;
    signal.send(()).await.unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    signal.send(()).await.unwrap();
    assert!(!server.await.unwrap());
}

#[tokio::test]
async fn connections_over_the_cap_wait_for_a_slot() {
    let (router, reached, open) = gate();
    let (address, _signal, _server) = start(router, PATIENT).await;
    let text = |word| format!("GET /{word} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    let first = connect(address, &text("one")).await;
    reached.notified().await;
    let second = connect(address, &text("two")).await;
    reached.notified().await;
    let third = connect(address, &text("three")).await;
    // Both slots are taken: the third is reached only after one of them has answered.
    let early = tokio::time::timeout(Duration::from_millis(100), reached.notified()).await;
    assert!(early.is_err(), "the third connection was accepted");
    open.notify_one();
    reached.notified().await;
    open.notify_one();
    open.notify_waiters();
    drop((first, second, third));
}
