//! The three tables: what the host offers, what a running read offers, what a plugin offers.
//!
//! Each carries its size. The size given by the side that fills it says how many members exist; a member exists if it
//! fits and is not NULL. Members are only ever appended.

use crate::arrow::{ArrowArrayStream, ArrowSchema};
use crate::bytes::{ZgBuf, ZgError, ZgStr};
use std::ffi::c_void;

/// Services of the host. Valid and callable from any thread until `destroy` of the instance has returned.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ZgHost {
    /// Size in bytes.
    pub struct_size: u32,
    /// Newest version that the host speaks.
    pub abi: u32,
    /// First argument of every function below.
    pub ctx: *mut c_void,
    /// Writes to the log: level 1 error … 5 trace, target, message, fields as a JSON object or empty.
    pub log: Option<unsafe extern "C" fn(*mut c_void, i32, ZgStr, ZgStr, ZgStr)>,
    /// 1 when the plugin should stop soon.
    pub cancelled: Option<unsafe extern "C" fn(*mut c_void) -> i32>,
    /// Progress of a stream: done, total (0 unknown), unit.
    pub progress: Option<unsafe extern "C" fn(*mut c_void, ZgStr, u64, u64, ZgStr)>,
    /// The value of a named secret.
    pub secret: Option<unsafe extern "C" fn(*mut c_void, ZgStr, *mut ZgBuf) -> i32>,
}

/// A running read: an Arrow stream, plus what Arrow streams lack. Released before its instance is destroyed.
#[repr(C)]
#[derive(Debug)]
pub struct ZgReader {
    /// First member, so that a `ZgReader *` is an `ArrowArrayStream *`.
    pub stream: ArrowArrayStream,
    /// Size in bytes of the whole struct.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The cursor that covers every batch returned so far; `ZG_E_UNSUPPORTED` when there is no checkpoint here.
    pub state: Option<unsafe extern "C" fn(*mut ZgReader, *mut ZgBuf) -> i32>,
    /// Details of the last `get_schema` or `get_next` that was not 0.
    pub error: Option<unsafe extern "C" fn(*mut ZgReader, *mut ZgError) -> i32>,
}

/// One configured component of a plugin; its content is the plugin's own.
#[repr(C)]
#[derive(Debug)]
pub struct ZgInstance {
    private: [u8; 0],
}

/// What a plugin does. Calls on one instance never overlap, `cancel` excepted.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ZgPlugin {
    /// On entry of `zg_plugin_open` the room that the host gives, on return the bytes that the plugin filled.
    pub struct_size: u32,
    /// Version that the plugin speaks.
    pub abi: u32,
    /// First argument of `describe` and `create`.
    pub ctx: *mut c_void,
    /// Who it is and what it can, as JSON.
    pub describe: Option<unsafe extern "C" fn(*mut c_void, *mut ZgBuf, *mut ZgError) -> i32>,
    /// Makes an instance of a component from its configuration.
    pub create: Option<
        unsafe extern "C" fn(*mut c_void, ZgStr, ZgStr, *const ZgHost, *mut *mut ZgInstance, *mut ZgError) -> i32,
    >,
    /// Ends an instance.
    pub destroy: Option<unsafe extern "C" fn(*mut ZgInstance)>,
    /// Asks a running call to stop; from any thread.
    pub cancel: Option<unsafe extern "C" fn(*mut ZgInstance)>,
    /// Tries whether the configuration works.
    pub check: Option<unsafe extern "C" fn(*mut ZgInstance, *mut ZgBuf, *mut ZgError) -> i32>,
    /// What can be read.
    pub discover: Option<unsafe extern "C" fn(*mut ZgInstance, ZgStr, *mut ZgBuf, *mut ZgError) -> i32>,
    /// Schema of one stream.
    pub schema: Option<unsafe extern "C" fn(*mut ZgInstance, ZgStr, *mut ArrowSchema, *mut ZgError) -> i32>,
    /// Rows in.
    pub read: Option<unsafe extern "C" fn(*mut ZgInstance, ZgStr, *mut ZgReader, *mut ZgError) -> i32>,
    /// Rows out. The plugin owns the stream from the moment of the call.
    pub write:
        Option<unsafe extern "C" fn(*mut ZgInstance, ZgStr, *mut ArrowArrayStream, *mut ZgBuf, *mut ZgError) -> i32>,
    /// Rows from rows. The plugin owns the streams from the moment of the call.
    pub transform: Option<
        unsafe extern "C" fn(*mut ZgInstance, ZgStr, *mut ArrowArrayStream, usize, *mut ZgReader, *mut ZgError) -> i32,
    >,
    /// Anything small: a method and its arguments as JSON.
    pub call: Option<unsafe extern "C" fn(*mut ZgInstance, ZgStr, ZgStr, *mut ZgBuf, *mut ZgError) -> i32>,
}

/// Type of `zg_plugin_open`.
pub type ZgOpen = unsafe extern "C" fn(u32, *const ZgHost, *mut ZgPlugin, *mut ZgError) -> i32;

impl ZgReader {
    /// A released reader of this version's size, to be filled by a plugin.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            stream: ArrowArrayStream::empty(),
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            state: None,
            error: None,
        }
    }
}

impl ZgPlugin {
    /// A table without members, giving room for those of this version.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            abi: 0,
            ctx: std::ptr::null_mut(),
            describe: None,
            create: None,
            destroy: None,
            cancel: None,
            check: None,
            discover: None,
            schema: None,
            read: None,
            write: None,
            transform: None,
            call: None,
        }
    }
}

/// A table that begins with `struct_size: u32`, for which all zero bytes are a valid value.
///
/// # Safety
/// The type is `repr(C)`, its first four bytes are `struct_size`, zeroed memory is a valid value of it, and it is
/// `Copy` in effect: a bitwise copy owns nothing.
pub unsafe trait Table: Sized {}

// SAFETY: repr(C), struct_size first, pointers and Option<fn> only.
unsafe impl Table for ZgHost {}
// SAFETY: as above.
unsafe impl Table for ZgPlugin {}

/// Copies a table that the other side filled; members beyond its `struct_size` are empty.
///
/// # Safety
/// `table` points to a readable table of at least as many bytes as its `struct_size` says, and of at least four.
#[must_use]
pub unsafe fn read_table<T: Table>(table: *const T) -> T {
    let mut copy = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: the first four bytes are readable, whatever the alignment.
    let given = unsafe { table.cast::<u32>().read_unaligned() } as usize;
    // SAFETY: at most `given` bytes are read, which the caller promises, and at most the size of T written.
    unsafe {
        std::ptr::copy_nonoverlapping(table.cast::<u8>(), copy.as_mut_ptr().cast::<u8>(), given.min(size_of::<T>()));
    }
    // SAFETY: zeroed is valid for a Table, and the bytes copied came from one.
    unsafe { copy.assume_init() }
}

/// Fills the other side's table with as many members as it has room for, and sets its `struct_size` to what was filled.
///
/// # Safety
/// `out` points to writable memory of at least as many bytes as its `struct_size` says, and of at least four.
pub unsafe fn write_table<T: Table>(table: &T, out: *mut T) {
    // SAFETY: the first four bytes are readable, whatever the alignment.
    let room = unsafe { out.cast::<u32>().read_unaligned() } as usize;
    let filled = room.min(size_of::<T>());
    // SAFETY: at most `room` bytes are written, which the caller promises; the source is a whole T.
    unsafe {
        std::ptr::copy_nonoverlapping((&raw const *table).cast::<u8>(), out.cast::<u8>(), filled);
        out.cast::<u32>().write_unaligned(filled as u32);
    }
}
