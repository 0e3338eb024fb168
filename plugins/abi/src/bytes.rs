//! Bytes that cross the interface: borrowed (`ZgStr`), owned (`ZgBuf`), and errors made of them.
//!
//! Bytes are never NUL-terminated and memory is never freed by the other side's allocator: an owned buffer carries the
//! function that frees it.

use std::ffi::c_void;

/// Borrowed bytes, valid for the duration of the call that they are passed to. UTF-8 where a text is meant.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct ZgStr {
    /// First byte; may be NULL when `len` is 0.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

/// Owned bytes. The holder calls `release` exactly once, when it is set.
#[repr(C)]
#[derive(Debug)]
pub struct ZgBuf {
    /// First byte; may be NULL when `len` is 0.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
    /// The producer's own.
    pub owner: *mut c_void,
    /// Frees the bytes; NULL for bytes that need no freeing, such as constants.
    pub release: Option<unsafe extern "C" fn(*mut ZgBuf)>,
}

/// What went wrong. The caller sets `struct_size` and empties the rest; the callee fills what fits.
#[repr(C)]
#[derive(Debug)]
pub struct ZgError {
    /// Size of this struct in bytes as the caller knows it.
    pub struct_size: u32,
    /// One of the `ZG_E_` codes.
    pub code: i32,
    /// For `ZG_E_RATE_LIMIT`: how long to wait; 0 when unknown.
    pub retry_after_ms: u32,
    /// Zero.
    pub reserved: u32,
    /// For people who read logs, UTF-8, English.
    pub message: ZgBuf,
    /// JSON object: `key` and `args` of the plugin's catalogue, and whatever helps to find the place.
    pub detail: ZgBuf,
}

impl ZgStr {
    /// Borrows the text for the duration of a call.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self { ptr: text.as_ptr(), len: text.len() }
    }

    /// The bytes.
    ///
    /// # Safety
    /// `ptr` is NULL or points to `len` readable bytes that live and stay unchanged for `'a`.
    #[must_use]
    pub const unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.ptr.is_null() || self.len == 0 || self.len > isize::MAX as usize {
            return &[];
        }
        // SAFETY: not NULL and not too long; the caller promises readable bytes for 'a.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

impl ZgBuf {
    /// Nothing, to be filled by a producer.
    #[must_use]
    pub const fn empty() -> Self {
        Self { ptr: std::ptr::null(), len: 0, owner: std::ptr::null_mut(), release: None }
    }

    /// Owns the bytes; they are freed by the side that made them, whoever calls `release`.
    #[must_use]
    pub fn from_vec(bytes: Vec<u8>) -> Self {
        let owner = Box::new(bytes);
        let (ptr, len) = (owner.as_ptr(), owner.len());
        Self { ptr, len, owner: Box::into_raw(owner).cast(), release: Some(release_vec) }
    }

    /// Copies the bytes out and releases the buffer, which is empty afterwards.
    ///
    /// # Safety
    /// `ptr` is NULL or points to `len` readable bytes, and `release`, when set, may be called once with this buffer.
    #[must_use]
    pub unsafe fn take(&mut self) -> Vec<u8> {
        // SAFETY: the caller's promise about `ptr` and `len`; the slice is copied before the release.
        let bytes = unsafe { ZgStr { ptr: self.ptr, len: self.len }.bytes() }.to_vec();
        // SAFETY: the caller's promise about `release`.
        unsafe { self.discard() };
        bytes
    }

    /// Releases the buffer without reading it; it is empty afterwards.
    ///
    /// # Safety
    /// `release`, when set, may be called once with this buffer.
    pub unsafe fn discard(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the caller's promise; the fields are cleared below, so it happens once.
            unsafe { release(self) };
        }
        *self = Self::empty();
    }
}

unsafe extern "C" fn release_vec(buffer: *mut ZgBuf) {
    // SAFETY: only set by `from_vec` on a buffer that owns a boxed Vec; the holder passes that buffer, or NULL.
    unsafe {
        if let Some(buffer) = buffer.as_mut()
            && !buffer.owner.is_null()
        {
            drop(Box::from_raw(buffer.owner.cast::<Vec<u8>>()));
            *buffer = ZgBuf::empty();
        }
    }
}

impl ZgError {
    /// An empty error of this version's size, to be filled by the callee.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            code: 0,
            retry_after_ms: 0,
            reserved: 0,
            message: ZgBuf::empty(),
            detail: ZgBuf::empty(),
        }
    }
}
