//! Which formats a command knows, asked before it does anything: what cannot be printed as asked is not done either.

use crate::cli::{
    AuditCommand, BatchCommand, Command, CycleCommand, DraftCommand, Format, IndicatorCommand, JobCommand,
    ObjectCommand, PluginCommand, RecordCommand, RunCommand, WarningCommand,
};
use crate::client::CliError;
use clap::ValueEnum;

/// Rows: a list of things that are alike.
const ROWS: &[Format] = &[Format::Table, Format::Json, Format::Csv];

/// One thing with parts of many kinds: no rows, no CSV.
const THING: &[Format] = &[Format::Table, Format::Json];

/// A report for people.
const REPORT: &[Format] = &[Format::Table, Format::Html, Format::Xlsx, Format::Md];

/// What a check of a plugin found.
const CHECKS: &[Format] = &[Format::Table, Format::Json, Format::Csv, Format::Junit];

/// Refuses a format that the command does not know.
pub(crate) fn fits(command: &Command, format: Format) -> Result<(), CliError> {
    let known = known(command);
    if known.contains(&format) {
        return Ok(());
    }
    Err(CliError::Format { format: word(format), known: known.iter().map(|one| word(*one)).collect() })
}

fn known(command: &Command) -> &'static [Format] {
    match command {
        Command::Report(_) => REPORT,
        Command::Plugin(PluginCommand::Check(_)) => CHECKS,
        Command::Query(args) if args.plan => THING,
        Command::Api(_)
        | Command::Why(_)
        | Command::Audit(AuditCommand::Show { .. })
        | Command::Batch(BatchCommand::Show { .. })
        | Command::Cycle(CycleCommand::Show { .. })
        | Command::Indicator(
            IndicatorCommand::Show { .. }
            | IndicatorCommand::Check { .. }
            | IndicatorCommand::Rehearse(_)
            | IndicatorCommand::Draft(DraftCommand::Show { .. } | DraftCommand::Check { .. }),
        )
        | Command::Job(JobCommand::Show { .. })
        | Command::Object(ObjectCommand::Show { .. })
        | Command::Plugin(PluginCommand::Info { .. } | PluginCommand::Config { .. })
        | Command::Record(RecordCommand::Show | RecordCommand::Move { .. })
        | Command::Run(RunCommand::Show { .. })
        | Command::Warning(WarningCommand::Show { .. }) => THING,
        _ => ROWS,
    }
}

/// A format as it is typed.
fn word(format: Format) -> String {
    format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::fits;
    use crate::cli::Cli;
    use crate::client::CliError;
    use clap::Parser;

    /// The formats that a command knows, when it refuses this one.
    fn refused(words: &str) -> Option<String> {
        let cli = Cli::try_parse_from(words.split(' ')).expect("a command");
        match fits(&cli.command, cli.global.format) {
            Err(CliError::Format { known, .. }) => Some(known.join(" ")),
            _ => None,
        }
    }

    #[test]
    fn a_list_is_rows_and_a_single_thing_is_no_csv() {
        assert_eq!(refused("zhengai batch list --format csv"), None);
        assert_eq!(refused("zhengai batch list --format html").as_deref(), Some("table json csv"));
        assert_eq!(refused("zhengai batch show B --format json"), None);
        assert_eq!(refused("zhengai batch show B --format csv").as_deref(), Some("table json"));
        assert_eq!(refused("zhengai query --plan q --format csv").as_deref(), Some("table json"));
    }

    #[test]
    fn a_report_and_a_check_of_a_plugin_have_formats_of_their_own() {
        assert_eq!(refused("zhengai report --format md"), None);
        assert_eq!(refused("zhengai report --format csv").as_deref(), Some("table html xlsx md"));
        assert_eq!(refused("zhengai plugin check p --format junit"), None);
        assert_eq!(refused("zhengai import f -d x --format junit").as_deref(), Some("table json csv"));
    }
}
