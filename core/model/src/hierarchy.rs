//! Who belongs to whom, and when: effective-dated edges from child to parent, mergers and splits with successors.
//! Every question about the past says whether it means the hierarchy as it was, as it is, or as of a day.

use crate::ids::{ObjectId, ObjectKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// One stated membership: `[from, to)`; an absent end is open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Edge {
    /// Kind of the child.
    pub child_kind: ObjectKind,
    /// The child.
    pub child: ObjectId,
    /// Kind of the parent.
    pub parent_kind: ObjectKind,
    /// The parent.
    pub parent: ObjectId,
    /// First day.
    pub from: Option<NaiveDate>,
    /// First day after it.
    pub to: Option<NaiveDate>,
    /// Stated by a dataset that dates its memberships. Edges that are not dated are defaults: they hold on days for
    /// which no dated edge of the same child to the same kind of parent holds.
    pub dated: bool,
}

/// An object that ended and what took its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Succession {
    /// Kind of both.
    pub kind: ObjectKind,
    /// What ended.
    pub old: ObjectId,
    /// What took its place; a split has several, a merger the same one for several.
    pub new: ObjectId,
    /// First day of the new one.
    pub on: NaiveDate,
}

/// Which hierarchy a question about a period means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// As it was on the day of each row: the default for the past.
    #[default]
    AsWas,
    /// As it is today.
    AsIs,
    /// As it was or will be on one day.
    AsOf(NaiveDate),
}

impl std::fmt::Display for View {
    /// As commands and files spell it: `as-was`, `as-is`, or the day.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AsWas => f.pad("as-was"),
            Self::AsIs => f.pad("as-is"),
            Self::AsOf(day) => write!(f, "{day}"),
        }
    }
}

impl View {
    /// The day whose hierarchy counts for something that happened on `day`.
    pub fn day(self, day: NaiveDate, today: NaiveDate) -> NaiveDate {
        match self {
            Self::AsWas => day,
            Self::AsIs => today,
            Self::AsOf(chosen) => chosen,
        }
    }
}

/// Something that does not add up among the edges. Evaluation goes on with the rule stated for each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HierarchyFault {
    /// Two parents of one kind on one day; the later `from` wins, then the smaller id.
    TwoParents {
        /// Kind of the child.
        child_kind: ObjectKind,
        /// The child.
        child: ObjectId,
        /// Kind of the parents.
        parent_kind: ObjectKind,
        /// Both, in the order of ids.
        parents: (ObjectId, ObjectId),
    },
    /// The kinds contain each other in a circle.
    Circle {
        /// A kind on it.
        kind: ObjectKind,
    },
    /// It ends before it begins; it never holds.
    Empty {
        /// The child.
        child: ObjectId,
        /// The parent.
        parent: ObjectId,
    },
}

#[derive(Debug, Clone)]
struct Link {
    parent_kind: ObjectKind,
    parent: ObjectId,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    dated: bool,
}

impl Link {
    fn holds(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on < to)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let before = |end: Option<NaiveDate>, start: Option<NaiveDate>| matches!((end, start), (Some(end), Some(start)) if end <= start);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}

/// The edges, ready for questions.
#[derive(Debug, Clone, Default)]
pub struct Hierarchy {
    links: HashMap<ObjectKind, HashMap<ObjectId, Vec<Link>>>,
    /// Kinds to which others belong.
    parents: BTreeSet<ObjectKind>,
    changes: BTreeSet<NaiveDate>,
    successors: BTreeMap<(ObjectKind, ObjectId), BTreeSet<ObjectId>>,
    faults: Vec<HierarchyFault>,
    fingerprint: String,
}

impl Hierarchy {
    /// Builds it from edges in any order. The same edges give the same answers and the same fingerprint.
    pub fn new(edges: impl IntoIterator<Item = Edge>) -> Self {
        Self::with_successions(edges, Vec::new())
    }

    /// The same with mergers and splits.
    pub fn with_successions(edges: impl IntoIterator<Item = Edge>, successions: Vec<Succession>) -> Self {
        let edges: BTreeSet<Edge> = edges.into_iter().collect();
        let successions: BTreeSet<Succession> = successions.into_iter().collect();
        let mut built = Self { fingerprint: fingerprint(&edges, &successions), ..Self::default() };
        let mut kinds: BTreeMap<ObjectKind, BTreeSet<ObjectKind>> = BTreeMap::new();
        for edge in edges {
            if matches!((edge.from, edge.to), (Some(from), Some(to)) if to <= from) {
                built.faults.push(HierarchyFault::Empty { child: edge.child, parent: edge.parent });
                continue;
            }
            built.changes.extend([edge.from, edge.to].into_iter().flatten());
            built.parents.insert(edge.parent_kind.clone());
            kinds.entry(edge.child_kind.clone()).or_default().insert(edge.parent_kind.clone());
            built.links.entry(edge.child_kind).or_default().entry(edge.child).or_default().push(Link {
                parent_kind: edge.parent_kind,
                parent: edge.parent,
                from: edge.from,
                to: edge.to,
                dated: edge.dated,
            });
        }
        built.sort_and_check(&kinds);
        for succession in successions {
            built.successors.entry((succession.kind, succession.old)).or_default().insert(succession.new);
        }
        built
    }

    /// Prefers dated edges to defaults, later beginnings to earlier, smaller ids to greater.
    fn sort_and_check(&mut self, kinds: &BTreeMap<ObjectKind, BTreeSet<ObjectKind>>) {
        for (child_kind, children) in &mut self.links {
            for (child, links) in children {
                links.sort_by(|a, b| {
                    (&a.parent_kind, b.dated, b.from, &a.parent).cmp(&(&b.parent_kind, a.dated, a.from, &b.parent))
                });
                for (index, link) in links.iter().enumerate() {
                    let rival = links.iter().skip(index + 1).find(|other| {
                        other.parent_kind == link.parent_kind
                            && other.dated == link.dated
                            && other.parent != link.parent
                            && other.overlaps(link)
                    });
                    if let Some(rival) = rival {
                        let (a, b) = (link.parent.clone(), rival.parent.clone());
                        self.faults.push(HierarchyFault::TwoParents {
                            child_kind: child_kind.clone(),
                            child: child.clone(),
                            parent_kind: link.parent_kind.clone(),
                            parents: if a < b { (a, b) } else { (b, a) },
                        });
                    }
                }
            }
        }
        for kind in kinds.keys() {
            let mut open: VecDeque<&ObjectKind> = kinds.get(kind).into_iter().flatten().collect();
            let mut seen = BTreeSet::new();
            while let Some(next) = open.pop_front() {
                if next == kind {
                    self.faults.push(HierarchyFault::Circle { kind: kind.clone() });
                    break;
                }
                if seen.insert(next) {
                    open.extend(kinds.get(next).into_iter().flatten());
                }
            }
        }
        self.faults.sort();
        self.faults.dedup();
    }

    /// The parent of that kind on a day, however many steps up. The fewest steps win.
    pub fn parent(
        &self,
        kind: &ObjectKind,
        id: &ObjectId,
        parent_kind: &ObjectKind,
        on: NaiveDate,
    ) -> Option<&ObjectId> {
        let mut open: VecDeque<(&ObjectKind, &ObjectId)> = VecDeque::from([(kind, id)]);
        let mut seen: BTreeSet<(&ObjectKind, &ObjectId)> = BTreeSet::from([(kind, id)]);
        while let Some((kind, id)) = open.pop_front() {
            for (next_kind, next) in self.direct(kind, id, on) {
                if next_kind == parent_kind {
                    return Some(next);
                }
                if seen.insert((next_kind, next)) {
                    open.push_back((next_kind, next));
                }
            }
        }
        None
    }

    /// Everything above an object on a day, nearest first.
    pub fn ancestors(&self, kind: &ObjectKind, id: &ObjectId, on: NaiveDate) -> Vec<(ObjectKind, ObjectId)> {
        let mut found: Vec<(&ObjectKind, &ObjectId)> = vec![(kind, id)];
        let mut at = 0;
        while let Some((kind, id)) = found.get(at).copied() {
            for next in self.direct(kind, id, on) {
                if !found.contains(&next) {
                    found.push(next);
                }
            }
            at += 1;
        }
        found.into_iter().skip(1).map(|(kind, id)| (kind.clone(), id.clone())).collect()
    }

    /// The units of an object on a day, the coarsest first: everything above it, and the object itself when it is of a
    /// kind to which others belong.
    pub fn path(&self, kind: &ObjectKind, id: &ObjectId, on: NaiveDate) -> Vec<(ObjectKind, ObjectId)> {
        let mut units = self.ancestors(kind, id, on);
        if self.parents.contains(kind) {
            units.push((kind.clone(), id.clone()));
        }
        units.sort_by_cached_key(|(kind, id)| (self.ancestors(kind, id, on).len(), kind.clone(), id.clone()));
        units
    }

    /// The direct parents on a day, one for each kind.
    fn direct(&self, kind: &ObjectKind, id: &ObjectId, on: NaiveDate) -> Vec<(&ObjectKind, &ObjectId)> {
        let mut parents: Vec<(&ObjectKind, &ObjectId)> = Vec::new();
        for link in self.links.get(kind).and_then(|children| children.get(id)).into_iter().flatten() {
            let taken = parents.last().is_some_and(|(kind, _)| *kind == &link.parent_kind);
            if !taken && link.holds(on) {
                parents.push((&link.parent_kind, &link.parent));
            }
        }
        parents
    }

    /// The days strictly inside `(start, end)` on which some membership begins or ends. Between two of them nothing
    /// changes.
    pub fn change_dates(&self, start: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
        self.changes.iter().copied().filter(|day| start < *day && *day < end).collect()
    }

    /// `[start, end)` cut at the change dates.
    pub fn epochs(&self, start: NaiveDate, end: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let mut from = start;
        let mut epochs = Vec::new();
        for day in self.change_dates(start, end).into_iter().chain([end]) {
            if from < day {
                epochs.push((from, day));
            }
            from = day;
        }
        epochs
    }

    /// What took the place of an object in the end, following mergers and splits; itself when nothing did.
    pub fn successors(&self, kind: &ObjectKind, id: &ObjectId) -> Vec<ObjectId> {
        let mut open = vec![id.clone()];
        let (mut seen, mut last) = (BTreeSet::new(), BTreeSet::new());
        while let Some(next) = open.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            match self.successors.get(&(kind.clone(), next.clone())) {
                Some(new) => open.extend(new.iter().cloned()),
                None => {
                    last.insert(next);
                }
            }
        }
        last.into_iter().collect()
    }

    /// What does not add up, in a fixed order.
    pub fn faults(&self) -> &[HierarchyFault] {
        &self.faults
    }

    /// A hash of all edges and successions; equal for equal content.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn fingerprint(edges: &BTreeSet<Edge>, successions: &BTreeSet<Succession>) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    for edge in edges {
        part(edge.child_kind.as_str());
        part(edge.child.as_str());
        part(edge.parent_kind.as_str());
        part(edge.parent.as_str());
        part(&day(edge.from));
        part(&day(edge.to));
        part(if edge.dated { "dated" } else { "default" });
    }
    for succession in successions {
        part("succession");
        part(succession.kind.as_str());
        part(succession.old.as_str());
        part(succession.new.as_str());
        part(&succession.on.to_string());
    }
    crate::hash::hex(&hash.finalize())
}

#[cfg(test)]
mod tests;
