//! The training college from an empty folder to its runs, held against its answer key.

use crate::harness::College;

#[test]
fn the_same_seed_makes_the_same_files() {
    let college = College::nowhere();
    for folder in ["one", "two"] {
        let to = college.path(folder);
        college.run(&["demo", "--students", "300", "--seed", "7", "--files-only", &to.to_string_lossy()]).good();
    }
    let manifest = |folder: &str| std::fs::read(college.path(folder).join("manifest.toml")).expect("a manifest");
    let key = |folder: &str| std::fs::read(college.path(folder).join("answer-key.json")).expect("an answer key");
    assert_eq!(manifest("one"), manifest("two"));
    assert_eq!(key("one"), key("two"));
}
