//! The table of settings: one row each. The file, the variables, the flags, `--help`, `config show` and the README all
//! read it.

use std::net::SocketAddr;

use super::origins;

/// One setting: its names, what it may be, and what it is for.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Table and key in the file.
    pub(crate) key: &'static str,
    pub(crate) variable: &'static str,
    /// `None`: a secret, which no process list should show, or nothing that changes from start to start.
    pub(crate) flag: Option<Flag>,
    pub(crate) kind: Kind,
    /// As text; empty where there is none. `<app>` stands for the name of the app.
    pub(crate) default: &'static str,
    pub(crate) secret: Secret,
    pub(crate) about: &'static str,
}

/// A flag of the command line, without its dashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    /// Every command takes it.
    Global(&'static str),
    /// Only what serves takes it.
    Serve(&'static str),
}

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number {
        least: u64,
        most: u64,
    },
    OneOf(&'static [&'static str]),
    Switch,
    /// `<ip>:<port>`
    Address,
    /// A list, with commas where it stands in one text.
    Origins,
}

/// What of a value must not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    No,
    Whole,
    /// The password in a URL.
    Password,
}

/// Every setting, in the order of the README.
pub(crate) const TABLE: &[Setting] = &[
    Setting {
        key: "database.url",
        variable: "DATABASE_URL",
        flag: Some(Flag::Global("database-url")),
        kind: Kind::Text,
        default: "sqlite:<app>.db",
        secret: Secret::Password,
        about: "Database: sqlite:app.db or postgres://user@host/name",
    },
    Setting {
        key: "auth.jwt_secret",
        variable: "JWT_SECRET",
        flag: None,
        kind: Kind::Text,
        default: "",
        secret: Secret::Whole,
        about: "Signs tokens; 32 bytes or more",
    },
    Setting {
        key: "auth.bcrypt_cost",
        variable: "BCRYPT_COST",
        flag: None,
        kind: Kind::Number { least: 4, most: 16 },
        default: "12",
        secret: Secret::No,
        about: "What a password hash costs; below 10 in development mode only",
    },
    Setting {
        key: "server.host",
        variable: "HOST",
        flag: Some(Flag::Serve("host")),
        kind: Kind::Text,
        default: "127.0.0.1",
        secret: Secret::No,
        about: "Address to listen on",
    },
    Setting {
        key: "server.port",
        variable: "PORT",
        flag: Some(Flag::Serve("port")),
        kind: Kind::Number { least: 0, most: 65_535 },
        default: "8080",
        secret: Secret::No,
        about: "Port to listen on; 0 takes any that is free",
    },
    Setting {
        key: "server.max_connections",
        variable: "MAX_CONNECTIONS",
        flag: Some(Flag::Serve("max-connections")),
        kind: Kind::Number { least: 1, most: 1_000_000 },
        default: "1024",
        secret: Secret::No,
        about: "Connections at a time; more have to wait",
    },
    Setting {
        key: "server.max_body",
        variable: "MAX_BODY",
        flag: Some(Flag::Serve("max-body")),
        kind: Kind::Number { least: 1, most: 1 << 30 },
        default: "1048576",
        secret: Secret::No,
        about: "Bytes of a request body",
    },
    Setting {
        key: "server.max_answer",
        variable: "MAX_ANSWER",
        flag: Some(Flag::Serve("max-answer")),
        // What the server asks for itself takes a few thousand.
        kind: Kind::Number { least: 1 << 16, most: 1 << 30 },
        default: "16777216",
        secret: Secret::No,
        about: "Bytes of an answer with rows",
    },
    Setting {
        key: "server.request_timeout",
        variable: "REQUEST_TIMEOUT",
        flag: Some(Flag::Serve("request-timeout")),
        kind: Kind::Number { least: 1, most: 3600 },
        default: "10",
        secret: Secret::No,
        about: "Seconds that a request may take; a statement has six tenths of them",
    },
    Setting {
        key: "server.drain_timeout",
        variable: "DRAIN_TIMEOUT",
        flag: Some(Flag::Serve("drain-timeout")),
        kind: Kind::Number { least: 0, most: 3600 },
        default: "30",
        secret: Secret::No,
        about: "Seconds for what is in flight to finish after a signal",
    },
    Setting {
        key: "server.compression",
        variable: "COMPRESSION",
        flag: Some(Flag::Serve("compression")),
        kind: Kind::Switch,
        default: if cfg!(any(feature = "gzip", feature = "brotli")) { "true" } else { "false" },
        secret: Secret::No,
        about: "Whether bodies are compressed for clients that ask",
    },
    Setting {
        key: "cors.origins",
        variable: "CORS_ORIGINS",
        flag: Some(Flag::Serve("cors-origins")),
        kind: Kind::Origins,
        default: "",
        secret: Secret::No,
        about: "Origins whose pages may read answers, with commas between them; `*` for all",
    },
    Setting {
        key: "metrics.listen",
        variable: "METRICS_LISTEN",
        flag: Some(Flag::Serve("metrics-listen")),
        kind: Kind::Address,
        default: "",
        secret: Secret::No,
        about: "Address and port of `GET /metrics`; needs the cargo feature `metrics`",
    },
    Setting {
        key: "openapi.enabled",
        variable: "OPENAPI",
        flag: Some(Flag::Serve("openapi")),
        kind: Kind::Switch,
        default: "true",
        secret: Secret::No,
        about: "Whether `GET /openapi.json` is served, and `/docs` with the cargo feature `docs`",
    },
    Setting {
        key: "log.format",
        variable: "LOG_FORMAT",
        flag: Some(Flag::Global("log-format")),
        kind: Kind::OneOf(&["text", "json"]),
        default: "text",
        secret: Secret::No,
        about: "How the log is written",
    },
    Setting {
        key: "log.filter",
        variable: "RUST_LOG",
        flag: None,
        kind: Kind::Text,
        default: "info",
        secret: Secret::No,
        about: "What is logged: a level, or more as `tracing` has it",
    },
];

impl Setting {
    /// What it is for, and which words or numbers it takes.
    pub(crate) fn told(&self) -> String {
        match self.kind {
            Kind::OneOf(words) => format!("{} ({})", self.about, words.join(" or ")),
            Kind::Number { least, most } => format!("{} ({least} to {most})", self.about),
            Kind::Text | Kind::Switch | Kind::Address | Kind::Origins => self.about.to_owned(),
        }
    }
}

impl Flag {
    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Global(name) | Self::Serve(name) => name,
        }
    }
}

impl Kind {
    /// What a value must be, where this one is not.
    pub(crate) fn check(self, text: &str) -> Result<(), String> {
        let fits = match self {
            Self::Text => !text.is_empty(),
            Self::Number { least, most } => {
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                digits && text.parse().is_ok_and(|n: u64| (least..=most).contains(&n))
            }
            Self::OneOf(words) => words.contains(&text),
            Self::Switch => matches!(text, "true" | "false"),
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::Origins => return origins::check(text),
        };
        if fits { Ok(()) } else { Err(format!("must be {}", self.expected())) }
    }

    /// What a value must be.
    pub(crate) fn expected(self) -> String {
        match self {
            Self::Text => "a text that is not empty".into(),
            Self::Number { least, most } => format!("a number from {least} to {most}"),
            Self::OneOf(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
            Self::Switch => "`true` or `false`".into(),
            Self::Address => "an address and a port, such as `127.0.0.1:9090`".into(),
            Self::Origins => "a list of origins, such as `https://app.example.com`".into(),
        }
    }
}

/// The setting of a key of ours.
pub(crate) fn setting(key: &str) -> &'static Setting {
    TABLE.iter().find(|setting| setting.key == key).expect("a key that stands in the table")
}
