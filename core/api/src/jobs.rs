//! Jobs (作业): work that takes long, each on a thread of its own. Many may read at a time; those that write queue for their
//! turn. Jobs live as long as the process; what they did stands in the record.

use crate::cx::{Cx, Fingerprint};
use crate::problem::ApiError;
use crate::state::Writing;
use chrono::{DateTime, Utc};
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, watch};
use tokio_util::sync::CancellationToken;
use zhengai_model::fault::Fault;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_service::college::College;
use zhengai_service::{Actor, CancelFlag, ServiceError};
use zhengai_wire::job::{Job, JobState, Progress};

/// How many jobs that are over are remembered.
const REMEMBERED: usize = 200;

/// Debug builds of the SQL planner recurse deeply; release builds do not mind the room.
const STACK: usize = 16 << 20;

/// What a job is to be.
pub(crate) struct Order {
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
}

/// All jobs of a process.
pub(crate) struct Jobs {
    most: usize,
    state: Arc<Mutex<State>>,
}

struct State {
    last: u64,
    /// What tells jobs of this process from those of the one before.
    prefix: String,
    closed: bool,
    entries: VecDeque<Entry>,
}

struct Entry {
    job: watch::Sender<Job>,
    fingerprint: Option<Fingerprint>,
    cancel: Cancel,
}

/// Both ways in which a job hears that it should stop: a flag for loops, a token for what waits.
#[derive(Clone)]
struct Cancel {
    flag: CancelFlag,
    token: CancellationToken,
}

impl Cancel {
    fn raise(&self) {
        self.flag.cancel();
        self.token.cancel();
    }
}

/// What the work of a job is given.
pub struct Work {
    /// Who started it, with texts in that person's language.
    pub cx: Cx,
    /// Raised when somebody asks it to stop.
    pub cancel: CancelFlag,
    token: CancellationToken,
    job: watch::Sender<Job>,
    cut_short: Arc<AtomicBool>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("job", &self.job.borrow().id).finish_non_exhaustive()
    }
}

impl Work {
    /// How far it is. May be called as often as one likes: watchers hear of it at most five times a second.
    pub fn progress(&self, progress: Progress) {
        self.job.send_modify(|job| job.progress = progress);
    }

    /// The college, to read from.
    pub async fn read(&self) -> Result<College, ServiceError> {
        Ok(self.cx.api.college().await?.acting(self.cx.actor.clone()))
    }

    /// The college, to write to. The job is queued until it is its turn, and may be cancelled meanwhile.
    pub async fn write(&self) -> Result<Writing, ServiceError> {
        self.state(JobState::Queued);
        let turn = tokio::select! {
            turn = self.cx.api.writing(self.cx.actor.clone()) => turn,
            () = self.token.cancelled() => Err(ServiceError::Cancelled),
        };
        self.state(JobState::Running);
        turn
    }

    /// The turn to write without the college: for use cases that take the lock of the data directory themselves.
    pub async fn turn(&self) -> Result<OwnedMutexGuard<()>, ServiceError> {
        self.state(JobState::Queued);
        let turn = tokio::select! {
            turn = self.cx.api.turn() => Ok(turn),
            () = self.token.cancelled() => Err(ServiceError::Cancelled),
        };
        self.state(JobState::Running);
        turn
    }

    /// The work stops where it is because somebody asked for that. Its result tells what was done until then, and the job
    /// ends as cancelled.
    pub fn cut_short(&self) {
        self.cut_short.store(true, Ordering::Relaxed);
    }

    /// Moves on, unless somebody asked to stop: that stays to be seen.
    fn state(&self, state: JobState) {
        self.job.send_modify(|job| {
            if job.state != JobState::Cancelling {
                job.state = state;
            }
        });
    }
}

impl Jobs {
    pub(crate) fn new(most: usize) -> Self {
        let prefix: String = crate::ids::random_id().chars().take(6).collect();
        let state = State { last: 0, prefix, closed: false, entries: VecDeque::new() };
        Self { most, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a job, or gives the one that does the very same already.
    pub(crate) fn start(
        &self,
        cx: &Cx,
        order: Order,
        work: impl AsyncFnOnce(Work) -> Result<serde_json::Value, ServiceError> + Send + 'static,
    ) -> Result<Job, ApiError> {
        let mut state = self.state();
        if state.closed {
            return Err(ApiError::new(Fault::Unavailable, Message::new("api-closing")));
        }
        if let Some(same) = state.same(cx, &order) {
            return Ok(same);
        }
        let alive = state.entries.iter().filter(|entry| !entry.job.borrow().state.is_over()).count();
        if alive >= self.most {
            let message = Message::new("api-too-many-jobs").with("count", alive);
            return Err(ApiError::new(Fault::Exhausted, message).with_retry_after(10));
        }
        state.last += 1;
        let now = cx.api.now();
        let job = Job {
            id: format!("J{}-{}", state.prefix, state.last),
            kind: order.kind.to_owned(),
            subject: order.subject,
            actor: cx.actor.name.clone(),
            state: JobState::Running,
            progress: Progress::default(),
            queued_at: now,
            started_at: Some(now),
            ended_at: None,
            result: None,
            problem: None,
        };
        let sender = watch::Sender::new(job.clone());
        let cancel = Cancel { flag: CancelFlag::new(), token: CancellationToken::new() };
        let given = Work {
            cx: cx.clone(),
            cancel: cancel.flag.clone(),
            token: cancel.token.clone(),
            job: sender.clone(),
            cut_short: Arc::default(),
        };
        spawn(given, work).map_err(|error| {
            tracing::error!(%error, "no thread for a job");
            ApiError::new(Fault::Exhausted, Message::new("api-too-many-jobs").with("count", alive))
        })?;
        state.entries.push_back(Entry { job: sender, fingerprint: cx.fingerprint, cancel });
        state.forget();
        Ok(job)
    }

    /// Jobs that a person may see, newest first.
    pub(crate) fn list(&self, actor: &Actor) -> Vec<Job> {
        let jobs = self.state().entries.iter().rev().map(|entry| entry.job.borrow().clone()).collect::<Vec<_>>();
        jobs.into_iter().filter(|job| may_see(actor, job)).collect()
    }

    /// A job that a person may see.
    pub(crate) fn watch(&self, id: &str, actor: &Actor) -> Result<watch::Receiver<Job>, ApiError> {
        let state = self.state();
        let found = state.entries.iter().find(|entry| entry.job.borrow().id == id);
        found
            .filter(|entry| may_see(actor, &entry.job.borrow()))
            .map(|entry| entry.job.subscribe())
            .ok_or_else(|| ApiError::new(Fault::NotFound, Message::new("api-no-job").with("job", id)))
    }

    /// Asks a job to stop.
    pub(crate) fn cancel(&self, id: &str, actor: &Actor) -> Result<Job, ApiError> {
        let job = self.watch(id, actor)?;
        let state = self.state();
        if let Some(entry) = state.entries.iter().find(|entry| entry.job.borrow().id == id) {
            entry.stop();
        }
        let job = job.borrow().clone();
        Ok(job)
    }

    /// What writes now, for people who wait.
    pub(crate) fn busy(&self) -> String {
        let state = self.state();
        let running = state.entries.iter().map(|entry| entry.job.borrow().clone());
        running.filter(|job| job.state == JobState::Running).map(|job| job.id).collect::<Vec<_>>().join(", ")
    }

    /// Takes no more jobs, asks all to stop and waits for at most so long. Whether all of them ended.
    pub(crate) async fn stop(&self, limit: Duration) -> bool {
        let alive: Vec<watch::Receiver<Job>> = {
            let mut state = self.state();
            state.closed = true;
            state.entries.iter().inspect(|entry| entry.stop()).map(|entry| entry.job.subscribe()).collect()
        };
        let all = async {
            for mut job in alive {
                // A job that nobody holds any more is over.
                let _ = job.wait_for(|job| job.state.is_over()).await;
            }
        };
        tokio::time::timeout(limit, all).await.is_ok()
    }
}

impl Entry {
    fn stop(&self) {
        self.job.send_if_modified(|job| {
            let asked = matches!(job.state, JobState::Queued | JobState::Running);
            if asked {
                job.state = JobState::Cancelling;
            }
            asked
        });
        self.cancel.raise();
    }
}

impl State {
    /// The job that does the very same, if there is one.
    fn same(&self, cx: &Cx, order: &Order) -> Option<Job> {
        let fingerprint = cx.fingerprint?;
        let same = |entry: &&Entry| {
            let job = entry.job.borrow();
            entry.fingerprint == Some(fingerprint)
                && matches!(job.state, JobState::Queued | JobState::Running)
                && (job.kind.as_str(), &job.subject, &job.actor) == (order.kind, &order.subject, &cx.actor.name)
        };
        self.entries.iter().find(same).map(|entry| entry.job.borrow().clone())
    }

    /// Forgets the oldest jobs that are over.
    fn forget(&mut self) {
        while self.entries.len() > REMEMBERED {
            let Some(oldest) = self.entries.iter().position(|entry| entry.job.borrow().state.is_over()) else { return };
            self.entries.remove(oldest);
        }
    }
}

/// One sees one's own jobs; who looks after the system sees all.
fn may_see(actor: &Actor, job: &Job) -> bool {
    actor.name == job.actor || actor.may(Right::ManageSystem)
}

/// Runs the work on a thread of its own until it is over. A panic of the work is a failed job and nothing more.
fn spawn(
    given: Work,
    work: impl AsyncFnOnce(Work) -> Result<serde_json::Value, ServiceError> + Send + 'static,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Handle::current();
    let (job, cx, cut_short) = (given.job.clone(), given.cx.clone(), Arc::clone(&given.cut_short));
    let run = move || {
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(work(given))));
        let outcome = outcome.unwrap_or_else(|_| Err(ServiceError::Internal { what: "a job panicked".to_owned() }));
        let now = cx.api.now();
        let good = if cut_short.load(Ordering::Relaxed) { JobState::Cancelled } else { JobState::Done };
        job.send_modify(|job| end(job, outcome, good, &cx, now));
    };
    std::thread::Builder::new().name("job".to_owned()).stack_size(STACK).spawn(run).map(drop)
}

fn end(job: &mut Job, outcome: Result<serde_json::Value, ServiceError>, good: JobState, cx: &Cx, now: DateTime<Utc>) {
    job.ended_at = Some(now);
    match outcome {
        Ok(result) => {
            job.state = good;
            job.result = Some(result);
        }
        Err(error) => {
            let cancelled = matches!(zhengai_model::fault::Explain::fault(&error), Fault::Cancelled);
            job.state = if cancelled { JobState::Cancelled } else { JobState::Failed };
            job.problem = Some(ApiError::from(error).problem(&cx.texts));
        }
    }
}
