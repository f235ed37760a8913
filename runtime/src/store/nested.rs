//! New rows together with new rows that point to them: in one transaction, and a handful of statements for each table.

use super::{
    Made,
    many::{hash_rows, insert_all},
    reasons::{ask, new, unexplained},
    whole::At,
};
use crate::{
    column::Column,
    db::{Db, Tx},
    error::{Error, Result},
    input::Changes,
    policy::Scope,
    row::Row,
    value::Value,
};

/// The rows of one member, of all the rows that are made.
pub(crate) struct Kin {
    /// The member that they stand under.
    pub(crate) name: String,
    pub(crate) scope: Scope,
    /// The column that points to the row around.
    pub(crate) column: &'static Column,
    /// What of the rows is answered.
    pub(crate) output: Vec<&'static Column>,
    pub(crate) rows: Vec<Changes>,
    /// Of each row the number of the one around it, and its own number within that.
    pub(crate) places: Vec<[usize; 2]>,
}

/// Inserts rows and those that belong to them, and answers the former and then each of `kin`, in their order. Errors are
/// keyed by the number of the row, and within it `comments.0.message`.
pub(crate) async fn insert_kin(
    at: At<'_>,
    scope: &Scope,
    rows: &mut [Changes],
    kin: &mut [Kin],
    output: &[&'static Column],
) -> Result<(Vec<Made>, Vec<Vec<Made>>)> {
    let state = (scope, &mut *rows, &mut *kin, output);
    match at.whole(state, |(scope, rows, kin, output), tx| Box::pin(all(tx, scope, rows, kin, output))).await {
        Err(error) if unexplained(&error) => Err(because(at.outside(), scope, rows, kin, error).await),
        done => done,
    }
}

/// Hashes the passwords of all of them, if they have a chance.
pub(crate) async fn hash_kin(db: &Db, scope: &Scope, rows: &mut [Changes], kin: &mut [Kin]) -> Result<()> {
    hash_rows(db, scope, None, rows).await?;
    for kin in kin {
        let hashed = hash_rows(db, &kin.scope, None, &mut kin.rows).await;
        hashed.map_err(|error| kin.keyed(error))?;
    }
    Ok(())
}

async fn all(
    tx: &Tx,
    scope: &Scope,
    rows: &mut [Changes],
    kin: &mut [Kin],
    output: &[&'static Column],
) -> Result<(Vec<Made>, Vec<Vec<Made>>)> {
    let made = insert_all(tx, scope, rows, output).await?;
    let mut all = Vec::with_capacity(kin.len());
    for kin in kin {
        kin.point_to(scope, &made)?;
        if kin.rows.is_empty() {
            // No statement carries the scope, so it is asked by itself.
            super::nothing_seen(tx, &kin.scope).await?;
            all.push(Vec::new());
            continue;
        }
        let made = insert_all(tx, &kin.scope, &mut kin.rows, &kin.output).await;
        all.push(made.map_err(|error| kin.keyed(error))?);
    }
    Ok((made, all))
}

impl Kin {
    /// Whether the caller may read that row is asked by the insert, as of every reference.
    fn point_to(&mut self, scope: &Scope, made: &[Made]) -> Result<()> {
        for (row, [around, _]) in std::iter::zip(&mut self.rows, &self.places) {
            let key = made.get(*around).and_then(|made| key(scope, &made.row));
            let key = key.ok_or_else(|| Error::internal("a row is made within one that is not there"))?;
            row.set.retain(|(column, _)| column.name != self.column.name);
            row.set.push((self.column, key.clone()));
        }
        Ok(())
    }

    /// The same failure with the names of fields that the body has.
    fn keyed(&self, error: Error) -> Error {
        error.renamed(|field| {
            let (number, rest) = field.split_once('.').unwrap_or((&field, ""));
            match number.parse().ok().and_then(|number: usize| self.places.get(number)) {
                Some([around, within]) => format!("{around}.{}.{within}.{rest}", self.name),
                None => field,
            }
        })
    }
}

fn key<'r>(scope: &Scope, row: &'r Row) -> Option<&'r Value> {
    row.get(scope.table().id().name)
}

/// A constraint failed, and with it the transaction: which rows and fields are at fault?
async fn because(db: &Db, scope: &Scope, rows: &[Changes], kin: &mut [Kin], error: Error) -> Error {
    if let Ok(Some(verdict)) = ask(db, scope, &new(rows)).await {
        return verdict;
    }
    for kin in kin {
        // The rows around are gone again, and would be missed.
        for row in &mut kin.rows {
            row.set.retain(|(column, _)| column.name != kin.column.name);
        }
        if let Ok(Some(verdict)) = ask(db, &kin.scope, &new(&kin.rows)).await {
            return kin.keyed(verdict);
        }
    }
    super::undeclared(error)
}
