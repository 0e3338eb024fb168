//! Small things that several files need: numbers that nobody guesses.

use std::fmt::Write;

/// Sixteen random bytes in hexadecimal. Without a source of randomness there is no number and no service.
pub(crate) fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "the system gives no random numbers");
    }
    let mut text = String::with_capacity(32);
    for byte in bytes {
        // Writing to a String never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
