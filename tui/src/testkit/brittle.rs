//! A screen that breaks at the first key: for tests of what happens then.

use crate::app::{Answer, Command, Cx, Handled, Params, Screen, ScreenEvent, ScreenId};
use crate::canvas::Canvas;
use ratatui::layout::Rect;

struct Brittle;

/// Makes a screen that breaks at the first key.
pub fn brittle(_: ScreenId, _: &Params) -> Box<dyn Screen> {
    Box::new(Brittle)
}

impl Screen for Brittle {
    fn id(&self) -> ScreenId {
        ScreenId::Overview
    }

    fn open(&mut self, _: &mut Cx<'_>) {}

    #[allow(clippy::panic, reason = "that is what it is for")]
    fn update(&mut self, event: &ScreenEvent, _: &mut Cx<'_>) -> Handled {
        match event {
            ScreenEvent::Key(_) => panic!("broken on purpose"),
            _ => Handled::No,
        }
    }

    fn answer(&mut self, _: &Answer, _: &mut Cx<'_>) {}

    fn commands(&self) -> Vec<Command> {
        Vec::new()
    }

    fn view(&self, _: &mut Canvas<'_>, _: Rect) {}

    fn editing(&self) -> bool {
        true
    }
}
