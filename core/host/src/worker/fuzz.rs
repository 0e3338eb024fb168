//! Doors for fuzzing: what a stranger's worker may send, fed byte by byte. Nothing else uses them.
#![doc(hidden)]

use super::frame::{Decoder, FromWorker, ToWorker};
use super::rows::{RowDecoder, read_piece};

/// Decodes frames of a worker; how many there were, or the rule that was broken.
pub fn frames_from_worker(bytes: &[u8]) -> Result<usize, String> {
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    let mut count = 0;
    while decoder.next::<FromWorker>().map_err(|fault| fault.to_string())?.is_some() {
        count += 1;
    }
    decoder.end().map_err(|fault| fault.to_string())?;
    Ok(count)
}

/// Decodes frames of a host; how many there were, or the rule that was broken.
pub fn frames_to_worker(bytes: &[u8]) -> Result<usize, String> {
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    let mut count = 0;
    while decoder.next::<ToWorker>().map_err(|fault| fault.to_string())?.is_some() {
        count += 1;
    }
    decoder.end().map_err(|fault| fault.to_string())?;
    Ok(count)
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
