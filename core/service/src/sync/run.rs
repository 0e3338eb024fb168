//! A sync of a source: its streams one after the other, under one entry of the record.

use super::connector::Connector;
use super::outcome::{StreamOutcome, StreamSynced, SyncProgress, SyncRequest, Synced};
use super::retry::{Patience, Retries};
use super::stream::{Job, Then};
use crate::college::{College, next_id, stem};
use crate::error::ServiceError;
use serde_json::json;
use std::sync::OnceLock;
use zhengai_model::rights::Right;
use zhengai_store::{NewSource, NewSync, SourceStream, SyncState};
use zhengai_warehouse::CancelFlag;

impl College {
    /// Syncs the streams of a source. A stream that fails says so in what is returned; an error means that nothing could
    /// be begun, or that the record itself failed.
    pub async fn sync(
        &self,
        request: &SyncRequest,
        progress: SyncProgress<'_>,
        cancel: &CancelFlag,
    ) -> Result<Synced, ServiceError> {
        self.permit(Right::ManageSources)?;
        let source = self.source(&request.source).await?.source;
        if !source.enabled {
            let (name, state) = (source.id.to_string(), "disabled".to_owned());
            return Err(ServiceError::WrongState { what: "source", name, state });
        }
        let streams = chosen(&source, &request.streams)?;
        let connector = Connector::open(self, &source, cancel)?;
        let id = match request.dry_run {
            true => None,
            false => Some(self.begin_sync(&source).await?),
        };
        let job = Job { request, source: &source, connector, catalogue: OnceLock::new(), progress, cancel };
        let mut retries = Retries::new(self.patience());
        let mut synced = Synced { id, source: source.id.clone(), streams: Vec::new() };
        let mut then = Then::GoOn;
        for stream in streams {
            let done = match then {
                Then::Stop => StreamSynced::new(stream),
                Then::GoOn => {
                    let (done, after) = self.sync_stream(&job, stream, &mut retries).await?;
                    then = after;
                    done
                }
            };
            synced.streams.push(done);
        }
        if let Some(id) = &synced.id {
            let summary = json!({ "streams": synced.streams });
            self.record.sync_end(self.actor(), id, synced.state(), &summary).await?;
        }
        Ok(synced)
    }

    async fn begin_sync(&self, source: &NewSource) -> Result<String, ServiceError> {
        let stem = stem('S', self.opening.today);
        let id = next_id(&stem, self.record.sync_ids(&stem).await?);
        self.record.sync_start(self.actor(), &NewSync { id: id.clone(), source: source.id.clone() }).await?;
        Ok(id)
    }

    fn patience(&self) -> Patience {
        let config = self.config();
        Patience {
            attempts: u32::try_from(config.sync_attempts()).unwrap_or(u32::MAX),
            first: config.first_wait(),
            longest: config.longest_wait(),
        }
    }
}

impl Synced {
    /// Where the sync as a whole ended.
    pub fn state(&self) -> SyncState {
        let any = |wanted: StreamOutcome| self.streams.iter().any(|stream| stream.outcome == wanted);
        if any(StreamOutcome::Cancelled) {
            SyncState::Cancelled
        } else if any(StreamOutcome::Failed) {
            SyncState::Failed
        } else {
            SyncState::Finished
        }
    }
}

/// The streams asked for, all when none are.
fn chosen<'a>(source: &'a NewSource, wanted: &[String]) -> Result<Vec<&'a SourceStream>, ServiceError> {
    if source.streams.is_empty() {
        return Err(ServiceError::NoStreams { source_name: source.id.to_string() });
    }
    if wanted.is_empty() {
        return Ok(source.streams.iter().collect());
    }
    let known = || source.streams.iter().map(|stream| stream.stream.as_str());
    let find = |name: &String| {
        let found = source.streams.iter().find(|stream| stream.stream == *name);
        found.ok_or_else(|| ServiceError::not_found("stream", name, known()))
    };
    wanted.iter().map(find).collect()
}
