//! What stands between the network and the paths: the log of who asked what, names of the server, limits, tokens.

use crate::auth::{Gate, address, enter};
use crate::cx::Asker;
use crate::limits::Limits;
use crate::problem::{ApiError, REQUEST_ID, speak};
use crate::state::Api;
use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::load_shed::LoadShedLayer;
use tower::{BoxError, ServiceBuilder};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;
use zhengai_service::config::ServeSettings;

/// Headers of every answer: nothing here is a page, and nothing may make one of it.
const GUARDS: [(HeaderName, HeaderValue); 4] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
];

/// The names by which the server lets itself be called.
#[derive(Debug, Clone)]
enum Names {
    /// Those of this computer: a page in a browser that had its own name point here is turned away.
    Here,
    /// These.
    These(Arc<[String]>),
    /// Any.
    Any,
}

impl Names {
    fn new(settings: &ServeSettings, address: SocketAddr) -> Self {
        match (settings.hosts.as_slice(), address.ip().is_loopback()) {
            ([], true) => Self::Here,
            ([], false) => Self::Any,
            (hosts, _) => Self::These(hosts.into()),
        }
    }

    fn hold(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Here => crate::remote::is_here(host),
            Self::These(hosts) => hosts.iter().any(|one| one.eq_ignore_ascii_case(host)),
        }
    }
}

impl Api {
    /// All paths, for the network.
    pub(super) fn network(&self, settings: &ServeSettings, address: SocketAddr, tls: bool) -> Router {
        let gate = Gate { api: self.clone(), limits: Arc::new(Limits::new(settings)) };
        let overload = ServiceBuilder::new()
            .layer(HandleErrorLayer::new(async |_: BoxError| StatusCode::SERVICE_UNAVAILABLE))
            .layer(LoadShedLayer::new())
            .layer(GlobalConcurrencyLimitLayer::new(settings.requests));
        let late = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, settings.request);
        self.paths()
            .layer(late)
            .layer(RequestBodyTimeoutLayer::new(settings.body))
            .layer(from_fn_with_state(gate, enter))
            .layer(overload)
            .layer(from_fn_with_state(Names::new(settings, address), called))
            .layer(from_fn_with_state(self.clone(), speak))
            .layer(from_fn_with_state(tls, guard))
            .layer(from_fn(log))
            .with_state(self.clone())
    }
}

/// Turns requests away that call the server by a name that is not its own.
async fn called(State(names): State<Names>, request: Request, next: Next) -> Response {
    let host = request.uri().host().map(str::to_owned).or_else(|| host(request.headers()));
    if host.is_some_and(|host| names.hold(&host)) {
        return next.run(request).await;
    }
    ApiError::new(Fault::Forbidden, Message::new("api-other-host")).into_response()
}

/// The name in `Host`, without its port.
fn host(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(HOST)?.to_str().ok()?;
    let authority: http::uri::Authority = text.parse().ok()?;
    Some(authority.host().to_owned())
}

/// Sets the headers that keep browsers from making something else of an answer.
async fn guard(State(tls): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(name, value);
    }
    if tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Writes who asked what, and what came of it. Paths are logged as patterns: ids of students are nobody's business, and
/// tokens, queries and bodies even less.
async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let from = address(&request);
    let response = next.run(request).await;
    let id = response.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let by = response.extensions().get::<Asker>().map_or("-", |asker| asker.actor.name.as_str());
    tracing::info!(
        target: "zhengai_api::access",
        %method,
        path = path.as_deref().unwrap_or("-"),
        status = response.status().as_u16(),
        ms = began.elapsed().as_millis(),
        by,
        %from,
        request = id,
    );
    response
}
