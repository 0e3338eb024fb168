//! The cells of the map, whichever way it is turned.

use super::state::Heat;
use crate::widgets::heat_map::HeatSource;
use crate::widgets::{HeatCell, HeatState};
use zhengai_wire::heatmap::{Cell, CellState};

impl HeatSource for Heat {
    fn row(&self, row: u64) -> Option<String> {
        if self.turned { self.indicator_name(row) } else { self.object_name(row) }
    }

    fn column(&self, column: u64) -> Option<String> {
        // The name is cut where it has no room; that of the column under the cursor stands below the map in full.
        if self.turned { self.object_name(column) } else { self.indicator_name(column) }
    }

    fn cell(&self, row: u64, column: u64) -> HeatCell {
        let (object, indicator) = if self.turned { (column, row) } else { (row, column) };
        let found = self.rows.get(object);
        let at = usize::try_from(indicator).unwrap_or(usize::MAX);
        match found.and_then(|found| found.cells.get(at)) {
            Some(cell) => self.shown(cell),
            None => HeatCell::absent(HeatState::Loading),
        }
    }
}

impl Heat {
    fn object_name(&self, at: u64) -> Option<String> {
        let row = self.rows.get(at)?;
        Some(if row.name.is_empty() { row.object.clone() } else { row.name.clone() })
    }

    fn indicator_name(&self, at: u64) -> Option<String> {
        Some(self.head.as_ref()?.columns.get(usize::try_from(at).ok()?)?.name.clone())
    }

    fn shown(&self, cell: &Cell) -> HeatCell {
        let state = match cell.state {
            CellState::Number => HeatState::Value(self.heat(cell)),
            CellState::NoData => HeatState::NoData,
            CellState::Undetermined => HeatState::Undetermined,
            CellState::NotApplicable => HeatState::NotApplicable,
            CellState::NotDue => HeatState::NotDue,
            CellState::None => HeatState::Blank,
        };
        HeatCell { text: cell.value.clone().unwrap_or_default(), state }
    }

    /// How hot a number is: the most severe level of warnings, any level, 不达标, 达标, and all that is well.
    fn heat(&self, cell: &Cell) -> u8 {
        let levels = self.head.as_ref().map(|head| head.levels.as_slice()).unwrap_or_default();
        let top = levels.last().map(|level| level.id.as_str());
        match (&cell.level, cell.verdict.as_deref()) {
            (Some(level), _) if Some(level.as_str()) == top => 4,
            (Some(_), _) => 3,
            (None, Some("unmet")) => 2,
            (None, Some("met")) => 1,
            _ => 0,
        }
    }
}
