//! One operation of the API, ready to be sent. A call is data: it can be compared, recorded and replayed.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// What stays as it is in a segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Method of HTTP, as far as this API uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or does something.
    Post,
    /// Puts a thing in place of another.
    Put,
    /// Changes parts.
    Patch,
    /// Removes, or cancels.
    Delete,
}

/// A request without the type of its answer: what transports, recorders and undo lists handle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path from the root of the server, segments encoded.
    pub path: String,
    /// Query in form encoding, without the question mark; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    /// The version of the thing that this change is based on (`ETag`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_match: Option<String>,
}

/// An operation whose answer is a `T`.
pub struct Call<T> {
    request: Request,
    answer: PhantomData<fn() -> T>,
}

impl<T> Call<T> {
    /// A call to a path made of segments, each of which is encoded: `["warnings", id]`.
    pub fn new(method: Method, segments: &[&str]) -> Self {
        let mut path = String::from(crate::ROOT);
        for segment in segments {
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        }
        let request = Request { method, path, query: String::new(), body: None, if_match: None };
        Self { request, answer: PhantomData }
    }

    /// Reads.
    pub fn get(segments: &[&str]) -> Self {
        Self::new(Method::Get, segments)
    }

    /// Creates, or does something.
    pub fn post(segments: &[&str]) -> Self {
        Self::new(Method::Post, segments)
    }

    /// Puts a thing in place of another.
    pub fn put(segments: &[&str]) -> Self {
        Self::new(Method::Put, segments)
    }

    /// Changes parts.
    pub fn patch(segments: &[&str]) -> Self {
        Self::new(Method::Patch, segments)
    }

    /// Removes, or cancels.
    pub fn delete(segments: &[&str]) -> Self {
        Self::new(Method::Delete, segments)
    }

    /// With a query. Fields that are `None` are left out.
    #[must_use]
    pub fn query<Q: Serialize>(mut self, query: &Q) -> Self {
        // A query is a flat struct of words and numbers; one that is not is found by the test of its call.
        self.request.query = serde_urlencoded::to_string(query).unwrap_or_default();
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn body<B: Serialize>(mut self, body: &B) -> Self {
        self.request.body = serde_json::to_value(body).ok();
        self
    }

    /// Based on this version of the thing: refused with `conflict` when it has changed since.
    #[must_use]
    pub fn if_match(mut self, etag: Option<&str>) -> Self {
        self.request.if_match = etag.map(str::to_owned);
        self
    }

    /// The request without the type of its answer.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The request without the type of its answer.
    pub fn into_request(self) -> Request {
        self.request
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// Reads an answer that came for this call. An empty body is JSON `null`, which `()` takes.
    pub fn read(body: &[u8]) -> Result<T, serde_json::Error> {
        serde_json::from_slice(if body.is_empty() { b"null" } else { body })
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), answer: PhantomData }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Call;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Query {
        unit: Option<&'static str>,
        limit: Option<u64>,
    }

    #[test]
    fn segments_and_queries_carry_chinese_and_slashes_and_leave_out_what_is_not_given() {
        let call: Call<()> =
            Call::get(&["objects", "a/b", "计算机 网络"]).query(&Query { unit: Some("信息&学院"), limit: None });
        assert_eq!(call.request().path, "/v1/objects/a%2Fb/%E8%AE%A1%E7%AE%97%E6%9C%BA%20%E7%BD%91%E7%BB%9C");
        assert_eq!(call.request().query, "unit=%E4%BF%A1%E6%81%AF%26%E5%AD%A6%E9%99%A2");
    }

    #[test]
    fn a_request_survives_being_recorded() {
        let call: Call<()> =
            Call::post(&["warnings", "7", "assign"]).body(&serde_json::json!({"to": "王"})).if_match(Some("\"3\""));
        let text = serde_json::to_string(call.request()).expect("JSON");
        assert_eq!(&serde_json::from_str::<super::Request>(&text).expect("a request"), call.request());
    }
}
