//! A list of any length of which a few pages are here. Reading a window costs the same at row 10 and at row 900 000.

use super::data_table::Direction;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use zhengai_wire::{Page, PageQuery};

/// How many pages are kept: those around the window, and some of the way that led there.
const KEPT: usize = 6;
/// Rows of a page, unless told otherwise.
pub const PAGE: u64 = 200;

/// The rows that are here, of a list that may be long.
#[derive(Debug, Clone)]
pub struct Pages<R> {
    total: Option<u64>,
    size: u64,
    pages: BTreeMap<u64, Vec<R>>,
    /// Page numbers by last use, oldest first.
    used: Vec<u64>,
    asked: Option<u64>,
    /// The page that was refused last: it is not asked for again until another one is, or all are.
    refused: Option<u64>,
    whole: bool,
}

impl<R> Default for Pages<R> {
    fn default() -> Self {
        Self {
            total: None,
            size: PAGE,
            pages: BTreeMap::new(),
            used: Vec::new(),
            asked: None,
            refused: None,
            whole: false,
        }
    }
}

impl<R> Pages<R> {
    /// A list that is here as a whole.
    pub fn whole(rows: Vec<R>) -> Self {
        let total = rows.len() as u64;
        Self {
            total: Some(total),
            size: total.max(1),
            pages: BTreeMap::from([(0, rows)]),
            used: Vec::new(),
            asked: None,
            refused: None,
            whole: true,
        }
    }

    /// How many rows there are in all; none before the first page came.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Whether all rows are here.
    pub fn is_whole(&self) -> bool {
        self.whole
            || self.total.is_some_and(|total| total <= self.size && self.pages.contains_key(&0))
            || self.total == Some(0)
    }

    /// A row, if it is here.
    pub fn get(&self, index: u64) -> Option<&R> {
        let page = self.pages.get(&(index / self.size))?;
        page.get(usize::try_from(index % self.size).ok()?)
    }

    /// The rows that are here, with their places, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &R)> {
        self.pages.iter().flat_map(|(page, rows)| (page * self.size..).zip(rows))
    }

    /// The same, to be changed in place: after one row was acted on.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (u64, &mut R)> {
        let size = self.size;
        self.pages.iter_mut().flat_map(move |(page, rows)| (page * size..).zip(rows))
    }

    /// What to ask the server for so that a window can be shown: the first page that is missing, once. A later window
    /// takes the place of what was asked before.
    pub fn wanted(&mut self, first: u64, count: u64) -> Option<PageQuery> {
        if self.whole {
            return None;
        }
        let from = first / self.size;
        let end = first.saturating_add(count.max(1)).min(self.total.unwrap_or(u64::MAX)).max(first + 1) - 1;
        for page in from..=end / self.size {
            self.touch(page);
        }
        let missing = (from..=end / self.size).find(|page| !self.pages.contains_key(page) && self.exists(*page))?;
        if self.asked == Some(missing) || self.refused == Some(missing) {
            return None;
        }
        self.asked = Some(missing);
        self.refused = None;
        Some(PageQuery { offset: Some(missing * self.size), limit: Some(self.size) })
    }

    /// Takes a page that came.
    pub fn put(&mut self, page: Page<R>) {
        let number = page.offset / self.size;
        self.total = Some(page.total);
        if self.asked == Some(number) {
            self.asked = None;
        }
        self.pages.insert(number, page.items);
        self.touch(number);
        while self.pages.len() > KEPT {
            let Some(oldest) = self.used.iter().copied().find(|old| self.pages.contains_key(old)) else { break };
            self.pages.remove(&oldest);
            self.used.retain(|old| *old != oldest);
        }
    }

    /// Sorts the rows of a list that is here as a whole.
    pub fn sort(&mut self, order: fn(&R, &R) -> Ordering, direction: Direction) {
        if !self.is_whole() {
            return;
        }
        for rows in self.pages.values_mut() {
            rows.sort_by(|a, b| if direction == Direction::Up { order(a, b) } else { order(b, a) });
        }
    }

    /// What was asked will not come. It is asked for again after [`Pages::reset`], or after another window: a server that
    /// refuses must not be asked without end.
    pub fn failed(&mut self) {
        self.refused = self.asked.take();
    }

    /// Forgets all rows: another filter, another order. The total stays until the next page says otherwise, so that the
    /// screen does not jump.
    pub fn reset(&mut self) {
        self.pages.clear();
        self.used.clear();
        self.asked = None;
        self.refused = None;
        self.total = None;
        if self.whole {
            *self = Self::default();
        }
    }

    fn exists(&self, page: u64) -> bool {
        self.total.is_none_or(|total| page * self.size < total) || page == 0 && self.total.is_none()
    }

    fn touch(&mut self, page: u64) {
        self.used.retain(|old| *old != page);
        self.used.push(page);
        if self.used.len() > KEPT * 4 {
            self.used.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, PAGE, Pages};
    use zhengai_wire::{Page, PageQuery};

    fn page(offset: u64, total: u64) -> Page<u64> {
        Page { items: (offset..(offset + PAGE).min(total)).collect(), total, offset }
    }

    #[test]
    fn a_page_is_asked_for_once_and_one_that_failed_only_when_all_are_asked_for_anew() {
        let mut pages: Pages<u64> = Pages::default();
        let first = Some(PageQuery { offset: Some(0), limit: Some(PAGE) });
        assert_eq!(pages.wanted(0, 20), first);
        assert_eq!(pages.wanted(0, 20), None);
        pages.failed();
        assert_eq!(pages.wanted(0, 20), None);
        pages.reset();
        assert_eq!(pages.wanted(0, 20), first);
        pages.put(page(0, 1_000_000));
        assert_eq!(pages.wanted(0, 20), None);
        assert_eq!(pages.get(19), Some(&19));
    }

    #[test]
    fn a_window_over_the_edge_of_a_page_asks_for_the_next_one_and_the_end_asks_for_nothing() {
        let mut pages: Pages<u64> = Pages::default();
        pages.put(page(0, 250));
        assert_eq!(pages.wanted(PAGE - 5, 20).and_then(|query| query.offset), Some(PAGE));
        pages.put(page(PAGE, 250));
        assert_eq!(pages.wanted(240, 20), None);
    }

    #[test]
    fn a_million_rows_leave_only_a_few_pages_here() {
        let mut pages: Pages<u64> = Pages::default();
        pages.put(page(0, 1_000_000));
        for at in (0..1_000_000).step_by(10_000) {
            if let Some(query) = pages.wanted(at, 40) {
                pages.put(page(query.offset.unwrap_or(0), 1_000_000));
            }
            assert_eq!(pages.get(at), Some(&at));
        }
        assert!(pages.pages.len() <= KEPT);
        assert!(pages.used.len() <= KEPT * 4);
    }
}
