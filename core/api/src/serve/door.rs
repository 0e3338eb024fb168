//! The door of the server: so many connections and no more, and a clock for those who send too slowly.

use axum_server::Handle;
use axum_server::accept::Accept;
use hyper::rt::{Sleep, Timer};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::{Sleep as Pause, sleep_until};

/// An acceptor that turns connections away when there are too many.
#[derive(Clone)]
pub(super) struct Door<A> {
    inner: A,
    handle: Handle<SocketAddr>,
    most: usize,
}

impl<A> Door<A> {
    pub(super) fn new(inner: A, handle: Handle<SocketAddr>, most: usize) -> Self {
        Self { inner, handle, most }
    }
}

impl<I, S, A> Accept<I, S> for Door<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
    A::Stream: 'static,
    A::Service: 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(A::Stream, A::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        if self.handle.connection_count() > self.most {
            tracing::warn!(most = self.most, "turned a connection away");
            return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) });
        }
        Box::pin(self.inner.accept(stream, service))
    }
}

/// The clock of tokio, as hyper wants it. Without a clock, hyper waits for ever for a head that never ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clockwork;

impl Timer for Clockwork {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Waiting(Box::pin(sleep_until(deadline.into()))))
    }
}

/// A pause of tokio, as hyper wants it.
struct Waiting(Pin<Box<Pause>>);

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}

impl Sleep for Waiting {}
