//! Draws the frame: who and where in the first row, the way here in the second, the screen, hints in the last row; toasts
//! and overlays above.

use crate::app::command::CommandId;
use crate::app::cx::Tone;
use crate::app::{App, Reach, Target};
use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The smallest terminal that is drawn on.
pub const SMALLEST: (u16, u16) = (60, 16);
/// Hints in the last row.
const HINTS: usize = 7;

/// What a drawing left besides the cells.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    /// Where the cursor of the terminal belongs; none hides it.
    pub cursor: Option<Position>,
    pub(crate) targets: Vec<(Rect, Target)>,
}

impl App {
    /// Draws everything into a buffer.
    pub fn view(&self, buffer: &mut Buffer) -> Drawn {
        let area = buffer.area;
        let mut canvas = Canvas::new(buffer, &self.look, &self.texts);
        canvas.beat = self.beat();
        let ground = self.look.ground();
        canvas.fill(area, ground);
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            too_small(&mut canvas, area);
            return Drawn::default();
        }
        let mut targets = Vec::new();
        let row = |y: u16| Rect { y, height: 1, ..area };
        self.header(&mut canvas, row(area.y));
        self.crumbs(&mut canvas, row(area.y + 1), &mut targets);
        let body = Rect { y: area.y + 2, height: area.height - 3, ..area };
        let layers: Vec<_> = self.visible().collect();
        for (depth, entry) in layers.iter().rev().enumerate() {
            canvas.hide_cursor();
            let last = depth + 1 == layers.len();
            if entry.screen.id().is_overlay() {
                // What it explains stays in sight above it.
                let seen = (body.height / 4).min(6);
                let over = Rect { y: body.y + seen, height: body.height - seen, ..body };
                canvas.fill(over, ground);
                canvas.rule(Rect { height: 1, ..over });
                entry.screen.view(&mut canvas, Rect { y: over.y + 1, height: over.height - 1, ..over });
            } else {
                entry.screen.view(&mut canvas, body);
            }
            let own = canvas.take_targets();
            if last {
                targets.extend(own.into_iter().map(|target| (target.area, Target::Own(target.name))));
            }
        }
        self.toasts(&mut canvas, body);
        self.hints(&mut canvas, row(area.bottom() - 1), &mut targets);
        for overlay in &self.overlays {
            overlay.view(&mut canvas, body, &self.jobs, self.now);
        }
        Drawn { cursor: canvas.cursor(), targets }
    }

    /// What was drawn is what is seen now.
    pub fn drawn(&mut self, drawn: &Drawn) {
        self.targets.clone_from(&drawn.targets);
        self.dirty = false;
    }

    fn header(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let bar = canvas.style(Role::Bar);
        canvas.fill(area, bar);
        let reach = match &self.reach {
            Reach::Opening => canvas.text("link-opening", &[("spinner", canvas.spinner())]),
            Reach::There(link) if link.local => canvas.text("link-local", &[]),
            Reach::There(link) => canvas.text("link-remote", &[("server", &link.server)]),
            Reach::Lost(_) => canvas.text("link-lost", &[("sign", canvas.glyphs().broken)]),
        };
        let session = self.session.get();
        let mut right = Vec::new();
        if let Some(session) = session {
            right.push(match session.roles.first() {
                Some(role) => {
                    // A server may give the word of a role in place of its name.
                    let key = ["role-", role].concat();
                    let role = if canvas.texts.has(&key) { canvas.text(&key, &[]) } else { role.clone() };
                    canvas.text("header-user-role", &[("user", &session.user), ("role", &role)])
                }
                None => session.user.clone(),
            });
        }
        if self.beat() > 0 && !matches!(self.reach, Reach::Opening) {
            right.push(canvas.spinner().to_owned());
        }
        right.push(reach);
        let right = right.join("  ");
        let width = canvas.cells().width(&right).min(area.width / 2);
        canvas.right(Rect { x: area.right() - width - 1, width, ..area }, &right, bar);
        let mut left = vec![canvas.text("product", &[])];
        if let Some(session) = session {
            left.push(session.institution.clone());
            left.extend(session.academic_year.clone());
            left.extend(session.cycle.clone());
        }
        let room = Rect { x: area.x + 1, width: area.width.saturating_sub(width + 3), ..area };
        canvas.line(room, &[(&left.join("  "), bar)]);
    }

    fn crumbs(&self, canvas: &mut Canvas<'_>, area: Rect, targets: &mut Vec<(Rect, Target)>) {
        let (dim, title) = (canvas.style(Role::Dim), canvas.style(Role::Title));
        let mut words: Vec<String> = self.stack.iter().map(|entry| entry.screen.crumb(&self.texts)).collect();
        // The way is cut at its beginning: where one is matters more than where one came from.
        let width = |first: usize, words: &[String]| {
            let before = if first > 0 { 5 } else { 1 };
            let all = words.iter().map(|word| canvas.cells().width(word)).fold(before, u16::saturating_add);
            all.saturating_add(3 * u16::try_from(words.len().saturating_sub(1)).unwrap_or(u16::MAX / 3))
        };
        let mut first = 0;
        while words.len() - first > 1 && width(first, words.get(first..).unwrap_or_default()) > area.width {
            first += 1;
        }
        let mut x = area.x + 1;
        if first > 0 {
            x += canvas.put(x, area.y, "../ ", dim, area.right().saturating_sub(x));
        }
        let last = words.len().saturating_sub(1);
        for (depth, word) in words.drain(..).enumerate().skip(first) {
            let style = if depth == last { title } else { dim };
            let used = canvas.put(x, area.y, &word, style, area.right().saturating_sub(x));
            if depth < last {
                targets.push((Rect { x, width: used, ..area }, Target::Crumb(depth)));
                x += used;
                x += canvas.put(x, area.y, " / ", dim, area.right().saturating_sub(x));
            }
        }
    }

    fn hints(&self, canvas: &mut Canvas<'_>, area: Rect, targets: &mut Vec<(Rect, Target)>) {
        let bar = canvas.style(Role::Bar);
        canvas.fill(area, bar);
        let running = self.jobs.running().count();
        let mut room = area.width;
        if running > 0 {
            let badge = canvas.text(
                "hint-jobs",
                &[
                    ("sign", canvas.glyphs().job),
                    ("count", &running.to_string()),
                    ("key", &self.key_of(CommandId::Act(crate::keymap::Action::Jobs))),
                ],
            );
            let used = canvas.right(Rect { width: area.width - 1, ..area }, &badge, bar);
            room = room.saturating_sub(used + 2);
        }
        let key_style = bar.patch(canvas.style(Role::Accent).bg(bar.bg.unwrap_or(ratatui::style::Color::Reset)));
        let mut x = area.x + 1;
        for (id, label) in self.hinted() {
            let key = self.key_of(id);
            let width = canvas.cells().width(&key) + canvas.cells().width(&label) + 1;
            if x + width > area.x + room {
                break;
            }
            let start = x;
            x += canvas.put(x, area.y, &key, key_style, width) + 1;
            x += canvas.put(x, area.y, &label, bar, width);
            // What lies over the screen has its keys only: a click on them would go to the screen beneath.
            if self.overlays.is_empty() {
                targets.push((Rect { x: start, width, ..area }, Target::Command(id)));
            }
            x += 2;
        }
    }

    /// What the last row offers: the keys of what has the keys now.
    fn hinted(&self) -> Vec<(CommandId, String)> {
        if let Some(overlay) = self.overlays.last() {
            let hints = overlay.hints(&self.texts).into_iter();
            return hints.map(|(action, label)| (CommandId::Act(action), label)).collect();
        }
        let mut commands: Vec<_> =
            self.commands().into_iter().filter(|command| command.hint.is_some() && command.enabled.is_ok()).collect();
        commands.sort_by_key(|command| command.hint);
        let shown = commands.into_iter().take(HINTS);
        shown.map(|command| (command.id, self.texts.text(command.label, &[]))).collect()
    }

    fn toasts(&self, canvas: &mut Canvas<'_>, body: Rect) {
        let count = u16::try_from(self.toasts.len()).unwrap_or(0).min(body.height);
        for (line, toast) in (0..count).zip(self.toasts.iter()) {
            let (role, sign) = match toast.tone {
                Tone::Good => (Role::Good, canvas.glyphs().yes),
                Tone::Info => (Role::Accent, canvas.glyphs().bullet),
                Tone::Caution => (Role::Warn, canvas.glyphs().warning),
                Tone::Bad => (Role::Bad, canvas.glyphs().no),
            };
            let area = Rect { y: body.bottom() - count + line, height: 1, ..body };
            let (ground, style) = (canvas.look.ground(), canvas.style(role));
            canvas.fill(area, ground);
            let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
            canvas.line(inner, &[(sign, style), (" ", style), (&toast.text, style)]);
        }
    }
}

/// One line that says which size is needed.
fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let text = canvas.text(
        "too-small",
        &[
            ("width", &SMALLEST.0.to_string()),
            ("height", &SMALLEST.1.to_string()),
            ("have_width", &area.width.to_string()),
            ("have_height", &area.height.to_string()),
        ],
    );
    let lines = canvas.cells().wrap(&text, area.width.max(1));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let style = canvas.style(Role::Warn);
    for (line, text) in (0..rows).zip(&lines) {
        let width = canvas.cells().width(text).min(area.width);
        let x = area.x + (area.width - width) / 2;
        canvas.put(x, area.y + (area.height - rows) / 2 + line, text, style, width);
    }
}
