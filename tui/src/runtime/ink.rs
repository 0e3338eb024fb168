//! Writes cells: moves, colours and attributes only where they are needed. A terminal moves its cursor itself behind what it
//! prints; it is told where to go only where cells are left out, and behind a character of which terminals may have another
//! idea of the width than we.

use crossterm::cursor::MoveTo;
use crossterm::queue;
use crossterm::style::{Attribute, Colors, Print, SetAttribute, SetBackgroundColor, SetColors, SetForegroundColor};
use ratatui::backend::IntoCrossterm;
use ratatui::buffer::{Cell, CellWidth};
use ratatui::style::{Color, Modifier};
use std::io::{self, Write};

/// What each modifier is to a terminal.
const ATTRIBUTES: [(Modifier, Attribute); 9] = [
    (Modifier::BOLD, Attribute::Bold),
    (Modifier::DIM, Attribute::Dim),
    (Modifier::ITALIC, Attribute::Italic),
    (Modifier::UNDERLINED, Attribute::Underlined),
    (Modifier::SLOW_BLINK, Attribute::SlowBlink),
    (Modifier::RAPID_BLINK, Attribute::RapidBlink),
    (Modifier::REVERSED, Attribute::Reverse),
    (Modifier::HIDDEN, Attribute::Hidden),
    (Modifier::CROSSED_OUT, Attribute::CrossedOut),
];

/// The look in which the terminal prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    fore: Color,
    back: Color,
    modifier: Modifier,
}

impl Look {
    /// That of a terminal that was told nothing.
    const PLAIN: Self = Self { fore: Color::Reset, back: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fore: cell.fg, back: cell.bg, modifier: cell.modifier }
    }
}

/// Writes cells in their order, for a terminal that prints plainly; it does so afterwards too.
pub(super) fn write<'a>(out: &mut impl Write, cells: impl IntoIterator<Item = (u16, u16, &'a Cell)>) -> io::Result<()> {
    let mut look = Look::PLAIN;
    // Where the terminal's cursor stands, when that is beyond doubt.
    let mut cursor = None;
    for (x, y, cell) in cells {
        if cursor != Some((x, y)) {
            queue!(out, MoveTo(x, y))?;
        }
        look = dress(out, look, Look::of(cell))?;
        queue!(out, Print(cell.symbol()))?;
        cursor = is_certain(cell.symbol()).then(|| (x.saturating_add(cell.cell_width()), y));
    }
    if look != Look::PLAIN {
        queue!(out, SetAttribute(Attribute::Reset))?;
    }
    Ok(())
}

/// Says what differs between two looks.
fn dress(out: &mut impl Write, mut from: Look, to: Look) -> io::Result<Look> {
    if !(from.modifier - to.modifier).is_empty() {
        // Terminals do not agree on how one attribute alone is taken back.
        queue!(out, SetAttribute(Attribute::Reset))?;
        from = Look::PLAIN;
    }
    for (modifier, attribute) in ATTRIBUTES {
        if (to.modifier - from.modifier).contains(modifier) {
            queue!(out, SetAttribute(attribute))?;
        }
    }
    let (fore, back) = (to.fore.into_crossterm(), to.back.into_crossterm());
    match (from.fore == to.fore, from.back == to.back) {
        (true, true) => {}
        (false, true) => queue!(out, SetForegroundColor(fore))?,
        (true, false) => queue!(out, SetBackgroundColor(back))?,
        (false, false) => queue!(out, SetColors(Colors::new(fore, back)))?,
    }
    Ok(to)
}

/// Whether every terminal moves by the same number of cells for it: one character, plain or wide by Unicode for ever. Not
/// so what Unicode calls ambiguous (quotes, lines, circled numbers), emoji, and whatever is put together of several.
fn is_certain(symbol: &str) -> bool {
    let mut letters = symbol.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return false };
    matches!(letter,
        ' '..='~'
        // The ellipsis of the house and braille, of which its lines and charts are made.
        | '⋯' | '\u{2800}'..='\u{28FF}'
        // Marks of Chinese and Japanese texts, without those that are emoji too.
        | '\u{3000}'..='\u{3029}'
        // Kana.
        | '\u{3041}'..='\u{3096}' | '\u{309B}'..='\u{30FF}'
        // Ideographs.
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        // Hangul.
        | '\u{AC00}'..='\u{D7A3}'
        // Full-width letters and marks.
        | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}')
}

#[cfg(test)]
mod tests {
    use super::{is_certain, write};
    use crate::text::{Ambiguous, Cells};
    use proptest::prelude::*;
    use ratatui::buffer::{Buffer, CellWidth};
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};
    use std::collections::BTreeMap;
    use unicode_segmentation::UnicodeSegmentation;

    /// The bytes of a row of 40 cells in which a text stands, as a terminal that shows nothing gets them.
    fn bytes(text: &str, style: Style) -> String {
        let area = Rect::new(0, 0, 40, 1);
        let mut buffer = Buffer::empty(area);
        Cells::default().put(&mut buffer, 0, 0, text, style, 40);
        let mut out = Vec::new();
        write(&mut out, Buffer::empty(area).diff(&buffer)).expect("a vector takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_chinese_line_is_sent_as_it_is_read_with_one_move() {
        let text = "预警：12项，「计算机」专业かな한국어ab⣿";
        assert_eq!(bytes(text, Style::new()), ["\u{1b}[1;1H", text].concat());
    }

    #[test]
    fn behind_a_character_of_doubtful_width_the_terminal_is_told_where_it_is() {
        assert_eq!(bytes("“优”良", Style::new()), "\u{1b}[1;1H“\u{1b}[1;2H优”\u{1b}[1;5H良");
        assert_eq!(bytes("①a", Style::new()), "\u{1b}[1;1H①\u{1b}[1;2Ha");
        assert_eq!(bytes("⚠\u{FE0F}好", Style::new()), "\u{1b}[1;1H⚠\u{FE0F}\u{1b}[1;3H好");
        assert_eq!(bytes("e\u{301}好", Style::new()), "\u{1b}[1;1He\u{301}\u{1b}[1;2H好");
    }

    #[test]
    fn a_look_is_said_once_and_taken_back_at_the_end() {
        let style = Style::new().fg(Color::Indexed(2)).add_modifier(Modifier::BOLD);
        assert_eq!(bytes("达标", style), "\u{1b}[1;1H\u{1b}[1m\u{1b}[38;5;2m达标\u{1b}[0m");
        let area = Rect::new(0, 0, 6, 1);
        let mut buffer = Buffer::empty(area);
        buffer.set_string(0, 0, "a", style);
        buffer.set_string(1, 0, "b", Style::new().fg(Color::Indexed(2)));
        buffer.set_string(2, 0, "c", Style::new().fg(Color::Indexed(2)).bg(Color::Indexed(4)));
        let mut out = Vec::new();
        write(&mut out, Buffer::empty(area).diff(&buffer)).expect("a vector takes all");
        let expected = "\u{1b}[1;1H\u{1b}[1m\u{1b}[38;5;2ma\u{1b}[0m\u{1b}[38;5;2mb\u{1b}[48;5;4mc\u{1b}[0m";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }

    /// What a terminal shows that has its own idea of how wide doubtful characters are: the cell in which each begins.
    fn shown(bytes: &str, doubtful: u16) -> BTreeMap<u16, String> {
        let (mut at, mut cells) = (0, BTreeMap::new());
        let mut rest = bytes;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("\u{1b}[1;")
                && let Some((column, after)) = after.split_once('H')
            {
                at = column.parse::<u16>().expect("a column") - 1;
                rest = after;
                continue;
            }
            let one = rest.graphemes(true).next().expect("not empty");
            let width = if is_certain(one) { one.cell_width() } else { doubtful };
            for covered in at..at + width {
                cells.remove(&covered);
            }
            cells.insert(at, one.to_owned());
            at += width;
            rest = &rest[one.len()..];
        }
        cells
    }

    proptest! {
        #[test]
        fn whatever_a_terminal_thinks_of_doubtful_characters_all_others_stand_at_their_place(
            text in r#"([a-z ]|[一-龥]|[“”①…·×─■●▲⚠☑]|👍|[あ-ん]|e\u{301}){0,30}"#,
            wide in any::<bool>(),
            doubtful in 1_u16..=2,
        ) {
            let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
            let area = Rect::new(0, 0, 40, 1);
            let mut buffer = Buffer::empty(area);
            Cells { ambiguous, ..Cells::default() }.put(&mut buffer, 0, 0, &text, Style::new(), 40);
            let mut before = Buffer::empty(area);
            before.set_string(0, 0, "#".repeat(40), Style::new());
            let mut out = Vec::new();
            write(&mut out, before.diff(&buffer)).expect("a vector takes all");
            let shown = shown(&String::from_utf8(out).expect("UTF-8"), doubtful);
            let mut x = 0;
            while x < 40 {
                let cell = &buffer[(x, 0)];
                if is_certain(cell.symbol()) {
                    prop_assert_eq!(shown.get(&x).map(String::as_str), Some(cell.symbol()), "cell {} of {:?}", x, text);
                }
                x += cell.cell_width().max(1);
            }
        }
    }
}
