//! Threads of one query, apart from those of everybody else: a planner finds stacks here that are deep enough for the
//! largest statement that is read, and whatever will not stop holds up no one else. The room is left when it is dropped,
//! at once, even while somebody in it still works.

use crate::error::{Result, WarehouseError};
use std::future::Future;
use std::io;
use std::path::Path;
use tokio::runtime::{Builder, Runtime};

/// Address space of each stack, of which only what is used becomes memory. Debug builds of the planner need several MiB
/// for the largest statement.
const STACK: usize = 64 << 20;

/// Threads that work for one query at once, at most.
const THREADS: usize = 4;

/// Threads of one query.
#[derive(Debug)]
pub(crate) struct Room(Option<Runtime>);

impl Room {
    /// A room with as many threads as this computer works with, within bounds.
    pub(crate) fn open() -> Result<Self> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        let runtime = Builder::new_multi_thread().worker_threads(threads).thread_stack_size(STACK).enable_all().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|source| WarehouseError::io(Path::new("threads"), source))
    }

    /// Does some work in it. Who no longer waits leaves the work behind.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let gone = |cause: io::Error| WarehouseError::io(Path::new("threads"), cause);
        let Some(runtime) = &self.0 else { return Err(gone(io::ErrorKind::NotConnected.into())) };
        runtime.spawn(work).await.unwrap_or_else(|broken| Err(gone(io::Error::other(broken))))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Room;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[tokio::test]
    async fn work_that_never_stops_is_waited_for_no_longer_than_one_wants_and_holds_up_nobody() {
        let (release, held) = channel::<()>();
        let (tell, left) = channel();
        let room = Room::open().expect("a room");
        let stuck = room.run(async move {
            // Like a kernel: it looks neither at the time nor at who still waits.
            let _ = held.recv();
            let _ = tell.send(());
            Ok(())
        });
        tokio::time::timeout(Duration::from_millis(10), stuck).await.expect_err("it is stuck");
        drop(room);
        let other = Room::open().expect("another room");
        assert_eq!(other.run(async { Ok(7) }).await.expect("an answer"), 7);
        assert!(left.try_recv().is_err(), "the first one still works");
        drop(release);
        left.recv().expect("only now it stops");
    }
}
