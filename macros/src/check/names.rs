//! Names in SQL, in JSON and in paths.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::{LitStr, ext::IdentExt as _};

use crate::{errors::Errors, naming, raw::At};

/// What WIRE's query string uses for itself, so that no column can.
const RESERVED_JSON: [&str; 18] = [
    "select",
    "order",
    "limit",
    "offset",
    "after",
    "columns",
    "on_conflict",
    "or",
    "and",
    "not",
    "filter",
    "range",
    "sort",
    "q",
    "_start",
    "_end",
    "_sort",
    "_order",
];
/// Paths of the server's own.
const RESERVED_PATHS: [&str; 7] = ["auth", "rest", "docs", "healthz", "readyz", "metrics", "openapi.json"];
/// Tables of the databases' own and of ours.
const RESERVED_TABLES: [&str; 3] = ["sqlite_", "pg_", "_restruct"];
/// The token version of a login row, the number of a row whose words are searched, and what every table of Postgres has already.
const RESERVED_COLUMNS: [&str; 8] = ["_ver", "_row", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
/// The longest name that Postgres keeps whole.
const LONGEST: usize = 63;

/// The names of the fields so far, to find two of a kind.
#[derive(Default)]
pub(super) struct Names {
    columns: HashMap<String, Ident>,
    json: HashMap<String, Ident>,
    constants: HashMap<String, Ident>,
}

impl Names {
    /// The SQL name of a field.
    pub(super) fn column(&mut self, field: &Ident, given: Option<&At<LitStr>>, errors: &mut Errors) -> String {
        let (name, span) = or_field(field, given, None);
        let lower = name.to_ascii_lowercase();
        if !sql_name("column", &name, span, errors) {
        } else if RESERVED_COLUMNS.contains(&lower.as_str()) {
            errors.at(span, format!("the database keeps the column {name:?} for itself; say `column = \"..\"`"));
        } else if let Some(other) = self.columns.insert(lower, field.clone()) {
            // Case apart, since SQLite does not tell them apart.
            errors.at(span, format!("`{other}` has the column {name:?} already; say `column = \"..\"`"));
        }
        name
    }

    /// The JSON name of a field.
    pub(super) fn json(
        &mut self,
        field: &Ident,
        given: Option<&At<LitStr>>,
        case: Option<naming::Case>,
        errors: &mut Errors,
    ) -> String {
        let (name, span) = or_field(field, given, case);
        if let Some(problem) = json_name(&name, "rename") {
            errors.at(span, problem);
        } else if let Some(other) = self.json.insert(name.clone(), field.clone()) {
            errors.at(span, format!("`{other}` has the JSON name {name:?} already; say `rename = \"..\"`"));
        }
        name
    }

    /// The constant of a field.
    pub(super) fn constant(&mut self, field: &Ident, errors: &mut Errors) -> Ident {
        let constant = super::constant(field);
        if let Some(other) = self.constants.insert(constant.to_string(), field.clone()) {
            errors.at(
                field.span(),
                format!("`{other}` and `{field}` would both be the constant `{constant}`; rename one"),
            );
        }
        constant
    }
}

/// Checks the name of a relation, which stands where JSON names do.
pub(super) fn relation(key: &str, given: &At<LitStr>, errors: &mut Errors) {
    if let Some(problem) = json_name(&given.value.value(), key) {
        errors.at(given.value.span(), problem);
    }
}

/// Why a text cannot be a name in JSON and in query strings.
fn json_name(name: &str, key: &str) -> Option<String> {
    if name.is_empty() {
        Some("a JSON name has at least one character".to_owned())
    } else if RESERVED_JSON.contains(&name) {
        Some(format!("query strings use {name:?} for themselves; say `{key} = \"..\"`"))
    } else if name.contains(|c: char| {
        c.is_control() || matches!(c, '.' | ',' | ':' | '(' | ')' | '*' | '!' | '&' | '=' | '"' | '\\' | '[' | ']')
    }) {
        Some(
            "a JSON name holds no control characters and none of `.,:()*!&=\"\\[]`, which query strings use".to_owned(),
        )
    } else {
        None
    }
}

fn or_field(field: &Ident, given: Option<&At<LitStr>>, case: Option<naming::Case>) -> (String, Span) {
    if let Some(at) = given {
        return (at.value.value(), at.value.span());
    }
    let name = field.unraw().to_string();
    (case.map_or(name.clone(), |case| case.of_field(&name)), field.span())
}

/// The names of the table and of its routes.
pub(super) fn table_and_path(
    ident: &Ident,
    table: Option<&At<LitStr>>,
    path: Option<&At<LitStr>>,
    errors: &mut Errors,
) -> (String, String) {
    let (name, span) = match table {
        Some(at) => (at.value.value(), at.value.span()),
        None => (naming::table(&ident.unraw().to_string()), ident.span()),
    };
    let mut good = sql_name("table", &name, span, errors);
    if good && let Some(prefix) = RESERVED_TABLES.iter().find(|prefix| name.to_ascii_lowercase().starts_with(*prefix)) {
        errors.at(span, format!("tables that start with `{prefix}` are not for you; say `table = \"..\"`"));
        good = false;
    }
    let Some(path) = path else {
        if good {
            check_path(&name, span, errors);
        }
        return (name.clone(), name);
    };
    let text = path.value.value();
    check_path(&text, path.value.span(), errors);
    (name, text)
}

fn sql_name(what: &str, name: &str, span: Span, errors: &mut Errors) -> bool {
    let problem = if name.is_empty() {
        format!("a {what} name has at least one character")
    } else if name.len() > LONGEST {
        format!("a {what} name has at most {LONGEST} bytes, and this has {}; say `{what} = \"..\"`", name.len())
    } else if name.contains(char::is_control) {
        format!("a {what} name holds no control characters")
    } else {
        return true;
    };
    errors.at(span, problem);
    false
}

fn check_path(path: &str, span: Span, errors: &mut Errors) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if RESERVED_PATHS.contains(&path) {
        errors.at(span, format!("the server keeps the path `/{path}` for itself; say `path = \"..\"`"));
    } else if path.is_empty() || path == "." || path == ".." || !path.chars().all(plain) {
        errors.at(span, format!("{path:?} is no path segment of letters, digits and `-._~`; say `path = \"..\"`"));
    }
}
