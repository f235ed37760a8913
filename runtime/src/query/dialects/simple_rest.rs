//! The manner of `ra-data-simple-rest`, JSON in each parameter:
//! `filter={"status":"Done","id":[1,2],"date_gte":"2026-01-01"}&range=[0,9]&sort=["date","DESC"]`.

use serde_json::Value;

use super::{Dialect, suffix};
use crate::{
    error::{Error, Result},
    filter::{Is, Node},
    input,
    names::shown,
    query::{Draft, Pair, bad, refuse, sort},
};

pub(super) static DIALECT: Dialect =
    Dialect { parameters: &["filter", "range", "sort"], claims: |_, _| false, counts: true, read };

fn read(draft: &mut Draft, pairs: &[Pair<'_>]) -> Result<()> {
    let mut filtered = None;
    for (name, value) in pairs {
        match &**name {
            "filter" => {
                super::once(&mut filtered, name, ())?;
                filter(draft, value)?;
            }
            "range" => range(draft, value)?,
            "sort" => order(draft, value)?,
            "q" => draft.words(name, value)?,
            _ => return Err(refuse::unknown(draft.table, name).hint("in this manner filters stand in `filter`")),
        }
    }
    Ok(())
}

fn filter(draft: &mut Draft, text: &str) -> Result<()> {
    let Some(Value::Object(members)) = tree(text) else {
        return Err(malformed("filter", r#"{"title":"a","id":[1,2]}"#));
    };
    for (name, value) in members {
        match value {
            Value::Array(values) if values.is_empty() => {
                let column = refuse::column(draft.table, &name)?;
                draft.filter(Node::In(column, Vec::new()))?;
            }
            Value::Array(values) => {
                values.iter().try_for_each(|value| suffix::filter(draft, &name, &scalar(&name, value)?))?
            }
            Value::Null => {
                let column = refuse::column(draft.table, &name)?;
                draft.filter(Node::Is(column, Is::Null))?;
            }
            value if name == "q" => draft.words(&name, &scalar(&name, &value)?)?,
            value => suffix::filter(draft, &name, &scalar(&name, &value)?)?,
        }
    }
    Ok(())
}

/// The text of a value: ids come as numbers and as texts, from the same application.
fn scalar(name: &str, value: &Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(bad(format!("`filter`: `{}` must be a value, null, or an array of values", shown(name))))
        }
    }
}

fn range(draft: &mut Draft, text: &str) -> Result<()> {
    let bounds = match tree(text) {
        Some(Value::Array(bounds)) => bounds.iter().map(Value::as_u64).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    match bounds.as_deref() {
        Some([first, last]) if *last < u64::MAX => draft.rows("range", *first, last + 1),
        _ => Err(malformed("range", "[0,9]")),
    }
}

fn order(draft: &mut Draft, text: &str) -> Result<()> {
    let words = match tree(text) {
        Some(Value::Array(words)) => {
            words.into_iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    let Some(words) = words.filter(|words| !words.is_empty()) else {
        return Err(malformed("sort", r#"["title","ASC"]"#));
    };
    let keys = words.chunks(2).map(|key| sort::by(draft.table, &key[0], key.get(1).map(String::as_str)));
    let keys = keys.collect::<Result<_>>()?;
    draft.order("sort", keys)
}

fn tree(text: &str) -> Option<Value> {
    input::parse(text.as_bytes()).ok()
}

fn malformed(name: &str, example: &str) -> Error {
    bad(format!("`{name}` cannot be read")).hint(format!("write {name}={example}, percent-encoded"))
}
