//! The limit on request bodies, and what became of one: so that a late body is told from a slow handler, and one that
//! nobody read costs no connection.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const READ: u8 = 0;
const AWAITED: u8 = 1;
const EXCEEDED: u8 = 2;

/// Bytes of a body that nobody asked for, at most: more are not waited for.
const SHORT: usize = 64 * 1024;

/// How far a body has come. `None`: there is none.
pub(super) struct Arrival(Option<Arc<Shared>>);

struct Shared {
    state: AtomicU8,
    /// What its reader has left of it.
    left: Mutex<Option<Body>>,
    /// Whether it says itself that it is long, or is sent only when its client is told to.
    waits: bool,
}

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
        self.0.as_ref().is_some_and(|shared| shared.state.load(Ordering::Relaxed) == state)
    }

    /// What its reader has left of it.
    pub(super) fn left(&self) -> Option<Left> {
        let shared = self.0.as_ref()?;
        let body = shared.left.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Left { body, waits: shared.waits })
    }
}

/// A body, or the rest of one, that nobody will read.
pub(super) struct Left {
    body: Body,
    waits: bool,
}

impl Left {
    /// Takes in what is short; `false` where some of it stays behind, so that nothing can follow it on its connection.
    ///
    /// hyper takes in what it has at hand, and ends the connection where that was not all of it: whether there is another
    /// request would depend on how the body was cut into packets.
    pub(super) async fn taken_in(mut self) -> bool {
        if self.waits {
            return false;
        }
        let mut room = SHORT;
        while let Some(frame) = self.body.frame().await {
            let Ok(frame) = frame else { return false };
            match room.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                Some(rest) => room = rest,
                None => return false,
            }
        }
        true
    }
}

/// Puts the limit around a body.
pub(super) fn guarded(request: Request, limit: usize) -> (Request, Arrival) {
    if request.body().is_end_stream() {
        return (request, Arrival(None));
    }
    let length = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
    let waits = length > SHORT || request.headers().contains_key(header::EXPECT);
    let shared = Arc::new(Shared { state: AtomicU8::new(READ), left: Mutex::new(None), waits });
    let arrival = Arrival(Some(Arc::clone(&shared)));
    let request = request.map(|body| {
        // A body that says itself that it is too long fails at its first byte.
        let over = length > limit;
        let inner = Limited::new(body, if over { 0 } else { limit });
        Body::new(Guarded { inner, over: None, ended: false, shared })
    });
    (request, arrival)
}

struct Guarded {
    inner: Limited<Body>,
    /// Kept until the client has sent everything: one that is still writing when the connection closes sees a reset, and
    /// not the answer. The deadline of the request ends that too.
    over: Option<BoxError>,
    ended: bool,
    shared: Arc<Shared>,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if !self.ended && !self.inner.is_end_stream() {
            let inner = std::mem::replace(&mut self.inner, Limited::new(Body::empty(), 0));
            *self.shared.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(Body::new(inner));
        }
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let polled = Pin::new(&mut self.inner).poll_frame(cx);
            match polled {
                Poll::Ready(Some(Err(error))) if error.is::<LengthLimitError>() => {
                    self.shared.state.store(EXCEEDED, Ordering::Relaxed);
                    self.over = Some(error);
                }
                Poll::Ready(frame) => {
                    self.ended = frame.is_none();
                    let Some(error) = self.over.take() else {
                        self.shared.state.store(READ, Ordering::Relaxed);
                        return Poll::Ready(frame);
                    };
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Pending => {
                    if self.over.is_none() {
                        self.shared.state.store(AWAITED, Ordering::Relaxed);
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
