//! New rows that bring others along: `POST /cards` with `"comments": [{..}, ..]`.

use axum::{http::StatusCode, response::Response};
use serde_json::Value as Tree;

use super::{
    answer::{Answer, array, object},
    create::{created, created_all, mode},
};
use crate::{
    db::Db,
    error::{Error, Result},
    input::{self, Changes, Family},
    output::too_large,
    policy::{Scope, authorize},
    relation::{Relation, Relations},
    routes::reply::json,
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
    pub(super) fn read(scope: &Scope, relations: &Relations, answer: &Answer<'_>, body: &Tree) -> Result<Self> {
        let table = scope.table();
        let kin = |relation: &Relation| -> Result<Kin> {
            Ok(Kin {
                name: relation.name.clone(),
                scope: authorize(relation.table, Action::Create, scope.caller())?,
                column: relation.there,
                // What a selection shows of them it reads itself.
                output: if answer.is_whole() {
                    answer.prefer.output(relation.table)
                } else {
                    vec![relation.table.id()]
                },
                rows: Vec::new(),
                places: Vec::new(),
            })
        };
        let kin = input::nested_members(relations, table, body).map(kin).collect::<Result<Vec<_>>>()?;
        let families = input::family(relations, table, mode(answer.prefer), body)?;
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
        let hashed = store::hash_kin(db, scope, &mut self.rows, &mut self.kin).await;
        hashed.map_err(|error| error.of_rows(self.is_array))
    }

    /// Makes all of them or none. Where nothing is selected, the answer holds what came along under the same members, as
    /// far as its maker may read it.
    pub(super) async fn done(
        &mut self,
        scope: &Scope,
        at: At<'_>,
        answer: &Answer<'_>,
        path: &str,
    ) -> Result<Response> {
        let Self { is_array, rows, kin, members } = self;
        let made = store::insert_kin(at, scope, rows, kin, &answer.columns()).await;
        let (made, within) = made.map_err(|error| error.of_rows(*is_array))?;
        let seen = !answer.prefer.minimal && made.iter().all(|made| made.visible);
        let whole = (seen && answer.is_whole())
            .then(|| texts(answer.table, &made, &within, kin, members, at.most_answered()))
            .transpose()?;
        if *is_array {
            let shown = match whole {
                Some(texts) => Some(json(StatusCode::CREATED, [b"[", &texts.join(&b","[..])[..], b"]"].concat())),
                None => answer.all_made(at, &made).await?,
            };
            return created_all(answer, &made, shown);
        }
        let one = made.first().ok_or_else(|| Error::internal("nothing became of a row"))?;
        let shown = match whole {
            Some(texts) => texts.into_iter().next().map(|text| json(StatusCode::CREATED, text)),
            None => answer.made(at, one).await?,
        };
        created(answer, one, path, shown)
    }
}

/// The rows that were made, each with those that came within it; all of them have at most so many bytes.
fn texts(
    table: &'static Table,
    made: &[Made],
    within: &[Vec<Made>],
    kin: &[Kin],
    members: &[Vec<usize>],
    most: usize,
) -> Result<Vec<Vec<u8>>> {
    // As an array, which one of them alone is without its brackets.
    let mut left = most - 1;
    let shown: Vec<_> = kin.iter().map(Member::new).collect();
    let text = |(number, made): (usize, &Made)| -> Result<Vec<u8>> {
        let mut text = object(table, &made.row)?;
        for at in &members[number] {
            shown[*at].append(&mut text, number, &within[*at], most)?;
        }
        left = left.checked_sub(text.len() + 1).ok_or_else(|| too_large(most))?;
        Ok(text)
    };
    made.iter().enumerate().map(text).collect()
}

/// A member of an answer.
struct Member<'a> {
    /// `,"comments":`
    head: Vec<u8>,
    table: &'static Table,
    /// Which of the rows that were made stand within which.
    places: &'a [[usize; 2]],
}

impl<'a> Member<'a> {
    fn new(kin: &'a Kin) -> Self {
        let head = format!(",{}:", Tree::from(&*kin.name)).into_bytes();
        Self { head, table: kin.scope.table(), places: &kin.places }
    }

    /// Puts the rows that came within one into its object, at the end. What is answered has an id at least.
    fn append(&self, object: &mut Vec<u8>, number: usize, made: &[Made], most: usize) -> Result<()> {
        // Rows stand in the order of those around them.
        let from = self.places.partition_point(|[around, _]| *around < number);
        let to = self.places.partition_point(|[around, _]| *around <= number);
        let rows = made[from..to].iter().filter(|made| made.visible).map(|made| &made.row);
        object.pop();
        object.extend_from_slice(&self.head);
        object.extend(array(self.table, rows, most)?);
        object.push(b'}');
        Ok(())
    }
}
