//! Versions and result codes. Numbers are never reused.

/// Major version of the interface: a different major does not load.
pub const ZG_ABI_MAJOR: u32 = 1;
/// Minor version: members were appended, nothing else.
pub const ZG_ABI_MINOR: u32 = 0;
/// Both in one number: `major << 16 | minor`.
pub const ZG_ABI: u32 = (ZG_ABI_MAJOR << 16) | ZG_ABI_MINOR;
/// Name of the one exported symbol.
pub const ZG_ENTRY: &str = "zg_plugin_open";

/// Done.
pub const ZG_OK: i32 = 0;
/// The plugin cannot serve this version of the interface.
pub const ZG_E_ABI: i32 = 1;
/// The configuration or the request is wrong; a person mends it.
pub const ZG_E_CONFIG: i32 = 2;
/// A passing trouble; try again later.
pub const ZG_E_TRANSIENT: i32 = 3;
/// The system refused: disk, memory, permission.
pub const ZG_E_SYSTEM: i32 = 4;
/// The data cannot be read; other streams may go on.
pub const ZG_E_DATA: i32 = 5;
/// The other side does not accept who we are.
pub const ZG_E_AUTH: i32 = 6;
/// The plugin does not do this.
pub const ZG_E_UNSUPPORTED: i32 = 7;
/// Somebody asked to stop.
pub const ZG_E_CANCELLED: i32 = 8;
/// The other side took too long.
pub const ZG_E_TIMEOUT: i32 = 9;
/// The other side asks for fewer calls.
pub const ZG_E_RATE_LIMIT: i32 = 10;
/// The plugin's code failed; the instance is of no further use.
pub const ZG_E_PANIC: i32 = 11;

/// The major version inside a packed one.
#[must_use]
pub const fn abi_major(abi: u32) -> u32 {
    abi >> 16
}

/// The minor version inside a packed one.
#[must_use]
pub const fn abi_minor(abi: u32) -> u32 {
    abi & 0xffff
}

/// Who must act: the classes of the codes above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The plugin cannot serve this version of the interface.
    Abi,
    /// Configuration or request is wrong; a person mends it.
    Config,
    /// Passing trouble; try again.
    Transient,
    /// The system refused: disk, memory, permission.
    System,
    /// The data cannot be read.
    Data,
    /// The other side does not accept who we are.
    Auth,
    /// The plugin does not do this.
    Unsupported,
    /// Somebody asked to stop.
    Cancelled,
    /// The other side took too long.
    Timeout,
    /// The other side asks for fewer calls.
    RateLimit,
    /// The plugin's code failed.
    Panic,
}

impl ErrorClass {
    /// Its number in the C interface.
    #[must_use]
    pub const fn code(self) -> i32 {
        match self {
            Self::Abi => ZG_E_ABI,
            Self::Config => ZG_E_CONFIG,
            Self::Transient => ZG_E_TRANSIENT,
            Self::System => ZG_E_SYSTEM,
            Self::Data => ZG_E_DATA,
            Self::Auth => ZG_E_AUTH,
            Self::Unsupported => ZG_E_UNSUPPORTED,
            Self::Cancelled => ZG_E_CANCELLED,
            Self::Timeout => ZG_E_TIMEOUT,
            Self::RateLimit => ZG_E_RATE_LIMIT,
            Self::Panic => ZG_E_PANIC,
        }
    }

    /// The class of a number; a number that this version does not know is a system error.
    #[must_use]
    pub const fn from_code(code: i32) -> Self {
        match code {
            ZG_E_ABI => Self::Abi,
            ZG_E_CONFIG => Self::Config,
            ZG_E_TRANSIENT => Self::Transient,
            ZG_E_DATA => Self::Data,
            ZG_E_AUTH => Self::Auth,
            ZG_E_UNSUPPORTED => Self::Unsupported,
            ZG_E_CANCELLED => Self::Cancelled,
            ZG_E_TIMEOUT => Self::Timeout,
            ZG_E_RATE_LIMIT => Self::RateLimit,
            ZG_E_PANIC => Self::Panic,
            _ => Self::System,
        }
    }
}
