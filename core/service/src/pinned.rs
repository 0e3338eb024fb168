//! `plugins.lock` and `keys/`: which plugins a college has accepted, file by file, and whose signatures it believes.
//!
//! Without the lock an enabled plugin is held to the hash of its library alone. With it, no code of any plugin runs whose
//! library, definitions, interface version or capabilities are others than those in the lock.

use crate::college::College;
use crate::error::ServiceError;
use crate::plugins::PluginState;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use zhengai_host::signing::{TrustedKey, verify};
use zhengai_host::{Found, HostError};
use zhengai_model::rights::Right;
use zhengai_store::Note;

/// File of the lock within the data directory.
const LOCK: &str = "plugins.lock";
/// Folder of public keys within the data directory.
const KEYS: &str = "keys";

/// What was accepted of one plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Interface version; absent without a library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abi: Option<String>,
    /// What it may do.
    pub capabilities: Vec<String>,
    /// SHA-256 of each file, the library among them.
    pub files: BTreeMap<String, String>,
}

/// The lock of a college.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginLock {
    /// Accepted plugins, by id.
    #[serde(default, rename = "plugin")]
    pub plugins: Vec<Locked>,
}

/// One plugin against the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockDifference {
    /// Its id.
    pub id: String,
    /// What differs: names of files, `abi`, `capabilities`, or `new` and `gone` for the whole.
    pub what: Vec<String>,
}

impl Locked {
    /// A plugin as it is now.
    pub fn of(found: &Found) -> Self {
        Self {
            id: found.id().to_string(),
            version: found.manifest.version.clone(),
            abi: found.manifest.abi.clone(),
            capabilities: found.manifest.capabilities.clone(),
            files: found.hashes(),
        }
    }

    /// What differs between what was accepted and what is there.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut what: Vec<String> = Vec::new();
        if self.abi != now.abi {
            what.push("abi".to_owned());
        }
        if self.capabilities != now.capabilities {
            what.push("capabilities".to_owned());
        }
        let names = self.files.keys().chain(now.files.keys().filter(|name| !self.files.contains_key(*name)));
        what.extend(names.filter(|name| self.files.get(*name) != now.files.get(*name)).cloned());
        what
    }
}

impl PluginLock {
    /// The lock of a data directory, when there is one.
    pub fn read(data: &Path) -> Result<Option<Self>, ServiceError> {
        let path = data.join(LOCK);
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(|source| io(&path, source))?;
        let parsed = toml::from_str(&text).map_err(|error| {
            let (line, column) = zhengai_model::pack::place_of(&text, error.span().map_or(0, |span| span.start));
            ServiceError::BadFile { path, line, column, problem: error.message().to_owned() }
        })?;
        Ok(Some(parsed))
    }

    /// What of a plugin differs; nothing where it is as accepted.
    pub fn differences(&self, found: &Found) -> Vec<String> {
        match self.plugins.iter().find(|locked| locked.id == found.id().as_str()) {
            Some(locked) => locked.differences(&Locked::of(found)),
            None => vec!["new".to_owned()],
        }
    }

    /// Refuses a plugin that is not as accepted.
    pub(crate) fn check(&self, found: &Found) -> Result<(), ServiceError> {
        let what = self.differences(found);
        if what.is_empty() {
            return Ok(());
        }
        Err(ServiceError::NotLocked { plugin: found.id().to_string(), what: what.join(", ") })
    }

    fn write(&self, data: &Path) -> Result<(), ServiceError> {
        let path = data.join(LOCK);
        let text = toml::to_string_pretty(self).map_err(|error| ServiceError::Internal { what: error.to_string() })?;
        let text = format!("# Plugins that this college has accepted. Written by `zhengai plugin lock`.\n\n{text}");
        let draft = data.join(".plugins.lock.new");
        let written = std::fs::File::create(&draft).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, &path)?;
            std::fs::File::open(data)?.sync_all()
        });
        written.map_err(|source| io(&path, source))
    }
}

impl College {
    /// What differs from the lock, by plugin; `None` without a lock.
    pub fn lock_differences(&self) -> Result<Option<Vec<LockDifference>>, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let Some(lock) = PluginLock::read(self.opening.data.root())? else { return Ok(None) };
        let now: Vec<&Found> = self.plugins.all().filter(|state| wanted(state)).map(|state| &state.found).collect();
        let mut found: Vec<LockDifference> = now
            .iter()
            .map(|found| LockDifference { id: found.id().to_string(), what: lock.differences(found) })
            .filter(|difference| !difference.what.is_empty())
            .collect();
        let gone = lock.plugins.iter().filter(|locked| !now.iter().any(|found| found.id().as_str() == locked.id));
        found.extend(gone.map(|locked| LockDifference { id: locked.id.clone(), what: vec!["gone".to_owned()] }));
        Ok(Some(found))
    }

    /// Accepts every plugin that is on as it is now; what changed by that.
    pub async fn lock_plugins(&self) -> Result<Vec<LockDifference>, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let before = self.lock_differences()?;
        let plugins = self.plugins.all().filter(|state| wanted(state)).map(|state| Locked::of(&state.found)).collect();
        let lock = PluginLock { plugins };
        let changed = before.unwrap_or_else(|| {
            let new = |locked: &Locked| LockDifference { id: locked.id.clone(), what: vec!["new".to_owned()] };
            lock.plugins.iter().map(new).collect()
        });
        lock.write(self.opening.data.root())?;
        if !changed.is_empty() {
            let detail: BTreeMap<&str, &Vec<String>> =
                changed.iter().map(|difference| (difference.id.as_str(), &difference.what)).collect();
            self.note("plugin.lock", "plugins.lock", json!(detail)).await?;
        }
        Ok(changed)
    }

    /// Public keys that administrators have added: name and key.
    pub fn plugin_keys(&self) -> Result<Vec<(String, TrustedKey)>, ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let folder = self.opening.data.root().join(KEYS);
        let mut keys = Vec::new();
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.map_err(|source| io(&folder, source))?.path();
            if path.extension().is_some_and(|end| end == "pub") {
                let text = std::fs::read_to_string(&path).map_err(|source| io(&path, source))?;
                let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                keys.push((name, TrustedKey::parse(&text)?));
            }
        }
        keys.sort_by(|left, right| left.0.cmp(&right.0));
        Ok(keys)
    }

    /// Adds a public key: from now on, plugins signed with it are known. Its name in the college.
    pub async fn add_plugin_key(&self, file: &Path) -> Result<(String, TrustedKey), ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let text = std::fs::read_to_string(file).map_err(|source| io(file, source))?;
        let key = TrustedKey::parse(&text)?;
        if let Some((name, key)) = self.plugin_keys()?.into_iter().find(|(_, known)| known.id() == key.id()) {
            return Ok((name, key));
        }
        let folder = self.opening.data.root().join(KEYS);
        std::fs::create_dir_all(&folder).map_err(|source| io(&folder, source))?;
        let name = key.id();
        let path = folder.join(format!("{name}.pub"));
        std::fs::write(&path, text).map_err(|source| io(&path, source))?;
        self.note("plugin.key.add", &name, json!({ "key": key.text() })).await?;
        Ok((name, key))
    }

    /// Takes a key out again.
    pub async fn remove_plugin_key(&self, name: &str) -> Result<(), ServiceError> {
        self.permit(Right::ManagePlugins)?;
        let keys = self.plugin_keys()?;
        let Some((name, key)) = keys.iter().find(|(known, key)| known == name || key.id() == name) else {
            return Err(ServiceError::not_found("key", name, keys.iter().map(|(name, _)| name.as_str())));
        };
        let path: PathBuf = self.opening.data.root().join(KEYS).join(format!("{name}.pub"));
        std::fs::remove_file(&path).map_err(|source| io(&path, source))?;
        self.note("plugin.key.remove", name, json!({ "key": key.text() })).await
    }

    /// Proves that a plugin is signed, as it is, with a key of the college; the name of the key.
    pub fn verify_plugin(&self, dir: &Path) -> Result<String, ServiceError> {
        let found = Found::open(dir)?;
        let (names, keys): (Vec<String>, Vec<TrustedKey>) = self.plugin_keys()?.into_iter().unzip();
        let key = verify(&found, &keys)?.id();
        let named = names.into_iter().zip(&keys).find(|(_, known)| known.id() == key);
        named.map(|(name, _)| name).ok_or(ServiceError::Host(HostError::UnknownKey { plugin: found.id().clone(), key }))
    }

    async fn note(&self, action: &str, subject: &str, detail: serde_json::Value) -> Result<(), ServiceError> {
        let note = Note {
            action: action.to_owned(),
            thing: "plugin".to_owned(),
            subject: subject.to_owned(),
            why: None,
            detail: Some(detail),
        };
        Ok(self.record.audit_note(self.actor(), &note).await?)
    }
}

/// What is on is locked, changed or not: a change asks again.
fn wanted(state: &PluginState) -> bool {
    state.enabled || state.changed
}

fn io(path: &Path, source: std::io::Error) -> ServiceError {
    ServiceError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locked(files: &[(&str, &str)]) -> Locked {
        let files = files.iter().map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned())).collect();
        let capabilities = vec!["read".to_owned()];
        Locked { id: "x".to_owned(), version: "1.0.0".to_owned(), abi: Some("1.0".to_owned()), capabilities, files }
    }

    #[test]
    fn what_changed_is_named_file_by_file() {
        let before = locked(&[("a.toml", "1"), ("b.toml", "2"), ("libx.so", "3")]);
        assert!(before.differences(&before.clone()).is_empty());
        let mut now = locked(&[("a.toml", "1"), ("c.toml", "2"), ("libx.so", "4")]);
        now.capabilities.push("network".to_owned());
        assert_eq!(before.differences(&now), ["capabilities", "b.toml", "libx.so", "c.toml"]);
    }

    #[test]
    fn a_lock_comes_back_as_it_was_written() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(PluginLock::read(dir.path()).expect("reads"), None);
        let lock = PluginLock { plugins: vec![locked(&[("datasets/a.toml", "1"), ("libx.so", "3")])] };
        lock.write(dir.path()).expect("is written");
        assert_eq!(PluginLock::read(dir.path()).expect("reads"), Some(lock));
        std::fs::write(dir.path().join(LOCK), "[[plugin]]\nid = 7\n").expect("a file");
        assert!(matches!(PluginLock::read(dir.path()), Err(ServiceError::BadFile { line: 2, .. })));
    }
}
