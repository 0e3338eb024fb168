//! A college opened for work: its record, its warehouse, its plugins and the definitions in force.

use crate::comparing::LastCompared;
use crate::config::Config;
use crate::current::Seen;
use crate::definitions;
use crate::error::ServiceError;
use crate::home::{DataDir, Home};
use crate::import::{cursor_of, stream_of};
use crate::lock::WriterLock;
use crate::objects::Names;
use crate::plugins::Plugins;
use crate::records;
use crate::results::Counts;
use crate::rights::{LastWithin, Tree};
use crate::sync::Wait;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::path::PathBuf;
use std::sync::Arc;
use zhengai_host::WorkerSettings;
use zhengai_model::batch::BatchState;
use zhengai_model::pack::Definitions;
use zhengai_model::period::Calendar;
use zhengai_model::rights::Roles;
use zhengai_store::{
    Actor, Backend, BatchChange, BatchFilter, Hold, Record, RunFilter, RunState, SyncFilter, SyncState,
};
use zhengai_warehouse::{Warehouse, disk};

/// Whether a use case changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only looks: any number at a time, beside one writer.
    Read,
    /// Changes something: one at a time.
    Write,
}

/// Everything that opening a college needs from the composition.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The data directory.
    pub data: DataDir,
    /// Plugins and policy that ship.
    pub home: Home,
    /// Settings in force.
    pub config: Config,
    /// Who works.
    pub actor: Actor,
    /// The clock.
    pub clock: fn() -> DateTime<Utc>,
    /// The day at the college.
    pub today: NaiveDate,
    /// User packs named for this command.
    pub packs: Vec<PathBuf>,
    /// The program that runs plugins of others, one process for each job.
    pub worker: WorkerSettings,
    /// How a sync waits between two tries.
    pub wait: Wait,
}

/// A college opened for work. Cheap to clone: clones share the record, the plugins, the definitions and the lock.
#[derive(Clone)]
pub struct College {
    pub(crate) opening: Arc<Opening>,
    actor: Actor,
    pub(crate) record: Record,
    pub(crate) warehouse: Warehouse,
    pub(crate) plugins: Arc<Plugins>,
    pub(crate) calendar: Arc<Calendar>,
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) seen: Arc<Seen>,
    pub(crate) compared: Arc<LastCompared>,
    pub(crate) roles: Arc<Roles>,
    pub(crate) tree: Arc<Tree>,
    pub(crate) names: Arc<Names>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) within: Arc<LastWithin>,
    writes: Option<Arc<Writes>>,
}

/// What makes this process the only writer, as long as it is held.
struct Writes {
    _lock: WriterLock,
    _hold: Option<Hold>,
}

impl std::fmt::Debug for College {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("College").field("data", &self.opening.data).finish_non_exhaustive()
    }
}

impl College {
    /// Makes a new data directory with its configuration file. Refuses one that holds anything already.
    pub fn init(data: &DataDir, id: &str, name: Option<&str>) -> Result<(), ServiceError> {
        let root = data.root();
        let io = |source| ServiceError::Io { path: root.to_path_buf(), source };
        if root.exists() && !is_unused(data).map_err(io)? {
            return Err(ServiceError::NotEmpty { data: root.to_path_buf() });
        }
        let good = !id.is_empty()
            && id.len() <= 64
            && id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
        if !good {
            return Err(ServiceError::BadSetting { key: "college.id".to_owned(), value: id.to_owned() });
        }
        for folder in [root.to_path_buf(), data.packs(), data.plugins()] {
            disk::create_folders(&folder).map_err(|source| ServiceError::Io { path: folder, source })?;
        }
        let mut college = toml::Table::new();
        college.insert("id".to_owned(), toml::Value::String(id.to_owned()));
        college.insert("name".to_owned(), toml::Value::String(name.unwrap_or(id).to_owned()));
        let mut file = toml::Table::new();
        file.insert("college".to_owned(), toml::Value::Table(college));
        crate::export::write_whole(&data.config_file(), file.to_string().as_bytes())
    }

    /// Opens a college. A writer takes the lock first and settles what a crash left open.
    pub async fn open(opening: Opening, access: Access) -> Result<Self, ServiceError> {
        let data = &opening.data;
        if !data.config_file().is_file() {
            return Err(ServiceError::NoCollege { data: data.root().to_path_buf() });
        }
        let lock = match access {
            Access::Write => Some(WriterLock::take(data.root())?),
            Access::Read => None,
        };
        let (record, hold) = records::open(&opening, access).await?;
        let seen = Arc::new(Seen::now(&opening, &record).await?);
        refuse_lost_tables(data, &record).await?;
        let warehouse = Warehouse::open(&data.warehouse(), opening.config.college_id())?;
        let plugins = Plugins::find(&opening, &record).await?;
        let calendar = definitions::calendar(&opening)?;
        let roles = crate::rights::load(data, &opening.home)?;
        let definitions = definitions::load(&opening, &plugins, &record).await?;
        let college = Self {
            actor: opening.actor.clone(),
            opening: Arc::new(opening),
            record,
            warehouse,
            plugins: Arc::new(plugins),
            calendar: Arc::new(calendar),
            definitions: Arc::new(definitions),
            seen,
            compared: Arc::default(),
            roles: Arc::new(roles),
            tree: Arc::default(),
            names: Arc::default(),
            counts: Arc::default(),
            within: Arc::default(),
            writes: lock.map(|lock| Arc::new(Writes { _lock: lock, _hold: hold })),
        };
        if access == Access::Write {
            college.recover().await?;
        }
        Ok(college)
    }

    /// The same college, worked on by another person.
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same college for changes that take back what a row of the audit tells; their own rows say so.
    pub(crate) fn undoing(&self, seq: u64) -> Self {
        Self { record: self.record.undoing(seq), ..self.clone() }
    }

    /// The same college for a writer: takes the lock and settles what a crash left open. The lock lasts as long as the
    /// college given and its clones. What others wrote since this college was opened must have been taken in before:
    /// see [`College::is_current`].
    pub async fn writing(&self, lock: WriterLock) -> Result<Self, ServiceError> {
        let hold = match self.record.backend() {
            // A file in the data directory belongs to it; only a record elsewhere may be somebody else's.
            Backend::Sqlite => None,
            Backend::Postgres => {
                let hold = self.record.hold().await?;
                records::recognise(&self.opening, &self.record, Access::Write).await?;
                Some(hold)
            }
        };
        let college = Self { writes: Some(Arc::new(Writes { _lock: lock, _hold: hold })), ..self.clone() };
        college.recover().await?;
        Ok(college)
    }

    /// Whether this college may be written to.
    pub fn access(&self) -> Access {
        if self.writes.is_some() { Access::Write } else { Access::Read }
    }

    /// The day at the college when it was opened.
    pub fn today(&self) -> NaiveDate {
        self.opening.today
    }

    /// How this college was opened, by whoever works on it now.
    pub fn opening(&self) -> Opening {
        Opening { actor: self.actor.clone(), ..Opening::clone(&self.opening) }
    }

    /// Settles batches, runs and syncs that a crash left between two states. What was committed is there, what was not is
    /// offered again or marked as interrupted; nothing is done twice.
    async fn recover(&self) -> Result<(), ServiceError> {
        let known = self.record.batch_ids("").await?.into_iter().collect();
        for batch in self.warehouse.recover(&known).await? {
            tracing::info!(%batch, "dropped what a crash left half staged");
        }
        let interrupted = "interrupted";
        let open = BatchFilter { states: vec![BatchState::Staging, BatchState::Applying], ..BatchFilter::default() };
        for batch in self.record.batch_list(&open).await? {
            let change = match batch.state {
                BatchState::Applying => match self.warehouse.settle(&batch.dataset, &batch.id).await? {
                    Some(applied) => {
                        let (table_version, cursor) = (Some(applied.version), cursor_of(&batch));
                        BatchChange { table_version, cursor, ..BatchChange::to(BatchState::Applied) }
                    }
                    // Nobody looked at this batch of a source, so nobody need look at it now: its cursor has not moved, and
                    // the next sync reads its rows again.
                    None if stream_of(&batch).is_some() && batch.reason.is_none() => {
                        self.warehouse.discard(&batch.id).await?;
                        BatchChange { reason: Some(interrupted.to_owned()), ..BatchChange::to(BatchState::Failed) }
                    }
                    None => BatchChange { reason: Some(interrupted.to_owned()), ..BatchChange::to(BatchState::Held) },
                },
                _ => {
                    self.warehouse.discard(&batch.id).await?;
                    BatchChange { reason: Some(interrupted.to_owned()), ..BatchChange::to(BatchState::Failed) }
                }
            };
            self.record.batch_change(&machine(), &batch.id, &change).await?;
        }
        let running = RunFilter { states: vec![RunState::Running], ..RunFilter::default() };
        for run in self.record.run_list(&running).await? {
            self.record.run_fail(&machine(), &run.id, interrupted).await?;
        }
        let syncs = SyncFilter { states: vec![SyncState::Running], ..SyncFilter::default() };
        for sync in self.record.sync_list(&syncs).await? {
            let (state, summary) = (SyncState::Interrupted, serde_json::Value::Null);
            self.record.sync_end(&machine(), &sync.id, state, &summary).await?;
        }
        Ok(())
    }

    /// How far the clock of this computer lies behind the newest change of the record, when it does: it went back, or is
    /// wrong. Changes are timed after the newest one all the same, but days are counted by this clock.
    pub async fn clock_behind(&self) -> Result<Option<DateTime<Utc>>, ServiceError> {
        let newest = self.record.newest().await?;
        Ok(newest.filter(|newest| (self.opening.clock)() + NOISE < *newest))
    }

    /// Who works.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Settings in force.
    pub fn config(&self) -> &Config {
        &self.opening.config
    }

    /// Definitions in force.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// The calendar in force.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The plugins found.
    pub fn plugins(&self) -> &Plugins {
        &self.plugins
    }

    /// Ends the work: writes of the record reach the disk before this returns.
    pub async fn close(self) {
        self.record.close().await;
    }
}

/// How much a clock may be set back without a word: time servers do that every day.
pub(crate) const NOISE: TimeDelta = TimeDelta::minutes(1);

/// Whether a directory holds nothing but what an interrupted `init` leaves.
fn is_unused(data: &DataDir) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(data.root())? {
        let entry = entry?;
        let folder = [data.packs(), data.plugins()].contains(&entry.path()) && entry.file_type()?.is_dir();
        let unused = match folder {
            true => std::fs::read_dir(entry.path())?.next().is_none(),
            false => entry.file_name().to_string_lossy().starts_with("zhengai.toml#"),
        };
        if !unused {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tables that are gone while the record tells of rows in them are never made anew, and those that lack the newest
/// version that the record knows are never gone on with: both would lose rows without a word.
async fn refuse_lost_tables(data: &DataDir, record: &Record) -> Result<(), ServiceError> {
    for (dataset, version) in record.batch_tables().await? {
        let table = data.warehouse().join("datasets").join(dataset.as_str());
        let newest = version.map(|version| table.join("_delta_log").join(format!("{version:020}.json")));
        for path in [Some(table), newest].into_iter().flatten() {
            if !path.exists() {
                return Err(ServiceError::TableLost { dataset: dataset.to_string(), path });
            }
        }
    }
    Ok(())
}

/// The machine itself, in audit rows.
pub(crate) fn machine() -> Actor {
    Actor::new("system", "system")
}

/// How ids of a kind begin on a day: `B20261121-`.
pub(crate) fn stem(prefix: char, today: NaiveDate) -> String {
    format!("{prefix}{}-", today.format("%Y%m%d"))
}

/// The id after all known ones that begin so: `B20261121-001`.
pub(crate) fn next_id(stem: &str, known: impl IntoIterator<Item = String>) -> String {
    let last = known.into_iter().filter_map(|id| id.strip_prefix(stem)?.parse::<u32>().ok()).max().unwrap_or(0);
    format!("{stem}{:03}", last + 1)
}

#[cfg(test)]
mod tests {
    use super::{next_id, stem};
    use chrono::NaiveDate;

    #[test]
    fn ids_count_on_within_a_day_and_start_anew_on_another() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
        let known = ["B20261121-1000", "B20261121-009", "R20261121-500", "B20261122-007"].map(str::to_owned);
        for (prefix, day, expected) in [
            ('B', day, "B20261121-1001"),
            ('R', day, "R20261121-501"),
            ('B', day.succ_opt().expect("a day"), "B20261122-008"),
            ('B', day.pred_opt().expect("a day"), "B20261120-001"),
        ] {
            assert_eq!(next_id(&stem(prefix, day), known.clone()), expected);
        }
    }
}
