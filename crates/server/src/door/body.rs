//! The body of an answer on its way out: as long as it goes on, its connection is not idle.
//!
//! In:  a body. Out: the same frames; each is a sign of life of the client who takes them.

use super::hall::Seat;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A body that tells its seat whenever the client takes more of it.
pub(super) struct Watched {
    body: Body,
    seat: Arc<Seat>,
}

impl Watched {
    /// The body of the answer that the seat waits for.
    pub fn new(body: Body, seat: Arc<Seat>) -> Watched {
        seat.answers();
        Watched { body, seat }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.seat.ends();
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.seat.goes_on();
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
