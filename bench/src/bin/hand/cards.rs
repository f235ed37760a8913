//! The routes of cards: everyone reads, whoever is signed in creates, owners change.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Deserialize;

use crate::{
    App,
    auth::Caller,
    error::Error,
    model::{Card, CardPatch, NewCard, Status},
    store::{Page, Store},
};

pub(crate) type Shared<S> = State<Arc<App<S>>>;

#[derive(Deserialize)]
pub(crate) struct List {
    #[serde(default = "List::default_limit")]
    limit: i64,
    #[serde(default)]
    offset: i64,
    pub(crate) status: Option<Status>,
}

impl List {
    const MAX: i64 = 1000;

    fn default_limit() -> i64 {
        100
    }

    pub(crate) fn page(&self) -> Result<Page, Error> {
        if !(0..=Self::MAX).contains(&self.limit) || self.offset < 0 {
            return Err(Error::Invalid("limit is 0 to 1000, offset 0 or more"));
        }
        Ok(Page { limit: self.limit, offset: self.offset })
    }
}

pub(crate) async fn find<S: Store>(State(app): Shared<S>, Path(id): Path<i64>) -> Result<Json<Card>, Error> {
    Ok(Json(app.store.card(id).await?))
}

pub(crate) async fn list<S: Store>(State(app): Shared<S>, Query(list): Query<List>) -> Result<Json<Vec<Card>>, Error> {
    Ok(Json(app.store.cards(list.status, list.page()?).await?))
}

pub(crate) async fn create<S: Store>(
    State(app): Shared<S>,
    caller: Caller,
    Json(card): Json<NewCard>,
) -> Result<impl IntoResponse, Error> {
    check_title(&card.title)?;
    let card = app.store.insert(card, caller.id).await?;
    let location = format!("/cards/{}", card.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(card)))
}

pub(crate) async fn update<S: Store>(
    State(app): Shared<S>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(patch): Json<CardPatch>,
) -> Result<Json<Card>, Error> {
    if let Some(title) = &patch.title {
        check_title(title)?;
    }
    Ok(Json(app.store.update(id, patch, caller.id).await?))
}

fn check_title(title: &str) -> Result<(), Error> {
    if (1..=100).contains(&title.chars().count()) {
        Ok(())
    } else {
        Err(Error::Invalid("title has 1 to 100 characters"))
    }
}
