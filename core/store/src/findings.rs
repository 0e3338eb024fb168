//! Findings (诊断发现) of a run: what it says about one object. Written with the run that made them, never changed.

use crate::error::Result;
use crate::record::{Change, Record};
use crate::row::{Row, json};
use crate::sql::Sql;
use serde::Serialize;
use serde_json::Value;
use zhengai_model::ids::{IndicatorCode, LevelId, ObjectId, ObjectKind, RunId};
use zhengai_model::layer::Layer;

/// One finding to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is: `unmet`, `warning`, `data-gap`, … as the engine names it.
    pub what: String,
    /// The layer.
    pub layer: Layer,
    /// The indicator, when it is about one.
    pub indicator: Option<IndicatorCode>,
    /// Kind of the object.
    pub kind: ObjectKind,
    /// The object.
    pub object: ObjectId,
    /// The object's name when it was found.
    pub object_name: String,
    /// Level of the warning, when it is one.
    pub level: Option<LevelId>,
    /// Values, thresholds, reasons.
    pub detail: Value,
}

/// One finding as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingRecord {
    /// The run that found it.
    pub run: RunId,
    /// Its place in the run, from 1.
    pub seq: u64,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}

/// Which findings of a run to list; the default is all.
#[derive(Debug, Clone, Default)]
pub struct FindingFilter {
    /// Of this layer.
    pub layer: Option<Layer>,
    /// About this indicator.
    pub indicator: Option<IndicatorCode>,
    /// About objects of this kind.
    pub kind: Option<ObjectKind>,
    /// About this object.
    pub object: Option<ObjectId>,
    /// Of this sort: `unmet`, `warning`, …
    pub what: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
    /// Leaves out so many at the start.
    pub offset: u32,
}

const INSERT: &str = "INSERT INTO finding (seq, what, layer, indicator, kind, object, object_name, level, detail, run)";
const COLUMNS: usize = 9;
/// Rows of one statement; all but the last have the same text and are prepared once. Finding an argument by its name
/// takes SQLite time in proportion to their number, so statements of hundreds of rows are slower, not faster.
const CHUNK: usize = 20;

/// Writes the findings of a run within its change.
pub(crate) async fn insert(change: &mut Change<'_>, run: &RunId, findings: &[Finding]) -> Result<()> {
    let mut seq = 0_i64;
    for chunk in findings.chunks(CHUNK) {
        let mut sql = Sql::new(INSERT).text(run.as_str()).values(COLUMNS, ",$1", chunk.len());
        for finding in chunk {
            seq += 1;
            sql = sql
                .int(seq)
                .text(&*finding.what)
                .text(finding.layer.as_str())
                .maybe(finding.indicator.as_ref().map(IndicatorCode::as_str))
                .text(finding.kind.as_str())
                .text(finding.object.as_str())
                .text(&*finding.object_name)
                .maybe(finding.level.as_ref().map(LevelId::as_str))
                .text(json(&finding.detail)?);
        }
        change.run(sql).await?;
    }
    Ok(())
}

impl Record {
    /// Findings of a run, in the order in which the run gave them.
    pub async fn finding_list(&self, run: &RunId, filter: &FindingFilter) -> Result<Vec<FindingRecord>> {
        let sql =
            Sql::new("SELECT run, seq, what, layer, indicator, kind, object, object_name, level, detail FROM finding")
                .only("run = ", run.as_str())
                .only_if("layer = ", filter.layer.map(Layer::as_str))
                .only_if("indicator = ", filter.indicator.as_ref().map(IndicatorCode::as_str))
                .only_if("kind = ", filter.kind.as_ref().map(ObjectKind::as_str))
                .only_if("object = ", filter.object.as_ref().map(ObjectId::as_str))
                .only_if("what = ", filter.what.as_deref())
                .push(" ORDER BY seq")
                .page(filter.limit, filter.offset);
        self.rows("finding", sql).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<FindingRecord> {
    Ok(FindingRecord {
        run: row.parsed("run")?,
        seq: u64::try_from(row.int("seq")?).unwrap_or(0),
        finding: Finding {
            what: row.text("what")?,
            layer: row.word("layer")?,
            indicator: row.maybe_parsed("indicator")?,
            kind: row.parsed("kind")?,
            object: row.parsed("object")?,
            object_name: row.text("object_name")?,
            level: row.maybe_parsed("level")?,
            detail: row.json("detail")?,
        },
    })
}
