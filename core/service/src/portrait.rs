//! The portrait (画像) of one object: where it belongs, its values with verdicts, how they moved over runs, how they stand
//! among its peers, and a radar of verdicts. Looking at a person is audited.

use crate::college::College;
use crate::error::ServiceError;
use crate::rights::{TOP, personal_kinds};
use crate::rows::{ResultRow, decode};
use crate::warnings::Past;
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::ids::IndicatorCode;
use zhengai_model::indicator::Direction;
use zhengai_model::rights::{Place, Right};
use zhengai_model::text::Names;
use zhengai_store::{Note, RunRecord};
use zhengai_warehouse::ResultFilter;

/// The portrait of one object.
#[derive(Debug)]
pub struct Portrait {
    /// What it is.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Units above it, the coarsest first.
    pub units: Vec<Place>,
    /// The run.
    pub run: RunRecord,
    /// The unit whose members it is compared with (nothing: the whole college), and how many they are.
    pub peers: Option<(Option<Place>, usize)>,
    /// Its indicators, in the order of the tree.
    pub indicators: Vec<Drawn>,
    /// Verdicts by quality point or system.
    pub radar: Vec<Axis>,
}

/// One indicator of an object.
#[derive(Debug)]
pub struct Drawn {
    /// The value as stored.
    pub row: ResultRow,
    /// How it stands among its peers.
    pub standing: Option<Standing>,
    /// Values of earlier periods and this one, oldest first.
    pub past: Vec<Past>,
}

/// How a value stands among its peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How many peers have a number, the object included.
    pub count: usize,
    /// The middle value.
    pub median: Decimal,
    /// Percent of the others that it is as good as or better than; absent where no direction is good.
    pub percentile: Option<u8>,
}

/// One axis of the radar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Id of the place in the tree, or of the system.
    pub id: String,
    /// Its names.
    pub names: Names,
    /// Indicators with a verdict.
    pub judged: u64,
    /// Of these, 达标 or better.
    pub good: u64,
}

/// Fewer axes make no radar; the next finer step of the tree is taken then.
const AXES: usize = 3;

impl College {
    /// Draws the portrait of an object out of a run; the newest finished one that judged its layers when none is named.
    pub async fn portrait(&self, place: &Place, run: Option<&str>) -> Result<Portrait, ServiceError> {
        self.permit(Right::ReadResults)?;
        let layers = self.layers_of_kind(&place.kind);
        let run = match run {
            Some(_) => self.finished(run).await?,
            None => self.newest_of(&layers).await?,
        };
        let scope = self.scope().await?;
        let unknown = || ServiceError::NotFound { what: "object", name: place.to_string(), near: String::new() };
        if !layers.iter().any(|layer| scope.holds_place(*layer, place)) {
            return Err(unknown());
        }
        let own = ResultFilter::all().with("grain", place.kind.as_str()).with("object", place.id.as_str());
        let mut rows = decode(&self.warehouse.results(&run.id, &own).await?)?;
        scope.keep(&mut rows, ResultRow::place);
        let name = match rows.first() {
            Some(row) => row.object_name.clone(),
            None => self.name_of(place).await?.ok_or_else(unknown)?,
        };
        self.look_at(place, &run).await?;
        let tree = self.tree().await?;
        let mut units = tree.path(&place.kind, &place.id, self.opening.today);
        units.retain(|(kind, id)| kind.as_str() != TOP && (kind, id) != (&place.kind, &place.id));
        let units: Vec<Place> = units.into_iter().map(|(kind, id)| Place::new(kind, id)).collect();
        let group = self.peers(place, &units).await?;
        let mut standings = match &group {
            Some((_, members)) => self.standings(place, &run, members).await?,
            None => BTreeMap::new(),
        };
        let mut past = self.past_values(&own).await?;
        self.in_order_of_tree(&mut rows);
        let radar = self.radar(&rows);
        let indicators = rows
            .into_iter()
            .map(|row| {
                let key = (row.indicator.clone(), row.grain.clone(), row.object.clone());
                let standing = standings.remove(&(row.indicator.clone(), row.period.clone()));
                Drawn { standing, past: past.remove(&key).unwrap_or_default(), row }
            })
            .collect();
        let peers = group.map(|(unit, members)| (unit, members.len()));
        Ok(Portrait { place: place.clone(), name, units, run, peers, indicators, radar })
    }

    /// Writes a look at a person into the audit, before it happens. The right to it is a matter of the scope.
    async fn look_at(&self, place: &Place, run: &RunRecord) -> Result<(), ServiceError> {
        if !personal_kinds(&self.definitions).contains(&place.kind) {
            return Ok(());
        }
        let note = Note {
            action: "portrait.read".to_owned(),
            thing: "object".to_owned(),
            subject: place.to_string(),
            why: self.actor().purpose.clone(),
            detail: Some(json!({ "run": run.id })),
        };
        Ok(self.record.audit_note(self.actor(), &note).await?)
    }

    /// The nearest unit with enough members of the same kind, and their ids; the whole college when no unit has.
    async fn peers(
        &self,
        place: &Place,
        units: &[Place],
    ) -> Result<Option<(Option<Place>, BTreeSet<String>)>, ServiceError> {
        let tree = self.tree().await?;
        let least = usize::try_from(self.config().min_peers()).unwrap_or(usize::MAX);
        let all = self.ids_of_kind(&place.kind).await?;
        for unit in units.iter().rev() {
            let today = self.opening.today;
            let inside = all
                .iter()
                .filter(|id| tree.parent(&place.kind, id, &unit.kind, today).is_some_and(|parent| *parent == unit.id));
            let members: BTreeSet<String> = inside.map(ToString::to_string).collect();
            if members.len() >= least {
                return Ok(Some((Some(unit.clone()), members)));
            }
        }
        let members: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
        Ok((members.len() >= least.max(2)).then_some((None, members)))
    }

    /// How the values of an object stand among those of its peers, by indicator and period.
    async fn standings(
        &self,
        place: &Place,
        run: &RunRecord,
        members: &BTreeSet<String>,
    ) -> Result<BTreeMap<(String, String), Standing>, ServiceError> {
        let filter = ResultFilter::all()
            .with("grain", place.kind.as_str())
            .with("state", "number")
            .with_any("object", members.iter().map(String::as_str));
        let mut values: BTreeMap<(String, String), (Option<Decimal>, Vec<Decimal>)> = BTreeMap::new();
        for row in decode(&self.warehouse.results(&run.id, &filter).await?)? {
            let Some(value) = row.value else { continue };
            let (own, all) = values.entry((row.indicator, row.period)).or_default();
            if row.object == place.id.as_str() {
                *own = Some(value);
            }
            all.push(value);
        }
        let least = usize::try_from(self.config().min_peers()).unwrap_or(usize::MAX);
        let standing = |((code, period), (own, all)): ((String, String), (Option<Decimal>, Vec<Decimal>))| {
            let direction = self.direction(&code);
            let own = own.filter(|_| all.len() >= least)?;
            Some(((code, period), standing(own, all, direction)?))
        };
        Ok(values.into_iter().filter_map(standing).collect())
    }

    fn direction(&self, code: &str) -> Option<Direction> {
        let code = IndicatorCode::new(code).ok()?;
        self.definitions.indicator(&code).map(|indicator| indicator.direction)
    }

    /// Rows in the order in which the tree and the packs have their indicators.
    fn in_order_of_tree(&self, rows: &mut [ResultRow]) {
        let places: BTreeMap<&str, (usize, usize)> = self
            .definitions
            .indicators
            .values()
            .enumerate()
            .map(|(at, indicator)| {
                let point = self.definitions.points.get_index_of(&indicator.point).unwrap_or(usize::MAX);
                (indicator.code.as_str(), (point, at))
            })
            .collect();
        rows.sort_by_key(|row| (places.get(row.indicator.as_str()).copied(), row.period.clone()));
    }

    /// Verdicts by the coarsest step of the tree that gives enough axes; by system when none does.
    fn radar(&self, rows: &[ResultRow]) -> Vec<Axis> {
        let depth = |point: &str| point.split('.').count();
        let deepest = self.definitions.points.keys().map(|point| depth(point.as_str())).max().unwrap_or(0);
        for steps in 1..=deepest {
            let axes = self.axes(rows, steps);
            if axes.len() >= AXES {
                return axes;
            }
        }
        self.axes(rows, deepest)
    }

    fn axes(&self, rows: &[ResultRow], steps: usize) -> Vec<Axis> {
        let mut axes: Vec<Axis> = Vec::new();
        for row in rows {
            let good = match row.attainment.as_str() {
                "achieved" | "met" => 1,
                "unmet" => 0,
                _ => continue,
            };
            let Some(indicator) =
                IndicatorCode::new(row.indicator.clone()).ok().and_then(|code| self.definitions.indicator(&code))
            else {
                continue;
            };
            let id: String = indicator.point.as_str().split('.').take(steps).collect::<Vec<_>>().join(".");
            if let Some(axis) = axes.iter_mut().find(|axis| axis.id == id) {
                axis.judged += 1;
                axis.good += good;
                continue;
            }
            let names = self.definitions.points.values().find(|point| point.id.as_str() == id);
            let names = names.map_or_else(|| Names::new(id.clone(), id.clone()), |point| point.names.clone());
            axes.push(Axis { id, names, judged: 1, good });
        }
        axes
    }
}

/// How a value stands among all, its own included.
fn standing(own: Decimal, mut all: Vec<Decimal>, direction: Option<Direction>) -> Option<Standing> {
    all.sort_unstable();
    let count = all.len();
    let middle = count / 2;
    let median = if count % 2 == 1 {
        *all.get(middle)?
    } else {
        let (below, above) = (all.get(middle.checked_sub(1)?)?, all.get(middle)?);
        (below.checked_add(*above)?).checked_div(Decimal::TWO)?.normalize()
    };
    let as_good = match direction {
        Some(Direction::Higher | Direction::YesNo | Direction::Level) => {
            Some(all.iter().filter(|other| **other <= own).count())
        }
        Some(Direction::Lower) => Some(all.iter().filter(|other| **other >= own).count()),
        Some(Direction::Within) | None => None,
    };
    // The value itself is no other.
    let share = |as_good: usize| {
        let others = count.checked_sub(1).filter(|others| *others > 0)?;
        u8::try_from((as_good.saturating_sub(1)) * 100 / others).ok()
    };
    Some(Standing { count, median, percentile: as_good.and_then(share) })
}

#[cfg(test)]
mod tests {
    use super::{Standing, standing};
    use rust_decimal::Decimal;
    use zhengai_model::indicator::Direction;

    fn of(own: i64, all: &[i64], direction: Direction) -> Standing {
        let all = all.iter().map(|value| Decimal::from(*value)).collect();
        standing(Decimal::from(own), all, Some(direction)).expect("a standing")
    }

    #[test]
    fn the_best_of_five_is_as_good_as_all_others_whichever_way_is_good() {
        let all = [60, 70, 80, 90, 100];
        let best = Standing { count: 5, median: Decimal::from(80), percentile: Some(100) };
        assert_eq!(of(100, &all, Direction::Higher), best);
        assert_eq!(of(60, &all, Direction::Lower), best);
        assert_eq!(of(60, &all, Direction::Higher).percentile, Some(0));
        assert_eq!(of(80, &all, Direction::Higher).percentile, Some(50));
    }

    #[test]
    fn equal_values_stand_equally_and_an_even_number_has_its_median_between_two() {
        let told = of(70, &[70, 70, 80, 90], Direction::Higher);
        assert_eq!((told.median, told.percentile), (Decimal::from(75), Some(33)));
        assert_eq!(of(70, &[70, 80], Direction::Within).percentile, None);
    }
}
