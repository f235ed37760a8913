//! Tables as JSON Schemas: a row as it is answered, and as it is sent for each purpose.

use serde_json::{Map, Value as Json, json};

use super::{Api, described, values};
use crate::{
    column::{Column, Role},
    input::MOST_ROWS,
    query::MOST_EMBEDDED,
    relation::Relation,
    table::Table,
};

/// What a row is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// POST
    Create,
    /// PUT, where it does not merge
    Replace,
    /// PATCH
    Change,
    /// PATCH of an array, whose rows say which they are
    Each,
    /// `/auth/register`
    Register,
}

impl Sent {
    /// Whether an absent field takes its default; it stays as it is otherwise.
    pub(super) fn fills(self, column: &Column) -> bool {
        match self {
            Self::Create | Self::Register => true,
            Self::Replace => !kept(column),
            Self::Change | Self::Each => false,
        }
    }

    fn requires(self, column: &Column) -> bool {
        // Nobody is an administrator unsaid.
        let required = column.required() && column.role != Role::Admin && self.fills(column);
        required || (self == Self::Each && column.role == Role::Id)
    }
}

/// Whether PUT leaves it alone where it is not named.
fn kept(column: &Column) -> bool {
    column.secret || column.write_only || column.immutable || column.role == Role::Admin
}

/// A row as answers have it: what can be read, and what may be embedded in it.
pub(super) fn answered(api: &Api<'_>, table: &Table) -> Json {
    let columns = table.readable().map(|column| (column.json.to_owned(), values::answered(column)));
    let relations = api.relations(table).map(|relation| (relation.name.clone(), embedded(api, relation)));
    let properties: Map<_, _> = columns.chain(relations).collect();
    let required: Vec<_> = table.readable().map(|column| column.json).collect();
    described(json!({ "type": "object", "properties": properties, "required": required }), [table.doc])
}

fn embedded(api: &Api<'_>, relation: &Relation) -> Json {
    let row = api.row(relation.table);
    let schema = if relation.many {
        json!({ "type": "array", "items": row, "readOnly": true })
    } else {
        json!({ "oneOf": [row, { "type": "null" }], "readOnly": true })
    };
    let rows = relation.table.path;
    let text = match (relation.many, relation.nested()) {
        (true, true) => format!(
            "The {rows} that belong to it, where `select` asks for them or where they were created with it; \
             {MOST_EMBEDDED} at most"
        ),
        (true, false) => {
            format!("The {rows} that belong to it, where `select` asks for them; {MOST_EMBEDDED} at most")
        }
        (false, _) => format!("The one of {rows} that it belongs to, where `select` asks for it and it can be seen"),
    };
    described(schema, [text.as_str()])
}

/// A row as it is sent.
pub(super) fn sent(api: &Api<'_>, table: &Table, sent: Sent) -> Json {
    let mut schema = object(table, sent, None);
    if sent == Sent::Create {
        for relation in api.relations(table).filter(|relation| relation.nested()) {
            schema["properties"][&relation.name] = brought(relation);
        }
    }
    schema
}

/// The rows that a new one brings along. Their reference is the new row's key, whatever they say.
fn brought(relation: &Relation) -> Json {
    let rows = object(relation.table, Sent::Create, Some(relation.there));
    // The row that they belong to is one of the rows of the body.
    let schema = json!({ "type": "array", "items": rows, "maxItems": MOST_ROWS - 1 });
    let text = format!("Rows of {} that are created with it, in one transaction", relation.table.path);
    described(schema, [text.as_str()])
}

fn object(table: &Table, sent: Sent, given: Option<&Column>) -> Json {
    let is_given = |column: &Column| given.is_some_and(|given| given.name == column.name);
    // What the server keeps can be sent back, as far as it was answered.
    let named = |column: &&Column| column.role != Role::DeletedAt && (column.readable() || !column.bookkept());
    let property = |column: &Column| match column.role {
        Role::Id if sent == Sent::Each => values::key(column),
        _ if is_given(column) => values::ignored(column),
        _ => values::sent(column, sent),
    };
    let columns = || table.columns.iter().filter(named);
    let properties: Map<_, _> = columns().map(|column| (column.json.to_owned(), property(column))).collect();
    let required = columns().filter(|column| sent.requires(column) && !is_given(column));
    let required: Vec<_> = required.map(|column| column.json).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}
