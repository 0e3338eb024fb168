//! Labels on everything that can be clicked: type the label to click it.

use super::Reaction;
use crate::app::Target;
use crate::canvas::Canvas;
use crate::keymap::Chord;
use crate::theme::Role;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

/// Digits first: an input method lets them through.
const LABELS: &str = "1234567890asdfghjklqwertyuiopzxcvbnm";

pub(crate) struct Jump {
    targets: Vec<(char, Rect, Target)>,
}

impl Jump {
    pub(crate) fn new(targets: &[(Rect, Target)]) -> Self {
        let targets =
            LABELS.chars().zip(targets).map(|(label, (area, target))| (label, *area, target.clone())).collect();
        Self { targets }
    }

    pub(crate) fn key(&self, key: &KeyEvent) -> Reaction {
        let KeyCode::Char(typed) = Chord::of(key).code else { return Reaction::Close };
        match self.targets.iter().find(|(label, _, _)| *label == typed) {
            Some((_, _, target)) => Reaction::Hit(target.clone()),
            None => Reaction::Close,
        }
    }

    pub(crate) fn view(&self, canvas: &mut Canvas<'_>) {
        let style = canvas.look.selected(canvas.style(Role::Accent));
        for (label, area, _) in &self.targets {
            canvas.put(area.x, area.y, &label.to_string(), style, area.width);
        }
    }
}
