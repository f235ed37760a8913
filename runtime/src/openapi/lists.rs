//! What a list can be asked, as parameters.

use serde_json::{Value as Json, json};

use super::{Api, described, reference};
use crate::{
    column::Column,
    query::{self, DEEPEST, operators_of},
    relation::Relation,
    routes::prefer::Preference,
    table::Table,
    value::Kind,
};

/// How filters are written, for the description of whatever takes them.
pub(super) const FILTERS: &str = "A filter is a value, `status=Done`, or an operator and a value, `status=neq.Done`; \
     `in` takes a list, `status=in.(Done,\"To Do\")`, and `not.` before an operator means the opposite. Several filters \
     hold together; several values of one column without operators mean any of them.";

/// The parameters of a list.
pub(super) fn of_list(api: &Api<'_>, table: &Table) -> Json {
    let shown = [api.select(table), order(table), limit(table)];
    let shared = ["offset", "after"].map(|name| reference("parameters", name));
    let headers = [reference("parameters", "Range"), prefer(Preference::OF_LIST)];
    filters(table).chain(shown).chain(shared).chain(headers).collect()
}

/// What says which rows are meant.
pub(super) fn filters(table: &Table) -> impl Iterator<Item = Json> {
    let trees = ["or", "and", "not.or", "not.and"].map(|name| reference("parameters", name));
    table.readable().map(filter).chain(trees).chain(words(table))
}

/// A column as a filter, which can be given several times.
fn filter(column: &Column) -> Json {
    let operators: Vec<_> = operators_of(column).map(|name| format!("`{name}`")).collect();
    let operators = match operators.as_slice() {
        [one] => format!("Only the operator {one}: `is.null`, `is.not_null`"),
        all => format!("Operators: {}", all.join(", ")),
    };
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    described(json!({ "name": column.json, "in": "query", "schema": texts }), [column.doc, &operators])
}

fn words(table: &Table) -> Option<Json> {
    let columns: Vec<_> = table.searchable().map(|column| format!("`{}`", column.json)).collect();
    let text = format!("Words, each of which begins one of {}", columns.join(" or "));
    (!columns.is_empty()).then(|| described(json!({ "name": "q", "in": "query", "schema": string() }), [text.as_str()]))
}

/// What is shown of a row that is read, or that a request `writes`.
pub(super) fn select(api: &Api<'_>, table: &Table, writes: bool) -> Json {
    // It would leave out what was written.
    let inner = if writes {
        ""
    } else {
        "`!inner` before them leaves out rows without any, and the parameter `..=is.null` those with some; "
    };
    let relations: Vec<_> = api.relations(table).map(relation).collect();
    let embedded = if relations.is_empty() {
        String::new()
    } else {
        format!(
            "Relations stand with what is shown of them in parentheses, `..(*)`, up to {DEEPEST} within each other; \
             {inner}parameters such as `..order`, `..limit` or a filter, with the name of the relation and a dot before \
             them, narrow them:\n\n{}",
            relations.join("\n")
        )
    };
    let text = "What is shown of a row, in place of everything: columns with commas between them, `*` for all, \
                `alias:column` for another name. An answer to it holds what it names";
    described(json!({ "name": "select", "in": "query", "schema": string() }), [text, embedded.as_str()])
}

fn relation(relation: &Relation) -> String {
    let rows = relation.table.path;
    if relation.many {
        format!("* `{}`: an array of {rows}", relation.name)
    } else {
        format!("* `{}`: one of {rows}, or null", relation.name)
    }
}

fn order(table: &Table) -> Json {
    let columns = table.readable().filter(|column| column.kind != Kind::Json);
    let columns: Vec<_> = columns.map(|column| format!("`{}`", column.json)).collect();
    let text = format!(
        "Columns with commas between them, each with `.desc`, `.nullsfirst` or `.nullslast` behind it where that is \
         meant; the key breaks ties. Of {}",
        columns.join(", ")
    );
    described(json!({ "name": "order", "in": "query", "schema": string() }), [text.as_str()])
}

fn limit(table: &Table) -> Json {
    let schema = json!({ "type": "integer", "minimum": 0, "maximum": table.page.max, "default": table.page.default });
    json!({ "name": "limit", "in": "query", "schema": schema, "description": "How many rows a page has" })
}

/// The header `Prefer` with what is honoured.
pub(super) fn prefer(honoured: &[Preference]) -> Json {
    preferences(honoured.iter().map(|preference| said(*preference)))
}

/// The same for new rows. Where a client gives nothing unique none of them can be there already, and where nobody changes
/// rows none is merged into another.
pub(super) fn prefer_for_new(table: &'static Table) -> Json {
    let honoured = Preference::OF_NEW.iter().filter(|one| **one != Preference::Resolution || can_meet(table));
    preferences(honoured.map(|one| match one {
        Preference::Resolution if !can_merge(table) => {
            "* `resolution=ignore-duplicates`: a row whose values are taken is left out. With `on_conflict`"
        }
        one => said(*one),
    }))
}

/// Whether a new row may meet one that is there already, by `on_conflict`.
pub(super) fn can_meet(table: &'static Table) -> bool {
    query::conflicts(table).next().is_some()
}

/// Whether it may then change that one.
pub(super) fn can_merge(table: &'static Table) -> bool {
    can_meet(table) && !table.rules.update.is_none()
}

fn said(preference: Preference) -> &'static str {
    match preference {
        Preference::Return => "* `return=minimal`: no body; `return=representation`: what was written, as when unsaid",
        Preference::Count => "* `count=exact`: how many there are, in `Content-Range`",
        Preference::MaxAffected => "* `max-affected=20`: 400, and nothing changed, where more rows are meant",
        Preference::Missing => {
            "* `missing=null`: a field that is not named is null; `missing=default`: its default, as when unsaid"
        }
        Preference::Resolution => {
            "* `resolution=merge-duplicates`: a row whose values are taken changes the one that has them; \
             `resolution=ignore-duplicates`: it is left out. With `on_conflict`"
        }
    }
}

fn preferences<'t>(lines: impl Iterator<Item = &'t str>) -> Json {
    let strict = "* `handling=strict`: 400 where a preference cannot be honoured";
    let text = lines.chain([strict]).collect::<Vec<_>>().join("\n");
    json!({ "name": "Prefer", "in": "header", "schema": string(), "description": text })
}

pub(super) fn string() -> Json {
    json!({ "type": "string" })
}
