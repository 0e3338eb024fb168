//! Files as rows, through the file connector plugin like anybody's connector.

use crate::college::College;
use crate::error::ServiceError;
use crate::export::own_cell;
use crate::import::Told;
use crate::plugins::TextKeys;
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_host::{HostError, HostReader, Instance, Services};
use zhengai_model::batch::Notice;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::ids::PluginId;
use zhengai_model::mapping::Mapping;
use zhengai_model::text::Message;
use zhengai_warehouse::{CancelFlag, FAULT, LINE, SourceError, SourceRows};

/// The connector for files, and its component.
pub(crate) const CONNECTOR: &str = "connector-file";
const COMPONENT: &str = "file";

/// Whose cells a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cells {
    /// Those of the source: taken as they are.
    Source,
    /// Those of an export of rejected rows: its apostrophes before formulas are taken off again.
    Exported,
}

/// A file opened as rows.
pub(crate) struct FileSource {
    /// Its name without folder.
    pub(crate) file: String,
    /// Sheet of a workbook.
    pub(crate) sheet: Option<String>,
    /// SHA-256 of its bytes.
    pub(crate) digest: String,
    /// How the connector reads it: format, encoding, delimiter.
    pub(crate) read: serde_json::Value,
    /// What the connector tells about it; complete after the last row.
    pub(crate) told: FileNotices,
    /// Its rows.
    pub(crate) rows: SourceRows,
}

/// What a connector tells about a file, kept while its rows are read.
#[derive(Clone, Default)]
pub(crate) struct FileNotices(Arc<Mutex<Vec<Notice>>>);

impl FileNotices {
    fn replace(&self, notices: Vec<Notice>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = notices;
    }
}

impl Told for FileNotices {
    fn notices(&self) -> Vec<Notice> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Stops a read when the flag is raised.
struct Cancels(CancelFlag);

impl Services for Cancels {
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// Opens a file. Nothing is read beyond its header yet.
pub(crate) fn open_file(
    college: &College,
    path: &Path,
    mapping: Option<&Mapping>,
    sheet: Option<&str>,
    cells: Cells,
    cancel: &CancelFlag,
) -> Result<FileSource, ServiceError> {
    let digest = digest(path, cancel)?;
    let id = PluginId::new(CONNECTOR).map_err(|error| ServiceError::Internal { what: error.to_string() })?;
    let plugin = college.plugins.load(&id)?;
    let services = Arc::new(Cancels(cancel.clone()));
    let texts = college.plugins.text_keys();
    let refused = |error| refused(&texts, error);
    let instance = plugin.create(COMPONENT, &college.config().connector_limits(), services).map_err(refused)?;
    let mut options = mapping.map(|mapping| mapping.read.clone()).unwrap_or_default();
    if let Some(sheet) = sheet {
        options.sheet = Some(sheet.to_owned());
    }
    let whole = std::path::absolute(path).map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })?;
    let mut reader = instance.read(&serde_json::json!({ "path": whole, "options": options })).map_err(refused)?;
    let schema = reader.schema();
    let columns: Vec<String> =
        schema.fields().iter().map(|field| field.name().clone()).filter(|name| name != LINE && name != FAULT).collect();
    let metadata = schema.metadata().clone();
    let sheet = metadata.get("sheet").filter(|sheet| !sheet.is_empty()).cloned();
    let notices = reader.state().map_err(refused)?.map(|state| notices(&state)).unwrap_or_default();
    let told = FileNotices::default();
    told.replace(notices);
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let batches = Batches { reader, _instance: instance, texts, cells, told: told.clone() };
    Ok(FileSource {
        file,
        sheet,
        digest,
        read: serde_json::json!(metadata),
        told,
        rows: SourceRows { columns, batches: Box::new(batches) },
    })
}

/// Notices in the state of a read: `{"notices": [{"rule", "key", "args"}]}`.
fn notices(state: &serde_json::Value) -> Vec<Notice> {
    let listed = state.get("notices").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    listed
        .iter()
        .filter_map(|notice| {
            let key = notice.get("key")?.as_str()?;
            let args = notice.get("args").and_then(|args| args.as_object()).cloned().unwrap_or_default();
            let message = args.iter().fold(Message::new(key), |message, (name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                message.with(name, text)
            });
            let rule = notice.get("rule").and_then(|rule| rule.as_str()).unwrap_or(key).to_owned();
            Some(Notice { rule, message })
        })
        .collect()
}

/// A failure of a read as the warehouse passes it on: a stop that was asked for is no fault of the plugin.
pub(crate) fn source_error(texts: &TextKeys, error: &HostError) -> SourceError {
    let message = match error.fault() {
        Fault::Cancelled => ServiceError::Cancelled.message(),
        _ => texts.message(error),
    };
    SourceError { fault: error.fault(), message, detail: error.to_string() }
}

/// The rows of a read. What the connector has to tell is complete only after the last of them.
struct Batches {
    reader: HostReader,
    /// Must live as long as its reader.
    _instance: Instance,
    texts: TextKeys,
    cells: Cells,
    told: FileNotices,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.reader.next();
        if next.is_none()
            && let Ok(Some(state)) = self.reader.state()
        {
            self.told.replace(notices(&state));
        }
        let next = next?.map_err(|error| source_error(&self.texts, &error));
        Some(match self.cells {
            Cells::Source => next,
            Cells::Exported => next.map(unguarded),
        })
    }
}

/// The batch with every text as it was before an export made it harmless.
fn unguarded(batch: RecordBatch) -> RecordBatch {
    let own = |column: &ArrayRef| -> ArrayRef {
        match column.as_any().downcast_ref::<StringArray>() {
            Some(texts) => Arc::new(texts.iter().map(|text| text.map(own_cell)).collect::<StringArray>()),
            None => Arc::clone(column),
        }
    };
    let columns = batch.columns().iter().map(own).collect();
    // Types and lengths are those of the batch, so this cannot fail; were it to, the cells stay as they came.
    RecordBatch::try_new(batch.schema(), columns).unwrap_or(batch)
}

/// An error of a plugin as an error of the use case: a stop that was asked for is no fault of the plugin.
fn refused(texts: &TextKeys, error: HostError) -> ServiceError {
    match error.fault() {
        Fault::Cancelled => ServiceError::Cancelled,
        _ => ServiceError::Connector { message: texts.message(&error), source: error },
    }
}

fn digest(path: &Path, cancel: &CancelFlag) -> Result<String, ServiceError> {
    let io = |source| ServiceError::Io { path: path.to_path_buf(), source };
    // A pipe could be read only once, and a file is read twice: for its digest and for its rows.
    if !std::fs::metadata(path).map_err(io)?.is_file() {
        return Err(ServiceError::NotAFile { path: path.to_path_buf() });
    }
    let mut file = File::open(path).map_err(io)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        if cancel.is_cancelled() {
            return Err(ServiceError::Cancelled);
        }
        let count = file.read(&mut buffer).map_err(io)?;
        if count == 0 {
            break;
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
