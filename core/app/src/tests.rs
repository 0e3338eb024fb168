//! Tests of the command line without a college: every command and argument has its text in both languages.

use crate::{cli, help, texts};
use clap::{Command, CommandFactory};
use zhengai_model::text::Language;

/// Walks the whole tree and hands each command's help to `see`.
fn walk(command: &mut Command, see: &mut dyn FnMut(&str, &str)) {
    let name = command.get_name().to_owned();
    let text = command.render_long_help().to_string();
    see(&name, &text);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for sub in names {
        if let Some(sub) = command.find_subcommand_mut(&sub) {
            walk(sub, see);
        }
    }
}

#[test]
fn every_command_and_argument_explains_itself_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let mut command = help::localised(cli::Cli::command(), &texts(language));
        command.build();
        let mut count = 0;
        walk(&mut command, &mut |name, text| {
            assert!(!text.contains('⟦'), "{name} in {language:?}:\n{text}");
            count += 1;
        });
        assert!(count > 40, "{count} commands");
    }
}

#[test]
fn english_help_has_no_chinese_and_chinese_help_has_no_english_headings() {
    let chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    let mut english = help::localised(cli::Cli::command(), &texts(Language::English));
    english.build();
    walk(&mut english, &mut |name, text| assert!(!chinese(text), "{name}:\n{text}"));
    let mut command = help::localised(cli::Cli::command(), &texts(Language::Chinese));
    command.build();
    walk(&mut command, &mut |name, text| {
        assert!(
            !text.contains("Usage") && !text.contains("Options:") && !text.contains("Commands:"),
            "{name}:\n{text}"
        );
    });
}

#[test]
fn a_misspelt_command_is_named_with_the_nearest_one() {
    let texts = texts(Language::Chinese);
    let command = help::localised(cli::Cli::command(), &texts);
    let error = command.try_get_matches_from(["zhengai", "diagnos"]).expect_err("no such command");
    let said = help::explain(&error, &texts);
    assert!(said.contains("“diagnos”") && said.contains("“diagnose”"), "{said}");
}
