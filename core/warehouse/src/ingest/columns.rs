//! Which column of a file becomes which field: the mapping first, then headers that are a field's name, label or alias.
//!
//! Headers are compared without regard to case, width and blanks, and may carry a unit: `到款(万元)`, `到款（万元）`, `到款/万元`.

use super::cast::{Conversion, folded, trimmed};
use crate::error::{Result, WarehouseError};
use std::collections::HashSet;
use zhengai_model::dataset::{Dataset, Field, FieldType};
use zhengai_model::mapping::{FieldMapping, Mapping};
use zhengai_model::unit::{factor, is_money};

/// Where the cells of a field come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A column of the file, by position.
    Column(usize),
    /// The same text in every row.
    Constant(String),
    /// An SQL expression over the columns.
    Sql(String),
    /// Nowhere: every row is empty.
    Absent,
}

/// How one field is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldSource {
    /// Where from.
    pub origin: Origin,
    /// Header of the column, or the field's name when there is no column.
    pub place: String,
    /// From the unit of the source to that of the field.
    pub conversion: Conversion,
}

/// What the headers of a file mean for a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// One for each field of the dataset, in its order.
    pub fields: Vec<FieldSource>,
    /// Headers that no field takes.
    pub ignored: Vec<String>,
}

/// A header taken apart.
struct Header {
    whole: String,
    /// Base and unit, when the header ends in one.
    split: Option<(String, String)>,
}

/// Matches the headers of `file` with the fields of `dataset`, or says why the file cannot be taken.
pub(crate) fn resolve(
    dataset: &Dataset,
    mapping: Option<&Mapping>,
    columns: &[String],
    file: &str,
) -> Result<Resolved> {
    if columns.iter().all(|column| trimmed(column).is_empty()) {
        return Err(WarehouseError::EmptyFile { file: file.to_owned() });
    }
    refuse_duplicates(columns, file)?;
    if let Some(mapping) = mapping {
        check_mapping(dataset, mapping)?;
    }
    let headers: Vec<Header> = columns.iter().map(|column| Header::new(column)).collect();
    let mut fields = Vec::with_capacity(dataset.fields.len());
    let mut used: HashSet<usize> = HashSet::new();
    for field in &dataset.fields {
        let rules = mapping.and_then(|mapping| mapping.field.get(&field.name));
        let automatic = rules.is_some() || !mapping.is_some_and(|mapping| mapping.only);
        let source = Resolver { dataset, columns, headers: &headers, file }.field(field, rules, automatic)?;
        if let Origin::Column(position) = source.origin {
            used.insert(position);
        }
        fields.push(source);
    }
    let queries: Vec<&str> = fields
        .iter()
        .filter_map(|source| match &source.origin {
            Origin::Sql(sql) => Some(sql.as_str()),
            _ => None,
        })
        .collect();
    let ignored = columns.iter().enumerate().filter(|(position, column)| {
        let named = queries.iter().any(|sql| sql.contains(column.as_str()));
        !used.contains(position) && !named && !trimmed(column).is_empty()
    });
    Ok(Resolved { ignored: ignored.map(|(_, column)| column.clone()).collect(), fields })
}

fn refuse_duplicates(columns: &[String], file: &str) -> Result<()> {
    let mut seen = HashSet::new();
    for column in columns {
        let header = trimmed(column);
        if !header.is_empty() && !seen.insert(header) {
            return Err(WarehouseError::DuplicateHeader { file: file.to_owned(), column: header.to_owned() });
        }
    }
    Ok(())
}

fn check_mapping(dataset: &Dataset, mapping: &Mapping) -> Result<()> {
    if let Some(written_for) = &mapping.dataset
        && written_for != &dataset.id
    {
        return Err(WarehouseError::MappingDataset { mapping: written_for.clone(), dataset: dataset.id.clone() });
    }
    for (name, rules) in &mapping.field {
        if dataset.field(name).is_none() {
            let known: Vec<&str> = dataset.fields.iter().map(|field| field.name.as_str()).collect();
            return Err(WarehouseError::MappingField {
                dataset: dataset.id.clone(),
                field: name.clone(),
                known: known.join(", "),
            });
        }
        let given = [rules.column.is_some(), rules.value.is_some(), rules.sql.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(WarehouseError::MappingSources { field: name.clone() });
        }
    }
    Ok(())
}

struct Resolver<'a> {
    dataset: &'a Dataset,
    columns: &'a [String],
    headers: &'a [Header],
    file: &'a str,
}

impl Resolver<'_> {
    fn field(&self, field: &Field, rules: Option<&FieldMapping>, automatic: bool) -> Result<FieldSource> {
        let (origin, header_unit) = self.origin(field, rules, automatic)?;
        let place = match &origin {
            Origin::Column(position) => self.columns.get(*position).cloned().unwrap_or_default(),
            _ => field.name.to_string(),
        };
        if origin == Origin::Absent {
            self.refuse_missing(field, rules)?;
            return Ok(FieldSource { origin, place, conversion: Conversion::SAME });
        }
        let unit = rules.and_then(|rules| rules.unit.clone()).or(header_unit);
        let conversion = self.conversion(field, unit, &place)?;
        Ok(FieldSource { origin, place, conversion })
    }

    fn origin(&self, field: &Field, rules: Option<&FieldMapping>, automatic: bool) -> Result<(Origin, Option<String>)> {
        if let Some(rules) = rules {
            if let Some(column) = &rules.column {
                let position = self.position(column).ok_or_else(|| WarehouseError::MappingColumn {
                    file: self.file.to_owned(),
                    field: field.name.clone(),
                    column: column.clone(),
                    known: self.columns.join(", "),
                })?;
                return Ok((Origin::Column(position), self.unit_of(position, field)));
            }
            if let Some(value) = &rules.value {
                return Ok((Origin::Constant(value.clone()), None));
            }
            if let Some(sql) = &rules.sql {
                return Ok((Origin::Sql(sql.clone()), None));
            }
        }
        if !automatic {
            return Ok((Origin::Absent, None));
        }
        match self.matching(field)? {
            Some((position, unit)) => Ok((Origin::Column(position), unit)),
            None => Ok((Origin::Absent, None)),
        }
    }

    /// The position of a header that the mapping names, exactly or without regard to case, width and blanks.
    fn position(&self, column: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|header| trimmed(header) == trimmed(column));
        exact.or_else(|| {
            let wanted = plain(column);
            self.headers.iter().position(|header| header.whole == wanted)
        })
    }

    /// The one column whose header means this field.
    fn matching(&self, field: &Field) -> Result<Option<(usize, Option<String>)>> {
        let names = spellings(field);
        let mut found: Option<(usize, Option<String>)> = None;
        for (position, header) in self.headers.iter().enumerate() {
            let whole = names.contains(&header.whole);
            let unit = header.split.as_ref().filter(|(base, _)| names.contains(base)).map(|(_, unit)| unit.clone());
            let unit = unit.filter(|unit| unit_fits(field, unit));
            if !whole && unit.is_none() {
                continue;
            }
            if let Some((earlier, _)) = &found {
                return Err(WarehouseError::AmbiguousColumn {
                    file: self.file.to_owned(),
                    field: field.name.clone(),
                    first: self.columns.get(*earlier).cloned().unwrap_or_default(),
                    second: self.columns.get(position).cloned().unwrap_or_default(),
                });
            }
            // A label that itself ends in a unit, `到款(万元)`, says the unit as well.
            found = Some((position, unit.or_else(|| self.unit_of(position, field))));
        }
        Ok(found)
    }

    fn unit_of(&self, position: usize, field: &Field) -> Option<String> {
        let (_, unit) = self.headers.get(position)?.split.as_ref()?;
        unit_fits(field, unit).then(|| unit.clone())
    }

    fn refuse_missing(&self, field: &Field, rules: Option<&FieldMapping>) -> Result<()> {
        if rules.is_some_and(|rules| rules.default.is_some()) {
            return Ok(());
        }
        let accepted = || {
            let labels = [field.name.as_str(), &field.names.zh, &field.names.en].into_iter();
            labels.chain(field.aliases.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
        };
        let (file, dataset, name) = (self.file.to_owned(), self.dataset.id.clone(), field.name.clone());
        if self.dataset.key.contains(&field.name) {
            return Err(WarehouseError::MissingKeyColumn { file, dataset, field: name, accepted: accepted() });
        }
        if field.required {
            return Err(WarehouseError::MissingColumn { file, dataset, field: name, accepted: accepted() });
        }
        Ok(())
    }

    fn conversion(&self, field: &Field, unit: Option<String>, place: &str) -> Result<Conversion> {
        let money = field.kind == FieldType::Money;
        let Some(unit) = unit else {
            if money {
                return Err(WarehouseError::MoneyWithoutUnit {
                    file: self.file.to_owned(),
                    column: place.to_owned(),
                    field: field.name.clone(),
                });
            }
            return Ok(Conversion::SAME);
        };
        let wanted = match &field.unit {
            Some(wanted) => wanted.as_str(),
            None if money => {
                return Err(WarehouseError::BadDefinition {
                    dataset: self.dataset.id.clone(),
                    field: field.name.to_string(),
                    rule: "unit",
                });
            }
            None => "",
        };
        Conversion::between(&unit, wanted).ok_or_else(|| WarehouseError::UnitMismatch {
            file: self.file.to_owned(),
            column: place.to_owned(),
            field: field.name.clone(),
            unit,
            wanted: wanted.to_owned(),
        })
    }
}

/// Whether the text after a header's base is a unit that this field can have.
fn unit_fits(field: &Field, unit: &str) -> bool {
    match &field.unit {
        Some(wanted) => {
            unit == wanted || factor(unit, wanted).is_some() || (field.kind == FieldType::Money && is_money(unit))
        }
        None => false,
    }
}

/// All spellings of a field's header.
fn spellings(field: &Field) -> HashSet<String> {
    let own = [field.name.as_str(), &field.names.zh, &field.names.en].into_iter();
    own.chain(field.aliases.iter().map(String::as_str)).map(plain).collect()
}

/// A header without regard to case, width and blanks.
fn plain(header: &str) -> String {
    folded(header).chars().filter(|letter| !letter.is_whitespace()).collect()
}

impl Header {
    fn new(column: &str) -> Self {
        let whole = plain(column);
        let split = unit_split(&whole);
        Self { whole, split }
    }
}

/// Base and unit of `base(unit)`, `base[unit]` or `base/unit`; the text is in the plain form.
fn unit_split(whole: &str) -> Option<(String, String)> {
    let inner = whole.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let inner = inner.or_else(|| whole.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')));
    let (base, unit) = inner.or_else(|| whole.rsplit_once('/'))?;
    let unit = unit.strip_prefix("单位:").unwrap_or(unit);
    (!base.is_empty() && !unit.is_empty()).then(|| (base.to_owned(), unit.to_owned()))
}
