//! The stage itself: keys arrive, answers arrive, sizes change.

use super::{Fake, Setting, Stage};
use crate::app::{Params, ScreenId};
use crate::theme::{GlyphSet, Level};

#[test]
fn the_frame_can_be_drawn_at_every_size_and_says_when_it_is_too_small() {
    let fake = Fake::new();
    let mut stage = Stage::open(ScreenId::Terminal, &Params::new(), &fake);
    assert!(stage.text().contains("示例职业技术学院"));
    stage.draw_at_every_size().draw_bare_at_every_size();
    assert!(stage.resize(40, 10).text().contains("60"));
}

#[test]
fn a_fake_finds_answers_by_method_and_segments_and_names_what_it_does_not_have() {
    let fake = Fake::new().get("warnings/*/events", &7).get("warnings/3", &8);
    let ask = |path: &[&str]| fake.reply(zhengai_wire::Call::<u32>::get(path).request());
    assert!(ask(&["warnings", "12", "events"]).is_ok());
    assert!(ask(&["warnings", "3"]).is_ok());
    assert!(ask(&["warnings", "4"]).is_err());
}

#[test]
fn settings_without_colour_and_with_ascii_differ_from_the_usual_one() {
    let ascii = Setting { glyphs: GlyphSet::Ascii, level: Level::None, ..Setting::default() };
    assert_ne!(ascii.title(), Setting::default().title());
    let fake = Fake::new();
    let mut stage = Stage::new(ascii, ScreenId::Terminal, &Params::new(), &fake);
    assert!(!stage.text().contains('⠒'));
}
