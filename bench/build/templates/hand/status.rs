//! How far a task has come.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) enum Status {
    #[default]
    #[serde(rename = "To Do")]
    ToDo,
    Ongoing,
    Testing,
    Done,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ToDo => "To Do",
            Self::Ongoing => "Ongoing",
            Self::Testing => "Testing",
            Self::Done => "Done",
        }
    }
}

impl FromStr for Status {
    type Err = sqlx::Error;
    fn from_str(text: &str) -> Result<Self, sqlx::Error> {
        match text {
            "To Do" => Ok(Self::ToDo),
            "Ongoing" => Ok(Self::Ongoing),
            "Testing" => Ok(Self::Testing),
            "Done" => Ok(Self::Done),
            _ => Err(sqlx::Error::Decode("not a Status".into())),
        }
    }
}
