//! The objects of a diagnosis, interned: within a run an object is a number, its text is looked up once per row of facts.

use crate::compile::base::TOP;
use crate::error::EngineError;
use crate::scan::cells;
use crate::scan::sql::{NO_DAY, name};
use crate::source::Source;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use zhengai_model::dataset::Dataset;
use zhengai_model::ids::{ObjectId, ObjectKind};
use zhengai_model::pack::Definitions;
use zhengai_model::period::Period;
use zhengai_warehouse::Warehouse;

/// No object: an unknown id, or a child without a parent of that kind.
pub(crate) const NOBODY: u32 = u32::MAX;

/// All objects of one kind that the master dataset has ever described.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects {
    /// Ids in order.
    pub(crate) ids: Vec<ObjectId>,
    /// Names for people.
    pub(crate) names: Vec<String>,
    /// First day of existence.
    from: Vec<Option<NaiveDate>>,
    /// First day after it.
    to: Vec<Option<NaiveDate>>,
    /// Fields of the master row that thresholds are scoped by.
    pub(crate) groups: BTreeMap<String, Vec<Option<String>>>,
    index: HashMap<String, u32>,
}

impl Objects {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The number of an id.
    pub(crate) fn find(&self, id: &str) -> u32 {
        self.index.get(id).copied().unwrap_or(NOBODY)
    }

    /// Whether the object existed on any day of the period.
    pub(crate) fn lives_in(&self, object: usize, period: &Period) -> bool {
        let from = self.from.get(object).copied().flatten();
        let to = self.to.get(object).copied().flatten();
        from.is_none_or(|from| from < period.end) && to.is_none_or(|to| to > period.start)
    }

    /// Objects known by their ids alone.
    pub(crate) fn bare(ids: BTreeSet<String>) -> Self {
        let mut objects = Self::default();
        for id in ids {
            objects.push(&id, None, None, None);
        }
        objects
    }

    /// Objects that the rows of a master dataset describe, with the fields that thresholds ask for.
    pub(crate) async fn read(
        source: &Source,
        dataset: &Dataset,
        groups: &BTreeSet<String>,
    ) -> Result<Self, EngineError> {
        let mut objects = Self::default();
        let Some(rows) = dataset.object.as_ref().filter(|_| source.has(&dataset.id)) else { return Ok(objects) };
        let or_null = |field: Option<&str>| field.map_or_else(|| NO_DAY.to_owned(), name);
        let wanted: Vec<&String> =
            groups.iter().filter(|group| dataset.fields.iter().any(|field| field.name.as_str() == *group)).collect();
        let mut select = vec![
            name(rows.id.as_str()),
            name(rows.name.as_str()),
            or_null(rows.from.as_ref().map(|field| field.as_str())),
            or_null(rows.to.as_ref().map(|field| field.as_str())),
        ];
        select.extend(wanted.iter().map(|group| name(group)));
        // One field may serve twice, as id and as name; a select list wants every name once.
        let select: Vec<String> =
            select.iter().enumerate().map(|(place, column)| format!("{column} AS \"c{place}\"")).collect();
        // Where a master keeps several rows of an object, the latest describes it.
        let time = dataset.time.as_ref().map(|time| format!(", {}", name(time.field.as_str()))).unwrap_or_default();
        let batches = source
            .rows(&format!(
                "SELECT {} FROM {} ORDER BY {}{time}",
                select.join(", "),
                name(dataset.id.as_str()),
                name(rows.id.as_str())
            ))
            .await?;
        let ids = cells::texts(&batches, 0)?;
        let names = cells::texts(&batches, 1)?;
        let from = cells::dates(&batches, 2)?;
        let to = cells::dates(&batches, 3)?;
        let mut columns = Vec::with_capacity(wanted.len());
        for (position, group) in wanted.into_iter().enumerate() {
            columns.push((group, cells::texts(&batches, position + 4)?));
        }
        let mut groups: BTreeMap<String, Vec<Option<String>>> =
            columns.iter().map(|(group, _)| ((*group).clone(), Vec::new())).collect();
        let cell = |cells: &[Option<String>], row: usize| cells.get(row).cloned().flatten();
        let last_of_its_id = |row: usize| ids.get(row) != ids.get(row + 1);
        for row in (0..ids.len()).filter(|row| last_of_its_id(*row)) {
            let Some(id) = cell(&ids, row) else { continue };
            let day = |days: &[Option<NaiveDate>]| days.get(row).copied().flatten();
            if !objects.push(&id, cell(&names, row), day(&from), day(&to)) {
                continue;
            }
            for (group, values) in &columns {
                if let Some(column) = groups.get_mut(*group) {
                    column.push(cell(values, row));
                }
            }
        }
        objects.groups = groups;
        Ok(objects)
    }

    /// The college, when no master dataset describes it.
    pub(crate) fn college() -> Self {
        Self::bare(BTreeSet::from([TOP.to_owned()]))
    }

    fn push(&mut self, id: &str, label: Option<String>, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
        let (Ok(object), Ok(number)) = (ObjectId::new(id), u32::try_from(self.ids.len())) else { return false };
        self.ids.push(object);
        self.names.push(label.unwrap_or_else(|| id.to_owned()));
        self.from.push(from);
        self.to.push(to);
        self.index.insert(id.to_owned(), number);
        true
    }
}

/// Objects of every kind that a diagnosis needs.
pub(crate) type Cast = BTreeMap<ObjectKind, Objects>;

/// Stands where an object has no id, which the master datasets forbid.
pub(crate) fn nameless() -> ObjectId {
    ObjectId::new("-").expect("a dash is visible text")
}

/// Whether the master dataset of a kind has this object, see [`crate::Engine::knows`].
pub(crate) async fn knows(
    warehouse: &Warehouse,
    definitions: &Definitions,
    kind: &ObjectKind,
    object: &ObjectId,
) -> Result<Option<bool>, EngineError> {
    let kinds = definitions.object_kinds();
    let Some((master, rows)) = kinds.get(kind) else { return Ok(None) };
    let (session, versions) = warehouse.session(std::slice::from_ref(&master.id)).await?;
    let source = Source::new(session, versions).await?;
    if !source.has(&master.id) {
        return Ok(None);
    }
    let (table, id) = (name(master.id.as_str()), name(rows.id.as_str()));
    let wanted = object.as_str().replace('\'', "''");
    let text = format!("SELECT CAST({id} AS VARCHAR) FROM {table} WHERE CAST({id} AS VARCHAR) = '{wanted}' LIMIT 1");
    let found = source.rows(&text).await?;
    if found.iter().any(|batch| batch.num_rows() > 0) {
        return Ok(Some(true));
    }
    let any = source.rows(&format!("SELECT 1 FROM {table} LIMIT 1")).await?;
    Ok(any.iter().any(|batch| batch.num_rows() > 0).then_some(false))
}
