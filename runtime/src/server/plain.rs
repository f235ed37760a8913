//! In place of `compress` where no coding is built in.

use axum::{
    http::{HeaderMap, Method},
    response::Response,
};

/// There is none.
#[derive(Clone, Copy)]
pub(super) enum Coding {}

impl Coding {
    pub(super) fn wanted(_: &HeaderMap) -> Option<Self> {
        None
    }
}

#[expect(clippy::unused_async, reason = "called as the one that compresses")]
pub(super) async fn apply(response: Response, _: Option<Coding>, _: &Method) -> Response {
    response
}
