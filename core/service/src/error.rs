//! Errors of the use cases. Each has one class and one catalogue entry; errors of the rooms below keep theirs.

mod explain;

pub(crate) use explain::{io_fault, io_message};

use std::path::{Path, PathBuf};
use zhengai_model::fault::Fault;
use zhengai_model::pack::{PackFault, place_of};
use zhengai_model::rights::{Right, RoleFault};
use zhengai_model::text::Message;

/// What went wrong in a use case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The data directory does not exist or was never initialised.
    #[error("no college in {}", data.display())]
    NoCollege {
        /// The directory.
        data: PathBuf,
    },
    /// `init` on a directory that holds something already.
    #[error("{} is not empty", data.display())]
    NotEmpty {
        /// The directory.
        data: PathBuf,
    },
    /// Another process writes.
    #[error("{} is in use by process {holder}", data.display())]
    DirectoryBusy {
        /// The directory.
        data: PathBuf,
        /// Its process number, as far as known.
        holder: String,
    },
    /// There are tables, but no record that tells of them.
    #[error("the record {} is gone", path.display())]
    RecordLost {
        /// Where it should be.
        path: PathBuf,
    },
    /// The record on a server belongs to another data directory.
    #[error("the record at {place} belongs to another data directory, of {college}")]
    RecordOfOther {
        /// Where it is.
        place: String,
        /// The college that it belongs to.
        college: String,
    },
    /// A password that others may read.
    #[error("others may read {}", path.display())]
    PasswordExposed {
        /// The file.
        path: PathBuf,
    },
    /// A setting that is to be written into the file while something stronger says otherwise.
    #[error("{key} is set by {origin}")]
    SettingElsewhere {
        /// The key.
        key: &'static str,
        /// The word of the origin.
        origin: &'static str,
    },
    /// The configuration file is written in a way that this program does not change.
    #[error("{key} cannot be changed in {}", path.display())]
    ConfigByHand {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What should stand there.
        lines: String,
    },
    /// The record tells of rows in a table that is not there.
    #[error("the table of {dataset} is gone from {}", path.display())]
    TableLost {
        /// The dataset.
        dataset: String,
        /// Where its table should be.
        path: PathBuf,
    },
    /// The home folder with plugins is not there.
    #[error("no plugins beside {}", looked.display())]
    NoHome {
        /// Where it was looked for.
        looked: PathBuf,
    },
    /// A file could not be read or written.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A folder, a pipe or a device where a file is needed.
    #[error("{} is no file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A configuration or mapping file breaks its grammar.
    #[error("{}:{line}:{column}: {problem}", path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// Column from 1.
        column: usize,
        /// The parser's words.
        problem: String,
    },
    /// A setting that does not exist.
    #[error("no setting {key}")]
    UnknownSetting {
        /// The key.
        key: String,
        /// The keys that exist.
        known: String,
    },
    /// A setting with an impossible value.
    #[error("{key} cannot be {value}")]
    BadSetting {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// More at once than one change takes.
    #[error("{count} at once, {most} at most")]
    TooMany {
        /// Word of what there is too much of.
        what: &'static str,
        /// How many.
        count: u64,
        /// How many it may be.
        most: u64,
    },
    /// Packs contradict each other or break rules.
    #[error("{} faults in packs", faults.len())]
    Packs {
        /// Each with file, line and column.
        faults: Vec<PackFault>,
    },
    /// Indicators do not compile.
    #[error("{} faults in indicators", faults.len())]
    Indicators {
        /// What each fault says.
        faults: Vec<Message>,
    },
    /// Fields of a form that are not what they should be.
    #[error("{} fields are not good", faults.len())]
    Fields {
        /// Each with its place in the form.
        faults: Vec<zhengai_model::indicator::FieldFault>,
    },
    /// Somebody else saved or published in between.
    #[error("{code} was changed by {by} in between")]
    DraftMoved {
        /// Code of the indicator.
        code: String,
        /// Who.
        by: String,
    },
    /// A threshold that breaks a floor, contradicts another or makes no sense.
    #[error("{} reasons against a threshold", faults.len())]
    Threshold {
        /// What each of them says.
        faults: Vec<Message>,
    },
    /// Something named does not exist.
    #[error("no {what} {name}")]
    NotFound {
        /// Catalogue word of the kind: `dataset`, `batch`, `run`, …
        what: &'static str,
        /// What was asked for.
        name: String,
        /// Names that come close, for the next step.
        near: String,
    },
    /// A text that should name something cannot.
    #[error("`{value}` is not a {what}")]
    BadArgument {
        /// Catalogue word of the kind.
        what: &'static str,
        /// What was given.
        value: String,
    },
    /// A purpose that the roles of the college do not define.
    #[error("no purpose {named}")]
    UnknownPurpose {
        /// What was named.
        named: String,
        /// Those that there are, for the next step.
        known: String,
    },
    /// A state forbids the action.
    #[error("{what} {name} is {state}")]
    WrongState {
        /// Catalogue word of the kind.
        what: &'static str,
        /// Which one.
        name: String,
        /// Its state.
        state: String,
    },
    /// A plugin is not as the lock has it.
    #[error("plugin {plugin} differs from plugins.lock in {what}")]
    NotLocked {
        /// The plugin.
        plugin: String,
        /// What differs.
        what: String,
    },
    /// A mapping was written for another dataset.
    #[error("mapping for {mapping}, import into {dataset}")]
    MappingForOther {
        /// Dataset of the mapping.
        mapping: String,
        /// Dataset of the command.
        dataset: String,
    },
    /// Rows of a batch fall into a locked period.
    #[error("period {period} is {state}")]
    PeriodLocked {
        /// The period.
        period: String,
        /// `locked` or `signed`.
        state: String,
        /// How many rows.
        rows: u64,
    },
    /// There is no finished run yet.
    #[error("no finished run")]
    NoRun,
    /// The calendar file breaks its rules.
    #[error("{}", path.display())]
    Calendar {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: zhengai_model::period::CalendarError,
    },
    /// The state of a warning forbids an action of a person.
    #[error("warning {warning}")]
    Action {
        /// The warning.
        warning: String,
        /// The cause.
        #[source]
        source: zhengai_model::warning::ActionRefused,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// A computed dataset cannot be imported into.
    #[error("dataset {dataset} is computed")]
    ComputedDataset {
        /// The dataset.
        dataset: String,
    },
    /// More rows than one sheet of a workbook takes.
    #[error("{rows} rows do not fit into {}", path.display())]
    SheetFull {
        /// The file.
        path: PathBuf,
        /// Rows.
        rows: usize,
        /// Rows that fit.
        most: usize,
    },
    /// A workbook could not be written.
    #[error("cannot write {}", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    /// A report template names a key that does not exist: a defect of the template.
    #[error("report template")]
    Template {
        /// The cause.
        #[source]
        source: minijinja::Error,
    },
    /// A setting that another command is for.
    #[error("{key} is not set here")]
    SettingFixed {
        /// The key.
        key: &'static str,
    },
    /// The person lacks a right.
    #[error("the right {right} is missing")]
    Forbidden {
        /// The right.
        right: Right,
        /// Ids of the roles that have it.
        roles: Vec<String>,
    },
    /// The person has the right for a part of the college, and this knows no parts.
    #[error("the right {right} is needed for the whole college")]
    WholeCollege {
        /// The right.
        right: Right,
    },
    /// Rows about persons, of which the reader may not see any.
    #[error("rows about persons are hidden")]
    Hidden {
        /// Why, and what opens them.
        why: Message,
    },
    /// A token that opens nothing. Why not is for the log only.
    #[error("the token opens nothing: {why}")]
    NotAuthenticated {
        /// `unknown`, `expired`, `revoked` or `disabled`.
        why: &'static str,
    },
    /// The file of roles breaks its rules.
    #[error("{} faults in {}", faults.len(), path.display())]
    Roles {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        faults: Vec<RoleFault>,
    },
    /// A role that must be given with units or to a person.
    #[error("role {role} needs {needs}")]
    RoleNeeds {
        /// The role.
        role: String,
        /// `units`, `person` or `no-units`.
        needs: &'static str,
    },
    /// A backup could not be made, read or restored.
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupError),
    /// Mending of rejected rows.
    #[error(transparent)]
    Mend(#[from] crate::rejects::MendError),
    /// The training college could not be made.
    #[error(transparent)]
    Demo(#[from] crate::demo::DemoError),
    /// From the warehouse.
    #[error(transparent)]
    Warehouse(#[from] zhengai_warehouse::WarehouseError),
    /// From the engine.
    #[error(transparent)]
    Engine(#[from] zhengai_engine::EngineError),
    /// A change cannot be taken back.
    #[error(transparent)]
    Undo(#[from] crate::undo::UndoRefused),
    /// From the record.
    #[error(transparent)]
    Store(#[from] zhengai_store::StoreError),
    /// A folder that was to be a plugin and is none.
    #[error("{}", message.key)]
    BadPlugin {
        /// Its class.
        fault: Fault,
        /// Why.
        message: Message,
    },
    /// A connector could not read the source; it says so in its own words.
    #[error("connector")]
    Connector {
        /// What it says.
        message: Message,
        /// The cause.
        #[source]
        source: zhengai_host::HostError,
    },
    /// A version of a plugin that is kept out because it crashed.
    #[error("plugin {plugin} {version} is quarantined")]
    Quarantined {
        /// The plugin.
        plugin: String,
        /// Its version.
        version: String,
        /// The day on which it was kept out.
        day: String,
        /// What happened last.
        why: Message,
    },
    /// Trust is for plugins of others; what ships runs in our own process anyway.
    #[error("plugin {plugin} ships with the program")]
    ShippedPlugin {
        /// The plugin.
        plugin: String,
    },
    /// A configuration names a secret that was never set.
    #[error("secret {secret} of {field} is not set")]
    SecretMissing {
        /// The secret.
        secret: String,
        /// The field that names it, as a JSON pointer.
        field: String,
    },
    /// A secret without a value.
    #[error("secret {secret} would be empty")]
    SecretEmpty {
        /// The secret.
        secret: String,
    },
    /// A secret that a source needs cannot be removed.
    #[error("secret {secret} is named by source {source_name}")]
    SecretInUse {
        /// The secret.
        secret: String,
        /// The source.
        source_name: String,
    },
    /// A plugin that fetches nothing by itself cannot be a source.
    #[error("plugin {plugin} is no connector that fetches rows by itself")]
    FetchesNothing {
        /// The plugin.
        plugin: String,
    },
    /// A connector with several components, or without the one asked for.
    #[error("plugin {plugin}: component `{wanted}` is none of {known}")]
    ChooseComponent {
        /// The plugin.
        plugin: String,
        /// What was asked for; empty when nothing was.
        wanted: String,
        /// The components that it has.
        known: String,
    },
    /// A connector that does not tell what can be read.
    #[error("plugin {plugin} has no catalogue")]
    NoCatalogue {
        /// The plugin.
        plugin: String,
    },
    /// A source without streams.
    #[error("source {source_name} has no streams")]
    NoStreams {
        /// The source.
        source_name: String,
    },
    /// A source with a batch that waits cannot be removed: its cursor would be lost on the way.
    #[error("batch {batch} of source {source_name} waits for review")]
    SourceWaits {
        /// The source.
        source_name: String,
        /// The batch.
        batch: String,
    },
    /// From the plugin host.
    #[error(transparent)]
    Host(#[from] zhengai_host::HostError),
    /// A defect of ours, with a word for the log.
    #[error("internal: {what}")]
    Internal {
        /// What broke.
        what: String,
    },
}

impl ServiceError {
    /// A TOML error with the place that the parser gives.
    pub(crate) fn config(path: &Path, text: &str, source: &toml::de::Error) -> Self {
        let (line, column) = place_of(text, source.span().map_or(0, |span| span.start));
        Self::BadFile { path: path.to_path_buf(), line, column, problem: source.message().to_owned() }
    }

    /// Something named that does not exist, with the names that come close.
    pub(crate) fn not_found<'a>(what: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let mut near: Vec<(usize, &str)> = known
            .map(|known| (distance(name, known), known))
            .filter(|(far, known)| *far <= 2.max(known.len() / 3))
            .collect();
        near.sort_unstable();
        let near = near.into_iter().take(3).map(|(_, known)| known).collect::<Vec<_>>().join(", ");
        Self::NotFound { what, name: name.to_owned(), near }
    }
}

/// Edit distance, for "did you mean".
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.to_lowercase().chars().enumerate() {
        let mut next = vec![index + 1];
        for (place, wanted) in other.iter().enumerate() {
            let same = row.get(place).copied().unwrap_or(0) + usize::from(letter != *wanted);
            let longer = row.get(place + 1).copied().unwrap_or(0) + 1;
            let shorter = next.get(place).copied().unwrap_or(0) + 1;
            next.push(same.min(longer).min(shorter));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
