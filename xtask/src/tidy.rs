//! `cargo xtask tidy`: the invariants of `ARCHITECTURE.md` that a compiler does not check. Every rule reads a [`Tree`],
//! so that its own tests can show it a tree in which it must fail.

mod catalogues;
mod manifests;
mod sources;
#[cfg(test)]
mod tests;

use crate::tools;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The files of the checkout that rules look at: path with `/` → text.
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// One broken rule: where, and what to do.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// `path` or `path:line`.
    pub place: String,
    /// Rule id.
    pub rule: &'static str,
    /// What is wrong and what to do.
    pub text: String,
}

impl Tree {
    /// Reads what git tracks or would track.
    pub fn read(root: &Path) -> Result<Self> {
        let listed = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .output()
            .context("cannot start git")?;
        if !listed.status.success() {
            bail!("git ls-files failed in {}", root.display());
        }
        let mut files = BTreeMap::new();
        for path in String::from_utf8(listed.stdout)?.split('\0') {
            let wanted = [".rs", ".toml", ".ftl", ".lock"].iter().any(|end| path.ends_with(end));
            if wanted && let Ok(text) = std::fs::read_to_string(root.join(path)) {
                files.insert(path.to_owned(), text);
            }
        }
        Ok(Self { files })
    }

    /// A tree made of the files given.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Files whose path ends so.
    pub fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(end))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// All rules over one tree.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(manifests::arrows(tree));
    faults.extend(manifests::rooms(tree));
    faults.extend(manifests::inheritance(tree));
    faults.extend(manifests::one_version(tree));
    faults.extend(sources::headers(tree));
    faults.extend(sources::lengths(tree));
    faults.extend(sources::unsafe_code(tree));
    faults.extend(sources::foreign_names(tree));
    faults.extend(sources::marks(tree));
    faults.extend(catalogues::both_languages(tree));
    faults.extend(catalogues::keys_exist(tree));
    faults.sort();
    faults
}

/// Checks the checkout and fails when a rule is broken.
pub fn run() -> Result<()> {
    eprintln!("==> tidy");
    let faults = check(&Tree::read(&tools::root())?);
    for fault in &faults {
        eprintln!("{}: {} [{}]", fault.place, fault.text, fault.rule);
    }
    if !faults.is_empty() {
        bail!("tidy: {} rules broken", faults.len());
    }
    Ok(())
}
