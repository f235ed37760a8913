//! Body bytes to a JSON tree, with the two refusals that `serde_json` does not know: a member that stands twice, and
//! nesting that is deeper than any row.

use std::{cell::RefCell, fmt};

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
    let path = RefCell::new(Vec::new());
    let tree = Tree { depth: 0, path: &path }.deserialize(&mut source);
    let tree = tree.map_err(|e| refusal(text, &e, &path.into_inner()))?;
    source
        .end()
        .map_err(|e| bad(format!("something follows the JSON value at line {} column {}", e.line(), e.column())))?;
    Ok(tree)
}

fn bad(detail: impl Into<String>) -> Error {
    Error::new(Code::BadJson, detail.into())
}

/// Our own texts go out as they are; what the library says of a syntax error stays inside.
fn refusal(text: &str, error: &serde_json::Error, path: &[String]) -> Error {
    let (line, column) = place(text, error);
    match error.classify() {
        // It is JSON (RFC 8259 section 6), and no column has room for it. The library says so in words alone.
        Category::Syntax if error.to_string().starts_with("number out of range") => {
            let field: Vec<_> = path.iter().rev().map(String::as_str).collect();
            let text = "is out of range: numbers have 64 bits";
            match field.as_slice() {
                [] => Error::new(Code::Invalid, format!("the number {text}")),
                field => Error::invalid([(field.join("."), text.to_owned())]),
            }
        }
        Category::Data => bad(error.to_string()),
        Category::Eof => bad(format!("the JSON ends too early at line {line} column {column}")),
        Category::Syntax | Category::Io => bad(format!("malformed JSON at line {line} column {column}")),
    }
}

/// Where the reader stopped. A line break that should not be there ends its line, and does not begin the next.
fn place(text: &str, error: &serde_json::Error) -> (usize, usize) {
    match (error.line(), error.column()) {
        (line @ 2.., 0) => (line - 1, text.lines().nth(line - 2).map_or(1, |line| line.len() + 1)),
        place => place,
    }
}

fn position(read: &[u8]) -> (usize, usize) {
    let lines = || read.split(|b| *b == b'\n');
    (lines().count(), lines().next_back().map_or(0, <[u8]>::len) + 1)
}

/// Reads one value that lies in `depth` others.
#[derive(Clone, Copy)]
struct Tree<'p> {
    depth: usize,
    /// Where it went wrong, from inside out.
    path: &'p RefCell<Vec<String>>,
}

impl Tree<'_> {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return Err(E::custom(format_args!("the JSON nests deeper than {DEEPEST}")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn within(self, name: impl FnOnce() -> String) {
        self.path.borrow_mut().push(name());
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
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
        loop {
            let item = items.next_element_seed(inner).inspect_err(|_| self.within(|| array.len().to_string()))?;
            match item {
                Some(item) => array.push(item),
                None => break,
            }
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            match object.entry(name) {
                Entry::Vacant(place) => {
                    let value = members.next_value_seed(inner).inspect_err(|_| self.within(|| shown(place.key())))?;
                    place.insert(value);
                }
                Entry::Occupied(place) => {
                    let name = shown(place.key());
                    return Err(A::Error::custom(format_args!("the member `{name}` stands twice in one object")));
                }
            }
        }
        Ok(object.into())
    }
}
