//! An answer, and assertions that print the whole of it when they fail.

use std::{collections::BTreeSet, fmt};

use axum::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

/// What came back, with the request line it came back for.
#[derive(Clone)]
pub struct Answer {
    /// `POST /cards`, for the messages of failures.
    pub request: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, read to its end.
    pub body: Bytes,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n-> {}", self.request, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        writeln!(f, "\n{}", String::from_utf8_lossy(&self.body))
    }
}

/// What no client may ever read: SQL, our files, the words of libraries and databases.
const INTERNALS: [&str; 26] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM",
    "WHERE ",
    "RETURNING",
    "sqlx",
    "sqlite",
    "SQLite",
    "postgres",
    "PostgreSQL",
    "libpq",
    "serde",
    "bcrypt",
    "jsonwebtoken",
    "hyper",
    "axum",
    "tokio",
    ".rs",
    "/src",
    "panicked",
    "unwrap",
    "constraint failed",
    "violates",
    "relation \"",
    "_ver",
];

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().expect("a header in ASCII"))
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body in UTF-8")
    }

    /// The body as JSON, which the content type must say.
    #[track_caller]
    pub fn json(&self) -> Value {
        let kind = self.header("content-type").unwrap_or_default();
        assert!(kind.starts_with("application/json") || kind == "application/problem+json", "not JSON\n{self:?}");
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}\n{self:?}"))
    }

    /// The rows of a list.
    #[track_caller]
    pub fn rows(&self) -> Vec<Value> {
        self.assert_status(200);
        match self.json() {
            Value::Array(rows) => rows,
            _ => panic!("not a list\n{self:?}"),
        }
    }

    /// One member of each row of a list.
    #[track_caller]
    pub fn each(&self, member: &str) -> Vec<Value> {
        self.rows().into_iter().map(|row| row[member].clone()).collect()
    }

    /// The `id` of a created or read row.
    #[track_caller]
    pub fn id(&self) -> i64 {
        self.json()["id"].as_i64().unwrap_or_else(|| panic!("no id\n{self:?}"))
    }

    /// Asserts the status.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "expected {status}\n{self:?}");
        self
    }

    /// Asserts that it succeeded with this status, and gives the JSON body.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        self.assert_status(status).json()
    }

    /// Asserts a header's text.
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: &str) -> &Self {
        assert_eq!(self.header(name), Some(value), "expected {name}: {value}\n{self:?}");
        self
    }

    /// Asserts that the body is empty.
    #[track_caller]
    pub fn assert_empty(&self) -> &Self {
        assert!(self.body.is_empty(), "expected no body\n{self:?}");
        self
    }

    /// Asserts exactly which methods `Allow` names.
    #[track_caller]
    pub fn assert_allow(&self, methods: &[&str]) -> &Self {
        let header = self.header("allow").unwrap_or_else(|| panic!("no Allow\n{self:?}"));
        let found: BTreeSet<_> = header.split(',').map(str::trim).collect();
        assert_eq!(found, methods.iter().copied().collect(), "{self:?}");
        self
    }

    /// Asserts the one shape of failures, and gives the body.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) -> Value {
        self.assert_status(status).assert_header("content-type", "application/problem+json");
        let body = self.json();
        let members: BTreeSet<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        let mut expected =
            BTreeSet::from(["type", "title", "status", "detail", "instance", "code", "message", "details", "hint"]);
        if members.contains("errors") {
            expected.insert("errors");
            let errors = body["errors"].as_object().unwrap_or_else(|| panic!("errors is no map\n{self:?}"));
            assert!(!errors.is_empty(), "errors is absent when empty\n{self:?}");
            assert!(errors.values().all(is_sentence), "each error is a text\n{self:?}");
        }
        assert_eq!(members, expected, "{self:?}");
        assert_eq!(body["code"], code, "{self:?}");
        assert_eq!(body["status"], status, "{self:?}");
        assert_eq!(body["type"], "about:blank", "{self:?}");
        assert!(is_sentence(&body["title"]) && is_sentence(&body["detail"]), "{self:?}");
        assert_eq!(body["message"], body["detail"], "{self:?}");
        assert!(body["details"].is_null() || is_sentence(&body["details"]), "{self:?}");
        assert!(body["hint"].is_null() || is_sentence(&body["hint"]), "{self:?}");
        let instance = body["instance"].as_str().unwrap_or_default();
        let id = self.header("x-request-id").unwrap_or_else(|| panic!("no x-request-id\n{self:?}"));
        assert_eq!(instance, format!("urn:uuid:{id}"), "{self:?}");
        let shown = self.text().replace(instance, "");
        for internal in INTERNALS {
            assert!(!shown.contains(internal), "{internal:?} shows in a failure\n{self:?}");
        }
        body
    }

    /// Asserts a failure whose `errors` name exactly these fields, and gives that map.
    #[track_caller]
    pub fn assert_fields(&self, status: u16, code: &str, fields: &[&str]) -> Value {
        let errors = self.assert_problem(status, code)["errors"].clone();
        let found: BTreeSet<_> = errors.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        assert_eq!(found, fields.iter().copied().collect(), "{self:?}");
        errors
    }

    /// Asserts a 422 whose `errors` name exactly these fields.
    #[track_caller]
    pub fn assert_invalid(&self, fields: &[&str]) -> Value {
        self.assert_fields(422, "23514", fields)
    }
}

fn is_sentence(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}
