//! Reports (诊断报告): what can be reported on, a look at the text, and the file.

use crate::call::Call;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::layer::Layer;

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportSubject {
    /// The whole college.
    College,
    /// One layer.
    Layer,
    /// One object.
    Object,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// A page with charts that prints on A4.
    #[default]
    Html,
    /// A workbook.
    Xlsx,
    /// Markdown with tables.
    Md,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Html, Self::Xlsx, Self::Md];

    /// How names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Md => "md",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Md => "text/markdown; charset=utf-8",
        }
    }
}

/// A kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportKind {
    /// What it is about.
    pub subject: ReportSubject,
    /// Its name.
    pub name: String,
    /// Titles of its parts, in order.
    pub sections: Vec<String>,
    /// What it can be written as.
    pub formats: Vec<ReportFormat>,
}

/// Which report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The run; the newest finished one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// One layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub layer: Option<Layer>,
    /// One object: `kind/id`, or the id alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// What it is written as; a preview takes no notice of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<ReportFormat>,
}

/// A look at a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportPreview {
    /// The run that it is about.
    pub run: String,
    /// What it is about.
    pub subject: ReportSubject,
    /// The college, the layer or the object, by name.
    pub title: String,
    /// The text, as Markdown.
    pub text: String,
    /// Whether a threshold was used that nobody has verified.
    pub unverified: bool,
    /// Whether the data are synthetic.
    pub synthetic: bool,
}

/// `GET /v1/reports/kinds`.
pub fn kinds() -> Call<Vec<ReportKind>> {
    Call::get(&["reports", "kinds"])
}

/// `GET /v1/reports/preview`.
pub fn preview(query: &ReportQuery) -> Call<ReportPreview> {
    Call::get(&["reports", "preview"]).query(query)
}

/// `GET /v1/reports/file`: the file, named `<run>.<extension>` in `Content-Disposition`.
pub fn file(query: &ReportQuery) -> Call<()> {
    Call::get(&["reports", "file"]).query(query)
}
