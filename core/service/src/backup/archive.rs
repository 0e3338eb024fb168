//! The archive: a `.tar` that any tool opens, whose every byte is covered by a hash.
//!
//! `zhengai-backup.json` comes first and says what this is, the files follow, `manifest.json` lists them all with size and
//! SHA-256, and `SHA256` at the very end covers everything before it. An archive without its end is no backup.

use super::error::{BackupError, Damage};
use super::manifest::{Entry, Head, Manifest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path};
use std::rc::Rc;

/// First entry: what this is.
const HEAD: &str = "zhengai-backup.json";
/// Last entry but one: what is in it.
const MANIFEST: &str = "manifest.json";
/// Last entry: hash over all bytes before it.
const SEAL: &str = "SHA256";
/// The record, as its own dump.
pub(super) const RECORD: &str = "record.jsonl";
/// Files of the data directory, each under its path there.
pub(super) const DATA: &str = "data/";

/// Bytes of a block of a tar file.
const BLOCK: usize = 512;
/// Zeros that end a tar file.
const END: u64 = 2 * BLOCK as u64;
/// Bytes read at a time.
const CHUNK: usize = 1 << 18;
/// Largest head or manifest that is believed.
const LONGEST: u64 = 1 << 30;

/// Lower-case hex of a finished hash.
pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What goes through it is hashed.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// What is read is counted and hashed; `step` is told of each piece and may stop the work.
struct Counted<'a, R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
    step: &'a mut dyn FnMut(u64) -> io::Result<()>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        (self.step)(count as u64)?;
        Ok(count)
    }
}

/// An archive being written.
pub(super) struct Writer<W: Write> {
    tar: tar::Builder<Hashed<W>>,
    files: Vec<Entry>,
}

impl<W: Write> Writer<W> {
    /// Begins with the head.
    pub(super) fn begin(sink: W, head: &Head) -> io::Result<Self> {
        let mut writer =
            Self { tar: tar::Builder::new(Hashed { inner: sink, hash: Sha256::new() }), files: Vec::new() };
        writer.put(HEAD, &json(head)?)?;
        Ok(writer)
    }

    /// Adds a file of exactly this size. `step` hears of each piece and may stop the work.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when the source is shorter than it was said to be.
    pub(super) fn add(
        &mut self,
        path: &str,
        (bytes, mode): (u64, u32),
        source: impl Read,
        step: &mut dyn FnMut(u64) -> io::Result<()>,
    ) -> io::Result<()> {
        let buffered = BufReader::with_capacity(CHUNK, source.take(bytes));
        let mut counted = Counted { inner: buffered, hash: Sha256::new(), bytes: 0, step };
        self.tar.append_data(&mut header(bytes, mode), path, &mut counted)?;
        if counted.bytes != bytes {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.files.push(Entry { path: path.to_owned(), bytes, mode, sha256: hex(counted.hash) });
        Ok(())
    }

    /// What has been added so far.
    pub(super) fn files(&self) -> &[Entry] {
        &self.files
    }

    /// Writes manifest and seal and ends the archive.
    pub(super) fn end(mut self, manifest: &Manifest) -> io::Result<W> {
        self.put(MANIFEST, &json(manifest)?)?;
        let seal = hex(self.tar.get_ref().hash.clone());
        self.put(SEAL, seal.as_bytes())?;
        let mut sink = self.tar.into_inner()?.inner;
        sink.flush()?;
        Ok(sink)
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.tar.append_data(&mut header(bytes.len() as u64, 0o644), path, bytes)
    }
}

fn header(bytes: u64, mode: u32) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(bytes);
    header.set_mode(mode);
    header
}

fn json<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What of an archive has been read so far: hashed up to one block before the place, which is where the header of the
/// entry at hand begins.
struct Seen {
    hash: Sha256,
    held: Vec<u8>,
}

/// The archive's bytes on their way to the reader of entries.
struct Tail {
    inner: BufReader<File>,
    seen: Rc<RefCell<Seen>>,
}

impl Read for Tail {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let mut seen = self.seen.borrow_mut();
        seen.held.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let surplus = seen.held.len().saturating_sub(BLOCK);
        let rest = seen.held.split_off(surplus);
        let old = std::mem::replace(&mut seen.held, rest);
        seen.hash.update(old);
        Ok(count)
    }
}

/// Takes each file of an archive as it comes by. What it leaves unread is read all the same.
pub(super) trait Visit {
    /// A file with this path, size and mode; its hash is not known to be right yet.
    fn file(&mut self, found: (&str, u64, u32), source: &mut dyn Read) -> Result<(), BackupError>;
    /// So many bytes more were read. An error stops the work.
    fn step(&mut self, bytes: u64) -> Result<(), BackupError>;
}

/// Reads a whole archive and believes nothing of it before the end: every size, every hash, the list of files and the
/// seal over all bytes.
pub(super) fn read(path: &Path, visit: &mut dyn Visit) -> Result<Manifest, BackupError> {
    let file = File::open(path).map_err(|source| BackupError::io(path, source))?;
    let seen = Rc::new(RefCell::new(Seen { hash: Sha256::new(), held: Vec::new() }));
    let inner = BufReader::with_capacity(CHUNK, file);
    let mut tar = tar::Archive::new(Tail { inner, seen: Rc::clone(&seen) });
    let mut reading = Reading { path, last: String::new(), found: Vec::new() };
    let mut manifest: Option<Manifest> = None;
    for entry in tar.entries().map_err(|source| reading.broken(source))? {
        let mut entry = entry.map_err(|source| reading.broken(source))?;
        let name = reading.name(&entry)?;
        let first = reading.last.is_empty();
        reading.last.clone_from(&name);
        match (name.as_str(), &manifest) {
            (HEAD, None) if first => {
                let head: Head = reading.json(&mut entry)?;
                head.check(path)?;
            }
            _ if first => return Err(BackupError::NoBackup { archive: path.to_path_buf() }),
            (MANIFEST, None) => manifest = Some(reading.json(&mut entry)?),
            (SEAL, Some(manifest)) => {
                let hash = hex(seen.borrow().hash.clone());
                reading.compare(manifest)?;
                reading.last.clear();
                reading.seal(&mut entry, &hash)?;
                return Ok(manifest.clone());
            }
            (_, Some(_)) => return Err(reading.damaged(Damage::Foreign)),
            (_, None) => reading.file(&mut entry, &name, visit)?,
        }
    }
    match reading.found.is_empty() && reading.last.is_empty() {
        true => Err(BackupError::NoBackup { archive: path.to_path_buf() }),
        false => Err(reading.damaged(Damage::Cut)),
    }
}

/// An archive being read.
struct Reading<'a> {
    path: &'a Path,
    /// The entry at hand.
    last: String,
    found: Vec<Entry>,
}

impl Reading<'_> {
    /// The path of an entry, which must be that of a plain file inside.
    fn name(&self, entry: &tar::Entry<'_, Tail>) -> Result<String, BackupError> {
        let path = entry.path().map_err(|source| self.broken(source))?;
        let name = path.to_str().map(str::to_owned);
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        match name.filter(|name| inside && !name.is_empty()) {
            Some(name) if entry.header().entry_type() == tar::EntryType::Regular => Ok(name),
            _ => Err(self.damaged(Damage::Foreign)),
        }
    }

    fn json<T: DeserializeOwned>(&self, entry: &mut tar::Entry<'_, Tail>) -> Result<T, BackupError> {
        let mut bytes = Vec::new();
        let size = entry.size();
        let read = entry.take(LONGEST).read_to_end(&mut bytes).map_err(|source| self.broken(source))?;
        if (read as u64) < size.min(LONGEST) {
            return Err(self.damaged(Damage::Cut));
        }
        serde_json::from_slice(&bytes).map_err(|_| self.damaged(Damage::Changed))
    }

    fn file(&mut self, entry: &mut tar::Entry<'_, Tail>, name: &str, visit: &mut dyn Visit) -> Result<(), BackupError> {
        let bytes = entry.size();
        let mode = entry.header().mode().map_err(|source| self.broken(source))?;
        let mut counted = Counted { inner: entry, hash: Sha256::new(), bytes: 0, step: &mut |_| Ok(()) };
        visit.file((name, bytes, mode), &mut counted)?;
        let mut rest = vec![0; CHUNK];
        let mut before = 0;
        loop {
            let count = counted.read(&mut rest).map_err(|source| self.broken(source))?;
            visit.step(counted.bytes - before)?;
            before = counted.bytes;
            if count == 0 {
                break;
            }
        }
        let (read, sha256) = (counted.bytes, hex(counted.hash));
        if read != bytes {
            return Err(self.damaged(Damage::Cut));
        }
        self.found.push(Entry { path: name.to_owned(), bytes, mode, sha256 });
        Ok(())
    }

    /// Holds what was found against what the manifest lists, in its order.
    fn compare(&mut self, manifest: &Manifest) -> Result<(), BackupError> {
        for (listed, found) in manifest.files.iter().zip(&self.found) {
            if listed != found {
                let what = if listed.path == found.path { Damage::Changed } else { Damage::Missing };
                self.last.clone_from(&listed.path);
                return Err(self.damaged(what));
            }
        }
        let (listed, found) = (manifest.files.get(self.found.len()), self.found.get(manifest.files.len()));
        match (listed, found) {
            (None, None) => Ok(()),
            (Some(Entry { path, .. }), _) => Err(self.damaged_at(path, Damage::Missing)),
            (None, Some(Entry { path, .. })) => Err(self.damaged_at(path, Damage::Foreign)),
        }
    }

    /// The seal over everything before it, and nothing but zeros behind it.
    fn seal(&self, entry: &mut tar::Entry<'_, Tail>, hash: &str) -> Result<(), BackupError> {
        let mut written = String::new();
        let outcome = entry.take(BLOCK as u64).read_to_string(&mut written);
        outcome.map_err(|source| self.broken(source))?;
        if written != hash {
            return Err(self.damaged_at(SEAL, Damage::Changed));
        }
        let end = entry.raw_file_position() + hash.len() as u64;
        let length = entry.raw_file_position() + BLOCK as u64 + END;
        let failed = |source| BackupError::io(self.path, source);
        let mut file = File::open(self.path).map_err(failed)?;
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        let mut rest = Vec::new();
        file.take(length - end + 1).read_to_end(&mut rest).map_err(failed)?;
        match rest.len() as u64 {
            short if end + short < length => Err(self.damaged_at(SEAL, Damage::Cut)),
            long if end + long > length => Err(self.damaged_at(SEAL, Damage::Foreign)),
            _ if rest.iter().any(|byte| *byte != 0) => Err(self.damaged_at(SEAL, Damage::Changed)),
            _ => Ok(()),
        }
    }

    fn damaged(&self, what: Damage) -> BackupError {
        self.damaged_at(&self.last, what)
    }

    fn damaged_at(&self, entry: &str, what: Damage) -> BackupError {
        BackupError::Damaged { archive: self.path.to_path_buf(), entry: entry.to_owned(), what }
    }

    /// An error of reading: of the disk when the system says so, otherwise of what is written there.
    fn broken(&self, source: io::Error) -> BackupError {
        match source.kind() {
            _ if source.raw_os_error().is_some() => BackupError::io(self.path, source),
            io::ErrorKind::UnexpectedEof => self.damaged(Damage::Cut),
            _ if self.last.is_empty() => BackupError::NoBackup { archive: self.path.to_path_buf() },
            _ => self.damaged(Damage::Unreadable),
        }
    }
}
