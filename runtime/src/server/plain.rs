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

#[expect(clippy::unused_async, reason = "it stands for one that works off the thread")]
pub(super) async fn apply(response: Response, _: Option<Coding>, _: &Method) -> Response {
    response
}
