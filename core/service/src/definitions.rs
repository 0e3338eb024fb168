//! Definitions in force: packs of layer plugins, policy of the home folder, user packs, and what users published.

use crate::college::Opening;
use crate::error::ServiceError;
use crate::plugins::Plugins;
use std::path::Path;
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::PluginId;
use zhengai_model::indicator::Indicator;
use zhengai_model::pack::{Definitions, Manifest, Pack, PackFault, parse_pack};
use zhengai_model::period::Calendar;
use zhengai_model::text::Names;
use zhengai_store::{Record, ThresholdFilter};

/// Reads all TOML files of a pack folder: `(path within the pack, text)`.
pub(crate) fn pack_files(folder: &Path) -> Result<Vec<(String, String)>, ServiceError> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        let io = |source| ServiceError::Io { path: at.clone(), source };
        for entry in std::fs::read_dir(&at).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") {
                let text =
                    std::fs::read_to_string(&path).map_err(|source| ServiceError::Io { path: path.clone(), source })?;
                let within = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push((within, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The calendar of the college, or the one that ships.
pub(crate) fn calendar(opening: &Opening) -> Result<Calendar, ServiceError> {
    let own = opening.data.calendar();
    let path = if own.is_file() { own } else { opening.home.config().join("calendar.toml") };
    let text = std::fs::read_to_string(&path).map_err(|source| ServiceError::Io { path: path.clone(), source })?;
    Calendar::from_toml(&text).map_err(|source| ServiceError::Calendar { path, source })
}

/// Puts everything together. A published indicator or a dataset that a user defined takes the place of the pack's.
pub(crate) async fn load(opening: &Opening, plugins: &Plugins, record: &Record) -> Result<Definitions, ServiceError> {
    let mut faults = Vec::new();
    let mut packs = plugins.packs(&mut faults);
    packs.extend(policy(&opening.home.config(), &mut faults)?);
    for folder in user_folders(opening)? {
        packs.extend(folder_pack(&folder, &mut faults)?);
    }
    let published: Vec<Indicator> = record.indicator_list().await?.into_iter().map(|version| version.body).collect();
    let defined: Vec<Dataset> = record.dataset_list().await?.into_iter().map(|version| version.dataset).collect();
    for pack in &mut packs {
        pack.indicators.retain(|one| published.iter().all(|other| other.code != one.code));
        pack.datasets.retain(|one| defined.iter().all(|other| other.id != one.id));
    }
    packs.push(user_pack(published, defined)?);
    let mut definitions = Definitions::merge(packs, plugins.disabled_layers()).map_err(|more| {
        faults.extend(more);
        ServiceError::Packs { faults: std::mem::take(&mut faults) }
    })?;
    if !faults.is_empty() {
        return Err(ServiceError::Packs { faults });
    }
    let set = record.threshold_list(&ThresholdFilter::default()).await?;
    definitions.thresholds.extend(set.into_iter().map(|record| record.threshold));
    Ok(definitions)
}

/// User packs: folders dropped into the data directory, then those named on the command line.
fn user_folders(opening: &Opening) -> Result<Vec<std::path::PathBuf>, ServiceError> {
    let dropped = opening.data.packs();
    let mut folders = Vec::new();
    if dropped.is_dir() {
        let io = |source| ServiceError::Io { path: dropped.clone(), source };
        for entry in std::fs::read_dir(&dropped).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.is_dir() {
                folders.push(path);
            }
        }
        folders.sort();
    }
    folders.extend(opening.packs.iter().cloned());
    Ok(folders)
}

/// Policy that ships: the manifest, `policy/` and `cycles/` of the configuration folder. Calendar and examples beside
/// them are no part of the pack.
fn policy(config: &Path, faults: &mut Vec<PackFault>) -> Result<Option<Pack>, ServiceError> {
    let mut files = pack_files(config)?;
    files.retain(|(path, _)| path == "pack.toml" || path.starts_with("policy/") || path.starts_with("cycles/"));
    Ok(parsed(config, &files, faults))
}

fn folder_pack(folder: &Path, faults: &mut Vec<PackFault>) -> Result<Option<Pack>, ServiceError> {
    Ok(parsed(folder, &pack_files(folder)?, faults))
}

/// The pack, or its faults added to the others.
pub(crate) fn parsed(folder: &Path, files: &[(String, String)], faults: &mut Vec<PackFault>) -> Option<Pack> {
    match parse_pack(files) {
        Ok(pack) => Some(pack),
        Err(found) => {
            faults.extend(found.into_iter().map(|fault| within(folder, fault)));
            None
        }
    }
}

/// The same fault with the pack's folder before the file.
fn within(folder: &Path, mut fault: PackFault) -> PackFault {
    fault.file = folder.join(&fault.file).display().to_string();
    fault
}

/// What users published and defined, as one more pack.
fn user_pack(indicators: Vec<Indicator>, datasets: Vec<Dataset>) -> Result<Pack, ServiceError> {
    let id = PluginId::new("user").map_err(|error| ServiceError::Internal { what: error.to_string() })?;
    let manifest = Manifest::of_data(id, Names::new("用户定义", "User definitions"), "1.0.0");
    Ok(Pack { indicators, datasets, ..Pack::new(manifest) })
}
