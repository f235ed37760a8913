//! Lists of tasks, generated from annotated structs.

mod status;
mod user;
@MODULES@

use restruct::prelude::*;

fn main() -> std::process::ExitCode {
    App::new("tasks")
        .resource::<user::User>()
        @REGISTRATIONS@
        .run()
}
