//! From result rows to a report's data. Everything counted here is counted from the rows that are shown.

use super::{Counts, GapLine, ObjectLine, Pair, PointLine, Problem, Report, Section, Subject, chart};
use crate::rows::ResultRow;
use crate::text::Texts;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The kind of object that the college as a whole is.
const SCHOOL: &str = "school";

/// Objects listed under a problem; the rest are counted.
const WORST: usize = 10;

/// Names of an indicator, in the report's language.
#[derive(Debug, Clone)]
pub struct IndicatorText {
    /// Its name.
    pub name: String,
    /// Name of its 质控点 with the nodes above it.
    pub point: String,
    /// Its unit.
    pub unit: String,
    /// What to do when it is not met.
    pub advice: String,
    /// The grain for which it is first of all computed.
    pub grain: String,
    /// More is better: decides who is worst.
    pub higher_is_better: bool,
    /// A named quantity is shown among facts, never judged.
    pub quantity: bool,
    /// 是/否: 1 is shown as yes, 0 as no.
    pub yes_no: bool,
}

/// A dataset that the run read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// Its id.
    pub dataset: String,
    /// Its name.
    pub name: String,
    /// Rows at the version that was read.
    pub rows: String,
    /// The version.
    pub version: String,
    /// The file of its newest batch.
    pub file: String,
    /// When that batch was applied.
    pub at: String,
}

/// A warning as a report lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WarningLine {
    /// Label of its level.
    pub level: String,
    /// Word of its level, for colour.
    pub level_word: String,
    /// Name of its rule.
    pub rule: String,
    /// Name of its subject.
    pub object: String,
    /// Id of its subject.
    pub object_id: String,
    /// Why it fired.
    pub because: String,
    /// What people did so far.
    pub handling: String,
}

/// Everything that a report is made of.
#[derive(Debug)]
pub struct ReportInput<'a> {
    /// Texts of the language.
    pub texts: &'a Texts,
    /// What it is about.
    pub subject: &'a Subject,
    /// Name of the college.
    pub college: &'a str,
    /// Label and value of basic facts that the caller knows: period, run, who, when.
    pub facts: Vec<Pair>,
    /// The period of the run.
    pub period: String,
    /// Labels of all periods by id.
    pub periods: BTreeMap<String, String>,
    /// Names by indicator code.
    pub indicators: &'a BTreeMap<String, IndicatorText>,
    /// Layer word → label, in the order of the report.
    pub layers: Vec<(String, String)>,
    /// Rows of the run.
    pub rows: &'a [ResultRow],
    /// Label and rows of the run before, when there is one.
    pub previous: Option<(String, &'a [ResultRow])>,
    /// Datasets that it read.
    pub sources: Vec<SourceLine>,
    /// Warnings, worst first.
    pub warnings: Vec<WarningLine>,
    /// Warnings beyond those.
    pub more_warnings: usize,
    /// Where everything comes from.
    pub provenance: Vec<Pair>,
    /// Whether the college is synthetic.
    pub synthetic: bool,
}

/// Makes the report's data.
pub fn build(input: ReportInput<'_>) -> Report {
    let rows: Vec<&ResultRow> = input.rows.iter().filter(|row| belongs(row, input.subject, input.indicators)).collect();
    let previous: Option<Vec<&ResultRow>> = input
        .previous
        .as_ref()
        .map(|(_, rows)| rows.iter().filter(|row| belongs(row, input.subject, input.indicators)).collect());
    let layers: Vec<&(String, String)> =
        input.layers.iter().filter(|(word, _)| rows.iter().any(|row| &row.layer == word)).collect();
    let judged_rows = |rows: &[&ResultRow], layer: Option<&str>| -> Counts {
        let chosen =
            rows.iter().filter(|row| layer.is_none_or(|word| row.layer == word) && !is_quantity(row, input.indicators));
        count(chosen.copied())
    };
    let line = |label: String, layer: Option<&str>| {
        let mut counts = judged_rows(&rows, layer);
        counts.label = label;
        if let Some(previous) = &previous {
            let before = judged_rows(previous, layer);
            counts.unmet_change = change(before.unmet, counts.unmet);
            counts.warnings_change = change(before.warnings, counts.warnings);
        }
        counts
    };
    let mut counts: Vec<Counts> = layers.iter().map(|(word, label)| line(label.clone(), Some(word))).collect();
    let overview = chart::overview(&counts, &input.texts.text("report-overview", &[]));
    if counts.len() > 1 {
        counts.push(line(input.texts.text("report-all", &[]), None));
    }
    let sections = layers
        .iter()
        .map(|(word, label)| {
            let rows: Vec<&ResultRow> = rows.iter().filter(|row| &row.layer == word).copied().collect();
            section(label, &rows, &input)
        })
        .collect();
    let mut facts = input.facts;
    facts.extend(quantities(&rows, input.indicators));
    Report {
        language: input.texts.language().tag().to_owned(),
        college: input.college.to_owned(),
        subject: subject_text(input.subject, input.college, &input.layers),
        kind: match input.subject {
            Subject::College => "college",
            Subject::Layer(_) => "layer",
            Subject::Object { .. } => "object",
        }
        .to_owned(),
        facts,
        sources: input.sources,
        counts,
        overview,
        compared_with: input.previous.map(|(label, _)| label).unwrap_or_default(),
        sections,
        warnings: input.warnings,
        more_warnings: input.more_warnings,
        gaps: gaps(&rows, input.texts, input.indicators),
        provenance: input.provenance,
        unverified: rows.iter().any(|row| row.standard.is_some() && !row.verified),
        synthetic: input.synthetic,
    }
}

fn subject_text(subject: &Subject, college: &str, layers: &[(String, String)]) -> String {
    match subject {
        Subject::College => college.to_owned(),
        Subject::Layer(layer) => layers
            .iter()
            .find(|(word, _)| word == layer.as_str())
            .map_or_else(|| layer.as_str().to_owned(), |(_, label)| label.clone()),
        Subject::Object { id, name, .. } if name == id.as_str() => name.clone(),
        Subject::Object { id, name, .. } => format!("{name} {id}"),
    }
}

/// A college or layer report looks at each indicator at its first grain and at the college as a whole; an object
/// report looks at everything about the object.
fn belongs(row: &ResultRow, subject: &Subject, indicators: &BTreeMap<String, IndicatorText>) -> bool {
    let first = indicators.get(&row.indicator).is_none_or(|text| text.grain == row.grain);
    match subject {
        Subject::College => first,
        Subject::Layer(layer) => first && row.layer == layer.as_str(),
        Subject::Object { kind, id, .. } => row.grain == kind.as_str() && row.object == id.as_str(),
    }
}

fn is_quantity(row: &ResultRow, indicators: &BTreeMap<String, IndicatorText>) -> bool {
    indicators.get(&row.indicator).is_some_and(|text| text.quantity)
}

fn count<'a>(rows: impl Iterator<Item = &'a ResultRow>) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        let place = match row.attainment.as_str() {
            "achieved" => &mut counts.achieved,
            "met" => &mut counts.met,
            "unmet" => &mut counts.unmet,
            "undetermined" => &mut counts.undetermined,
            "unjudged" => &mut counts.unjudged,
            _ => &mut counts.other,
        };
        *place += 1;
        counts.warnings += u64::from(row.level.is_some());
    }
    counts
}

fn change(before: u64, now: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("+{}", now - before),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Less => format!("-{}", before - now),
    }
}

/// What one line of a report is about, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct LineKey {
    point: String,
    code: String,
    period: String,
    grain: String,
}

/// Rows by indicator, period and grain, indicators in the order of their control points.
fn by_line<'a>(
    rows: &[&'a ResultRow],
    indicators: &BTreeMap<String, IndicatorText>,
) -> BTreeMap<LineKey, Vec<&'a ResultRow>> {
    let mut groups: BTreeMap<LineKey, Vec<&ResultRow>> = BTreeMap::new();
    for row in rows {
        let point = indicators.get(&row.indicator).map(|text| text.point.clone()).unwrap_or_default();
        let (code, period, grain) = (row.indicator.clone(), row.period.clone(), row.grain.clone());
        groups.entry(LineKey { point, code, period, grain }).or_default().push(row);
    }
    groups
}

fn section(title: &str, rows: &[&ResultRow], input: &ReportInput<'_>) -> Section {
    let mut points = Vec::new();
    let mut problems = Vec::new();
    let mut last = String::new();
    for (key, rows) in by_line(rows, input.indicators) {
        let Some(text) = input.indicators.get(&key.code) else { continue };
        if text.quantity {
            continue;
        }
        let counts = count(rows.iter().copied());
        let mut line = point_line(&key.code, text, &rows, &counts, input.texts);
        // An indicator of a finer period than the run's says which one each line is about.
        if key.period != input.period {
            line.period = input.periods.get(&key.period).cloned().unwrap_or_else(|| key.period.clone());
        }
        if key.point != last {
            line.point.clone_from(&key.point);
            last.clone_from(&key.point);
        }
        if counts.unmet > 0 {
            problems.push(problem(&key, &line.period, text, &rows, &counts, input.texts));
        }
        points.push(line);
    }
    problems.sort_by(|one, other| other.unmet.cmp(&one.unmet).then_with(|| one.code.cmp(&other.code)));
    Section { title: title.to_owned(), points, problems }
}

/// A value as people read it.
fn shown(value: Decimal, text: &IndicatorText, texts: &Texts) -> String {
    match (text.yes_no, value.is_zero()) {
        (true, true) => texts.text("report-no", &[]),
        (true, false) => texts.text("report-yes", &[]),
        (false, _) => value.to_string(),
    }
}

/// A condition as people write it.
fn condition(text: &str, texts: &Texts) -> String {
    let text = text.replace(">=", "≥").replace("<=", "≤");
    match text.strip_prefix("in ") {
        Some(interval) => format!("{} {interval}", texts.text("report-within", &[])),
        None => text,
    }
}

/// All the same text, or a word that says that they differ.
fn common(values: impl Iterator<Item = Option<String>>, texts: &Texts) -> String {
    let distinct: BTreeSet<String> = values.flatten().map(|text| condition(&text, texts)).collect();
    let mut iter = distinct.into_iter();
    match (iter.next(), iter.next()) {
        (None, _) => String::new(),
        (Some(only), None) => only,
        (Some(_), Some(_)) => texts.text("report-varies", &[]),
    }
}

fn point_line(code: &str, text: &IndicatorText, rows: &[&ResultRow], counts: &Counts, texts: &Texts) -> PointLine {
    let single = match rows {
        [only] => Some(*only),
        _ => None,
    };
    let value = match single {
        Some(row) => row.value.map_or_else(|| gap_text(row, texts), |value| shown(value, text, texts)),
        None => spread(rows),
    };
    let verdict_word = single.map(|row| row.attainment.clone()).unwrap_or_default();
    PointLine {
        point: String::new(),
        code: code.to_owned(),
        name: text.name.clone(),
        period: String::new(),
        unit: if text.yes_no || rows.iter().all(|row| row.value.is_none()) { String::new() } else { text.unit.clone() },
        value,
        objects: rows.len() as u64,
        target: common(rows.iter().map(|row| row.target.clone()), texts),
        standard: common(rows.iter().map(|row| row.standard.clone()), texts),
        warning: common(rows.iter().map(|row| row.warning.clone()), texts),
        met_share: share(counts.achieved + counts.met, counts.judged()),
        verdict: single.map_or_else(String::new, |row| texts.text(&format!("verdict-{}", row.attainment), &[])),
        verdict_word,
        bar: if single.is_some() { String::new() } else { chart::inline(counts) },
        verified: rows.iter().all(|row| row.verified || row.standard.is_none()),
    }
}

/// `part` of `all` in percent with one digit, rounded half up; empty when there is nothing.
fn share(part: u64, all: u64) -> String {
    if all == 0 {
        return String::new();
    }
    let percent = Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(all);
    let mut rounded = percent.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    // A whole percentage shows its digit too, so that a column lines up.
    rounded.rescale(1);
    rounded.to_string()
}

/// Median and range of the numbers there are.
fn spread(rows: &[&ResultRow]) -> String {
    let mut numbers: Vec<Decimal> = rows.iter().filter_map(|row| row.value).collect();
    numbers.sort_unstable();
    // The lower median is a value that some object really has.
    let median = numbers.len().checked_sub(1).and_then(|last| numbers.get(last / 2));
    match (numbers.first(), median, numbers.last()) {
        (Some(low), Some(median), Some(high)) => format!("{median} ({low} – {high})"),
        _ => "—".to_owned(),
    }
}

fn problem(
    key: &LineKey,
    period: &str,
    text: &IndicatorText,
    rows: &[&ResultRow],
    counts: &Counts,
    texts: &Texts,
) -> Problem {
    let mut unmet: Vec<&ResultRow> = rows.iter().filter(|row| row.attainment == "unmet").copied().collect();
    unmet.sort_by(|one, other| {
        let order = one.value.cmp(&other.value);
        let order = if text.higher_is_better { order } else { order.reverse() };
        order.then_with(|| one.object.cmp(&other.object))
    });
    let more = unmet.len().saturating_sub(WORST) as u64;
    let worst = unmet
        .into_iter()
        .take(WORST)
        .map(|row| ObjectLine {
            id: row.object.clone(),
            name: row.object_name.clone(),
            value: row.value.map(|value| shown(value, text, texts)).unwrap_or_default(),
            standard: row.standard.as_deref().map(|text| condition(text, texts)).unwrap_or_default(),
        })
        .collect();
    Problem {
        point: key.point.clone(),
        code: key.code.clone(),
        name: text.name.clone(),
        period: period.to_owned(),
        unmet: counts.unmet,
        judged: counts.judged(),
        worst,
        more,
        advice: text.advice.clone(),
    }
}

/// Named quantities of the college, as facts.
fn quantities(rows: &[&ResultRow], indicators: &BTreeMap<String, IndicatorText>) -> Vec<Pair> {
    rows.iter()
        .filter(|row| row.grain == SCHOOL && is_quantity(row, indicators))
        .filter_map(|row| {
            let text = indicators.get(&row.indicator)?;
            Some(Pair { label: text.name.clone(), value: format!("{} {}", row.value?, text.unit) })
        })
        .collect()
}

fn gap_text(row: &ResultRow, texts: &Texts) -> String {
    texts.text(&format!("state-{}", row.state), &[])
}

/// The word of a stored gap: `no-data:attended` → `no-data`.
fn gap_word(gap: &str) -> &str {
    gap.split([':', ' ', '{']).next().unwrap_or(gap)
}

fn gaps(rows: &[&ResultRow], texts: &Texts, indicators: &BTreeMap<String, IndicatorText>) -> Vec<GapLine> {
    let mut groups: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.state.as_str(), "undetermined" | "not-applicable" | "not-due")) {
        let reason = match &row.gap {
            Some(gap) if row.state != "not-due" => texts.text(&format!("gap-{}", gap_word(gap)), &[]),
            _ => gap_text(row, texts),
        };
        *groups.entry((row.indicator.clone(), reason)).or_default() += 1;
    }
    groups
        .into_iter()
        .map(|((code, reason), objects)| GapLine {
            name: indicators.get(&code).map(|text| text.name.clone()).unwrap_or_default(),
            code,
            reason,
            objects,
        })
        .collect()
}
