//! What the screen knows.

use super::acts::Draft;
use super::table::{self, Row};
use crate::app::{Load, Params, RequestId};
use crate::widgets::{DataTable, Direction, TextView, TreeTable};
use std::collections::BTreeMap;
use zhengai_model::layer::Layer;
use zhengai_wire::Page;
use zhengai_wire::warnings::{CauseNode, Group, Grouping, Order, Past, Sort, WarningDetail, WarningLine, WarningQuery};

/// What the body shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The table.
    List,
    /// Counts.
    Groups(Grouping),
    /// Causes.
    Tree,
}

/// What an act is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The marked ones, or the one under the cursor.
    Chosen,
    /// All that the filter finds.
    Filter,
}

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// The list.
    List,
    /// What stands behind one.
    Panel,
}

/// The screen.
pub struct Warnings {
    pub(super) query: WarningQuery,
    pub(super) mode: Mode,
    /// The view that a group or cause was opened from, with its filter: one step back leads there.
    pub(super) from: Option<(Mode, WarningQuery)>,
    pub(super) focus: Focus,
    pub(super) reach: Reach,
    pub(super) table: DataTable<Row>,
    pub(super) list: Load<Page<WarningLine>>,
    pub(super) group_table: DataTable<Group>,
    pub(super) groups: Load<Vec<Group>>,
    pub(super) tree_table: TreeTable<CauseNode>,
    pub(super) tree: Load<Vec<CauseNode>>,
    pub(super) detail: Load<WarningDetail>,
    /// The warning that the panel shows.
    pub(super) shown: Option<i64>,
    pub(super) panel: TextView,
    /// The warning that the screen was opened for, until its page is here.
    pub(super) sought: Option<String>,
    pub(super) sparks: Load<BTreeMap<i64, Vec<Past>>>,
    /// An act that still asks for its words.
    pub(super) draft: Option<Draft>,
    /// An act that is on its way.
    pub(super) acting: Option<RequestId>,
}

impl Warnings {
    /// The screen with a filter.
    pub fn new(params: &Params) -> Self {
        let word = |name: &str| params.get(name).map(str::to_owned);
        let query = WarningQuery {
            state: word("state"),
            level: word("level"),
            rule: word("rule"),
            indicator: word("indicator"),
            layer: params.get("layer").and_then(Layer::parse),
            unit: word("unit"),
            object: word("object"),
            period: word("period"),
            assignee: word("assignee"),
            cause: word("cause"),
            text: word("text"),
            sort: Some(Sort::Severity),
            order: Some(Order::Down),
            ..WarningQuery::default()
        };
        Self {
            query,
            mode: Mode::List,
            from: None,
            focus: Focus::List,
            reach: Reach::Chosen,
            table: table::warnings().sorted_by("severity", Direction::Down),
            list: Load::default(),
            group_table: table::groups(),
            groups: Load::default(),
            tree_table: table::causes(),
            tree: Load::default(),
            detail: Load::default(),
            shown: None,
            panel: TextView::default(),
            sought: word("warning"),
            sparks: Load::default(),
            draft: None,
            acting: None,
        }
    }

    /// The warning under the cursor.
    pub(super) fn line(&self) -> Option<&WarningLine> {
        (self.mode == Mode::List).then(|| self.table.selected()).flatten().map(|row| &row.line)
    }

    /// How many the filter finds, when it is known.
    pub(super) fn total(&self) -> Option<u64> {
        self.table.pages().total()
    }

    /// Whether anything narrows the list.
    pub(super) fn is_filtered(&self) -> bool {
        let order = (self.query.sort, self.query.order);
        self.query != WarningQuery { sort: order.0, order: order.1, ..WarningQuery::default() }
    }
}
