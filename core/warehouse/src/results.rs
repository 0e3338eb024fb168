//! Results of diagnosis runs: one Delta table, partitioned by college and run, each run written at most once.

use crate::error::{Result, WarehouseError};
use crate::schema::delta_column;
use crate::session::{new_session, provider};
use crate::source::SCHOOL;
use crate::table::Table;
use crate::table::commit::{ATTEMPTS, Change, Committed, busy};
use crate::table::read::conform;
use crate::table::write::FileWriter;
use crate::warehouse::Warehouse;
use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::logical_expr::{JoinType, SortExpr};
use datafusion::prelude::{DataFrame, Expr, col, lit};
use deltalake::kernel::{DataType as DeltaType, StructField};
use std::collections::BTreeSet;
use std::sync::Arc;
use zhengai_model::ids::RunId;

/// Name of the partition column with the run.
const RUN: &str = "run";
/// Name under which the table is known in messages.
pub(crate) const NAME: &str = "results";
/// Columns that order results for people and files; those that a result lacks are skipped.
const ORDER: [&str; 5] = ["layer", "indicator", "grain", "object", "period"];

/// Which rows of a run are wanted: each column named must have the value, or one of the values.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResultFilter {
    /// Column and text that it must equal, for example `("layer", "student")`.
    pub equal: Vec<(String, String)>,
    /// Column and texts of which it must equal one.
    pub any: Vec<(String, Vec<String>)>,
    /// A text of which one of the columns must have a part, capital or small.
    pub part: Option<(Vec<String>, String)>,
    /// Instead of the text in one of the columns, one of these texts in a column: what the text means besides its letters.
    pub or_any: Vec<(String, Vec<String>)>,
    /// The objects whose rows may be seen; all when absent.
    pub within: Option<Arc<BTreeSet<ResultObject>>>,
}

/// An object that results are of: the word of the layer, the kind, the id.
pub type ResultObject = [String; 3];

/// Columns that name the object of a result, as [`ResultObject`] does.
pub const OBJECT: [&str; 3] = ["layer", "grain", "object"];
/// The same in the table of objects that may be seen.
const WITHIN: [&str; 3] = ["within_layer", "within_grain", "within_object"];

/// Which piece of the rows, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultOrder {
    /// The column that comes before the usual order, and from which end.
    pub by: Option<(String, Direction)>,
    /// Rows left out first.
    pub offset: usize,
    /// At most so many rows.
    pub limit: usize,
}

/// From which end a column is ordered. Rows without a value come last either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the small end.
    Up,
    /// From the large end.
    Down,
}

impl ResultFilter {
    /// All rows.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only rows whose column has this text.
    #[must_use]
    pub fn with(mut self, column: &str, text: &str) -> Self {
        self.equal.push((column.to_owned(), text.to_owned()));
        self
    }

    /// Only rows whose column has one of these texts.
    #[must_use]
    pub fn with_any<'a>(mut self, column: &str, texts: impl IntoIterator<Item = &'a str>) -> Self {
        self.any.push((column.to_owned(), texts.into_iter().map(str::to_owned).collect()));
        self
    }

    /// Only rows of which one of the columns has the text somewhere.
    #[must_use]
    pub fn with_part(mut self, columns: &[&str], text: &str) -> Self {
        self.part = Some((columns.iter().map(|column| (*column).to_owned()).collect(), text.to_owned()));
        self
    }

    /// Also rows without the text of [`ResultFilter::with_part`] whose column has one of these texts.
    #[must_use]
    pub fn or_any<'a>(mut self, column: &str, texts: impl IntoIterator<Item = &'a str>) -> Self {
        self.or_any.push((column.to_owned(), texts.into_iter().map(str::to_owned).collect()));
        self
    }

    /// Only rows of these objects. Joined, not listed: a department of a large college has thousands.
    #[must_use]
    pub fn within(mut self, objects: Arc<BTreeSet<ResultObject>>) -> Self {
        self.within = Some(objects);
        self
    }

    fn expression(&self) -> Expr {
        let mut wanted = lit(true);
        for (name, text) in &self.equal {
            wanted = wanted.and(column(name).eq(lit(text.as_str())));
        }
        for (name, texts) in &self.any {
            let texts = texts.iter().map(|text| lit(text.as_str())).collect();
            wanted = wanted.and(column(name).in_list(texts, false));
        }
        if let Some((columns, text)) = &self.part {
            let mut pattern = String::from("%");
            for letter in text.chars() {
                if matches!(letter, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(letter);
            }
            pattern.push('%');
            let parts = columns.iter().map(|name| column(name).ilike(lit(pattern.as_str())));
            let others = self.or_any.iter().filter(|(_, texts)| !texts.is_empty()).map(|(name, texts)| {
                column(name).in_list(texts.iter().map(|text| lit(text.as_str())).collect(), false)
            });
            let parts = parts.chain(others);
            wanted = wanted.and(parts.reduce(Expr::or).unwrap_or(lit(false)));
        }
        wanted
    }
}

impl Warehouse {
    /// Stores the results of a run. A run that is there already is left as it is, so a repeat after a crash is safe.
    pub async fn write_results(&self, run: &RunId, batches: Vec<RecordBatch>) -> Result<()> {
        let schema = results_schema(&batches);
        let mut columns = Vec::new();
        for field in schema.fields() {
            columns.push(delta_column(field).ok_or_else(|| WarehouseError::ResultColumn {
                column: field.name().clone(),
                stored: String::new(),
                given: field.data_type().to_string(),
            })?);
        }
        columns.push(StructField::nullable(SCHOOL, DeltaType::STRING));
        columns.push(StructField::nullable(RUN, DeltaType::STRING));
        let transaction = format!("run:{}:{run}", self.school());
        for _ in 0..ATTEMPTS {
            let root = self.results_root();
            if let Some(known) = Table::open(NAME, &root, None).await? {
                refuse_type_changes(&known, &columns)?;
            }
            let table = Table::create(NAME, &root, &columns, &[SCHOOL, RUN]).await?;
            if table.has_transaction(&transaction).await? {
                return Ok(());
            }
            let mut writer = FileWriter::new(&table, &schema, &[(SCHOOL, self.school()), (RUN, run.as_str())])?;
            for batch in &batches {
                writer.write(&conform(batch, &schema)?).await?;
            }
            let change = Change {
                transaction: &transaction,
                label: run.as_str(),
                added: writer.close().await?,
                removed: Vec::new(),
                partitions: &[SCHOOL, RUN],
            };
            if let Committed::Version(_) = table.commit(change).await? {
                return Ok(());
            }
        }
        Err(busy(NAME))
    }

    /// The results of a run, without the partition columns, sorted by layer, indicator, grain, object and period.
    pub async fn results(&self, run: &RunId, filter: &ResultFilter) -> Result<Vec<RecordBatch>> {
        let failed = |source| WarehouseError::query(NAME, source);
        let (mut rows, names) = self.rows_of(run, filter).await?;
        let order = usual_order(&names);
        if !order.is_empty() {
            rows = rows.sort(order).map_err(failed)?;
        }
        plain(&rows.collect().await.map_err(failed)?)
    }

    /// A piece of the results of a run, and how many rows fit in all: counted here unless somebody knows.
    pub async fn results_piece(
        &self,
        run: &RunId,
        filter: &ResultFilter,
        order: &ResultOrder,
        known: Option<u64>,
    ) -> Result<(Vec<RecordBatch>, u64)> {
        let failed = |source| WarehouseError::query(NAME, source);
        let (rows, names) = self.rows_of(run, filter).await?;
        let total = match known {
            Some(total) => total,
            None => u64::try_from(rows.clone().count().await.map_err(failed)?).unwrap_or(u64::MAX),
        };
        let first = order.by.iter().filter(|(name, _)| names.contains(name));
        let mut by: Vec<SortExpr> =
            first.map(|(name, from)| column(name).sort(*from == Direction::Up, false)).collect();
        by.extend(usual_order(&names));
        let sorted = if by.is_empty() { rows } else { rows.sort(by).map_err(failed)? };
        let piece = sorted.limit(order.offset, Some(order.limit)).map_err(failed)?;
        Ok((plain(&piece.collect().await.map_err(failed)?)?, total))
    }

    /// Rows of a run that fit, in no order, and the names of their columns.
    pub(crate) async fn rows_of(&self, run: &RunId, filter: &ResultFilter) -> Result<(DataFrame, Vec<String>)> {
        let missing = || WarehouseError::NoResults { run: run.clone() };
        let table = Table::open(NAME, &self.results_root(), None).await?.ok_or_else(missing)?;
        if !table.has_transaction(&format!("run:{}:{run}", self.school())).await? {
            return Err(missing());
        }
        self.chosen(&table, column(RUN).eq(lit(run.as_str())), filter, &[SCHOOL, RUN]).await
    }

    /// The results of several runs at once, each row with its run in the column `run`; a run without any has no rows.
    pub async fn results_of(&self, runs: &[RunId], filter: &ResultFilter) -> Result<Vec<RecordBatch>> {
        let Some(table) = Table::open(NAME, &self.results_root(), None).await? else { return Ok(Vec::new()) };
        let runs = runs.iter().map(|run| lit(run.as_str())).collect();
        let (rows, _) = self.chosen(&table, column(RUN).in_list(runs, false), filter, &[SCHOOL]).await?;
        plain(&rows.collect().await.map_err(|source| WarehouseError::query(NAME, source))?)
    }

    /// Rows of the table in no order, without the columns named, and the names of those that are left.
    async fn chosen(
        &self,
        table: &Table,
        runs: Expr,
        filter: &ResultFilter,
        without: &[&str],
    ) -> Result<(DataFrame, Vec<String>)> {
        let failed = |source| WarehouseError::query(NAME, source);
        let context = new_session();
        let rows = context.read_table(provider(&context, table).await?).map_err(failed)?;
        let own = column(SCHOOL).eq(lit(self.school())).and(runs);
        let names: Vec<String> = rows
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .filter(|name| !without.contains(&name.as_str()))
            .collect();
        let mut rows = rows.filter(own.and(filter.expression())).map_err(failed)?;
        if let Some(objects) = &filter.within {
            let objects = context.read_batch(table_of(objects)?).map_err(failed)?;
            // The few objects are what the hash table is made of, whatever the planner knows of either side.
            rows = objects.join(rows, JoinType::RightSemi, &WITHIN, &OBJECT, None).map_err(failed)?;
        }
        let rows = rows.select(names.iter().map(|name| column(name)).collect::<Vec<Expr>>()).map_err(failed)?;
        Ok((rows, names))
    }
}

/// Objects as a table to join with.
fn table_of(objects: &BTreeSet<ResultObject>) -> Result<RecordBatch> {
    let texts = |at: usize| -> ArrayRef {
        Arc::new(objects.iter().filter_map(|object| object.get(at)).map(Some).collect::<StringArray>())
    };
    let columns = WITHIN.iter().enumerate().map(|(at, name)| (*name, texts(at)));
    Ok(RecordBatch::try_from_iter(columns)?)
}

fn usual_order(names: &[String]) -> Vec<SortExpr> {
    let there = ORDER.iter().filter(|wanted| names.iter().any(|name| name == *wanted));
    there.map(|name| column(name).sort(true, true)).collect()
}

pub(crate) fn plain(batches: &[RecordBatch]) -> Result<Vec<RecordBatch>> {
    batches.iter().map(|batch| conform(batch, &plain_text(&batch.schema()))).collect()
}

/// A column by its exact name, whatever letters it has.
pub(crate) fn column(name: &str) -> Expr {
    col(datafusion::common::Column::new_unqualified(name))
}

/// The columns of all batches, with text as plain `Utf8` and without the partition columns.
fn results_schema(batches: &[RecordBatch]) -> SchemaRef {
    let mut fields: Vec<Arc<arrow::datatypes::Field>> = Vec::new();
    for batch in batches {
        for field in plain_text(&batch.schema()).fields() {
            let known = fields.iter().any(|earlier| earlier.name() == field.name());
            if !known && field.name() != SCHOOL && field.name() != RUN {
                fields.push(field.clone());
            }
        }
    }
    Arc::new(Schema::new(fields))
}

/// The schema with one kind of text and one unit of time, however the columns came about.
fn plain_text(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| {
        let kind = match field.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
            DataType::Dictionary(_, value) if matches!(value.as_ref(), DataType::Utf8) => DataType::Utf8,
            DataType::UInt64 | DataType::UInt32 => DataType::Int64,
            DataType::UInt16 => DataType::Int32,
            DataType::UInt8 => DataType::Int16,
            DataType::Timestamp(_, None) => DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, None),
            other => other.clone(),
        };
        arrow::datatypes::Field::new(field.name(), kind, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn refuse_type_changes(table: &Table, columns: &[StructField]) -> Result<()> {
    let stored = table.snapshot()?.schema();
    for column in columns {
        if let Some(known) = stored.field(column.name())
            && known.data_type() != column.data_type()
        {
            return Err(WarehouseError::ResultColumn {
                column: column.name().clone(),
                stored: known.data_type().to_string(),
                given: column.data_type().to_string(),
            });
        }
    }
    Ok(())
}
