//! A file that can be opened again and again, gz or not. Formats that need to jump about in the file get a compressed
//! one unpacked to a temporary file, within limits; the others stream through it.

use crate::fault::{self, Place};
use crate::options::{Limits, RATIO_FLOOR};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;
use zhengai_plugin::Result;

/// The first two bytes of gz.
const GZ: [u8; 2] = [0x1f, 0x8b];

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    /// Where errors point.
    pub place: Place,
    /// True when the bytes are gz.
    pub gz: bool,
    /// Lower-case extension of the name, `gz` taken off.
    pub extension: String,
    /// Size on disk.
    pub bytes: u64,
    unpacked: Option<Arc<TempPath>>,
}

impl Source {
    /// Looks at a file.
    pub fn open(path: &Path) -> Result<Self> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let place = Place::file(&name);
        let explain = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => fault::not_found(&place, &path.display().to_string()),
            _ => fault::io(&place, &error),
        };
        let meta = path.metadata().map_err(explain)?;
        if !meta.is_file() {
            return Err(fault::not_found(&place, &path.display().to_string()));
        }
        let mut magic = Vec::new();
        File::open(path).map_err(explain)?.take(2).read_to_end(&mut magic).map_err(explain)?;
        let lower = name.to_lowercase();
        let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
        let extension = bare.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default();
        Ok(Self { path: path.to_owned(), gz: magic == GZ, extension, bytes: meta.len(), unpacked: None, place })
    }

    /// The bytes, unpacked.
    pub fn read(&self) -> Result<Box<dyn Read + Send>> {
        let file = BufReader::with_capacity(1 << 16, self.file()?);
        Ok(if self.gz && self.unpacked.is_none() { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
    }

    /// The file for formats that jump; after [`Source::seekable`].
    pub fn file(&self) -> Result<File> {
        let path: &Path = self.unpacked.as_ref().map_or(self.path.as_path(), |temporary| temporary);
        File::open(path).map_err(|error| fault::io(&self.place, &error))
    }

    /// At most the first bytes, unpacked.
    pub fn prefix(&self, limit: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.read()?.take(limit as u64).read_to_end(&mut bytes);
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(self.explain(&error)),
        }
    }

    /// Turns an error of reading into one for people: a damaged gz is not a broken disk.
    pub fn explain(&self, error: &io::Error) -> zhengai_plugin::PluginError {
        let damaged = matches!(
            error.kind(),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
        );
        if damaged { fault::damaged(&self.place, &error.to_string()) } else { fault::io(&self.place, error) }
    }

    /// The same file in a form that can be jumped about in.
    pub fn seekable(&self, limits: &Limits) -> Result<Self> {
        if !self.gz || self.unpacked.is_some() {
            return Ok(self.clone());
        }
        let broken = |error: io::Error| fault::io(&self.place, &error);
        let mut temporary = tempfile::Builder::new().prefix("zhengai-").tempfile().map_err(broken)?;
        let mut input = self.read()?;
        let mut chunk = vec![0; 1 << 16];
        let mut total = 0_u64;
        loop {
            let count = match input.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.explain(&error)),
            };
            total += count as u64;
            check_growth(&self.place, &self.place.file, self.bytes, total, limits)?;
            temporary.write_all(chunk.get(..count).unwrap_or_default()).map_err(broken)?;
        }
        temporary.flush().map_err(broken)?;
        Ok(Self { unpacked: Some(Arc::new(temporary.into_temp_path())), ..self.clone() })
    }
}

/// Refuses what grows beyond the limits while it is unpacked.
pub fn check_growth(place: &Place, part: &str, packed: u64, unpacked: u64, limits: &Limits) -> Result<()> {
    if unpacked > limits.max_unpacked_bytes {
        return Err(fault::unpacked_too_large(place, part, limits.max_unpacked_bytes));
    }
    if unpacked > RATIO_FLOOR && unpacked / packed.max(1) > limits.max_ratio {
        return Err(fault::ratio_too_high(place, part, limits.max_ratio));
    }
    Ok(())
}
