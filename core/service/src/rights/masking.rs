//! Rows about persons: under a number they are shown to whoever may see them and masked for everybody else; rows of a
//! batch are shown or refused.

use crate::college::College;
use crate::error::ServiceError;
use crate::rights::{Personal, ScopeFilter, Whom};
use zhengai_engine::{MeasureWhy, SampleRow, Why};
use zhengai_model::dataset::Privacy;
use zhengai_model::ids::{BatchId, DatasetId};
use zhengai_model::layer::Layer;
use zhengai_model::rights::Place;
use zhengai_model::text::Message;

/// Stands where a value about a person would.
pub(crate) const MASK: &str = "•••";

impl College {
    /// Asks for the rows of a batch: of its plan, or those that it rejected.
    ///
    /// # Errors
    /// [`ServiceError::Hidden`] with the reason when they are about persons that the reader may not look at.
    pub(crate) async fn open_batch(&self, dataset: &DatasetId, batch: &BatchId) -> Result<(), ServiceError> {
        let known = self.definitions.dataset(dataset);
        // Of a dataset that nobody defines any more, nobody can say that it is not about persons.
        let privacy = known.map_or(Privacy::Sensitive, |dataset| dataset.privacy);
        let whom = known.and_then(|dataset| dataset.layer).map_or(Whom::Anybody, Whom::AllOf);
        match self.open_personal(privacy, whom, ("batch", batch.as_str())).await? {
            Personal::Open => Ok(()),
            Personal::Masked(why) => Err(ServiceError::Hidden { why }),
        }
    }

    /// Masks what the person may not see under a number, and says why. What is shown was written into the audit before.
    pub(crate) async fn mask_why(
        &self,
        why: &mut Why,
        scope: &ScopeFilter,
        subject: &str,
    ) -> Result<Option<Message>, ServiceError> {
        let object = Place::new(why.kind.clone(), why.object.clone());
        let mut strictest: Option<(Privacy, Layer)> = None;
        for dataset in why.measures.iter().flat_map(read_by) {
            let Some(dataset) = self.definitions.dataset(dataset) else { continue };
            let found = (dataset.privacy, dataset.layer.unwrap_or(why.layer));
            if strictest.is_none_or(|(known, _)| rank(known) < rank(found.0)) {
                strictest = Some(found);
            }
        }
        for measure in &mut why.measures {
            measure
                .children
                .retain(|child| scope.holds_place(why.layer, &Place::new(child.kind.clone(), child.object.clone())));
        }
        let Some((privacy, layer)) = strictest else { return Ok(None) };
        let open = self.open_personal(privacy, Whom::Object(layer, &object), ("result", subject)).await?;
        let Personal::Masked(reason) = open else { return Ok(None) };
        for measure in &mut why.measures {
            measure.rows.iter_mut().for_each(mask);
            measure.sources.iter_mut().flat_map(|source| &mut source.rows).for_each(mask);
        }
        Ok(Some(reason))
    }
}

/// Datasets whose rows a measure shows.
fn read_by(measure: &MeasureWhy) -> impl Iterator<Item = &DatasetId> {
    measure.dataset.iter().chain(measure.sources.iter().map(|source| &source.dataset))
}

/// How private, for comparing.
pub(crate) fn rank(privacy: Privacy) -> u8 {
    match privacy {
        Privacy::Public => 0,
        Privacy::Internal => 1,
        Privacy::Personal => 2,
        Privacy::Sensitive => 3,
    }
}

fn mask(row: &mut SampleRow) {
    for (_, value) in &mut row.cells {
        *value = Some(MASK.to_owned());
    }
}
