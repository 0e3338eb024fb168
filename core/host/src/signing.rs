//! Who made a plugin: detached minisign signatures (Ed25519) over a text that lists every file with its hash.
//!
//! The signature stands in `plugin.minisig` beside the manifest. Its trusted comment repeats the hash of the list, so that
//! a signature of other files is told from a key that nobody knows.

use crate::HostError;
use crate::found::Found;
use minisign::{KeyPair, PError, PublicKey, PublicKeyBox, SecretKeyBox, SignatureBox};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Cursor;

/// File of the signature within a plugin's folder.
pub const SIGNATURE_FILE: &str = "plugin.minisig";

/// A pair of keys as texts of minisign's files.
pub struct Keys {
    /// What everybody may have.
    pub public: String,
    /// What nobody else may have.
    pub secret: String,
    /// Id of both.
    pub id: String,
}

/// Makes a pair of keys. With a password the secret one is of no use without it.
pub fn new_keys(password: Option<String>) -> Result<Keys, HostError> {
    let pair = match &password {
        Some(_) => KeyPair::generate_encrypted_keypair(password),
        None => KeyPair::generate_unencrypted_keypair(),
    };
    let pair = pair.map_err(useless)?;
    let secret = pair.sk.to_box(Some("zhengai plugin key, secret")).map_err(useless)?;
    let public = pair.pk.to_box().map_err(useless)?;
    Ok(Keys { public: public.into_string(), secret: secret.into_string(), id: hex(pair.pk.keynum()) })
}

/// A public key that somebody trusts.
#[derive(Debug, Clone)]
pub struct TrustedKey {
    key: PublicKey,
}

impl TrustedKey {
    /// Reads minisign's file of a public key.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let key = PublicKeyBox::from_string(text.trim()).and_then(PublicKeyBox::into_public_key).map_err(useless)?;
        Ok(Self { key })
    }

    /// Its id, as in signatures.
    #[must_use]
    pub fn id(&self) -> String {
        hex(self.key.keynum())
    }

    /// The key itself, for people to compare.
    #[must_use]
    pub fn text(&self) -> String {
        self.key.to_base64()
    }
}

/// Every file of a plugin with its hash, in one text: what is signed.
#[must_use]
pub fn signed_text(found: &Found) -> String {
    let manifest = &found.manifest;
    let abi = manifest.abi.as_deref().unwrap_or("-");
    let mut text = format!("zhengai plugin 1\nid {}\nversion {}\nabi {abi}\n", manifest.id, manifest.version);
    for (path, sha256) in found.hashes() {
        writeln!(text, "{sha256}  {path}").expect("writing to a string cannot fail");
    }
    text
}

/// Signs a plugin; the text is for [`SIGNATURE_FILE`].
pub fn sign(found: &Found, secret: &str, password: Option<String>) -> Result<String, HostError> {
    found.checked_library().map(drop).or_else(|error| match error {
        HostError::NoLibrary { .. } => Ok(()),
        other => Err(other),
    })?;
    let secret = SecretKeyBox::from_string(secret.trim()).map_err(useless)?;
    // Without a password nobody is asked for one: there may be no terminal.
    let secret = match password {
        Some(_) => secret.into_secret_key(password),
        None => secret.into_unencrypted_secret_key(),
    };
    let text = signed_text(found);
    let comment = format!("{} {} sha256:{}", found.manifest.id, found.manifest.version, digest(&text));
    let signature = minisign::sign(
        None,
        &secret.map_err(useless)?,
        Cursor::new(text),
        Some(&comment),
        Some("signature of a zhengai plugin"),
    );
    Ok(signature.map_err(useless)?.into_string())
}

/// A signature that lies beside a plugin and was made for these files, as far as it says itself.
#[derive(Clone)]
pub struct Signature {
    signature: SignatureBox,
}

impl Signature {
    /// The signature of a plugin, when it has one. One that says itself that it is of other files is an error.
    pub fn of(found: &Found) -> Result<Option<Self>, HostError> {
        let path = found.dir.join(SIGNATURE_FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(|source| HostError::File { path, source })?;
        let bad = |reason: String| HostError::BadSignature { plugin: found.id().clone(), reason };
        let signature = SignatureBox::from_string(&text).map_err(|error| bad(error.to_string()))?;
        let comment = signature.trusted_comment().map_err(|error| bad(error.to_string()))?;
        if !comment.ends_with(&format!("sha256:{}", digest(&signed_text(found)))) {
            return Err(bad(format!("it was made for `{comment}`, and files have changed since")));
        }
        Ok(Some(Self { signature }))
    }

    /// Id of the key that made it.
    #[must_use]
    pub fn key_id(&self) -> String {
        hex(self.signature.keynum())
    }
}

/// Proves that one of the keys signed the plugin as it is; the key that did.
pub fn verify<'a>(found: &Found, keys: &'a [TrustedKey]) -> Result<&'a TrustedKey, HostError> {
    let plugin = || found.id().clone();
    let signature = Signature::of(found)?.ok_or_else(|| HostError::NotSigned { plugin: plugin() })?;
    let key = keys.iter().find(|key| key.id() == signature.key_id());
    let key = key.ok_or_else(|| HostError::UnknownKey { plugin: plugin(), key: signature.key_id() })?;
    let text = Cursor::new(signed_text(found));
    minisign::verify(&key.key, &signature.signature, text, true, false, false)
        .map_err(|error| HostError::BadSignature { plugin: plugin(), reason: error.to_string() })?;
    Ok(key)
}

fn useless(error: PError) -> HostError {
    HostError::Key { reason: error.to_string() }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As minisign prints ids: the number, most significant byte first.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin(dir: &std::path::Path, about: &str) -> Found {
        let text = format!(
            "id = \"signed\"\nnames = {{ zh = \"签\", en = \"{about}\" }}\nversion = \"1.0.0\"\nkind = \"pack\"\n"
        );
        std::fs::write(dir.join("pack.toml"), text).expect("a file");
        Found::open(dir).expect("a plugin")
    }

    #[test]
    fn a_signature_holds_until_a_file_changes() {
        let dir = tempfile::tempdir().expect("a folder");
        let found = plugin(dir.path(), "signed");
        let keys = new_keys(None).expect("keys");
        let trusted = [TrustedKey::parse(&keys.public).expect("a key")];
        assert!(matches!(verify(&found, &trusted), Err(HostError::NotSigned { .. })));
        std::fs::write(dir.path().join(SIGNATURE_FILE), sign(&found, &keys.secret, None).expect("signs"))
            .expect("a file");
        assert_eq!(verify(&found, &trusted).expect("verifies").id(), keys.id);
        let changed = plugin(dir.path(), "changed");
        assert!(matches!(verify(&changed, &trusted), Err(HostError::BadSignature { .. })));
    }

    #[test]
    fn another_key_and_a_forged_comment_are_told_apart() {
        let dir = tempfile::tempdir().expect("a folder");
        let found = plugin(dir.path(), "signed");
        let (ours, theirs) = (new_keys(None).expect("keys"), new_keys(None).expect("keys"));
        let signature = sign(&found, &theirs.secret, None).expect("signs");
        std::fs::write(dir.path().join(SIGNATURE_FILE), &signature).expect("a file");
        let trusted = [TrustedKey::parse(&ours.public).expect("a key")];
        assert!(matches!(verify(&found, &trusted), Err(HostError::UnknownKey { key, .. }) if key == theirs.id));
        let changed = plugin(dir.path(), "changed");
        let forged = signature.replace(&digest(&signed_text(&found)), &digest(&signed_text(&changed)));
        std::fs::write(dir.path().join(SIGNATURE_FILE), forged).expect("a file");
        let trusted = [TrustedKey::parse(&theirs.public).expect("a key")];
        assert!(matches!(verify(&changed, &trusted), Err(HostError::BadSignature { .. })));
    }

    #[test]
    fn a_secret_key_with_a_password_is_of_no_use_without_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let found = plugin(dir.path(), "signed");
        let keys = new_keys(Some("correct horse".to_owned())).expect("keys");
        assert!(matches!(sign(&found, &keys.secret, None), Err(HostError::Key { .. })));
        assert!(matches!(sign(&found, &keys.secret, Some("wrong".to_owned())), Err(HostError::Key { .. })));
        assert!(sign(&found, &keys.secret, Some("correct horse".to_owned())).is_ok());
    }
}
