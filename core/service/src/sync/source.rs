//! Sources by name: added from files, shown, changed, removed.

use super::secret::references;
use crate::college::College;
use crate::config::Review;
use crate::error::ServiceError;
use crate::import::stream_of;
use crate::plugins::Switch;
use crate::text_file::TextFile;
use crate::words::word;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};
use zhengai_model::batch::BatchState;
use zhengai_model::dataset::LoadMode;
use zhengai_model::ids::{DatasetId, PluginId, SourceId};
use zhengai_model::mapping::Mapping;
use zhengai_model::rights::Right;
use zhengai_store::{
    BatchFilter, BatchRecord, CursorRecord, NewSource, SourceRecord, SourceStream, SyncFilter, SyncRecord,
};
use zhengai_warehouse::CancelFlag;

/// A source as a person describes it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its name.
    pub name: String,
    /// The connector.
    pub plugin: String,
    /// Component of it; the only one when absent.
    pub component: Option<String>,
    /// The configuration, TOML or JSON.
    pub config: TextFile,
    /// The streams, TOML or JSON; streams that bear the name of a dataset when absent.
    pub streams: Option<TextFile>,
    /// Mapping files that the streams name, under the path that they have from the file of the streams.
    pub mappings: Vec<TextFile>,
    /// Review; the configured one when absent.
    pub review: Option<Review>,
}

/// A source with how far it was read.
#[derive(Debug, Clone, Serialize)]
pub struct SourceShown {
    /// The source.
    #[serde(flatten)]
    pub source: SourceRecord,
    /// How far its streams were read.
    pub cursors: Vec<CursorRecord>,
    /// Batches that wait for a person.
    pub waiting: Vec<String>,
    /// Its last sync.
    pub last: Option<SyncRecord>,
}

/// Streams as a file says them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamsFile {
    stream: Vec<StreamFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamFile {
    stream: String,
    dataset: DatasetId,
    #[serde(default)]
    mapping: Option<MappingFile>,
    #[serde(default)]
    mode: Option<LoadMode>,
    #[serde(default)]
    options: Option<Value>,
}

/// A mapping in the file itself, or the path of a mapping file beside it.
#[derive(Deserialize)]
#[serde(untagged)]
enum MappingFile {
    Path(PathBuf),
    Inline(Box<Mapping>),
}

impl College {
    /// Adds a source. The connector sees its configuration at once, so that what cannot work is refused here.
    pub async fn source_add(&self, file: &SourceFile, cancel: &CancelFlag) -> Result<SourceRecord, ServiceError> {
        self.permit(Right::ManageSources)?;
        let id = SourceId::new(file.name.clone())
            .map_err(|_| ServiceError::BadArgument { what: "source", value: file.name.clone() })?;
        let source = self.described(id, file, cancel)?;
        Ok(self.record.source_create(self.actor(), &source).await?)
    }

    /// Describes a source anew; how far its streams were read stays as it is.
    pub async fn source_change(&self, file: &SourceFile, cancel: &CancelFlag) -> Result<SourceRecord, ServiceError> {
        self.permit(Right::ManageSources)?;
        let known = self.source(&file.name).await?.source;
        let source = NewSource { enabled: known.enabled, ..self.described(known.id, file, cancel)? };
        Ok(self.record.source_change(self.actor(), &source).await?)
    }

    /// Lets a source be synced, or keeps it from being synced.
    pub async fn source_switch(&self, name: &str, to: Switch) -> Result<SourceRecord, ServiceError> {
        self.permit(Right::ManageSources)?;
        let known = self.source(name).await?.source;
        let source = NewSource { enabled: to == Switch::On, ..known };
        Ok(self.record.source_change(self.actor(), &source).await?)
    }

    fn described(&self, id: SourceId, file: &SourceFile, cancel: &CancelFlag) -> Result<NewSource, ServiceError> {
        let plugin = self.plugins.get(&file.plugin)?.found.id().clone();
        let config: Value = file.config.value()?;
        let mut source = NewSource {
            id,
            component: self.component(&plugin, file.component.as_deref())?,
            plugin,
            config,
            streams: Vec::new(),
            review: file.review.map(review_word),
            enabled: true,
        };
        let connector = super::connector::Connector::open(self, &source, cancel)?;
        drop(connector.instance().map_err(|error| connector.refused(error))?);
        source.streams = match &file.streams {
            Some(streams) => self.streams(streams, &file.mappings)?,
            None => self.streams_by_name(&source, cancel)?,
        };
        Ok(source)
    }

    fn component(&self, plugin: &PluginId, wanted: Option<&str>) -> Result<String, ServiceError> {
        let loaded = self.plugins.load(plugin)?;
        let known: Vec<&str> = loaded.described().components.iter().map(|one| one.name.as_str()).collect();
        match (wanted, known.as_slice()) {
            (Some(wanted), known) if known.contains(&wanted) => Ok(wanted.to_owned()),
            (None, [only]) => Ok((*only).to_owned()),
            (wanted, known) => Err(ServiceError::ChooseComponent {
                plugin: plugin.to_string(),
                wanted: wanted.unwrap_or_default().to_owned(),
                known: known.join(", "),
            }),
        }
    }

    fn streams(&self, file: &TextFile, mappings: &[TextFile]) -> Result<Vec<SourceStream>, ServiceError> {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        let file: StreamsFile = file.value()?;
        let named = |within: PathBuf| -> Result<Mapping, ServiceError> {
            let path = folder.join(within);
            match mappings.iter().find(|mapping| mapping.path == path) {
                Some(mapping) => mapping.toml(),
                None => Err(ServiceError::Io { path, source: std::io::ErrorKind::NotFound.into() }),
            }
        };
        let mut streams = Vec::new();
        for one in file.stream {
            self.importable(&one.dataset)?;
            let mapping = match one.mapping {
                None => None,
                Some(MappingFile::Inline(mapping)) => Some(*mapping),
                Some(MappingFile::Path(within)) => Some(named(within)?),
            };
            if let Some(other) = mapping.as_ref().and_then(|mapping| mapping.dataset.as_ref())
                && *other != one.dataset
            {
                let (mapping, dataset) = (other.to_string(), one.dataset.to_string());
                return Err(ServiceError::MappingForOther { mapping, dataset });
            }
            let (dataset, mode, options) = (one.dataset, one.mode, one.options);
            streams.push(SourceStream { stream: one.stream, dataset, mapping, mode, options });
        }
        Ok(streams)
    }

    /// Streams of the catalogue that bear the name of a dataset.
    fn streams_by_name(&self, source: &NewSource, cancel: &CancelFlag) -> Result<Vec<SourceStream>, ServiceError> {
        let found = self.catalogue(source, cancel)?.streams.into_iter().filter_map(|stream| {
            let dataset = DatasetId::new(stream.name.clone()).ok()?;
            self.importable(&dataset).ok()?;
            Some(SourceStream { stream: stream.name, dataset, mapping: None, mode: None, options: None })
        });
        let streams: Vec<SourceStream> = found.collect();
        if streams.is_empty() {
            Err(ServiceError::NoStreams { source_name: source.id.to_string() })
        } else {
            Ok(streams)
        }
    }

    /// All sources, by name.
    pub async fn source_list(&self) -> Result<Vec<SourceShown>, ServiceError> {
        self.permit(Right::ReadRows)?;
        let mut shown = Vec::new();
        for source in self.record.source_list().await? {
            shown.push(self.shown(source).await?);
        }
        Ok(shown)
    }

    /// A source with how far it was read.
    pub async fn source_show(&self, name: &str) -> Result<SourceShown, ServiceError> {
        self.permit(Right::ReadRows)?;
        self.shown(self.source(name).await?).await
    }

    async fn shown(&self, source: SourceRecord) -> Result<SourceShown, ServiceError> {
        let id = &source.source.id;
        let cursors = self.record.cursor_list(Some(id)).await?;
        let waiting = self.waiting(id).await?.into_iter().map(|(_, batch)| batch.id.to_string()).collect();
        let filter = SyncFilter { source: Some(id.clone()), limit: Some(1), ..SyncFilter::default() };
        let last = self.record.sync_list(&filter).await?.into_iter().next();
        Ok(SourceShown { source, cursors, waiting, last })
    }

    /// Syncs of a source or of all, the newest first.
    pub async fn syncs(&self, source: Option<&str>) -> Result<Vec<SyncRecord>, ServiceError> {
        self.permit(Right::ReadRows)?;
        let source = match source {
            Some(name) => Some(self.source(name).await?.source.id),
            None => None,
        };
        Ok(self.record.sync_list(&SyncFilter { source, ..SyncFilter::default() }).await?)
    }

    /// Batches of a source that wait for a person, each with its stream.
    pub(crate) async fn waiting(&self, id: &SourceId) -> Result<Vec<(String, BatchRecord)>, ServiceError> {
        let held = BatchFilter { states: vec![BatchState::Held], ..BatchFilter::default() };
        let of = |batch: BatchRecord| match stream_of(&batch) {
            Some((source, stream)) if source == *id => Some((stream, batch)),
            _ => None,
        };
        Ok(self.record.batch_list(&held).await?.into_iter().filter_map(of).collect())
    }

    /// Removes a source and how far it was read. Its rows and batches stay.
    pub async fn source_remove(&self, name: &str, why: Option<&str>) -> Result<(), ServiceError> {
        self.permit(Right::ManageSources)?;
        let id = self.source(name).await?.source.id;
        if let Some((_, batch)) = self.waiting(&id).await?.into_iter().next() {
            return Err(ServiceError::SourceWaits { source_name: name.to_owned(), batch: batch.id.to_string() });
        }
        Ok(self.record.source_remove(self.actor(), &id, why).await?)
    }

    /// The record of a source.
    pub(crate) async fn source(&self, name: &str) -> Result<SourceRecord, ServiceError> {
        let known = self.record.source_list().await?;
        match known.iter().find(|source| source.source.id.as_str() == name) {
            Some(source) => Ok(source.clone()),
            None => Err(ServiceError::not_found("source", name, known.iter().map(|one| one.source.id.as_str()))),
        }
    }
}

impl SourceShown {
    /// Names of the secrets that it needs.
    pub fn secrets(&self) -> Vec<String> {
        references(&self.source.source.config).into_values().collect()
    }
}

fn review_word(review: Review) -> String {
    match review {
        Review::Auto => "auto".to_owned(),
        Review::Hold => "hold".to_owned(),
    }
}

impl SourceShown {
    /// The word of how its last sync ended; empty before the first.
    pub fn last_state(&self) -> String {
        self.last.as_ref().map(|last| word(&last.state)).unwrap_or_default()
    }
}
