//! Body bytes to a JSON tree, with the two refusals that `serde_json` does not know: a member that stands twice, and
//! nesting that is deeper than any row.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, error::Category, map::Entry};

use crate::{
    error::{Code, Error, Result},
    names::shown,
};

/// Arrays and objects within each other, at most.
const DEEPEST: usize = 64;

/// The JSON of a body: exactly one value, in UTF-8.
pub(crate) fn parse(body: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(body).map_err(|e| {
        let (line, column) = position(&body[..e.valid_up_to()]);
        bad(format!("the body is not UTF-8 at line {line} column {column}"))
    })?;
    if text.trim_ascii().is_empty() {
        return Err(bad("the body is empty: JSON is expected"));
    }
    let mut source = serde_json::Deserializer::from_str(text);
    let tree = Tree { depth: 0 }.deserialize(&mut source).map_err(|e| refusal(&e))?;
    source
        .end()
        .map_err(|e| bad(format!("something follows the JSON value at line {} column {}", e.line(), e.column())))?;
    Ok(tree)
}

fn bad(detail: impl Into<String>) -> Error {
    Error::new(Code::BadJson, detail.into())
}

/// Our own texts go out as they are; what the library says of a syntax error stays inside.
fn refusal(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Data => bad(error.to_string()),
        Category::Eof => bad(format!("the JSON ends too early at line {line} column {column}")),
        Category::Syntax | Category::Io => bad(format!("malformed JSON at line {line} column {column}")),
    }
}

fn position(read: &[u8]) -> (usize, usize) {
    let lines = || read.split(|b| *b == b'\n');
    (lines().count(), lines().next_back().map_or(0, <[u8]>::len) + 1)
}

/// Reads one value that lies in `depth` others.
#[derive(Clone, Copy)]
struct Tree {
    depth: usize,
}

impl Tree {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return Err(E::custom(format_args!("the JSON nests deeper than {DEEPEST}")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            match object.entry(name) {
                Entry::Vacant(place) => _ = place.insert(members.next_value_seed(inner)?),
                Entry::Occupied(place) => {
                    let name = shown(place.key());
                    return Err(A::Error::custom(format_args!("the member `{name}` stands twice in one object")));
                }
            }
        }
        Ok(object.into())
    }
}
