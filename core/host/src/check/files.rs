//! What can be said of a plugin without running it: manifest, definitions, catalogues, library, hashes.

use super::report::{Check, Group, Outcome};
use super::{Settings, fixtures::Fixtures};
use crate::found::Found;
use object::elf::{DT_RPATH, DT_RUNPATH, ET_DYN};
use object::read::elf::{ElfFile64, FileHeader};
use object::{Endianness, Object, ObjectSymbol};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zhengai_model::fault::Explain;
use zhengai_model::pack::{PluginKind, parse_pack};
use zhengai_model::text::Message;
use zhengai_plugin_abi::ZG_ENTRY;

/// A library of this system.
type Library<'data> = ElfFile64<'data, Endianness, &'data [u8]>;

/// Symbols that linkers export on their own.
const OF_LINKERS: [&str; 6] = ["_init", "_fini", "_edata", "_end", "__bss_start", "_ITM_deregisterTMCloneTable"];

/// Runs the static checks; the plugin, when it can be gone on with.
pub(super) fn check(dir: &Path, settings: &Settings, checks: &mut Vec<Check>) -> Option<Found> {
    let mut put = |id, outcome| checks.push(Check::new(id, Group::Static, outcome));
    let found = match super::open(dir, settings.library.as_deref()) {
        Ok(found) => found,
        Err(error) => {
            put("static.manifest", Outcome::Fail(error.message()));
            return None;
        }
    };
    put("static.manifest", Outcome::GOOD);
    put("static.definitions", definitions(&found));
    put("static.catalogues", catalogues(&found));
    put("static.fixtures", fixtures(&found));
    put("static.signature", signature(&found));
    let Some(path) = &found.library else {
        let reason = Message::new("check-why-no-library").with("plugin", found.id());
        put("static.library", Outcome::Skip(reason));
        return Some(found);
    };
    let bytes = std::fs::read(path);
    let elf = match bytes.as_deref().map(Library::parse) {
        Ok(Ok(elf)) if elf.elf_header().e_type(elf.endian()) == ET_DYN => elf,
        Err(_) => {
            put(
                "static.library",
                Outcome::Fail(Message::new("check-why-library-missing").with("path", path.display())),
            );
            return None;
        }
        // Another system's libraries cannot be looked into; whether they work is seen when they are opened.
        Ok(_) if !cfg!(target_os = "linux") => {
            put("static.library", Outcome::Skip(Message::new("check-why-other-system")));
            return Some(found);
        }
        Ok(_) => {
            put("static.library", Outcome::Fail(Message::new("check-why-not-elf").with("path", path.display())));
            return None;
        }
    };
    put("static.library", machine(&elf, path));
    put("static.exports", exports(&elf));
    put("static.search", search(&elf));
    Some(found)
}

fn definitions(found: &Found) -> Outcome {
    match parse_pack(&found.files) {
        Ok(_) => Outcome::GOOD,
        Err(faults) => match faults.first() {
            Some(first) => Outcome::Fail(
                Message::new("check-why-definitions")
                    .with("count", faults.len())
                    .with("file", &first.file)
                    .with("line", first.line)
                    .with("column", first.column)
                    .with("key", &first.message.key),
            ),
            None => Outcome::GOOD,
        },
    }
}

/// Both languages, the same keys.
fn catalogues(found: &Found) -> Outcome {
    let keys: BTreeMap<&str, Vec<&str>> = found
        .locales
        .iter()
        .map(|(tag, source)| {
            let keys = source.lines().filter(|line| line.starts_with(|one: char| one.is_ascii_alphabetic()));
            let mut keys: Vec<&str> = keys.filter_map(|line| Some(line.split_once('=')?.0.trim())).collect();
            keys.sort_unstable();
            (tag.as_str(), keys)
        })
        .collect();
    if keys.is_empty() {
        return Outcome::Skip(Message::new("check-why-no-catalogues"));
    }
    let (chinese, english) = (keys.get("zh-CN"), keys.get("en"));
    let (Some(chinese), Some(english)) = (chinese, english) else {
        return Outcome::Fail(Message::new("check-why-one-language"));
    };
    let lone = chinese.iter().find(|key| !english.contains(key)).or(english.iter().find(|key| !chinese.contains(key)));
    match lone {
        Some(key) => Outcome::Fail(Message::new("check-why-lone-key").with("key", key)),
        None => Outcome::GOOD,
    }
}

fn fixtures(found: &Found) -> Outcome {
    let (fixtures, faults) = Fixtures::read(&found.dir, Path::new("scratch"));
    if let Some((place, reason)) = faults.first() {
        return Outcome::Fail(Message::new("check-why-fixture").with("file", place).with("reason", reason));
    }
    match found.manifest.kind {
        PluginKind::Connector | PluginKind::Notifier if fixtures.good.is_empty() => {
            Outcome::Skip(Message::new("check-why-no-fixtures"))
        }
        _ => Outcome::GOOD,
    }
}

/// A signature that is there must be of these files; whose it is, only a college can say.
fn signature(found: &Found) -> Outcome {
    match crate::signing::Signature::of(found) {
        Ok(None) => Outcome::Skip(Message::new("check-why-not-signed")),
        Ok(Some(signature)) => Outcome::Pass(Some(Message::new("check-note-signed").with("key", signature.key_id()))),
        Err(error) => Outcome::Fail(error.message()),
    }
}

fn machine(elf: &Library<'_>, path: &Path) -> Outcome {
    let built = format!("{:?}", elf.architecture()).to_lowercase();
    let ours = std::env::consts::ARCH.replace('_', "");
    if built.replace('_', "") == ours {
        Outcome::GOOD
    } else {
        let message = Message::new("check-why-other-machine").with("path", path.display());
        Outcome::Fail(message.with("built", built).with("ours", ours))
    }
}

fn exports(elf: &Library<'_>) -> Outcome {
    let names = elf.dynamic_symbols().filter(|symbol| symbol.is_definition() && !symbol.is_local());
    let names: Vec<&str> = names.filter_map(|symbol| symbol.name().ok()).collect();
    let entry = ZG_ENTRY;
    if !names.contains(&entry) {
        return Outcome::Fail(Message::new("check-why-no-entry"));
    }
    let others: Vec<&str> =
        names.into_iter().filter(|name| *name != entry && !OF_LINKERS.contains(name) && !name.is_empty()).collect();
    if others.is_empty() {
        return Outcome::GOOD;
    }
    let some = others.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    Outcome::Fail(Message::new("check-why-exports").with("count", others.len()).with("names", some))
}

/// A library finds its libraries where the system has them, or beside itself.
fn search(elf: &Library<'_>) -> Outcome {
    let Ok(table) = elf.elf_dynamic_table() else { return Outcome::GOOD };
    for entry in table.iter() {
        if entry.tag != DT_RPATH && entry.tag != DT_RUNPATH {
            continue;
        }
        let paths = table.string(entry).map(String::from_utf8_lossy).unwrap_or_default();
        if let Some(odd) = paths.split(':').find(|path| !path.starts_with("$ORIGIN") || path.contains("..")) {
            return Outcome::Fail(Message::new("check-why-search").with("path", odd));
        }
    }
    Outcome::GOOD
}

/// The newest build of a library below the plugin's folder: `target/release` or `target/debug`.
pub(super) fn newest_build(dir: &Path, library: &Path) -> Option<PathBuf> {
    let name = library.file_name()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| dir.join("target"), PathBuf::from);
    let built = ["release", "debug"].into_iter().map(|profile| target.join(profile).join(name));
    built
        .filter_map(|path| Some((std::fs::metadata(&path).ok()?.modified().ok()?, path)))
        .max_by_key(|(at, _)| *at)
        .map(|(_, path)| path)
}
