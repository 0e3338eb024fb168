//! How runs and verdicts are said, the same in each list: a glyph and a word, then a colour.

use crate::theme::{Glyphs, Role};
use crate::widgets::{Brush, Shown};
use chrono::{DateTime, Utc};
use zhengai_wire::runs::{Movement, RunState};

/// Verdicts in the order in which people read them: word and key of its name.
pub(super) const VERDICTS: [(&str, &str); 7] = [
    ("achieved", "runs-verdict-achieved"),
    ("met", "runs-verdict-met"),
    ("unmet", "runs-verdict-unmet"),
    ("undetermined", "runs-verdict-undetermined"),
    ("not-applicable", "runs-verdict-not-applicable"),
    ("not-due", "runs-verdict-not-due"),
    ("unjudged", "runs-verdict-unjudged"),
];

/// A verdict as a cell.
pub(super) fn verdict(word: &str, brush: &Brush<'_>) -> Shown {
    let glyphs = brush.look.glyphs;
    let (glyph, role) = match word {
        "achieved" => (glyphs.yes, Role::Good),
        "met" => (glyphs.yes, Role::Met),
        "unmet" => (glyphs.no, Role::Bad),
        _ => (" ", Role::Absent),
    };
    let key = VERDICTS.iter().find(|(known, _)| *known == word).map(|(_, key)| *key);
    let name = key.map_or_else(|| word.to_owned(), |key| brush.texts.text(key, &[]));
    Shown::new(brush.texts.text("runs-glyph", &[("glyph", glyph), ("text", &name)]), role)
}

/// A number, or what stands in its place: four things that are never 0.
pub(super) fn value(state: &str, number: Option<&str>, glyphs: &Glyphs) -> Shown {
    match (number, state) {
        (Some(number), _) => Shown::from(number),
        (None, "undetermined") => Shown::new(glyphs.undetermined, Role::Absent),
        (None, "not-applicable") => Shown::new(glyphs.not_applicable, Role::Absent),
        (None, "not-due") => Shown::new(glyphs.not_due, Role::Absent),
        (None, _) => Shown::new(glyphs.no_data, Role::Absent),
    }
}

/// Key of the name of a run's state.
pub(super) fn state_key(state: RunState) -> &'static str {
    match state {
        RunState::Running => "runs-state-running",
        RunState::Finished => "runs-state-finished",
        RunState::Failed => "runs-state-failed",
    }
}

/// The state of a run as a cell.
pub(super) fn state(state: RunState, brush: &Brush<'_>) -> Shown {
    let glyphs = brush.look.glyphs;
    let (glyph, role) = match state {
        RunState::Running => (glyphs.job, Role::Accent),
        RunState::Finished => (glyphs.yes, Role::Good),
        RunState::Failed => (glyphs.no, Role::Bad),
    };
    let name = brush.texts.text(state_key(state), &[]);
    Shown::new(brush.texts.text("runs-glyph", &[("glyph", glyph), ("text", &name)]), role)
}

/// How a verdict moved, as a cell.
pub(super) fn movement(movement: Movement, brush: &Brush<'_>) -> Shown {
    let (key, role) = match movement {
        Movement::Better => ("runs-move-better", Role::Good),
        Movement::Worse => ("runs-move-worse", Role::Bad),
        Movement::Same => ("runs-move-same", Role::Dim),
        Movement::Other => ("runs-move-other", Role::Absent),
        Movement::Appeared => ("runs-move-appeared", Role::Text),
        Movement::Gone => ("runs-move-gone", Role::Absent),
    };
    Shown::new(brush.texts.text(key, &[]), role)
}

/// Key of the name of a layer.
pub(super) fn layer_key(word: &str) -> Option<&'static str> {
    Some(match word {
        "school" => "runs-layer-school",
        "major" => "runs-layer-major",
        "course" => "runs-layer-course",
        "teacher" => "runs-layer-teacher",
        "student" => "runs-layer-student",
        _ => return None,
    })
}

/// The name of a layer.
pub(super) fn layer(word: &str, texts: &zhengai_text::Texts) -> String {
    layer_key(word).map_or_else(|| word.to_owned(), |key| texts.text(key, &[]))
}

/// A moment as people read it.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%m-%d %H:%M").to_string()
}
