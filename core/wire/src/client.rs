//! The client: sends calls over a transport and reads what comes back.

use crate::call::{Call, Method, Request};
use crate::job::{self, Job};
use crate::problem::{Failure, PROBLEM_JSON, Problem};
use crate::upload::{self, Upload};
use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt};
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyDataStream, BodyExt, Full, StreamBody};
use serde::de::DeserializeOwned;
use sse_stream::SseStream;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use zhengai_model::text::Language;

/// Header that names what rows about persons are read for.
pub const PURPOSE: &str = "x-purpose";

/// Errors of a body in flight.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;
/// The body of a request or of an answer.
pub type WireBody = UnsyncBoxBody<Bytes, BodyError>;
/// What a transport gives.
pub type Sending = Pin<Box<dyn Future<Output = Result<http::Response<WireBody>, Failure>> + Send>>;

/// Carries requests to a server: into a router of this process, or over the network.
pub trait Transport: Send + Sync {
    /// Sends a request. The body of the answer may still be coming when this is ready.
    fn send(&self, request: http::Request<WireBody>) -> Sending;
    /// Where the server is, for people.
    fn server(&self) -> &str;
    /// Whether paths of files mean the same here and at the server.
    fn is_local(&self) -> bool;
}

/// Speaks to one server in one language. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    language: Language,
    token: Option<Arc<str>>,
    purpose: Option<Arc<str>>,
}

/// An answer with the version of the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The answer.
    pub value: T,
    /// Its version, for [`Call::if_match`].
    pub etag: Option<String>,
}

impl Client {
    /// A client over a transport.
    pub fn new(transport: Arc<dyn Transport>, language: Language) -> Self {
        Self { transport, language, token: None, purpose: None }
    }

    /// With a bearer token.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.into());
        self
    }

    /// For rows about persons: what they are read for.
    #[must_use]
    pub fn for_purpose(mut self, purpose: &str) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// The same in another language.
    #[must_use]
    pub fn speaking(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Whether paths of files mean the same here and at the server.
    pub fn is_local(&self) -> bool {
        self.transport.is_local()
    }

    /// Where the server is, for people.
    pub fn server(&self) -> &str {
        self.transport.server()
    }

    /// Sends a call and reads its answer.
    pub async fn send<T: DeserializeOwned>(&self, call: Call<T>) -> Result<T, Failure> {
        Ok(self.send_versioned(call).await?.value)
    }

    /// Sends a call and reads its answer with the version of the thing.
    pub async fn send_versioned<T: DeserializeOwned>(&self, call: Call<T>) -> Result<Versioned<T>, Failure> {
        let request = call.into_request();
        let path = request.path.clone();
        let (body, etag) = self.exchange(&request).await?;
        let value = Call::<T>::read(&body).map_err(|error| unreadable(&path, &error))?;
        Ok(Versioned { value, etag })
    }

    /// Sends an untyped request; gives the body of the answer and its version.
    pub async fn exchange(&self, request: &Request) -> Result<(Bytes, Option<String>), Failure> {
        let response = self.open(request, None).await?;
        let etag = response.headers().get(ETAG).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = self.collect(&request.path, response.into_body()).await?;
        Ok((body, etag))
    }

    /// Sends a request, with another body than JSON when one is given, and gives the answer as soon as it begins: for
    /// downloads, uploads and events. Anything but success is read whole and given as a failure.
    pub async fn open(
        &self,
        request: &Request,
        body: Option<(&'static str, WireBody)>,
    ) -> Result<http::Response<WireBody>, Failure> {
        let response = self.transport.send(self.build(request, body)?).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let media = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = self.collect(&request.path, response.into_body()).await?;
        if media.is_some_and(|media| media.starts_with(PROBLEM_JSON)) {
            let problem: Problem = serde_json::from_slice(&body).map_err(|error| unreadable(&request.path, &error))?;
            return Err(Failure::Problem(Box::new(problem)));
        }
        Err(unreadable(&request.path, &status))
    }

    /// Sends a file in pieces, for a request that names it by its number.
    pub async fn upload(
        &self,
        name: &str,
        pieces: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    ) -> Result<Upload, Failure> {
        let request = upload::put(name).into_request();
        let body = StreamBody::new(pieces.map_ok(Frame::data).map_err(BodyError::from)).boxed_unsync();
        let response = self.open(&request, Some(("application/octet-stream", body))).await?;
        let body = self.collect(&request.path, response.into_body()).await?;
        Call::<Upload>::read(&body).map_err(|error| unreadable(&request.path, &error))
    }

    /// Follows a job until it is over.
    pub async fn watch(&self, id: &str) -> Result<impl Stream<Item = Result<Job, Failure>> + Send + use<>, Failure> {
        let request = job::events(id).into_request();
        let path = request.path.clone();
        let response = self.open(&request, None).await?;
        let bytes = BodyDataStream::new(response.into_body()).map_err(std::io::Error::other);
        let events = SseStream::from_bytes_stream(bytes);
        Ok(events.filter_map(move |event| {
            let read = match event {
                Ok(event) => {
                    event.data.map(|data| serde_json::from_str(&data).map_err(|error| unreadable(&path, &error)))
                }
                Err(error) => Some(Err(unreadable(&path, &error))),
            };
            std::future::ready(read)
        }))
    }

    fn build(
        &self,
        request: &Request,
        body: Option<(&'static str, WireBody)>,
    ) -> Result<http::Request<WireBody>, Failure> {
        let method = match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Patch => http::Method::PATCH,
            Method::Delete => http::Method::DELETE,
        };
        let target = match request.query.as_str() {
            "" => request.path.clone(),
            query => format!("{}?{query}", request.path),
        };
        let mut built =
            http::Request::builder().method(method).uri(target).header(ACCEPT_LANGUAGE, self.language.tag());
        if let Some(token) = &self.token {
            built = built.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(purpose) = &self.purpose {
            built = built.header(PURPOSE, purpose.as_ref());
        }
        if let Some(etag) = &request.if_match {
            built = built.header(IF_MATCH, etag);
        }
        let body = match (body, &request.body) {
            (Some((media, body)), _) => {
                built = built.header(CONTENT_TYPE, media);
                body
            }
            (None, Some(json)) => {
                built = built.header(CONTENT_TYPE, "application/json");
                whole(Bytes::from(json.to_string()))
            }
            (None, None) => whole(Bytes::new()),
        };
        built.body(body).map_err(|error| unreadable(&request.path, &error))
    }

    async fn collect(&self, path: &str, body: WireBody) -> Result<Bytes, Failure> {
        let collected = body.collect().await.map_err(|error| Failure::Unreachable {
            server: self.server().to_owned(),
            cause: format!("{path}: {error}"),
        })?;
        Ok(collected.to_bytes())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.server())
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

/// A body that is there as a whole.
pub fn whole(bytes: Bytes) -> WireBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// The pieces of a body as they come.
pub fn chunks(body: WireBody) -> impl Stream<Item = Result<Bytes, BodyError>> + Send + Unpin {
    BodyDataStream::new(body)
}

fn unreadable(path: &str, cause: &dyn std::fmt::Display) -> Failure {
    Failure::Unreadable { path: path.to_owned(), cause: cause.to_string() }
}
