//! Cards with their users and their last comments: three statements, whatever the number of cards.

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    http::header,
    response::IntoResponse,
};
use serde::Serialize;

use crate::{
    cards::{List, Shared},
    error::Error,
    model::{Author, Card, Comment},
    store::Store,
};

#[derive(Serialize)]
struct OnBoard<'a> {
    #[serde(flatten)]
    card: &'a Card,
    user: Option<&'a Author>,
    comments: &'a [Comment],
}

pub(crate) async fn list<S: Store>(
    State(app): Shared<S>,
    Query(list): Query<List>,
) -> Result<impl IntoResponse, Error> {
    let cards = app.store.cards(list.status, list.page()?).await?;
    let ids: Vec<i64> = cards.iter().map(|card| card.id).collect();
    let mut owners: Vec<i64> = cards.iter().map(|card| card.user_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let (authors, comments) = tokio::try_join!(app.store.authors(&owners), app.store.last_comments(&ids))?;

    let authors: HashMap<i64, &Author> = authors.iter().map(|author| (author.id, author)).collect();
    let comments: HashMap<i64, &[Comment]> =
        comments.chunk_by(|one, next| one.card_id == next.card_id).map(|of| (of[0].card_id, of)).collect();
    let board: Vec<OnBoard<'_>> = cards
        .iter()
        .map(|card| OnBoard {
            card,
            user: authors.get(&card.user_id).copied(),
            comments: comments.get(&card.id).copied().unwrap_or_default(),
        })
        .collect();
    let body = serde_json::to_vec(&board).map_err(|_| Error::Invalid("no JSON"))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body))
}
