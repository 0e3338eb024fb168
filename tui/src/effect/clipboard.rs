//! The clipboard of the terminal (OSC 52): reaches the person's own machine through SSH.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Terminals drop longer sequences.
const LIMIT: usize = 74_994;

/// The sequence that puts text into the clipboard; nothing when it is longer than terminals take.
pub fn osc52(text: &str) -> Option<String> {
    let encoded = STANDARD.encode(text);
    (encoded.len() <= LIMIT).then(|| format!("\x1b]52;c;{encoded}\x07"))
}

#[cfg(test)]
mod tests {
    use super::osc52;

    #[test]
    fn chinese_goes_into_the_clipboard_as_utf8() {
        assert_eq!(osc52("预警").as_deref(), Some("\x1b]52;c;6aKE6K2m\x07"));
        assert_eq!(osc52(&"x".repeat(80_000)), None);
    }
}
