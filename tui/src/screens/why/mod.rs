//! The screen `why` (追溯), drawn over the one that shows the number: value, formula and its version, thresholds, measures,
//! and the rows behind them with file and line.

mod told;

#[cfg(test)]
mod tests;

use crate::app::{Answer, Command, Cx, Handled, Load, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use crate::screens::state::ready;
use crate::theme::Role;
use crate::widgets::{Motion, TextView, titled_rule};
use crossterm::event::MouseEventKind;
use ratatui::layout::Rect;
use zhengai_text::Texts;
use zhengai_wire::why::{self, DEFAULT_ROWS, Explanation, WhyQuery};

/// Makes the screen. Params: those of a [`WhyTarget`](crate::app::WhyTarget).
pub fn build(params: &Params) -> Box<dyn Screen> {
    let word = |name: &str| params.get(name).unwrap_or_default().to_owned();
    let query = WhyQuery {
        indicator: word("indicator"),
        object: word("object"),
        run: params.get("run").map(str::to_owned),
        period: params.get("period").map(str::to_owned),
        ..WhyQuery::default()
    };
    Box::new(Why { query, found: Load::default(), text: TextView::default() })
}

struct Why {
    query: WhyQuery,
    found: Load<Vec<Explanation>>,
    text: TextView,
}

impl Why {
    fn ask(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.found, why::explain(&self.query));
    }

    fn offset(&self) -> u64 {
        self.query.offset.unwrap_or(0)
    }

    /// Whether some measure has as many rows as were asked for: there may be more.
    fn has_more(&self) -> bool {
        let full = |rows: usize| rows as u64 >= DEFAULT_ROWS;
        let found = self.found.get().into_iter().flatten();
        found
            .flat_map(|one| &one.why.measures)
            .any(|measure| full(measure.rows.len()) || measure.sources.iter().any(|source| full(source.rows.len())))
    }
}

impl Screen for Why {
    fn id(&self) -> ScreenId {
        ScreenId::Why
    }

    fn crumb(&self, texts: &Texts) -> String {
        let name = self.found.get().and_then(|found| found.first()).map(|one| one.why.indicator_name.clone());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| texts.text(ScreenId::Why.label(), &[]))
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(Action::Why) => cx.back(),
            ScreenEvent::Do(Action::Refresh) => self.ask(cx),
            ScreenEvent::Do(Action::Copy) => cx.copy(self.text.text()),
            ScreenEvent::Do(action) => match action.motion() {
                Some(motion) => self.text.apply(motion),
                None => return Handled::No,
            },
            ScreenEvent::Own("rows-more") => {
                self.query.offset = Some(self.offset() + DEFAULT_ROWS);
                self.ask(cx);
            }
            ScreenEvent::Own("rows-back") => {
                self.query.offset = Some(self.offset().saturating_sub(DEFAULT_ROWS)).filter(|offset| *offset > 0);
                self.ask(cx);
            }
            ScreenEvent::Own("portrait") => {
                if let Some((kind, id)) = self.query.object.split_once('/') {
                    cx.replace(ScreenId::Portrait, Params::new().with("kind", kind).with("id", id));
                }
            }
            ScreenEvent::Mouse(mouse) => match mouse.kind {
                MouseEventKind::ScrollDown => self.text.apply(Motion::Down),
                MouseEventKind::ScrollUp => self.text.apply(Motion::Up),
                _ => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.found.take(answer)
            && let Some(found) = self.found.get()
        {
            let offset = self.query.offset.unwrap_or(0);
            self.text.set(found.iter().flat_map(|one| told::pieces(one, offset, cx.texts)).collect());
        }
    }

    fn commands(&self) -> Vec<Command> {
        let more = if self.has_more() { Ok(()) } else { Err("why-why-no-more") };
        let back = if self.offset() > 0 { Ok(()) } else { Err("why-why-first") };
        let object = if self.query.object.contains('/') { Ok(()) } else { Err("why-why-no-object") };
        vec![
            Command::act(Action::Back).hint(1),
            Command::own("rows-more", "why-do-more").when(more).hint(2),
            Command::own("rows-back", "why-do-back").when(back).hint(3),
            Command::own("portrait", "why-do-portrait").when(object).hint(4),
            Command::act(Action::Copy).hint(5),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        canvas.fill(area, canvas.style(Role::Text));
        let title = canvas.text("why-title", &[]);
        titled_rule(canvas, Rect { height: 1.min(area.height), ..area }, &title, Role::Accent);
        let body = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(1),
        };
        if ready(canvas, body, &self.found).is_some() {
            self.text.view(canvas, body);
        }
    }
}
