//! Versions of answers (`ETag`): a reader that has the newest gets 304, a writer says which one its change is based on.

use crate::cx::Asker;
use crate::problem::ApiError;
use crate::promised::readable;
use crate::state::Api;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use tower::ServiceExt;
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;

/// Refuses a change with `If-Match` when what it changes is no longer what the request knows: `GET` of the thing, asked by the
/// same person in the same language, says which version that is. Asked right before the change is made.
pub(crate) async fn based_on(State(api): State<Api>, request: Request, next: Next) -> Response {
    let Some(wanted) = text(request.headers(), &IF_MATCH).filter(|_| request.method() != Method::GET) else {
        return next.run(request).await;
    };
    let question = question(&request);
    let current = match question {
        Some(question) => current(&api, question).await,
        None => None,
    };
    if current.is_some_and(|tag| lists(&wanted, &tag)) {
        return next.run(request).await;
    }
    ApiError::new(Fault::Conflict, Message::new("api-changed-meanwhile")).into_response()
}

/// How whoever changes a thing would ask for it.
fn question(request: &Request) -> Option<Request> {
    let described = request.extensions().get::<MatchedPath>()?;
    let path = readable(described.as_str(), request.uri().path())?;
    let mut question = Request::builder().uri(path).body(Body::empty()).ok()?;
    let language = request.headers().get(ACCEPT_LANGUAGE).map(|value| (ACCEPT_LANGUAGE, value.clone()));
    question.headers_mut().extend(language);
    question.extensions_mut().insert(request.extensions().get::<Asker>()?.clone());
    Some(question)
}

/// The version of what is asked for; none when it is not there.
async fn current(api: &Api, question: Request) -> Option<String> {
    let answer = match api.router().oneshot(question).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    text(answer.headers(), &ETAG)
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
    use super::lists;

    #[test]
    fn lists_of_versions_and_weak_ones_are_read() {
        assert!(lists("\"a\", W/\"b\"", "\"b\""));
        assert!(lists("*", "\"b\""));
        assert!(!lists("\"a\"", "\"b\""));
    }
}
