//! Evaluates the tree with exact fractions. Missing is never zero unless the expression says `or_zero`.

use super::{Function, Node, Operator, When};
use crate::exact::{Exact, round_half_up};
use crate::ids::{IndicatorCode, MeasureName};
use crate::value::Gap;
use num_traits::ToPrimitive;

/// Where an expression gets its numbers from.
pub trait Inputs {
    /// The measure, or why there is none.
    fn measure(&self, name: &MeasureName) -> Result<Exact, Gap>;
    /// The value of an indicator, or why there is none.
    fn indicator(&self, code: &IndicatorCode, when: When) -> Result<Exact, Gap>;
}

pub(super) fn eval(node: &Node, inputs: &dyn Inputs) -> Result<Exact, Gap> {
    match node {
        Node::Number(number) => Ok(Exact::from(*number)),
        Node::Measure(name) => inputs.measure(name),
        Node::Indicator(code, when) => inputs.indicator(code, *when),
        Node::Negate(inner) => Ok(eval(inner, inputs)?.negate()),
        Node::Binary(operator, left, right) => {
            let (left, right) = (eval(left, inputs)?, eval(right, inputs)?);
            binary(*operator, left, right)
        }
        Node::Call(function, arguments) => call(*function, arguments, inputs),
    }
}

fn binary(operator: Operator, left: Exact, right: Exact) -> Result<Exact, Gap> {
    let truth = |holds: bool| Some(if holds { Exact::ONE } else { Exact::ZERO });
    let result = match operator {
        Operator::Add => left.add(right),
        Operator::Subtract => left.subtract(right),
        Operator::Multiply => left.multiply(right),
        Operator::Divide if right.is_zero() => return Err(Gap::ZeroDenominator),
        Operator::Divide => left.divide(right),
        Operator::Above => truth(left > right),
        Operator::AtLeast => truth(left >= right),
        Operator::Below => truth(left < right),
        Operator::AtMost => truth(left <= right),
        Operator::Equal => truth(left == right),
        Operator::NotEqual => truth(left != right),
    };
    result.ok_or(Gap::Overflow)
}

fn call(function: Function, arguments: &[Node], inputs: &dyn Inputs) -> Result<Exact, Gap> {
    match (function, arguments) {
        (Function::If, [condition, yes, no]) => {
            let taken = if eval(condition, inputs)?.is_zero() { no } else { yes };
            eval(taken, inputs)
        }
        (Function::Round, [inner, Node::Number(digits)]) => {
            let digits = digits.to_u32().ok_or(Gap::Overflow)?;
            round_half_up(eval(inner, inputs)?, digits).map(Exact::from).ok_or(Gap::Overflow)
        }
        (Function::Abs, [inner]) => Ok(eval(inner, inputs)?.abs()),
        (Function::OrZero, [inner]) => match eval(inner, inputs) {
            Err(Gap::NoData { .. } | Gap::Input { .. }) => Ok(Exact::ZERO),
            other => other,
        },
        (Function::Min | Function::Max, [first, rest @ ..]) => {
            let mut best = eval(first, inputs)?;
            for argument in rest {
                let next = eval(argument, inputs)?;
                best = if function == Function::Min { best.min(next) } else { best.max(next) };
            }
            Ok(best)
        }
        // The parser has checked the number of arguments.
        _ => Err(Gap::Overflow),
    }
}
