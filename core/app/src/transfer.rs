//! More than one answer: whole lists in pieces, and files.

use crate::context::Context;
use anyhow::Result;
use bytes::BytesMut;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use std::path::Path;
use zhengai_service::export::write_whole;
use zhengai_service::text_file::TextFile;
use zhengai_wire::client::chunks;
use zhengai_wire::page::MAX_LIMIT;
use zhengai_wire::{Call, Client, Failure, Page, PageQuery, data};

/// All items of a list, however many answers that takes.
pub(crate) async fn all<T: DeserializeOwned>(
    client: &Client,
    list: impl Fn(PageQuery) -> Call<Page<T>>,
) -> Result<Vec<T>> {
    let mut items = Vec::new();
    loop {
        let piece = PageQuery { offset: Some(items.len() as u64), limit: Some(MAX_LIMIT) };
        let page = client.send(list(piece)).await?;
        let ended = page.items.is_empty();
        items.extend(page.items);
        if ended || items.len() as u64 >= page.total {
            return Ok(items);
        }
    }
}

/// Writes the answer to a call into a file, whole or not at all.
pub(crate) async fn save(client: &Client, call: Call<()>, to: &Path) -> Result<()> {
    let request = call.into_request();
    let mut pieces = chunks(client.open(&request, None).await?.into_body());
    let mut bytes = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let failed = |cause: zhengai_wire::client::BodyError| Failure::Unreachable {
            server: client.server().to_owned(),
            cause: cause.to_string(),
        };
        bytes.extend_from_slice(&piece.map_err(failed)?);
    }
    Ok(write_whole(to, &bytes)?)
}

/// A small file of this computer, to be sent with a request.
pub(crate) fn text_file(path: &Path) -> Result<data::TextFile> {
    let file = TextFile::read(path)?;
    Ok(data::TextFile { name: file.path.to_string_lossy().into_owned(), text: file.text })
}

impl Context {
    /// How a file is written that takes the place of standard output: nothing of it is printed.
    pub(crate) fn saved(&self, key: &str, count: usize, to: &Path) {
        let (count, file) = (count.to_string(), to.display().to_string());
        self.hint(&self.fill(key, &[("count", &count), ("file", &file)]));
    }
}
