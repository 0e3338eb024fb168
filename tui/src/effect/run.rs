//! Carries effects out: one task each, named by the number of its request, so that it can be stopped. What comes of them
//! goes back as events over one bounded channel.

use crate::app::event::Event;
use crate::app::load::{Reply, RequestId};
use crate::effect::{BoxFuture, Drafts, Effect, Port};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;
use tokio::task::AbortHandle;
use zhengai_wire::Failure;

/// Carries effects out.
pub struct Runner {
    port: Arc<dyn Port>,
    drafts: Drafts,
    events: Sender<Event>,
    running: HashMap<RequestId, AbortHandle>,
}

impl Runner {
    /// Carries effects out over a door; events go to the channel. Must live inside a runtime.
    pub fn new(port: Arc<dyn Port>, drafts: Drafts, events: Sender<Event>) -> Self {
        Self { port, drafts, events, running: HashMap::new() }
    }

    /// Begins: waits for the server, and says so.
    pub fn link(&self) {
        let (link, events) = (self.port.link(), self.events.clone());
        tokio::spawn(async move {
            let _ = events.send(Event::Linked(guarded(link).await)).await;
        });
    }

    /// Carries one effect out. Those that concern the terminal are given back.
    pub fn run(&mut self, effect: Effect) -> Option<Effect> {
        self.running.retain(|_, task| !task.is_finished());
        match effect {
            Effect::Call { id, request } => {
                let call = self.port.call(request);
                self.answer(id, call);
            }
            Effect::Forget { id } => {
                if let Some(task) = self.running.remove(&id) {
                    task.abort();
                }
            }
            Effect::Watch { job } => self.watch(job),
            Effect::Download { id, request, to, .. } => {
                let work = self.port.download(request, to);
                self.answer(id, work);
            }
            Effect::Upload { id, from, .. } => {
                let work = self.port.upload(from);
                self.answer(id, work);
            }
            Effect::KeepDraft { key, text } => self.on_disk(move |drafts| drafts.keep(&key, &text)),
            Effect::DropDraft { key } => self.on_disk(move |drafts| drafts.drop(&key)),
            Effect::ReadDraft { id, key, .. } => {
                let drafts = self.drafts.clone();
                let read = async move {
                    let text = tokio::task::spawn_blocking(move || drafts.read(&key)).await;
                    // A draft that cannot be read is no draft; the form starts empty.
                    Ok(Reply::of(&text.ok().and_then(Result::ok).flatten()))
                };
                self.answer(id, Box::pin(read));
            }
            Effect::Speak(language) => self.port.speak(language),
            terminal => return Some(terminal),
        }
        None
    }

    fn answer(&mut self, id: RequestId, work: BoxFuture<Result<Reply, Failure>>) {
        let events = self.events.clone();
        let task = tokio::spawn(async move {
            let outcome = guarded(work).await;
            let _ = events.send(Event::Answer { id, outcome }).await;
        });
        self.running.insert(id, task.abort_handle());
    }

    fn watch(&self, id: String) {
        let (mut stream, events) = (self.port.watch(id.clone()), self.events.clone());
        tokio::spawn(async move {
            while let Some(news) = stream.next().await {
                let event = match news {
                    Ok(job) => Event::Job(Box::new(job)),
                    Err(failure) => Event::JobLost { id: id.clone(), failure },
                };
                if events.send(event).await.is_err() {
                    return;
                }
            }
        });
    }

    fn on_disk(&self, work: impl FnOnce(Drafts) -> std::io::Result<()> + Send + 'static) {
        let (drafts, events) = (self.drafts.clone(), self.events.clone());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = work(drafts) {
                let _ = events.blocking_send(Event::DraftLost { cause: error.to_string() });
            }
        });
    }
}

/// Work in a task of its own: a panic in it is a failure like any other.
async fn guarded<T: Send + 'static>(work: BoxFuture<Result<T, Failure>>) -> Result<T, Failure> {
    let task = tokio::spawn(work);
    let abort = AbortOnDrop(task.abort_handle());
    let outcome = task.await;
    drop(abort);
    outcome.unwrap_or_else(|error| Err(Failure::Unreadable { path: "console".to_owned(), cause: error.to_string() }))
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
