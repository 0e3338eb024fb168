//! Files on their way out: made on a thread that may take its time, sent piece by piece, never whole in memory.

use crate::problem::ApiError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;
use zhengai_service::ServiceError;

/// Pieces that wait to be sent before the next one is made.
const AHEAD: usize = 2;

/// A file to be sent.
pub(crate) struct Download {
    /// Its name, without folders.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media: &'static str,
    /// What it is made of.
    pub(crate) pieces: Box<dyn Iterator<Item = Result<Vec<u8>, ServiceError>> + Send>,
}

/// Answers with a file. What goes wrong before its first piece is there is told as a problem; later it can only break off.
pub(crate) async fn download(file: Download) -> Result<Response, ApiError> {
    let (sender, receiver) = tokio::sync::mpsc::channel(AHEAD);
    let pieces = file.pieces;
    tokio::task::spawn_blocking(move || {
        // Whoever no longer listens needs no more of it.
        for piece in pieces {
            let over = piece.is_err();
            if sender.blocking_send(piece).is_err() || over {
                return;
            }
        }
    });
    let mut stream = ReceiverStream::new(receiver);
    let first = stream.next().await.transpose()?.unwrap_or_default();
    let stream = tokio_stream::once(Ok(first)).chain(stream).map(|piece| {
        piece.map(Bytes::from).inspect_err(|error| tracing::error!(%error, "a file broke off while it was sent"))
    });
    let mut response = Body::from_stream(stream).into_response();
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let plain: String = file.name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{name}");
    let disposition = HeaderValue::from_str(&disposition)
        .map_err(|_| ApiError::new(Fault::Internal, Message::new("api-broken").with("problem", "")))?;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(file.media));
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// Letters that old clients read in the name of a file.
fn plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_')
}
