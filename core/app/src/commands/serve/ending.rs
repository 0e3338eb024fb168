//! When a server ends: signals are heard and the time is kept on a thread of its own, whatever all others are busy with.
//! The first signal asks it to end; a second one, or the end of its time, ends the process. That loses nothing that was
//! committed: the next start settles the rest, as after a crash.

use crate::context::{Context, Interrupts};
use crate::exit;
use std::time::Duration;
use tokio::sync::oneshot;
use zhengai_model::fault::Fault;

/// How much longer than the server itself wants this waits for it, so that it may tell of its end.
const EDGE: Duration = Duration::from_millis(500);

/// Listens for signals from now on. What is returned is ready with the first of them; the process has so long from then.
pub(super) fn listen(context: &Context, time: Duration) -> std::io::Result<oneshot::Receiver<()>> {
    let (tell, asked) = oneshot::channel();
    let says = |key| (!context.global.quiet).then(|| context.text(key));
    let (stopping, left, cut) = (says("stopping"), says("serve-left"), says("serve-cut"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let mut interrupts = Interrupts::new();
            interrupts.next().await;
            say(stopping);
            // A server that is over already has nobody who waits for this.
            let _ = tell.send(());
            let (code, why) = match tokio::time::timeout(time + EDGE, interrupts.next()).await {
                Ok(()) => (exit::code(Fault::Cancelled), left),
                Err(_) => (exit::PARTLY, cut),
            };
            say(why);
            std::process::exit(i32::from(code));
        });
    })?;
    Ok(asked)
}

fn say(text: Option<String>) {
    if let Some(text) = text {
        eprintln!("{text}");
    }
}
