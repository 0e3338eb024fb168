//! The first extractor of every handler: who asks, in which language, from where, and the ways to the college.

use crate::jobs::{Order, Work};
use crate::problem::ApiError;
use crate::state::{Api, Writing};
use axum::Json;
use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use std::path::PathBuf;
use std::sync::Arc;
use zhengai_model::fault::Fault;
use zhengai_model::text::{Language, Message, Names};
use zhengai_service::college::{College, Opening};
use zhengai_service::text::Texts;
use zhengai_service::{Actor, ServiceError};
use zhengai_wire::Job;
use zhengai_wire::upload::FileRef;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// From this very process: its paths are ours.
    Memory,
    /// Over the network.
    Network,
}

/// Who asks. Put into a request by the transport in memory or by the authentication of the server; a request without one
/// gets no answer.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The person.
    pub actor: Actor,
    /// Where from.
    pub origin: Origin,
}

/// A number that two requests share only when they ask for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(pub(crate) u64);

/// What a handler knows of its request.
#[derive(Clone)]
pub struct Cx {
    /// Who asks.
    pub actor: Actor,
    /// Texts in the language of the request.
    pub texts: Arc<Texts>,
    /// Where from.
    pub origin: Origin,
    pub(crate) api: Api,
    pub(crate) fingerprint: Option<Fingerprint>,
}

impl std::fmt::Debug for Cx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx").field("actor", &self.actor.name).field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl FromRequestParts<Api> for Cx {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let Some(asker) = parts.extensions.get::<Asker>().cloned() else {
            return Err(ApiError::new(Fault::Unauthenticated, Message::new("api-no-token")));
        };
        Ok(Self {
            actor: asker.actor,
            texts: api.texts(language(&parts.headers)),
            origin: asker.origin,
            api: api.clone(),
            fingerprint: parts.extensions.get::<Fingerprint>().copied(),
        })
    }
}

impl Cx {
    /// The college, to read from, as this person.
    pub async fn read(&self) -> Result<College, ApiError> {
        Ok(self.api.college().await?.acting(self.actor.clone()))
    }

    /// The college, to write to, as this person: waits for its turn.
    pub async fn write(&self) -> Result<Writing, ApiError> {
        self.api.writing_soon(self.actor.clone()).await
    }

    /// How the college is opened by this person: for use cases that work on a college which cannot be opened.
    pub fn opening(&self) -> Result<Opening, ApiError> {
        Ok(self.api.opening(self.actor.clone())?)
    }

    /// Now, by the clock of the house.
    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.api.now()
    }

    /// The text of a message.
    pub fn say(&self, message: &Message) -> String {
        self.texts.say(message)
    }

    /// A label from Chinese and English names.
    pub fn label(&self, names: &Names) -> String {
        names.get(self.texts.language()).to_owned()
    }

    /// The file that a request names: a path, when it comes from this process, or an upload of this person.
    pub fn local_file(&self, file: &FileRef) -> Result<PathBuf, ApiError> {
        match (&file.path, &file.upload) {
            (Some(path), None) if self.origin == Origin::Memory => Ok(PathBuf::from(path)),
            (Some(_), None) => Err(ApiError::new(Fault::Forbidden, Message::new("api-path-from-afar"))),
            (None, Some(id)) => self.api.uploads().find(id, &self.actor),
            _ => Err(ApiError::new(Fault::Invalid, Message::new("api-one-file"))),
        }
    }

    /// Starts work that takes long, on a thread of its own. The very same request while this one waits or runs gives the
    /// same job. The value that the work ends with is the job's `result`.
    pub async fn start(
        &self,
        kind: &'static str,
        subject: String,
        work: impl AsyncFnOnce(Work) -> Result<serde_json::Value, ServiceError> + Send + 'static,
    ) -> Result<(StatusCode, Json<Job>), ApiError> {
        let job = self.api.jobs().start(self, Order { kind, subject }, work)?;
        Ok((StatusCode::ACCEPTED, Json(job)))
    }
}

/// The language that a client prefers among ours; Chinese where it names none.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Language::Chinese, 0.0);
    for part in wanted.split(',') {
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=").and_then(|text| text.parse().ok()).unwrap_or(0.0);
        let main = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let language = match main.as_str() {
            "zh" => Language::Chinese,
            "en" => Language::English,
            _ => continue,
        };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::language;
    use http::{HeaderMap, HeaderValue};
    use zhengai_model::text::Language;

    fn of(text: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
        language(&headers)
    }

    #[test]
    fn the_heaviest_language_of_ours_wins_and_chinese_where_there_is_none() {
        assert_eq!(language(&HeaderMap::new()), Language::Chinese);
        assert_eq!(of("en"), Language::English);
        assert_eq!(of("fr, en-GB;q=0.5, zh;q=0.4"), Language::English);
        assert_eq!(of("en;q=0.1, zh-CN"), Language::Chinese);
        assert_eq!(of("de, fr;q=0.9"), Language::Chinese);
        assert_eq!(of("en;q=nonsense"), Language::Chinese);
    }
}
