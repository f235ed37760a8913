//! `after=<cursor>`: where a list goes on.
//!
//! A cursor holds the sort keys of the last row that was seen, and how many rows were seen until then, behind a check
//! that ties them to the order that they were made for. It holds nothing that its reader was not shown, so it is no
//! secret and not signed: who makes one up gets rows that it may read anyway.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::{bad, numbers};
use crate::{
    column::Role,
    error::{Error, Result},
    order::Order,
    table::Table,
    text,
    value::Value,
};

/// A place in a list of a certain order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cursor {
    /// How many rows lie before it.
    pub(crate) position: u64,
    /// The keys of the row before it, up to the id.
    pub(crate) values: Vec<Value>,
}

/// Bytes of a cursor before it is encoded, at most: it has to fit into a URL beside other parameters.
const LONGEST: usize = 1024;

/// Bytes of the check.
const CHECK: usize = 8;

/// The keys that tell any two rows apart: what follows the id decides nothing.
pub(crate) fn keys(order: &[Order]) -> &[Order] {
    let id = order.iter().position(|key| key.column.role == Role::Id);
    id.map_or(order, |id| &order[..=id])
}

impl Cursor {
    /// Its text; nothing where that would be too long.
    pub(crate) fn write(&self, table: &Table, order: &[Order]) -> Option<String> {
        let values: Vec<_> =
            self.values.iter().map(|value| (*value != Value::Null).then(|| text::of(value.as_ref()))).collect();
        let content = serde_json::to_vec(&(self.position, values)).ok()?;
        let mut bytes = check(table, order, &content).to_vec();
        bytes.extend(content);
        (bytes.len() <= LONGEST).then(|| URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(super) fn read(table: &Table, order: &[Order], text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| stranger())?;
        let (found, content) = bytes.split_at_checked(CHECK).ok_or_else(stranger)?;
        if found != check(table, order, content) {
            return Err(stranger());
        }
        let (position, texts): (u64, Vec<Option<String>>) = serde_json::from_slice(content).map_err(|_| stranger())?;
        let keys = keys(order);
        if texts.len() != keys.len() || position > numbers::MOST {
            return Err(stranger());
        }
        let values = keys.iter().zip(texts).map(|(key, text)| match text {
            Some(text) => text::parse_kind(key.column.kind, &text).map_err(|_| stranger()),
            None if key.column.nullable => Ok(Value::Null),
            None => Err(stranger()),
        });
        Ok(Self { position, values: values.collect::<Result<_>>()? })
    }

    /// The keys of the row before it, with its values.
    pub(crate) fn keys(&self, order: &[Order]) -> Vec<(Order, Value)> {
        keys(order).iter().copied().zip(self.values.iter().cloned()).collect()
    }
}

fn stranger() -> Error {
    bad("`after` is no cursor of this list in this order")
        .hint("take it from the Link header, and keep `order` as it was")
}

fn check(table: &Table, order: &[Order], content: &[u8]) -> [u8; CHECK] {
    let mut hash = Sha256::new();
    hash.update(table.path);
    for key in keys(order) {
        hash.update([0, u8::from(key.descending), u8::from(key.nulls_first)]);
        hash.update(key.column.json);
    }
    hash.update([0, 2]);
    hash.update(content);
    let mut check = [0; CHECK];
    check.copy_from_slice(&hash.finalize()[..CHECK]);
    check
}
