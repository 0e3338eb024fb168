//! Tabs: what stands beside each other on a wide screen and behind each other on a narrow one.

use crate::canvas::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::cell::RefCell;

/// A row of tabs.
#[derive(Debug, Default)]
pub struct Tabs {
    titles: Vec<String>,
    at: usize,
    areas: RefCell<Vec<Rect>>,
}

impl Tabs {
    /// Tabs with these titles: keys of the catalogue.
    pub fn new<'a>(titles: impl IntoIterator<Item = &'a str>) -> Self {
        Self { titles: titles.into_iter().map(str::to_owned).collect(), at: 0, areas: RefCell::default() }
    }

    /// Which tab is open.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Opens a tab.
    pub fn open(&mut self, at: usize) {
        self.at = at.min(self.titles.len().saturating_sub(1));
    }

    /// Opens the next one, round and round.
    pub fn next(&mut self) {
        self.at = (self.at + 1).checked_rem(self.titles.len()).unwrap_or(0);
    }

    /// Opens the one before.
    pub fn previous(&mut self) {
        self.at = self.at.checked_sub(1).unwrap_or(self.titles.len().saturating_sub(1));
    }

    /// Opens the tab that was clicked; gives whether one was.
    pub fn click(&mut self, column: u16, row: u16) -> bool {
        let met = self.areas.borrow().iter().position(|area| area.contains((column, row).into()));
        if let Some(at) = met {
            self.at = at;
        }
        met.is_some()
    }

    /// Draws them into the first row of an area; where not all have room, those before the open one give way.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let wide = |key: &String| canvas.cells().width(&canvas.text(key, &[])) + 3;
        let mut needed: u16 = self.titles.iter().take(self.at + 1).map(wide).sum();
        let mut first = 0;
        while needed > area.width.saturating_add(1) && first < self.at {
            needed -= self.titles.get(first).map_or(0, wide);
            first += 1;
        }
        let mut areas = vec![Rect::default(); first];
        let mut x = area.x;
        for (at, key) in self.titles.iter().enumerate().skip(first) {
            let open = at == self.at;
            let style = if open {
                canvas.style(Role::Accent).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
            } else {
                canvas.style(Role::Dim)
            };
            let title = canvas.text(key, &[]);
            let label = if open { format!("[{title}]") } else { format!(" {title} ") };
            let room = area.right().saturating_sub(x);
            let used = if area.height == 0 { 0 } else { canvas.put(x, area.y, &label, style, room) };
            areas.push(Rect { x, y: area.y, width: used, height: area.height.min(1) });
            x += used + u16::from(used < room);
        }
        *self.areas.borrow_mut() = areas;
    }
}
