//! Which objects of a run somebody may see. Asked once for a run and a scope: whatever is counted, sorted or cut into pages
//! afterwards happens where the rows are, within these objects.

use super::ScopeFilter;
use crate::college::College;
use crate::error::ServiceError;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_model::ids::RunId;
use zhengai_model::layer::Layer;
use zhengai_warehouse::{OBJECT, ResultFilter, ResultObject};

/// The last answers. Runs are never overwritten, and a scope is the same only while its hierarchy is.
pub(crate) type LastWithin = Mutex<Vec<(RunId, ScopeFilter, Arc<BTreeSet<ResultObject>>)>>;

/// Answers that are kept: one for each of a few readers at a time.
const KEPT: usize = 16;

impl College {
    /// The filter, only with rows within the scope.
    pub(crate) async fn results_within(
        &self,
        run: &RunId,
        scope: &ScopeFilter,
        filter: ResultFilter,
    ) -> Result<ResultFilter, ServiceError> {
        if scope.is_everything() {
            return Ok(filter);
        }
        let kept = || self.within.lock().unwrap_or_else(PoisonError::into_inner);
        // Bound before the question is asked: no lock is held meanwhile.
        let known =
            kept().iter().find(|(of, who, _)| of == run && who.is_same(scope)).map(|(.., objects)| objects.clone());
        if let Some(objects) = known {
            return Ok(filter.within(objects));
        }
        let counted = self.warehouse.count_results(run, &ResultFilter::all(), &OBJECT).await?;
        let objects = counted.into_iter().filter_map(|counted| {
            let [Some(layer), Some(kind), Some(id)] = <[Option<String>; 3]>::try_from(counted.texts).ok()? else {
                return None;
            };
            let inside = Layer::parse(&layer).is_some_and(|layer| scope.holds(layer, &kind, &id));
            inside.then_some([layer, kind, id])
        });
        let objects: Arc<BTreeSet<ResultObject>> = Arc::new(objects.collect());
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((run.clone(), scope.clone(), objects.clone()));
        Ok(filter.within(objects))
    }
}
