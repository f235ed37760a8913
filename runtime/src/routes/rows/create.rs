//! New rows: one, or an array of them.

use axum::{
    body::Body,
    extract::OriginalUri,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::{
    array, counted,
    nested::Families,
    object, tag,
    upsert::{self, Upserted},
};
use crate::{
    context::Context,
    db::Db,
    error::{Error, Result},
    input::{self, Changes, Mode},
    policy::{Caller, Scope, authorize},
    query,
    routes::{
        body,
        conditions::Conditions,
        idempotency::{Begun, Once},
        prefer::{Prefer, Preference, Resolution},
        reply::{json, tagged},
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
    let target = query::on_conflict(table, parts.uri.query())?;
    Conditions::of_list(table, &parts.headers)?;
    if prefer.resolution == Some(Resolution::Merge) {
        Conditions::of_write(table, &parts.headers)?;
    }
    let resolved = upsert::resolved(table, &prefer, target)?;
    let path = parts.extensions.get::<OriginalUri>().map(|uri| uri.path().to_owned()).unwrap_or_default();
    let relations = context.schema.relations();
    let body = body::bytes(parts, body).await?;
    let tree = input::parse(&body)?;
    let rows = match resolved {
        Some(resolved) => Rows::Upsert(Box::new(resolved.read(&scope, relations, &prefer, &tree)?)),
        None => Rows::of(Families::read(&scope, relations, &prefer, &tree)?),
    };
    let mut wanted = Wanted { scope: &scope, prefer: &prefer, path: &path, rows };
    let Some(once) = Once::of(&scope, parts, &body)? else { return wanted.done(At::Own(&context.db)).await };
    if let Some(answer) = once.before(context, &scope).await? {
        return Ok(answer);
    }
    wanted.hash(&context.db).await?;
    match once.begin(context, &scope).await? {
        Begun::Now(tx) => {
            let done = wanted.done(At::Within(&tx)).await;
            once.end(tx, done).await
        }
        Begun::Before(answer) => Ok(*answer),
    }
}

/// What a POST asks for: read, and not done yet.
struct Wanted<'a> {
    scope: &'a Scope,
    prefer: &'a Prefer,
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

    async fn done(self, at: At<'_>) -> Result<Response> {
        let Self { scope, prefer, path, rows } = self;
        let response = match rows {
            Rows::One(changes) => {
                let made = store::insert(at.session(), scope, changes, prefer.output(scope.table())).await?;
                created(scope.table(), &made, path, prefer)?
            }
            Rows::Many(rows) => create_all(scope, at, prefer, rows).await?,
            Rows::Families(families) => families.done(scope, at, prefer, path).await?,
            Rows::Upsert(upserted) => upserted.done(scope, at, prefer, path).await?,
        };
        Ok(prefer.applied(response))
    }
}

async fn create_all(scope: &Scope, at: At<'_>, prefer: &Prefer, rows: Vec<Changes>) -> Result<Response> {
    let table = scope.table();
    let made = if rows.is_empty() {
        // No statement carries the scope, so it is asked by itself.
        store::nothing_seen(at.session(), scope).await?;
        Vec::new()
    } else {
        store::insert_many(at, scope, rows, &prefer.output(table)).await?
    };
    created_all(&made, prefer, || array(table, made.iter().map(|made| &made.row)))
}

/// The answer of many rows that were made.
pub(super) fn created_all(made: &[Made], prefer: &Prefer, body: impl FnOnce() -> Result<Vec<u8>>) -> Result<Response> {
    let mut response = if prefer.minimal || !made.iter().all(|made| made.visible) {
        StatusCode::CREATED.into_response()
    } else {
        json(StatusCode::CREATED, body()?)
    };
    counted(&mut response, prefer, made.len())?;
    Ok(response)
}

/// What an absent field of a new row means.
pub(super) fn mode(prefer: &Prefer) -> Mode {
    if prefer.missing_is_null { Mode::CreateNull } else { Mode::Create }
}

pub(super) fn created(table: &'static Table, made: &Made, path: &str, prefer: &Prefer) -> Result<Response> {
    created_as(table, made, path, prefer, || object(table, &made.row))
}

/// The answer of one row that was made, whose text is `body`.
pub(super) fn created_as(
    table: &'static Table,
    made: &Made,
    path: &str,
    prefer: &Prefer,
    body: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Response> {
    if !made.visible {
        let mut response = StatusCode::CREATED.into_response();
        counted(&mut response, prefer, 1)?;
        return Ok(response);
    }
    let response =
        if prefer.minimal { StatusCode::CREATED.into_response() } else { json(StatusCode::CREATED, body()?) };
    let mut response = tagged(response, table, tag(table, &made.row).as_ref());
    if let Some(id) = made.row.get(table.id().name) {
        let location = format!("{path}/{}", text::of(id.as_ref()));
        response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(location).map_err(Error::internal)?);
    }
    counted(&mut response, prefer, 1)?;
    Ok(response)
}
