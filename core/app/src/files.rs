//! Files that the API gives: written whole or not at all, piece by piece, so that none stands in memory.

use anyhow::Result;
use futures_util::StreamExt;
use http_body_util::BodyDataStream;
use std::io::Write;
use std::path::Path;
use zhengai_service::ServiceError;
use zhengai_service::export::Staged;
use zhengai_wire::{Client, Failure, Request, WireBody};

/// A file that begins to arrive.
pub(crate) struct Fetched {
    name: String,
    server: String,
    body: WireBody,
}

/// Asks for a file.
pub(crate) async fn fetch(client: &Client, request: &Request) -> Result<Fetched> {
    let answer = client.open(request, None).await?;
    let disposition = answer.headers().get("content-disposition").and_then(|value| value.to_str().ok());
    let name = disposition.and_then(|text| text.split('"').nth(1)).unwrap_or("download").to_owned();
    Ok(Fetched { name, server: client.server().to_owned(), body: answer.into_body() })
}

impl Fetched {
    /// The name that the server gives it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Writes it over whatever is there.
    pub(crate) async fn write(self, to: &Path) -> Result<()> {
        let failed = |source| ServiceError::Io { path: to.to_path_buf(), source };
        let mut staged = Staged::beside(to).map_err(failed)?;
        let mut pieces = BodyDataStream::new(self.body);
        while let Some(piece) = pieces.next().await {
            let piece = piece
                .map_err(|error| Failure::Unreachable { server: self.server.clone(), cause: error.to_string() })?;
            staged.file.write_all(&piece).map_err(failed)?;
        }
        Ok(staged.replace().map_err(failed)?)
    }
}
