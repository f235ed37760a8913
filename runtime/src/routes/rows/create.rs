//! New rows: one, or an array of them.

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::{
    answer::{Answer, tag},
    nested::Families,
    upsert::{self, Upserted},
};
use crate::{
    context::Context,
    db::{self, Db},
    error::{Error, Result},
    input::{self, Changes, Mode},
    policy::{Caller, Scope, authorize},
    query,
    routes::{
        body,
        conditions::Conditions,
        idempotency::{Begun, Once},
        prefer::{Prefer, Preference, Resolution},
        refusal::{Unfit, of_body},
        reply::tagged,
    },
    store::{self, At, Made},
    table::{Action, Table},
    text,
};

/// `POST /cards`
pub(in crate::routes) async fn create(
    table: &'static Table,
    context: &Context,
    caller: &Caller,
    parts: &Parts,
    body: Body,
) -> Result<Response> {
    let scope = authorize(table, Action::Create, caller)?;
    let prefer = Prefer::of(&parts.headers, Preference::OF_NEW)?;
    let relations = context.schema.relations();
    let (target, selection) = query::on_conflict(table, relations, parts.uri.query())?;
    let answer = Answer::of(table, caller, &prefer, selection);
    Conditions::of_list(table, &parts.headers)?;
    let resolved = upsert::resolved(table, &prefer, target)?;
    if prefer.resolution == Some(Resolution::Merge) {
        Conditions::of_many(table, &parts.headers)?;
    }
    let path = parts.extensions.get::<OriginalUri>().map(|uri| uri.path().to_owned()).unwrap_or_default();
    let body = body::bytes(parts, body).await?;
    let tree = input::parse(&body)?;
    let rows = match resolved {
        // Which guards hold depends on the rows that are there already, which nobody knows of a body that does not pass.
        Some(resolved) => Rows::Upsert(Box::new(resolved.read(&scope, relations, &prefer, &tree)?)),
        None => match Families::read(&scope, relations, &answer, &tree) {
            Ok(families) => Rows::of(families),
            Err(error) => {
                let unfit = Unfit::New(input::guards_of_new(relations, table, mode(&prefer), &tree));
                return Err(of_body(error, context, &scope, unfit).await);
            }
        },
    };
    let mut wanted = Wanted { scope: &scope, answer: &answer, path: &path, rows };
    let Some(once) = Once::of(&scope, parts, &body)? else {
        wanted.hash(&context.db).await?;
        let more = wanted.may_fail();
        return store::together(At::Own(&context.db), more, wanted, |wanted, at| Box::pin(wanted.done(at))).await;
    };
    if let Some(answer) = once.before(context, &scope).await? {
        return Ok(answer);
    }
    let _alone = once.alone(context)?;
    wanted.hash(&context.db).await?;
    match wanted.done_once(context, &once).await {
        // Nothing of it is left, and nobody has been answered.
        Err(error) if db::may_pass(&error) => wanted.done_once(context, &once).await,
        done => done,
    }
}

/// What a POST asks for: read, and not done yet.
struct Wanted<'a> {
    scope: &'a Scope,
    answer: &'a Answer<'a>,
    path: &'a str,
    rows: Rows,
}

enum Rows {
    One(Changes),
    Many(Vec<Changes>),
    /// With rows of other tables.
    Families(Box<Families>),
    Upsert(Box<Upserted>),
}

impl Rows {
    fn of(mut families: Families) -> Self {
        if families.bring() {
            return Self::Families(Box::new(families));
        }
        match families.rows.pop() {
            Some(row) if !families.is_array => Self::One(row),
            last => {
                families.rows.extend(last);
                Self::Many(families.rows)
            }
        }
    }
}

impl Wanted<'_> {
    /// Hashes passwords, which is too slow for a transaction.
    async fn hash(&mut self, db: &Db) -> Result<()> {
        match &mut self.rows {
            Rows::One(changes) => store::hash(db, self.scope, None, changes).await,
            Rows::Many(rows) => store::hash_rows(db, self.scope, None, rows).await,
            Rows::Families(families) => families.hash(db, self.scope).await,
            Rows::Upsert(upserted) => store::hash_sent(db, self.scope, &mut upserted.rows).await,
        }
    }

    /// Whether it may fail after its writes.
    fn may_fail(&self) -> bool {
        match &self.rows {
            Rows::One(_) => self.answer.may_fail(),
            // It takes no transaction to write nothing.
            Rows::Many(rows) => !rows.is_empty() && self.answer.of_many_may_fail(),
            Rows::Families(_) | Rows::Upsert(_) => self.answer.of_many_may_fail(),
        }
    }

    /// Does it in a transaction that keeps the answer as well.
    async fn done_once(&mut self, context: &Context, once: &Once) -> Result<Response> {
        match once.begin(context, self.scope).await? {
            Begun::Now(doing) => {
                let done = self.done(doing.at()).await;
                once.end(doing, done).await
            }
            Begun::Before(answer) => Ok(*answer),
        }
    }

    async fn done(&mut self, at: At<'_>) -> Result<Response> {
        let Self { scope, answer, path, rows } = self;
        let response = match rows {
            Rows::One(changes) => {
                let made = store::insert(at.session(), scope, changes, answer.columns()).await?;
                created(answer, &made, path, answer.made(at, &made).await?)?
            }
            Rows::Many(rows) => {
                let made = if rows.is_empty() {
                    // No statement carries the scope, so it is asked by itself.
                    store::nothing_seen(at.session(), scope).await?;
                    Vec::new()
                } else {
                    store::insert_many(at, scope, rows, &answer.columns()).await?
                };
                created_all(answer, &made, answer.all_made(at, &made).await?)?
            }
            Rows::Families(families) => families.done(scope, at, answer, path).await?,
            Rows::Upsert(upserted) => upserted.done(scope, at, answer, path).await?,
        };
        Ok(answer.prefer.applied(response))
    }
}

/// What an absent field of a new row means.
pub(super) fn mode(prefer: &Prefer) -> Mode {
    if prefer.missing_is_null { Mode::CreateNull } else { Mode::Create }
}

/// The answer of one row that was made, and what shows it.
pub(super) fn created(answer: &Answer<'_>, made: &Made, path: &str, shown: Option<Response>) -> Result<Response> {
    let mut response = shown.unwrap_or_else(|| StatusCode::CREATED.into_response());
    answer.counted(&mut response, 1)?;
    if !made.visible {
        return Ok(response);
    }
    let mut response = tagged(response, answer.table, tag(answer.table, &made.row).as_ref());
    if let Some(id) = made.row.get(answer.table.id().name) {
        let location = format!("{path}/{}", text::of(id.as_ref()));
        response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location).map_err(Error::internal)?);
    }
    Ok(response)
}

/// The answer of many rows that were made.
pub(super) fn created_all(answer: &Answer<'_>, made: &[Made], shown: Option<Response>) -> Result<Response> {
    let mut response = shown.unwrap_or_else(|| StatusCode::CREATED.into_response());
    answer.counted(&mut response, made.len())?;
    Ok(response)
}
