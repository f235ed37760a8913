//! What is asked about: the columns, what leads where, and values at the edges of every type.

use restruct::App;
use restruct_tests::resources::{Album, Artist, Folder, Group, Maybe, Poster, Rack, Volume, kanban};

pub(super) fn app() -> App {
    let app = kanban().resource::<Maybe>().resource::<Group>().resource::<Folder>();
    let app = app.resource::<Artist>().resource::<Album>().resource::<Poster>();
    app.resource::<Rack>().resource::<Volume>()
}

/// What a column holds, as far as questions differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Bool,
    Text,
    /// Text that is marked `search`.
    Words,
    /// One of some texts.
    Choice,
    Json,
    /// Anything else that compares.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    /// Texts of values, which are JSON where that differs from a string.
    pub(super) values: &'static [&'static str],
}

/// A way to other rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relation {
    pub(super) name: &'static str,
    pub(super) many: bool,
    pub(super) path: &'static str,
}

#[derive(Debug)]
pub(super) struct Listed {
    pub(super) path: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) relations: &'static [Relation],
}

const fn field(name: &'static str, holds: Holds, values: &'static [&'static str]) -> Field {
    Field { name, holds, values }
}

const fn one(name: &'static str, path: &'static str) -> Relation {
    Relation { name, many: false, path }
}

const fn many(name: &'static str) -> Relation {
    Relation { name, many: true, path: name }
}

const ID: Field = field("id", Holds::Other, &["1", "2", "3", "7", "0", "-1", "9223372036854775807"]);
const NAME: Field = field("name", Holds::Text, TEXTS);
const FLAGS: &[&str] = &["true", "false"];
const SMALL: &[&str] = &["-32768", "-1", "0", "1", "7", "32767"];
const MEDIUM: &[&str] = &["-2147483648", "-1", "0", "1", "10", "2147483647"];
const LARGE: &[&str] = &["-9223372036854775808", "-1", "0", "9007199254740993", "9223372036854775807"];
const REAL: &[&str] = &["0", "-0.0", "0.1", "-2.5", "100", "1e21", "1e-7", "5e-324", "1.7976931348623157e308"];
const BYTES: &[&str] = &["", "AA==", "AP8=", "/+8=", "aGVsbG8="];
const UUIDS: &[&str] = &[
    "00000000-0000-0000-0000-000000000000",
    "0192f0c1-2d3e-7abc-8def-0123456789ab",
    "7fffffff-ffff-7fff-bfff-ffffffffffff",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
];
const DATES: &[&str] = &["0001-01-01", "1999-12-31", "2024-02-29", "2026-02-28", "9999-12-31"];
const TIMES: &[&str] = &["00:00:00", "12:30:00.000001", "23:59:59.5", "23:59:59.999999"];
const MOMENTS: &[&str] =
    &["0001-01-01T00:00:00", "1969-12-31T23:59:59.5", "2026-01-01T00:00:00", "9999-12-31T23:59:59.999999"];
const STAMPS: &[&str] = &[
    "0001-01-01T00:00:00Z",
    "2026-01-01T00:00:00.1+00:00",
    "2026-01-01T01:00:00+02:00",
    "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
];
const TREES: &[&str] = &["{\"z\":1,\"a\":[1.0,1e2,-0,\"ü\"]}", "[]", "0", "\"\"", "false", "{\"a\":{\"\":null}}"];
const POINTS: &[&str] = &["{\"x\":1,\"y\":-2}", "{\"x\":0,\"y\":0}"];
pub(super) const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "ab",
    "Ab",
    "aB",
    "ä",
    "Ä",
    "a\u{308}",
    "żółć",
    "ŻÓŁĆ",
    "a,b",
    "a\"b",
    "\"",
    "a\\b",
    "\\",
    "a)b(",
    "{x}",
    "{",
    "%",
    "_",
    "*",
    "null",
    "NULL",
    "true",
    "not.eq.a",
    "eq.a",
    "a.b",
    "..",
    " a",
    "a ",
    "a\tb",
    "a\nb",
    "\r\n",
    "🦀",
    "\u{ffff}",
    "\u{10000}",
    "\u{7f}",
    "\u{2028}",
    "1",
    "01",
    "'",
    "a''b",
    "$1",
    "?1",
    ":x",
    "&=+",
    "alpha beta",
];
const PHRASES: &[&str] = &[
    "alpha",
    "Alpha beta",
    "beta alpha",
    "gamma, alpha; beta",
    "ALPHA-gamma",
    "żółć gamma",
    "alphabet",
    "x",
    "a 1 b",
    "délta \"gamma\"",
    "(beta)",
    "🦀 gamma",
];
const STATES: &[&str] = &["To Do", "Ongoing", "Testing", "Done"];
const PRIORITIES: &[&str] = &["Low", "Medium", "High"];

pub(super) const TABLES: &[Listed] = &[
    Listed {
        path: "maybe",
        fields: &[
            ID,
            field("flag", Holds::Bool, FLAGS),
            field("small", Holds::Other, SMALL),
            field("medium", Holds::Other, MEDIUM),
            field("large", Holds::Other, LARGE),
            field("real", Holds::Other, REAL),
            field("text", Holds::Text, TEXTS),
            field("bytes", Holds::Other, BYTES),
            field("uuid", Holds::Other, UUIDS),
            field("date", Holds::Other, DATES),
            field("time", Holds::Other, TIMES),
            field("moment", Holds::Other, MOMENTS),
            field("stamp", Holds::Other, STAMPS),
            field("tree", Holds::Json, TREES),
            field("point", Holds::Json, POINTS),
            field("shade", Holds::Choice, &["light", "very_dark"]),
            field("percent", Holds::Other, &["0", "50", "100"]),
        ],
        relations: &[],
    },
    Listed {
        path: "cards",
        fields: &[
            ID,
            field("title", Holds::Words, PHRASES),
            field("description", Holds::Text, TEXTS),
            field("status", Holds::Choice, STATES),
            field("priority", Holds::Choice, PRIORITIES),
            field("date", Holds::Other, DATES),
            field("user_id", Holds::Other, &["1", "2"]),
            field("version", Holds::Other, &["1", "2"]),
        ],
        relations: &[one("user", "users"), many("comments")],
    },
    Listed {
        path: "comments",
        fields: &[
            ID,
            field("message", Holds::Text, PHRASES),
            field("user_id", Holds::Other, &["1", "2"]),
            field("card_id", Holds::Other, &["1", "2", "3", "5"]),
        ],
        relations: &[one("user", "users"), one("card", "cards")],
    },
    Listed {
        path: "users",
        fields: &[ID, field("name", Holds::Text, &["Ann", "ann", "Bob"]), field("is_admin", Holds::Bool, FLAGS)],
        relations: &[many("cards"), many("comments")],
    },
    Listed {
        path: "groups",
        fields: &[
            ID,
            field("type", Holds::Text, TEXTS),
            field("table", Holds::Text, TEXTS),
            field("position", Holds::Other, MEDIUM),
            field("chosenOne", Holds::Text, TEXTS),
        ],
        relations: &[],
    },
    Listed {
        path: "folders",
        fields: &[ID, NAME, field("parent_id", Holds::Other, &["1", "2", "3"])],
        relations: &[one("parent", "folders"), many("folders")],
    },
    Listed { path: "artists", fields: &[ID, NAME], relations: &[many("albums"), many("posters")] },
    Listed { path: "albums", fields: &[ID, ARTIST], relations: &[one("artist", "artists")] },
    Listed { path: "posters", fields: &[ID, ARTIST], relations: &[one("artist", "artists")] },
    Listed { path: "shelves", fields: &[ID, field("place", Holds::Text, TEXTS)], relations: &[many("books")] },
    Listed {
        path: "books",
        fields: &[
            ID,
            field("title", Holds::Words, PHRASES),
            field("about", Holds::Words, PHRASES),
            field("language", Holds::Text, TEXTS),
            field("shelf_id", Holds::Other, &["1", "2", "3"]),
        ],
        relations: &[one("shelf", "shelves")],
    },
];

const ARTIST: Field = field("artist_id", Holds::Other, &["1", "2", "3"]);

pub(super) fn table(path: &str) -> &'static Listed {
    TABLES.iter().find(|table| table.path == path).expect("a table")
}
