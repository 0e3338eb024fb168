//! 终端自检: what the terminal can do, as the console sees it: colours, glyphs, widths, keys. What is wrong here is wrong on
//! every screen.

use crate::app::{Answer, Command, Cx, Handled, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::{Action, Chord};
use crate::text::Ambiguous;
use crate::theme::{GlyphSet, Level, Role};
use crate::widgets::Input;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;

/// Texts of ten cells each, if the terminal measures as the console does.
const CARD: [&str; 4] = ["预警诊改表", "abcdefghij", "ａｂｃｄｅ", "数据 12.5%"];
/// What colours stand for, each in its own.
const ROLES: [(Role, &str); 8] = [
    (Role::Good, "terminal-role-good"),
    (Role::Met, "terminal-role-met"),
    (Role::Mild, "terminal-role-mild"),
    (Role::Warn, "terminal-role-warn"),
    (Role::Bad, "terminal-role-bad"),
    (Role::Accent, "terminal-role-accent"),
    (Role::Title, "terminal-role-title"),
    (Role::Dim, "terminal-role-dim"),
];
/// Characters that some terminals paint two cells wide.
const AMBIGUOUS: &str = "│─●▲×·…";

struct Terminal {
    field: Input,
    pressed: Option<Chord>,
    editing: bool,
}

/// Makes the screen.
pub fn build(_params: &Params) -> Box<dyn Screen> {
    Box::new(Terminal { field: Input::default(), pressed: None, editing: false })
}

impl Screen for Terminal {
    fn id(&self) -> ScreenId {
        ScreenId::Terminal
    }

    fn open(&mut self, _: &mut Cx<'_>) {}

    fn update(&mut self, event: &ScreenEvent, _: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Key(key) => {
                self.pressed = Some(Chord::of(key));
                if key.code == KeyCode::Esc {
                    self.editing = false;
                    return Handled::Yes;
                }
                return if self.field.key(key) { Handled::Yes } else { Handled::No };
            }
            ScreenEvent::Paste(text) if self.editing => self.field.paste(text),
            ScreenEvent::Do(Action::Edit | Action::Open) => self.editing = true,
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, _: &Answer, _: &mut Cx<'_>) {}

    fn commands(&self) -> Vec<Command> {
        vec![Command::act(Action::Edit).named("terminal-try-keys").hint(1)]
    }

    fn editing(&self) -> bool {
        self.editing
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
        let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
        let mut rows = (inner.top()..inner.bottom()).map(|y| Rect { y, height: 1, ..inner });
        for (label, value) in facts(canvas) {
            let Some(row) = rows.next() else { return };
            let label = canvas.text(label, &[]);
            let used = canvas.put(row.x, row.y, &label, dim, 24);
            let x = row.x + used.max(16) + 1;
            canvas.put(x, row.y, &value, text, row.right().saturating_sub(x));
        }
        let Some(row) = rows.next() else { return };
        let mut x = row.x;
        for (role, key) in ROLES {
            let (style, word) = (canvas.style(role), canvas.text(key, &[]));
            x += canvas.put(x, row.y, &word, style, row.right().saturating_sub(x)) + 1;
        }
        rows.next();
        let Some(row) = rows.next() else { return };
        let head = canvas.text("terminal-card", &[]);
        canvas.line(row, &[(&head, dim)]);
        for sample in CARD {
            let Some(row) = rows.next() else { return };
            let used = canvas.put(row.x, row.y, sample, text, row.width);
            canvas.put(row.x + used, row.y, "|", dim, 1);
        }
        if canvas.look.glyphs.set == GlyphSet::Unicode {
            let Some(row) = rows.next() else { return };
            let used = canvas.put(row.x, row.y, AMBIGUOUS, text, row.width);
            canvas.put(row.x + used, row.y, "|", dim, 1);
        }
        rows.next();
        let Some(row) = rows.next() else { return };
        let pressed = self.pressed.map(|chord| chord.to_string()).unwrap_or_default();
        let label = canvas.text("terminal-pressed", &[("key", &pressed)]);
        let used = canvas.line(row, &[(&label, dim)]) + 1;
        let field = Rect { x: row.x + used, width: row.width.saturating_sub(used).min(32), ..row };
        let focus = crate::widgets::input::Focus::when(self.editing);
        self.field.view(canvas, field, focus);
    }
}

/// What the console knows about the terminal.
fn facts(canvas: &Canvas<'_>) -> Vec<(&'static str, String)> {
    let area = canvas.area();
    let level = match canvas.look.level {
        Level::None => "terminal-colours-none",
        Level::Ansi16 => "terminal-colours-16",
        Level::Ansi256 => "terminal-colours-256",
        Level::True => "terminal-colours-true",
    };
    let glyphs = match canvas.look.glyphs.set {
        GlyphSet::Unicode => "terminal-glyphs-unicode",
        GlyphSet::Ascii => "terminal-glyphs-ascii",
    };
    let width = match canvas.look.cells.ambiguous {
        Ambiguous::Narrow => "terminal-narrow",
        Ambiguous::Wide => "terminal-wide",
    };
    vec![
        ("terminal-size", format!("{}x{}", area.width, area.height)),
        ("terminal-colours", canvas.text(level, &[])),
        ("terminal-theme", canvas.look.theme.word().to_owned()),
        ("terminal-glyphs", canvas.text(glyphs, &[])),
        ("terminal-ambiguous", canvas.text(width, &[])),
    ]
}

#[cfg(test)]
mod tests;
