//! A tree with columns: branches open and close, the first column carries the tree.

use super::column::{Brush, Column, Slot, Wish, fit, paint, paint_heads};
use super::motion::{Motion, moved, window};
use super::{Click, Shown};
use crate::canvas::Canvas;
use crate::text::Align;
use crate::theme::Role;
use ratatui::layout::Rect;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// A node: a row with what hangs below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<R> {
    /// Names it among all nodes of the tree.
    pub key: String,
    /// What it shows.
    pub row: R,
    /// What hangs below it.
    pub children: Vec<Node<R>>,
}

impl<R> Node<R> {
    /// A node without children.
    pub fn leaf(key: impl Into<String>, row: R) -> Self {
        Self { key: key.into(), row, children: Vec::new() }
    }

    /// A node with children.
    pub fn branch(key: impl Into<String>, row: R, children: Vec<Self>) -> Self {
        Self { key: key.into(), row, children }
    }
}

/// A node as it stands in the list of visible ones.
struct Line<'a, R> {
    node: &'a Node<R>,
    depth: u16,
}

/// A tree with columns. The first column should fill: it carries the branches.
#[derive(Debug)]
pub struct TreeTable<R> {
    columns: Vec<Column<R>>,
    roots: Vec<Node<R>>,
    open: BTreeSet<String>,
    /// Keys that answer a filter and their ancestors; none while there is no filter.
    found: Option<BTreeSet<String>>,
    at: u64,
    top: Cell<u64>,
    area: Cell<Rect>,
    empty: String,
    seen: RefCell<Vec<u16>>,
}

impl<R> TreeTable<R> {
    /// A tree of these columns.
    pub fn new(columns: Vec<Column<R>>) -> Self {
        let seen = RefCell::new(vec![0; columns.len()]);
        Self {
            columns,
            roots: Vec::new(),
            open: BTreeSet::new(),
            found: None,
            at: 0,
            top: Cell::new(0),
            area: Cell::default(),
            empty: "tui-table-empty".to_owned(),
            seen,
        }
    }

    /// What it says when there is nothing: a key of the catalogue.
    #[must_use]
    pub fn empty(mut self, key: &str) -> Self {
        self.empty = key.to_owned();
        self
    }

    /// Puts other nodes in place; what was open stays open, and the cursor stays on its node if that is there.
    pub fn set(&mut self, roots: Vec<Node<R>>) {
        let key = self.selected().map(|node| node.key.clone());
        self.roots = roots;
        if let Some(key) = key {
            self.select(&key);
        }
        self.clamp();
    }

    /// The roots.
    pub fn roots(&self) -> &[Node<R>] {
        &self.roots
    }

    /// The node of the cursor.
    pub fn selected(&self) -> Option<&Node<R>> {
        Some(self.lines().into_iter().nth(usize::try_from(self.at).ok()?)?.node)
    }

    /// Puts the cursor on a node; branches above it open.
    pub fn select(&mut self, key: &str) {
        if let Some(path) = path_to(&self.roots, key) {
            self.open.extend(path);
        }
        if let Some(at) = self.lines().iter().position(|line| line.node.key == key) {
            self.at = at as u64;
        }
    }

    /// Opens all branches down to a depth; 0 leaves the roots.
    pub fn open_to(&mut self, depth: usize) {
        self.open.clear();
        let mut keys = Vec::new();
        collect(&self.roots, depth, &mut keys);
        self.open.extend(keys);
        self.clamp();
    }

    /// Keeps nodes for which it holds, with all above and below them; opens what leads there.
    pub fn filter(&mut self, holds: impl Fn(&R) -> bool) {
        let mut found = BTreeSet::new();
        for root in &self.roots {
            keep(root, &holds, &mut found, Above::No);
        }
        self.open.extend(found.iter().cloned());
        self.found = Some(found);
        self.at = 0;
    }

    /// Shows all again; the cursor stays on its node.
    pub fn unfilter(&mut self) {
        let key = self.selected().map(|node| node.key.clone());
        self.found = None;
        if let Some(key) = key {
            self.select(&key);
        }
    }

    /// Moves the cursor; right opens a branch, left closes it or goes to what is above.
    pub fn apply(&mut self, motion: Motion) {
        let here = self.selected().map(|node| (node.key.clone(), !node.children.is_empty()));
        match (motion, here) {
            (Motion::Right, Some((key, true))) => {
                if !self.open.insert(key) {
                    self.at += 1;
                }
            }
            (Motion::Left, Some((key, _))) => {
                if !self.open.remove(&key)
                    && let Some(above) = path_to(&self.roots, &key).and_then(|mut path| path.pop())
                {
                    self.select(&above);
                }
            }
            _ => {
                let page = u64::from(self.area.get().height.saturating_sub(1));
                self.at = moved(self.at, motion, self.lines().len() as u64, page);
            }
        }
        self.clamp();
    }

    /// Opens or closes the branch of the cursor; false when it is a leaf.
    pub fn toggle(&mut self) -> bool {
        let Some((key, branch)) = self.selected().map(|node| (node.key.clone(), !node.children.is_empty())) else {
            return false;
        };
        if branch && !self.open.remove(&key) {
            self.open.insert(key);
        }
        branch
    }

    /// What a click met; the row has the cursor then.
    pub fn click(&mut self, column: u16, row: u16) -> Option<Click> {
        let area = self.area.get();
        if !area.contains((column, row).into()) || row == area.y {
            return None;
        }
        let at = self.top.get() + u64::from(row - area.y - 1);
        if at >= self.lines().len() as u64 {
            return None;
        }
        let again = self.at == at;
        self.at = at;
        Some(if again { Click::Again(at) } else { Click::Row(at) })
    }

    fn clamp(&mut self) {
        self.at = self.at.min((self.lines().len() as u64).saturating_sub(1));
    }

    fn lines(&self) -> Vec<Line<'_, R>> {
        let mut lines = Vec::new();
        self.collect_lines(&self.roots, 0, &mut lines);
        lines
    }

    fn collect_lines<'a>(&'a self, nodes: &'a [Node<R>], depth: u16, lines: &mut Vec<Line<'a, R>>) {
        for node in nodes {
            if self.found.as_ref().is_some_and(|found| !found.contains(&node.key)) {
                continue;
            }
            lines.push(Line { node, depth });
            if self.open.contains(&node.key) {
                self.collect_lines(&node.children, depth + 1, lines);
            }
        }
    }

    /// Draws heads and the window that has the cursor.
    pub fn view(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.area.set(area);
        if area.width < 4 || area.height == 0 {
            return;
        }
        let lines = self.lines();
        let total = lines.len() as u64;
        let height = u64::from(area.height - 1);
        let top = window(self.top.get(), self.at, total, height.max(1));
        self.top.set(top);
        let brush = Brush { look: canvas.look, texts: canvas.texts };
        let skip = usize::try_from(top).unwrap_or(usize::MAX);
        let shown: Vec<(&Line<'_, R>, Vec<Shown>)> = lines
            .iter()
            .skip(skip)
            .take(usize::from(area.height - 1))
            .map(|line| (line, self.cells(line, &brush)))
            .collect();
        let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
        let (slots, hidden) = self.layout(&brush, &shown, inner.width);
        let heads = canvas.style(Role::Header).add_modifier(ratatui::style::Modifier::UNDERLINED);
        canvas.fill(Rect { height: 1, ..area }, heads);
        paint_heads(canvas, Rect { height: 1, ..inner }, &self.columns, &slots, hidden, None);
        for ((y, at), (_, cells)) in (area.y + 1..area.bottom()).zip(top..).zip(&shown) {
            let look = canvas.look;
            let on = at == self.at;
            let style = |role: Role| if on { look.selected(look.style(role)) } else { look.style(role) };
            canvas.fill(Rect { y, height: 1, ..area }, style(Role::Text));
            if on {
                canvas.put(area.x, y, look.glyphs.pointer, style(Role::Accent), 1);
            }
            for slot in &slots {
                if let (Some(column), Some(cell)) = (self.columns.get(slot.column), cells.get(slot.column)) {
                    paint(canvas, Rect { y, height: 1, ..inner }, *slot, &cell.text, column.align, style(cell.role));
                }
            }
        }
        if total == 0 && area.height > 1 {
            let text = canvas.text(&self.empty, &[]);
            canvas.put(inner.x, area.y + 1, &text, canvas.style(Role::Dim), inner.width);
        }
        super::rule::scroll_bar(canvas, Rect { y: area.y + 1, height: area.height - 1, ..area }, top, height, total);
    }

    fn cells(&self, line: &Line<'_, R>, brush: &Brush<'_>) -> Vec<Shown> {
        let mut cells: Vec<Shown> = self.columns.iter().map(|column| column.show(&line.node.row, brush)).collect();
        if let Some(first) = cells.first_mut() {
            let glyphs = brush.look.glyphs;
            let sign = match (line.node.children.is_empty(), self.open.contains(&line.node.key)) {
                (true, _) => " ",
                (false, true) => glyphs.open,
                (false, false) => glyphs.closed,
            };
            first.text = format!("{}{sign} {}", "  ".repeat(usize::from(line.depth)), first.text);
        }
        cells
    }

    fn layout(&self, brush: &Brush<'_>, shown: &[(&Line<'_, R>, Vec<Shown>)], room: u16) -> (Vec<Slot>, usize) {
        let cells = brush.look.cells;
        let mut seen = self.seen.borrow_mut();
        let wishes: Vec<Wish> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let widest = shown.iter().filter_map(|(_, row)| row.get(at)).map(|cell| cells.width(&cell.text)).max();
                let content = widest.unwrap_or(0).max(seen.get(at).copied().unwrap_or(0));
                if let Some(kept) = seen.get_mut(at) {
                    *kept = content;
                }
                Wish {
                    width: column.width,
                    content: content.max(cells.width(&column.head(brush))),
                    priority: column.priority,
                    number: column.align == Align::Right,
                }
            })
            .collect();
        fit(&wishes, room)
    }
}

/// Keys of the branches above a node, from the root down.
fn path_to<R>(nodes: &[Node<R>], key: &str) -> Option<Vec<String>> {
    nodes.iter().find_map(|node| {
        if node.key == key {
            return Some(Vec::new());
        }
        let mut path = path_to(&node.children, key)?;
        path.insert(0, node.key.clone());
        Some(path)
    })
}

fn collect<R>(nodes: &[Node<R>], depth: usize, keys: &mut Vec<String>) {
    if depth > 0 {
        for node in nodes.iter().filter(|node| !node.children.is_empty()) {
            keys.push(node.key.clone());
            collect(&node.children, depth - 1, keys);
        }
    }
}

/// Whether something above a node was found.
#[derive(Clone, Copy, PartialEq)]
enum Above {
    Yes,
    No,
}

/// Collects nodes that are found, that lead to one, or that hang below one. Gives whether the node is kept.
fn keep<R>(node: &Node<R>, holds: &impl Fn(&R) -> bool, found: &mut BTreeSet<String>, above: Above) -> bool {
    let own = above == Above::Yes || holds(&node.row);
    let below = if own { Above::Yes } else { Above::No };
    let mut kept = own;
    for child in &node.children {
        kept |= keep(child, holds, found, below);
    }
    if kept {
        found.insert(node.key.clone());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Column, Node, TreeTable};
    use crate::widgets::Motion;

    fn tree() -> TreeTable<&'static str> {
        let mut tree = TreeTable::new(vec![Column::new("name", "name", |row: &&str, _| (*row).to_owned())]);
        tree.set(vec![
            Node::branch("a", "one", vec![Node::leaf("b", "two"), Node::leaf("c", "three")]),
            Node::leaf("d", "four"),
        ]);
        tree
    }

    fn selected(tree: &TreeTable<&'static str>) -> String {
        tree.selected().map(|node| node.key.clone()).unwrap_or_default()
    }

    #[test]
    fn right_opens_and_enters_left_goes_up_and_closes() {
        let mut tree = tree();
        for (motion, expected) in [
            (Motion::Down, "d"),
            (Motion::Up, "a"),
            (Motion::Right, "a"),
            (Motion::Right, "b"),
            (Motion::Down, "c"),
            (Motion::Left, "a"),
            (Motion::Left, "a"),
            (Motion::Down, "d"),
        ] {
            tree.apply(motion);
            assert_eq!(selected(&tree), expected, "{motion:?}");
        }
    }

    #[test]
    fn a_filter_keeps_what_leads_to_what_is_found() {
        let mut tree = tree();
        tree.filter(|row| *row == "three");
        let keys: Vec<String> = tree.lines().iter().map(|line| line.node.key.clone()).collect();
        assert_eq!(keys, ["a", "c"]);
        tree.apply(Motion::Down);
        tree.unfilter();
        assert_eq!(selected(&tree), "c");
    }
}
