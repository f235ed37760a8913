//! The server's own description, and the part of JSON Schema (2020-12) that it is written in, to hold answers against it.
//!
//! It is stricter than a validator: an object may hold nothing that is not described, and a keyword that is not known here
//! fails the test.

use serde_json::{Map, Value};

use crate::answer::Answer;

/// What `GET /openapi.json` answered.
#[derive(Clone, Debug)]
pub struct Document(pub Value);

/// Said of a schema, and asking nothing of a value.
const SAID: [&str; 6] = ["description", "readOnly", "writeOnly", "default", "examples", "maxItems"];

/// Headers that answers have whatever they answer, and that clients do not read by themselves.
const EVERYWHERE: [&str; 8] = [
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "vary",
    "x-content-type-options",
];

impl Document {
    /// What a method does at a path.
    #[track_caller]
    pub fn operation(&self, method: &str, path: &str) -> &Value {
        let found = self.0["paths"].get(path).and_then(|path| path.get(method));
        found.unwrap_or_else(|| panic!("{method} {path} is not described"))
    }

    /// Every method and path, in lower case and as a pattern.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, operations)| {
            let operations = operations.as_object().into_iter().flatten();
            let operations = operations.filter(|(name, _)| *name != "parameters");
            operations.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
    }

    /// The schema of an answer of JSON.
    #[track_caller]
    pub fn answer(&self, method: &str, path: &str, status: u16) -> &Value {
        let responses = &self.operation(method, path)["responses"];
        let found =
            responses.get(status.to_string()).unwrap_or_else(|| panic!("{method} {path} {status}: {responses}"));
        let found = self.resolved(found);
        let mut content = found["content"].as_object().into_iter().flatten();
        let (_, content) = content.next().unwrap_or_else(|| panic!("{method} {path} {status} has no body: {found}"));
        &content["schema"]
    }

    /// Asserts that an answer is described: its status by itself, all of its headers, and its body.
    #[track_caller]
    pub fn assert_answers(&self, method: &str, path: &str, answer: &Answer) {
        let described = self.operation(method, path)["responses"].get(answer.status.to_string());
        let described = described.unwrap_or_else(|| panic!("{method} {path}: the status is not described\n{answer:?}"));
        let described = self.resolved(described);
        let known: Vec<_> = described["headers"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
        for (name, value) in &answer.headers {
            if EVERYWHERE.contains(&name.as_str()) {
                continue;
            }
            let header = known.iter().find(|known| known.eq_ignore_ascii_case(name.as_str()));
            let header = header.unwrap_or_else(|| panic!("{method} {path}: {name} is not described\n{answer:?}"));
            let schema = &self.resolved(&described["headers"][*header])["schema"];
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            let value: Option<Value> =
                if schema["type"] == "integer" { serde_json::from_str(&text).ok() } else { Some(text.into()) };
            self.assert_fits(schema, &value.unwrap_or_else(|| panic!("{name} is no number\n{answer:?}")));
        }
        let Some(content) = described.get("content") else {
            answer.assert_empty();
            return;
        };
        // A body can be absent where its maker may not read it.
        if answer.body.is_empty() && answer.status == 201 {
            return;
        }
        let (kind, content) = content.as_object().into_iter().flatten().next().expect("a media type");
        answer.assert_header("content-type", kind);
        self.assert_fits(&content["schema"], &answer.json());
    }

    /// The schema of a body of JSON.
    #[track_caller]
    pub fn body(&self, method: &str, path: &str) -> &Value {
        &self.operation(method, path)["requestBody"]["content"]["application/json"]["schema"]
    }

    /// A schema by its name.
    #[track_caller]
    pub fn schema(&self, name: &str) -> &Value {
        let found = self.0["components"]["schemas"].get(name);
        found.unwrap_or_else(|| panic!("there is no schema {name}"))
    }

    /// The parameters of an operation, resolved.
    pub fn parameters(&self, method: &str, path: &str) -> Vec<&Value> {
        let all = self.operation(method, path)["parameters"].as_array().into_iter().flatten();
        all.map(|parameter| self.resolved(parameter)).collect()
    }

    /// What a reference leads to, and anything else itself.
    #[track_caller]
    pub fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads elsewhere"));
        self.resolved(self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads to nothing")))
    }

    /// Asserts that a value is what a schema says.
    #[track_caller]
    pub fn assert_fits(&self, schema: &Value, value: &Value) {
        let mut mistakes = Vec::new();
        self.check(schema, value, "", &mut mistakes);
        assert!(mistakes.is_empty(), "{mistakes:#?}\n{value:#}\nis not as\n{:#}", self.resolved(schema));
    }

    /// Whether a value is what a schema says.
    pub fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut mistakes = Vec::new();
        self.check(schema, value, "", &mut mistakes);
        mistakes.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, mistakes: &mut Vec<String>) {
        let schema = self.resolved(schema).as_object().expect("a schema");
        let mut must = |holds: bool, what: &str| {
            if !holds {
                mistakes.push(format!("{at}: {what}"));
            }
        };
        for (keyword, wanted) in schema {
            match keyword.as_str() {
                "type" => must(is_of(wanted, value), &format!("must be {wanted}")),
                "const" => must(wanted == value, &format!("must be {wanted}")),
                "enum" => must(wanted.as_array().expect("a list").contains(value), &format!("must be one of {wanted}")),
                "minLength" | "maxLength" => {
                    let length = value.as_str().map_or(0, |text| text.chars().count() as u64);
                    let wanted = wanted.as_u64().expect("a length");
                    let holds = if keyword == "minLength" { length >= wanted } else { length <= wanted };
                    must(holds || !value.is_string(), &format!("{keyword} {wanted}"));
                }
                "minimum" | "maximum" => {
                    let (number, wanted) = (value.as_f64(), wanted.as_f64().expect("a bound"));
                    let holds = |number| if keyword == "minimum" { number >= wanted } else { number <= wanted };
                    must(number.is_none_or(holds), &format!("{keyword} {wanted}"));
                }
                "format" => {
                    must(value.as_str().is_none_or(|text| has_format(wanted, text)), &format!("must be a {wanted}"));
                }
                "contentEncoding" => {
                    let is_base64 = |text: &str| {
                        text.len().is_multiple_of(4)
                            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
                    };
                    must(value.as_str().is_none_or(is_base64), "must be base64");
                }
                "required" => {
                    for name in wanted.as_array().expect("a list") {
                        let name = name.as_str().expect("a name");
                        must(
                            value.as_object().is_none_or(|object| object.contains_key(name)),
                            &format!("needs {name}"),
                        );
                    }
                }
                "oneOf" => {
                    let fitting =
                        wanted.as_array().expect("a list").iter().filter(|schema| self.fits(schema, value)).count();
                    must(fitting == 1, &format!("fits {fitting} of {wanted}"));
                }
                // There is no engine here to try patterns with.
                "items" | "properties" | "additionalProperties" | "pattern" => {}
                other => assert!(SAID.contains(&other), "{other} is a keyword that this validator does not know"),
            }
        }
        if let (Some(items), Some(array)) = (schema.get("items"), value.as_array()) {
            for (i, item) in array.iter().enumerate() {
                self.check(items, item, &format!("{at}/{i}"), mistakes);
            }
        }
        if let Some(object) = value.as_object() {
            self.members(schema, object, at, mistakes);
        }
    }

    fn members(&self, schema: &Map<String, Value>, object: &Map<String, Value>, at: &str, mistakes: &mut Vec<String>) {
        let (known, others) = (schema.get("properties"), schema.get("additionalProperties"));
        if known.is_none() && others.is_none() {
            return;
        }
        for (name, member) in object {
            let at = format!("{at}/{name}");
            match (known.and_then(|known| known.get(name)), others) {
                (Some(schema), _) => self.check(schema, member, &at, mistakes),
                (None, Some(schema)) if schema.is_object() => self.check(schema, member, &at, mistakes),
                _ => mistakes.push(format!("{at}: is not described")),
            }
        }
    }
}

fn is_of(types: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().expect("a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    };
    types.as_array().map_or_else(|| is(types), |types| types.iter().any(is))
}

/// Formats by the shape of their texts: `9` stands for any digit.
fn has_format(format: &Value, text: &str) -> bool {
    let whole_seconds = |text: &'_ str| text.split_once('.').map_or(text.to_owned(), |(whole, _)| whole.to_owned());
    let shaped = |shape: &str, text: &str| {
        text.len() == shape.len()
            && text.chars().zip(shape.chars()).all(|(c, wanted)| match wanted {
                '9' => c.is_ascii_digit(),
                'f' => c.is_ascii_hexdigit(),
                other => c == other,
            })
    };
    match format.as_str().expect("a format") {
        "date" => shaped("9999-99-99", text),
        "time-local" => shaped("99:99:99", &whole_seconds(text)),
        "date-time-local" => shaped("9999-99-99T99:99:99", &whole_seconds(text)),
        "date-time" => text.strip_suffix('Z').is_some_and(|local| shaped("9999-99-99T99:99:99", &whole_seconds(local))),
        "uuid" => shaped("ffffffff-ffff-ffff-ffff-ffffffffffff", text),
        "email" => text.contains('@'),
        "uri" => text.starts_with("http://") || text.starts_with("https://"),
        "int16" | "int32" | "int64" | "double" | "password" => true,
        other => panic!("{other} is a format that this validator does not know"),
    }
}
