//! The API over the network: HTTPS, or plain HTTP to this very computer and no further, because requests carry a token.

use axum::body::Body;
use futures_util::TryStreamExt;
use http_body::Body as _;
use http_body_util::{BodyDataStream, BodyExt};
use reqwest::{Certificate, Url};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_wire::client::Sending;
use zhengai_wire::{Failure, Transport, WireBody};

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an answer may stand still. Streams of events say that they are alive more often.
const SILENCE: Duration = Duration::from_secs(120);

/// Why no transport to a server can be made.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The address is none.
    #[error("{address} is no address of a server")]
    Address {
        /// What was given.
        address: String,
    },
    /// Plain HTTP to another computer: the token would travel in clear.
    #[error("{address} is not encrypted")]
    Clear {
        /// What was given.
        address: String,
    },
    /// The file with the certificate of the authority cannot be used.
    #[error("{} holds no certificate: {cause}", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The client cannot be made.
    #[error("no client: {cause}")]
    Client {
        /// What the library says.
        cause: String,
    },
}

impl Explain for RemoteError {
    fn fault(&self) -> Fault {
        match self {
            Self::Address { .. } | Self::Clear { .. } | Self::Authority { .. } => Fault::Invalid,
            Self::Client { .. } => Fault::Internal,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Address { address } => Message::new("api-server-address").with("address", address),
            Self::Clear { address } => Message::new("api-server-clear").with("address", address),
            Self::Authority { path, cause } => {
                Message::new("api-server-authority").with("path", path.display()).with("problem", cause)
            }
            Self::Client { cause } => Message::new("api-server-client").with("problem", cause),
        }
    }
}

/// A transport to a server.
struct Remote {
    client: reqwest::Client,
    /// Address without a slash at its end.
    base: String,
}

/// A transport to the server at an address, which is trusted when its certificate was signed by the authority given, or by
/// one of the system where none is given. Connects to nothing yet.
pub fn connect(address: &str, authority: Option<&Path>) -> Result<Arc<dyn Transport>, RemoteError> {
    let bad = || RemoteError::Address { address: address.to_owned() };
    let url = Url::parse(address).map_err(|_| bad())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !plain || url.fragment().is_some() || !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    let here = is_here(url.host_str().ok_or_else(bad)?);
    if url.scheme() == "http" && !here {
        return Err(RemoteError::Clear { address: address.to_owned() });
    }
    crate::tls::provide();
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("zhengai/", env!("CARGO_PKG_VERSION")));
    if here {
        builder = builder.no_proxy();
    }
    if let Some(path) = authority {
        builder = builder.tls_certs_only(certificates(path)?);
    }
    let client = builder.build().map_err(|error| RemoteError::Client { cause: chain(&error) })?;
    Ok(Arc::new(Remote { client, base: url.as_str().trim_end_matches('/').to_owned() }))
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, RemoteError> {
    let failed = |cause: String| RemoteError::Authority { path: path.to_path_buf(), cause };
    let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&text).map_err(|error| failed(chain(&error)))?;
    if found.is_empty() {
        return Err(failed("PEM".to_owned()));
    }
    Ok(found)
}

/// Whether a host is this very computer.
pub(crate) fn is_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Transport for Remote {
    fn send(&self, request: http::Request<WireBody>) -> Sending {
        let (client, base) = (self.client.clone(), self.base.clone());
        Box::pin(async move {
            let server = base.clone();
            let failed = move |cause: String| Failure::Unreachable { server: server.clone(), cause };
            let (parts, body) = request.into_parts();
            let target = parts.uri.path_and_query().map(|path| path.as_str()).unwrap_or("/");
            let url = Url::parse(&format!("{base}{target}")).map_err(|error| failed(error.to_string()))?;
            let body = match body.size_hint().exact() {
                Some(0) => None,
                // Made as a whole: its length goes first.
                Some(_) => Some(body.collect().await.map_err(|error| failed(error.to_string()))?.to_bytes().into()),
                None => Some(reqwest::Body::wrap_stream(BodyDataStream::new(body).map_err(std::io::Error::other))),
            };
            let mut sending = client.request(parts.method, url).headers(parts.headers);
            if let Some(body) = body {
                sending = sending.body(body);
            }
            let answer = sending.send().await.map_err(|error| failed(chain(&error.without_url())))?;
            let answer: http::Response<reqwest::Body> = answer.into();
            Ok(answer.map(|body| Body::new(body).map_err(Into::into).boxed_unsync()))
        })
    }

    fn server(&self) -> &str {
        &self.base
    }

    fn is_local(&self) -> bool {
        false
    }
}

/// An error with its causes: the last of them says what is wrong.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{RemoteError, connect};

    #[test]
    fn a_token_never_travels_in_clear_to_another_computer() {
        assert!(matches!(connect("http://college.example", None), Err(RemoteError::Clear { .. })));
        for here in ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(connect(here, None).is_ok(), "{here}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_server_is_refused() {
        for bad in
            ["college.example", "ftp://college.example", "https://u:p@college.example", "https://college.example?x"]
        {
            assert!(matches!(connect(bad, None), Err(RemoteError::Address { .. })), "{bad}");
        }
    }

    #[test]
    fn a_file_without_a_certificate_is_no_authority() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let refused = connect("https://college.example", Some(file.path()));
        assert!(matches!(refused, Err(RemoteError::Authority { .. })));
    }
}
