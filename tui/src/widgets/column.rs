//! Columns of tables: which fit, how wide they are, how they are painted. Numbers are never shortened: a column that does
//! not fit is left out, the least important first, and the head says how many.

use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::{Look, Role};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use std::cmp::Ordering;
use std::sync::Arc;
use zhengai_text::Texts;

/// Cells between two columns.
const GAP: u16 = 2;

/// What a cell needs to say what it shows.
#[derive(Debug, Clone, Copy)]
pub struct Brush<'a> {
    /// Colours, glyphs, widths.
    pub look: &'a Look,
    /// Texts of the language.
    pub texts: &'a Texts,
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// What it is.
    pub role: Role,
}

impl Shown {
    /// Text of a role.
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role }
    }

    /// Text beside the point.
    pub fn dim(text: impl Into<String>) -> Self {
        Self::new(text, Role::Dim)
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Self::new(text, Role::Text)
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self::new(text, Role::Text)
    }
}

/// How wide a column is, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Always so wide.
    Fixed(u16),
    /// As wide as what stands in it, up to so much.
    Fit(u16),
    /// At least so wide; takes what the others leave.
    Fill(u16),
}

type Show<R> = Arc<dyn Fn(&R, &Brush<'_>) -> Shown + Send + Sync>;
type Order<R> = fn(&R, &R) -> Ordering;

/// A column.
#[derive(Clone)]
pub struct Column<R> {
    /// Its name for sorting, as the server knows it.
    pub id: String,
    /// Key of its head in the catalogue; or the head itself with [`Column::titled`].
    pub title: String,
    /// How wide.
    pub width: Width,
    /// Where text stands in it.
    pub align: Align,
    /// 0 is always shown; of the others the highest number is left out first.
    pub priority: u8,
    /// Whether the list can be sorted by it.
    pub sorts: bool,
    literal: bool,
    order: Option<Order<R>>,
    show: Show<R>,
}

impl<R> std::fmt::Debug for Column<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column").field("id", &self.id).field("width", &self.width).finish_non_exhaustive()
    }
}

impl<R> Column<R> {
    /// A column of text at the left that takes what the others leave. Its head is a key of the catalogue.
    pub fn new<S: Into<Shown>>(
        id: &str,
        title: &str,
        show: impl Fn(&R, &Brush<'_>) -> S + Send + Sync + 'static,
    ) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            width: Width::Fill(8),
            align: Align::Left,
            priority: 0,
            sorts: false,
            literal: false,
            order: None,
            show: Arc::new(move |row, brush| show(row, brush).into()),
        }
    }

    /// The head is this text itself: columns of a query.
    #[must_use]
    pub fn titled(mut self) -> Self {
        self.literal = true;
        self
    }

    /// So wide.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Numbers: at the right, never shortened.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.align = Align::Right;
        self.width = Width::Fit(24);
        self
    }

    /// Left out when there is no room; the highest number first.
    #[must_use]
    pub fn priority(mut self, priority: u8) -> Self {
        self.priority = priority;
        self
    }

    /// The server can sort by it.
    #[must_use]
    pub fn sorts(mut self) -> Self {
        self.sorts = true;
        self
    }

    /// Rows that are all here are sorted like this.
    #[must_use]
    pub fn order(mut self, order: Order<R>) -> Self {
        self.order = Some(order);
        self.sorts = true;
        self
    }

    /// How rows that are all here are sorted.
    pub fn ordering(&self) -> Option<Order<R>> {
        self.order
    }

    /// What a cell shows.
    pub fn show(&self, row: &R, brush: &Brush<'_>) -> Shown {
        (self.show)(row, brush)
    }

    /// The head.
    pub fn head(&self, brush: &Brush<'_>) -> String {
        if self.literal { self.title.clone() } else { brush.texts.text(&self.title, &[]) }
    }
}

/// Where one column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Its place in the list of columns.
    pub column: usize,
    /// First cell, from the left edge of the table.
    pub x: u16,
    /// Cells.
    pub width: u16,
}

/// What a column asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    pub width: Width,
    /// What stands in it is so wide, the head included.
    pub content: u16,
    pub priority: u8,
    pub number: bool,
}

impl Wish {
    /// The least that the column makes sense with.
    fn least(&self) -> u16 {
        match self.width {
            Width::Fixed(width) => width,
            Width::Fit(_) if self.number => self.content,
            Width::Fit(most) => self.content.min(most),
            Width::Fill(least) => least,
        }
    }
}

/// Chooses columns for a width. Gives their slots, and how many were left out.
pub(crate) fn fit(wishes: &[Wish], room: u16) -> (Vec<Slot>, usize) {
    let mut kept: Vec<usize> = (0..wishes.len()).collect();
    let need = |kept: &[usize]| -> u16 {
        let gaps = GAP.saturating_mul(u16::try_from(kept.len().saturating_sub(1)).unwrap_or(u16::MAX));
        kept.iter().filter_map(|at| wishes.get(*at)).fold(gaps, |sum, wish| sum.saturating_add(wish.least()))
    };
    while kept.len() > 1 && need(&kept) > room {
        let place = kept
            .iter()
            .enumerate()
            .filter_map(|(place, at)| Some((wishes.get(*at)?.priority, place)))
            .max()
            .map_or(kept.len() - 1, |(_, place)| place);
        kept.remove(place);
    }
    let mut free = room.saturating_sub(need(&kept));
    // What is left goes first to columns that hide something, then to those that fill.
    let mut widths: Vec<u16> = kept.iter().filter_map(|at| Some(wishes.get(*at)?.least())).collect();
    for (width, wish) in widths.iter_mut().zip(kept.iter().filter_map(|at| wishes.get(*at))) {
        if let Width::Fill(_) = wish.width {
            let more = wish.content.saturating_sub(*width).min(free);
            *width += more;
            free -= more;
        }
    }
    let filling = kept.iter().position(|at| wishes.get(*at).is_some_and(|wish| matches!(wish.width, Width::Fill(_))));
    if let Some(width) = filling.and_then(|place| widths.get_mut(place)) {
        *width += free;
    }
    let mut x = 0;
    let mut slots = Vec::with_capacity(kept.len());
    for (column, width) in kept.iter().zip(widths) {
        if x >= room {
            break;
        }
        slots.push(Slot { column: *column, x, width: width.min(room - x) });
        x = x.saturating_add(width).saturating_add(GAP);
    }
    (slots, wishes.len() - kept.len())
}

/// Paints one cell.
pub(crate) fn paint(canvas: &mut Canvas<'_>, area: Rect, slot: Slot, shown: &str, align: Align, style: Style) {
    let cells = canvas.look.cells;
    let text = match align {
        Align::Right => cells.number(shown, slot.width),
        _ => cells.pad(shown, slot.width, align),
    };
    let room = area.width.saturating_sub(slot.x);
    cells.put(canvas.buffer, area.x + slot.x, area.y, &text, style, room.min(slot.width));
}

/// Paints the row of heads, underlined, so that no row is lost to a line.
pub(crate) fn paint_heads<R>(
    canvas: &mut Canvas<'_>,
    area: Rect,
    columns: &[Column<R>],
    slots: &[Slot],
    hidden: usize,
    sorted: Option<(usize, &str)>,
) {
    let style = canvas.style(Role::Header).add_modifier(Modifier::UNDERLINED);
    canvas.fill(Rect { height: area.height.min(1), ..area }, style);
    for slot in slots {
        let Some(column) = columns.get(slot.column) else { continue };
        let brush = Brush { look: canvas.look, texts: canvas.texts };
        let mut head = column.head(&brush);
        if let Some((_, glyph)) = sorted.filter(|(at, _)| *at == slot.column) {
            head.push_str(glyph);
        }
        let cells = canvas.look.cells;
        let text = cells.pad(&head, slot.width, column.align);
        cells.put(canvas.buffer, area.x + slot.x, area.y, &text, style, slot.width);
    }
    if hidden > 0 && area.height > 0 {
        let more = format!("+{hidden}");
        let width = canvas.look.cells.width(&more);
        let used = slots.last().map_or(0, |slot| slot.x + slot.width);
        if used + width < area.width {
            canvas.put(area.x + area.width - width, area.y, &more, canvas.style(Role::Accent), width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Width, Wish, fit};

    fn wish(width: Width, content: u16, priority: u8) -> Wish {
        Wish { width, content, priority, number: matches!(width, Width::Fit(_)) }
    }

    #[test]
    fn columns_are_left_out_by_priority_from_the_right_and_numbers_keep_their_width() {
        let wishes = [
            wish(Width::Fill(8), 30, 0),
            wish(Width::Fit(24), 12, 1),
            wish(Width::Fit(24), 9, 2),
            wish(Width::Fixed(6), 6, 2),
        ];
        let columns = |room: u16| -> Vec<(usize, u16)> {
            fit(&wishes, room).0.iter().map(|slot| (slot.column, slot.width)).collect()
        };
        assert_eq!(columns(80), [(0, 47), (1, 12), (2, 9), (3, 6)]);
        assert_eq!(columns(41), [(0, 8), (1, 12), (2, 9), (3, 6)]);
        assert_eq!(columns(40), [(0, 15), (1, 12), (2, 9)]);
        assert_eq!(columns(25), [(0, 11), (1, 12)]);
        assert_eq!(columns(21), [(0, 21)]);
        assert_eq!(fit(&wishes, 21).1, 3);
    }

    #[test]
    fn no_column_goes_beyond_the_table_at_any_width() {
        let wishes = [wish(Width::Fixed(10), 10, 0), wish(Width::Fill(8), 40, 0), wish(Width::Fit(9), 7, 1)];
        for room in 0..60 {
            for slot in fit(&wishes, room).0 {
                assert!(slot.x + slot.width <= room, "{room}: {slot:?}");
            }
        }
    }
}
