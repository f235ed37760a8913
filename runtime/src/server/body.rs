//! The limit on request bodies, and what became of one: so that a late body is told from a slow handler.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use http_body_util::{LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const READ: u8 = 0;
const AWAITED: u8 = 1;
const EXCEEDED: u8 = 2;

/// How far a body has come. `None`: there is none.
pub(super) struct Arrival(Option<Arc<AtomicU8>>);

impl Arrival {
    /// Whether a handler is waiting for more of the body.
    pub(super) fn is_awaited(&self) -> bool {
        self.is(AWAITED)
    }

    /// Whether the body went over the limit.
    pub(super) fn is_exceeded(&self) -> bool {
        self.is(EXCEEDED)
    }

    fn is(&self, state: u8) -> bool {
        self.0.as_ref().is_some_and(|shared| shared.load(Ordering::Relaxed) == state)
    }
}

/// Puts the limit around a body.
pub(super) fn guarded(request: Request, limit: usize) -> (Request, Arrival) {
    if request.body().is_end_stream() {
        return (request, Arrival(None));
    }
    let state = Arc::new(AtomicU8::new(READ));
    let shared = Arc::clone(&state);
    let request = request.map(|body| {
        // A body that says itself that it is too long fails at its first byte.
        let over = usize::try_from(body.size_hint().lower()).map_or(true, |bytes| bytes > limit);
        Body::new(Guarded { inner: Limited::new(body, if over { 0 } else { limit }), over: None, state })
    });
    (request, Arrival(Some(shared)))
}

struct Guarded {
    inner: Limited<Body>,
    /// Kept until the client has sent everything: one that is still writing when the connection closes sees a reset, and
    /// not the answer. The deadline of the request ends that too.
    over: Option<BoxError>,
    state: Arc<AtomicU8>,
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let polled = Pin::new(&mut self.inner).poll_frame(cx);
            match polled {
                Poll::Ready(Some(Err(error))) if error.is::<LengthLimitError>() => {
                    self.state.store(EXCEEDED, Ordering::Relaxed);
                    self.over = Some(error);
                }
                Poll::Ready(frame) => {
                    let Some(error) = self.over.take() else {
                        self.state.store(READ, Ordering::Relaxed);
                        return Poll::Ready(frame);
                    };
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Pending => {
                    if self.over.is_none() {
                        self.state.store(AWAITED, Ordering::Relaxed);
                    }
                    return Poll::Pending;
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
