//! 指标体系: the tree of 质控点 and indicators with the values in force; versions and what differs between them.

mod state;
mod view;

#[cfg(test)]
mod tests;

use crate::app::{
    Answer, Choice, Command, Cx, Handled, Params, Pick, Prompt, Screen, ScreenEvent, ScreenId, WhyTarget,
};
use crate::canvas::Canvas;
use crate::keymap::Action;
use ratatui::layout::Rect;
use state::{Below, Indicators};
use std::time::Duration;
use zhengai_wire::indicators::{self, CatalogQuery, DiffQuery};

/// How long the cursor rests on an indicator before all about it is asked for.
const REST: Duration = Duration::from_millis(200);

/// Makes the screen; `layer`, `point`, `search` narrow it.
pub fn build(params: &Params) -> Box<dyn Screen> {
    let given = |name: &str| params.get(name).map(str::to_owned);
    let query = CatalogQuery { layer: given("layer"), point: given("point"), system: None, search: None };
    Box::new(Indicators::new(query, given("search").unwrap_or_default()))
}

impl Screen for Indicators {
    fn id(&self) -> ScreenId {
        ScreenId::Indicators
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        cx.load(&mut self.catalog, indicators::catalog(&self.query));
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Do(action) => return self.act(*action, cx),
            ScreenEvent::Own("versions") => self.versions(cx),
            ScreenEvent::Own("panel") => self.below = Below::Detail,
            ScreenEvent::Own("scroll-down") => self.text.apply(crate::widgets::Motion::Down),
            ScreenEvent::Own("scroll-up") => self.text.apply(crate::widgets::Motion::Up),
            ScreenEvent::Prompted { tag, text } if tag == "filter" => self.narrow(text),
            ScreenEvent::Prompted { tag, text } if tag == "new" => {
                let code = text.trim().to_uppercase();
                if !code.is_empty() {
                    cx.go(ScreenId::Indicator, Params::new().with("code", code));
                }
            }
            ScreenEvent::Picked { tag, ids } if tag == "version" => {
                if let (Some(code), Some(version)) = (self.code(), ids.first().and_then(|id| id.parse().ok())) {
                    let query = DiffQuery { from: None, to: Some(version) };
                    self.below = Below::Diff;
                    cx.load(&mut self.diff, indicators::diff(&code, &query));
                }
            }
            ScreenEvent::Timer { tag } if tag == "rest" => self.ask_detail(cx),
            ScreenEvent::Mouse(mouse) => return self.mouse(mouse, cx),
            ScreenEvent::Resumed => {
                // The editor may have published.
                self.detail.clear();
                self.open(cx);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if self.catalog.take(answer) {
            self.grow();
            cx.after(REST, "rest");
        } else if self.detail.take(answer) || self.diff.take(answer) {
            self.tell(cx.texts);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let leaf = if self.code().is_some() { Ok(()) } else { Err("indicators-reason-point") };
        vec![
            Command::act(Action::Open).named(if leaf.is_ok() { "indicators-open" } else { "indicators-fold" }).hint(1),
            Command::act(Action::Filter).hint(2),
            Command::own("versions", "indicators-versions").hint(3).when(leaf),
            Command::act(Action::New).named("indicators-new").hint(4),
            Command::act(Action::Edit).named("indicators-open").when(leaf),
            Command::act(Action::Refresh),
            Command::own("panel", "indicators-detail").when(leaf),
            Command::own("scroll-down", "indicators-scroll-down").hidden(),
            Command::own("scroll-up", "indicators-scroll-up").hidden(),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.draw(canvas, area);
    }

    fn cell(&self) -> Option<WhyTarget> {
        None
    }
}

impl Indicators {
    fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Handled {
        if let Some(motion) = action.motion() {
            self.tree.apply(motion);
            self.below = Below::Detail;
            cx.after(REST, "rest");
            return Handled::Yes;
        }
        match action {
            Action::Open | Action::Edit => match self.code() {
                Some(code) => cx.go(ScreenId::Indicator, Params::new().with("code", code)),
                None => {
                    self.tree.toggle();
                }
            },
            Action::Filter => {
                let (title, help) = (cx.text("indicators-filter", &[]), cx.text("indicators-filter-help", &[]));
                cx.prompt(Prompt { tag: "filter".into(), title, help, text: self.search.clone(), ..Prompt::default() });
            }
            Action::New => {
                let (title, help) = (cx.text("indicators-new-code", &[]), cx.text("indicators-new-help", &[]));
                cx.prompt(Prompt { tag: "new".into(), title, help, ..Prompt::default() });
            }
            Action::Refresh => self.open(cx),
            Action::Back if !self.search.is_empty() => self.narrow(""),
            Action::Back if self.below == Below::Diff => {
                self.below = Below::Detail;
                self.tell(cx.texts);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn mouse(&mut self, mouse: &crossterm::event::MouseEvent, cx: &mut Cx<'_>) -> Handled {
        use crossterm::event::{MouseButton, MouseEventKind};
        match mouse.kind {
            MouseEventKind::ScrollDown if self.text.contains(mouse.column, mouse.row) => {
                self.text.apply(crate::widgets::Motion::WheelDown);
            }
            MouseEventKind::ScrollUp if self.text.contains(mouse.column, mouse.row) => {
                self.text.apply(crate::widgets::Motion::WheelUp);
            }
            MouseEventKind::ScrollDown => self.tree.apply(crate::widgets::Motion::WheelDown),
            MouseEventKind::ScrollUp => self.tree.apply(crate::widgets::Motion::WheelUp),
            MouseEventKind::Down(MouseButton::Left) => match self.tree.click(mouse.column, mouse.row) {
                Some(crate::widgets::Click::Again(_)) => return self.act(Action::Open, cx),
                Some(_) => {
                    self.below = Below::Detail;
                    cx.after(REST, "rest");
                }
                None => return Handled::No,
            },
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// Asks for all about the indicator of the cursor, unless it is there.
    fn ask_detail(&mut self, cx: &mut Cx<'_>) {
        let Some(code) = self.code() else { return };
        if self.detail.get().is_none_or(|detail| detail.row.code != code) {
            cx.load(&mut self.detail, indicators::show(&code));
        } else {
            self.tell(cx.texts);
        }
    }

    /// Lets the person choose a version; what differs from the one before is then shown.
    fn versions(&mut self, cx: &mut Cx<'_>) {
        let own = self.detail.get().filter(|detail| Some(&detail.row.code) == self.code().as_ref());
        let Some(detail) = own else { return self.ask_detail(cx) };
        let choices: Vec<Choice> = detail
            .versions
            .iter()
            .map(|one| {
                let (number, at) = (one.version.to_string(), one.at.format("%Y-%m-%d %H:%M").to_string());
                let label = cx.text("indicators-version", &[("version", &number), ("at", &at), ("by", &one.by)]);
                Choice::new(number, label).detail(one.note.clone().unwrap_or_default())
            })
            .collect();
        if choices.is_empty() {
            let text = cx.text("indicators-no-versions", &[]);
            return cx.toast(crate::app::Tone::Info, text);
        }
        let title = cx.text("indicators-versions-title", &[("code", &detail.row.code)]);
        cx.pick(Pick { tag: "version".into(), title, choices, ..Pick::default() });
    }
}
