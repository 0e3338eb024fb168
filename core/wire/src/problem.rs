//! Errors as they cross the wire: `application/problem+json` (RFC 9457) with a closed set of codes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhengai_model::fault::Fault;

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, in words for a person and in a code for a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:zhengai:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Status of HTTP, which follows from `code`.
    pub status: u16,
    /// The class of the error; the set is closed.
    #[schema(value_type = String)]
    pub code: Fault,
    /// Key of the text, which says more exactly what happened: `service-no-run`.
    pub key: String,
    /// What happened, where, and what to do, in the language of the request.
    pub detail: String,
    /// What stands behind an error that counts several, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
    /// Which fields of the request are wrong, for forms: JSON pointer and text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Where the error lies in a text that was sent, such as SQL: its line, counting from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The character in that line, counting from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Number of the request, as in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the body, or name in the query.
    pub pointer: String,
    /// What is wrong with it, in the language of the request.
    pub detail: String,
}

impl Problem {
    /// A problem of a class.
    pub fn new(code: Fault, key: impl Into<String>, detail: impl Into<String>) -> Self {
        let word =
            serde_json::to_value(code).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
        Self {
            kind: format!("urn:zhengai:problem:{word}"),
            status: status(code),
            code,
            key: key.into(),
            detail: detail.into(),
            more: Vec::new(),
            fields: Vec::new(),
            line: None,
            column: None,
            request: None,
        }
    }
}

/// The status of HTTP for a class of fault.
pub fn status(fault: Fault) -> u16 {
    match fault {
        Fault::Invalid => 422,
        Fault::NotFound => 404,
        Fault::Conflict => 409,
        Fault::Forbidden => 403,
        Fault::Unauthenticated => 401,
        Fault::Exhausted => 429,
        Fault::Unavailable => 503,
        Fault::Cancelled => 499,
        Fault::Internal => 500,
    }
}

/// Why a call gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The server says what is wrong.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The server cannot be reached, or the connection broke.
    #[error("cannot reach {server}: {cause}")]
    Unreachable {
        /// Address of the server.
        server: String,
        /// What the network says.
        cause: String,
    },
    /// What came is not what this version of the client understands.
    #[error("{path}: {cause}")]
    Unreadable {
        /// Path of the request.
        path: String,
        /// What the parser says.
        cause: String,
    },
}

impl Failure {
    /// Its class.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Problem(problem) => problem.code,
            Self::Unreachable { .. } => Fault::Unavailable,
            Self::Unreadable { .. } => Fault::Internal,
        }
    }
}
