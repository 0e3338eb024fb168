//! The C interface between zhengai and its plugins, in Rust: `repr(C)` structs, codes, and the few helpers that both
//! sides need to move bytes across it.
//!
//! `include/zhengai_plugin.h` is the same interface for C and C++; the tests hold the two together. This crate has no
//! dependencies, knows nothing of the product, and never changes the meaning of a member: tables only grow at the end.
#![deny(unsafe_op_in_unsafe_fn)]

mod arrow;
mod bytes;
mod codes;
mod table;

pub use arrow::{ArrowArray, ArrowArrayStream, ArrowSchema};
pub use bytes::{ZgBuf, ZgError, ZgStr};
pub use codes::{
    ErrorClass, ZG_ABI, ZG_ABI_MAJOR, ZG_ABI_MINOR, ZG_E_ABI, ZG_E_AUTH, ZG_E_CANCELLED, ZG_E_CONFIG, ZG_E_DATA,
    ZG_E_PANIC, ZG_E_RATE_LIMIT, ZG_E_SYSTEM, ZG_E_TIMEOUT, ZG_E_TRANSIENT, ZG_E_UNSUPPORTED, ZG_ENTRY, ZG_OK,
    abi_major, abi_minor,
};
pub use table::{Table, ZgHost, ZgInstance, ZgOpen, ZgPlugin, ZgReader, read_table, write_table};

/// The C header, so that `zhengai plugin new` and tests can write it out.
pub const HEADER: &str = include_str!("../include/zhengai_plugin.h");
