//! Checks that an expression yields the unit that the indicator declares: an amount per student can never be a
//! percentage, and 元 and 万元 are never added.

use crate::exact::Exact;
use crate::expr::{Expr, Function, Node, Operator};
use crate::fault::{Explain, Fault};
use crate::ids::{IndicatorCode, MeasureName};
use crate::text::Message;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the units of an expression's inputs.
pub trait Units {
    /// Unit of a measure: `Known` as declared by its field, `Count` for counted rows, `Unknown` otherwise.
    fn measure(&self, name: &MeasureName) -> Unit;
    /// Unit of an indicator.
    fn indicator(&self, code: &IndicatorCode) -> Unit;
}

/// The unit of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Declared.
    Known(String),
    /// A number of things; of which things is not declared.
    Count,
    /// Nothing is known; whatever it takes part in is not checked.
    Unknown,
}

/// Units that do not agree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitFault {
    /// Things of different kinds are added or compared.
    #[error("{left} and {right} cannot be added or compared")]
    Mixed {
        /// Unit of one side.
        left: String,
        /// Unit of the other.
        right: String,
    },
    /// The expression yields something else than is declared.
    #[error("the expression yields {found}, declared is {declared}")]
    Wrong {
        /// What it yields.
        found: String,
        /// What is declared.
        declared: String,
    },
    /// The kind is right, the size is not: 元 for 万元, a share for a percentage.
    #[error("the expression yields {declared} times a wrong factor: one unit of it is {found}")]
    Scale {
        /// How many declared units one unit of the result is.
        found: String,
        /// What is declared.
        declared: String,
    },
}

impl Explain for UnitFault {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn message(&self) -> Message {
        match self {
            Self::Mixed { left, right } => Message::new("model-unit-mixed").with("left", left).with("right", right),
            Self::Wrong { found, declared } => {
                Message::new("model-unit-wrong").with("found", found).with("declared", declared)
            }
            Self::Scale { found, declared } => {
                Message::new("model-unit-scale").with("found", found).with("declared", declared)
            }
        }
    }
}

/// Powers of base units; `loose` when some counted things are not declared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Dimension {
    powers: BTreeMap<String, i32>,
    loose: bool,
}

/// A dimension and the sizes that its number may have, in base units. There are several where a constant may be a
/// conversion or a weight.
#[derive(Debug, Clone)]
struct Sized {
    dimension: Dimension,
    scales: BTreeSet<Exact>,
}

#[derive(Debug, Clone)]
enum Typed {
    Unknown,
    Constant(Decimal),
    Sized(Sized),
}

/// Base units that no counted thing can be.
const MEASURED: [&str; 9] = ["money", "area", "day", "minute", "学分", "学时", "课时", "年", "Mbps"];

/// More candidates than this are given up as unknown.
const MOST_SCALES: usize = 64;

impl Dimension {
    fn agrees(&self, other: &Self) -> bool {
        let hard = |dimension: &Self| -> BTreeMap<String, i32> {
            let loose = self.loose || other.loose;
            let measured = |unit: &str| MEASURED.contains(&unit);
            let kept = dimension.powers.iter().filter(|(unit, _)| !loose || measured(unit));
            kept.map(|(unit, power)| (unit.clone(), *power)).collect()
        };
        hard(self) == hard(other)
    }

    fn times(&self, other: &Self, sign: i32) -> Self {
        let mut powers = self.powers.clone();
        for (unit, power) in &other.powers {
            *powers.entry(unit.clone()).or_default() += sign * power;
        }
        powers.retain(|_, power| *power != 0);
        Self { powers, loose: self.loose || other.loose }
    }

    fn describe(&self) -> String {
        let word = |unit: &str| match unit {
            "money" => "元".to_owned(),
            "person" => "人".to_owned(),
            "area" => "㎡".to_owned(),
            "volume" => "册".to_owned(),
            "day" => "天".to_owned(),
            "minute" => "分钟".to_owned(),
            other => other.to_owned(),
        };
        let side = |wanted: fn(&i32) -> bool| -> Vec<String> {
            let chosen = self.powers.iter().filter(|(_, power)| wanted(power));
            chosen.flat_map(|(unit, power)| vec![word(unit); power.unsigned_abs() as usize]).collect()
        };
        let (above, below) = (side(|power| *power > 0), side(|power| *power < 0));
        let above = if above.is_empty() { "1".to_owned() } else { above.join("·") };
        if below.is_empty() { above } else { format!("{above}/{}", below.join("/")) }
    }
}

impl Sized {
    /// Reads `元/生`, `万元`, `%`, `篇/人`. Points (分) stay unchecked: full marks are written as a bare constant.
    fn read(unit: &str) -> Option<Self> {
        if unit.split('/').any(|part| part.trim() == "分") {
            return None;
        }
        let mut dimension = Dimension::default();
        let mut scale = Exact::ONE;
        for (index, part) in unit.split('/').enumerate() {
            let (base, size) = match super::known(part.trim()) {
                Some((base, size)) => (base.to_owned(), Exact::from(size)),
                None => (part.trim().to_owned(), Exact::ONE),
            };
            if base != "ratio" {
                *dimension.powers.entry(base).or_default() += if index == 0 { 1 } else { -1 };
            }
            scale = if index == 0 { scale.multiply(size)? } else { scale.divide(size)? };
        }
        dimension.powers.retain(|_, power| *power != 0);
        Some(Self { dimension, scales: BTreeSet::from([scale]) })
    }

    fn count() -> Self {
        let dimension = Dimension { powers: BTreeMap::new(), loose: true };
        Self { dimension, scales: BTreeSet::from([Exact::ONE]) }
    }

    /// `constant × number`. A large power of ten converts; any other constant may convert or weigh.
    fn scaled(&self, constant: Exact) -> Typed {
        if constant.is_zero() {
            return Typed::Unknown;
        }
        let converted = self.scales.iter().map(|scale| scale.divide(constant.abs()));
        let Some(mut scales) = converted.collect::<Option<BTreeSet<Exact>>>() else { return Typed::Unknown };
        if !is_large_power_of_ten(constant) {
            scales.extend(self.scales.iter().copied());
        }
        self.with(self.dimension.clone(), scales)
    }

    fn combine(&self, other: &Self, sign: i32) -> Typed {
        let mut scales = BTreeSet::new();
        for left in &self.scales {
            for right in &other.scales {
                let scale = if sign > 0 { left.multiply(*right) } else { left.divide(*right) };
                let Some(scale) = scale else { return Typed::Unknown };
                scales.insert(scale);
            }
        }
        self.with(self.dimension.times(&other.dimension, sign), scales)
    }

    fn with(&self, dimension: Dimension, scales: BTreeSet<Exact>) -> Typed {
        if scales.len() > MOST_SCALES { Typed::Unknown } else { Typed::Sized(Self { dimension, scales }) }
    }
}

/// 100, 1000, … and 0.01, 0.001, …: nobody weighs with these, but 0.1 is a weight in 折合在校生数.
fn is_large_power_of_ten(constant: Exact) -> bool {
    let (numerator, denominator) = (constant.numerator(), constant.denominator());
    let power = |mut number: i128| {
        let mut zeros = 0;
        while number % 10 == 0 && number != 0 {
            number /= 10;
            zeros += 1;
        }
        (number == 1).then_some(zeros)
    };
    matches!((power(numerator), power(denominator)), (Some(up), Some(down)) if up + down >= 2)
}

/// Checks an expression against the declared unit.
pub fn check_units(expr: &Expr, units: &dyn Units, declared: &str) -> Result<(), UnitFault> {
    let Typed::Sized(found) = infer(expr.root(), units)? else { return Ok(()) };
    let Some(wanted) = Sized::read(declared) else { return Ok(()) };
    if !found.dimension.agrees(&wanted.dimension) {
        return Err(UnitFault::Wrong { found: found.dimension.describe(), declared: declared.to_owned() });
    }
    if found.scales.is_disjoint(&wanted.scales) {
        let factor = found.scales.first().zip(wanted.scales.first()).and_then(|(a, b)| a.divide(*b));
        let found = factor.map_or_else(|| "?".to_owned(), |factor| factor.to_string());
        return Err(UnitFault::Scale { found, declared: declared.to_owned() });
    }
    Ok(())
}

fn infer(node: &Node, units: &dyn Units) -> Result<Typed, UnitFault> {
    let read = |unit: Unit| match unit {
        Unit::Known(text) => Sized::read(&text).map_or(Typed::Unknown, Typed::Sized),
        Unit::Count => Typed::Sized(Sized::count()),
        Unit::Unknown => Typed::Unknown,
    };
    match node {
        Node::Number(number) => Ok(Typed::Constant(*number)),
        Node::Measure(name) => Ok(read(units.measure(name))),
        Node::Indicator(code, _) => Ok(read(units.indicator(code))),
        Node::Negate(inner) => infer(inner, units),
        Node::Binary(operator, left, right) => binary(*operator, infer(left, units)?, infer(right, units)?),
        Node::Call(Function::If, arguments) => {
            let mut types = arguments.iter().map(|argument| infer(argument, units));
            types.next().transpose()?;
            unify_all(types)
        }
        Node::Call(Function::Round, arguments) => arguments.first().map_or(Ok(Typed::Unknown), |x| infer(x, units)),
        Node::Call(_, arguments) => unify_all(arguments.iter().map(|argument| infer(argument, units))),
    }
}

fn unify_all(types: impl Iterator<Item = Result<Typed, UnitFault>>) -> Result<Typed, UnitFault> {
    let mut all: Option<Typed> = None;
    for next in types {
        let next = next?;
        all = Some(match all {
            Some(before) => unify(before, next)?,
            None => next,
        });
    }
    Ok(all.unwrap_or(Typed::Unknown))
}

/// Both sides of an addition: a constant takes the unit of the other side.
fn unify(left: Typed, right: Typed) -> Result<Typed, UnitFault> {
    match (left, right) {
        (Typed::Sized(left), Typed::Sized(right)) => {
            let mixed = || UnitFault::Mixed { left: left.dimension.describe(), right: right.dimension.describe() };
            if !left.dimension.agrees(&right.dimension) {
                return Err(mixed());
            }
            let scales: BTreeSet<Exact> = left.scales.intersection(&right.scales).copied().collect();
            if scales.is_empty() {
                let size = |sized: &Sized| {
                    let scale = sized.scales.first().map_or_else(String::new, Exact::to_string);
                    format!("{scale} {}", sized.dimension.describe())
                };
                return Err(UnitFault::Mixed { left: size(&left), right: size(&right) });
            }
            let strict = if left.dimension.loose { right.dimension } else { left.dimension };
            Ok(Typed::Sized(Sized { dimension: strict, scales }))
        }
        (Typed::Constant(_), other) | (other, Typed::Constant(_)) => Ok(other),
        (Typed::Unknown, _) | (_, Typed::Unknown) => Ok(Typed::Unknown),
    }
}

fn binary(operator: Operator, left: Typed, right: Typed) -> Result<Typed, UnitFault> {
    match operator {
        Operator::Add | Operator::Subtract => unify(left, right),
        Operator::Multiply => Ok(match (left, right) {
            (Typed::Constant(a), Typed::Constant(b)) => a.checked_mul(b).map_or(Typed::Unknown, Typed::Constant),
            (Typed::Constant(constant), Typed::Sized(sized)) | (Typed::Sized(sized), Typed::Constant(constant)) => {
                sized.scaled(Exact::from(constant))
            }
            (Typed::Sized(left), Typed::Sized(right)) => left.combine(&right, 1),
            _ => Typed::Unknown,
        }),
        Operator::Divide => Ok(match (left, right) {
            (Typed::Constant(a), Typed::Constant(b)) => a.checked_div(b).map_or(Typed::Unknown, Typed::Constant),
            (Typed::Sized(sized), Typed::Constant(constant)) => {
                let inverse = Exact::ONE.divide(Exact::from(constant));
                inverse.map_or(Typed::Unknown, |inverse| sized.scaled(inverse))
            }
            (Typed::Constant(constant), Typed::Sized(sized)) => {
                let one = Sized { dimension: Dimension::default(), scales: BTreeSet::from([Exact::ONE]) };
                match one.combine(&sized, -1) {
                    Typed::Sized(inverse) => inverse.scaled(Exact::from(constant)),
                    other => other,
                }
            }
            (Typed::Sized(left), Typed::Sized(right)) => left.combine(&right, -1),
            _ => Typed::Unknown,
        }),
        _ => {
            unify(left, right)?;
            Ok(Typed::Sized(Sized { dimension: Dimension::default(), scales: BTreeSet::from([Exact::ONE]) }))
        }
    }
}

#[cfg(test)]
mod tests;
