//! Widths, cuts, padding and lines of Chinese, emoji, combining marks and text from right to left.

use super::{Align, Ambiguous, Cells, Ellipsis};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

const NARROW: Cells = Cells { ambiguous: Ambiguous::Narrow, ellipsis: Ellipsis::Dots };
const ASCII: Cells = Cells { ambiguous: Ambiguous::Narrow, ellipsis: Ellipsis::Ascii };
const WIDE: Cells = Cells { ambiguous: Ambiguous::Wide, ellipsis: Ellipsis::Dots };

#[test]
fn chinese_takes_two_cells_marks_none_and_ambiguous_quotes_what_the_terminal_gives_them() {
    for (text, narrow, wide) in [
        ("", 0, 0),
        ("abc", 3, 3),
        ("就业率", 6, 6),
        ("e\u{301}", 1, 1),
        ("👨\u{200D}👩\u{200D}👧", 2, 2),
        ("“优”", 4, 6),
        ("a\tb\u{7}", 3, 3),
        ("\u{202E}abc", 3, 3),
    ] {
        assert_eq!((NARROW.width(text), WIDE.width(text)), (narrow, wide), "{text:?}");
    }
}

#[test]
fn text_is_cut_between_characters_and_says_so() {
    for (text, budget, expected) in [
        ("就业率统计", 10, "就业率统计"),
        ("就业率统计", 9, "就业率统⋯"),
        ("就业率统计", 8, "就业率⋯"),
        ("就业", 1, "⋯"),
        ("就业", 0, ""),
    ] {
        assert_eq!(NARROW.truncate(text, budget), expected, "{budget}");
    }
    assert_eq!(ASCII.truncate("就业率统计", 8), "就业率..");
    assert_eq!(ASCII.truncate("就业率", 1), ".");
    assert_eq!(NARROW.truncate_start("/数据/学生.csv", 8), "⋯生.csv");
}

#[test]
fn a_column_is_filled_exactly_and_a_number_that_does_not_fit_is_no_other_number() {
    assert_eq!(NARROW.pad("就业率", 7, Align::Left), "就业率 ");
    assert_eq!(NARROW.pad("就业率", 5, Align::Left), "就业⋯");
    assert_eq!(NARROW.pad("就业率", 4, Align::Right), " 就⋯");
    assert_eq!(NARROW.number("1234.5", 8), "  1234.5");
    assert_eq!(NARROW.number("1234.5", 5), "#####");
}

#[test]
fn points_of_numbers_stand_under_each_other() {
    let mut numbers = ["1.5", "20", "无数据", "3.25"].map(str::to_owned);
    NARROW.align_points(&mut numbers);
    assert_eq!(numbers, ["1.5 ", "20   ", "无数据", "3.25"]);
}

#[test]
fn lines_break_between_chinese_characters_but_not_before_a_comma_or_behind_an_opening_bracket() {
    assert_eq!(NARROW.wrap("就业率低于标准，请核实", 12), ["就业率低于标", "准，请核实"]);
    assert_eq!(NARROW.wrap("就业率低于标准，请核实", 14), ["就业率低于标", "准，请核实"]);
    assert_eq!(NARROW.wrap("见（附表一）说明", 4), ["见", "（附", "表", "一）", "说明"]);
    assert_eq!(NARROW.wrap("run diagnosis again", 8), ["run", "diagnosi", "s again"]);
    assert_eq!(NARROW.wrap("a\n\nb", 8), ["a", "", "b"]);
    assert_eq!(NARROW.wrap("", 8), [""]);
    assert_eq!(NARROW.wrap("就", 1), ["?"]);
}

#[test]
fn an_ambiguous_character_gets_the_cells_that_the_terminal_paints() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
    assert_eq!(WIDE.put(&mut buffer, 0, 0, "“a”", Style::new(), 6), 5);
    let before = Buffer::empty(Rect::new(0, 0, 6, 1));
    let sent: Vec<(u16, String)> =
        before.diff_iter(&buffer).map(|(x, _, cell)| (x, cell.symbol().to_owned())).collect();
    assert_eq!(sent, [(0, "“".to_owned()), (2, "a".to_owned()), (3, "”".to_owned())]);
}

/// Text as it really comes: Chinese, Latin, digits, ambiguous punctuation, emoji, marks, Hebrew, control characters.
fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[一-龥]{1,6}",
        3 => "[a-zA-Z0-9 ./%-]{1,8}",
        2 => "[，。、；：？！（）《》“”…—·①±≥]{1,3}",
        1 => Just("👨\u{200D}👩\u{200D}👧".to_owned()),
        1 => Just("🤦🏼\u{200D}♂\u{FE0F}".to_owned()),
        1 => Just("🇨🇳".to_owned()),
        1 => Just("e\u{301}\u{323}".to_owned()),
        1 => "[א-ת]{1,4}",
        1 => Just("\u{202E}".to_owned()),
        1 => "[\u{0}-\u{1F}\u{7F}]{1,2}",
        1 => "\\PC{0,6}",
    ];
    proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn kinds() -> impl Strategy<Value = Cells> {
    prop_oneof![Just(NARROW), Just(ASCII), Just(WIDE), Just(Cells { ambiguous: Ambiguous::Wide, ..ASCII })]
}

/// Every grapheme of the result stands in the source as a whole.
fn holds_whole_graphemes(cells: Cells, source: &str, result: &str) -> bool {
    let whole: Vec<&str> = cells.pieces(source).map(|(piece, _)| piece).collect();
    let mark = cells.ellipsis.text();
    result.replace(mark, "").graphemes(true).all(|piece| whole.contains(&piece) || matches!(piece, " " | "." | "?"))
}

proptest! {
    #[test]
    fn cut_text_stays_in_its_budget_and_keeps_graphemes_whole(text in texts(), budget in 0u16..40, cells in kinds()) {
        for cut in [cells.truncate(&text, budget), cells.truncate_start(&text, budget), cells.head(&text, budget).into()] {
            prop_assert!(cells.width(&cut) <= budget, "{cut:?}");
        }
        prop_assert!(cells.width(&text) <= budget || holds_whole_graphemes(cells, &text, &cells.truncate(&text, budget)));
    }

    #[test]
    fn padded_text_fills_its_column_exactly(text in texts(), width in 0u16..40, cells in kinds()) {
        for align in [Align::Left, Align::Centre, Align::Right] {
            prop_assert_eq!(cells.width(&cells.pad(&text, width, align)), width);
        }
        prop_assert_eq!(cells.width(&cells.number(&text, width)), width);
    }

    #[test]
    fn wrapped_lines_stay_in_their_width_and_lose_nothing_but_spaces(text in texts(), width in 2u16..30, cells in kinds()) {
        let lines = cells.wrap(&text, width);
        for line in &lines {
            prop_assert!(cells.width(line) <= width, "{line:?}");
        }
        let letters = |text: &str| -> String {
            cells.pieces(text).map(|(piece, _)| piece).filter(|piece| piece.trim() != "").collect()
        };
        prop_assert_eq!(letters(&lines.concat()), letters(&text.replace('\n', " ")));
    }

    #[test]
    fn what_is_painted_takes_the_cells_that_were_measured(text in texts(), room in 0u16..40, cells in kinds()) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        let used = cells.put(&mut buffer, 0, 0, &text, Style::new(), room);
        prop_assert!(used <= room);
        prop_assert_eq!(used, cells.width(&cells.head(&text, room)));
    }
}
