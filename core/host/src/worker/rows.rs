//! Rows between host and worker: each schema and each batch is a piece of an Arrow IPC stream whose size the control
//! frame before it says. Everything that arrives is checked as if a stranger had sent it.

use crate::import::{Refusal, accept_schema, arrow_step};
use arrow::array::RecordBatch;
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::convert::try_schema_from_ipc_buffer;
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use arrow::ipc::{MessageHeader, root_as_message};
use std::io::{self, Read};
use std::sync::Arc;

/// A promise of more bytes than this is believed only as they arrive.
const AHEAD: u64 = 8 * 1024 * 1024;
/// Bytes of one read.
const STEP: usize = 256 * 1024;

/// Makes the pieces of one stream.
pub(crate) struct Encoder(StreamWriter<Vec<u8>>);

impl Encoder {
    /// A stream of this schema, and its first piece.
    pub(crate) fn new(schema: &SchemaRef) -> Result<(Self, Vec<u8>), ArrowError> {
        let mut writer = StreamWriter::try_new(Vec::new(), schema)?;
        let head = std::mem::take(writer.get_mut());
        Ok((Self(writer), head))
    }

    /// The piece of a batch, dictionaries included.
    pub(crate) fn batch(&mut self, batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
        self.0.write(batch)?;
        Ok(std::mem::take(self.0.get_mut()))
    }
}

/// Reads the pieces of one stream.
pub(crate) struct RowDecoder {
    decoder: StreamDecoder,
    schema: SchemaRef,
}

impl RowDecoder {
    /// Begins with the piece that holds the schema.
    pub(crate) fn new(head: Buffer) -> Result<Self, Refusal> {
        let schema = arrow_step("the schema", || {
            let schema = try_schema_from_ipc_buffer(&head).map_err(|error| error.to_string())?;
            accept_schema(&schema)?;
            Ok(Arc::new(schema))
        })?;
        let mut decoder = StreamDecoder::new();
        // The decoder holds the schema back until bytes follow it.
        let mut head = head;
        arrow_step("the schema", || decoder.decode(&mut head).map_err(|error| error.to_string()))?;
        Ok(Self { decoder, schema })
    }

    /// Schema of every batch.
    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The batch in a piece, which must hold exactly one.
    pub(crate) fn batch(&mut self, piece: Buffer) -> Result<RecordBatch, Refusal> {
        let mut piece = piece;
        let decoder = &mut self.decoder;
        let batch = arrow_step("the batch", || {
            holds_one_batch(&piece)?;
            let batch = decoder.decode(&mut piece).map_err(|error| error.to_string())?;
            match batch {
                Some(batch) => Ok(Some(batch)),
                // A batch without buffers is held back until bytes follow it; this one is not taken.
                None => decoder.decode(&mut Buffer::from(vec![0xff_u8])).map_err(|error| error.to_string()),
            }
        })?;
        let batch = batch.ok_or("a piece of a stream ends within a batch")?;
        if decoder.schema().as_deref() != Some(&*self.schema) || batch.schema() != self.schema {
            return Err("a batch has another schema than its stream".to_owned());
        }
        Ok(batch)
    }
}

/// Walks through the messages of a piece: whole ones, dictionaries first, one batch last.
fn holds_one_batch(piece: &[u8]) -> Result<(), Refusal> {
    let cut_off = || "a piece of a stream ends within a message".to_owned();
    let mut rest = piece;
    loop {
        let (marker, after) = rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
        let (length, after) = after.split_first_chunk::<4>().ok_or_else(cut_off)?;
        if *marker != [0xff; 4] {
            return Err("a message does not begin as messages do".to_owned());
        }
        let length = u32::from_le_bytes(*length) as usize;
        let (head, after) = after.split_at_checked(length).ok_or_else(cut_off)?;
        let message = root_as_message(head).map_err(|error| error.to_string())?;
        let length = usize::try_from(message.bodyLength()).map_err(|_| cut_off())?;
        let (_, after) = after.split_at_checked(length).ok_or_else(cut_off)?;
        match message.header_type() {
            MessageHeader::DictionaryBatch => rest = after,
            MessageHeader::RecordBatch if after.is_empty() => return Ok(()),
            _ => return Err("something else stands where one batch was announced".to_owned()),
        }
    }
}

/// Reads a piece of so many bytes; `alive` is told whenever some arrive.
pub(crate) fn read_piece(source: &mut impl Read, bytes: u64, mut alive: impl FnMut()) -> io::Result<Buffer> {
    let whole = usize::try_from(bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let mut piece = MutableBuffer::with_capacity(bytes.min(AHEAD) as usize);
    while piece.len() < whole {
        let have = piece.len();
        piece.resize(whole.min(have + STEP), 0);
        let room = piece.as_slice_mut().get_mut(have..).unwrap_or_default();
        match source.read(room) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                piece.truncate(have + count);
                alive();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => piece.truncate(have),
            Err(error) => return Err(error),
        }
    }
    Ok(piece.into())
}

#[cfg(test)]
mod tests;
