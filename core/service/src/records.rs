//! Where the record of a college is: the file of its data directory, or a database that the configuration names. A
//! record on a server and its data directory know each other by a mark, because only together they make a college.

use crate::college::{Access, Opening, machine};
use crate::error::ServiceError;
use crate::export::write_whole;
use crate::home::DataDir;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use zhengai_model::rights::Right;
use zhengai_store::{Address, Backend, Hold, Overview, Record};

/// The setting of the record that holds the mark.
const MARK: &str = "record.mark";

/// The address of the record in force, with its password.
pub(crate) fn address(opening: &Opening) -> Result<Address, ServiceError> {
    let config = &opening.config;
    let file = Some(config.record_password_file()).filter(|file| !file.is_empty());
    resolve(&opening.data, config.record_url(), file.map(Path::new))
}

/// The address that a person wrote: nothing and `sqlite:` mean the file of the data directory, and names of files are
/// meant from there.
pub(crate) fn resolve(data: &DataDir, url: &str, password_file: Option<&Path>) -> Result<Address, ServiceError> {
    if matches!(url, "" | "sqlite" | "sqlite:") {
        return Ok(Address::file(&data.record())?);
    }
    let address = Address::parse(url)?;
    match (address.path(), password_file) {
        (Some(path), _) if path.is_relative() => Ok(Address::file(&data.root().join(path))?),
        (None, Some(file)) => Ok(address.with_password(&password(&data.root().join(file))?)?),
        _ => Ok(address),
    }
}

/// The first line of a file that nobody else may read.
fn password(path: &Path) -> Result<String, ServiceError> {
    let io = |source| ServiceError::Io { path: path.to_path_buf(), source };
    let text = std::fs::read_to_string(path).map_err(io)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
            return Err(ServiceError::PasswordExposed { path: path.to_path_buf() });
        }
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Opens the record. A writer is the only one to work on it from here on.
pub(crate) async fn open(opening: &Opening, access: Access) -> Result<(Record, Option<Hold>), ServiceError> {
    let address = address(opening)?;
    if let Some(path) = address.path() {
        refuse_lost(&opening.data, &path)?;
    }
    let record = Record::open_at(&address, opening.clock).await?;
    if record.backend() == Backend::Sqlite {
        return Ok((record, None));
    }
    if record.newest().await?.is_none() && has_tables(&opening.data) {
        return Err(ServiceError::RecordLost { path: PathBuf::from(record.place()) });
    }
    let hold = match access {
        Access::Write => Some(record.hold().await?),
        Access::Read => None,
    };
    recognise(opening, &record, access).await?;
    Ok((record, hold))
}

/// Opens the record alone, for those who need neither definitions nor plugins nor tables.
pub(crate) async fn look(opening: &Opening) -> Result<Record, ServiceError> {
    if !opening.data.config_file().is_file() {
        return Err(ServiceError::NoCollege { data: opening.data.root().to_path_buf() });
    }
    open(opening, Access::Read).await.map(|(record, _)| record)
}

fn has_tables(data: &DataDir) -> bool {
    std::fs::read_dir(data.warehouse().join("datasets")).is_ok_and(|mut tables| tables.next().is_some())
}

/// A record that is gone would be made anew, without a word of what was: tables without a record are never worked on.
fn refuse_lost(data: &DataDir, path: &Path) -> Result<(), ServiceError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) || !has_tables(data) {
        return Ok(());
    }
    Err(ServiceError::RecordLost { path: path.to_path_buf() })
}

/// Refuses a record that belongs to another data directory: its batches would be settled by tables that never heard of
/// them. The first writer of a new record makes it its own.
pub(crate) async fn recognise(opening: &Opening, record: &Record, access: Access) -> Result<(), ServiceError> {
    let mine = read_mark(&opening.data)?;
    match record.meta_get(MARK).await? {
        Some(theirs) if mine.as_deref() == Some(theirs.as_str()) => Ok(()),
        Some(theirs) => {
            let college = theirs.split_once(':').map_or(theirs.as_str(), |(college, _)| college).to_owned();
            Err(ServiceError::RecordOfOther { place: record.place().to_owned(), college })
        }
        None if access == Access::Read => Ok(()),
        None => mark(opening, record).await,
    }
}

fn read_mark(data: &DataDir) -> Result<Option<String>, ServiceError> {
    let path = data.record_mark();
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ServiceError::Io { path, source }),
    }
}

/// Gives record and data directory the same mark: that of the directory, or a new one.
pub(crate) async fn mark(opening: &Opening, record: &Record) -> Result<(), ServiceError> {
    let mark = match read_mark(&opening.data)? {
        Some(mark) => mark,
        None => {
            let made = format!("{} {} {}", (opening.clock)(), std::process::id(), opening.data.root().display());
            let hash: String = Sha256::digest(made).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let mark = format!("{}:{hash}", opening.config.college_id());
            write_whole(&opening.data.record_mark(), mark.as_bytes())?;
            mark
        }
    };
    Ok(record.meta_set(&machine(), MARK, &mark).await?)
}

/// What the record of a college holds, in numbers.
pub async fn show(opening: &Opening) -> Result<Overview, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let (record, _) = open(opening, Access::Read).await?;
    let overview = record.overview().await;
    record.close().await;
    Ok(overview?)
}

/// Makes a record that belongs to another data directory that of this one, for example after the directory was
/// restored on another machine. The other directory is refused from then on.
pub async fn claim(opening: &Opening, why: &str) -> Result<(), ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let _lock = crate::lock::WriterLock::take(opening.data.root())?;
    let record = Record::open_at(&address(opening)?, opening.clock).await?;
    let _hold = record.hold().await?;
    let note = zhengai_store::Note {
        action: "record.claim".to_owned(),
        thing: "setting".to_owned(),
        subject: MARK.to_owned(),
        why: Some(why.to_owned()),
        detail: None,
    };
    record.audit_note(&opening.actor, &note).await?;
    // A mark of its own: the directory that had it before must not keep it.
    match std::fs::remove_file(opening.data.record_mark()) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            return Err(ServiceError::Io { path: opening.data.record_mark(), source });
        }
        _ => mark(opening, &record).await?,
    }
    record.close().await;
    Ok(())
}
