//! The layer packs of this tree parse and, put together, agree with each other.

#![allow(clippy::panic, reason = "a test that cannot go on says why")]

use std::path::{Path, PathBuf};
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Definitions, Pack, PackFault, parse_pack};

fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read_to_string(&path).expect("UTF-8 text")));
        }
    }
}

fn tell(faults: &[PackFault]) -> String {
    let line = |fault: &PackFault| {
        let args: Vec<String> = fault.message.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{}:{}:{} {} {}", fault.file, fault.line, fault.column, fault.message.key, args.join(" "))
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn pack(folder: &Path) -> Pack {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    // Calendar, sample settings and examples lie beside the pack of the configuration folder, not in it.
    if folder.ends_with("config") {
        let of_the_pack =
            |path: &str| path == "pack.toml" || path.starts_with("policy/") || path.starts_with("cycles/");
        files.retain(|(path, _)| of_the_pack(path));
    }
    parse_pack(&files).unwrap_or_else(|faults| panic!("{}\n{}", folder.display(), tell(&faults)))
}

fn all() -> Vec<Pack> {
    let mut packs: Vec<Pack> =
        Layer::ALL.iter().map(|layer| pack(&tree().join("plugins/layers").join(layer.as_str()))).collect();
    packs.push(pack(&tree().join("config")));
    packs
}

#[test]
fn five_layers_and_the_configuration_agree() {
    let definitions = Definitions::merge(all(), []).unwrap_or_else(|faults| panic!("{}", tell(&faults)));
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let faults = definitions.check(today);
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), tell(&faults));
}
