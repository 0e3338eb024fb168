//! Who comes in over the network: bearer tokens (令牌). The record knows only their hashes, so that comparing one tells
//! nothing of another; wrong ones are counted by address.

use crate::cx::{Asker, Origin};
use crate::limits::Limits;
use crate::problem::ApiError;
use crate::state::Api;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;
use zhengai_service::Actor;
use zhengai_service::college::College;
use zhengai_wire::client::PURPOSE;

/// Longest token that is looked at.
const LONGEST: usize = 512;

/// Longest purpose; of a longer one so much is repeated when it is refused.
const LONGEST_PURPOSE: usize = 64;

/// What the authentication needs.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) api: Api,
    pub(crate) limits: Arc<Limits>,
}

/// Lets those in who show a good token, and counts what everybody asks. Who shows none gets no further than to what
/// everybody may see.
pub(crate) async fn enter(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let address = address(&request);
    let mut asker = None;
    let counted = match bearer(request.headers()) {
        None => gate.limits.address(address).map_err(too_many),
        Some(token) => match gate.known(token, address).await {
            Ok((college, actor)) => {
                let counted = gate.limits.person(&actor.name).map_err(too_many);
                let purpose = purpose(request.headers());
                let known = purpose.as_deref().map_or(Ok(()), |named| college.known_purpose(named));
                asker = Some(Asker { actor: actor.for_purpose(purpose), origin: Origin::Network });
                counted.and(known.map_err(ApiError::from))
            }
            Err(error) => Err(error),
        },
    };
    if let Some(asker) = &asker {
        request.extensions_mut().insert(asker.clone());
    }
    let mut response = match counted {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    // For the log.
    if let Some(asker) = asker {
        response.extensions_mut().insert(asker);
    }
    response
}

impl Gate {
    /// Who has this token, and at which college.
    async fn known(&self, token: &str, address: IpAddr) -> Result<(College, Actor), ApiError> {
        let college = self.api.college().await.map_err(|error| {
            // A stranger is not told of paths.
            tracing::error!(%error, "the college cannot be opened");
            ApiError::new(error.fault(), Message::new("api-college-away"))
        })?;
        match college.authenticate(token, self.api.now()).await {
            Ok(actor) => Ok((college, actor)),
            Err(error) => {
                let error = ApiError::from(error);
                if error.fault() == Fault::Unauthenticated {
                    tracing::warn!(%address, "a wrong token");
                    self.limits.failure(address).map_err(too_many)?;
                }
                Err(error)
            }
        }
    }
}

fn too_many(seconds: u64) -> ApiError {
    let message = Message::new("api-too-often").with("seconds", seconds);
    ApiError::new(Fault::Exhausted, message).with_retry_after(seconds)
}

/// The token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LONGEST).then_some(token)
}

/// The purpose that a request names. What cannot be one is named as it came, so that it is refused and not overheard.
fn purpose(headers: &HeaderMap) -> Option<String> {
    let named = String::from_utf8_lossy(headers.get(PURPOSE)?.as_bytes()).trim().to_owned();
    (!named.is_empty()).then(|| named.chars().take(LONGEST_PURPOSE).collect())
}

/// Where a request comes from.
pub(crate) fn address(request: &Request) -> IpAddr {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    from.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(address)| address.ip())
}

#[cfg(test)]
mod tests {
    use super::{bearer, purpose};
    use http::{HeaderMap, HeaderValue};

    fn of(text: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_str(text).expect("a header"));
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn a_purpose_is_what_stands_in_the_header_and_an_empty_one_is_none() {
        let of = |bytes: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("x-purpose", HeaderValue::from_bytes(bytes).expect("a header"));
            purpose(&headers)
        };
        assert_eq!(of(b" student-care ").as_deref(), Some("student-care"));
        assert_eq!(of(b""), None);
        assert_eq!(of("用途".as_bytes()).as_deref(), Some("用途"));
        assert_eq!(of(&[b'x'; 100]).map(|text| text.len()), Some(64));
    }

    #[test]
    fn only_bearer_tokens_of_a_sane_length_are_looked_at() {
        assert_eq!(of("Bearer zt_1").as_deref(), Some("zt_1"));
        assert_eq!(of("bearer  zt_1 ").as_deref(), Some("zt_1"));
        for bad in ["Basic dTpw", "Bearer", "Bearer ", "zt_1", &format!("Bearer {}", "x".repeat(513))] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
