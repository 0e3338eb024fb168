//! The structs of the Arrow C data and stream interfaces, laid out as the Arrow specification says.
//!
//! They own nothing in Rust's eyes: no `Drop`. Whoever holds one calls its `release` exactly once.

use std::ffi::{c_char, c_int, c_void};

/// A type with its children: <https://arrow.apache.org/docs/format/CDataInterface.html>.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowSchema {
    /// Type as a format string, for example `u` for text.
    pub format: *const c_char,
    /// Name of the field; may be NULL.
    pub name: *const c_char,
    /// Key-value pairs in the specification's binary form; may be NULL.
    pub metadata: *const c_char,
    /// Nullable and the like.
    pub flags: i64,
    /// Number of children.
    pub n_children: i64,
    /// The children.
    pub children: *mut *mut ArrowSchema,
    /// Type of the dictionary's values; NULL without a dictionary.
    pub dictionary: *mut ArrowSchema,
    /// Frees everything; NULL marks a released struct.
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

/// One array, or one batch as an array of structs.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowArray {
    /// Number of rows.
    pub length: i64,
    /// Number of nulls, -1 when not counted.
    pub null_count: i64,
    /// Rows to skip at the start of the buffers.
    pub offset: i64,
    /// Number of buffers.
    pub n_buffers: i64,
    /// Number of children.
    pub n_children: i64,
    /// The buffers.
    pub buffers: *mut *const c_void,
    /// The children.
    pub children: *mut *mut ArrowArray,
    /// The dictionary's values; NULL without a dictionary.
    pub dictionary: *mut ArrowArray,
    /// Frees everything; NULL marks a released struct, and the end of a stream.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

/// A stream of batches: <https://arrow.apache.org/docs/format/CStreamInterface.html>.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowArrayStream {
    /// Writes the schema; 0 or an errno code.
    pub get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    /// Writes the next batch, a released one at the end; 0 or an errno code.
    pub get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    /// Text of the last error, valid until the next call; may return NULL.
    pub get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    /// Frees everything; NULL marks a released stream.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

impl ArrowSchema {
    /// A released schema, to be filled by a producer.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            format: std::ptr::null(),
            name: std::ptr::null(),
            metadata: std::ptr::null(),
            flags: 0,
            n_children: 0,
            children: std::ptr::null_mut(),
            dictionary: std::ptr::null_mut(),
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

impl ArrowArray {
    /// A released array, to be filled by a producer.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: std::ptr::null_mut(),
            children: std::ptr::null_mut(),
            dictionary: std::ptr::null_mut(),
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

impl ArrowArrayStream {
    /// A released stream, to be filled by a producer.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            get_schema: None,
            get_next: None,
            get_last_error: None,
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}
