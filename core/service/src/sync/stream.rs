//! One stream: read from its last committed state, chunk by chunk, and again after failures that may pass.

use super::chunk::{Chunks, Cut};
use super::connector::{Catalogue, Connector};
use super::outcome::{Extent, Stopped, StreamOutcome, StreamSynced, SyncProgress, SyncRequest};
use super::retry::{Class, Resumed, Retries, Step, class};
use crate::college::College;
use crate::config::Review;
use crate::error::ServiceError;
use crate::import::{Intake, Outcome};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use zhengai_host::HostError;
use zhengai_model::batch::Notice;
use zhengai_model::dataset::LoadMode;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_store::{NewSource, PluginFault, Quarantined, SourceStream};
use zhengai_warehouse::CancelFlag;

/// What all streams of one sync share.
pub(crate) struct Job<'a> {
    pub(crate) request: &'a SyncRequest,
    pub(crate) source: &'a NewSource,
    pub(crate) connector: Connector<'a>,
    /// What the connector can read, once it has told.
    pub(crate) catalogue: OnceLock<Option<Catalogue>>,
    pub(crate) progress: SyncProgress<'a>,
    pub(crate) cancel: &'a CancelFlag,
}

/// What follows for the streams after this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// They are read.
    GoOn,
    /// They are not.
    Stop,
}

/// What stopped a read.
enum Failure {
    /// The connector.
    Connector(HostError),
    /// Something of ours: the rows do not fit the dataset, the disk is full.
    Own(ServiceError),
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        Self::Connector(error)
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self::Own(error)
    }
}

impl College {
    /// Syncs one stream. Failures end in its outcome; an error is one of the record itself.
    pub(crate) async fn sync_stream(
        &self,
        job: &Job<'_>,
        stream: &SourceStream,
        retries: &mut Retries,
    ) -> Result<(StreamSynced, Then), ServiceError> {
        let mut done = StreamSynced::new(stream);
        if let Some((_, batch)) =
            self.waiting(&job.source.id).await?.into_iter().find(|(name, _)| *name == stream.stream)
        {
            done.batches.push(batch.id);
            done.outcome = StreamOutcome::Waiting;
            return Ok((done, Then::GoOn));
        }
        retries.begin_stream();
        let mut from_start = is_whole(job, stream, self.importable(&stream.dataset).map(|dataset| dataset.load).ok());
        loop {
            let state = match from_start {
                true => None,
                false => self.record.cursor_find(&job.source.id, &stream.stream).await?.map(|cursor| cursor.state),
            };
            let resumed = if state.is_some() { Resumed::FromState } else { Resumed::FromStart };
            let before = done.batches.len();
            let failure = match self.read_stream(job, stream, state.as_ref(), &mut done).await {
                Ok(outcome) => {
                    done.outcome = outcome;
                    return Ok((done, Then::GoOn));
                }
                Err(failure) => failure,
            };
            if done.batches.len() > before {
                retries.progressed();
            }
            let error = match failure {
                Failure::Own(error) => return Ok(stopped(done, &error)),
                Failure::Connector(_) if job.cancel.is_cancelled() => {
                    return Ok(stopped(done, &ServiceError::Cancelled));
                }
                Failure::Connector(error) => error,
            };
            let (class, message) = (class(&error), job.connector.message(&error));
            let step = retries.after(class, resumed);
            tracing::warn!(stream = stream.stream, ?class, ?step, %error, "read failed");
            if class == Class::Crash {
                let kept_out = if step == Step::Quarantine { Quarantined::Yes } else { Quarantined::No };
                self.count_crash(job, message.clone(), kept_out).await?;
            }
            match step {
                Step::Again(wait) => {
                    done.retries += 1;
                    done.tell(notice("again", stream));
                    done.tell(Notice { rule: "sync.cause".to_owned(), message });
                    (self.opening.wait)(wait, job.cancel.clone()).await;
                }
                Step::FromStart => {
                    done.retries += 1;
                    done.tell(notice("from-start", stream));
                    from_start = true;
                }
                Step::StopStream | Step::StopSource | Step::Quarantine => {
                    if step == Step::Quarantine {
                        done.tell(kept_out(job, stream));
                    }
                    done.outcome = StreamOutcome::Failed;
                    done.stopped = Some(Stopped { fault: error.fault(), message });
                    return Ok((done, if step == Step::StopStream { Then::GoOn } else { Then::Stop }));
                }
            }
        }
    }

    /// Reads a stream to its end, one batch for each chunk.
    async fn read_stream(
        &self,
        job: &Job<'_>,
        stream: &SourceStream,
        state: Option<&Value>,
        done: &mut StreamSynced,
    ) -> Result<StreamOutcome, Failure> {
        let dataset = self.importable(&stream.dataset)?;
        let whole = is_whole(job, stream, Some(dataset.load));
        let instance = job.connector.instance()?;
        let catalogue = match job.catalogue.get() {
            Some(known) => known,
            None => {
                let found = job.connector.discover(&instance)?;
                job.catalogue.get_or_init(|| found)
            }
        };
        let entry = match catalogue {
            None => None,
            Some(known) => Some(known.streams.iter().find(|one| one.name == stream.stream).ok_or_else(|| {
                let names = known.streams.iter().map(|one| one.name.as_str());
                ServiceError::not_found("stream", &stream.stream, names)
            })?),
        };
        let reader = job.connector.read(&instance, entry, stream, state)?;
        // A plan that nothing follows must see all rows at once: each would be planned against what the ones before left.
        let cut = if whole || job.request.dry_run { Cut::Never } else { Cut::After(self.config().chunk_rows()) };
        let texts = job.connector.texts.clone();
        let chunks = Chunks::new(instance, reader, texts, Arc::clone(&job.connector.discreet), cut);
        let intake = Intake {
            dataset,
            mapping: stream.mapping.as_ref(),
            name: format!("{}/{}", job.source.id, stream.stream),
            sheet: None,
            mode: if whole { LoadMode::Full } else { stream.mode.unwrap_or(dataset.load) },
            review: self.review_of(job),
            deletes: job.request.deletes,
            detail: json!({
                "source": job.source.id, "stream": stream.stream, "plugin": job.source.plugin, "mapping": stream.mapping,
            }),
            told: Arc::new(chunks.clone()),
        };
        let mut read = done.counts.read;
        while let Some(rows) = chunks.next()? {
            let progress = |rows: u64| (job.progress)(&stream.stream, read + rows);
            let taken = match job.request.dry_run {
                true => self.plan_only(&intake, rows, &progress, job.cancel).await,
                false => self.take_in(&intake, rows, &progress, job.cancel).await,
            };
            let taken = taken.map_err(|error| chunks.failure().map_or(Failure::Own(error), Failure::Connector))?;
            read += taken.counts.read;
            taken.notices.into_iter().for_each(|notice| done.tell(notice));
            if taken.outcome == Outcome::Planned {
                done.count(taken.counts);
                continue;
            }
            done.add(taken.batch, taken.counts);
            if taken.outcome != Outcome::Applied {
                return Ok(StreamOutcome::Held);
            }
        }
        Ok(if job.request.dry_run { StreamOutcome::Planned } else { StreamOutcome::Finished })
    }

    fn review_of(&self, job: &Job<'_>) -> Review {
        job.request.review.unwrap_or_else(|| match job.source.review.as_deref() {
            Some("hold") => Review::Hold,
            Some(_) => Review::Auto,
            None => self.config().review(),
        })
    }

    /// Counts a crash of the connector in the record, and keeps its version out after the second one.
    async fn count_crash(&self, job: &Job<'_>, why: Message, kept_out: Quarantined) -> Result<(), ServiceError> {
        let found = &self.plugins.get(job.source.plugin.as_str())?.found;
        let fault = PluginFault {
            id: found.id().clone(),
            sha256: found.sha256.clone().unwrap_or_default(),
            version: found.manifest.version.clone(),
            why,
        };
        self.record.plugin_fault(self.actor(), &fault, kept_out).await?;
        Ok(())
    }
}

/// Whether the stream is the whole truth: it is read from the beginning and swapped in at its end.
fn is_whole(job: &Job<'_>, stream: &SourceStream, load: Option<LoadMode>) -> bool {
    job.request.extent == Extent::Whole || stream.mode.or(load) == Some(LoadMode::Full)
}

/// A stream that something of ours stopped. Rows that do not fit stop the stream alone; a disk or a record that fails
/// would fail the next one too.
fn stopped(mut done: StreamSynced, error: &ServiceError) -> (StreamSynced, Then) {
    let fault = error.fault();
    let then = match fault {
        Fault::Invalid | Fault::NotFound | Fault::Conflict => Then::GoOn,
        _ => Then::Stop,
    };
    done.outcome = if fault == Fault::Cancelled { StreamOutcome::Cancelled } else { StreamOutcome::Failed };
    done.stopped = Some(Stopped { fault, message: error.message() });
    (done, then)
}

fn notice(rule: &str, stream: &SourceStream) -> Notice {
    Notice {
        rule: format!("sync.{rule}"),
        message: Message::new(&format!("sync-notice-{rule}")).with("stream", &stream.stream),
    }
}

fn kept_out(job: &Job<'_>, stream: &SourceStream) -> Notice {
    let mut notice = notice("quarantined", stream);
    notice.message = notice.message.with("plugin", &job.source.plugin);
    notice
}
