//! Bodies compressed on request.

use std::io::Read as _;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    routing::get,
};
use restruct::{App, Draft, Store as _};
use restruct_tests::{
    Answer, Database, Server, both, both_databases,
    process::Program,
    resources::{Card, kanban},
};
use serde_json::json;

use crate::KANBAN;

both!(app; a_long_body_is_compressed_for_whoever_asks, some_bodies_are_never_compressed);
both_databases!(it_can_be_turned_off);

/// Long enough to be worth it, at `/tagged` and its like with one header each.
fn app() -> App {
    let long = |name: HeaderName, value: &'static str| {
        get(move || async move {
            let value = HeaderValue::from_static(value);
            ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain")), (name, value)], "word ".repeat(1000))
        })
    };
    let stream = || async {
        let parts = futures_util::stream::iter((0..1000).map(|_| Ok::<_, std::io::Error>("word ")));
        ([(header::CONTENT_TYPE, "text/plain")], Body::from_stream(parts))
    };
    let routes = axum::Router::new()
        .route("/plain", long(header::SERVER, "x"))
        .route("/strong", long(header::ETAG, "\"1\""))
        .route("/weak", long(header::ETAG, "W/\"1\""))
        .route("/secret", long(header::CACHE_CONTROL, "no-store"))
        .route("/fixed", long(header::CACHE_CONTROL, "public, no-transform"))
        .route("/encoded", long(header::CONTENT_ENCODING, "zstd"))
        .route("/picture", get(|| async { ([(header::CONTENT_TYPE, "image/png")], vec![0_u8; 5000]) }))
        .route("/events", get(|| async { ([(header::CONTENT_TYPE, "text/event-stream")], "x".repeat(5000)) }))
        .route("/stream", get(stream));
    kanban().routes(routes)
}

fn plain(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        Some("gzip") => {
            flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut plain).expect("gzip");
        }
        Some("br") => brotli::BrotliDecompress(&mut &answer.body[..], &mut plain).expect("brotli"),
        other => panic!("{other:?}\n{answer:?}"),
    }
    plain
}

fn varies(answer: &Answer) -> bool {
    answer.header("vary").is_some_and(|names| names.contains("Accept-Encoding"))
}

async fn a_long_body_is_compressed_for_whoever_asks(server: Server) {
    let ann = server.register("Ann").await;
    let few = server.get("/cards").header("accept-encoding", "gzip").send().await;
    assert_eq!(few.header("content-encoding"), None, "nothing is gained\n{few:?}");
    let cards: Vec<_> = (0..50).map(|i| json!({"title": format!("card {i}")})).collect();
    server.post("/cards").token(&ann.token).json(&json!(cards)).send().await.assert_status(201);
    let whole = server.get("/cards").send().await;
    assert!(varies(&whole) && whole.header("content-encoding").is_none(), "{whole:?}");
    for (asked, coding) in [("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0.5, gzip", "gzip")] {
        let packed = server.get("/cards").header("accept-encoding", asked).send().await;
        packed.assert_status(200).assert_header("content-encoding", coding);
        packed.assert_header("content-type", "application/json").assert_header("content-range", "0-49/*");
        assert!(varies(&packed) && packed.body.len() * 4 < whole.body.len(), "{packed:?}");
        assert_eq!(packed.header("content-length"), Some(&*packed.body.len().to_string()));
        assert_eq!(plain(&packed), whole.body, "{asked}");
        // HEAD has the same headers, and no length that would be another one's.
        let head = server.call("HEAD", "/cards").header("accept-encoding", asked).send().await;
        head.assert_status(200).assert_empty().assert_header("content-encoding", coding);
        assert!(varies(&head) && head.header("content-length").is_none(), "{head:?}");
    }
    for asked in ["identity", "gzip;q=0", "deflate"] {
        let answer = server.get("/cards").header("accept-encoding", asked).send().await;
        assert!(answer.header("content-encoding").is_none() && answer.body == whole.body, "{asked}\n{answer:?}");
    }
    // Long bodies leave the threads that answer.
    let draft = |i: usize| -> Draft<Card> {
        Card::draft().set(Card::TITLE, format!("{i} {}", "x".repeat(90))).set(Card::USER_ID, ann.id)
    };
    for i in 0..400 {
        draft(i).insert(&server.db).await.expect("a card");
    }
    let whole = server.get("/cards?limit=1000").send().await;
    let packed = server.get("/cards?limit=1000").header("accept-encoding", "gzip").send().await;
    assert!(whole.body.len() > 64 * 1024 && plain(&packed) == whole.body);
}

async fn some_bodies_are_never_compressed(server: Server) {
    let ask = async |path: &str| server.get(path).header("accept-encoding", "gzip").send().await;
    for (path, coding) in [
        ("/plain", Some("gzip")),
        ("/weak", Some("gzip")),
        ("/strong", None), // the tag names these bytes
        ("/secret", None), // the length would tell of the secret
        ("/fixed", None),
        ("/encoded", Some("zstd")),
        ("/picture", None),
        ("/events", None),
        ("/stream", None), // nothing of it is held back
    ] {
        let answer = ask(path).await;
        answer.assert_status(200);
        assert_eq!(answer.header("content-encoding"), coding, "{path}\n{answer:?}");
        assert_eq!(varies(&answer), coding == Some("gzip"), "{path}\n{answer:?}");
    }
    // A token must not be guessed by the length of what stands around it.
    let body = json!({"name": "x".repeat(80), "email": "ann@example.com", "password": "long enough"});
    let session = server.post("/auth/register").json(&body).header("accept-encoding", "gzip").send().await;
    session.assert_status(201);
    assert_eq!(session.header("content-encoding"), None, "{session:?}");
}

async fn it_can_be_turned_off(database: Database) {
    let program = Program::new(KANBAN, &database);
    for (arguments, coding) in [(&[][..], Some("gzip")), (&["--compression", "false"], None)] {
        let running = program.serve(arguments).await;
        let answer = running.client.get("/cards").header("accept-encoding", "gzip").send().await;
        assert_eq!(answer.assert_status(200).header("content-encoding"), coding, "{answer:?}");
        running.stop().await;
    }
}
