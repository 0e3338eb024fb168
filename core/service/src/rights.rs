//! Who may do what (权限), asked in one place.
//!
//! - The first line of every use case is [`College::permit`]: without the right it ends in `Forbidden`, which names the
//!   right and the roles that have it. Where a use case has no college yet, [`permit`] asks the same of an [`Opening`].
//! - What a use case gives back goes through [`College::scope`]: the objects that this person may read results of. Drop the
//!   rows that [`ScopeFilter::holds`] does not hold *before* anything is counted, summed, paged or exported (results of a
//!   run: `College::results_within` has that done where the rows are); an object outside is told as if it were not there. For what somebody *does* to an object ask [`College::scope_for`] with that
//!   right. Results about persons (kinds whose master dataset is personal) are held only with `read-personal`, or of the
//!   own person; [`ScopeFilter::hides_persons`] says so.
//! - Rows of datasets about persons are opened by [`College::open_personal`] alone: right, purpose and scope are asked, and
//!   the look is audited before it happens. Otherwise show them masked, with the reason that it gives. Rows of batches
//!   (plans, rejected rows) are cells as they were read, which cannot be masked: `College::open_batch` refuses them.
//! - Free SQL and whole datasets know no scope: [`College::permit_whole`] wants the right for the whole college.

mod masking;
mod within;

pub(crate) use within::LastWithin;

use crate::college::{College, Opening};
use crate::error::ServiceError;
use crate::home::{DataDir, Home};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use zhengai_engine::{Engine, Versions};
use zhengai_model::dataset::Privacy;
use zhengai_model::hierarchy::Hierarchy;
use zhengai_model::ids::{ObjectId, ObjectKind};
use zhengai_model::layer::Layer;
use zhengai_model::pack::Definitions;
use zhengai_model::rights::{Grant, Place, Reach, Right, Roles, Scope};
use zhengai_model::text::Message;
use zhengai_store::Allowed;
use zhengai_store::Note;

/// Kind of the object above all others.
pub(crate) const TOP: &str = "school";

/// The roles of a college: its own file, or the one that ships.
pub(crate) fn load(data: &DataDir, home: &Home) -> Result<Roles, ServiceError> {
    let own = data.roles();
    let path = if own.is_file() { own } else { home.config().join("roles.toml") };
    let text = std::fs::read_to_string(&path).map_err(|source| ServiceError::Io { path: path.clone(), source })?;
    Roles::from_toml(&text).map_err(|faults| ServiceError::Roles { path, faults: faults.0 })
}

/// Whether somebody who has not opened the college yet has a right.
///
/// # Errors
/// [`ServiceError::Forbidden`] with the right and the roles that have it.
pub fn permit(opening: &Opening, right: Right) -> Result<(), ServiceError> {
    if opening.actor.may(right) {
        return Ok(());
    }
    let roles = load(&opening.data, &opening.home)?;
    Err(forbidden(right, &roles))
}

/// Whether there is a purpose that somebody named who has not opened the college yet.
///
/// # Errors
/// [`ServiceError::UnknownPurpose`] with those that there are.
pub fn known_purpose(opening: &Opening, named: &str) -> Result<(), ServiceError> {
    purpose_of(&load(&opening.data, &opening.home)?, named)
}

fn purpose_of(roles: &Roles, named: &str) -> Result<(), ServiceError> {
    if roles.purpose(named).is_some() {
        return Ok(());
    }
    let known = roles.purposes().map(|purpose| purpose.id.as_str()).collect::<Vec<_>>().join(", ");
    Err(ServiceError::UnknownPurpose { named: named.to_owned(), known })
}

pub(crate) fn forbidden(right: Right, roles: &Roles) -> ServiceError {
    ServiceError::Forbidden { right, roles: roles.with_right(right).into_iter().map(str::to_owned).collect() }
}

/// The hierarchy that was read last, with the versions of the datasets that it came from.
pub(crate) type Tree = Mutex<Option<(Versions, Arc<Hierarchy>)>>;

/// Whom rows about persons are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom<'a> {
    /// One object of a layer.
    Object(Layer, &'a Place),
    /// Anybody in a layer.
    AllOf(Layer),
    /// Anybody in the college.
    Anybody,
}

/// Whether rows about persons may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Personal {
    /// They may, and the look stands in the audit.
    Open,
    /// They may not; say this in their place.
    Masked(Message),
}

impl Personal {
    /// Whether they may.
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

impl College {
    /// The roles and purposes in force.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Whether there is a purpose that somebody named.
    ///
    /// # Errors
    /// [`ServiceError::UnknownPurpose`] with those that there are.
    pub fn known_purpose(&self, named: &str) -> Result<(), ServiceError> {
        purpose_of(&self.roles, named)
    }

    /// Whether the person has a right somewhere.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] with the right and the roles that have it.
    pub fn permit(&self, right: Right) -> Result<(), ServiceError> {
        if self.actor().may(right) { Ok(()) } else { Err(forbidden(right, &self.roles)) }
    }

    /// Whether the person has any of these rights somewhere.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] with the first of them and the roles that have it.
    pub fn permit_any(&self, rights: &[Right]) -> Result<(), ServiceError> {
        match rights.iter().find(|right| self.actor().may(**right)).or(rights.first()) {
            Some(right) => self.permit(*right),
            None => Ok(()),
        }
    }

    /// Whether the person has a right for the whole college, for what knows no scope.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] without the right, [`ServiceError::WholeCollege`] when it counts for a part only.
    pub fn permit_whole(&self, right: Right) -> Result<(), ServiceError> {
        self.permit(right)?;
        let whole = |grant: &Grant| grant.rights.contains(&right) && grant.scope.is_everything();
        if self.actor().grants.iter().any(whole) { Ok(()) } else { Err(ServiceError::WholeCollege { right }) }
    }

    /// The same for one object: whether a right of the person reaches it.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] without the right; not found when the object lies outside.
    pub async fn permit_object(&self, right: Right, layer: Layer, object: &Place) -> Result<(), ServiceError> {
        self.permit(right)?;
        if self.scope_for(right).await?.holds_place(layer, object) {
            return Ok(());
        }
        Err(ServiceError::NotFound { what: "object", name: object.to_string(), near: String::new() })
    }

    /// What the person may read results of.
    pub async fn scope(&self) -> Result<ScopeFilter, ServiceError> {
        self.scope_for(Right::ReadResults).await
    }

    /// The objects to which a right of the person reaches.
    pub async fn scope_for(&self, right: Right) -> Result<ScopeFilter, ServiceError> {
        let scopes = |right: Right| -> Vec<Scope> {
            let grants = self.actor().grants.iter().filter(|grant| grant.rights.contains(&right));
            grants.map(|grant| widened(&grant.scope)).collect()
        };
        let mut filter = ScopeFilter {
            scopes: scopes(right),
            personal: scopes(Right::ReadPersonal),
            kinds: personal_kinds(&self.definitions),
            person: self.actor().person.clone(),
            tree: None,
            today: self.opening.today,
        };
        let by_unit = |scope: &Scope| matches!(scope.reach, Reach::Units(_));
        if filter.scopes.iter().chain(&filter.personal).any(by_unit) {
            filter.tree = Some(self.tree().await?);
        }
        Ok(filter)
    }

    /// The hierarchy as the newest datasets state it; it is read again only when they changed.
    pub(crate) async fn tree(&self) -> Result<Arc<Hierarchy>, ServiceError> {
        let known = self.tree.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let versions = known.as_ref().map(|(versions, _)| versions);
        let read = Engine::hierarchy(&self.warehouse, &self.definitions, versions).await?;
        match (read, known) {
            (None, Some((_, tree))) => Ok(tree),
            (read, _) => {
                let (versions, tree) = read.unwrap_or_default();
                let tree = Arc::new(tree);
                *self.tree.lock().unwrap_or_else(PoisonError::into_inner) = Some((versions, tree.clone()));
                Ok(tree)
            }
        }
    }

    /// Asks for rows about persons of this privacy, and writes the look into the audit.
    /// `thing` and `subject` say what is looked at: `result` and `R1 STU-X student/S1`, `batch` and `B20261121-001`, …
    /// Rows that are about nobody are open to whoever may read them anyway.
    pub async fn open_personal(
        &self,
        privacy: Privacy,
        whom: Whom<'_>,
        (thing, subject): (&str, &str),
    ) -> Result<Personal, ServiceError> {
        if !matches!(privacy, Privacy::Personal | Privacy::Sensitive) {
            return Ok(Personal::Open);
        }
        let actor = self.actor();
        let own = matches!(whom, Whom::Object(_, object) if actor.person.as_ref() == Some(object));
        if !own && let Some(why) = self.refuses_personal(privacy, whom).await? {
            return Ok(Personal::Masked(why));
        }
        let purpose = if own { "own" } else { actor.purpose.as_deref().unwrap_or_default() };
        let note = Note {
            action: "personal.read".to_owned(),
            thing: thing.to_owned(),
            subject: subject.to_owned(),
            why: Some(purpose.to_owned()),
            detail: None,
        };
        self.record.audit_note(actor, &note).await?;
        Ok(Personal::Open)
    }

    async fn refuses_personal(&self, privacy: Privacy, whom: Whom<'_>) -> Result<Option<Message>, ServiceError> {
        let actor = self.actor();
        if !actor.may(Right::ReadPersonal) {
            let roles = self.roles.with_right(Right::ReadPersonal).join(", ");
            return Ok(Some(Message::new("rights-masked-right").with("roles", roles)));
        }
        let known = |id: &str| {
            let mut grants = actor.grants.iter().filter(|grant| grant.rights.contains(&Right::ReadPersonal));
            grants.any(|grant| grant.purposes.hold(id))
        };
        let open = self.roles.purposes().filter(|purpose| known(&purpose.id));
        let fits = |sensitive: bool| sensitive || privacy == Privacy::Personal;
        let open: Vec<&str> =
            open.filter(|purpose| fits(purpose.sensitive)).map(|purpose| purpose.id.as_str()).collect();
        let named = actor.purpose.as_deref();
        if !named.is_some_and(|named| open.contains(&named)) {
            let key = match (named, privacy) {
                (_, Privacy::Sensitive) => "rights-masked-sensitive",
                (None, _) => "rights-masked-purpose",
                (Some(_), _) => "rights-masked-other-purpose",
            };
            let message = Message::new(key).with("purposes", open.join(", "));
            return Ok(Some(message.with("named", named.unwrap_or_default())));
        }
        let inside = match whom {
            Whom::Object(layer, object) => self.scope_for(Right::ReadPersonal).await?.holds_place(layer, object),
            Whom::AllOf(layer) => self.scope_for(Right::ReadPersonal).await?.holds_layer(layer),
            Whom::Anybody => self.permit_whole(Right::ReadPersonal).is_ok(),
        };
        Ok((!inside).then(|| Message::new("rights-masked-scope")))
    }
}

/// A scope of the college itself reaches everything below it, whatever the edges say.
fn widened(scope: &Scope) -> Scope {
    match &scope.reach {
        Reach::Units(units) if units.iter().any(|unit| unit.kind.as_str() == TOP) => {
            Scope { reach: Reach::College, ..scope.clone() }
        }
        _ => scope.clone(),
    }
}

/// Kinds of objects that are persons: those whose master dataset is personal.
pub(crate) fn personal_kinds(definitions: &Definitions) -> BTreeSet<ObjectKind> {
    let kinds = definitions.object_kinds().into_iter();
    let personal = kinds.filter(|(_, (dataset, _))| matches!(dataset.privacy, Privacy::Personal | Privacy::Sensitive));
    personal.map(|(kind, _)| kind.clone()).collect()
}

/// The objects to which a right reaches. Ask it of every row before anything is counted.
#[derive(Debug, Clone)]
pub struct ScopeFilter {
    scopes: Vec<Scope>,
    personal: Vec<Scope>,
    kinds: BTreeSet<ObjectKind>,
    person: Option<Place>,
    tree: Option<Arc<Hierarchy>>,
    today: chrono::NaiveDate,
}

impl ScopeFilter {
    /// Whether the other one holds the same: the hierarchy is the very same one.
    fn is_same(&self, other: &Self) -> bool {
        let tree = match (&self.tree, &other.tree) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let scopes = (&self.scopes, &self.personal) == (&other.scopes, &other.personal);
        tree && scopes && (&self.kinds, &self.person, self.today) == (&other.kinds, &other.person, other.today)
    }

    /// Whether nothing lies outside, so that nothing need be filtered.
    pub fn is_everything(&self) -> bool {
        self.scopes.iter().any(Scope::is_everything) && self.personal.iter().any(Scope::is_everything)
    }

    /// Whether rows about persons are left out because the person may not read any.
    pub fn hides_persons(&self) -> bool {
        self.personal.is_empty() && !self.kinds.is_empty()
    }

    /// Layers of which at least something may be read.
    pub fn layers(&self) -> BTreeSet<Layer> {
        self.scopes.iter().flat_map(|scope| scope.layers.iter().copied()).collect()
    }

    /// Units that the scope begins at, for filters of the record; `None` when at least one role reaches the whole college.
    pub fn units(&self) -> Option<BTreeSet<Place>> {
        let mut units: BTreeSet<Place> = BTreeSet::new();
        for scope in &self.scopes {
            match &scope.reach {
                Reach::College => return None,
                Reach::Units(places) => units.extend(places.iter().cloned()),
                Reach::Own => units.extend(self.person.clone()),
            }
        }
        Some(units)
    }

    /// The same as conditions of the record, all of which must hold: nothing outside is ever counted.
    pub(crate) fn allowed(&self) -> Vec<Vec<Allowed>> {
        if self.is_everything() {
            return Vec::new();
        }
        let own = self.person.as_ref().map(|person| Allowed::Object(person.kind.clone(), person.id.clone()));
        let within = |scope: &Scope| -> Option<Allowed> {
            let layers = scope.layers.iter().copied().collect();
            match &scope.reach {
                Reach::College => Some(Allowed::Layers(layers)),
                Reach::Units(units) => {
                    let units = units.iter().map(|unit| (unit.kind.clone(), unit.id.clone()));
                    Some(Allowed::Units(layers, units.collect()))
                }
                Reach::Own => own.clone(),
            }
        };
        let mut all = vec![self.scopes.iter().filter_map(within).collect::<Vec<_>>()];
        if !self.kinds.is_empty() {
            let others = Allowed::OtherKinds(self.kinds.iter().cloned().collect());
            let personal = self.personal.iter().filter_map(within);
            all.push(std::iter::once(others).chain(own.clone()).chain(personal).collect());
        }
        all
    }

    /// Whether all objects of a layer lie inside.
    pub fn holds_layer(&self, layer: Layer) -> bool {
        self.scopes.iter().any(|scope| scope.reach == Reach::College && scope.layers.contains(&layer))
    }

    /// Whether results of an object of this layer may be read.
    pub fn holds(&self, layer: Layer, kind: &str, id: &str) -> bool {
        let (Ok(kind), Ok(id)) = (ObjectKind::new(kind), ObjectId::new(id)) else { return false };
        self.holds_place(layer, &Place::new(kind, id))
    }

    /// The same for a place.
    pub fn holds_place(&self, layer: Layer, object: &Place) -> bool {
        if self.is_everything() {
            return true;
        }
        let above: Vec<Place> = match &self.tree {
            Some(tree) => {
                let above = tree.ancestors(&object.kind, &object.id, self.today);
                above.into_iter().map(|(kind, id)| Place::new(kind, id)).collect()
            }
            None => Vec::new(),
        };
        let within =
            |scopes: &[Scope]| scopes.iter().any(|scope| scope.holds(layer, object, &above, self.person.as_ref()));
        let own = self.person.as_ref() == Some(object);
        within(&self.scopes) && (own || !self.kinds.contains(&object.kind) || within(&self.personal))
    }

    /// Keeps the rows that may be read; the place of a row is layer word, kind and id.
    pub fn keep<R>(&self, rows: &mut Vec<R>, place: impl Fn(&R) -> (&str, &str, &str)) {
        if self.is_everything() {
            return;
        }
        // Rows of one object stand together or come again and again; each object is asked for once.
        let mut known: BTreeMap<(String, String, String), bool> = BTreeMap::new();
        rows.retain(|row| {
            let (layer, kind, id) = place(row);
            let key = (layer.to_owned(), kind.to_owned(), id.to_owned());
            let ask = || Layer::parse(layer).is_some_and(|layer| self.holds(layer, kind, id));
            *known.entry(key).or_insert_with(ask)
        });
    }
}

#[cfg(test)]
mod tests;
