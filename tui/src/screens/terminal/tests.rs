//! The check of the terminal.

use crate::app::{Params, ScreenId};
use crate::testkit::{Fake, Stage};

#[test]
fn it_shows_what_the_terminal_can_do_and_which_key_was_pressed() {
    let fake = Fake::new();
    let mut stage = Stage::open(ScreenId::Terminal, &Params::new(), &fake);
    assert!(stage.text().contains("80x24"), "{}", stage.text());
    assert!(stage.text().contains("良好") && !stage.text().contains("Good"), "{}", stage.text());
    stage.press(r#"f4 "预" "#);
    assert!(stage.row("预").is_some_and(|row| row.contains('预')), "{}", stage.text());
    assert!(stage.cursor().is_some(), "the real cursor is in the field");
    stage.press("Esc Esc");
    assert_ne!(stage.screen(), Some(ScreenId::Terminal));
}

#[test]
fn every_row_of_the_card_is_ten_cells_wide() {
    let fake = Fake::new();
    let mut stage = Stage::open(ScreenId::Terminal, &Params::new(), &fake);
    for sample in super::CARD {
        assert_eq!(crate::theme::Look::default().cells.width(sample), 10, "{sample}");
        assert!(stage.row(sample).is_some_and(|row| row.contains('|')), "{sample}");
    }
}
