//! The catalogue as a tree, the filter, and what is shown below.

use crate::app::Load;
use crate::text::Index;
use crate::widgets::{Node, TextView, TreeTable};
use std::collections::BTreeMap;
use zhengai_wire::indicators::{Catalog, CatalogQuery, Diff, IndicatorDetail, IndicatorRow, PointRow};

/// What is shown below the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// All about the indicator of the cursor.
    Detail,
    /// What differs between two versions of it.
    Diff,
}

/// A row of the tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Row {
    /// A 质控点 or a node above one.
    Point(PointRow),
    /// An indicator.
    Indicator(Box<IndicatorRow>),
}

impl Row {
    pub(super) fn indicator(&self) -> Option<&IndicatorRow> {
        match self {
            Self::Point(_) => None,
            Self::Indicator(row) => Some(row),
        }
    }
}

/// The screen.
pub(super) struct Indicators {
    pub(super) query: CatalogQuery,
    pub(super) catalog: Load<Catalog>,
    pub(super) tree: TreeTable<Row>,
    pub(super) search: String,
    pub(super) detail: Load<IndicatorDetail>,
    pub(super) diff: Load<Diff>,
    pub(super) below: Below,
    pub(super) text: TextView,
}

impl Indicators {
    pub(super) fn new(query: CatalogQuery, search: String) -> Self {
        Self {
            query,
            catalog: Load::default(),
            tree: TreeTable::new(super::view::columns()).empty("indicators-none"),
            search,
            detail: Load::default(),
            diff: Load::default(),
            below: Below::Detail,
            text: TextView::default(),
        }
    }

    /// Code of the indicator of the cursor.
    pub(super) fn code(&self) -> Option<String> {
        Some(self.tree.selected()?.row.indicator()?.code.clone())
    }

    /// Makes the tree from the catalogue that came.
    pub(super) fn grow(&mut self) {
        let Some(catalog) = self.catalog.get() else { return };
        let fresh = self.tree.roots().is_empty();
        let mut below: BTreeMap<Option<&str>, Vec<&PointRow>> = BTreeMap::new();
        for point in &catalog.points {
            below.entry(point.parent.as_deref()).or_default().push(point);
        }
        let mut leaves: BTreeMap<&str, Vec<&IndicatorRow>> = BTreeMap::new();
        for row in &catalog.indicators {
            leaves.entry(&row.point).or_default().push(row);
        }
        let roots = below.get(&None).map(|roots| roots.iter().map(|point| node(point, &below, &leaves)).collect());
        self.tree.set(roots.unwrap_or_default());
        if fresh {
            self.tree.open_to(2);
        }
        let search = std::mem::take(&mut self.search);
        self.narrow(&search);
    }

    /// Keeps what answers the words: codes, names in both languages, pinyin, initials.
    pub(super) fn narrow(&mut self, search: &str) {
        search.trim().clone_into(&mut self.search);
        if self.search.is_empty() {
            return self.tree.unfilter();
        }
        let words: Vec<String> = self.search.split_whitespace().map(str::to_owned).collect();
        self.tree.filter(|row| {
            let index = match row {
                Row::Point(point) => Index::of([point.name.as_str(), point.id.as_str()]),
                Row::Indicator(row) => Index::of([row.names.zh.as_str(), row.names.en.as_str(), row.code.as_str()]),
            };
            words.iter().all(|word| index.score(word).is_some())
        });
    }
}

fn node(
    point: &PointRow,
    below: &BTreeMap<Option<&str>, Vec<&PointRow>>,
    leaves: &BTreeMap<&str, Vec<&IndicatorRow>>,
) -> Node<Row> {
    let points = below.get(&Some(point.id.as_str())).into_iter().flatten();
    let mut children: Vec<Node<Row>> = points.map(|child| node(child, below, leaves)).collect();
    let own = leaves.get(point.id.as_str()).into_iter().flatten();
    children.extend(own.map(|row| Node::leaf(row.code.clone(), Row::Indicator(Box::new((*row).clone())))));
    Node::branch(format!("point:{}", point.id), Row::Point(point.clone()), children)
}
