//! Counting results of a run by some of their columns: only these columns are read, whatever the run holds.

use crate::error::{Result, WarehouseError};
use crate::results::{NAME, ResultFilter, column, plain};
use crate::warehouse::Warehouse;
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::prelude::lit;
use zhengai_model::ids::RunId;

/// Name of the column with the count.
const COUNT: &str = "rows_counted";

/// How many results have the same texts in some columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultCount {
    /// The texts, in the order of the columns asked for; `None` where there is none.
    pub texts: Vec<Option<String>>,
    /// How many.
    pub count: u64,
}

impl Warehouse {
    /// Counts the results of a run that fit, by columns of text. Sorted by these texts.
    pub async fn count_results(&self, run: &RunId, filter: &ResultFilter, by: &[&str]) -> Result<Vec<ResultCount>> {
        let failed = |source| WarehouseError::query(NAME, source);
        let (rows, _) = self.rows_of(run, filter).await?;
        let groups = by.iter().map(|name| column(name)).collect();
        let counted = rows.aggregate(groups, vec![count(lit(1)).alias(COUNT)]).map_err(failed)?;
        let batches = plain(&counted.collect().await.map_err(failed)?)?;
        let mut counts = Vec::new();
        for batch in &batches {
            let numbers = batch.column_by_name(COUNT).and_then(|numbers| numbers.as_primitive_opt::<Int64Type>());
            for row in 0..batch.num_rows() {
                let text = |name: &&str| {
                    let column = batch.column_by_name(name)?.as_string_opt::<i32>()?;
                    (!column.is_null(row)).then(|| column.value(row).to_owned())
                };
                let count = numbers.map_or(0, |numbers| numbers.value(row));
                counts.push(ResultCount {
                    texts: by.iter().map(text).collect(),
                    count: u64::try_from(count).unwrap_or(0),
                });
            }
        }
        counts.sort_by(|one, other| one.texts.cmp(&other.texts));
        Ok(counts)
    }
}
