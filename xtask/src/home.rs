//! The home folder: binary, plugins and configuration side by side, in the one layout that demo, tests and dist share.

use crate::tools;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Plugins that ship, by folder in the tree.
const PLUGINS: [&str; 6] = [
    "plugins/layers/school",
    "plugins/layers/major",
    "plugins/layers/course",
    "plugins/layers/teacher",
    "plugins/layers/student",
    "plugins/connectors/file",
];

/// What a pack folder may hold besides `plugin.toml` and the library.
const PACK_FOLDERS: [&str; 8] = ["datasets", "indicators", "rules", "policy", "cycles", "locales", "advice", "screens"];

/// Builds binary and plugin libraries with a profile and assembles the home folder at `into`.
pub fn build_and_assemble(profile: &str, into: &Path) -> Result<PathBuf> {
    tools::cargo(&["build", "--workspace", "--profile", profile])?;
    assemble(profile, into)
}

/// Assembles the home folder from what is built already; gives the binary's path.
pub fn assemble(profile: &str, into: &Path) -> Result<PathBuf> {
    let built = tools::target().join(if profile == "dev" { "debug" } else { profile });
    // A folder of an earlier run may lack or have other files: start from nothing, but only ever remove our own.
    if into.join("zhengai-home").exists() {
        fs::remove_dir_all(into).with_context(|| format!("cannot remove {}", into.display()))?;
    }
    fs::create_dir_all(into).with_context(|| format!("cannot make {}", into.display()))?;
    fs::write(into.join("zhengai-home"), "zhengai home folder: binary, plugins, config\n")?;
    let binary = into.join(format!("zhengai{}", std::env::consts::EXE_SUFFIX));
    copy(&built.join(format!("zhengai{}", std::env::consts::EXE_SUFFIX)), &binary)?;
    for folder in PLUGINS {
        plugin(&tools::root().join(folder), &built, into)?;
    }
    copy_tree(&tools::root().join("config"), &into.join("config"))?;
    copy_tree(&tools::root().join("migrations"), &into.join("migrations"))?;
    Ok(binary)
}

fn plugin(source: &Path, built: &Path, home: &Path) -> Result<()> {
    let manifest_path = source.join("plugin.toml");
    let text =
        fs::read_to_string(&manifest_path).with_context(|| format!("cannot read {}", manifest_path.display()))?;
    let manifest: toml::Table = text.parse().with_context(|| format!("{} is not TOML", manifest_path.display()))?;
    let id = manifest.get("id").and_then(toml::Value::as_str).context("plugin.toml without id")?;
    let target = home.join("plugins").join(id);
    fs::create_dir_all(&target)?;
    copy(&manifest_path, &target.join("plugin.toml"))?;
    for folder in PACK_FOLDERS {
        let from = source.join(folder);
        if from.is_dir() {
            copy_tree(&from, &target.join(folder))?;
        }
    }
    if let Some(library) = manifest.get("library").and_then(toml::Value::as_str) {
        let file = format!("{}{library}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        copy(&built.join(&file), &target.join(&file))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() { copy_tree(&entry.path(), &target)? } else { copy(&entry.path(), &target)? }
    }
    Ok(())
}
