//! Failures as responses.

use std::hint::black_box;

use restruct::{Code, Error, axum::response::IntoResponse as _};

use crate::case::{Case, Step};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "errors/not-found",
        times: 200,
        prepare: |_| answered(|| Error::new(Code::NotFound, "there is no such row")),
    },
    Case {
        name: "errors/fields",
        times: 200,
        prepare: |_| {
            answered(|| {
                let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
                Error::invalid([field("title", "is required"), field("status", "must be one of `To Do`, `Done`")])
            })
        },
    },
];

fn answered(error: fn() -> Error) -> Step {
    Box::new(move || {
        black_box(error().into_response());
    })
}
