//! What is said before it is said what is wrong with a body or a query.
//!
//! Those are read before the database is asked for anything, so that nonsense from nobody about a list costs it nothing.
//! Somebody with a token is told first that it is dead, or that the rule shuts them out, and everybody that the row is not
//! there: it takes one statement, and no request that is in order pays for it.

use axum::{
    http::request::Parts,
    response::{IntoResponse as _, Response},
};

use super::rows;
use crate::{
    context::Context,
    error::{Code, Error, Result},
    filter::Node,
    input::{Changes, Guard},
    policy::{self, Caller, Scope, authorize},
    sql,
    store::{self, Meant},
    table::{Action, Table},
    value::Value,
};

/// What a request is about.
pub(crate) enum About<'a> {
    /// Rows of a table.
    Rows(&'static Table, Action),
    /// The row that the path names.
    Row(&'static Table, Action, &'a Parts),
    /// The caller's own row.
    Caller(&'static Table),
}

/// The answer of a handler; where that is a refusal of what was sent, what comes before it.
pub(crate) async fn in_order(
    answer: Result<Response>,
    context: &Context,
    caller: &Caller,
    about: About<'_>,
) -> Result<Response> {
    match answer {
        Err(error) if (caller.is_known() || matches!(about, About::Row(..))) && is_of_what_was_sent(&error) => {
            Err(about.first(context, caller, error).await)
        }
        answer => answer,
    }
}

/// The answer where there is nothing at a path or for the method, or where somebody asks what there is. A dead token is told
/// of even there.
pub(crate) async fn of_nothing(answer: Response, context: &Context, caller: &Caller) -> Response {
    if caller.is_known() && matches!(caller.is_alive(&context.db).await, Ok(false)) {
        return sql::dead_token().into_response();
    }
    answer
}

/// A body that does not pass, by the rows that it is about, with what is guarded of them.
pub(crate) enum Unfit<'a> {
    /// New ones; each field by the name that errors have.
    New(Vec<(String, Guard)>),
    One(&'a Value, Vec<Guard>),
    /// All that a filter means.
    Many(&'a Meant<'a>, Vec<Guard>),
    /// Some, with their numbers and keys.
    Each(Vec<(usize, Value, Changes)>),
}

/// The refusal of a body. Before it comes that a row is not there, for somebody known also that one of many is not, and that a
/// field is not theirs to set; the latter is said together with all that is wrong with the others.
pub(crate) async fn of_body(error: Error, context: &Context, scope: &Scope, unfit: Unfit<'_>) -> Error {
    let db = &context.db;
    let found = match unfit {
        // It is the body as a whole that does not pass.
        Unfit::New(_) if error.errors().is_empty() => return error,
        // Nothing but the caller decides about these, and nobody is no administrator.
        Unfit::New(fields) if !fields.is_empty() && *scope.admin() == Node::FALSE => {
            Ok(Some(sql::forbidden(fields.into_iter().map(|(name, _)| name))))
        }
        Unfit::One(key, guards) if !guards.is_empty() => store::in_the_way(db, scope, Some(key), guards).await,
        _ if !scope.caller().is_known() => return error,
        Unfit::New(fields) if !fields.is_empty() => {
            // One question for all of them: of a new row a guard asks who is asking, and nothing else.
            let (names, mut guards): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
            guards.truncate(1);
            let found = store::in_the_way(db, scope, None, guards).await;
            found.map(|first| first.map(|first| if is_of_fields(&first) { sql::forbidden(names) } else { first }))
        }
        Unfit::Many(meant, guards) if !guards.is_empty() => store::in_the_way_where(db, scope, meant, guards).await,
        Unfit::Each(rows) if !rows.is_empty() => store::in_the_way_of_each(db, scope, &rows).await,
        _ => return error,
    };
    match found {
        Ok(Some(first)) if is_of_fields(&first) => {
            // Of a field that both name, that it is not theirs is what counts.
            let told = first.errors().clone();
            first.fields(error.errors().clone()).fields(told)
        }
        Ok(Some(first)) => first,
        // By this it has been asked as well what comes before all that is said of a body.
        Ok(None) => error.settled(),
        Err(_) => error,
    }
}

/// Whether a failure is one of what was sent, and not of the row or the rule.
fn is_of_fields(error: &Error) -> bool {
    matches!(error.code(), Code::Forbidden | Code::Invalid) && !error.errors().is_empty()
}

/// Whether the database had no part in it.
fn is_of_what_was_sent(error: &Error) -> bool {
    let code = matches!(
        error.code(),
        Code::BadQuery
            | Code::Unsupported
            | Code::BadJson
            | Code::Preference
            | Code::MaxAffected
            | Code::BadRequest
            | Code::NotFound
            | Code::Condition
            | Code::InFlight
            | Code::TooLarge
            | Code::MediaType
            | Code::Range
            | Code::Invalid
            | Code::ConditionMissing
    );
    code && !error.is_settled()
}

impl About<'_> {
    async fn first(self, context: &Context, caller: &Caller, error: Error) -> Error {
        let Ok(scope) = self.scope(caller) else { return error };
        let db = &context.db;
        let key = match self {
            Self::Row(table, _, parts) => match rows::key(table, parts) {
                Ok(key) => Some(key),
                // It is no row's, whatever was sent to it.
                Err(no_row) => {
                    let dead = matches!(store::nothing_seen(db, &scope).await, Err(e) if e.code() == Code::BadToken);
                    return if dead { sql::dead_token() } else { no_row };
                }
            },
            Self::Rows(..) | Self::Caller(_) => None,
        };
        // A database that does not answer now makes nothing right that was sent.
        store::in_the_way(db, &scope, key.as_ref(), Vec::new()).await.ok().flatten().unwrap_or(error)
    }

    fn scope(&self, caller: &Caller) -> Result<Scope> {
        match self {
            Self::Rows(table, action) | Self::Row(table, action, _) => authorize(table, *action, caller),
            Self::Caller(login) => policy::own(login, caller),
        }
    }
}
