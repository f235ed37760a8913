//! What the bodies and query strings of all resources share.

use serde::{Deserialize, Deserializer};

use crate::{error::Error, status::Status};

/// A page of a list, as the query string asks for it.
#[derive(Deserialize)]
pub(crate) struct List {
    #[serde(default = "List::default_limit")]
    pub(crate) limit: i64,
    #[serde(default)]
    pub(crate) offset: i64,
    pub(crate) status: Option<Status>,
}

impl List {
    const MAX: i64 = 1000;

    fn default_limit() -> i64 {
        100
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if (0..=Self::MAX).contains(&self.limit) && self.offset >= 0 {
            Ok(())
        } else {
            Err(Error::Invalid("limit is 0 to 1000, offset 0 or more"))
        }
    }
}

/// Tells a null that was sent from a member that was not.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
