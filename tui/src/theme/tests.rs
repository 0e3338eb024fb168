//! Contrast of all pairs of colours; widths of all glyphs.

use super::{GlyphSet, Level, Look, Rgb, Role, ThemeName};
use crate::text::{Ambiguous, Cells, Ellipsis};
use ratatui::style::Style;

/// What WCAG 2.1 asks of text (success criterion 1.4.3); the theme `high-contrast` keeps to 1.4.6.
fn least(theme: ThemeName) -> f64 {
    if theme == ThemeName::HighContrast { 7.0 } else { 4.5 }
}

/// What is wrong with a style, if anything.
fn fault(theme: ThemeName, level: Level, role: Role, style: Style) -> Option<String> {
    let (Some(front), Some(back)) = (style.fg.and_then(Rgb::of), style.bg.and_then(Rgb::of)) else {
        return Some(format!("{theme:?} {level:?} {role:?} leaves a colour to the terminal: {style:?}"));
    };
    let least = if level == Level::Ansi16 { 4.5 } else { least(theme) };
    let contrast = front.contrast(back);
    (contrast < least).then(|| format!("{theme:?} {level:?} {role:?}: {contrast:.2} : 1"))
}

#[test]
fn every_pair_of_colours_can_be_read_also_on_the_row_of_the_cursor() {
    let mut faults = Vec::new();
    for theme in ThemeName::ALL.into_iter().filter(|theme| *theme != ThemeName::Mono) {
        for level in [Level::Ansi16, Level::Ansi256, Level::True] {
            let look = Look::new(theme, level, GlyphSet::Unicode, Ambiguous::Narrow);
            for role in Role::all() {
                faults.extend(fault(theme, level, role, look.style(role)));
                faults.extend(fault(theme, level, role, look.selected(look.style(role))));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_terminal_without_colours_is_sent_none_and_still_shows_cursor_titles_and_fields() {
    for look in [
        Look::new(ThemeName::Mono, Level::True, GlyphSet::Unicode, Ambiguous::Narrow),
        Look::new(ThemeName::Dark, Level::None, GlyphSet::Unicode, Ambiguous::Narrow),
    ] {
        for role in Role::all() {
            let style = look.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
            assert!(role == Role::Bar || look.selected(style) != style, "{role:?}");
        }
        for role in [Role::Title, Role::Bar, Role::Input, Role::Accent] {
            assert_ne!(look.style(role), look.style(Role::Text), "{role:?}");
        }
    }
}

#[test]
fn every_glyph_is_one_cell_wide_in_every_terminal_and_the_ascii_set_is_ascii() {
    for set in [GlyphSet::Unicode, GlyphSet::Ascii] {
        for glyph in set.glyphs().all() {
            for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
                let cells = Cells { ambiguous, ellipsis: Ellipsis::Dots };
                assert_eq!(cells.width(glyph), 1, "{glyph:?} in {ambiguous:?}");
            }
            assert!(set == GlyphSet::Unicode || glyph.is_ascii(), "{glyph:?}");
        }
    }
}

#[test]
fn the_four_ways_to_have_no_number_and_the_shades_look_different() {
    for set in [GlyphSet::Unicode, GlyphSet::Ascii] {
        let glyphs = set.glyphs();
        let mut all = vec![glyphs.no_data, glyphs.undetermined, glyphs.not_applicable, glyphs.not_due, "0"];
        all.extend(glyphs.shades);
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "{set:?}");
    }
}

#[test]
fn luminance_and_contrast_are_those_of_wcag() {
    assert!((Rgb(255, 255, 255).contrast(Rgb(0, 0, 0)) - 21.0).abs() < 1e-9);
    assert!((Rgb(0x76, 0x76, 0x76).contrast(Rgb(255, 255, 255)) - 4.54).abs() < 0.01);
}
