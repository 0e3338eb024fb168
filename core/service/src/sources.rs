//! Files as rows, through the file connector plugin like anybody's connector.

use crate::college::College;
use crate::error::ServiceError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use zhengai_host::{HostError, Services};
use zhengai_model::batch::Notice;
use zhengai_model::fault::Explain;
use zhengai_model::ids::PluginId;
use zhengai_model::mapping::Mapping;
use zhengai_model::text::Message;
use zhengai_warehouse::{CancelFlag, FAULT, LINE, SourceError, SourceRows};

/// The connector for files, and its component.
const CONNECTOR: &str = "connector-file";
const COMPONENT: &str = "file";

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
    /// What the connector tells about it before the first row.
    pub(crate) notices: Vec<Notice>,
    /// Its rows.
    pub(crate) rows: SourceRows,
}

/// Stops a read when the flag is raised.
struct Cancels {
    flag: CancelFlag,
    seen: AtomicBool,
}

impl Services for Cancels {
    fn cancelled(&self) -> bool {
        let now = self.flag.is_cancelled();
        self.seen.fetch_or(now, Ordering::Relaxed);
        now
    }
}

/// Opens a file. Nothing is read beyond its header yet.
pub(crate) fn open_file(
    college: &College,
    path: &Path,
    mapping: Option<&Mapping>,
    sheet: Option<&str>,
    cancel: &CancelFlag,
) -> Result<FileSource, ServiceError> {
    let digest = digest(path)?;
    let id = PluginId::new(CONNECTOR).map_err(|error| ServiceError::Internal { what: error.to_string() })?;
    let plugin = college.plugins.load(&id)?;
    let services = Arc::new(Cancels { flag: cancel.clone(), seen: AtomicBool::new(false) });
    let instance = plugin.create(COMPONENT, &college.config().connector_limits(), services)?;
    let mut options = mapping.map(|mapping| mapping.read.clone()).unwrap_or_default();
    if let Some(sheet) = sheet {
        options.sheet = Some(sheet.to_owned());
    }
    let whole = std::path::absolute(path).map_err(|source| ServiceError::Io { path: path.to_path_buf(), source })?;
    let mut reader = instance.read(&serde_json::json!({ "path": whole, "options": options }))?;
    let schema = reader.schema();
    let columns: Vec<String> =
        schema.fields().iter().map(|field| field.name().clone()).filter(|name| name != LINE && name != FAULT).collect();
    let metadata = schema.metadata().clone();
    let sheet = metadata.get("sheet").filter(|sheet| !sheet.is_empty()).cloned();
    let notices = reader.state()?.map(|state| notices(&state)).unwrap_or_default();
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // The instance must live as long as its reader, so it travels with it.
    let batches = reader.map(move |batch| {
        let _keep = &instance;
        batch.map_err(source_error)
    });
    Ok(FileSource {
        file,
        sheet,
        digest,
        read: serde_json::json!(metadata),
        notices,
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

fn source_error(error: HostError) -> SourceError {
    SourceError { fault: error.fault(), message: own_message(&error), detail: error.to_string() }
}

/// What the plugin itself says where it has a text, otherwise what the host says of it.
pub(crate) fn own_message(error: &HostError) -> Message {
    match error {
        HostError::Plugin(failure) => failure.own_message().unwrap_or_else(|| error.message()),
        other => other.message(),
    }
}

fn digest(path: &Path) -> Result<String, ServiceError> {
    let io = |source| ServiceError::Io { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.is_dir() {
        return Err(io(std::io::Error::from(std::io::ErrorKind::IsADirectory)));
    }
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer).map_err(io)?;
        if count == 0 {
            break;
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
