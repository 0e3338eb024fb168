//! Finding objects of all layers by name, id, pinyin or initials, within what the person may see.

use crate::college::College;
use crate::error::ServiceError;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_engine::{Engine, Versions};
use zhengai_model::ids::{ObjectId, ObjectKind};
use zhengai_model::layer::Layer;
use zhengai_model::rights::{Place, Right};
use zhengai_text::find::Index;

/// An object by its name.
#[derive(Debug, Clone)]
pub struct Named {
    /// What it is.
    pub place: Place,
    /// Its name.
    pub name: String,
    index: Index,
}

/// The names that were read last, with the versions of the datasets that they came from.
pub(crate) type Names = Mutex<Option<(Versions, Arc<Vec<Named>>)>>;

/// Which objects.
#[derive(Debug, Clone, Default)]
pub struct ObjectFilter {
    /// Of this kind.
    pub kind: Option<ObjectKind>,
    /// In this unit.
    pub unit: Option<Place>,
    /// With these words; the best match first then, otherwise in the order of kinds and ids.
    pub words: Option<String>,
}

impl College {
    /// Objects that fit and may be seen.
    pub async fn objects(&self, filter: &ObjectFilter) -> Result<Vec<Named>, ServiceError> {
        self.permit(Right::ReadResults)?;
        let scope = self.scope().await?;
        let tree = match &filter.unit {
            Some(unit) => Some((unit, self.tree().await?)),
            None => None,
        };
        let names = self.all_named().await?;
        let words = filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
        let mut found: Vec<(u32, &Named)> = Vec::new();
        for one in names.iter().filter(|one| filter.kind.as_ref().is_none_or(|kind| *kind == one.place.kind)) {
            let Some(score) = words.map_or(Some(0), |words| one.index.score(words)) else { continue };
            let inside = tree.as_ref().is_none_or(|(unit, tree)| {
                let above = tree.ancestors(&one.place.kind, &one.place.id, self.opening.today);
                above.iter().any(|(kind, id)| (kind, id) == (&unit.kind, &unit.id))
            });
            if inside && self.layers_of_kind(&one.place.kind).iter().any(|layer| scope.holds_place(*layer, &one.place))
            {
                found.push((score, one));
            }
        }
        found.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.place.cmp(&b.place)));
        Ok(found.into_iter().map(|(_, one)| one.clone()).collect())
    }

    /// Layers whose indicators are computed for objects of a kind; all when none is.
    pub(crate) fn layers_of_kind(&self, kind: &ObjectKind) -> BTreeSet<Layer> {
        let about = self.definitions.indicators.values().filter(|one| one.grain == *kind || one.also.contains(kind));
        let layers: BTreeSet<Layer> = about.map(|one| one.layer).collect();
        if layers.is_empty() { Layer::ALL.into() } else { layers }
    }

    /// All objects by name; they are read again only when their datasets changed.
    async fn all_named(&self) -> Result<Arc<Vec<Named>>, ServiceError> {
        let known = self.names.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let versions = known.as_ref().map(|(versions, _)| versions);
        let read = Engine::objects(&self.warehouse, &self.definitions, versions).await?;
        match (read, known) {
            (None, Some((_, names))) => Ok(names),
            (read, _) => {
                let (versions, objects) = read.unwrap_or_default();
                let named = |(kind, objects): (ObjectKind, Vec<(ObjectId, String)>)| {
                    objects.into_iter().map(move |(id, name)| Named {
                        index: Index::of([name.as_str(), id.as_str()]),
                        place: Place::new(kind.clone(), id),
                        name,
                    })
                };
                let names: Arc<Vec<Named>> = Arc::new(objects.into_iter().flat_map(named).collect());
                *self.names.lock().unwrap_or_else(PoisonError::into_inner) = Some((versions, names.clone()));
                Ok(names)
            }
        }
    }

    /// The name of an object, when a master dataset has it.
    pub async fn name_of(&self, place: &Place) -> Result<Option<String>, ServiceError> {
        Ok(self.all_named().await?.iter().find(|one| one.place == *place).map(|one| one.name.clone()))
    }
}

impl College {
    /// Ids of all objects of a kind, whoever asks: for counting peers, never for showing them.
    pub(crate) async fn ids_of_kind(&self, kind: &ObjectKind) -> Result<Vec<ObjectId>, ServiceError> {
        let names = self.all_named().await?;
        Ok(names.iter().filter(|one| one.place.kind == *kind).map(|one| one.place.id.clone()).collect())
    }
}
