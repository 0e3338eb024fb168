//! The rows of every dataset, one module a layer, in load order: masters before what refers to them.

mod course;
mod daily;
mod major;
mod school;
mod student;
mod teacher;

use super::faults::{DataFaults, Wrong};
use super::files::{Cell, Shape, Table};
use super::ledger::Ledger;
use super::people::People;
use super::plan::{Options, Sizes};
use super::planted::Planted;
use super::rng::Rng;
use super::teaching::Teaching;
use super::{DemoError, DemoFile};
use std::path::{Path, PathBuf};
use zhengai_model::dataset::LoadMode;

/// Code of the training college.
pub(super) const SCHOOL: &str = "4141099999";

/// The college before a row is written.
#[derive(Debug)]
pub(super) struct College {
    pub(super) options: Options,
    pub(super) sizes: Sizes,
    pub(super) people: People,
    pub(super) teaching: Teaching,
    pub(super) planted: Planted,
}

impl College {
    /// Draws everything that is held in memory.
    pub(super) fn found(options: Options) -> Self {
        let sizes = Sizes::of(options);
        let people = People::draw(options, &sizes);
        let mut teaching = Teaching::arrange(&sizes, &people);
        let planted = Planted::choose(&people, &mut teaching);
        Self { options, sizes, people, teaching, planted }
    }

    fn rng(&self, label: &str, number: usize) -> Rng {
        Rng::stream(self.options.seed, label, number as u64)
    }
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) files: Vec<DemoFile>,
    pub(super) faults: DataFaults,
    pub(super) ledger: Ledger,
    /// Headers by file, for tests.
    #[cfg(test)]
    pub(super) headers: Vec<Vec<String>>,
}

/// A file to be opened.
struct Sheet<'a> {
    stem: &'a str,
    dataset: &'static str,
    shape: Shape,
    title: &'a str,
    headers: &'a [&'a str],
}

/// A file being written for a dataset.
struct Open {
    table: Table,
    dataset: &'static str,
    load: LoadMode,
    mapping: Option<String>,
}

impl Open {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), DemoError> {
        self.table.row(cells).map(|_| ())
    }
}

/// Where files go and what is noted about them.
struct Out {
    dir: PathBuf,
    written: Written,
}

impl Out {
    fn open(&self, sheet: &Sheet<'_>) -> Result<Open, DemoError> {
        let number = self.written.files.len() + 1;
        let stem = format!("{number:02}-{}", sheet.stem);
        let table = Table::create(&self.dir, &stem, sheet.shape, sheet.title, sheet.headers)?;
        Ok(Open { table, dataset: sheet.dataset, load: LoadMode::Upsert, mapping: None })
    }

    fn add(&mut self, measure: &'static str, slot: usize, object: usize, amount: i64) {
        self.written.ledger.add(measure, slot, object, amount);
    }

    /// Writes a row that must be rejected because of one column.
    fn bad(&mut self, open: &mut Open, cells: &[Cell<'_>], column: usize, rule: &str) -> Result<(), DemoError> {
        let wrong = Wrong { dataset: open.dataset, column: Some(column), rule };
        self.written.faults.plant(&mut open.table, cells, wrong)
    }

    /// Writes a row that must be rejected as a whole.
    fn bad_row(&mut self, open: &mut Open, cells: &[Cell<'_>], rule: &str) -> Result<(), DemoError> {
        let wrong = Wrong { dataset: open.dataset, column: None, rule };
        self.written.faults.plant(&mut open.table, cells, wrong)
    }

    /// Writes a row with too few cells.
    fn ragged(&mut self, open: &mut Open, cells: &[Cell<'_>]) -> Result<(), DemoError> {
        self.written.faults.ragged(&mut open.table, cells, open.dataset)
    }

    fn close(&mut self, open: Open) -> Result<(), DemoError> {
        let Open { table, dataset, load, mapping } = open;
        #[cfg(test)]
        self.written.headers.push(table.headers.clone());
        self.written.files.push(DemoFile {
            faulty: self.written.faults.of_file(&table.file),
            file: table.file.clone(),
            dataset: dataset.to_owned(),
            format: table.shape.format().to_owned(),
            load,
            mapping,
            rows: table.rows,
        });
        table.finish()
    }

    /// Writes a mapping file beside the data.
    fn mapping(&self, open: &mut Open, text: &str) -> Result<(), DemoError> {
        let name = format!("{}.mapping.toml", open.dataset);
        let path = self.dir.join(&name);
        std::fs::write(&path, text).map_err(|source| DemoError::write(&path, source))?;
        open.mapping = Some(name);
        Ok(())
    }
}

/// Writes every file.
pub(super) fn write_all(dir: &Path, college: &College) -> Result<Written, DemoError> {
    let mut out = Out { dir: dir.to_owned(), written: Written::default() };
    school::masters(&mut out, college)?;
    teacher::master(&mut out, college)?;
    major::master(&mut out, college)?;
    student::masters(&mut out, college)?;
    course::masters(&mut out, college)?;
    school::rows(&mut out, college)?;
    major::rows(&mut out, college)?;
    teacher::rows(&mut out, college)?;
    course::rows(&mut out, college)?;
    student::grades(&mut out, college)?;
    student::rows(&mut out, college)?;
    daily::rows(&mut out, college)?;
    Ok(out.written)
}

/// Yes or no as colleges write it.
fn yes_no(yes: bool) -> Cell<'static> {
    Cell::Text(if yes { "是" } else { "否" })
}
