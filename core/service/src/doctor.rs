//! The check-up (体检): what is broken, what is doubtful, what should be known, each with what to do about it. It reads
//! only; [`fix`] removes what is provably garbage and nothing else.

mod definitions;
mod disk;
mod record;
mod runs;
mod tables;

use crate::college::{Access, Opening};
use crate::definitions as sources_of_definitions;
use crate::error::ServiceError;
use crate::lock::WriterLock;
use crate::plugins::Plugins;
use crate::records;
use serde::Serialize;
use zhengai_model::fault::Explain;
use zhengai_model::pack::Definitions;
use zhengai_model::period::Calendar;
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::{BatchFilter, BatchRecord, Note, Record};
use zhengai_warehouse::{Orphan, TableLog, Warehouse};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Data are lost or contradict each other, or work is impossible.
    Broken,
    /// Results may mislead, or something is left lying about.
    Warning,
    /// Worth knowing.
    Note,
}

/// What is looked at. The words are those of files and catalogues: `doctor-<word>` says what was found, `doctor-do-<word>`
/// what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The database file of the record is damaged.
    RecordDamaged,
    /// The record cannot be opened.
    RecordClosed,
    /// The audit chain does not hold.
    AuditBroken,
    /// The clock shows less than the newest row of the record.
    ClockBehind,
    /// A version of a table's log is gone.
    LogGap,
    /// A table's log cannot be read.
    LogUnreadable,
    /// A file that counts is gone.
    FileMissing,
    /// A file that only an earlier version names is gone.
    OldFileMissing,
    /// The record calls a batch applied that the table lacks.
    BatchNotInTable,
    /// A table holds a batch or run that the record does not know.
    UnknownInTable,
    /// A file that nothing names.
    Orphan,
    /// A staging folder that belongs to no batch, or rows of a settled one.
    StagingLeft,
    /// Little room on the disk.
    DiskLow,
    /// Definitions cannot be loaded or contradict each other.
    Definition,
    /// A value looser than the nation or the province demands.
    BelowFloor,
    /// An indicator that does not say where its data come from.
    NoSource,
    /// An indicator that nobody answers for.
    NoOwner,
    /// Thresholds in force that nobody checked against their source.
    Unverified,
    /// A threshold whose time is over and that no other follows.
    Expired,
    /// Rows that no indicator reads.
    Unread,
    /// A plugin that is not what was accepted.
    PluginChanged,
    /// A plugin that was switched on and is gone.
    PluginGone,
    /// A folder of plugins that holds something else.
    PluginRefused,
    /// A rule that never fired.
    NeverFires,
    /// A rule that fired for everybody.
    AlwaysFires,
    /// A dataset that was not renewed since its period ended.
    StaleDataset,
    /// A source that was not read for long.
    StaleSource,
    /// A source whose last sync failed.
    FailingSource,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::RecordDamaged,
        Self::RecordClosed,
        Self::AuditBroken,
        Self::ClockBehind,
        Self::LogGap,
        Self::LogUnreadable,
        Self::FileMissing,
        Self::OldFileMissing,
        Self::BatchNotInTable,
        Self::UnknownInTable,
        Self::Orphan,
        Self::StagingLeft,
        Self::DiskLow,
        Self::Definition,
        Self::BelowFloor,
        Self::NoSource,
        Self::NoOwner,
        Self::Unverified,
        Self::Expired,
        Self::Unread,
        Self::PluginChanged,
        Self::PluginGone,
        Self::PluginRefused,
        Self::NeverFires,
        Self::AlwaysFires,
        Self::StaleDataset,
        Self::StaleSource,
        Self::FailingSource,
    ];

    /// How bad a finding of it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::RecordDamaged
            | Self::RecordClosed
            | Self::AuditBroken
            | Self::ClockBehind
            | Self::LogGap
            | Self::LogUnreadable
            | Self::FileMissing
            | Self::BatchNotInTable
            | Self::UnknownInTable
            | Self::Definition => Severity::Broken,
            Self::NeverFires | Self::Unverified | Self::Unread => Severity::Note,
            _ => Severity::Warning,
        }
    }

    /// The word in files and catalogues.
    pub fn word(self) -> String {
        crate::words::word(&self)
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How bad it is.
    pub severity: Severity,
    /// The thing that it is about: a table, file, indicator, rule, dataset, source, plugin.
    pub subject: String,
    /// What was found.
    pub message: Message,
    /// What to do.
    pub advice: Message,
}

impl Finding {
    fn new(check: Check, subject: impl ToString) -> Self {
        let (word, subject) = (check.word(), subject.to_string());
        let message = Message::new(&format!("doctor-{word}")).with("subject", &subject);
        let advice = Message::new(&format!("doctor-do-{word}")).with("subject", &subject);
        Self { check, severity: check.severity(), subject, message, advice }
    }

    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.message = self.message.with(name, value.to_string());
        self
    }

    /// The same finding in the words of what refused.
    fn says(mut self, message: Message) -> Self {
        self.message = message;
        self
    }
}

/// What there is to look at. What cannot be opened is a finding and not here.
struct Patient<'a> {
    opening: &'a Opening,
    record: Option<Record>,
    /// Batches as they stood before the logs were read: what is applied in them is in the logs.
    batches: Vec<BatchRecord>,
    warehouse: Option<Warehouse>,
    logs: Vec<TableLog>,
    plugins: Option<Plugins>,
    calendar: Option<Calendar>,
    definitions: Option<Definitions>,
}

/// The whole check-up, the worst first. Only a directory without a college is an error; everything else is a finding.
pub async fn examine(opening: &Opening) -> Result<Vec<Finding>, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let mut found = Vec::new();
    let patient = open(opening, &mut found).await?;
    record::look(&patient, &mut found).await;
    tables::look(&patient, &mut found).await;
    disk::look(&patient, &mut found);
    definitions::look(&patient, &mut found).await;
    runs::look(&patient, &mut found).await;
    if let Some(record) = &patient.record {
        record.close().await;
    }
    found.sort_by(|one, other| {
        (one.severity, one.check, &one.subject).cmp(&(other.severity, other.check, &other.subject))
    });
    found.dedup();
    Ok(found)
}

async fn open<'a>(opening: &'a Opening, found: &mut Vec<Finding>) -> Result<Patient<'a>, ServiceError> {
    let mut patient = Patient {
        opening,
        record: None,
        batches: Vec::new(),
        warehouse: None,
        logs: Vec::new(),
        plugins: None,
        calendar: None,
        definitions: None,
    };
    match records::look(opening).await {
        Ok(record) => patient.record = Some(record),
        Err(error @ ServiceError::NoCollege { .. }) => return Err(error),
        Err(error) => {
            let subject = opening.data.record();
            found.push(Finding::new(Check::RecordClosed, subject.display()).says(error.message()));
        }
    }
    if let Some(record) = &patient.record {
        match record.batch_list(&BatchFilter::default()).await {
            Ok(batches) => patient.batches = batches,
            Err(error) => found.push(Finding::new(Check::RecordDamaged, record.place()).says(error.message())),
        }
    }
    match Warehouse::open(&opening.data.warehouse(), opening.config.college_id()) {
        Ok(warehouse) => {
            match warehouse.table_logs() {
                Ok(logs) => patient.logs = logs,
                Err(error) => found.push(Finding::new(Check::LogUnreadable, "warehouse").says(error.message())),
            }
            patient.warehouse = Some(warehouse);
        }
        Err(error) => found.push(Finding::new(Check::LogUnreadable, "warehouse").says(error.message())),
    }
    match sources_of_definitions::calendar(opening) {
        Ok(calendar) => patient.calendar = Some(calendar),
        Err(error) => found.extend(refusal(&error)),
    }
    if let Some(record) = &patient.record {
        match Plugins::find(opening, record).await {
            Ok(plugins) => {
                match sources_of_definitions::load(opening, &plugins, record).await {
                    Ok(definitions) => patient.definitions = Some(definitions),
                    Err(error) => found.extend(refusal(&error)),
                }
                patient.plugins = Some(plugins);
            }
            Err(error) => found.extend(refusal(&error)),
        }
    }
    Ok(patient)
}

/// Why definitions cannot be loaded: each fault of a pack with its place, or the one thing that refused.
fn refusal(error: &ServiceError) -> Vec<Finding> {
    match error {
        ServiceError::Packs { faults } => faults.iter().map(definitions::fault).collect(),
        other => vec![Finding::new(Check::Definition, "").says(other.message())],
    }
}

/// What is provably garbage: files that no version of a table names, and staging folders of batches that the record has
/// never heard of.
#[derive(Debug, Clone, Default)]
pub struct Garbage {
    /// Files of tables.
    pub files: Vec<Orphan>,
    /// Folders of batches.
    pub folders: Vec<String>,
}

/// What a cleaning did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cleaned {
    /// Paths below the warehouse's folder that are gone now.
    pub removed: Vec<String>,
}

/// Removes garbage. It takes the lock of the data directory first: while it holds it nobody writes, so whatever no log
/// names was left by a process that is dead. `list` sees everything before any of it goes.
pub async fn fix(opening: &Opening, list: &mut dyn FnMut(&Garbage)) -> Result<Cleaned, ServiceError> {
    crate::rights::permit(opening, Right::ManageSystem)?;
    let data = &opening.data;
    // A college must be there before a lock is made in its directory.
    if !data.config_file().is_file() {
        return Err(ServiceError::NoCollege { data: data.root().to_path_buf() });
    }
    let _lock = WriterLock::take(data.root())?;
    let (record, _hold) = records::open(opening, Access::Write).await?;
    let warehouse = Warehouse::open(&data.warehouse(), opening.config.college_id())?;
    let mut garbage = Garbage::default();
    for log in warehouse.table_logs()? {
        // Of a log with a hole it is not known what it names.
        if log.gap().is_none() {
            garbage.files.extend(warehouse.orphans(&log)?);
        }
    }
    let known = record.batch_ids("").await?;
    for folder in warehouse.staged_folders()? {
        if known.iter().all(|id| id.as_str() != folder.batch) {
            garbage.folders.push(folder.batch);
        }
    }
    list(&garbage);
    let mut removed = warehouse.remove_orphans(&garbage.files)?;
    for folder in &garbage.folders {
        let path = data.warehouse().join("staging").join(folder);
        std::fs::remove_dir_all(&path).map_err(|source| ServiceError::Io { path, source })?;
        removed.push(format!("staging/{folder}"));
    }
    if !removed.is_empty() {
        let note = Note {
            action: "doctor.fix".to_owned(),
            thing: "warehouse".to_owned(),
            subject: opening.config.college_id().to_owned(),
            why: None,
            detail: Some(serde_json::json!({ "removed": removed })),
        };
        record.audit_note(&opening.actor, &note).await?;
    }
    record.close().await;
    Ok(Cleaned { removed })
}

#[cfg(test)]
mod tests {
    use super::Check;
    use crate::text::texts;
    use std::collections::BTreeSet;
    use zhengai_model::text::Language;

    #[test]
    fn every_check_has_its_words_in_both_languages() {
        assert_eq!(Check::ALL.into_iter().collect::<BTreeSet<_>>().len(), Check::ALL.len());
        for language in [Language::Chinese, Language::English] {
            let texts = texts(language);
            for check in Check::ALL {
                for key in [format!("doctor-{}", check.word()), format!("doctor-do-{}", check.word())] {
                    assert!(texts.has(&key), "{key} in {language:?}");
                }
            }
        }
    }
}
