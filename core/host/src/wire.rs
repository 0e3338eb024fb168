//! Bytes and codes from a plugin, turned into values and errors of ours.

use crate::{HostError, PluginFailure};
use serde_json::Value;
use zhengai_model::ids::PluginId;
use zhengai_plugin_abi::{ErrorClass, ZG_OK, ZgBuf, ZgError, ZgStr};

/// No JSON of a plugin is larger.
const JSON_LIMIT: usize = 64 * 1024 * 1024;
/// Texts of errors are cut here.
const TEXT_LIMIT: usize = 16 * 1024;
/// Details of errors that are longer are not read.
const DETAIL_LIMIT: usize = 1024 * 1024;

/// An error of the plugin with everything that we know.
pub(crate) fn failed(plugin: &PluginId, class: ErrorClass, text: impl Into<String>) -> HostError {
    HostError::Plugin(Box::new(PluginFailure {
        plugin: plugin.clone(),
        class,
        text: text.into(),
        key: String::new(),
        args: Vec::new(),
        detail: Value::Null,
        retry_after_ms: 0,
    }))
}

/// The plugin's table has no such function.
pub(crate) fn unsupported(plugin: &PluginId, call: &str) -> HostError {
    failed(plugin, ErrorClass::Unsupported, call)
}

/// Somebody asked to stop.
pub(crate) fn cancelled(plugin: &PluginId) -> HostError {
    failed(plugin, ErrorClass::Cancelled, "cancelled")
}

/// The plugin broke a rule of the interface.
pub(crate) fn malformed(plugin: &PluginId, call: &'static str, rule: impl Into<String>) -> HostError {
    HostError::Malformed { plugin: plugin.clone(), call, rule: rule.into() }
}

/// Turns a result code and the error that came with it into a result; the error's buffers are released either way.
///
/// # Safety
/// `error` was filled by the plugin as the header says, or left empty.
pub(crate) unsafe fn outcome(plugin: &PluginId, code: i32, error: &mut ZgError) -> Result<(), HostError> {
    // SAFETY: the caller's promise.
    let (message, detail) = unsafe { (head(&mut error.message, TEXT_LIMIT), head(&mut error.detail, DETAIL_LIMIT)) };
    if code == ZG_OK {
        return Ok(());
    }
    let mut text = cut(&message);
    if text.is_empty() {
        text = format!("code {code}");
    }
    let detail: Value = serde_json::from_slice(&detail).unwrap_or(Value::Null);
    let key = detail.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
    let args = detail.get("args").and_then(Value::as_object);
    let args = args.map(|args| args.iter().map(|(name, value)| (name.clone(), spelt(value))).collect());
    let rest = if key.is_empty() && detail.get("detail").is_none() {
        detail
    } else {
        detail.get("detail").cloned().unwrap_or(Value::Null)
    };
    Err(HostError::Plugin(Box::new(PluginFailure {
        plugin: plugin.clone(),
        class: ErrorClass::from_code(code),
        text,
        key,
        args: args.unwrap_or_default(),
        detail: rest,
        retry_after_ms: error.retry_after_ms,
    })))
}

/// The first bytes of a buffer, which is released: a length that is a lie is followed no further than we would read.
///
/// # Safety
/// The plugin filled the buffer as the header says, or left it empty.
unsafe fn head(buffer: &mut ZgBuf, most: usize) -> Vec<u8> {
    // SAFETY: the caller's promise; the bytes are copied before the release.
    unsafe {
        let bytes = ZgStr { ptr: buffer.ptr, len: buffer.len.min(most) }.bytes().to_vec();
        buffer.discard();
        bytes
    }
}

fn spelt(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Text of any bytes: what is not UTF-8 is replaced, what is too long is cut.
pub(crate) fn cut(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..TEXT_LIMIT).unwrap_or(bytes)).into_owned()
}

/// The JSON in a buffer, which is released.
///
/// # Safety
/// The plugin filled the buffer as the header says, or left it empty.
pub(crate) unsafe fn json(plugin: &PluginId, call: &'static str, buffer: &mut ZgBuf) -> Result<Value, HostError> {
    if buffer.len > JSON_LIMIT {
        let rule = format!("{} bytes of JSON, at most {JSON_LIMIT} are allowed", buffer.len);
        // SAFETY: the caller's promise.
        unsafe { buffer.discard() };
        return Err(malformed(plugin, call, rule));
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { buffer.take() };
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).map_err(|error| malformed(plugin, call, format!("not JSON: {error}")))
}

/// The class of an errno code of an Arrow stream, for plugins that say no more.
pub(crate) fn class_of_errno(code: i32) -> ErrorClass {
    // Linux and, where they differ, macOS and BSD.
    match code {
        4 | 11 | 35 => ErrorClass::Transient,
        13 => ErrorClass::Auth,
        22 | 74 | 84 => ErrorClass::Data,
        38 | 78 | 95 => ErrorClass::Unsupported,
        60 | 110 => ErrorClass::Timeout,
        89 | 125 => ErrorClass::Cancelled,
        _ => ErrorClass::System,
    }
}
