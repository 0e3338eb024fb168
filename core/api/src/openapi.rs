//! The description of the API, made from the types: what `GET /v1/openapi.json` answers and `docs/api/openapi.json` holds.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, Ref, RefOr, Response};
use utoipa::{PartialSchema, ToSchema};
use zhengai_wire::problem::{PROBLEM_JSON, Problem};

/// What any operation may answer when it does not succeed.
const PROBLEMS: [(&str, &str); 14] = [
    ("400", "The request cannot be read."),
    ("401", "No valid token."),
    ("403", "The person may not do this."),
    ("404", "Something named does not exist."),
    ("405", "The path knows no such method."),
    ("408", "The request came too slowly."),
    ("409", "The state of the thing forbids this, or it changed meanwhile."),
    ("413", "The body is too large."),
    ("415", "The body is of another type."),
    ("422", "The request breaks a rule."),
    ("429", "Too many requests or jobs, or no room."),
    ("499", "Somebody asked to stop."),
    ("500", "A defect of the server."),
    ("503", "Something needed is not there now."),
];

/// The whole description.
pub fn document() -> OpenApi {
    let (_, mut document) = crate::routes::all().split_for_parts();
    document.info = InfoBuilder::new()
        .title("zhengai")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Diagnosis and improvement of teaching quality at a vocational college (诊改)."))
        .build();
    let components = document.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    let mut schemas = Vec::new();
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("token", bearer);
    document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    for item in document.paths.paths.values_mut() {
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        all.into_iter().flatten().for_each(complete);
    }
    document
}

/// The whole description as it is committed: JSON that people can compare.
pub fn document_text() -> String {
    // A description made from types has no key that JSON could not hold.
    serde_json::to_string_pretty(&document()).unwrap_or_default()
}

/// Adds the answers that an operation has in common with all others. Whatever a handler says of them, they are problems.
fn complete(operation: &mut Operation) {
    name(operation);
    for (status, text) in PROBLEMS {
        let said = match operation.responses.responses.get(status) {
            Some(RefOr::T(response)) if !response.description.is_empty() => response.description.clone(),
            _ => text.to_owned(),
        };
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
        let mut response = Response::new(said);
        response.content.insert(PROBLEM_JSON.to_owned(), RefOr::T(problem));
        operation.responses.responses.insert(status.to_owned(), RefOr::T(response));
    }
}

/// Names an operation after its area as well: two areas may both `show`.
fn name(operation: &mut Operation) {
    let area = operation.tags.as_ref().and_then(|tags| tags.first()).map(|tag| tag.replace('-', "_"));
    let (Some(area), Some(own)) = (area, &operation.operation_id) else { return };
    if !own.starts_with(&area) {
        operation.operation_id = Some(format!("{area}_{own}"));
    }
}
