//! A user pack of one dataset, one indicator and three rows: small enough that a diagnosis takes a second.

use crate::harness::{College, root};
use crate::samples::import;
use std::path::{Path, PathBuf};

/// One club above its target, one below its warning value, one that has not said.
pub const ROWS: &str = "社团编号,社团名称,人数\nC1,棋社,30\nC2,诗社,3\nC3,剧社,\n";

/// Puts the pack into a folder.
pub fn pack(to: &Path) -> PathBuf {
    let from = root().join("tests/flows/clubs");
    for file in ["pack.toml", "datasets/clubs.toml", "indicators/clubs.toml"] {
        let target = to.join(file);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        std::fs::copy(from.join(file), target).expect("a file of the pack");
    }
    to.to_owned()
}

/// A college with the pack dropped into its data directory and the rows imported.
pub fn college() -> College {
    let college = College::new();
    pack(&college.data().join("packs/clubs"));
    let file = college.file("clubs.csv", ROWS);
    import(&college, &file, "clubs", &[]).good();
    college
}

/// The same, diagnosed once: one warning, about the second club.
pub fn diagnosed() -> College {
    let college = college();
    college.run(&["diagnose", "--period", "CY2025", "--layer", "school"]).good();
    college
}
