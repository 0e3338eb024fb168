//! Files that travel to the server before a request names them.

use crate::call::Call;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file in a request: where it is on this computer, or the number of an upload. Exactly one of both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// Path on the computer of the server; only honoured when client and server are one process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Number of an upload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<String>,
}

impl FileRef {
    /// A file of this computer.
    pub fn path(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), upload: None }
    }

    /// A file that was uploaded.
    pub fn upload(id: impl Into<String>) -> Self {
        Self { path: None, upload: Some(id.into()) }
    }
}

/// A file that the server holds for the one who sent it, until a request used it or a day has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Upload {
    /// Its number, for [`FileRef::upload`].
    pub id: String,
    /// Name of the file, without folders.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
}

/// `PUT /v1/uploads/{name}`: the body is the file, as `application/octet-stream`. Send it with
/// [`Client::upload`](crate::Client::upload).
pub fn put(name: &str) -> Call<Upload> {
    Call::put(&["uploads", name])
}

/// `DELETE /v1/uploads/{id}`: throws it away.
pub fn discard(id: &str) -> Call<()> {
    Call::delete(&["uploads", id])
}
