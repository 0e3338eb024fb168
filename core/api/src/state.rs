//! What all requests share: the college, opened once and again when the record moved on; the turn to write; jobs; uploads.

use crate::jobs::Jobs;
use crate::problem::ApiError;
use crate::uploads::Uploads;
use chrono::{DateTime, Local, NaiveDate, Utc};
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use zhengai_model::fault::Fault;
use zhengai_model::text::{Language, Message};
use zhengai_service::college::{Access, College, Opening};
use zhengai_service::text::Texts;
use zhengai_service::{Actor, ServiceError, WriterLock};

/// How a college is opened, with the settings of this moment.
pub type Reload = Arc<dyn Fn() -> Result<Opening, ServiceError> + Send + Sync>;

/// What an API needs to know besides how the college is opened.
#[derive(Clone)]
pub struct ApiSettings {
    /// How the college is opened anew when its settings changed; the first opening when there is none.
    pub reload: Option<Reload>,
    /// The day at the college.
    pub today: fn() -> NaiveDate,
    /// How long a request waits for its turn to write.
    pub longest_wait: Duration,
    /// Jobs that may wait or run at a time.
    pub most_jobs: usize,
    /// Bytes of one upload.
    pub upload_bytes: u64,
    /// Bytes of all uploads together.
    pub uploads_bytes: u64,
    /// Hears of a clock that went back, before something is written.
    pub clock_behind: Option<Arc<dyn Fn(DateTime<Utc>) + Send + Sync>>,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            reload: None,
            today: || Local::now().date_naive(),
            longest_wait: Duration::from_secs(30),
            most_jobs: 64,
            upload_bytes: 4 << 30,
            uploads_bytes: 16 << 30,
            clock_behind: None,
        }
    }
}

impl std::fmt::Debug for ApiSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiSettings").finish_non_exhaustive()
    }
}

/// The API of one college. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

struct Inner {
    opening: Opening,
    settings: ApiSettings,
    college: RwLock<Option<College>>,
    /// Held while somebody opens the college, so that many requests open it once.
    opener: Mutex<()>,
    /// Whose turn it is to write; first come, first served.
    turn: Arc<Mutex<()>>,
    texts: RwLock<[Arc<Texts>; 2]>,
    jobs: Jobs,
    uploads: Uploads,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("data", &self.inner.opening.data).finish_non_exhaustive()
    }
}

impl Api {
    /// The API of the college that is opened so. Opens nothing before it is asked.
    pub fn new(opening: Opening, settings: ApiSettings) -> Self {
        let uploads = Uploads::new(&opening.data, settings.upload_bytes, settings.uploads_bytes);
        let jobs = Jobs::new(settings.most_jobs);
        let inner = Inner {
            opening,
            settings,
            college: RwLock::new(None),
            opener: Mutex::new(()),
            turn: Arc::new(Mutex::new(())),
            texts: RwLock::new(both()),
            jobs,
            uploads,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The texts of a language; with those of the plugins once the college was opened.
    pub fn texts(&self, language: Language) -> Arc<Texts> {
        let texts = self.inner.texts.read().unwrap_or_else(PoisonError::into_inner);
        let [chinese, english] = &*texts;
        Arc::clone(if language == Language::English { english } else { chinese })
    }

    /// How the college is opened now by this person.
    pub(crate) fn opening(&self, actor: Actor) -> Result<Opening, ServiceError> {
        let opening = match &self.inner.settings.reload {
            Some(reload) => reload()?,
            None => self.inner.opening.clone(),
        };
        Ok(Opening { actor, today: (self.inner.settings.today)(), ..opening })
    }

    /// Now, by the clock of the house.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.inner.opening.clock)()
    }

    /// The data directory, for people.
    pub(crate) fn place(&self) -> &Path {
        self.inner.opening.data.root()
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.inner.jobs
    }

    pub(crate) fn uploads(&self) -> &Uploads {
        &self.inner.uploads
    }

    /// The college as it is now. Opened when it is not, or when definitions, plugins, settings or the day changed.
    pub(crate) async fn college(&self) -> Result<College, ServiceError> {
        if let Some(college) = self.opened().await {
            return Ok(college);
        }
        let _opening = self.inner.opener.lock().await;
        if let Some(college) = self.opened().await {
            return Ok(college);
        }
        let actor = self.inner.opening.actor.clone();
        let college = College::open(self.opening(actor)?, Access::Read).await?;
        self.adopt(&college);
        let before = self.put(Some(college.clone()));
        tracing::debug!(again = before.is_some(), "opened the college");
        Ok(college)
    }

    /// The college that is open, unless it has grown old. What cannot be asked is opened anew, which says why.
    async fn opened(&self) -> Option<College> {
        let college = self.inner.college.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let today = (self.inner.settings.today)() == college.today();
        (today && college.is_current().await.unwrap_or(false)).then_some(college)
    }

    fn put(&self, college: Option<College>) -> Option<College> {
        std::mem::replace(&mut *self.inner.college.write().unwrap_or_else(PoisonError::into_inner), college)
    }

    /// Takes in what the plugins say: into the texts that are there the first time, into new ones after a change.
    fn adopt(&self, college: &College) {
        let mut texts = self.inner.texts.write().unwrap_or_else(PoisonError::into_inner);
        let opened = self.inner.college.read().unwrap_or_else(PoisonError::into_inner).is_some();
        if opened {
            *texts = both();
        }
        for texts in texts.iter() {
            texts.adopt(college.plugins().catalogues());
        }
    }

    /// Waits for the turn to write, takes the lock of the data directory, and gives the college as it is then.
    pub(crate) async fn writing(&self, actor: Actor) -> Result<Writing, ServiceError> {
        if !self.inner.opening.data.config_file().is_file() {
            // There is nothing to lock: opening it says so.
            self.college().await?;
        }
        let turn = self.turn().await;
        let lock = WriterLock::take(self.inner.opening.data.root())?;
        let college = self.college().await?.acting(actor).writing(lock).await?;
        if let Some(tell) = &self.inner.settings.clock_behind
            && let Some(newest) = college.clock_behind().await?
        {
            tell(newest);
        }
        Ok(Writing { college, _turn: turn })
    }

    /// Settles what a crash left open and throws away what nobody came back for, unless somebody writes at the moment: the
    /// next writer does it then.
    pub(crate) async fn settle(&self) -> Result<(), ServiceError> {
        self.inner.uploads.sweep();
        match self.writing(self.inner.opening.actor.clone()).await {
            Ok(_) => Ok(()),
            Err(ServiceError::DirectoryBusy { holder, .. }) => {
                tracing::warn!(%holder, "another process writes; what a crash left open is settled later");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Waits for the turn to write.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.inner.turn).lock_owned().await
    }

    /// The college to write to for a request, which does not wait for ever.
    pub(crate) async fn writing_soon(&self, actor: Actor) -> Result<Writing, ApiError> {
        match tokio::time::timeout(self.inner.settings.longest_wait, self.writing(actor)).await {
            Ok(writing) => Ok(writing?),
            Err(_) => {
                let busy = self.inner.jobs.busy();
                let message = Message::new("api-busy").with("job", busy);
                Err(ApiError::new(Fault::Unavailable, message))
            }
        }
    }

    /// Stops all jobs, waits for them for at most so long, and closes the record. Whether all of them ended.
    pub async fn close(&self, limit: Duration) -> bool {
        let ended = self.inner.jobs.stop(limit).await;
        if let Some(college) = self.put(None) {
            college.close().await;
        }
        ended
    }
}

/// The turn to write, and the college for it. What was written is seen by all readers; the turn ends when this is dropped.
#[derive(Debug)]
pub struct Writing {
    college: College,
    _turn: OwnedMutexGuard<()>,
}

impl Deref for Writing {
    type Target = College;

    fn deref(&self) -> &College {
        &self.college
    }
}

/// Texts of both languages, without those of plugins.
fn both() -> [Arc<Texts>; 2] {
    [Language::Chinese, Language::English].map(|language| {
        let mut texts = zhengai_service::text::texts(language);
        texts.add(&crate::CATALOGUE);
        Arc::new(texts)
    })
}
