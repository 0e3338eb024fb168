//! The host of plugins: finds them, refuses what must not run, loads libraries, calls them, and reads their rows.
//!
//! A folder with a manifest is found without running any of its code ([`scan`]); its library is opened only by
//! [`Plugin::load`], after manifest, interface version and hash have been settled. Calls block: a caller on an async
//! runtime wraps them. Nothing here trusts a number, a pointer's presence or a text that a plugin hands over; what it
//! must trust is that a pointer which is there points to what the interface says. The host never unloads a library,
//! never shows text of its own making to people, and never knows what the rows mean.
#![deny(unsafe_op_in_unsafe_fn)]

pub mod check;
mod error;
mod found;
mod import;
mod inprocess;
mod instance;
mod library;
mod outgoing;
mod plugin;
mod runner;
mod services;
mod settings;
pub mod signing;
mod wire;
mod worker;

pub use error::{HostError, ManifestRule, PluginFailure, Retry};
pub use found::{Found, Pin, Scan, scan};
pub use instance::{CancelHandle, HostReader, Instance};
pub use plugin::{Component, Described, Plugin};
pub use runner::{Placement, Rows, Runner, RunningInstance, RunningRead};
pub use services::{LogLevel, NoServices, Services};
pub use worker::{Access, Confinement, Limits, WORKER_WORD, WorkerSettings, worker_main};
#[doc(hidden)]
pub use worker::{fuzz, linked_workers, worker_process};
pub use zhengai_plugin_abi::{ErrorClass, ZG_ABI_MAJOR, ZG_ABI_MINOR, ZgOpen};

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];
