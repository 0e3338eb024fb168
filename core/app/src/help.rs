//! Help in the user's language: walks clap's command tree and hangs catalogue texts on it.
//!
//! Keys: `cli-about`, `cli-<command path>` for commands, `cli-arg-<path>-<argument>` for arguments, and
//! `cli-arg-<argument>` for global ones. A test walks the tree in both languages and fails on a missing key.

use clap::{Arg, ArgAction, Command};
use zhengai_service::text::Texts;

/// The command tree with all texts in the language of `texts`.
pub(crate) fn localised(command: Command, texts: &Texts) -> Command {
    let template = format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}\n", texts.text("cli-usage", &[]),);
    dress(command, texts, &mut Vec::new(), &template)
}

fn dress(command: Command, texts: &Texts, path: &mut Vec<String>, template: &str) -> Command {
    let key = if path.is_empty() { "cli-about".to_owned() } else { format!("cli-{}", path.join("-")) };
    let about = texts.text(&key, &[]);
    let arguments = texts.text("cli-heading-arguments", &[]);
    let options = texts.text("cli-heading-options", &[]);
    let prefix = path.clone();
    let mut command = command
        .about(about)
        .help_template(template.to_owned())
        .subcommand_help_heading(texts.text("cli-heading-commands", &[]))
        .subcommand_value_name(texts.text("cli-value-command", &[]))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .mut_args(|arg| describe(arg, texts, &prefix, &arguments, &options))
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(texts.text("cli-arg-help", &[]))
                .help_heading(options.clone()),
        );
    if path.is_empty() {
        command = command.arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(texts.text("cli-arg-version", &[]))
                .help_heading(options.clone()),
        );
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        path.push(name.clone());
        command = command.mut_subcommand(name, |sub| dress(sub, texts, path, template));
        path.pop();
    }
    command
}

fn describe(arg: Arg, texts: &Texts, path: &[String], arguments: &str, options: &str) -> Arg {
    let id = arg.get_id().as_str().replace('_', "-");
    let key = if arg.is_global_set() || path.is_empty() {
        format!("cli-arg-{id}")
    } else {
        format!("cli-arg-{}-{id}", path.join("-"))
    };
    let heading = if arg.is_positional() { arguments } else { options };
    arg.help(texts.text(&key, &[])).help_heading(heading.to_owned()).hide_possible_values(false)
}

/// A parse error in the user's language: what is wrong with which word, and where to read on.
pub(crate) fn explain(error: &clap::Error, texts: &Texts) -> String {
    use clap::error::{ContextKind, ErrorKind};
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            texts.text("cli-error-command", &[("word", &context(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::UnknownArgument => texts.text("cli-error-argument", &[("word", &argument)]),
        ErrorKind::MissingRequiredArgument => texts.text("cli-error-missing", &[("word", &argument)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues => {
            texts.text(
                "cli-error-value",
                &[
                    ("word", &argument),
                    ("value", &context(ContextKind::InvalidValue)),
                    ("valid", &context(ContextKind::ValidValue)),
                ],
            )
        }
        ErrorKind::ArgumentConflict => texts.text("cli-error-conflict", &[("word", &argument)]),
        _ => texts.text("cli-error-other", &[("word", &argument)]),
    };
    let suggestion = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .map(context)
        .find(|text| !text.is_empty());
    match suggestion {
        Some(word) => format!("{what}\n{}", texts.text("cli-error-suggestion", &[("word", &word)])),
        None => format!("{what}\n{}", texts.text("cli-error-help", &[])),
    }
}
