//! Writes a tree in its canonical spelling, with brackets only where they are needed.

use super::{Function, Node, Operator, When};
use std::fmt::{Formatter, Result};

pub(super) fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::Above => ">",
        Operator::AtLeast => ">=",
        Operator::Below => "<",
        Operator::AtMost => "<=",
        Operator::Equal => "=",
        Operator::NotEqual => "!=",
    }
}

fn strength(node: &Node) -> u8 {
    match node {
        Node::Binary(operator, ..) if operator.compares() => 0,
        Node::Binary(Operator::Add | Operator::Subtract, ..) => 1,
        Node::Binary(..) => 2,
        Node::Negate(_) => 3,
        _ => 4,
    }
}

pub(super) fn node(tree: &Node, f: &mut Formatter<'_>) -> Result {
    match tree {
        Node::Number(number) => write!(f, "{number}"),
        Node::Measure(name) => write!(f, "{name}"),
        Node::Indicator(code, When::Now) => write!(f, "@{code}"),
        Node::Indicator(code, When::Previous) => write!(f, "prev(@{code})"),
        Node::Indicator(code, When::LastYear) => write!(f, "last_year(@{code})"),
        Node::Negate(inner) => {
            f.write_str("-")?;
            at_least(inner, 3, f)
        }
        Node::Binary(operator, left, right) => {
            let own = strength(tree);
            let left_needs = if operator.compares() { own + 1 } else { own };
            at_least(left, left_needs, f)?;
            write!(f, " {} ", sign(*operator))?;
            at_least(right, own + 1, f)
        }
        Node::Call(function, arguments) => {
            f.write_str(match function {
                Function::If => "if",
                Function::Round => "round",
                Function::Min => "min",
                Function::Max => "max",
                Function::Abs => "abs",
                Function::OrZero => "or_zero",
            })?;
            f.write_str("(")?;
            for (index, argument) in arguments.iter().enumerate() {
                if index > 0 {
                    f.write_str(", ")?;
                }
                node(argument, f)?;
            }
            f.write_str(")")
        }
    }
}

fn at_least(tree: &Node, wanted: u8, f: &mut Formatter<'_>) -> Result {
    if strength(tree) >= wanted {
        return node(tree, f);
    }
    f.write_str("(")?;
    node(tree, f)?;
    f.write_str(")")
}
