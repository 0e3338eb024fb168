//! Keys as people write them: `Ctrl+P`, `Shift+F6`, `g g`. Reads, prints and compares them; folds what a Chinese input
//! method makes of a key into the key itself.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// A key with its modifiers. Letters carry their case in the code and never a Shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// Its modifiers.
    pub modifiers: KeyModifiers,
}

const NAMED: [(&str, KeyCode); 20] = [
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Insert", KeyCode::Insert),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Space", KeyCode::Char(' ')),
    // Short words for scripts of tests.
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Del", KeyCode::Delete),
    ("Ins", KeyCode::Insert),
    ("BackTab", KeyCode::BackTab),
];

impl Chord {
    /// The chord of a key that was pressed, with full-width characters and the punctuation of Chinese input methods
    /// folded into the key that was meant.
    pub fn of(key: &KeyEvent) -> Self {
        let modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        match key.code {
            KeyCode::BackTab => Self { code: KeyCode::Tab, modifiers: modifiers | KeyModifiers::SHIFT },
            KeyCode::Char(letter) => {
                let folded = fold(letter);
                let mut modifiers = modifiers - KeyModifiers::SHIFT;
                // Ctrl+letter reaches a terminal without its case; Alt+letter is meant without it.
                let held = modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
                let code = if held { folded.to_ascii_lowercase() } else { folded };
                if folded == ' ' {
                    modifiers |= key.modifiers & KeyModifiers::SHIFT;
                }
                Self { code: KeyCode::Char(code), modifiers }
            }
            code => Self { code, modifiers },
        }
    }

    /// Reads `Ctrl+P`, `Alt+Left`, `Shift+Tab`, `F5`, `:`.
    pub fn parse(text: &str) -> Option<Self> {
        let raw = Self::parse_raw(text)?;
        Some(Self::of(&KeyEvent::new(raw.code, raw.modifiers)))
    }

    /// Reads a key as it was printed, without folding: for recordings.
    pub fn parse_raw(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once('+').filter(|(head, tail)| !head.is_empty() && !tail.is_empty())
        {
            modifiers |= match head.to_ascii_lowercase().as_str() {
                "ctrl" => KeyModifiers::CONTROL,
                "alt" => KeyModifiers::ALT,
                "shift" => KeyModifiers::SHIFT,
                _ => return None,
            };
            rest = tail;
        }
        let mut letters = rest.chars();
        let code = match (letters.next(), letters.next()) {
            (Some(letter), None) => KeyCode::Char(letter),
            _ => named(rest)?,
        };
        // Terminals send Ctrl with the small letter.
        let code = match code {
            KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(letter.to_ascii_lowercase())
            }
            code => code,
        };
        Some(Self { code, modifiers })
    }

    /// The event of pressing it, for scripts and replays.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }

    /// Whether an input method would swallow it: a plain letter, digit or mark.
    pub fn is_plain(self) -> bool {
        matches!(self.code, KeyCode::Char(letter) if letter != ' ')
            && !self.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (flag, word) in
            [(KeyModifiers::CONTROL, "Ctrl+"), (KeyModifiers::ALT, "Alt+"), (KeyModifiers::SHIFT, "Shift+")]
        {
            if self.modifiers.contains(flag) {
                f.write_str(word)?;
            }
        }
        match self.code {
            KeyCode::Char(letter) if letter != ' ' => {
                if self.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
                    write!(f, "{}", letter.to_ascii_uppercase())
                } else {
                    write!(f, "{letter}")
                }
            }
            KeyCode::F(number) => write!(f, "F{number}"),
            code => match NAMED.iter().find(|(_, named)| *named == code) {
                Some((word, _)) => f.write_str(word),
                None => f.write_str("?"),
            },
        }
    }
}

/// A key to be pressed after another: `g g`. Most have one chord.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Keys(pub Vec<Chord>);

impl Keys {
    /// Reads chords with spaces between.
    pub fn parse(text: &str) -> Option<Self> {
        let chords: Option<Vec<Chord>> = text.split_whitespace().map(Chord::parse).collect();
        chords.filter(|chords| !chords.is_empty()).map(Self)
    }

    /// Whether an input method would swallow one of them.
    pub fn is_plain(&self) -> bool {
        self.0.iter().any(|chord| chord.is_plain())
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, chord) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            chord.fmt(f)?;
        }
        Ok(())
    }
}

fn named(text: &str) -> Option<KeyCode> {
    if let Some(number) = text.strip_prefix(['F', 'f']).and_then(|number| number.parse().ok()) {
        return (1..=24).contains(&number).then_some(KeyCode::F(number));
    }
    NAMED.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, code)| *code)
}

/// What was meant by a character that a Chinese input method made: full-width forms, and the marks that stand on the
/// same keys.
pub fn fold(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        '《' => '<',
        '》' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '￥' => '$',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::{Chord, Keys};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn what_is_printed_reads_back_as_the_same_key() {
        for text in ["Ctrl+P", "Shift+F6", "Alt+Left", "Space", "g g", ":", "G", "Shift+Tab", "+", "Ctrl+Alt+X", "F12"]
        {
            let keys = Keys::parse(text).expect(text);
            assert_eq!(Keys::parse(&keys.to_string()), Some(keys), "{text}");
        }
        for odd in ["", "Hyper+x", "F0", "F25", "Entre"] {
            assert_eq!(Keys::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_a_chinese_input_method_makes_of_a_key_is_that_key() {
        for (typed, meant) in
            [('：', ":"), ('／', "/"), ('、', "/"), ('？', "?"), ('ｊ', "j"), ('Ｇ', "G"), ('【', "[")]
        {
            let pressed = Chord::of(&KeyEvent::new(KeyCode::Char(typed), KeyModifiers::NONE));
            assert_eq!(Some(pressed), Chord::parse(meant), "{typed}");
        }
    }

    #[test]
    fn terminals_that_say_shift_or_leave_it_out_mean_the_same_letter() {
        let with = Chord::of(&KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT));
        let without = Chord::of(&KeyEvent::new(KeyCode::Char('G'), KeyModifiers::NONE));
        assert_eq!(with, without);
        let back = Chord::of(&KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT));
        assert_eq!(Some(back), Chord::parse("Shift+Tab"));
    }
}
