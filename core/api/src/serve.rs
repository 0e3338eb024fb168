//! The server: loopback by default, TLS by certificate files, limits on everything that a stranger sends, a clean end.
//! Requests that are not encrypted are taken from this very computer only, unless the settings say otherwise.

mod door;
mod network;

use crate::state::Api;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum_server::Handle;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use door::{Clockwork, Door};
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_service::ServiceError;
use zhengai_service::config::{Clear, ServeSettings};

/// How much longer than the jobs the connections get, to tell of their end; at most a quarter of the time for both.
const FAREWELL: Duration = Duration::from_secs(2);

/// Most headers of a request.
const HEADERS: usize = 64;

/// Bytes of the head of a request.
const HEAD: usize = 64 << 10;

/// Streams of one connection of HTTP/2.
const STREAMS: u32 = 64;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Other computers would reach the server unencrypted.
    #[error("{address} without a certificate")]
    Clear {
        /// The address.
        address: String,
    },
    /// A certificate without its key, or the other way round.
    #[error("certificate and key go together")]
    Half,
    /// Certificate or key cannot be used.
    #[error("cannot use {} and its key", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A key that others may read.
    #[error("others may read {}", path.display())]
    KeyExposed {
        /// The file.
        path: PathBuf,
    },
    /// The college cannot be served.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Explain for ServeError {
    fn fault(&self) -> Fault {
        match self {
            Self::Listen { .. } => Fault::Unavailable,
            Self::Clear { .. } | Self::Half | Self::Certificate { .. } | Self::KeyExposed { .. } => Fault::Invalid,
            Self::Service(error) => error.fault(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Listen { address, source } => {
                Message::new("api-serve-listen").with("address", address).with("problem", source)
            }
            Self::Clear { address } => Message::new("api-serve-clear").with("address", address),
            Self::Half => Message::new("api-serve-half"),
            Self::Certificate { path, source } => {
                Message::new("api-serve-certificate").with("path", path.display()).with("problem", source)
            }
            Self::KeyExposed { path } => Message::new("api-serve-key-exposed").with("path", path.display()),
            Self::Service(error) => error.message(),
        }
    }
}

/// A server that has its address and its certificate, and is about to serve.
pub struct Server {
    api: Api,
    settings: ServeSettings,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Takes the address and reads the certificate, whose files are meant from `data`. What a crash left open in the
    /// college is settled, unless somebody else writes at the moment.
    pub async fn bind(api: Api, settings: ServeSettings, data: &Path) -> Result<Self, ServeError> {
        let tls = certificate(&settings, data).await?;
        let wanted: SocketAddr = settings
            .listen
            .parse()
            .map_err(|_| ServiceError::BadSetting { key: "serve.listen".to_owned(), value: settings.listen.clone() })?;
        if tls.is_none() && !wanted.ip().is_loopback() && settings.clear == Clear::Loopback {
            return Err(ServeError::Clear { address: settings.listen });
        }
        let failed = |source| ServeError::Listen { address: wanted.to_string(), source };
        let listener = TcpListener::bind(wanted).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        api.settle().await?;
        Ok(Self { api, settings, listener, address, tls })
    }

    /// Where it is reached, as clients write it.
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `stop` is ready; then takes no more connections, asks jobs to stop, waits for them, and closes the
    /// record. Whether everything ended in time.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Result<bool, ServeError> {
        let Self { api, settings, listener, address, tls } = self;
        let handle = Handle::new();
        let app = api.network(&settings, address, tls.is_some()).into_make_service_with_connect_info::<SocketAddr>();
        let serving = serve(listener, tls, app, &settings, handle.clone());
        let mut serving = std::pin::pin!(serving);
        let failed = |source| ServeError::Listen { address: address.to_string(), source };
        tokio::select! {
            ended = &mut serving => {
                ended.map_err(failed)?;
                return Ok(api.close(settings.stop).await);
            }
            () = stop => tracing::info!("stopping"),
        }
        let jobs = settings.stop.saturating_sub(FAREWELL.min(settings.stop / 4));
        handle.graceful_shutdown(Some(settings.stop));
        let (ended, served) = tokio::join!(api.close(jobs), serving);
        served.map_err(failed)?;
        Ok(ended)
    }
}

async fn serve(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    app: IntoMakeServiceWithConnectInfo<axum::Router, SocketAddr>,
    settings: &ServeSettings,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    let most = settings.connections;
    let mut server = axum_server::from_tcp(listener)?.handle(handle.clone());
    let builder = server.http_builder();
    builder.http1().timer(Clockwork).header_read_timeout(settings.header).max_headers(HEADERS).max_buf_size(HEAD);
    let mut streams = builder.http2();
    streams.timer(Clockwork).max_header_list_size(HEAD as u32).max_concurrent_streams(STREAMS);
    streams.keep_alive_interval(settings.header).keep_alive_timeout(settings.header);
    match tls {
        None => server.map(|plain: DefaultAcceptor| Door::new(plain, handle, most)).serve(app).await,
        Some(config) => {
            let tls = RustlsAcceptor::new(config).handshake_timeout(settings.header);
            server.acceptor(Door::new(tls, handle, most)).serve(app).await
        }
    }
}

/// The certificate and its key, when the settings name them.
async fn certificate(settings: &ServeSettings, data: &Path) -> Result<Option<RustlsConfig>, ServeError> {
    let (certificate, key) = match (&settings.tls_certificate, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (data.join(certificate), data.join(key)),
        _ => return Err(ServeError::Half),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(&key).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            return Err(ServeError::KeyExposed { path: key });
        }
    }
    crate::tls::provide();
    let config = RustlsConfig::from_pem_file(&certificate, &key).await;
    config.map(Some).map_err(|source| ServeError::Certificate { path: certificate, source })
}
