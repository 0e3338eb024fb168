//! Doors for fuzzing: what a stranger's worker may send, fed byte by byte. Nothing else uses them.
#![doc(hidden)]

use super::frame::{Decoder, FrameFault, FromWorker, ToWorker, encode};
use super::rows::{RowDecoder, read_piece};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Decodes frames of a worker; how many there were, or the rule that was broken.
pub fn frames_from_worker(bytes: &[u8]) -> Result<usize, String> {
    Ok(frames::<FromWorker>(bytes)?.len())
}

/// Decodes frames of a host; how many there were, or the rule that was broken.
pub fn frames_to_worker(bytes: &[u8]) -> Result<usize, String> {
    Ok(frames::<ToWorker>(bytes)?.len())
}

/// Decodes frames of a worker and writes them again.
pub fn rewritten_from_worker(bytes: &[u8]) -> Result<Vec<u8>, String> {
    written(&frames::<FromWorker>(bytes)?)
}

/// Decodes frames of a host and writes them again.
pub fn rewritten_to_worker(bytes: &[u8]) -> Result<Vec<u8>, String> {
    written(&frames::<ToWorker>(bytes)?)
}

fn frames<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, String> {
    let told = |fault: FrameFault| fault.to_string();
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    let mut found = Vec::new();
    while let Some((frame, _)) = decoder.next().map_err(told)? {
        found.push(frame);
    }
    decoder.end().map_err(told)?;
    Ok(found)
}

fn written<T: Serialize>(frames: &[T]) -> Result<Vec<u8>, String> {
    let bytes: Result<Vec<Vec<u8>>, FrameFault> = frames.iter().map(encode).collect();
    Ok(bytes.map_err(|fault| fault.to_string())?.concat())
}

/// Decodes a schema and one batch as they cross; how many rows there were, or the rule that was broken.
pub fn rows(schema: &[u8], batch: &[u8]) -> Result<usize, String> {
    let piece = |mut bytes: &[u8]| {
        let length = bytes.len() as u64;
        read_piece(&mut bytes, length, || {}).map_err(|error| error.to_string())
    };
    let mut decoder = RowDecoder::new(piece(schema)?)?;
    decoder.batch(piece(batch)?).map(|batch| batch.num_rows())
}
