//! The training college (示范校): a synthetic college written as the files that colleges have, with faults planted in
//! data and in quality, and an answer key. It knows nothing of the warehouse or the engine: what it writes is imported
//! like anybody's files, and the key comes from its own ledger.

mod answer_key;
mod facts;
mod faults;
mod files;
mod ledger;
mod names;
mod people;
mod plan;
mod planted;
mod readings;
mod rng;
mod teaching;
#[cfg(test)]
mod tests;

pub use answer_key::{AnswerKey, ExpectedFinding, ExpectedFiring, History, PlantedRow};
pub use plan::Options;

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use zhengai_model::dataset::LoadMode;
use zhengai_model::fault::{Explain, Fault};
use zhengai_model::text::Message;

/// Name of the manifest file in the folder of the college.
pub const MANIFEST: &str = "manifest.toml";
/// Name of the answer key in the folder of the college.
pub const ANSWER_KEY: &str = "answer-key.json";

/// What was generated, in the order in which it is to be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Students asked for.
    pub students: u64,
    /// Seed asked for.
    pub seed: u64,
    /// The day of which the college is to be diagnosed.
    pub today: chrono::NaiveDate,
    /// Periods that are over and that the answer key speaks about, in the order in which they end.
    pub periods: Vec<String>,
    /// School code.
    pub school: String,
    /// File name of the answer key.
    pub answer_key: String,
    /// Files in load order: masters before the rows that refer to them.
    #[serde(rename = "file")]
    pub files: Vec<DemoFile>,
}

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoFile {
    /// File name in the folder.
    pub file: String,
    /// Dataset that it holds.
    pub dataset: String,
    /// How it is written, for people: `csv gbk`, `xlsx titled`, …
    pub format: String,
    /// How it is to be loaded.
    pub load: LoadMode,
    /// Mapping file in the folder, where headers alone do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// Rows in the file, faulty ones included.
    pub rows: u64,
    /// Rows of it that must be rejected.
    pub faulty: u64,
}

/// Why a training college could not be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// The number of students is outside what makes sense.
    #[error("{students} students: at least {least} and at most {most} are needed")]
    Students {
        /// What was asked for.
        students: usize,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A workbook could not be written.
    #[error("cannot write workbook {}", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        #[source]
        source: Box<rust_xlsxwriter::XlsxError>,
    },
    /// The manifest or the answer key could not be put into text: a defect.
    #[error("cannot write {what}")]
    Text {
        /// Which of them.
        what: &'static str,
        /// What the serialiser said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl DemoError {
    fn write(path: &Path, source: std::io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    fn book(path: &Path, source: rust_xlsxwriter::XlsxError) -> Self {
        Self::Workbook { path: path.to_owned(), source: Box::new(source) }
    }
}

impl Explain for DemoError {
    fn fault(&self) -> Fault {
        match self {
            Self::Students { .. } => Fault::Invalid,
            Self::Write { .. } | Self::Workbook { .. } => Fault::Unavailable,
            Self::Text { .. } => Fault::Internal,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Students { students, least, most } => {
                Message::new("service-demo-students").with("students", students).with("least", least).with("most", most)
            }
            Self::Write { path, source } => {
                Message::new("service-demo-write").with("path", path.display()).with("detail", source)
            }
            Self::Workbook { path, source } => {
                Message::new("service-demo-write").with("path", path.display()).with("detail", source)
            }
            Self::Text { what, source } => Message::new("service-demo-write").with("path", what).with("detail", source),
        }
    }
}

/// Writes the college's files, `manifest.toml` and `answer-key.json` into the folder, which is made when it is not
/// there. Equal options give equal bytes.
pub fn generate(dir: &Path, options: Options) -> Result<Manifest, DemoError> {
    if !(Options::SMALLEST..=Options::LARGEST).contains(&options.students) {
        let (least, most) = (Options::SMALLEST, Options::LARGEST);
        return Err(DemoError::Students { students: options.students, least, most });
    }
    std::fs::create_dir_all(dir).map_err(|source| DemoError::write(dir, source))?;
    let college = facts::College::found(options);
    let written = facts::write_all(dir, &college)?;
    let key = answer_key::derive(&college, &written);
    let manifest = Manifest {
        students: options.students as u64,
        seed: options.seed,
        today: plan::today(),
        periods: answer_key::periods(),
        school: facts::SCHOOL.to_owned(),
        answer_key: ANSWER_KEY.to_owned(),
        files: written.files,
    };
    let text = toml::to_string_pretty(&manifest)
        .map_err(|source| DemoError::Text { what: MANIFEST, source: Box::new(source) })?;
    save(&dir.join(MANIFEST), &text)?;
    let text = serde_json::to_string_pretty(&key)
        .map_err(|source| DemoError::Text { what: ANSWER_KEY, source: Box::new(source) })?;
    save(&dir.join(ANSWER_KEY), &text)?;
    Ok(manifest)
}

fn save(path: &Path, text: &str) -> Result<(), DemoError> {
    std::fs::write(path, text).map_err(|source| DemoError::write(path, source))
}
