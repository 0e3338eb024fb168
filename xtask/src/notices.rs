//! The notices of everything that is linked into what `dist` ships: each package with its licence, and every licence
//! text that packages bring, once.

use crate::tools;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Names of files that hold licences and notices begin so.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// What `cargo metadata` says, as far as it is needed here.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_default_members: Vec<String>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Debug, Clone, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

/// `kind` is NULL for what is linked, otherwise `build` or `dev`.
#[derive(Debug, Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// The notices as one text.
pub fn collect() -> Result<String> {
    let platform = tools::host_platform()?;
    let words = ["metadata", "--format-version", "1", "--locked", "--filter-platform", &platform];
    let metadata: Metadata =
        serde_json::from_str(&tools::cargo_output(&words)?).context("cargo metadata says something unexpected")?;
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut list = String::new();
    for package in linked(&metadata) {
        let called = format!("{} {}", package.name, package.version);
        let licence = package.license.as_deref().unwrap_or("see its licence file");
        let found = licence_texts(&package.manifest_path)?;
        write!(list, "{called}: {licence}")?;
        if let Some(repository) = &package.repository {
            write!(list, " ({repository})")?;
        }
        if found.is_empty() {
            write!(list, " [the package brings no licence file]")?;
        }
        list.push('\n');
        for text in found {
            texts.entry(text).or_default().insert(called.clone());
        }
    }
    let mut notices = String::from(
        "Third-party software in this distribution of zhengai.\n\
         Where a package offers a choice of licences, zhengai takes the permissive one. The source of each package, unchanged,\n\
         is at the address beside its name and on crates.io.\n\n",
    );
    notices.push_str(&list);
    for (text, packages) in texts {
        let names: Vec<&str> = packages.iter().map(String::as_str).collect();
        write!(notices, "\n{}\n{}\n\n{}\n", "=".repeat(100), names.join(", "), text.trim_end())?;
    }
    Ok(notices)
}

/// Foreign packages that are linked into the default members, by name and version.
fn linked(metadata: &Metadata) -> Vec<Package> {
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = metadata.workspace_default_members.iter().map(String::as_str).collect();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let dependencies = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
        let links = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
        waiting.extend(dependencies.iter().filter(links).map(|dependency| dependency.pkg.as_str()));
    }
    let own = |package: &&Package| metadata.workspace_members.contains(&package.id);
    let mut packages: Vec<Package> = metadata
        .packages
        .iter()
        .filter(|package| seen.contains(package.id.as_str()) && !own(package))
        .cloned()
        .collect();
    packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    packages
}

/// Texts of the licence files beside a manifest.
fn licence_texts(manifest: &Path) -> Result<Vec<String>> {
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let mut texts = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
        if path.is_file() && NAMES.iter().any(|known| name.starts_with(known)) {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.push(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
    texts.sort();
    texts.dedup();
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::{Metadata, linked};

    const METADATA: &str = r#"{
        "workspace_default_members": ["app"],
        "workspace_members": ["app", "model"],
        "packages": [
            {"id": "app", "name": "app", "version": "1.0.0", "manifest_path": "a"},
            {"id": "model", "name": "model", "version": "1.0.0", "manifest_path": "m"},
            {"id": "ring", "name": "ring", "version": "0.17.0", "manifest_path": "r"},
            {"id": "cc", "name": "cc", "version": "1.0.0", "manifest_path": "c"},
            {"id": "proptest", "name": "proptest", "version": "1.0.0", "manifest_path": "p"}
        ],
        "resolve": {"nodes": [
            {"id": "app", "deps": [{"pkg": "model", "dep_kinds": [{"kind": null}]}, {"pkg": "proptest", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "model", "deps": [{"pkg": "ring", "dep_kinds": [{"kind": "dev"}, {"kind": null}]}]},
            {"id": "ring", "deps": [{"pkg": "cc", "dep_kinds": [{"kind": "build"}]}]}
        ]}
    }"#;

    #[test]
    fn what_is_linked_is_named_and_what_only_builds_or_tests_is_not() {
        let metadata: Metadata = serde_json::from_str(METADATA).expect("metadata");
        let names: Vec<String> = linked(&metadata).into_iter().map(|package| package.name).collect();
        assert_eq!(names, ["ring"]);
    }
}
