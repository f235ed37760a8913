//! One route written by hand.
//!
//! ```text
//! GET /stats    {"To Do": 17, "Ongoing": 12, "Testing": 8, "Done": 11}
//! ```

use std::collections::BTreeMap;

use restruct::{
    axum::{Json, Router, routing::get},
    prelude::{Caller, Db, Result, Store as _},
};

use crate::{Card, Status};

pub(crate) fn routes() -> Router {
    Router::new().route("/stats", get(stats))
}

/// Counts the cards of each status.
// The extractors bring what the generated routes work with. A failure is an answer too: `?` on any call of the
// database ends in the same problem body as everywhere else.
async fn stats(caller: Caller, db: Db) -> Result<Json<BTreeMap<&'static str, u64>>> {
    let mut counts = BTreeMap::new();
    for status in Status::ALL {
        // Typed calls run as the program itself and see everything. `visible_to` puts the read rule of `Card` into the
        // statement, so this route stays right when that rule changes.
        let count = Card::query().filter(Card::STATUS.eq(*status)).visible_to(&caller).count(&db).await?;
        counts.insert(status.as_str(), count);
    }
    Ok(Json(counts))
}
