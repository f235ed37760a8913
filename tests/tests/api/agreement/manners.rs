//! Questions in the manners of front ends.

use serde_json::{Map, Value, json};

use super::{
    questions::Pairs,
    random::Random,
    selects::sortable,
    tables::{Field, Holds, Listed},
};

/// Columns that are asked for values as they are, each once.
fn plain(listed: &Listed, random: &mut Random) -> Vec<(Field, &'static str)> {
    let fields: Vec<_> = listed.fields.iter().copied().filter(|field| field.holds != Holds::Json).collect();
    random.some(&fields, 2).into_iter().map(|field| (field, random.pick(field.values))).collect()
}

/// A suffix that a column takes.
fn suffix(field: &Field, random: &mut Random) -> &'static str {
    let texts = matches!(field.holds, Holds::Text | Holds::Words | Holds::Choice);
    random.pick(if texts { &["", "_ne", "_gte", "_lte", "_like"] } else { &["", "_ne", "_gte", "_lte"] })
}

pub(super) fn simple_rest(listed: &Listed, random: &mut Random) -> Pairs {
    let mut filter = Map::new();
    for (field, text) in plain(listed, random) {
        let suffix = suffix(&field, random);
        let value = match random.below(4) {
            0 if suffix.is_empty() => Value::from(random.some(field.values, 3)),
            1 if suffix.is_empty() => json!([text, null]),
            2 if suffix.is_empty() => Value::Null,
            _ => json!(text),
        };
        filter.insert(format!("{}{suffix}", field.name), value);
    }
    let mut pairs = vec![("filter".to_owned(), Value::Object(filter).to_string())];
    if random.percent(70) {
        let first = random.below(12);
        pairs.push(("range".to_owned(), json!([first, first + random.below(9)]).to_string()));
    }
    if let Some(field) = sortable(listed, random).first() {
        pairs.push(("sort".to_owned(), json!([field.name, random.pick(&["ASC", "DESC"])]).to_string()));
    }
    pairs
}

pub(super) fn json_server(listed: &Listed, random: &mut Random) -> Pairs {
    let mut pairs = Vec::new();
    let first = random.below(12);
    pairs.push(("_start".to_owned(), first.to_string()));
    pairs.push(("_end".to_owned(), (first + random.below(9)).to_string()));
    for (field, text) in plain(listed, random) {
        let suffix = suffix(&field, random);
        pairs.push((format!("{}{suffix}", field.name), text.to_owned()));
        if suffix.is_empty() && random.percent(30) {
            pairs.push((field.name.to_owned(), random.pick(field.values).to_owned()));
        }
    }
    let keys = sortable(listed, random);
    let names: Vec<_> = keys.iter().map(|field| field.name).collect();
    let directions: Vec<_> = keys.iter().map(|_| random.pick(&["asc", "DESC"])).collect();
    pairs.push(("_sort".to_owned(), names.join(",")));
    pairs.push(("_order".to_owned(), directions.join(",")));
    pairs
}
