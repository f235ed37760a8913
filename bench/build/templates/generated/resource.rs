use restruct::prelude::*;

use crate::{status::Status, user::User};

/// A task of list @NUMBER@.
#[derive(Resource)]
#[resource(table = "tasks@NUMBER@", read = public, create = authenticated, update = owner, delete = owner)]
pub(crate) struct Task@NUMBER@ {
    id: i64,
    #[resource(length(1..=100))]
    @TITLE@: String,
    description: Option<String>,
    #[resource(default = Status::ToDo, index)]
    status: Status,
    #[resource(default = 1, range(0..=100))]
    points: i32,
    #[resource(default = false)]
    urgent: bool,
    date: Option<NaiveDate>,
    #[resource(owner, references = User, on_delete = cascade)]
    user_id: i64,
    #[resource(created_at)]
    created_at: DateTime<Utc>,
    #[resource(updated_at)]
    updated_at: DateTime<Utc>,
}
