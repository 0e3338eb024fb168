//! The texts: everything that the connector can say has one in both languages, and its arguments fill it.

use crate::CATALOGUE;
use crate::fault::{self, Place};
use crate::notice::Notice;
use crate::row::RowFault;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use std::collections::BTreeSet;
use std::io;
use unic_langid::LanguageIdentifier;
use zhengai_plugin::PluginError;

fn refusals(place: &Place) -> Vec<PluginError> {
    vec![
        fault::bad_config("r"),
        fault::bad_request("r"),
        fault::bad_option("o", "v", "c"),
        fault::format_differs(place, "csv", "xlsx"),
        fault::not_found(place, "p"),
        fault::io(place, &io::Error::other("r")),
        fault::empty(place),
        fault::damaged(place, "r"),
        fault::unknown_format(place),
        fault::unreadable_format(place, "PDF"),
        fault::html(place),
        fault::xml_spreadsheet(place),
        fault::encrypted(place),
        fault::unpacked_too_large(place, "p", 1 << 30),
        fault::ratio_too_high(place, "p", 200),
        fault::too_many_cells(place, 7, 100),
        fault::too_much_text(place, 1 << 28),
        fault::encoding_unknown(place, 9, 7),
        fault::record_too_long(place, 7, 1 << 24),
        fault::quote_open(place, 7),
        fault::duplicate_header(place, 7, "甲, 乙"),
        fault::header_encoding(place, 7, 9, "utf-8"),
        fault::reserved_header(place, 7, "_line"),
        fault::header_beyond_end(place, 7),
        fault::no_sheet(place, "s", "a, b"),
        fault::bad_workbook(place, "r"),
        fault::bad_parquet(place, "r"),
        fault::bad_json_lines(place, 7, "3"),
    ]
}

fn notices(place: &Place) -> Vec<Notice> {
    vec![
        Notice::other_format(place, "csv", "xlsx"),
        Notice::skipped(place, 2),
        Notice::unnamed(place, "#2"),
        Notice::blank_rows(place, 3),
        Notice::merged_rows(place, 4),
    ]
}

fn row_faults() -> Vec<RowFault> {
    vec![
        RowFault::columns(3, 4),
        RowFault::encoding(None, None, 5, "utf-8"),
        RowFault::syntax("{".to_owned(), 2),
        RowFault::cell_error("c".to_owned(), "#N/A".to_owned()),
    ]
}

/// Everything that can be said about a place: key and arguments.
fn sayings(place: &Place) -> Vec<(String, Vec<(String, String)>)> {
    let own =
        |args: Vec<(&'static str, String)>| args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut all: Vec<(String, Vec<(String, String)>)> =
        refusals(place).into_iter().map(|error| (error.key, error.args)).collect();
    all.extend(notices(place).into_iter().map(|notice| (notice.key.to_owned(), own(notice.args))));
    all.extend(
        row_faults().into_iter().map(|fault| (format!("file-rule-{}", fault.rule.replace('.', "-")), own(fault.args))),
    );
    all
}

fn bundle(language: &str, source: &str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = language.parse().unwrap();
    let mut bundle = FluentBundle::new(vec![language]);
    bundle.set_use_isolating(false);
    bundle.add_resource(FluentResource::try_new(source.to_owned()).unwrap()).unwrap();
    bundle
}

#[test]
fn every_saying_has_a_whole_text_in_both_languages() {
    let file = Place::file("成绩.csv");
    for (language, source) in CATALOGUE {
        let bundle = bundle(language, source);
        for (key, args) in sayings(&file).into_iter().chain(sayings(&file.sheet("表一"))) {
            let message = bundle.get_message(&key).unwrap_or_else(|| panic!("{language}: no {key}"));
            let mut errors = Vec::new();
            let args = FluentArgs::from_iter(args);
            let text = bundle.format_pattern(message.value().unwrap(), Some(&args), &mut errors);
            assert!(errors.is_empty(), "{language} {key}: {errors:?}");
            assert_eq!(text.is_ascii() || !text.contains('。'), language == "en", "{language} {key}: {text}");
        }
    }
}

#[test]
fn the_place_names_file_and_sheet() {
    let bundle = bundle("zh-CN", CATALOGUE[0].1);
    let error = fault::empty(&Place::file("成绩.xlsx").sheet("表一"));
    let args = FluentArgs::from_iter(error.args);
    let pattern = bundle.get_message(&error.key).and_then(|message| message.value()).unwrap();
    let text = bundle.format_pattern(pattern, Some(&args), &mut Vec::new());
    assert_eq!(text, "文件“成绩.xlsx”的工作表“表一”是空的，没有任何内容。请确认导出是否成功，重新导出后再导入。");
}

#[test]
fn no_text_is_left_over_and_none_missing() {
    let said: BTreeSet<String> = sayings(&Place::file("a")).into_iter().map(|(key, _)| key).collect();
    for (language, source) in CATALOGUE {
        let there: BTreeSet<String> = source
            .lines()
            .filter_map(|line| line.split_once(" = ").map(|(key, _)| key.to_owned()))
            .filter(|key| key.starts_with("file-") && key != "file-place")
            .collect();
        assert_eq!(there, said, "{language}");
    }
}
