//! Finding warnings: for the next evaluation, and for people, who filter, sort, page and count up to a million of them.
//!
//! Rows are wide (they hold why a rule fired). Filters, orders and counts therefore look at the index `warning_worst`
//! alone, and only the rows of one page are read.

use crate::error::Result;
use crate::record::Record;
use crate::row::word;
use crate::sql::{Pieces, Sql};
use crate::warnings::{SELECT, STANDS, WarningId, WarningRecord, read, unit_step};
use chrono::NaiveDate;
use zhengai_model::ids::{LevelId, ObjectId, ObjectKind, PeriodId, RuleId, RunId};
use zhengai_model::layer::Layer;
use zhengai_model::warning::{ConditionState, Handling};

/// Which warnings to list; the default is all that are open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WarningFilter {
    /// Closed ones as well.
    pub with_closed: bool,
    /// These alone; any when empty.
    pub ids: Vec<WarningId>,
    /// Of this layer.
    pub layer: Option<Layer>,
    /// Of this rule.
    pub rule: Option<RuleId>,
    /// Of one of these rules; any when empty.
    pub rules: Vec<RuleId>,
    /// About objects of this kind.
    pub kind: Option<ObjectKind>,
    /// About this object.
    pub object: Option<ObjectId>,
    /// About these units or what lies below them; any when empty.
    pub units: Vec<(ObjectKind, ObjectId)>,
    /// Of this period.
    pub period: Option<PeriodId>,
    /// Of one of these levels; any when empty.
    pub levels: Vec<LevelId>,
    /// In one of these conditions; any when empty.
    pub conditions: Vec<ConditionState>,
    /// In one of these states of handling; any when empty.
    pub handlings: Vec<Handling>,
    /// With one of these words of suppression; any when empty.
    pub suppressions: Vec<String>,
    /// Held by this cause.
    pub cause: Option<String>,
    /// Given to this person.
    pub assignee: Option<String>,
    /// Given to nobody.
    pub unassigned: bool,
    /// To be done before this day, and not resolved.
    pub due_before: Option<NaiveDate>,
    /// With these words.
    pub text: Option<WarningText>,
    /// What the one who asks may see: something of each list must hold.
    pub scope: Vec<Vec<Allowed>>,
    /// Last changed by this run.
    pub last_run: Option<RunId>,
    /// At most so many.
    pub limit: Option<u32>,
    /// Leaves out so many at the start.
    pub offset: u32,
}

/// Warnings that somebody may see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Allowed {
    /// Those of these layers.
    Layers(Vec<Layer>),
    /// Those of these layers about these objects or what lies below them.
    Units(Vec<Layer>, Vec<(ObjectKind, ObjectId)>),
    /// Those about this very object.
    Object(ObjectKind, ObjectId),
    /// Those about objects of other kinds than these.
    OtherKinds(Vec<ObjectKind>),
}

/// Words that a warning must have in the name or the id of its object, or the rules whose names have them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WarningText {
    /// The words; letters of ASCII match whatever their case.
    pub text: String,
    /// Rules that have them in their names.
    pub rules: Vec<RuleId>,
    /// Objects that they mean besides: by pinyin or initials.
    pub objects: Vec<ObjectId>,
}

/// What warnings are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WarningSort {
    /// The order in which they were raised.
    #[default]
    Raised,
    /// Rank of the level, then the order in which they were raised.
    Severity,
    /// Id of the rule.
    Rule,
    /// Name of the object.
    Object,
    /// Units of the object.
    Unit,
    /// The period.
    Period,
    /// Word of the condition.
    Condition,
    /// Word of the handling.
    Handling,
    /// Who should act; nobody comes last.
    Assignee,
    /// Until when; no day comes last.
    Due,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WarningOrder {
    /// The smallest, first, earliest.
    Up,
    /// The greatest, last, newest.
    #[default]
    Down,
}

/// What warnings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WarningGrouping {
    /// The rule.
    Rule,
    /// The units of the object, as one path.
    Unit,
    /// The level.
    Level,
    /// Who should act.
    Assignee,
    /// The state of handling.
    Handling,
    /// What they wait for; only those that wait for something.
    Cause,
}

/// Warnings that have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningGroup {
    /// What they have in common; `None` stands for nobody.
    pub key: Option<String>,
    /// How many.
    pub count: u64,
    /// Rank of the most severe level.
    pub severity: i64,
}

impl WarningSort {
    fn sql(self, order: WarningOrder) -> &'static str {
        use WarningOrder::{Down, Up};
        match (self, order) {
            (Self::Raised, Up) => " ORDER BY id",
            (Self::Raised, Down) => " ORDER BY id DESC",
            (Self::Severity, Up) => " ORDER BY severity, id",
            (Self::Severity, Down) => " ORDER BY severity DESC, id DESC",
            (Self::Rule, Up) => " ORDER BY rule, id",
            (Self::Rule, Down) => " ORDER BY rule DESC, id DESC",
            (Self::Object, Up) => " ORDER BY object_name, object, id",
            (Self::Object, Down) => " ORDER BY object_name DESC, object DESC, id DESC",
            (Self::Unit, Up) => " ORDER BY unit, id",
            (Self::Unit, Down) => " ORDER BY unit DESC, id DESC",
            (Self::Period, Up) => " ORDER BY period, id",
            (Self::Period, Down) => " ORDER BY period DESC, id DESC",
            (Self::Condition, Up) => " ORDER BY condition, id",
            (Self::Condition, Down) => " ORDER BY condition DESC, id DESC",
            (Self::Handling, Up) => " ORDER BY handling, id",
            (Self::Handling, Down) => " ORDER BY handling DESC, id DESC",
            (Self::Assignee, Up) => " ORDER BY assignee IS NULL, assignee, id",
            (Self::Assignee, Down) => " ORDER BY assignee IS NULL, assignee DESC, id DESC",
            (Self::Due, Up) => " ORDER BY due IS NULL, due, id",
            (Self::Due, Down) => " ORDER BY due IS NULL, due DESC, id DESC",
        }
    }
}

impl WarningGrouping {
    fn sql(self) -> &'static str {
        match self {
            Self::Rule => "SELECT rule AS word, count(*) AS n, max(severity) AS severity FROM warning",
            Self::Unit => "SELECT unit AS word, count(*) AS n, max(severity) AS severity FROM warning",
            Self::Level => "SELECT level AS word, count(*) AS n, max(severity) AS severity FROM warning",
            Self::Assignee => "SELECT assignee AS word, count(*) AS n, max(severity) AS severity FROM warning",
            Self::Handling => "SELECT handling AS word, count(*) AS n, max(severity) AS severity FROM warning",
            Self::Cause => "SELECT cause AS word, count(*) AS n, max(severity) AS severity FROM warning",
        }
    }

    fn group(self) -> &'static str {
        match self {
            Self::Rule => " GROUP BY rule ORDER BY rule",
            Self::Unit => " GROUP BY unit ORDER BY unit",
            Self::Level => " GROUP BY level ORDER BY level",
            Self::Assignee => " GROUP BY assignee ORDER BY assignee",
            Self::Handling => " GROUP BY handling ORDER BY handling",
            Self::Cause => " GROUP BY cause ORDER BY cause",
        }
    }
}

impl WarningFilter {
    fn apply(&self, sql: Sql) -> Result<Sql> {
        let conditions = self.conditions.iter().map(word).collect::<Result<Vec<_>>>()?;
        let handlings = self.handlings.iter().map(word).collect::<Result<Vec<_>>>()?;
        let ids: Vec<i64> = self.ids.iter().map(|id| id.0).collect();
        let sql = if self.with_closed { sql.only_where(STANDS) } else { sql.only_where("is_open = 1") };
        let sql = if self.unassigned { sql.only_where("assignee IS NULL") } else { sql };
        let sql = match self.due_before {
            Some(day) => sql.only("due < ", day.to_string()).only_where("handling <> 'resolved'"),
            None => sql,
        };
        let scoped =
            |sql: Sql, any: &Vec<Allowed>| sql.clause_by(|pieces| pieces.between(any, (" OR ", "1 = 0"), allowed));
        let sql = self.scope.iter().fold(sql, scoped);
        let units = self.units.iter().map(|(kind, id)| ("unit LIKE ", like(&unit_step(kind, id))));
        let sql = sql.either(units.collect());
        Ok(self
            .words(sql)
            .any_of_int("id", &ids)
            .only_if("layer = ", self.layer.map(Layer::as_str))
            .only_if("rule = ", self.rule.as_ref().map(RuleId::as_str))
            .any_of("rule", self.rules.iter().map(RuleId::as_str))
            .only_if("kind = ", self.kind.as_ref().map(ObjectKind::as_str))
            .only_if("object = ", self.object.as_ref().map(ObjectId::as_str))
            .only_if("period = ", self.period.as_ref().map(PeriodId::as_str))
            .any_of("level", self.levels.iter().map(LevelId::as_str))
            .any_of("condition", conditions)
            .any_of("handling", handlings)
            .any_of("suppression", self.suppressions.iter().map(String::as_str))
            .only_if("cause = ", self.cause.as_deref())
            .only_if("assignee = ", self.assignee.as_deref())
            .only_if("last_run = ", self.last_run.as_ref().map(RunId::as_str)))
    }

    fn words(&self, sql: Sql) -> Sql {
        let Some(sought) = &self.text else { return sql };
        let words = like(&sought.text.to_lowercase());
        let mut conditions = vec![("lower(object_name) LIKE ", words.clone()), ("lower(object) LIKE ", words)];
        conditions.extend(sought.rules.iter().map(|rule| ("rule LIKE ", escaped(rule.as_str()))));
        conditions.extend(sought.objects.iter().map(|object| ("object LIKE ", escaped(object.as_str()))));
        sql.either(conditions)
    }
}

fn allowed(pieces: Pieces, allowed: &Allowed) -> Pieces {
    let layers = |pieces: Pieces, layers: &[Layer]| {
        let each = |pieces: Pieces, layer: &Layer| pieces.argument(layer.as_str());
        pieces.text("layer IN (").between(layers, (", ", "''"), each).text(")")
    };
    let object = |pieces: Pieces, (kind, id): (&ObjectKind, &ObjectId)| {
        pieces.text("(kind = ").argument(kind.as_str()).text(" AND object = ").argument(id.as_str()).text(")")
    };
    match allowed {
        Allowed::Layers(these) => layers(pieces, these),
        Allowed::Units(these, units) => {
            let unit = |pieces: Pieces, (kind, id): &(ObjectKind, ObjectId)| {
                let pieces = object(pieces, (kind, id)).text(" OR unit LIKE ");
                // Case counts here as well: what is allowed is never guessed.
                let step = unit_step(kind, id);
                let pieces = pieces.argument(like(&step)).text(" ESCAPE '\\' AND replace(unit, ");
                pieces.argument(step).text(", '') <> unit")
            };
            layers(pieces.text("("), these).text(" AND (").between(units, (" OR ", "1 = 0"), unit).text("))")
        }
        Allowed::Object(kind, id) => object(pieces, (kind, id)),
        Allowed::OtherKinds(kinds) => {
            let each = |pieces: Pieces, kind: &ObjectKind| pieces.argument(kind.as_str());
            pieces.text("kind NOT IN (").between(kinds, (", ", "''"), each).text(")")
        }
    }
}

/// A pattern for texts that hold this one.
fn like(text: &str) -> String {
    format!("%{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

impl Record {
    /// Warnings that fit, the newest first.
    pub async fn warning_list(&self, filter: &WarningFilter) -> Result<Vec<WarningRecord>> {
        self.warning_page(filter, WarningSort::Raised, WarningOrder::Down).await
    }

    /// Warnings that fit, in an order that is the same for each page.
    pub async fn warning_page(
        &self,
        filter: &WarningFilter,
        sort: WarningSort,
        order: WarningOrder,
    ) -> Result<Vec<WarningRecord>> {
        let chosen = filter.apply(Sql::new(SELECT).push(" WHERE id IN (SELECT id FROM warning"))?;
        let sql = chosen.push(sort.sql(order)).page(filter.limit, filter.offset).push(")").push(sort.sql(order));
        self.rows("warning", sql).await?.iter().map(read).collect()
    }

    /// How many warnings fit; limit and offset do not count.
    pub async fn warning_count(&self, filter: &WarningFilter) -> Result<u64> {
        let sql = filter.apply(Sql::new("SELECT count(*) AS n FROM warning"))?;
        let row = self.row("warning", sql).await?;
        row.map_or(Ok(0), |row| Ok(u64::try_from(row.int("n")?).unwrap_or(0)))
    }

    /// Warnings that fit, counted by what they have in common, in the order of that.
    pub async fn warning_groups(&self, filter: &WarningFilter, by: WarningGrouping) -> Result<Vec<WarningGroup>> {
        let sql = filter.apply(Sql::new(by.sql()))?;
        let sql = if by == WarningGrouping::Cause { sql.only_where("cause IS NOT NULL") } else { sql };
        let group = |row: &crate::row::Row| {
            Ok(WarningGroup {
                key: row.maybe("word")?,
                count: u64::try_from(row.int("n")?).unwrap_or(0),
                severity: row.int("severity")?,
            })
        };
        self.rows("warning", sql.push(by.group())).await?.iter().map(group).collect()
    }

    /// What the state machine needs to evaluate a period: of each identity the open warning, or else the latest
    /// closed one, in the order of identities. With rules given, only theirs.
    pub async fn warning_load(&self, period: &PeriodId, rules: &[RuleId]) -> Result<Vec<WarningRecord>> {
        let latest = "NOT EXISTS (SELECT 1 FROM warning later WHERE later.rule = warning.rule \
                      AND later.kind = warning.kind AND later.object = warning.object \
                      AND later.period = warning.period AND later.condition <> 'withdrawn' AND (later.is_open > warning.is_open \
                      OR (later.is_open = warning.is_open AND later.id > warning.id)))";
        let sql = Sql::new(SELECT)
            .only("period = ", period.as_str())
            .any_of("rule", rules.iter().map(RuleId::as_str))
            .only_where(STANDS)
            .only_where(latest)
            .push(" ORDER BY rule, kind, object");
        self.rows("warning", sql).await?.iter().map(read).collect()
    }
}
