//! The commands, one module for each noun. Each calls a use case and prints; none decides anything.

mod api;
mod audit;
mod backup;
mod batches;
mod college;
mod console;
mod cycles;
mod datasets;
mod demo;
mod diagnose;
mod doctor;
mod drafts;
mod imports;
mod indicators;
mod jobs;
mod objects;
mod overview;
mod periods;
mod plugins;
mod query;
mod records;
mod rejects;
mod reports;
mod search;
mod secrets;
mod serve;
mod sources;
mod syncs;
mod thresholds;
mod undo;
mod users;
mod warnings;
mod why;

use crate::cli::Command;
use crate::context::Context;
use anyhow::Result;

/// Runs a command and gives its exit code.
pub(crate) async fn run(context: &Context, command: Command) -> Result<u8> {
    crate::formats::fits(&command, context.global.format)?;
    match command {
        Command::Console(args) => console::run(context, &args).await,
        Command::Init(args) => college::init(context, &args),
        Command::Demo(args) => demo::run(context, &args).await,
        Command::Config(command) => college::config(context, &command).await,
        Command::User(command) => users::run(context, &command).await,
        Command::Role(command) => users::roles(context, &command).await,
        Command::Token(command) => users::tokens(context, &command).await,
        Command::Serve(args) => serve::run(context, &args).await,
        Command::Job(command) => jobs::run(context, &command).await,
        Command::Api(command) => api::run(&command),
        Command::Completions(args) => college::completions(context, args.shell),
        Command::Plugin(command) => plugins::run(context, &command).await,
        Command::Dataset(command) => datasets::run(context, &command).await,
        Command::Import(args) => imports::run(context, &args).await,
        Command::Source(command) => sources::run(context, &command).await,
        Command::Secret(command) => secrets::run(context, &command).await,
        Command::Sync(args) => syncs::run(context, &args).await,
        Command::Batch(command) => batches::run(context, &command).await,
        Command::Reject(command) => rejects::run(context, &command).await,
        Command::Query(args) => query::run(context, &args).await,
        Command::Indicator(command) => indicators::run(context, &command).await,
        Command::Threshold(command) => thresholds::run(context, &command).await,
        Command::Period(command) => periods::run(context, &command).await,
        Command::Cycle(command) => cycles::run(context, &command).await,
        Command::Diagnose(args) => diagnose::diagnose(context, &args).await,
        Command::Run(command) => diagnose::run(context, &command).await,
        Command::Result(args) => diagnose::result(context, &args).await,
        Command::Overview => overview::run(context).await,
        Command::Heatmap(args) => overview::heat(context, &args).await,
        Command::Warning(command) => warnings::run(context, &command).await,
        Command::Why(args) => why::run(context, &args).await,
        Command::Undo(args) => undo::run(context, &args).await,
        Command::Object(command) => objects::run(context, &command).await,
        Command::Search(args) => search::run(context, &args).await,
        Command::Report(args) => reports::run(context, &args).await,
        Command::Record(command) => records::run(context, &command).await,
        Command::Backup(args) => backup::run(context, &args).await,
        Command::Restore(args) => backup::restore(context, &args).await,
        Command::Audit(command) => audit::run(context, &command).await,
        Command::Doctor(args) => doctor::run(context, &args).await,
    }
}

/// Whether these words name no command, and a person sits at the terminal: then the console opens.
pub(crate) fn opens_console(command: &clap::Command, words: &[String]) -> bool {
    use clap::error::ErrorKind;
    if !console::is_terminal() {
        return false;
    }
    let parsed = command.clone().try_get_matches_from(words);
    matches!(
        parsed.map_err(|error| error.kind()),
        Err(ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
    )
}
