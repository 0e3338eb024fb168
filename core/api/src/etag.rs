//! Versions of answers (`ETag`): a reader that has the newest gets 304, a writer says which one its change is based on.

use crate::problem::ApiError;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::fmt::Write;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;

/// The version that a change is based on, as the request says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfMatch(Option<String>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(text(&parts.headers, &IF_MATCH)))
    }
}

impl IfMatch {
    /// Whether the thing is still as the request knows it: `current` is what `GET` would answer. A request that says
    /// nothing changes whatever is there.
    pub(crate) fn holds<T: Serialize>(&self, current: &T) -> Result<(), ApiError> {
        let Some(wanted) = &self.0 else { return Ok(()) };
        let body = serde_json::to_vec(current).unwrap_or_default();
        if lists(wanted, &tag(&body)) {
            return Ok(());
        }
        Err(ApiError::new(Fault::Conflict, Message::new("api-changed-meanwhile")))
    }
}

/// Gives every JSON answer to `GET` its version, and answers 304 to a reader that has it.
pub(crate) async fn versions(request: Request, next: Next) -> Response {
    let get = request.method() == Method::GET;
    let known = text(request.headers(), &IF_NONE_MATCH);
    let mut response = next.run(request).await;
    let json = response.headers().get(CONTENT_TYPE).is_some_and(|media| media.as_bytes() == b"application/json");
    if response.status() != StatusCode::OK || !json {
        return response;
    }
    let body = std::mem::replace(response.body_mut(), Body::empty());
    // JSON answers are made as a whole before they get here, so that nothing is gathered that was not in memory.
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "an answer broke off");
            return ApiError::new(Fault::Internal, Message::new("api-broken").with("problem", "")).into_response();
        }
    };
    let tag = tag(&body);
    if get && known.is_some_and(|known| lists(&known, &tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(http::header::CONTENT_LENGTH);
    } else {
        *response.body_mut() = Body::from(body);
    }
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, value);
    }
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}

fn text(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Whether a list of versions holds this one, or any will do.
fn lists(list: &str, tag: &str) -> bool {
    list.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The version of an answer.
fn tag(body: &[u8]) -> String {
    let mut text = String::with_capacity(34);
    text.push('"');
    for byte in Sha256::digest(body).iter().take(16) {
        // Writing to a String never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::{IfMatch, lists, tag};

    #[test]
    fn a_change_based_on_the_present_version_passes_and_one_based_on_another_does_not() {
        let body = serde_json::to_vec(&["now"]).expect("JSON");
        assert!(IfMatch(Some(tag(&body))).holds(&["now"]).is_ok());
        assert!(IfMatch(Some(tag(&body))).holds(&["later"]).is_err());
        assert!(IfMatch(None).holds(&["later"]).is_ok());
    }

    #[test]
    fn lists_of_versions_and_weak_ones_are_read() {
        assert!(lists("\"a\", W/\"b\"", "\"b\""));
        assert!(lists("*", "\"b\""));
        assert!(!lists("\"a\"", "\"b\""));
    }
}
