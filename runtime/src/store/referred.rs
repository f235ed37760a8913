//! Why rows cannot be deleted: others refer to them.

use std::sync::Arc;

use super::verdict;
use crate::{
    db::{Db, Run as _},
    error::{Code, Error, Result},
    filter::Node,
    input::Changes,
    policy::Scope,
    relation::Relation,
    sql,
};

/// What was done to delete the rows that a filter means; where others refer to them, it is told which, as far as the caller
/// sees those. The relations are those of the table.
pub(crate) async fn referred<T>(
    db: &Db,
    scope: &Scope,
    filter: &Node,
    relations: &[Arc<Relation>],
    done: Result<T>,
) -> Result<T> {
    match done {
        Err(error) if error.code() == Code::ForeignKey => {
            let asked = match sql::probe_referred(db.speaks(), scope, filter, relations)? {
                Some(probe) => verdict(db, probe).await,
                None => Ok(None),
            };
            Err(asked.ok().flatten().unwrap_or(error))
        }
        done => done,
    }
}

/// Whether others refer to what was to go: no field can be at fault where none was set.
pub(super) fn is_why(error: &Error, changes: &Changes) -> bool {
    error.code() == Code::ForeignKey && changes.set.is_empty()
}

/// The failure of a deletion: it breaks no other constraint than that.
pub(super) fn said(error: Error) -> Error {
    if error.code() == Code::ForeignKey { sql::referred_to().source(error) } else { error }
}
