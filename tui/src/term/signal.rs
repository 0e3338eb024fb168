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

/// The signals that come. Whoever has this is told of every one since it was made.
pub type Signals = BoxStream<'static, Signal>;

/// Takes the signals.
#[cfg(unix)]
pub fn signals() -> std::io::Result<Signals> {
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
    let mut all: Vec<Signals> = Vec::new();
    for (kind, meaning) in kinds {
        let stream = futures_util::stream::unfold(signal(kind)?, move |mut signal| async move {
            signal.recv().await;
            Some((meaning, signal))
        });
        all.push(stream.boxed());
    }
    all.push(futures_util::stream::once(terminal_gone()).boxed());
    Ok(futures_util::stream::select_all(all).boxed())
}

/// Waits until the terminal is gone. A shell that ignores SIGHUP, or `nohup`, leaves a console behind that no signal tells
/// of it, and which would read the end of its input for ever.
#[cfg(unix)]
async fn terminal_gone() -> Signal {
    use rustix::event::{PollFd, PollFlags, poll};
    use std::io::IsTerminal;
    let input = std::io::stdin();
    let (sender, gone) = tokio::sync::oneshot::channel();
    let watch = move || {
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        loop {
            let mut watched = [PollFd::new(&input, PollFlags::empty())];
            match poll(&mut watched, None) {
                Ok(_) if watched.iter().any(|one| one.revents().intersects(gone)) => break,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return tracing::warn!(%error, "cannot watch the terminal"),
            }
        }
        let _ = sender.send(());
    };
    let watched = std::io::stdin().is_terminal()
        && std::thread::Builder::new().name("terminal-watch".to_owned()).spawn(watch).is_ok();
    if !(watched && gone.await.is_ok()) {
        std::future::pending::<()>().await;
    }
    Signal::Terminate
}

/// Takes the signals: none where there are none.
#[cfg(not(unix))]
pub fn signals() -> std::io::Result<Signals> {
    Ok(futures_util::stream::pending().boxed())
}

/// Stops this process until somebody lets it go on. Raised in this thread: a signal to the process may stop another thread
/// first, and this one would take the terminal back before the process stands still.
pub fn stop_here() {
    #[cfg(unix)]
    if let Err(error) = signal_hook::low_level::raise(rustix::process::Signal::STOP.as_raw()) {
        tracing::warn!(%error, "cannot stop");
    }
}
