//! The door to the server, as the console sees it: narrow enough to be faked in a test.

use crate::app::load::Reply;
use futures_util::future::Shared;
use futures_util::stream::{Stream, StreamExt};
use futures_util::{FutureExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncWriteExt;
use zhengai_model::text::Language;
use zhengai_wire::{Client, Failure, Job, Request};

/// A future on the heap.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// A stream on the heap.
pub type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// The door to the server.
pub trait Port: Send + Sync + 'static {
    /// Waits until there is a server to speak to; says where it is.
    fn link(&self) -> BoxFuture<Result<Link, Failure>>;
    /// Sends a request.
    fn call(&self, request: Request) -> BoxFuture<Result<Reply, Failure>>;
    /// Follows a job until it is over.
    fn watch(&self, job: String) -> BoxStream<Result<Job, Failure>>;
    /// Fetches a file; gives [`Downloaded`].
    fn download(&self, request: Request, to: PathBuf) -> BoxFuture<Result<Reply, Failure>>;
    /// Sends a file.
    fn upload(&self, from: PathBuf) -> BoxFuture<Result<Reply, Failure>>;
    /// Speaks this language from now on.
    fn speak(&self, language: Language);
}

/// A server that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it is, for people.
    pub server: String,
    /// Whether paths of files mean the same here and there.
    pub local: bool,
}

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downloaded {
    /// Where it lies on this machine, from the root on.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// The real door: a client that may still be on its way, because the first frame does not wait for a college.
pub struct ClientPort {
    client: Shared<BoxFuture<Result<Client, Failure>>>,
    language: Arc<Mutex<Language>>,
}

impl ClientPort {
    /// A door behind which a client is being made.
    pub fn opening(client: impl Future<Output = Result<Client, Failure>> + Send + 'static, language: Language) -> Self {
        let client: BoxFuture<Result<Client, Failure>> = Box::pin(client);
        Self { client: client.shared(), language: Arc::new(Mutex::new(language)) }
    }

    fn client(&self) -> impl Future<Output = Result<Client, Failure>> + Send + use<> {
        let language = Arc::clone(&self.language);
        let client = self.client.clone();
        async move {
            let client = client.await?;
            let language = *language.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(client.speaking(language))
        }
    }
}

impl Port for ClientPort {
    fn link(&self) -> BoxFuture<Result<Link, Failure>> {
        let client = self.client();
        Box::pin(async move {
            let client = client.await?;
            Ok(Link { server: client.server().to_owned(), local: client.is_local() })
        })
    }

    fn call(&self, request: Request) -> BoxFuture<Result<Reply, Failure>> {
        let client = self.client();
        Box::pin(async move {
            let (body, etag) = client.await?.exchange(&request).await?;
            Ok(Reply { body: Arc::from(&body[..]), etag })
        })
    }

    fn watch(&self, job: String) -> BoxStream<Result<Job, Failure>> {
        let client = self.client();
        let stream = async move { client.await?.watch(&job).await }.into_stream().try_flatten();
        Box::pin(stream)
    }

    fn download(&self, request: Request, to: PathBuf) -> BoxFuture<Result<Reply, Failure>> {
        let client = self.client();
        Box::pin(async move {
            let response = client.await?.open(&request, None).await?;
            let broken = |error: &dyn std::fmt::Display| Failure::Unreadable {
                path: to.display().to_string(),
                cause: error.to_string(),
            };
            let mut file = tokio::fs::File::create(&to).await.map_err(|error| broken(&error))?;
            let mut body = zhengai_wire::client::chunks(response.into_body());
            let mut size = 0_u64;
            while let Some(chunk) = body.next().await {
                let chunk = chunk.map_err(|error| broken(&error))?;
                size += chunk.len() as u64;
                file.write_all(&chunk).await.map_err(|error| broken(&error))?;
            }
            file.flush().await.map_err(|error| broken(&error))?;
            let path = std::path::absolute(&to).unwrap_or(to).display().to_string();
            Ok(Reply::of(&Downloaded { path, bytes: size }))
        })
    }

    fn upload(&self, from: PathBuf) -> BoxFuture<Result<Reply, Failure>> {
        let client = self.client();
        Box::pin(async move {
            let broken = |error: std::io::Error| Failure::Unreadable {
                path: from.display().to_string(),
                cause: error.to_string(),
            };
            let bytes = tokio::fs::read(&from).await.map_err(broken)?;
            let name = from.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let request = zhengai_wire::Call::<()>::put(&["uploads", &name]).into_request();
            let body = zhengai_wire::client::whole(bytes.into());
            let response = client.await?.open(&request, Some(("application/octet-stream", body))).await?;
            let mut reply = Vec::new();
            let mut chunks = zhengai_wire::client::chunks(response.into_body());
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk
                    .map_err(|error| Failure::Unreadable { path: request.path.clone(), cause: error.to_string() })?;
                reply.extend_from_slice(&chunk);
            }
            Ok(Reply { body: reply.into(), etag: None })
        })
    }

    fn speak(&self, language: Language) {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner) = language;
    }
}
