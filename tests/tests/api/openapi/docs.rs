//! The page over the document: everything it loads is there, and nothing is from elsewhere.

use std::io::Read as _;

use restruct_tests::{Answer, Client, Server, both, resources::kanban};

both!(kanban; loads_nothing_from_elsewhere, keeps_its_files_packed, is_not_there_with_a_slash);

async fn loads_nothing_from_elsewhere(server: Server) {
    assert_page(&server, "/docs").await;
    let page = server.get("/docs").send().await;
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; ") && !policy.contains("http") && !policy.contains('*'),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-eval") && policy.contains("script-src 'self';"), "{policy}");
    assert!(page.text().contains("<title>kanban</title>") && !page.text().contains("<script>"), "{page:?}");
    let start = server.get("/docs/start.js").send().await;
    assert!(start.text().contains("validatorUrl: null"), "the document is shown to nobody else");
}

/// Asserts that a page and all that it loads are there, by references without a host or a root.
pub(super) async fn assert_page(client: &Client, path: &str) {
    let page = client.get(path).send().await;
    page.assert_status(200).assert_header("content-type", "text/html; charset=utf-8");
    let references: Vec<_> = ["src=\"", "href=\""].iter().flat_map(|name| page.text().split(name).skip(1)).collect();
    let references: Vec<_> = references.iter().filter_map(|rest| rest.split('"').next()).collect();
    let loaded: Vec<_> = references.iter().filter(|reference| !reference.starts_with("data:")).collect();
    assert_eq!(loaded.len(), 3, "{references:?}");
    let folder = path.rsplit_once('/').expect("a path").0;
    for reference in loaded {
        assert!(!reference.contains("//") && !reference.starts_with('/'), "{reference}");
        let file = client.get(&format!("{folder}/{reference}")).send().await;
        file.assert_status(200).assert_header("cache-control", "no-cache");
        let kind = if reference.rsplit('.').next() == Some("css") { "text/css" } else { "text/javascript" };
        file.assert_header("content-type", &format!("{kind}; charset=utf-8"));
        if kind == "text/css" {
            assert!(!file.text().contains("url(http") && !file.text().contains("@import"), "{reference}");
        }
    }
}

async fn keeps_its_files_packed(server: Server) {
    for (path, part) in [("/docs/swagger-ui.css", ".swagger-ui"), ("/docs/swagger-ui-bundle.js", "SwaggerUIBundle")] {
        let plain = server.get(path).send().await;
        assert!(plain.assert_status(200).text().contains(part), "{path}");
        assert_eq!(plain.header("content-encoding"), None);
        let packed = server.get(path).header("accept-encoding", "gzip, br").send().await;
        packed.assert_status(200).assert_header("content-encoding", "gzip").assert_header("vary", "Accept-Encoding");
        assert_eq!(unpacked(&packed), plain.body, "{path}");
        assert!(packed.body.len() * 2 < plain.body.len(), "{path}");
        let tag = packed.header("etag").expect("a tag").to_owned();
        plain.assert_header("etag", &tag);
        let known = server.get(path).header("if-none-match", &tag).send().await;
        known.assert_status(304).assert_empty().assert_header("etag", &tag).assert_header("cache-control", "no-cache");
        known.assert_header("vary", "Accept-Encoding");
        for refused in ["gzip;q=0", "identity, gzip;q=0.5"] {
            let plain = server.get(path).header("accept-encoding", refused).send().await;
            assert_eq!(plain.header("content-encoding"), None, "{refused}");
        }
    }
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut plain).expect("gzip");
    plain
}

async fn is_not_there_with_a_slash(server: Server) {
    for path in ["/docs/", "/docs/swagger-ui.js", "/docs/index.html", "/docs/../docs/x"] {
        server.get(path).send().await.assert_problem(404, "PGRST125");
    }
    for path in ["/docs", "/docs/start.js", "/docs/swagger-ui.css"] {
        let methods = ["GET", "HEAD", "OPTIONS"];
        server.call("OPTIONS", path).send().await.assert_status(204).assert_allow(&methods);
        server.post(path).send().await.assert_allow(&methods).assert_problem(405, "PGRST117");
        server.call("HEAD", path).send().await.assert_status(200).assert_empty();
        server.get(path).send().await.assert_header("x-content-type-options", "nosniff");
    }
}
