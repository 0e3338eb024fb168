//! What an author of a plugin writes against: three traits, one error type and one macro.
//!
//! ```
//! use zhengai_plugin::{Component, Describe, HostHandle, Instance, Plugin, PluginError, Result, Value};
//!
//! struct Greeter;
//!
//! impl Plugin for Greeter {
//!     fn describe(&self) -> Describe {
//!         Describe::new("greeter", env!("CARGO_PKG_VERSION")).component(Component::new("hello").can(&["call"]))
//!     }
//!
//!     fn create(&self, _component: &str, _config: Value, _host: HostHandle) -> Result<Box<dyn Instance>> {
//!         Ok(Box::new(Hello))
//!     }
//! }
//!
//! struct Hello;
//!
//! impl Instance for Hello {
//!     fn call(&mut self, _method: &str, args: Value) -> Result<Value> {
//!         let name = args["name"].as_str().ok_or_else(|| {
//!             PluginError::config("greeter-no-name", "`name` is missing").with("field", "/name")
//!         })?;
//!         Ok(serde_json::json!({ "text": format!("hello, {name}") }))
//!     }
//! }
//!
//! zhengai_plugin::export_plugin!(Greeter);
//! ```
//!
//! The author never meets a pointer. Every function that the host can call, and every step of a stream, runs under a
//! guard: a panic becomes an error value and the instance is of no further use. The guards live here, inside the
//! plugin, because a panic that leaves a shared library ends the whole process.
#![deny(unsafe_op_in_unsafe_fn)]

mod config;
mod describe;
mod error;
#[doc(hidden)]
pub mod export;
mod guard;
mod host;
mod input;
mod instance;
mod layer;
pub mod notify;
mod reader;
mod stream;
mod table;

pub use arrow;
pub use config::Config;
pub use describe::{Component, Describe};
pub use error::{ErrorClass, PluginError, Result};
pub use host::{HostHandle, LogLevel, Secret};
pub use input::Input;
pub use layer::{Layer, policy};
pub use reader::{Batches, Reader};
pub use serde_json;
pub use serde_json::Value;
pub use table::Table;
#[doc(hidden)]
pub use zhengai_plugin_abi as abi;

/// A plugin: says what it is, and makes instances of its components.
pub trait Plugin: Send + Sync + 'static {
    /// Who it is and what it can. Must not do I/O.
    fn describe(&self) -> Describe;

    /// Makes an instance of a component from its configuration.
    fn create(&self, component: &str, config: Value, host: HostHandle) -> Result<Box<dyn Instance>>;
}

/// One configured component. Calls on one instance never overlap; whether to stop is asked through
/// [`HostHandle::is_cancelled`]. Every method that a component does not override answers `unsupported`.
pub trait Instance: Send {
    /// Tries whether the configuration works; a report for people as JSON.
    fn check(&mut self) -> Result<Value> {
        Err(PluginError::unsupported("check"))
    }

    /// What can be read: `{"streams": [...]}`.
    fn discover(&mut self, _request: Value) -> Result<Value> {
        Err(PluginError::unsupported("discover"))
    }

    /// Schema of one stream, without reading it.
    fn schema(&mut self, _stream: Value) -> Result<arrow::datatypes::SchemaRef> {
        Err(PluginError::unsupported("schema"))
    }

    /// Rows in.
    fn read(&mut self, _request: Value) -> Result<Box<dyn Reader>> {
        Err(PluginError::unsupported("read"))
    }

    /// Rows from rows. The request names the transform: `{"transform": "name", …}`.
    fn transform(&mut self, _request: Value, _inputs: Vec<Input>) -> Result<Box<dyn Reader>> {
        Err(PluginError::unsupported("transform"))
    }

    /// Anything small.
    fn call(&mut self, _method: &str, _args: Value) -> Result<Value> {
        Err(PluginError::unsupported("call"))
    }

    /// Rows out; the result says how many were taken.
    fn write(&mut self, _request: Value, _input: Input) -> Result<Value> {
        Err(PluginError::unsupported("write"))
    }
}

/// Exports the plugin that the constructor makes: a value, or a call such as `MyPlugin::new()`.
///
/// Use it once, at the top of the plugin's crate. Built with `panic = "abort"` it does not compile: a plugin that
/// cannot catch its own panics would take the host down with it.
#[macro_export]
macro_rules! export_plugin {
    ($constructor:expr $(,)?) => {
        #[cfg(panic = "abort")]
        ::core::compile_error!(
            "a zhengai plugin must be built with panic = \"unwind\": with \"abort\" a panic would end the host process"
        );

        #[doc(hidden)]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn zg_plugin_open(
            host_abi: u32,
            host: *const $crate::abi::ZgHost,
            out: *mut $crate::abi::ZgPlugin,
            error: *mut $crate::abi::ZgError,
        ) -> i32 {
            // SAFETY: the host calls this symbol as the header says.
            unsafe { $crate::export::open(|| $constructor, host_abi, host, out, error) }
        }
    };
}

/// Like [`export_plugin!`], but a private function of the given name without an exported symbol: for tests that hand an
/// entry to a host in the same process.
#[macro_export]
macro_rules! plugin_entry {
    ($name:ident, $constructor:expr $(,)?) => {
        unsafe extern "C" fn $name(
            host_abi: u32,
            host: *const $crate::abi::ZgHost,
            out: *mut $crate::abi::ZgPlugin,
            error: *mut $crate::abi::ZgError,
        ) -> i32 {
            // SAFETY: the host calls this function as the header says.
            unsafe { $crate::export::open(|| $constructor, host_abi, host, out, error) }
        }
    };
}
