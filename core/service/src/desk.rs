//! The query desk (查询台): who may read what, how much, and that each reading stands in the audit with its SQL.

use crate::college::College;
use crate::error::ServiceError;
use crate::rights::{Personal, Whom};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::dataset::{Dataset, Field, FieldType, Privacy, TimeBy};
use zhengai_model::ids::{DatasetId, FieldName, ObjectKind};
use zhengai_model::rights::Right;
use zhengai_model::text::Message;
use zhengai_store::Note;
use zhengai_warehouse::{CancelFlag, DeskAnswer, DeskQuery, Readable, WarehouseError, desk_functions, desk_names};

/// What is asked at the query desk.
#[derive(Debug, Clone)]
pub struct DeskRequest {
    /// One statement.
    pub sql: String,
    /// Leave out so many rows first.
    pub offset: usize,
    /// At most so many rows.
    pub rows: usize,
}

/// A dataset that may be queried.
#[derive(Debug, Clone)]
pub struct DeskDataset<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Fields that tell who a row is about; whoever may not read about persons sees them masked.
    pub telling: BTreeSet<FieldName>,
}

/// An answer with the fields that were masked in it.
#[derive(Debug, Clone)]
pub struct DeskRows {
    /// What was found.
    pub answer: DeskAnswer,
    /// `dataset.field` of the fields that this person sees masked, of the datasets that were read.
    pub masked: Vec<String>,
    /// Why they are.
    pub why: Vec<Message>,
}

/// Datasets about persons whose rows this person may not see as they are, with the reason.
type Closed = BTreeMap<DatasetId, Message>;

impl College {
    /// Runs a query. The audit has the SQL before the first row is read.
    pub async fn query(&self, request: &DeskRequest, cancel: &CancelFlag) -> Result<DeskRows, ServiceError> {
        self.permit_whole(Right::Query)?;
        self.answer(request, cancel).await
    }

    /// The answer to a query that somebody may ask.
    pub(crate) async fn answer(&self, request: &DeskRequest, cancel: &CancelFlag) -> Result<DeskRows, ServiceError> {
        let names = desk_names(&request.sql).map_err(|error| self.with_example(error))?;
        let closed = self.closed(&names).await?;
        let readable = self.readable(&closed);
        let query = self.understood(&request.sql, &readable).await?;
        let read = query.reads().clone();
        let of = readable.iter().filter(|one| read.contains(&one.dataset.id));
        let masked: Vec<String> =
            of.flat_map(|one| one.masked.iter().map(|field| format!("{}.{field}", one.dataset.id))).collect();
        let note = Note {
            action: "query.read".to_owned(),
            thing: "query".to_owned(),
            subject: read.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(","),
            why: None,
            detail: Some(json!({ "sql": request.sql, "datasets": read, "masked": masked })),
        };
        self.record.audit_note(self.actor(), &note).await?;
        let answer = query.run(request.offset, request.rows, cancel).await?;
        let why: BTreeSet<Message> = closed.into_values().collect();
        let why = if masked.is_empty() { Vec::new() } else { why.into_iter().collect() };
        Ok(DeskRows { answer, masked, why })
    }

    /// How the rows of a query would be found, a line for each step.
    pub async fn query_steps(&self, sql: &str) -> Result<Vec<String>, ServiceError> {
        self.permit_whole(Right::Query)?;
        let readable = self.readable(&Closed::new());
        Ok(self.understood(sql, &readable).await?.steps().await?)
    }

    /// Datasets that may be queried, by id.
    pub fn query_datasets(&self) -> Result<Vec<DeskDataset<'_>>, ServiceError> {
        self.permit_whole(Right::Query)?;
        let persons = self.persons();
        let datasets = self.queryable().into_iter();
        Ok(datasets.map(|dataset| DeskDataset { dataset, telling: telling(dataset, &persons) }).collect())
    }

    /// Functions that a query may use.
    pub fn query_functions(&self) -> Vec<String> {
        desk_functions()
    }

    async fn understood(&self, sql: &str, readable: &[Readable<'_>]) -> Result<DeskQuery, ServiceError> {
        let understood = self.warehouse.desk(sql, readable, self.config().desk_limits()).await;
        Ok(understood.map_err(|error| self.with_example(error))?)
    }

    /// Who wrote nothing is shown how, with a dataset that everybody may read who may query.
    fn with_example(&self, error: WarehouseError) -> WarehouseError {
        let open = |dataset: &&Dataset| dataset.privacy != Privacy::Sensitive;
        match error {
            WarehouseError::DeskEmpty { .. } => {
                let example = self.queryable().into_iter().find(open).map(|dataset| dataset.id.clone());
                WarehouseError::DeskEmpty { example }
            }
            other => other,
        }
    }

    /// Datasets with rows of their own, by id.
    fn queryable(&self) -> Vec<&Dataset> {
        let all = self.definitions.datasets.values();
        let mut own: Vec<&Dataset> = all.filter(|dataset| !self.definitions.is_computed(&dataset.id)).collect();
        own.sort_by(|one, other| one.id.cmp(&other.id));
        own
    }

    /// The datasets as this person may read them. What is about persons is masked in all of them as soon as one of them
    /// is closed: a masked number could be found again in another.
    fn readable(&self, closed: &Closed) -> Vec<Readable<'_>> {
        let persons = self.persons();
        let masked = |dataset: &Dataset| match closed.is_empty() {
            true => BTreeSet::new(),
            false => telling(dataset, &persons),
        };
        // Of psychological, card and health data a group alone may tell too much: those are not there at all.
        let hidden = |dataset: &&Dataset| dataset.privacy == Privacy::Sensitive && closed.contains_key(&dataset.id);
        let seen = self.queryable().into_iter().filter(|dataset| !hidden(dataset));
        seen.map(|dataset| Readable { dataset, masked: masked(dataset) }).collect()
    }

    /// Which of these datasets this person may not see as they are, and why. Those that are open are noted in the audit.
    async fn closed(&self, names: &BTreeSet<String>) -> Result<Closed, ServiceError> {
        let mut closed = Closed::new();
        for dataset in self.queryable().into_iter().filter(|dataset| names.contains(dataset.id.as_str())) {
            let open = self.open_personal(dataset.privacy, Whom::Anybody, ("query", dataset.id.as_str())).await?;
            if let Personal::Masked(why) = open {
                closed.insert(dataset.id.clone(), why);
            }
        }
        Ok(closed)
    }

    /// Kinds of objects that are persons: those that a personal dataset describes.
    fn persons(&self) -> BTreeSet<ObjectKind> {
        let personal = self.definitions.datasets.values().filter(|dataset| is_personal(dataset));
        personal.filter_map(|dataset| dataset.object.as_ref()).map(|object| object.kind.clone()).collect()
    }
}

fn is_personal(dataset: &Dataset) -> bool {
    matches!(dataset.privacy, Privacy::Personal | Privacy::Sensitive)
}

/// Fields that tell who a row is about: those that name a person in any dataset, and in datasets about persons free texts
/// and days as well. Codes, numbers, places and periods stay, so that groups can still be counted.
fn telling(dataset: &Dataset, persons: &BTreeSet<ObjectKind>) -> BTreeSet<FieldName> {
    let period = dataset.time.as_ref().filter(|time| time.by == TimeBy::Period).map(|time| &time.field);
    let tells = |field: &&Field| match &field.object {
        Some(kind) => persons.contains(kind),
        None => {
            let open = matches!(field.kind, FieldType::Text | FieldType::Date | FieldType::DateTime);
            is_personal(dataset) && open && period != Some(&field.name)
        }
    };
    dataset.fields.iter().filter(tells).map(|field| field.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::telling;
    use std::collections::BTreeSet;
    use zhengai_model::dataset::Dataset;
    use zhengai_model::ids::ObjectKind;

    fn names(definition: serde_json::Value) -> Vec<String> {
        let dataset: Dataset = serde_json::from_value(definition).expect("a dataset");
        let persons = BTreeSet::from([ObjectKind::new("student").expect("a kind")]);
        telling(&dataset, &persons).into_iter().map(|field| field.to_string()).collect()
    }

    fn field(name: &str, kind: &str, object: Option<&str>) -> serde_json::Value {
        serde_json::json!({"name": name, "names": {"zh": name, "en": name}, "type": kind, "object": object})
    }

    #[test]
    fn of_a_dataset_about_persons_codes_numbers_places_and_periods_are_left() {
        let fields = [
            field("student_id", "text", Some("student")),
            field("name", "text", None),
            field("born", "date", None),
            field("class_id", "text", Some("class")),
            field("score", "decimal", None),
            field("term", "text", None),
            field("poor", "bool", None),
        ];
        let left = names(serde_json::json!({
            "id": "grant", "names": {"zh": "资助", "en": "grants"}, "key": ["student_id"], "privacy": "personal",
            "time": {"field": "term", "by": "period"}, "field": fields,
        }));
        assert_eq!(left, ["born", "name", "student_id"]);
    }

    #[test]
    fn of_another_dataset_only_the_persons_in_it_are_masked() {
        let fields =
            [field("student_id", "text", Some("student")), field("day", "date", None), field("room", "text", None)];
        let left = names(serde_json::json!({
            "id": "visit", "names": {"zh": "到馆", "en": "visits"}, "key": ["student_id", "day"], "field": fields,
        }));
        assert_eq!(left, ["student_id"]);
    }
}
