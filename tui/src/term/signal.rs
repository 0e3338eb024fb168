//! Signals as events.

use futures_util::stream::{BoxStream, StreamExt};

/// A signal that the console heeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End now.
    Terminate,
    /// Somebody wants the process to stop for a while.
    Stop,
    /// It goes on.
    Continue,
}

/// The signals that come.
#[cfg(unix)]
pub fn signals() -> std::io::Result<BoxStream<'static, Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    // Tokio has no names for these two.
    let stop = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
    let go_on = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
    let kinds = [
        (SignalKind::terminate(), Signal::Terminate),
        (SignalKind::hangup(), Signal::Terminate),
        (SignalKind::interrupt(), Signal::Terminate),
        (SignalKind::quit(), Signal::Terminate),
        (stop, Signal::Stop),
        (go_on, Signal::Continue),
    ];
    let mut all: Vec<BoxStream<'static, Signal>> = Vec::new();
    for (kind, meaning) in kinds {
        let stream = futures_util::stream::unfold(signal(kind)?, move |mut signal| async move {
            signal.recv().await;
            Some((meaning, signal))
        });
        all.push(stream.boxed());
    }
    Ok(futures_util::stream::select_all(all).boxed())
}

/// The signals that come: none where there are none.
#[cfg(not(unix))]
pub fn signals() -> std::io::Result<BoxStream<'static, Signal>> {
    Ok(futures_util::stream::pending().boxed())
}

/// Stops this process until somebody lets it go on.
pub fn stop_here() {
    #[cfg(unix)]
    if let Err(error) = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP) {
        tracing::warn!(%error, "cannot stop");
    }
}
