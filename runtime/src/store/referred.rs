//! Why rows cannot be deleted: others refer to them.

use crate::{
    error::{Code, Error},
    input::Changes,
};

/// Whether others refer to what was to go: no field can be at fault where none was set.
pub(super) fn is_why(error: &Error, changes: &Changes) -> bool {
    error.code() == Code::ForeignKey && changes.set.is_empty()
}

/// The failure of a deletion, which breaks no other constraint than that. By which rows is not said: no table of another
/// resource is named to a client.
pub(super) fn said(error: Error) -> Error {
    if error.code() != Code::ForeignKey {
        return error;
    }
    Error::new(Code::ForeignKey, "other rows refer to what would be deleted")
        .hint("delete those first, or have them refer to others")
        .source(error)
}
