//! Rendering a report's data. HTML and Markdown are templates in strict mode: an unknown name is an error.

use super::Report;
use crate::error::ServiceError;
use crate::export::Sheet;
use crate::text::Texts;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context, syntax::SyntaxConfig, value::Serde,
};

const HTML: &str = include_str!("templates/report.html");
const STYLE: &str = include_str!("templates/report.css");
const MARKDOWN: &str = include_str!("templates/report.md");

fn render(report: &Report, texts: &Texts, name: &str, template: &str) -> Result<String, ServiceError> {
    let failed = |source| ServiceError::Template { source };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(failed)?;
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(
        |name| {
            if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    let known = dictionary(texts);
    environment.add_function("t", move |key: &str| -> Result<String, Error> {
        known
            .get(key)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::UndefinedError, format!("no catalogue has the key `{key}`")))
    });
    // Markdown tables break at bars and line ends; nothing else of a cell is touched.
    environment
        .add_filter("cell", |value: Value| -> String { value.to_string().replace('|', "\\|").replace('\n', " ") });
    environment.add_template(name, template).map_err(failed)?;
    environment
        .get_template(name)
        .and_then(|template| template.render(context! { r => Value::from(Serde(report)), style => STYLE }))
        .map_err(failed)
}

/// Texts without arguments that templates may use: everything under `report-` and `verdict-`.
fn dictionary(texts: &Texts) -> std::collections::BTreeMap<String, String> {
    crate::CATALOGUE
        .iter()
        .flat_map(|(_, source)| source.lines())
        .filter_map(|line| line.split_once(" = ").map(|(key, _)| key.to_owned()))
        .filter(|key| key.starts_with("report-") || key.starts_with("verdict-"))
        .map(|key| (key.clone(), texts.text(&key, &[])))
        .collect()
}

/// A self-contained page: style and charts inside, no script, prints on A4.
pub fn html(report: &Report, texts: &Texts) -> Result<String, ServiceError> {
    render(report, texts, "report.html", HTML)
}

/// Markdown with tables.
pub fn markdown(report: &Report, texts: &Texts) -> Result<String, ServiceError> {
    render(report, texts, "report.md", MARKDOWN)
}

/// Sheets of a workbook: summary, control points, problems, warnings, gaps, sources.
pub fn sheets(report: &Report, texts: &Texts) -> Vec<Sheet> {
    let text = |key: &str| texts.text(key, &[]);
    let header = |keys: &[&str]| keys.iter().map(|key| text(key)).collect::<Vec<String>>();
    let pairs = |pairs: &[super::Pair]| {
        pairs.iter().map(|pair| vec![pair.label.clone(), pair.value.clone()]).collect::<Vec<_>>()
    };
    let mut summary = pairs(&report.facts);
    summary.extend(pairs(&report.provenance));
    let counts = report.counts.iter().map(|line| {
        let mut cells = vec![line.label.clone()];
        cells.extend(
            [line.achieved, line.met, line.unmet, line.undetermined, line.other, line.unjudged, line.warnings]
                .iter()
                .map(u64::to_string),
        );
        cells.extend([line.unmet_change.clone(), line.warnings_change.clone()]);
        cells
    });
    let points = report.sections.iter().flat_map(|section| {
        let mut point = String::new();
        section.points.iter().map(move |line| {
            if !line.point.is_empty() {
                point.clone_from(&line.point);
            }
            vec![
                section.title.clone(),
                point.clone(),
                line.code.clone(),
                line.name.clone(),
                line.period.clone(),
                line.value.clone(),
                line.unit.clone(),
                line.target.clone(),
                line.standard.clone(),
                line.warning.clone(),
                line.objects.to_string(),
                line.met_share.clone(),
                line.verdict.clone(),
            ]
        })
    });
    let problems = report.sections.iter().flat_map(|section| {
        section.problems.iter().flat_map(|problem| {
            problem.worst.iter().map(|object| {
                vec![
                    problem.point.clone(),
                    problem.code.clone(),
                    problem.name.clone(),
                    object.id.clone(),
                    object.name.clone(),
                    object.value.clone(),
                    object.standard.clone(),
                    problem.advice.clone(),
                    String::new(),
                    String::new(),
                    String::new(),
                ]
            })
        })
    });
    let sheet = |name: &str, header: Vec<String>, rows: Vec<Vec<String>>| Sheet {
        name: text(name),
        header,
        rows,
        text_only: false,
    };
    vec![
        sheet("report-sheet-summary", header(&["report-item", "report-value"]), summary),
        sheet(
            "report-sheet-counts",
            header(&[
                "report-layer",
                "verdict-achieved",
                "verdict-met",
                "verdict-unmet",
                "verdict-undetermined",
                "report-other",
                "verdict-unjudged",
                "report-warnings",
                "report-unmet-change",
                "report-warnings-change",
            ]),
            counts.collect(),
        ),
        sheet(
            "report-sheet-points",
            header(&[
                "report-layer",
                "report-point",
                "report-code",
                "report-indicator",
                "report-fact-period",
                "report-value",
                "report-unit",
                "report-target",
                "report-standard",
                "report-warning-value",
                "report-objects",
                "report-met-share",
                "report-verdict",
            ]),
            points.collect(),
        ),
        sheet(
            "report-sheet-problems",
            header(&[
                "report-point",
                "report-code",
                "report-indicator",
                "report-object-id",
                "report-object",
                "report-value",
                "report-standard",
                "report-advice",
                "report-cause",
                "report-measure",
                "report-effect",
            ]),
            problems.collect(),
        ),
        sheet(
            "report-sheet-warnings",
            header(&[
                "report-level",
                "report-rule",
                "report-object-id",
                "report-object",
                "report-because",
                "report-handling",
            ]),
            report
                .warnings
                .iter()
                .map(|line| {
                    vec![
                        line.level.clone(),
                        line.rule.clone(),
                        line.object_id.clone(),
                        line.object.clone(),
                        line.because.clone(),
                        line.handling.clone(),
                    ]
                })
                .collect(),
        ),
        sheet(
            "report-sheet-gaps",
            header(&["report-code", "report-indicator", "report-reason", "report-objects"]),
            report
                .gaps
                .iter()
                .map(|gap| vec![gap.code.clone(), gap.name.clone(), gap.reason.clone(), gap.objects.to_string()])
                .collect(),
        ),
        sheet(
            "report-sheet-sources",
            header(&[
                "report-dataset",
                "report-name",
                "report-rows",
                "report-version",
                "report-file",
                "report-applied",
            ]),
            report
                .sources
                .iter()
                .map(|line| {
                    vec![
                        line.dataset.clone(),
                        line.name.clone(),
                        line.rows.clone(),
                        line.version.clone(),
                        line.file.clone(),
                        line.at.clone(),
                    ]
                })
                .collect(),
        ),
    ]
}
