//! Which value is in force, and what is refused.

use super::{Config, Origin};
use crate::error::ServiceError;
use crate::text::texts;
use std::collections::BTreeMap;
use zhengai_model::text::Language;

fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, ServiceError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("zhengai.toml");
    std::fs::write(&path, file).expect("a file");
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    Config::load(&path, &pairs(environment).into_iter().collect::<BTreeMap<_, _>>(), &pairs(flags))
}

fn origin(config: &Config, key: &str) -> (String, Origin) {
    let found = config.explain().into_iter().find(|line| line.key == key).expect("a known key");
    (found.value, found.origin)
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
    let key = "import.review";
    let file = "[import]\nreview = \"hold\"\n";
    let environment = [("ZHENGAI_IMPORT_REVIEW", "auto")];
    let of = |file, environment: &[_], flags: &[_]| origin(&load(file, environment, flags).expect("valid"), key);
    assert_eq!(of("", &[], &[]), ("auto".to_owned(), Origin::Default));
    assert_eq!(of(file, &[], &[]), ("hold".to_owned(), Origin::File));
    assert_eq!(of(file, &environment, &[]), ("auto".to_owned(), Origin::Environment));
    assert_eq!(of(file, &environment, &[(key, "hold")]), ("hold".to_owned(), Origin::Flag));
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let refused = load("[import]\nreviw = \"hold\"\n", &[], &[]);
    assert!(matches!(refused, Err(ServiceError::BadFile { line: 2, column: 1, .. })), "{refused:?}");
    let refused = load("", &[], &[("import.reviw", "hold")]);
    assert!(matches!(refused, Err(ServiceError::UnknownSetting { .. })), "{refused:?}");
}

#[test]
fn an_impossible_value_is_refused_wherever_it_comes_from() {
    for refused in [
        load("[import]\nmax_delete_share = \"1.5\"\n", &[], &[]),
        load("", &[("ZHENGAI_LANGUAGE", "fr")], &[]),
        load("", &[], &[("import.max_cells", "0")]),
    ] {
        assert!(matches!(refused, Err(ServiceError::BadSetting { .. })), "{refused:?}");
    }
}

#[test]
fn the_password_of_a_record_is_shown_neither_when_it_is_right_nor_when_it_is_wrong() {
    let good = load("[record]\nurl = \"postgres://u:geheim@h/d\"\n", &[], &[]).expect("an address");
    assert_eq!(good.record_url(), "postgres://u:geheim@h/d");
    assert_eq!(origin(&good, "record.url"), ("postgres://u@h/d".to_owned(), Origin::File));
    for bad in ["postgres://u:geheim@h", "mysql://u:geheim@h/d", "u:geheim@h/d"] {
        let refused = load("", &[("ZHENGAI_RECORD_URL", bad)], &[]).expect_err("no address");
        assert!(matches!(&refused, ServiceError::BadSetting { value, .. } if !value.contains("geheim")), "{refused:?}");
    }
}

#[test]
fn the_sample_in_the_tree_is_the_one_that_is_printed() {
    let sample = Config::sample(&texts(Language::Chinese));
    assert_eq!(
        sample,
        include_str!("../../../../config/zhengai.sample.toml"),
        "run `zhengai --lang zh-CN config sample`"
    );
}

#[test]
fn the_sample_is_a_valid_file_when_every_comment_mark_before_a_key_is_taken_away() {
    let sample = Config::sample(&texts(Language::English));
    let lines: Vec<String> = sample
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") => rest.to_owned(),
            _ => line.to_owned(),
        })
        .collect();
    assert!(load(&lines.join("\n"), &[], &[]).is_ok(), "{lines:?}");
}
