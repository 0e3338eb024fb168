//! The packs that ship compile together, and each layer may be absent or off.

use crate::{Engine, EngineFault};
use std::path::Path;
use zhengai_model::layer::Layer;
use zhengai_model::pack::{Definitions, Pack, parse_pack};
use zhengai_model::period::Calendar;

fn texts(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        let of_pack = ["datasets", "indicators", "rules", "policy", "cycles"].contains(&name.as_str());
        if path.is_dir() && (of_pack || !prefix.is_empty()) {
            texts(&path, &format!("{name}/"), found);
        } else if name == "plugin.toml" || (!prefix.is_empty() && name.ends_with(".toml")) {
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn pack(layer: Layer) -> Pack {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/layers").join(layer.as_str());
    let mut files = Vec::new();
    texts(&root, "", &mut files);
    parse_pack(&files).unwrap()
}

fn compile(layers: &[Layer]) -> Result<crate::Compiled, Vec<EngineFault>> {
    let definitions = Definitions::merge(layers.iter().copied().map(pack), []).unwrap();
    Engine::compile(&definitions, &Calendar::from_toml("").unwrap())
}

#[test]
fn all_layers_together_compile() {
    let faults = compile(&Layer::ALL).err().unwrap_or_default();
    let told: Vec<String> = faults.iter().map(|fault| format!("{fault}")).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn each_layer_may_be_absent() {
    for absent in Layer::ALL {
        let rest: Vec<Layer> = Layer::ALL.into_iter().filter(|layer| *layer != absent).collect();
        let faults = compile(&rest).err().unwrap_or_default();
        let told: Vec<String> = faults.iter().map(|fault| format!("{fault}")).collect();
        assert!(told.is_empty(), "without {absent}: {}", told.join("\n"));
    }
}
