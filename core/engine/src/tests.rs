//! Behaviour of the whole engine, as text files: definitions and rows in, values, verdicts, firings and gaps out.
//!
//! A case is a file of sections that begin with `=== `. `pack/<path>` is a file of a pack, `calendar` the calendar,
//! `rows <dataset>` the rows of a dataset with a header, `diagnose <period> <today> [key=value …]` a run, and `expect`
//! what it gives. Several pairs of `diagnose` and `expect` may follow each other.

mod case;
mod explain;
mod faults;
mod packs;

use case::Case;

/// Every case of the folder holds. A failing one tells its name and both texts.
#[test]
fn all_cases_hold() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut failures = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        for (found, expected) in Case::read(&text).run() {
            if found != expected {
                failures.push(format!("--- {name}\nexpected\n{expected}\nfound\n{found}"));
            }
        }
    }
    assert!(files.len() >= 10, "cases are missing");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
