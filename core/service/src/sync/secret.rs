//! Secrets (密钥): one file each in the data directory, readable by its owner alone. A configuration names them by
//! `{"$secret": "name"}`; the value goes to the connector that was configured with the name, and nowhere else.

use crate::college::College;
use crate::error::ServiceError;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use zhengai_host::{HostError, LogLevel, NoServices, PluginFailure, Services};
use zhengai_model::rights::Right;
use zhengai_store::Note;
use zhengai_warehouse::CancelFlag;

/// Member of an object that makes it a reference.
const REFERENCE: &str = "$secret";
/// What stands where the value of a secret was.
const HIDDEN: &str = "•••";

/// The value of a secret. It never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A value as it was typed or read from a file; a line break at its end is no part of it.
    pub fn new(text: &str) -> Self {
        Self(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret and who needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretUse {
    /// Its name.
    pub name: String,
    /// Sources whose configuration names it.
    pub sources: Vec<String>,
    /// Whether there is a value.
    pub set: bool,
}

/// The folder of secrets.
pub(crate) struct Vault {
    folder: PathBuf,
}

impl Vault {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, name: &str) -> Result<PathBuf, ServiceError> {
        let good = name.starts_with(|letter: char| letter.is_ascii_lowercase())
            && name.len() <= 64
            && name
                .chars()
                .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, '-' | '_' | '.'));
        if good {
            Ok(self.folder.join(name))
        } else {
            Err(ServiceError::BadArgument { what: "secret", value: name.to_owned() })
        }
    }

    fn names(&self) -> Result<Vec<String>, ServiceError> {
        let io = |source| ServiceError::Io { path: self.folder.clone(), source };
        if !self.folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(io)? {
            let name = entry.map_err(io)?.file_name().to_string_lossy().into_owned();
            if self.path(&name).is_ok() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// The value; `None` when there is none of this name.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Secret>, ServiceError> {
        let path = self.path(name)?;
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Secret(text))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ServiceError::Io { path, source }),
        }
    }

    /// Writes it whole or not at all, for its owner alone from the first byte on.
    fn write(&self, name: &str, value: &Secret) -> Result<(), ServiceError> {
        let path = self.path(name)?;
        let io = |source| ServiceError::Io { path: path.clone(), source };
        owners_folder(&self.folder).map_err(io)?;
        let beside = self.folder.join(format!(".{name}.{}", std::process::id()));
        let written = owners_file(&beside, value.0.as_bytes()).and_then(|()| std::fs::rename(&beside, &path));
        if written.is_err() {
            // Nothing of the value may stay behind; the error that matters is the one above.
            let _ = std::fs::remove_file(&beside);
        }
        written.map_err(io)
    }

    fn remove(&self, name: &str) -> Result<(), ServiceError> {
        let path = self.path(name)?;
        std::fs::remove_file(&path).map_err(|source| ServiceError::Io { path, source })
    }
}

fn owners_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn owners_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// References in a configuration: name of the secret by the field that names it, as a JSON pointer.
pub(crate) fn references(config: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(config, String::new(), &mut found);
    found
}

fn collect(value: &Value, at: String, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => match fields.get(REFERENCE).and_then(Value::as_str) {
            Some(name) if fields.len() == 1 => {
                found.insert(at, name.to_owned());
            }
            _ => fields.iter().for_each(|(key, value)| collect(value, format!("{at}/{key}"), found)),
        },
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| collect(value, format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// Secrets of one source: gives them to its connector and keeps them out of everything that comes back.
pub(crate) struct Discreet {
    values: BTreeMap<String, Secret>,
}

impl Discreet {
    /// The secrets that a configuration names.
    ///
    /// # Errors
    /// [`ServiceError::SecretMissing`] with the field that names a secret which was never set.
    pub(crate) fn open(vault: &Vault, config: &Value) -> Result<Self, ServiceError> {
        let mut values = BTreeMap::new();
        for (field, name) in references(config) {
            let value = vault.read(&name)?;
            let value = value.ok_or_else(|| ServiceError::SecretMissing { secret: name.clone(), field })?;
            values.insert(name, value);
        }
        Ok(Self { values })
    }

    /// Whether the value has one of them in it.
    pub(crate) fn knows(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.text(text) != *text,
            Value::Array(items) => items.iter().any(|item| self.knows(item)),
            Value::Object(fields) => fields.iter().any(|(key, value)| self.text(key) != *key || self.knows(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// The text with every one of them hidden.
    pub(crate) fn text(&self, text: &str) -> String {
        let known = self.values.values().map(|secret| secret.0.as_str()).filter(|value| !value.is_empty());
        known.fold(text.to_owned(), |text, value| text.replace(value, HIDDEN))
    }

    /// The JSON with every one of them hidden.
    pub(crate) fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.json(item)).collect()),
            Value::Object(fields) => {
                let clean = |(key, value): (String, Value)| (self.text(&key), self.json(value));
                Value::Object(fields.into_iter().map(clean).collect())
            }
            other => other,
        }
    }

    /// The error with every one of them hidden.
    pub(crate) fn error(&self, error: HostError) -> HostError {
        match error {
            HostError::Plugin(failure) => {
                let failure = *failure;
                HostError::Plugin(Box::new(PluginFailure {
                    text: self.text(&failure.text),
                    args: failure.args.into_iter().map(|(name, value)| (name, self.text(&value))).collect(),
                    detail: self.json(failure.detail),
                    ..failure
                }))
            }
            HostError::Malformed { plugin, call, rule } => {
                HostError::Malformed { plugin, call, rule: self.text(&rule) }
            }
            other => other,
        }
    }
}

/// What the host offers to a connector of a source.
pub(crate) struct SourceServices {
    pub(crate) discreet: std::sync::Arc<Discreet>,
    pub(crate) cancel: CancelFlag,
}

impl Services for SourceServices {
    fn log(&self, level: LogLevel, target: &str, message: &str, fields: &str) {
        NoServices.log(level, target, &self.discreet.text(message), &self.discreet.text(fields));
    }

    fn cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.discreet.values.get(name).map(|secret| secret.0.clone())
    }
}

impl College {
    pub(crate) fn vault(&self) -> Vault {
        Vault::new(self.opening.data.secrets())
    }

    /// Sets a secret. Its value goes to the file alone; the audit has the name.
    pub async fn secret_set(&self, name: &str, value: &Secret) -> Result<(), ServiceError> {
        self.permit(Right::ManageSources)?;
        if value.0.is_empty() {
            return Err(ServiceError::SecretEmpty { secret: name.to_owned() });
        }
        self.vault().write(name, value)?;
        self.secret_note("secret.set", name).await
    }

    /// All secrets by name, those that a source names and nobody has set included.
    pub async fn secrets(&self) -> Result<Vec<SecretUse>, ServiceError> {
        self.permit(Right::ManageSources)?;
        let names = self.vault().names()?;
        let mut uses: BTreeMap<String, SecretUse> =
            names.into_iter().map(|name| (name.clone(), SecretUse { name, sources: Vec::new(), set: true })).collect();
        for source in self.record.source_list().await? {
            for name in references(&source.source.config).into_values() {
                let entry = uses.entry(name.clone()).or_insert(SecretUse { name, sources: Vec::new(), set: false });
                let source = source.source.id.to_string();
                if !entry.sources.contains(&source) {
                    entry.sources.push(source);
                }
            }
        }
        Ok(uses.into_values().collect())
    }

    /// Removes a secret that no source names.
    pub async fn secret_remove(&self, name: &str) -> Result<(), ServiceError> {
        self.permit(Right::ManageSources)?;
        let uses = self.secrets().await?;
        let known = uses.iter().find(|one| one.name == name && one.set);
        let known =
            known.ok_or_else(|| ServiceError::not_found("secret", name, uses.iter().map(|one| one.name.as_str())))?;
        if let Some(source) = known.sources.first() {
            return Err(ServiceError::SecretInUse { secret: name.to_owned(), source_name: source.clone() });
        }
        self.vault().remove(name)?;
        self.secret_note("secret.remove", name).await
    }

    async fn secret_note(&self, action: &str, name: &str) -> Result<(), ServiceError> {
        let (action, thing, subject) = (action.to_owned(), "secret".to_owned(), name.to_owned());
        Ok(self.record.audit_note(self.actor(), &Note { action, thing, subject, why: None, detail: None }).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Discreet, Secret, Vault, references};
    use crate::error::ServiceError;
    use serde_json::json;

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::new(folder.path().join("secrets"));
        (folder, vault)
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_a_file_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, vault) = vault();
        vault.write("jw", &Secret::new("hunter2\n")).expect("written");
        let path = vault.folder.join("jw");
        assert_eq!(std::fs::read_to_string(&path).expect("text"), "hunter2", "the line break is no part of it");
        let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&vault.folder)), (0o600, 0o700));
        assert_eq!(vault.names().expect("names"), ["jw"]);
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn a_name_that_could_leave_the_folder_is_refused() {
        let (_folder, vault) = vault();
        for name in ["../jw", "", ".jw", "a/b", "JW", "密码"] {
            let refused = vault.read(name);
            assert!(matches!(refused, Err(ServiceError::BadArgument { what: "secret", .. })), "{name}: {refused:?}");
        }
    }

    #[test]
    fn references_are_found_wherever_they_stand_and_nothing_else_is_one() {
        let config = json!({
            "password": {"$secret": "jw"},
            "hosts": [{"token": {"$secret": "t"}}],
            "note": {"$secret": "x", "more": 1},
            "plain": "$secret",
        });
        let found: Vec<(String, String)> = references(&config).into_iter().collect();
        let want = [("/hosts/0/token", "t"), ("/password", "jw")];
        assert_eq!(found, want.map(|(field, name)| (field.to_owned(), name.to_owned())));
    }

    #[test]
    fn a_secret_that_was_never_set_is_named_with_its_field() {
        let (_folder, vault) = vault();
        let missing = Discreet::open(&vault, &json!({"login": {"password": {"$secret": "jw"}}}));
        let is = |field: &str| field == "/login/password";
        assert!(matches!(missing, Err(ServiceError::SecretMissing { field, .. }) if is(&field)));
    }

    #[test]
    fn values_are_hidden_in_texts_and_found_in_states() {
        let (_folder, vault) = vault();
        vault.write("jw", &Secret::new("hunter2")).expect("written");
        let discreet = Discreet::open(&vault, &json!({"password": {"$secret": "jw"}})).expect("set");
        assert_eq!(discreet.text("login failed: hunter2!"), "login failed: •••!");
        assert!(discreet.knows(&json!({"after": [1, {"url": "https://u:hunter2@h"}]})));
        assert!(!discreet.knows(&json!({"after": [1, "jw"]})));
    }
}
