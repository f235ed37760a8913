//! What a file of resources needs: `use restruct::prelude::*;`

pub use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
pub use uuid::Uuid;

pub use crate::{App, Caller, Choice, Db, Error, Filter, Json, Password, Resource, Result, Seeder, Store};
