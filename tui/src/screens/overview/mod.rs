//! The screen `overview` (总览): five layers × five systems as tiles, cycles and the trend, and what waits for somebody.
//! Every tile and every line leads to where the work is done.

mod grid;
mod state;
mod tasks;
mod view;

#[cfg(test)]
mod tests;

use crate::app::{Answer, Command, Cx, Handled, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use crate::keymap::Action;
use ratatui::layout::Rect;
use state::{Overview, Region, WHY};

/// Own command: the heat map of the layer under the cursor.
const HEATMAP: &str = "heatmap";
/// Own command: the runs of the diagnosis.
const RUNS: &str = "runs";

/// Makes the screen.
pub fn build(_params: &Params) -> Box<dyn Screen> {
    Box::new(Overview::default())
}

impl Screen for Overview {
    fn id(&self) -> ScreenId {
        ScreenId::Overview
    }

    fn open(&mut self, cx: &mut Cx<'_>) {
        self.ask(cx);
    }

    fn update(&mut self, event: &ScreenEvent, cx: &mut Cx<'_>) -> Handled {
        self.now = Some(cx.now);
        match event {
            ScreenEvent::Do(action) => self.act(*action, cx),
            ScreenEvent::Own(HEATMAP) => {
                self.heat_map(cx);
                Handled::Yes
            }
            ScreenEvent::Own(RUNS) => {
                cx.go(ScreenId::Runs, Params::new());
                Handled::Yes
            }
            ScreenEvent::Picked { tag, ids } if tag == WHY => {
                if let Some(id) = ids.first() {
                    self.explained(id, cx);
                }
                Handled::Yes
            }
            ScreenEvent::Mouse(mouse) => self.mouse(mouse, cx),
            ScreenEvent::Resumed => {
                self.ask(cx);
                Handled::Yes
            }
            // What a job did may change every number here.
            ScreenEvent::Job(job) if job.state.is_over() => {
                self.ask(cx);
                Handled::Yes
            }
            _ => Handled::No,
        }
    }

    fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        self.now = Some(cx.now);
        if self.data.take(answer) {
            self.settle(cx);
        }
    }

    fn commands(&self) -> Vec<Command> {
        let tile = if self.layer().is_some() { Ok(()) } else { Err("overview-no-layer") };
        let open = match self.region {
            Region::Tasks if self.task().is_none() => Err("overview-no-task"),
            Region::Tasks => Ok(()),
            _ => tile,
        };
        vec![
            Command::act(Action::Open).hint(1).when(open),
            Command::act(Action::Why).hint(2).when(if self.has_results() { Ok(()) } else { Err("reason-no-number") }),
            Command::own(HEATMAP, "overview-do-heatmap").hint(3).when(tile),
            Command::own(RUNS, "overview-do-runs").hint(4),
            Command::act(Action::NextRegion).hint(5),
            Command::act(Action::Refresh).hint(8),
            Command::act(Action::Palette).hint(6),
            Command::act(Action::Help).hint(7),
        ]
    }

    fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        view::draw(self, canvas, area);
    }
}
