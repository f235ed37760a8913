use restruct::prelude::*;

/// How far a task has come.
#[derive(Choice)]
pub(crate) enum Status {
    #[choice(rename = "To Do")]
    ToDo,
    Ongoing,
    Testing,
    Done,
}
