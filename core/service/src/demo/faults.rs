//! Faults planted in the data: rows that an honest import must reject, each written down with its place and rule.
//! They are extra rows, so that the true rows, and all numbers, stay whole.

use super::DemoError;
use super::answer_key::PlantedRow;
use super::files::{Cell, Table};

/// The rows that must be rejected, in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct DataFaults {
    pub(super) rows: Vec<PlantedRow>,
}

/// What is wrong with a planted row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrong<'a> {
    /// Dataset that the file is for.
    pub(super) dataset: &'a str,
    /// Index of the column at fault, when one is.
    pub(super) column: Option<usize>,
    /// Rule that it breaks.
    pub(super) rule: &'a str,
}

impl DataFaults {
    /// Writes a row that breaks a rule.
    pub(super) fn plant(&mut self, table: &mut Table, cells: &[Cell<'_>], wrong: Wrong<'_>) -> Result<(), DemoError> {
        let line = table.row(cells)?;
        self.note(table, line, wrong);
        Ok(())
    }

    /// Writes a row with too few or too many cells.
    pub(super) fn ragged(&mut self, table: &mut Table, cells: &[Cell<'_>], dataset: &str) -> Result<(), DemoError> {
        let line = table.ragged(cells)?;
        self.note(table, line, Wrong { dataset, column: None, rule: "row.columns" });
        Ok(())
    }

    /// How many of them are in a file.
    pub(super) fn of_file(&self, file: &str) -> u64 {
        self.rows.iter().filter(|row| row.file == file).count() as u64
    }

    fn note(&mut self, table: &Table, line: u64, wrong: Wrong<'_>) {
        self.rows.push(PlantedRow {
            dataset: wrong.dataset.to_owned(),
            file: table.file.clone(),
            sheet: table.sheet().map(str::to_owned),
            line,
            column: wrong.column.and_then(|index| table.headers.get(index)).cloned(),
            rule: wrong.rule.to_owned(),
        });
    }
}
