//! What the description of the API promises, asked of every request: a parameter that no operation has is refused and not
//! passed over, so that a slip of the pen never answers another question; and where a thing that is changed can be read.

use crate::problem::ApiError;
use axum::extract::{MatchedPath, Query, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};
use zhengai_model::fault::Fault;
use zhengai_model::text::Message;

/// By path as it is described and method: the names of its parameters in the query.
type Promises = BTreeMap<String, BTreeMap<&'static str, BTreeSet<String>>>;

static PROMISES: LazyLock<Promises> = LazyLock::new(|| {
    let document = crate::openapi::document();
    let names = |operation: &Operation| {
        let all = operation.parameters.iter().flatten().filter_map(|one| match one {
            RefOr::T(one) => (one.parameter_in == ParameterIn::Query).then(|| one.name.clone()),
            RefOr::Ref(_) => None,
        });
        all.collect::<BTreeSet<String>>()
    };
    let of = |item: &utoipa::openapi::PathItem| {
        let all = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ];
        all.into_iter().filter_map(|(method, one)| Some((method, names(one.as_ref()?)))).collect()
    };
    document.paths.paths.iter().map(|(path, item)| (path.clone(), of(item))).collect()
});

/// Refuses a parameter in the query that the operation does not have, and names those that it has.
pub(crate) async fn parameters(request: Request, next: Next) -> Response {
    match unknown(&request) {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    }
}

fn unknown(request: &Request) -> Option<ApiError> {
    request.uri().query().filter(|query| !query.is_empty())?;
    let path = request.extensions().get::<MatchedPath>()?;
    let known = PROMISES.get(path.as_str())?.get(request.method().as_str())?;
    // What cannot be read as a query at all is refused by whoever reads it.
    let Query(given) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok()?;
    let (name, _) = given.into_iter().find(|(name, _)| !known.contains(name))?;
    let message = match known.is_empty() {
        true => Message::new("api-no-parameters").with("name", &name),
        false => {
            let known = known.iter().map(String::as_str).collect::<Vec<&str>>().join(", ");
            Message::new("api-unknown-parameter").with("name", &name).with("known", known)
        }
    };
    Some(ApiError::new(Fault::Invalid, message.clone()).with_field(name, message))
}

/// The path at which the thing can be read that a request to this path changes: the nearest at or above it.
/// `/v1/warnings/29/acts` changes `/v1/warnings/29`.
pub(crate) fn readable<'a>(described: &str, path: &'a str) -> Option<&'a str> {
    let (mut described, mut path) = (described, path);
    loop {
        if PROMISES.get(described).is_some_and(|methods| methods.contains_key("GET")) {
            return Some(path);
        }
        described = described.rsplit_once('/')?.0;
        path = path.rsplit_once('/')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn what_a_request_changes_is_read_at_its_path_or_above() {
        assert_eq!(readable("/v1/warnings/{id}/acts", "/v1/warnings/29/acts"), Some("/v1/warnings/29"));
        assert_eq!(readable("/v1/users/{name}", "/v1/users/li"), Some("/v1/users/li"));
        assert_eq!(readable("/v1/users", "/v1/users"), Some("/v1/users"));
        assert_eq!(readable("/v2/none", "/v2/none"), None);
    }
}
