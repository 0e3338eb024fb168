//! The words of the command line, typed. Help texts are not here: they come from the catalogues, see `help`.

mod api;
mod console;
mod data;
mod globals;
mod heatmap;
mod indicator;
mod kit;
mod record;
mod search;
mod sources;
mod threshold;
mod upkeep;
mod users;
mod warning;

pub(crate) use api::{ApiCommand, JobCommand, ServeArgs};
pub(crate) use console::{ConsoleArgs, GlyphName, ThemeWord, WidthName};
pub(crate) use data::{BatchCommand, DatasetCommand, ImportArgs, MendArgs, QueryArgs, RejectCommand, Review};
pub(crate) use globals::gather;
pub(crate) use heatmap::{HeatOrder, HeatmapArgs};
pub(crate) use indicator::{DraftCommand, IndicatorCommand, RehearseArgs};
pub(crate) use kit::{CheckArgs, DevArgs, KeyCommand, KindName, LanguageName, LockArgs, NewArgs, SignArgs, VerifyArgs};
pub(crate) use record::RecordCommand;
pub(crate) use search::SearchArgs;
pub(crate) use sources::{SecretCommand, SourceArgs, SourceCommand, SyncArgs};
pub(crate) use threshold::{ThresholdArgs, ThresholdCommand};
pub(crate) use upkeep::{AuditCommand, BackupArgs, BackupCommand, DoctorArgs, RestoreArgs};
pub(crate) use users::{RoleCommand, TokenCommand, UserCommand};
pub(crate) use warning::{ActName, GroupName, ObjectCommand, SortName, UndoArgs, WarningArgs, WarningCommand, WhyArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use zhengai_model::layer::Layer;
use zhengai_wire::runs::RunState;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "zhengai",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    #[arg(long, global = true, value_name = "DIR", env = "ZHENGAI_DATA", hide_env = true)]
    pub(crate) data: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) pack: Vec<PathBuf>,
    #[arg(long, global = true, value_name = "zh-CN|en")]
    pub(crate) lang: Option<String>,
    #[arg(long, global = true, value_enum, default_value = "table", hide_default_value = true, value_name = "FORMAT")]
    pub(crate) format: Format,
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    #[arg(long, global = true, value_name = "URL", env = "ZHENGAI_SERVER", hide_env = true)]
    pub(crate) server: Option<String>,
    #[arg(long, global = true, value_name = "FILE", env = "ZHENGAI_TOKEN_FILE", hide_env = true)]
    pub(crate) token_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE", env = "ZHENGAI_CA", hide_env = true)]
    pub(crate) ca: Option<PathBuf>,
    #[arg(long, global = true, value_name = "PURPOSE", env = "ZHENGAI_PURPOSE", hide_env = true)]
    pub(crate) purpose: Option<String>,
    /// Whether `--data` was typed, and not taken from the environment.
    #[arg(skip)]
    pub(crate) data_typed: bool,
}

/// How results are printed; a report takes the last three, everything else the first three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Csv,
    Html,
    Xlsx,
    Md,
    Junit,
}

// Parsed once at the start; the room of the largest variant costs nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Console(ConsoleArgs),
    Init(InitArgs),
    Demo(DemoArgs),
    #[command(subcommand)]
    Plugin(PluginCommand),
    #[command(subcommand)]
    Dataset(DatasetCommand),
    Import(ImportArgs),
    #[command(subcommand)]
    Source(SourceCommand),
    #[command(subcommand)]
    Secret(SecretCommand),
    Sync(SyncArgs),
    #[command(subcommand)]
    Batch(BatchCommand),
    #[command(subcommand)]
    Reject(RejectCommand),
    Query(QueryArgs),
    #[command(subcommand)]
    Indicator(IndicatorCommand),
    #[command(subcommand)]
    Threshold(ThresholdCommand),
    #[command(subcommand)]
    Period(PeriodCommand),
    #[command(subcommand)]
    Cycle(CycleCommand),
    Diagnose(DiagnoseArgs),
    #[command(subcommand)]
    Run(RunCommand),
    Result(ResultArgs),
    Overview,
    Heatmap(HeatmapArgs),
    #[command(subcommand)]
    Warning(WarningCommand),
    Why(WhyArgs),
    Undo(UndoArgs),
    #[command(subcommand)]
    Object(ObjectCommand),
    Search(SearchArgs),
    Report(ReportArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
    #[command(subcommand)]
    User(UserCommand),
    #[command(subcommand)]
    Role(RoleCommand),
    #[command(subcommand)]
    Token(TokenCommand),
    #[command(subcommand)]
    Audit(AuditCommand),
    Doctor(DoctorArgs),
    #[command(subcommand)]
    Record(RecordCommand),
    #[command(subcommand)]
    Config(ConfigCommand),
    Serve(ServeArgs),
    #[command(subcommand)]
    Job(JobCommand),
    #[command(subcommand)]
    Api(ApiCommand),
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[arg(long, value_name = "ID", default_value = "college", hide_default_value = true)]
    pub(crate) id: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[arg(long, value_name = "N", default_value_t = 600, hide_default_value = true)]
    pub(crate) students: u32,
    #[arg(long, value_name = "S", default_value_t = 2026, hide_default_value = true)]
    pub(crate) seed: u64,
    #[arg(long)]
    pub(crate) fresh: bool,
    #[arg(long, value_name = "DIR")]
    pub(crate) files_only: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    List,
    Config {
        id: String,
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    Info {
        id: String,
    },
    Enable {
        id: String,
    },
    Disable {
        id: String,
    },
    Trust {
        id: String,
    },
    Untrust {
        id: String,
    },
    New(NewArgs),
    Check(CheckArgs),
    Dev(DevArgs),
    Lock(LockArgs),
    Sign(SignArgs),
    Verify(VerifyArgs),
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeriodCommand {
    List,
    Lock {
        period: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    Unlock {
        period: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CycleCommand {
    Create {
        #[arg(long, value_name = "ID")]
        template: String,
        #[arg(long, value_name = "P")]
        period: String,
        #[arg(long, value_enum)]
        layer: Vec<LayerName>,
        #[arg(long, value_name = "KIND/ID")]
        object: Vec<String>,
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
    },
    Templates,
    List,
    Show {
        cycle: String,
    },
    Move {
        cycle: String,
        #[arg(long, value_name = "STEP")]
        to: String,
        #[arg(long, value_name = "TEXT")]
        evidence: Vec<String>,
    },
    Close {
        cycle: String,
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DiagnoseArgs {
    #[arg(long, short, value_name = "P")]
    pub(crate) period: String,
    #[arg(long, value_enum)]
    pub(crate) layer: Vec<LayerName>,
    #[arg(long, value_name = "C")]
    pub(crate) cycle: Option<String>,
    #[arg(long, value_name = "as-was|as-is|DATE")]
    pub(crate) view: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayerName {
    School,
    Major,
    Course,
    Teacher,
    Student,
}

impl From<LayerName> for Layer {
    fn from(name: LayerName) -> Self {
        match name {
            LayerName::School => Self::School,
            LayerName::Major => Self::Major,
            LayerName::Course => Self::Course,
            LayerName::Teacher => Self::Teacher,
            LayerName::Student => Self::Student,
        }
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunStateName {
    Running,
    Finished,
    Failed,
}

impl From<RunStateName> for RunState {
    fn from(name: RunStateName) -> Self {
        match name {
            RunStateName::Running => Self::Running,
            RunStateName::Finished => Self::Finished,
            RunStateName::Failed => Self::Failed,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RunListArgs {
    #[arg(long, short, value_name = "P")]
    pub(crate) period: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) layer: Option<LayerName>,
    #[arg(long, value_name = "C")]
    pub(crate) cycle: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) state: Option<RunStateName>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    List(RunListArgs),
    Show {
        run: String,
    },
    Compare {
        earlier: String,
        later: String,
    },
    Export {
        run: String,
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ResultArgs {
    #[arg(long, value_name = "R")]
    pub(crate) run: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) layer: Option<LayerName>,
    #[arg(long, value_name = "[KIND/]ID")]
    pub(crate) object: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) indicator: Option<String>,
    #[arg(long, value_name = "VERDICT")]
    pub(crate) verdict: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 200, hide_default_value = true)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[arg(long, value_name = "R")]
    pub(crate) run: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) layer: Option<LayerName>,
    #[arg(long, value_name = "[KIND/]ID")]
    pub(crate) object: Option<String>,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    Explain,
    List,
    Set { key: String, value: Option<String> },
    Sample,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
