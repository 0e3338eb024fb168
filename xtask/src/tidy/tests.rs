//! Each rule shown a tree in which it must fail, and its nearest neighbour in which it must not.

use super::{Fault, Tree, check};

/// Asserts that the tree breaks exactly the rules named, in order of place.
fn broken(files: &[(&str, &str)], rules: &[&str]) {
    let faults = check(&Tree::of(files));
    let found: Vec<&str> = faults.iter().map(|fault: &Fault| fault.rule).collect();
    assert_eq!(found, rules, "{faults:#?}");
}

const PACKAGE: &str = "[lints]\nworkspace = true\n[package]\nname = \"NAME\"\n";

fn manifest(name: &str, rest: &str) -> String {
    format!("{}{rest}", PACKAGE.replace("NAME", name))
}

#[test]
fn an_arrow_up_the_list_is_found_and_one_down_is_not() {
    let up = manifest("zhengai-model", "[dependencies]\nzhengai-store.workspace = true\n");
    broken(&[("core/model/Cargo.toml", &up)], &["arrow"]);
    let down = manifest("zhengai-store", "[dependencies]\nzhengai-model.workspace = true\n");
    broken(&[("core/store/Cargo.toml", &down)], &[]);
}

#[test]
fn a_new_crate_of_ours_has_no_arrows_until_it_is_listed() {
    let new = manifest("zhengai-extra", "[dependencies]\nzhengai-model.workspace = true\n");
    broken(&[("core/extra/Cargo.toml", &new)], &["arrow"]);
}

#[test]
fn a_heavy_crate_outside_its_room_is_found_even_for_tests() {
    let manifest = manifest("zhengai-service", "[dev-dependencies]\nsqlx.workspace = true\n");
    broken(&[("core/service/Cargo.toml", &manifest)], &["room"]);
}

#[test]
fn a_version_outside_the_one_table_and_missing_lints_are_found() {
    let manifest = "[package]\nname = \"zhengai-model\"\n[dependencies]\nserde = \"1\"\n";
    broken(&[("core/model/Cargo.toml", manifest)], &["lints", "one-table"]);
}

#[test]
fn two_versions_of_arrow_are_found() {
    let lock = "[[package]]\nname = \"arrow\"\nversion = \"59\"\n[[package]]\nname = \"arrow\"\nversion = \"60\"\n";
    broken(&[("Cargo.lock", lock)], &["one-version"]);
}

#[test]
fn a_file_without_header_is_found() {
    broken(&[("core/model/src/a.rs", "use std::fmt;\n")], &["header"]);
    broken(&[("core/model/src/a.rs", "//! For this.\nuse std::fmt;\n")], &[]);
}

#[test]
fn eight_hundred_and_one_lines_are_too_many_but_tests_do_not_count() {
    let long = format!("//! Long.\n{}", "// line\n".repeat(800));
    broken(&[("core/model/src/a.rs", &long)], &["length"]);
    let tested =
        format!("//! Long.\n{}#[cfg(test)]\nmod tests {{\n{}}}\n", "// line\n".repeat(700), "// t\n".repeat(300));
    broken(&[("core/model/src/a.rs", &tested)], &[]);
}

#[test]
fn unsafe_outside_its_rooms_is_found_and_the_word_in_text_is_not() {
    broken(&[("core/engine/src/a.rs", "//! A.\nunsafe fn f() {}\n")], &["unsafe"]);
    broken(&[("core/host/src/a.rs", "//! A.\nunsafe fn f() {}\n")], &[]);
    broken(&[("core/engine/src/a.rs", "//! A.\n// unsafe is not used\nconst T: &str = \"unsafe\";\n")], &[]);
}

#[test]
fn a_name_of_another_room_is_found() {
    broken(&[("core/service/src/a.rs", "//! A.\nuse datafusion::prelude::SessionContext;\n")], &["room"]);
    broken(&[("core/service/src/a.rs", "//! A.\nuse sqlx::Row;\n")], &["room"]);
    broken(&[("core/engine/src/a.rs", "//! A.\nuse datafusion::prelude::SessionContext;\n")], &[]);
}

#[test]
fn unfinished_marks_are_found() {
    broken(&[("core/model/src/a.rs", "//! A.\nfn f() { todo!() }\n")], &["mark"]);
    broken(&[("core/model/src/a.rs", "//! A.\n#[ignore]\nfn f() {}\n")], &["mark"]);
}

#[test]
fn a_key_missing_in_one_language_or_with_other_arguments_is_found() {
    let chinese = "greet = 你好，{ $name }\n";
    broken(&[("core/model/locales/zh-CN.ftl", chinese), ("core/model/locales/en.ftl", "")], &["catalogue"]);
    let other = "greet = Hello, { $who }\n";
    let found = check(&Tree::of(&[("core/model/locales/zh-CN.ftl", chinese), ("core/model/locales/en.ftl", other)]));
    assert_eq!(found.len(), 2, "{found:#?}");
    let same = "greet = Hello, { $name }\n";
    broken(&[("core/model/locales/zh-CN.ftl", chinese), ("core/model/locales/en.ftl", same)], &[]);
}

#[test]
fn a_name_that_comes_in_both_languages_is_one_argument() {
    let chinese = "rule = { $zh }（{ $check }）\n";
    let twin = |text| [("core/model/locales/zh-CN.ftl", chinese), ("core/model/locales/en.ftl", text)];
    broken(&twin("rule = { $en } ({ $check })\n"), &[]);
    broken(&twin("rule = { $check }\n"), &["catalogue", "catalogue"]);
}

#[test]
fn a_folder_whose_name_holds_the_name_of_a_language_has_its_twin() {
    let text = "greet = x\n";
    for folder in ["core/engine", "plugins/layers/student"] {
        let (chinese, english) = (format!("{folder}/locales/zh-CN.ftl"), format!("{folder}/locales/en.ftl"));
        broken(&[(&chinese, text), (&english, text)], &[]);
    }
}

#[test]
fn a_key_that_no_catalogue_has_is_found() {
    let code = "//! A.\nfn f() -> Message { Message::new(\"nowhere\") }\n";
    broken(&[("core/model/src/a.rs", code)], &["catalogue"]);
}
