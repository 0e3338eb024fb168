//! Making a backup beside whoever works on the college. No lock is taken: the order of the steps makes it consistent,
//! see `docs/decisions/0011-backup.md`.

use super::archive::{DATA, RECORD, Writer};
use super::error::BackupError;
use super::known::Known;
use super::manifest::{FORMAT, Head, Manifest, Pinned};
use super::tree;
use crate::college::Opening;
use crate::error::ServiceError;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use zhengai_model::batch::BatchState;
use zhengai_model::ids::BatchId;
use zhengai_model::rights::Right;
use zhengai_store::{DumpSummary, Note, Record, StoreError};
use zhengai_warehouse::disk::Staged;
use zhengai_warehouse::{CancelFlag, Progress, TableLog, Warehouse};

/// How often a state is looked for in which nothing that is copied has moved.
const ATTEMPTS: u32 = 8;

/// Files of a staged batch that only an unsettled one needs.
const UNSETTLED: [&str; 4] = ["rows.parquet", "source.parquet", "plan.json", "fates.bin"];

/// What is to be backed up, and where to.
#[derive(Debug, Clone)]
pub struct BackupRequest {
    /// The archive; nothing may be there yet.
    pub target: PathBuf,
    /// Whether secrets come along.
    pub secrets: Secrets,
}

/// Whether secrets come along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// They stay where they are: whoever gets hold of the archive gets no password.
    Left,
    /// They are in the archive, unencrypted.
    Taken,
}

/// A backup that was made.
#[derive(Debug, Clone)]
pub struct Backup {
    /// What is in it.
    pub manifest: Manifest,
    /// Size of the archive.
    pub bytes: u64,
    /// Whether the audit could take a row about it; a full or read-only disk is no reason not to make a backup.
    pub noted: bool,
}

/// Makes a backup. `progress` hears how many bytes are in it so far.
pub async fn create(
    opening: &Opening,
    request: &BackupRequest,
    progress: Progress<'_>,
    cancel: &CancelFlag,
) -> Result<Backup, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let target = std::path::absolute(&request.target).map_err(|source| BackupError::io(&request.target, source))?;
    refuse_target(opening, &target)?;
    let record = crate::records::look(opening).await?;
    let made = create_with(opening, &record, request, &target, (progress, cancel)).await;
    record.close().await;
    made
}

type Watch<'a> = (Progress<'a>, &'a CancelFlag);

async fn create_with(
    opening: &Opening,
    record: &Record,
    request: &BackupRequest,
    target: &Path,
    watch: Watch<'_>,
) -> Result<Backup, ServiceError> {
    let warehouse = Warehouse::open(&opening.data.warehouse(), opening.config.college_id())?;
    let failed = |source| BackupError::io(target, source);
    let staged = Staged::beside(target).map_err(failed)?;
    let noted = note(opening, record, target).await;
    for _ in 0..ATTEMPTS {
        let mut copy = Copy::begin(opening, &warehouse, &staged.file, target, watch)?;
        if !copy.volatile(record).await? {
            continue;
        }
        copy.rest(request.secrets)?;
        let manifest = copy.end(request.secrets)?;
        let bytes = staged.file.metadata().map_err(failed)?.len();
        staged.create().map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => BackupError::Exists { path: target.to_path_buf() },
            _ => failed(source),
        })?;
        return Ok(Backup { manifest, bytes, noted });
    }
    Err(BackupError::Unquiet { attempts: ATTEMPTS }.into())
}

fn refuse_target(opening: &Opening, target: &Path) -> Result<(), BackupError> {
    if target.symlink_metadata().is_ok() {
        return Err(BackupError::Exists { path: target.to_path_buf() });
    }
    let folder = target.parent().unwrap_or(target);
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    // What waits there to be fetched goes elsewhere at once.
    let fetched = real(folder) == real(&opening.data.backups());
    if !fetched && real(folder).starts_with(real(opening.data.root())) {
        return Err(BackupError::Inside { path: target.to_path_buf() });
    }
    Ok(())
}

/// Who took a copy of everything stands in the audit, and in the copy.
async fn note(opening: &Opening, record: &Record, target: &Path) -> bool {
    let file = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let note =
        Note { action: "backup.create".to_owned(), thing: "backup".to_owned(), subject: file, why: None, detail: None };
    let noted = record.audit_note(&opening.actor, &note).await;
    noted.inspect_err(|error| tracing::warn!(%error, "no audit row about the backup")).is_ok()
}

/// One attempt: the archive under way and what is known of the state that it holds.
struct Copy<'a> {
    opening: &'a Opening,
    warehouse: &'a Warehouse,
    target: &'a Path,
    watch: Watch<'a>,
    head: Head,
    writer: Writer<BufWriter<&'a File>>,
    done: u64,
    record: Option<DumpSummary>,
    known: Known,
    logs: Vec<(TableLog, Option<i64>)>,
    absent: Vec<String>,
}

impl<'a> Copy<'a> {
    fn begin(
        opening: &'a Opening,
        warehouse: &'a Warehouse,
        mut file: &'a File,
        target: &'a Path,
        watch: Watch<'a>,
    ) -> Result<Self, ServiceError> {
        let head = Head {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            college: opening.config.college_id().to_owned(),
            name: opening.config.college_name().to_owned(),
            at: (opening.clock)(),
        };
        let begun = file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0)));
        let begun = begun.and_then(|_| Writer::begin(BufWriter::with_capacity(1 << 20, file), &head));
        let writer = begun.map_err(|source| BackupError::io(target, source))?;
        Ok(Self {
            opening,
            warehouse,
            target,
            watch,
            head,
            writer,
            done: 0,
            record: None,
            known: Known::default(),
            logs: Vec::new(),
            absent: Vec::new(),
        })
    }

    /// The record first, then what moves while people work: staged batches that are not settled, then how far each table
    /// agrees with the record. `false` when something moved that must not have: try again.
    async fn volatile(&mut self, record: &Record) -> Result<bool, ServiceError> {
        self.dump(record).await?;
        let mut half = BTreeSet::new();
        for (id, state) in self.unsettled() {
            half.extend((state == BatchState::Applying).then(|| id.clone()));
            let folder = self.opening.data.warehouse().join("staging").join(&id);
            let mut applied = false;
            for name in tree::names(&folder)?.into_iter().filter(|name| !tree::is_unfinished(name)) {
                let taken = self.stream(&format!("warehouse/staging/{id}/{name}"), &folder.join(&name))?;
                applied |= taken && name == "applied.json";
            }
            if state == BatchState::Held {
                let wanted = BatchId::new(&*id).map_err(|error| ServiceError::Internal { what: error.to_string() })?;
                let now = record.batch_find(&wanted).await?.map(|batch| batch.state);
                if now != Some(BatchState::Held) {
                    return Ok(false);
                }
                // Committed, and the note of it failed: the folder says so, the record does not.
                half.extend(applied.then_some(id));
            }
        }
        for log in self.warehouse.table_logs()? {
            let pin = match log.table.as_str() {
                "results" if log.folder == "results" => {
                    self.known.pin_results(&log, self.opening.config.college_id())?
                }
                _ => self.known.pin_dataset(&log, &half)?,
            };
            self.logs.push((log, pin));
        }
        self.refuse_lost_tables()?;
        Ok(true)
    }

    /// The dump goes through a file of its own beside the target, because an entry states its size before its bytes.
    async fn dump(&mut self, record: &Record) -> Result<(), ServiceError> {
        let mut beside = self.target.as_os_str().to_owned();
        beside.push(".record");
        let beside = PathBuf::from(beside);
        let failed = |source| BackupError::io(&beside, source);
        let staged = Staged::beside(&beside).map_err(failed)?;
        let dumped = record.dump(BufWriter::with_capacity(1 << 20, &staged.file)).await;
        self.record = Some(dumped.map_err(|error| match error {
            StoreError::DumpIo { source } => ServiceError::from(failed(source)),
            other => other.into(),
        })?);
        let mut file = &staged.file;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        self.known = Known::read(BufReader::new(file)).map_err(failed)?;
        let bytes = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        self.add(RECORD, (bytes, 0o600), file, &beside)?;
        Ok(())
    }

    fn unsettled(&self) -> Vec<(String, BatchState)> {
        let open = self.known.batches.iter().map(|(id, batch)| (id.clone(), batch.state));
        open.filter(|(_, state)| matches!(state, BatchState::Held | BatchState::Applying)).collect()
    }

    /// Applied batches of a dataset that has no table at all.
    fn refuse_lost_tables(&self) -> Result<(), BackupError> {
        let has = |dataset: &str| self.logs.iter().any(|(log, _)| log.table == dataset);
        let lost =
            self.known.batches.iter().find(|(_, batch)| {
                batch.state == BatchState::Applied && batch.version.is_some() && !has(&batch.dataset)
            });
        match lost {
            Some((id, batch)) => {
                let (table, wanted) = (batch.dataset.clone(), id.clone());
                Err(BackupError::Contradiction { table, wanted, found: None })
            }
            None => Ok(()),
        }
    }

    /// Everything that only ever grows: tables up to their versions, rejected rows, and what people put there.
    fn rest(&mut self, secrets: Secrets) -> Result<(), ServiceError> {
        let root = self.opening.data.root().to_path_buf();
        for (within, path) in tree::own_files(&self.opening.data, secrets)? {
            self.stream(&within, &path)?;
        }
        let settled =
            |state: BatchState| !matches!(state, BatchState::Staging | BatchState::Held | BatchState::Applying);
        let batches: Vec<String> =
            self.known.batches.iter().filter(|(_, batch)| settled(batch.state)).map(|(id, _)| id.clone()).collect();
        for id in batches {
            let folder = root.join("warehouse/staging").join(&id);
            for name in tree::names(&folder)?.into_iter().filter(|name| !tree::is_unfinished(name)) {
                if !UNSETTLED.contains(&name.as_str()) {
                    self.stream(&format!("warehouse/staging/{id}/{name}"), &folder.join(&name))?;
                }
            }
        }
        let logs = std::mem::take(&mut self.logs);
        for (log, pin) in &logs {
            if let Some(pin) = pin {
                self.table(&root, log, *pin)?;
            }
        }
        self.logs = logs;
        Ok(())
    }

    fn table(&mut self, root: &Path, log: &TableLog, pin: i64) -> Result<(), BackupError> {
        let folder = format!("warehouse/{}", log.folder);
        for file in log.log_files(pin) {
            let within = format!("{folder}/{file}");
            if !self.stream(&within, &root.join(&within))? {
                return Err(BackupError::FileGone { table: log.table.clone(), path: root.join(within) });
            }
        }
        let live = log.live_files(pin);
        for file in log.data_files(pin).into_keys() {
            let within = format!("{folder}/{file}");
            if self.stream(&within, &root.join(&within))? {
                continue;
            }
            if live.contains_key(file) {
                return Err(BackupError::FileGone { table: log.table.clone(), path: root.join(within) });
            }
            self.absent.push(within);
        }
        Ok(())
    }

    /// Adds a file of the data directory; `false` when it is gone. It is opened once, so that what is read is one file even
    /// when another takes its name meanwhile.
    fn stream(&mut self, within: &str, path: &Path) -> Result<bool, BackupError> {
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (meta, file) = match opened {
            Err(source) if source.kind() == ErrorKind::NotFound => return Ok(false),
            outcome => outcome.map_err(|source| BackupError::io(path, source))?,
        };
        self.add(&format!("{DATA}{within}"), (meta.len(), tree::mode(&meta)), file, path)?;
        Ok(true)
    }

    fn add(&mut self, name: &str, shape: (u64, u32), source: impl io::Read, from: &Path) -> Result<(), BackupError> {
        let (progress, cancel) = self.watch;
        let mut reading = Noted { inner: source, failed: false };
        let mut done = self.done;
        let mut step = |bytes: u64| {
            done += bytes;
            progress(done);
            // No interrupted read, which is tried again for ever.
            if cancel.is_cancelled() { Err(io::Error::other("stopped")) } else { Ok(()) }
        };
        let outcome = self.writer.add(name, shape, &mut reading, &mut step);
        self.done = done;
        outcome.map_err(|source| match source.kind() {
            _ if cancel.is_cancelled() => BackupError::Cancelled,
            ErrorKind::UnexpectedEof => BackupError::Moving { path: from.to_path_buf() },
            _ if reading.failed => BackupError::io(from, source),
            _ => BackupError::io(self.target, source),
        })
    }

    fn end(self, secrets: Secrets) -> Result<Manifest, ServiceError> {
        let Self { opening, target, head, writer, record, logs, absent, .. } = self;
        let record = record.ok_or_else(|| ServiceError::Internal { what: "an archive without a record".to_owned() })?;
        let tables = logs.iter().map(|(log, pin)| Pinned { folder: log.folder.clone(), version: *pin }).collect();
        let finished = (opening.clock)();
        let files = writer.files().to_vec();
        let manifest = Manifest { head, finished, secrets: secrets == Secrets::Taken, record, tables, absent, files };
        writer.end(&manifest).map_err(|source| BackupError::io(target, source))?;
        Ok(manifest)
    }
}

/// Remembers whether reading failed: the same error of the system means another file than one of writing.
struct Noted<R> {
    inner: R,
    failed: bool,
}

impl<R: io::Read> io::Read for Noted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|error| self.failed = error.kind() != ErrorKind::Interrupted)
    }
}
