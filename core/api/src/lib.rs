//! The API (接口): the one door to a college. The same router serves the network, the command line and the console; rights
//! are checked in the use cases behind it, never here.
//!
//! A handler takes a [`Cx`] first: it knows who asks, in which language, and from where. `cx.read()` gives the college to
//! read from, `cx.write()` waits for the turn to write, `cx.start()` makes a job of what takes long. Errors of use cases
//! become `application/problem+json` in one place, `problem`.

mod auth;
mod cx;
mod download;
mod etag;
mod ids;
mod jobs;
mod limits;
mod memory;
mod openapi;
mod problem;
mod promised;
pub mod remote;
mod routes;
pub mod serve;
mod state;
mod tls;
mod uploads;

pub use cx::{Asker, Cx, Origin};
pub use openapi::{document, document_text};
pub use problem::{Answer, ApiError};
pub use routes::backup_made;
pub use state::{Api, ApiSettings, Reload, Writing};

pub use jobs::Work;

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

#[cfg(test)]
mod tests;
