//! Sources that are read again and again (数据源同步): a connector, its configuration, its streams, and how far each was
//! read.
//!
//! A stream is read from its last committed state, in chunks that end where the connector has a checkpoint; each chunk is
//! one batch on the same way in as a file. Rows and cursor commit together: the cursor moves in the transaction of the
//! record that sets the batch to applied, and nowhere else. What a connector does wrong costs at most the chunk at hand.
//! No value of a secret leaves this room except to the connector that was configured with its name.

mod chunk;
mod connector;
mod outcome;
mod retry;
mod rows;
mod run;
mod secret;
mod source;
mod stream;

pub use connector::{Catalogue, CatalogueField, CatalogueStream};
pub use outcome::{Extent, Stopped, StreamOutcome, StreamSynced, SyncProgress, SyncRequest, Synced};
pub use retry::Wait;
pub use secret::{Secret, SecretUse};
pub use source::{SourceFile, SourceShown};
