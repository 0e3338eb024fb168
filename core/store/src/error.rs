//! What can go wrong in the record, by cause. What a person reads is in the catalogues; `Display` is for logs.

mod explain;

use crate::dump::DumpRule;
use serde::Serialize;
use std::error::Error;
use std::fmt;

/// Result of this room.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Kinds of things in the record, for errors and for the subject of an audit row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// 批次
    Batch,
    /// 诊断运行
    Run,
    /// 诊断周期
    Cycle,
    /// A step of a cycle (步骤)
    Step,
    /// 预警
    Warning,
    /// 指标
    Indicator,
    /// 阈值
    Threshold,
    /// 数据集
    Dataset,
    /// 插件
    Plugin,
    /// 期间
    Period,
    /// An exception to a locked period (例外)
    Exception,
    /// A setting of the record (设置)
    Setting,
    /// A source that a connector reads (数据源)
    Source,
    /// One sync of a source (同步)
    Sync,
    /// What somebody is still writing (草稿)
    Draft,
    /// 用户
    User,
    /// 角色
    Role,
    /// 令牌
    Token,
}

impl Thing {
    /// The word stored in the audit and handed to catalogues.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Run => "run",
            Self::Cycle => "cycle",
            Self::Step => "step",
            Self::Warning => "warning",
            Self::Indicator => "indicator",
            Self::Threshold => "threshold",
            Self::Dataset => "dataset",
            Self::Plugin => "plugin",
            Self::Period => "period",
            Self::Exception => "exception",
            Self::Setting => "setting",
            Self::Source => "source",
            Self::Sync => "sync",
            Self::Draft => "draft",
            Self::User => "user",
            Self::Role => "role",
            Self::Token => "token",
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An error of the record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address is of no database that this program speaks, or of one that keeps nothing.
    #[error("`{place}` is not an address of a record")]
    BadAddress {
        /// The address without user and password.
        place: String,
    },
    /// The file or server cannot be opened.
    #[error("cannot open the record at {place}")]
    Unreachable {
        /// Where.
        place: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The file is no database.
    #[error("{place} is not a database")]
    NotADatabase {
        /// Where.
        place: String,
        /// What the database library says.
        #[source]
        source: sqlx::Error,
    },
    /// The database is damaged.
    #[error("the record at {place} is damaged")]
    Damaged {
        /// Where.
        place: String,
        /// What the database library says.
        #[source]
        source: sqlx::Error,
    },
    /// A sound database that is no record of zhengai.
    #[error("{place} is a database of another program")]
    Foreign {
        /// Where.
        place: String,
    },
    /// Written by a newer program.
    #[error("the record at {place} has schema {found}, this program knows {known}")]
    Newer {
        /// Where.
        place: String,
        /// Newest migration in the database.
        found: i64,
        /// Newest migration in this program.
        known: i64,
    },
    /// A migration that was applied is not the one that this program carries.
    #[error("migration {version} of the record at {place} differs from the one in this program")]
    AlteredMigration {
        /// Where.
        place: String,
        /// The migration.
        version: i64,
    },
    /// A migration failed; nothing of it was kept.
    #[error("cannot migrate the record at {place}")]
    Migration {
        /// Where.
        place: String,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// Somebody else holds the database for too long.
    #[error("the record at {place} is busy")]
    Busy {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The disk is full.
    #[error("no space left for the record at {place}")]
    Full {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The file or its folder may not be written.
    #[error("the record at {place} may not be written")]
    ReadOnly {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The server of the database does not answer.
    #[error("no server answers at {place}")]
    NoServer {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The server refuses user or password.
    #[error("the server at {place} refuses user or password")]
    Login {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The server has no database of this name.
    #[error("there is no database at {place}")]
    NoDatabase {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// No encrypted connection comes about.
    #[error("no encrypted connection to {place}")]
    Tls {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The connection broke while something was under way. A change was not saved.
    #[error("the connection to {place} broke")]
    Lost {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The connection broke while a change was being committed: it may be saved or not.
    #[error("the connection to {place} broke during a commit")]
    CommitUnknown {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The server has no connection or memory left for us.
    #[error("the server at {place} has no connection or memory left")]
    Exhausted {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The user of the database may not do this.
    #[error("the database user may not do this at {place}")]
    NotAllowed {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// A text holds the character U+0000, which PostgreSQL cannot keep.
    #[error("{place} cannot keep a text with the character U+0000")]
    NulInText {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// The database keeps texts in an encoding that cannot hold Chinese.
    #[error("the database at {place} keeps texts in {encoding}")]
    NotUtf8 {
        /// Where.
        place: String,
        /// Its encoding.
        encoding: String,
    },
    /// Another process works on the record of this server.
    #[error("another process works on the record at {place}")]
    InUse {
        /// Where.
        place: String,
    },
    /// A dump is loaded into an empty record only.
    #[error("the record at {place} is not empty")]
    NotEmpty {
        /// Where.
        place: String,
    },
    /// A dump breaks a rule of its form, or is not what was written.
    #[error("line {line} of the dump: {rule}")]
    BadDump {
        /// Line, from 1.
        line: u64,
        /// The rule.
        rule: DumpRule,
    },
    /// A dump cannot be written or read.
    #[error("the dump cannot be written or read")]
    DumpIo {
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Any other refusal of the database.
    #[error("the record at {place} refused a statement")]
    Refused {
        /// Where.
        place: String,
        /// What the database says.
        #[source]
        source: sqlx::Error,
    },
    /// A defect of ours: a change went on after a statement of it had failed. Nothing of it was kept.
    #[error("a change went on after the error `{code}`")]
    Spoilt {
        /// Code of the error.
        code: &'static str,
    },
    /// A stored value does not parse.
    #[error("column {column} of table {table} holds a value that cannot be read")]
    BadRow {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A value cannot be written as JSON.
    #[error("a value cannot be written as JSON")]
    Encode {
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A value that should be one word is not.
    #[error("`{json}` is stored as a word and is none")]
    NotAWord {
        /// What it is.
        json: String,
    },
    /// There is no such thing.
    #[error("there is no {thing} {id}")]
    NotFound {
        /// Kind of thing.
        thing: Thing,
        /// Its id as asked for.
        id: String,
    },
    /// There is one already.
    #[error("there is a {thing} {id} already")]
    Exists {
        /// Kind of thing.
        thing: Thing,
        /// Its id.
        id: String,
    },
    /// Its state does not allow this change.
    #[error("{thing} {id} is {from} and cannot become {to}")]
    WrongState {
        /// Kind of thing.
        thing: Thing,
        /// Its id.
        id: String,
        /// The state it is in.
        from: String,
        /// The state asked for.
        to: String,
    },
    /// A finished run never changes.
    #[error("run {run} is {state} and does not change any more")]
    RunSettled {
        /// The run.
        run: String,
        /// `finished` or `failed`.
        state: String,
    },
    /// A run cannot be replaced by that one.
    #[error("run {run} cannot be superseded by {by}")]
    CannotSupersede {
        /// The run to be replaced.
        run: String,
        /// The run that should replace it.
        by: String,
    },
    /// The cycle is closed: no runs and no steps any more.
    #[error("cycle {cycle} is closed")]
    CycleClosed {
        /// The cycle.
        cycle: String,
    },
    /// The template does not let this step follow.
    #[error("in cycle {cycle} step {to} does not follow {from}")]
    StepNotAllowed {
        /// The cycle.
        cycle: String,
        /// The current step.
        from: String,
        /// The step asked for.
        to: String,
    },
    /// A template without steps makes no cycle.
    #[error("cycle template {template} has no steps")]
    NoSteps {
        /// The template.
        template: String,
    },
    /// A second open warning for one identity.
    #[error("a warning of the same rule, object and period is open already")]
    WarningOpen,
    /// Somebody else changed it in between.
    #[error("{thing} {id} was changed by somebody else in between")]
    Stale {
        /// Kind of thing.
        thing: Thing,
        /// Its id.
        id: String,
    },
    /// People handled warnings between loading and saving them in a run.
    #[error("{count} warnings were changed by people while the run was at work")]
    StaleWarnings {
        /// How many of those looked at when it was noticed; there may be more.
        count: u64,
    },
    /// This change needs a reason.
    #[error("{action} needs a reason")]
    ReasonMissing {
        /// Audit action, for example `warning.resolve`.
        action: String,
    },
    /// An exception that ends before it begins.
    #[error("the exception for {period} would end on {until}, before it begins")]
    ExceptionOver {
        /// The period.
        period: String,
        /// Its last day.
        until: String,
    },
    /// A signed period takes nothing any more.
    #[error("period {period} is signed")]
    PeriodSigned {
        /// The period.
        period: String,
    },
    /// An actor without a name or role.
    #[error("a change needs the name and the role of a person")]
    Nobody,
}

impl StoreError {
    /// The stable code of the cause: the catalogue key without `store-`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress { .. } => "bad-address",
            Self::Unreachable { .. } => "unreachable",
            Self::NotADatabase { .. } => "not-a-database",
            Self::Damaged { .. } => "damaged",
            Self::Foreign { .. } => "foreign",
            Self::Newer { .. } => "newer",
            Self::AlteredMigration { .. } => "altered-migration",
            Self::Migration { .. } => "migration",
            Self::Busy { .. } => "busy",
            Self::Full { .. } => "full",
            Self::ReadOnly { .. } => "read-only",
            Self::NoServer { .. } => "no-server",
            Self::Login { .. } => "login",
            Self::NoDatabase { .. } => "no-database",
            Self::Tls { .. } => "tls",
            Self::Lost { .. } => "lost",
            Self::CommitUnknown { .. } => "commit-unknown",
            Self::Exhausted { .. } => "exhausted",
            Self::NotAllowed { .. } => "not-allowed",
            Self::NulInText { .. } => "nul-in-text",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::InUse { .. } => "in-use",
            Self::NotEmpty { .. } => "not-empty",
            Self::BadDump { .. } => "bad-dump",
            Self::DumpIo { .. } => "dump-io",
            Self::Refused { .. } => "refused",
            Self::Spoilt { .. } => "spoilt",
            Self::BadRow { .. } => "bad-row",
            Self::Encode { .. } => "encode",
            Self::NotAWord { .. } => "not-a-word",
            Self::NotFound { .. } => "not-found",
            Self::Exists { .. } => "exists",
            Self::WrongState { .. } => "wrong-state",
            Self::RunSettled { .. } => "run-settled",
            Self::CannotSupersede { .. } => "cannot-supersede",
            Self::CycleClosed { .. } => "cycle-closed",
            Self::StepNotAllowed { .. } => "step-not-allowed",
            Self::NoSteps { .. } => "no-steps",
            Self::WarningOpen => "warning-open",
            Self::Stale { .. } => "stale",
            Self::StaleWarnings { .. } => "stale-warnings",
            Self::ReasonMissing { .. } => "reason-missing",
            Self::ExceptionOver { .. } => "exception-over",
            Self::PeriodSigned { .. } => "period-signed",
            Self::Nobody => "nobody",
        }
    }

    /// Whether the database refused a second row with the same key.
    pub(crate) fn is_duplicate(&self) -> bool {
        match self {
            Self::Refused { source, .. } => {
                source.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
            }
            _ => false,
        }
    }
}
