//! New rows that bring others along: `POST /cards` with `"comments": [{..}, ..]`.

use axum::response::Response;
use serde_json::Value as Tree;

use super::{
    array,
    create::{created_all, created_as, mode},
    object,
};
use crate::{
    db::Db,
    error::{Error, Result},
    input::{self, Changes, Family},
    policy::{Scope, authorize},
    relation::{Relation, Relations},
    routes::prefer::Prefer,
    store::{self, At, Kin, Made},
    table::{Action, Table},
};

/// Rows that were read, and are not made yet.
pub(super) struct Families {
    pub(super) is_array: bool,
    pub(super) rows: Vec<Changes>,
    /// The rows of each member that was sent, of all the rows around.
    kin: Vec<Kin>,
    /// Of each row the members that it was sent with, as places in `kin`.
    members: Vec<Vec<usize>>,
}

impl Families {
    /// The rows of a body. Whoever sends a member must be let create its rows, and that comes before what they say.
    pub(super) fn read(scope: &Scope, relations: &Relations, prefer: &Prefer, body: &Tree) -> Result<Self> {
        let table = scope.table();
        let kin = |relation: &Relation| -> Result<Kin> {
            Ok(Kin {
                name: relation.name.clone(),
                scope: authorize(relation.table, Action::Create, scope.caller())?,
                column: relation.there,
                output: prefer.output(relation.table),
                rows: Vec::new(),
                places: Vec::new(),
            })
        };
        let kin = input::nested_members(relations, table, body).map(kin).collect::<Result<Vec<_>>>()?;
        let families = input::family(relations, table, mode(prefer), body)?;
        let mut all = Self { is_array: body.is_array(), rows: Vec::new(), kin, members: Vec::new() };
        families.into_iter().try_for_each(|family| all.add(family))?;
        Ok(all)
    }

    fn add(&mut self, family: Family) -> Result<()> {
        let (around, mut members) = (self.rows.len(), Vec::with_capacity(family.brought.len()));
        self.rows.push(family.row);
        for brought in family.brought {
            let at = self.kin.iter().position(|kin| kin.name == brought.relation.name);
            let at = at.ok_or_else(|| Error::internal("a member is read that nobody is let create"))?;
            let kin = &mut self.kin[at];
            kin.places.extend((0..brought.rows.len()).map(|within| [around, within]));
            kin.rows.extend(brought.rows);
            members.push(at);
        }
        self.members.push(members);
        Ok(())
    }

    /// Whether anything comes along.
    pub(super) fn bring(&self) -> bool {
        !self.kin.is_empty()
    }

    /// Hashes passwords, which is too slow for a transaction.
    pub(super) async fn hash(&mut self, db: &Db, scope: &Scope) -> Result<()> {
        store::hash_kin(db, scope, &mut self.rows, &mut self.kin).await
    }

    /// Makes all of them or none. The answer holds what came along under the same members, as far as its maker may read
    /// it.
    pub(super) async fn done(self, scope: &Scope, at: At<'_>, prefer: &Prefer, path: &str) -> Result<Response> {
        let Self { is_array, rows, kin, members } = self;
        let table = scope.table();
        let shown: Vec<_> = kin.iter().map(|kin| Member::new(&kin.name, kin.scope.table(), &kin.places)).collect();
        let made = store::insert_kin(at, scope, rows, kin, &prefer.output(table)).await;
        let (made, within) = made.map_err(|error| if is_array { error } else { error.of_one_row() })?;
        let family = |number: usize| -> Result<Vec<u8>> {
            let mut body = object(table, &made[number].row)?;
            for at in &members[number] {
                shown[*at].append(&mut body, number, &within[*at])?;
            }
            Ok(body)
        };
        if is_array {
            created_all(&made, prefer, || {
                let rows = (0..made.len()).map(family).collect::<Result<Vec<_>>>()?;
                Ok([b"[", &rows.join(&b","[..])[..], b"]"].concat())
            })
        } else {
            let one = made.first().ok_or_else(|| Error::internal("nothing became of a row"))?;
            created_as(table, one, path, prefer, || family(0))
        }
    }
}

/// A member of an answer.
struct Member {
    /// `,"comments":`
    head: Vec<u8>,
    table: &'static Table,
    /// Which of the rows that were made stand within which.
    places: Vec<[usize; 2]>,
}

impl Member {
    fn new(name: &str, table: &'static Table, places: &[[usize; 2]]) -> Self {
        let head = format!(",{}:", Tree::from(name)).into_bytes();
        Self { head, table, places: places.to_vec() }
    }

    /// Puts the rows that came within one into its object, at the end. What is answered has an id at least.
    fn append(&self, object: &mut Vec<u8>, number: usize, made: &[Made]) -> Result<()> {
        // Rows stand in the order of those around them.
        let from = self.places.partition_point(|[around, _]| *around < number);
        let to = self.places.partition_point(|[around, _]| *around <= number);
        let rows = made[from..to].iter().filter(|made| made.visible).map(|made| &made.row);
        object.pop();
        object.extend_from_slice(&self.head);
        object.extend(array(self.table, rows)?);
        object.push(b'}');
        Ok(())
    }
}
