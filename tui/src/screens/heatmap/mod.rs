//! The screen `heatmap` (热力图): objects × indicators of a layer, number and shade in each cell; from a cell to its object
//! and to where its number comes from.

mod source;
mod state;
mod view;

#[cfg(test)]
mod tests;

use crate::app::{Answer, Command, Cx, Handled, Params, Screen, ScreenEvent, ScreenId, WhyTarget};
use crate::canvas::Canvas;
use crate::keymap::Action;
use ratatui::layout::Rect;
use state::Heat;
use zhengai_text::Texts;

/// Own commands: another layer, kind of object, period, unit; rows and columns turned.
const LAYER: &str = "layer";
const KIND: &str = "kind";
const PERIOD: &str = "period";
const UNIT: &str = "unit";
const PIVOT: &str = "pivot";

/// Makes the screen; params are those of the query: `layer`, `run`, `kind`, `period`, `unit`, `search`.
pub fn build(params: &Params) -> Box<dyn Screen> {
    Box::new(Heat::new(params))
}

impl Screen for Heat {
    fn id(&self) -> ScreenId {
        ScreenId::Heatmap
    }

    fn crumb(&self, texts: &Texts) -> String {
        match self.name() {
            Some(layer) => texts.text("heatmap-crumb", &[("layer", layer)]),
            None => texts.text(ScreenId::Heatmap.label(), &[]),
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        let handled = self.handle(event, cx);
        self.ask(cx);
        handled
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        self.take(answer);
        self.ask(cx);
    }

    fn commands(&self) -> Vec<Command> {
        let here = if self.object().is_some() { Ok(()) } else { Err("heatmap-no-cell") };
        let number = if self.cell().is_some() { Ok(()) } else { Err("heatmap-no-number") };
        vec![
            Command::act(Action::Open).named("heatmap-do-object").hint(1).when(here),
            Command::act(Action::Why).hint(2).when(number),
            Command::own(LAYER, "heatmap-do-layer").hint(3),
            Command::own(PIVOT, "heatmap-do-pivot").hint(4),
            Command::act(Action::Filter).hint(5),
            Command::act(Action::Sort).hint(6),
            Command::own(KIND, "heatmap-do-kind"),
            Command::own(PERIOD, "heatmap-do-period").hint(7),
            Command::own(UNIT, "heatmap-do-unit"),
            Command::act(Action::Copy).when(number),
            Command::act(Action::Refresh),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        view::draw(self, canvas, area);
    }

    fn cell(&self) -> Option<WhyTarget> {
        self.why_target()
    }
}
