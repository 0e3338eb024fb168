//! Plugins on disk: found, read and hashed without running any of their code.

use crate::HostError;
use crate::error::ManifestRule;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use zhengai_model::ids::PluginId;
use zhengai_model::pack::{Manifest, PluginKind, parse_pack};
use zhengai_plugin_abi::ZG_ABI_MAJOR;

/// No definition file is larger; what is, is data in the wrong place.
const FILE_LIMIT: u64 = 16 * 1024 * 1024;
/// Folders inside a pack are at most this deep.
const DEPTH_LIMIT: usize = 4;
/// Folders of a pack that hold no definitions.
const NOT_DEFINITIONS: [&str; 4] = ["src", "tests", "target", "locales"];

/// A plugin on disk. Nothing of it has run.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its folder.
    pub dir: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// Every TOML file of the pack: path within the folder with `/`, and text; sorted by path.
    pub files: Vec<(String, String)>,
    /// Its catalogues: language tag and Fluent source; sorted by tag.
    pub locales: Vec<(String, String)>,
    /// Where its library is, or should be; `None` for a pack of data only.
    pub library: Option<PathBuf>,
    /// SHA-256 of the library, lower-case hexadecimal; `None` without a library or where it is missing.
    pub sha256: Option<String>,
    /// SHA-256 over the list of files and catalogues with their contents.
    pub files_sha256: String,
}

/// The hashes that were accepted for a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Of its library; `None` when it had none.
    pub library: Option<String>,
    /// Of its files; `None` pins the library alone.
    pub files: Option<String>,
}

/// What a look through folders gave.
#[derive(Debug, Default)]
pub struct Scan {
    /// Plugins, sorted by id.
    pub found: Vec<Found>,
    /// Folders that are not, each with the reason. They keep no other plugin from being found.
    pub refused: Vec<HostError>,
}

/// Looks through folders of plugins: each folder inside one of them is a plugin. A folder that does not exist is empty.
/// Where an id is there twice, the earlier folder counts.
#[must_use]
pub fn scan(dirs: &[PathBuf]) -> Scan {
    let mut scan = Scan::default();
    let mut found: BTreeMap<PluginId, Found> = BTreeMap::new();
    for dir in dirs {
        let inside = match folders_in(dir) {
            Ok(inside) => inside,
            Err(error) => {
                scan.refused.push(error);
                continue;
            }
        };
        for plugin_dir in inside {
            match Found::open(&plugin_dir) {
                Err(error) => scan.refused.push(error),
                Ok(plugin) => match found.get(&plugin.manifest.id) {
                    Some(first) => scan.refused.push(HostError::Twice {
                        plugin: plugin.manifest.id.clone(),
                        first: first.dir.clone(),
                        second: plugin.dir,
                    }),
                    None => {
                        found.insert(plugin.manifest.id.clone(), plugin);
                    }
                },
            }
        }
    }
    scan.found = found.into_values().collect();
    scan
}

fn folders_in(dir: &Path) -> Result<Vec<PathBuf>, HostError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut folders: Vec<PathBuf> = entries(dir)?.into_iter().filter(|path| path.is_dir()).collect();
    folders.retain(|path| !is_hidden(path));
    Ok(folders)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, HostError> {
    let unreadable = |source| HostError::File { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn is_hidden(path: &Path) -> bool {
    name_of(path).starts_with('.')
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Found {
    /// Reads one folder: manifest, definitions, catalogues, hashes. Runs nothing.
    pub fn open(dir: &Path) -> Result<Self, HostError> {
        let name = ["plugin.toml", "pack.toml"].into_iter().find(|name| dir.join(name).is_file());
        let name = name.ok_or_else(|| HostError::ManifestMissing { dir: dir.to_owned() })?;
        let manifest_path = dir.join(name);
        let text = text_of(&manifest_path)?;
        let manifest = parse_pack(&[(name.to_owned(), text)])
            .map_err(|faults| HostError::Manifest { dir: dir.to_owned(), faults })?
            .manifest;
        check_manifest(&manifest).map_err(|rule| HostError::Contradiction {
            manifest: manifest_path,
            plugin: manifest.id.clone(),
            rule,
        })?;
        check_abi(&manifest)?;

        let mut files = Vec::new();
        definitions(dir, "", DEPTH_LIMIT, &mut files)?;
        let locales = catalogues(&dir.join("locales"))?;
        let files_sha256 = hash_of_files(&files, &locales);
        let library = manifest.library.as_deref().map(|library| dir.join(library_file(library)));
        let sha256 = match &library {
            Some(path) if path.is_file() => Some(hash_of(path)?),
            _ => None,
        };
        Ok(Self { dir: dir.to_owned(), manifest, files, locales, library, sha256, files_sha256 })
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.manifest.id
    }

    /// The hashes as they are now, to be kept when somebody accepts the plugin.
    #[must_use]
    pub fn pin(&self) -> Pin {
        Pin { library: self.sha256.clone(), files: Some(self.files_sha256.clone()) }
    }

    /// Refuses a plugin that is not the accepted one.
    pub fn check_pin(&self, pin: &Pin) -> Result<(), HostError> {
        let changed = |what, expected: Option<&str>, found: Option<&str>| HostError::Changed {
            plugin: self.manifest.id.clone(),
            what,
            expected: expected.unwrap_or("-").to_owned(),
            found: found.unwrap_or("-").to_owned(),
        };
        if pin.library != self.sha256 {
            return Err(changed("library", pin.library.as_deref(), self.sha256.as_deref()));
        }
        match &pin.files {
            Some(files) if *files != self.files_sha256 => Err(changed("files", Some(files), Some(&self.files_sha256))),
            _ => Ok(()),
        }
    }

    /// Takes another file for the library: a build that was not yet put into the folder.
    pub(crate) fn put_library(&mut self, path: PathBuf) -> Result<(), HostError> {
        self.sha256 = Some(hash_of(&path)?);
        self.library = Some(path);
        Ok(())
    }

    /// SHA-256 of each file that belongs to the plugin, by its path within the folder: library, definitions, catalogues.
    #[must_use]
    pub fn hashes(&self) -> BTreeMap<String, String> {
        let text = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        let files = self.files.iter().map(|(path, content)| (path.clone(), text(content)));
        let locales = self.locales.iter().map(|(tag, content)| (format!("locales/{tag}.ftl"), text(content)));
        let library = self.library.as_deref().and_then(Path::file_name).zip(self.sha256.clone());
        let library = library.map(|(name, sha256)| (name.to_string_lossy().into_owned(), sha256));
        files.chain(locales).chain(library).collect()
    }

    /// The library and the hash that it had when it was found.
    pub(crate) fn library_with_hash(&self) -> Result<(&Path, &str), HostError> {
        let plugin = self.manifest.id.clone();
        let Some(path) = &self.library else { return Err(HostError::NoLibrary { plugin }) };
        match &self.sha256 {
            Some(sha256) if path.is_file() => Ok((path, sha256)),
            _ => Err(HostError::LibraryMissing { plugin, path: path.clone() }),
        }
    }

    /// The library, present and still the one that was found, and its hash.
    pub(crate) fn checked_library(&self) -> Result<(&Path, &str), HostError> {
        let (path, expected) = self.library_with_hash()?;
        let found = hash_of(path)?;
        if found != expected {
            let (plugin, expected) = (self.manifest.id.clone(), expected.to_owned());
            return Err(HostError::Changed { plugin, what: "library", expected, found });
        }
        Ok((path, expected))
    }
}

/// The file of a library on this system: `zhengai_layer_student` is `libzhengai_layer_student.so` on Linux.
fn library_file(name: &str) -> String {
    format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

fn check_manifest(manifest: &Manifest) -> Result<(), ManifestRule> {
    match &manifest.library {
        Some(name) => {
            let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
            if name.is_empty() || !name.chars().all(plain) {
                return Err(ManifestRule::LibraryName(name.clone()));
            }
            if manifest.abi.is_none() {
                return Err(ManifestRule::LibraryWithoutAbi);
            }
        }
        None => {
            let works = matches!(manifest.kind, PluginKind::Connector | PluginKind::Notifier);
            if works || !manifest.computed.is_empty() {
                return Err(ManifestRule::NeedsLibrary);
            }
        }
    }
    match &manifest.abi {
        Some(abi) if major_of(abi).is_none() => Err(ManifestRule::AbiUnreadable(abi.clone())),
        _ => Ok(()),
    }
}

fn check_abi(manifest: &Manifest) -> Result<(), HostError> {
    match &manifest.abi {
        Some(abi) if major_of(abi) != Some(ZG_ABI_MAJOR) => {
            Err(HostError::Abi { plugin: manifest.id.clone(), abi: abi.clone() })
        }
        _ => Ok(()),
    }
}

fn major_of(abi: &str) -> Option<u32> {
    let (major, minor) = abi.split_once('.')?;
    minor.parse::<u16>().ok()?;
    major.parse::<u16>().ok().map(u32::from)
}

fn definitions(dir: &Path, within: &str, depth: usize, files: &mut Vec<(String, String)>) -> Result<(), HostError> {
    for path in entries(dir)? {
        let name = name_of(&path);
        if is_hidden(&path) || (within.is_empty() && NOT_DEFINITIONS.contains(&name.as_str())) {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                definitions(&path, &format!("{within}{name}/"), depth - 1, files)?;
            }
        } else if name.ends_with(".toml") && name != "Cargo.toml" {
            files.push((format!("{within}{name}"), text_of(&path)?));
        }
    }
    if within.is_empty() {
        files.sort();
    }
    Ok(())
}

fn catalogues(dir: &Path) -> Result<Vec<(String, String)>, HostError> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for path in entries(dir)? {
        if let Some(tag) = name_of(&path).strip_suffix(".ftl") {
            found.push((tag.to_owned(), text_of(&path)?));
        }
    }
    Ok(found)
}

fn text_of(path: &Path) -> Result<String, HostError> {
    let unreadable = |source| HostError::File { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(HostError::TooLarge { path: path.to_owned(), limit: FILE_LIMIT });
    }
    let text = String::from_utf8(bytes).map_err(|_| HostError::NotText { path: path.to_owned() })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn hash_of(path: &Path) -> Result<String, HostError> {
    let unreadable = |source| HostError::File { path: path.to_owned(), source };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(unreadable)?;
        match buffer.get(..count) {
            Some(read) if count > 0 => hash.update(read),
            _ => return Ok(hex(&hash.finalize())),
        }
    }
}

/// Lengths stand before contents, so that no two lists of files share a hash by moving a byte from one to the next.
fn hash_of_files(files: &[(String, String)], locales: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    for (group, list) in [("files", files), ("locales", locales)] {
        for (name, text) in list {
            for part in [group, name, text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        }
    }
    hex(&hash.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}

#[cfg(test)]
mod tests;
