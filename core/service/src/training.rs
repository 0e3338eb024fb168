//! Setting up the training college: its files generated, imported like anybody's, and diagnosed.

use crate::college::{Access, College, Opening};
use crate::demo::{AnswerKey, Manifest, Options, generate};
use crate::diagnose::DiagnoseOrder;
use crate::error::ServiceError;
use crate::import::{Deletes, ImportRequest, Imported};
use crate::text_file::TextFile;
use std::path::Path;
use zhengai_engine::{CancelFlag, ProgressFn};
use zhengai_model::ids::DatasetId;
use zhengai_store::RunRecord;
use zhengai_warehouse::Progress;

/// File that marks a data directory as synthetic; reports say so on every page.
pub const MARK: &str = "SYNTHETIC";

/// Folder of the generated files in the data directory.
const FILES: &str = "files";

/// What to show while the college is set up.
pub trait Watcher: Sync {
    /// The college is open; its plugins may speak from now on.
    fn opened(&self, college: &College);
    /// A step begins: generating, the name of a file, a period.
    fn begin(&self, step: Step<'_>);
    /// Rows of the file so far.
    fn rows(&self, rows: u64);
    /// A diagnosis goes on.
    fn diagnosis(&self, progress: zhengai_engine::Progress);
    /// A file is in.
    fn imported(&self, imported: &Imported);
}

/// Steps of the setting up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Writing the files.
    Generate {
        /// Students.
        students: usize,
    },
    /// Importing one of them.
    Import {
        /// Its name.
        file: &'a str,
        /// Its rows.
        rows: u64,
    },
    /// Diagnosing a period.
    Diagnose {
        /// The period.
        period: &'a str,
    },
}

/// The training college, ready.
#[derive(Debug)]
pub struct Trained {
    /// What was generated.
    pub manifest: Manifest,
    /// What each import did, in order.
    pub imports: Vec<Imported>,
    /// Runs, the newest last.
    pub runs: Vec<RunRecord>,
}

/// Removes a training college that stands in the directory. Refuses to touch anything that is not marked as one.
pub fn remove(data: &Path) -> Result<(), ServiceError> {
    if !data.exists() {
        return Ok(());
    }
    let io = |source| ServiceError::Io { path: data.to_path_buf(), source };
    if !data.join(MARK).exists() {
        if std::fs::read_dir(data).map_err(io)?.next().is_some() {
            return Err(ServiceError::NotEmpty { data: data.to_path_buf() });
        }
        return Ok(());
    }
    std::fs::remove_dir_all(data).map_err(io)
}

/// Writes the files of a training college and nothing else.
pub fn write_files(dir: &Path, options: Options) -> Result<Manifest, ServiceError> {
    Ok(generate(dir, options)?)
}

/// Reads an answer key that [`write_files`] wrote.
pub fn answer_key(dir: &Path, manifest: &Manifest) -> Result<AnswerKey, ServiceError> {
    let path = dir.join(&manifest.answer_key);
    let text = std::fs::read_to_string(&path).map_err(|source| ServiceError::Io { path: path.clone(), source })?;
    serde_json::from_str(&text).map_err(|error| ServiceError::BadFile {
        path,
        line: error.line(),
        column: error.column(),
        problem: error.to_string(),
    })
}

/// Makes the training college in an empty data directory: files, imports, one run for each of its periods.
pub async fn train(
    opening: Opening,
    options: Options,
    watcher: &dyn Watcher,
    cancel: &CancelFlag,
) -> Result<(College, Trained), ServiceError> {
    let files = opening.data.root().join(FILES);
    watcher.begin(Step::Generate { students: options.students });
    std::fs::write(opening.data.root().join(MARK), "synthetic data, made for training\n")
        .map_err(|source| ServiceError::Io { path: opening.data.root().join(MARK), source })?;
    let manifest = generate(&files, options)?;
    let college = College::open(opening, Access::Write).await?;
    watcher.opened(&college);
    let mut imports = Vec::new();
    for file in &manifest.files {
        if cancel.is_cancelled() {
            return Err(ServiceError::Cancelled);
        }
        watcher.begin(Step::Import { file: &file.file, rows: file.rows });
        let request = request(&files, file)?;
        let rows: Progress<'_> = &|rows| watcher.rows(rows);
        let imported = college.import(&request, rows, cancel).await?;
        watcher.imported(&imported);
        imports.push(imported);
    }
    let mut runs = Vec::new();
    for period in &manifest.periods {
        watcher.begin(Step::Diagnose { period });
        let order = DiagnoseOrder {
            period: period.clone(),
            layers: Vec::new(),
            cycle: None,
            view: None,
            today: Some(manifest.today),
        };
        let stages: ProgressFn<'_> = &|progress| watcher.diagnosis(progress);
        runs.push(college.diagnose(&order, stages, cancel).await?);
    }
    Ok((college, Trained { manifest, imports, runs }))
}

/// How a generated file is imported: the way a person would, from its line in the manifest.
fn request(folder: &Path, file: &crate::demo::DemoFile) -> Result<ImportRequest, ServiceError> {
    let dataset =
        DatasetId::new(file.dataset.clone()).map_err(|error| ServiceError::Internal { what: error.to_string() })?;
    Ok(ImportRequest {
        file: folder.join(&file.file),
        dataset,
        mapping: file.mapping.as_ref().map(|name| TextFile::read(&folder.join(name))).transpose()?,
        sheet: None,
        mode: Some(file.load),
        dry_run: false,
        review: Some(crate::config::Review::Auto),
        deletes: Deletes::Guarded,
    })
}
