//! Errors of the API, and the one place that makes `application/problem+json` of them, in the language of the request.

use crate::cx::language;
use crate::state::Api;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use std::fmt::Write;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_service::ServiceError;
use zhengai_service::text::Texts;
use zhengai_wire::problem::{FieldProblem, PROBLEM_JSON, Problem, status};

/// What a handler gives that answers with JSON.
pub type Answer<T> = Result<Json<T>, ApiError>;

/// The header with the number of a request, as in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How much of the words of a library is taken over into a problem.
const LONGEST_WORDS: usize = 4 << 10;

/// Why a request is not answered.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .0.message.key)]
pub struct ApiError(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Fault,
    status: StatusCode,
    message: Message,
    more: Vec<Line>,
    fields: Vec<(String, Message)>,
    /// Line and column in a text that was sent.
    place: Option<(u64, u64)>,
    retry_after: Option<u64>,
}

/// A line behind an error that counts several.
#[derive(Debug, Clone)]
enum Line {
    /// A message.
    Said(Message),
    /// A message about something that must be named.
    Owned(Message),
    /// A message about a place in a file.
    At(String, Message),
}

impl ApiError {
    /// An error of a class.
    pub fn new(code: Fault, message: Message) -> Self {
        let status = StatusCode::from_u16(status(code)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (more, fields) = (Vec::new(), Vec::new());
        Self(Box::new(Parts { code, status, message, more, fields, place: None, retry_after: None }))
    }

    /// With another status than that of its class: what HTTP itself has a number for.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// With what is wrong in a field of the request: JSON pointer into the body, or name in the query.
    #[must_use]
    pub fn with_field(mut self, pointer: impl Into<String>, message: Message) -> Self {
        self.0.fields.push((pointer.into(), message));
        self
    }

    /// With the seconds after which it may be tried again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Its class.
    pub fn fault(&self) -> Fault {
        self.0.code
    }

    /// The problem as it crosses the wire.
    pub fn problem(&self, texts: &Texts) -> Problem {
        let parts = &*self.0;
        let mut problem = Problem::new(parts.code, parts.message.key.clone(), texts.say(&parts.message));
        problem.status = parts.status.as_u16();
        problem.more = parts.more.iter().map(|line| line.text(texts)).collect();
        let field = |(pointer, message): &(String, Message)| FieldProblem {
            pointer: pointer.clone(),
            detail: texts.say(message),
        };
        problem.fields = parts.fields.iter().map(field).collect();
        (problem.line, problem.column) = parts.place.unzip();
        problem
    }
}

impl Line {
    fn text(&self, texts: &Texts) -> String {
        match self {
            Self::Said(message) => texts.say(message),
            Self::At(place, message) => {
                let text = texts.say(message);
                texts.text("api-line-at", &[("place", place), ("text", &text)])
            }
            Self::Owned(message) => {
                let text = texts.say(message);
                match message.args.iter().find(|(name, _)| name == "owner") {
                    Some((_, owner)) if !text.contains(owner.as_str()) => {
                        texts.text("api-line-at", &[("place", owner), ("text", &text)])
                    }
                    _ => text,
                }
            }
        }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        let mut made = Self::new(error.fault(), error.message());
        match error.fault() {
            Fault::Internal => tracing::error!(?error, "a defect of ours"),
            _ => tracing::debug!(?error, "refused"),
        }
        made.0.more = lines(&error);
        made.0.place = error.place();
        if let ServiceError::Fields { faults } = &error {
            made.0.fields = faults.iter().map(|fault| (fault.pointer.clone(), fault.message.clone())).collect();
        }
        made
    }
}

/// What stands behind an error that counts several.
fn lines(error: &ServiceError) -> Vec<Line> {
    match error {
        ServiceError::Packs { faults } => faults
            .iter()
            .map(|fault| {
                let mut place = fault.file.clone();
                if fault.line != 0 {
                    // Writing to a String never fails.
                    let _ = write!(place, ":{}:{}", fault.line, fault.column);
                }
                Line::At(place, fault.message.clone())
            })
            .collect(),
        ServiceError::Fields { faults } => {
            faults.iter().map(|fault| Line::At(fault.pointer.clone(), fault.message.clone())).collect()
        }
        ServiceError::Roles { faults, .. } => faults.iter().map(|fault| Line::Said(fault.message())).collect(),
        ServiceError::Quarantined { why, .. } => vec![Line::Said(why.clone())],
        ServiceError::Indicators { faults } | ServiceError::Threshold { faults } => {
            faults.iter().cloned().map(Line::Owned).collect()
        }
        _ => Vec::new(),
    }
}

impl IntoResponse for ApiError {
    /// An empty answer that carries the error to `speak`, which alone knows the language.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes a problem of everything that is not a success, and numbers the request.
pub(crate) async fn speak(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let id = crate::ids::random_id();
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let mut response = next.run(request).await;
    if let Some(error) = error_of(&mut response).await {
        let mut problem = error.problem(&api.texts(language));
        problem.request = Some(id.clone());
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut made = (error.0.status, body).into_response();
        // Headers that a layer set stay, for example which methods are allowed.
        made.headers_mut().extend(response.headers_mut().drain().filter_map(|(name, value)| {
            name.filter(|name| ![http::header::CONTENT_TYPE, http::header::CONTENT_LENGTH].contains(name))
                .map(|name| (name, value))
        }));
        *made.extensions_mut() = std::mem::take(response.extensions_mut());
        let headers = made.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if error.0.code == Fault::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = error.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response = made;
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response.headers_mut().insert(http::header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    response.headers_mut().append(http::header::VARY, HeaderValue::from_static("accept-language, authorization"));
    response
}

/// The error of an answer: ours, or what a library answered in its own words.
async fn error_of(response: &mut Response) -> Option<ApiError> {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        return Some(error);
    }
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let body = std::mem::replace(response.body_mut(), Body::empty());
    let words = to_bytes(body, LONGEST_WORDS).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let words = words.trim();
    let (code, key) = match status {
        StatusCode::NOT_FOUND => (Fault::NotFound, "api-no-path"),
        StatusCode::METHOD_NOT_ALLOWED => (Fault::Invalid, "api-no-method"),
        StatusCode::PAYLOAD_TOO_LARGE => (Fault::Exhausted, "api-too-large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (Fault::Invalid, "api-not-json"),
        StatusCode::REQUEST_TIMEOUT => (Fault::Unavailable, "api-too-slow"),
        StatusCode::SERVICE_UNAVAILABLE => (Fault::Unavailable, "api-overloaded"),
        status if status.is_client_error() => (Fault::Invalid, "api-bad-request"),
        _ => (Fault::Internal, "api-broken"),
    };
    Some(ApiError::new(code, Message::new(key).with("problem", words)).with_status(status))
}
