//! Formulas: what they mean, where a missing part leads, and how a wrong one is told.

use super::*;
use crate::exact::Exact;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Numbers by name, `@CODE`, `prev:CODE` or `year:CODE`; what is not there has no data.
struct Given(BTreeMap<&'static str, Exact>);

impl Inputs for Given {
    fn measure(&self, name: &MeasureName) -> Result<Exact, Gap> {
        self.0.get(name.as_str()).copied().ok_or(Gap::NoData { measure: name.clone() })
    }

    fn indicator(&self, code: &IndicatorCode, when: When) -> Result<Exact, Gap> {
        let mark = match when {
            When::Now => "@",
            When::Previous => "prev:",
            When::LastYear => "year:",
        };
        let key = format!("{mark}{code}");
        self.0.get(key.as_str()).copied().ok_or(Gap::Input { indicator: code.clone() })
    }
}

fn given(pairs: &[(&'static str, i64)]) -> Given {
    Given(pairs.iter().map(|(name, number)| (*name, Exact::from(*number))).collect())
}

fn value(text: &str, inputs: &Given) -> Result<Exact, Gap> {
    Expr::parse(text).expect("an expression").eval(inputs)
}

fn check(text: &str, expect: &str) {
    let inputs = given(&[("a", 7), ("b", 2), ("zero", 0), ("@X", 10), ("prev:X", 8), ("year:X", 5)]);
    assert_eq!(value(text, &inputs).map(|exact| exact.to_string()), Ok(expect.to_owned()), "{text}");
}

fn fails(text: &str, position: usize) -> ExprFault {
    let error = Expr::parse(text).expect_err(text);
    assert_eq!(error.position, position, "{text}: {error}");
    error.cause
}

#[test]
fn multiplication_binds_before_addition_and_both_group_to_the_left() {
    check("1 + 2 * 3", "7");
    check("(1 + 2) * 3", "9");
    check("10 - 4 - 3", "3");
    check("24 / 4 / 3", "2");
    check("-a + b", "-5");
    check("- (a - b) * 2", "-10");
    check("a × b ÷ 2 − 1", "6");
}

#[test]
fn a_comparison_is_one_or_zero() {
    check("a > b", "1");
    check("a <= b", "0");
    check("a ≥ 7", "1");
    check("a != 7", "0");
    check("1 + (a = 7) * 2", "3");
}

#[test]
fn functions_do_what_they_say() {
    check("if(a > b, 1, 2)", "1");
    check("round(a / 3, 1)", "2.3");
    check("round(-a / 2, 0)", "-4");
    check("min(a, b, 3)", "2");
    check("max(a, b)", "7");
    check("abs(b - a)", "5");
    check("or_zero(nothing) + a", "7");
    check("@X - prev(@X)", "2");
    check("@X / last_year(@X)", "2");
}

#[test]
fn only_the_branch_taken_is_evaluated() {
    check("if(zero = 0, 1, a / zero)", "1");
}

#[test]
fn a_zero_denominator_is_a_gap_and_not_a_number() {
    let inputs = given(&[("a", 7), ("zero", 0)]);
    assert_eq!(value("a / zero", &inputs), Err(Gap::ZeroDenominator));
    assert_eq!(value("or_zero(a / zero)", &inputs), Err(Gap::ZeroDenominator));
}

#[test]
fn what_is_missing_is_named_and_never_zero() {
    let inputs = given(&[("a", 7)]);
    let measure = MeasureName::new("taken").expect("a name");
    assert_eq!(value("a / taken", &inputs), Err(Gap::NoData { measure: measure.clone() }));
    assert_eq!(value("taken * 0", &inputs), Err(Gap::NoData { measure }));
    let indicator = IndicatorCode::new("X").expect("a code");
    assert_eq!(value("a + @X", &inputs), Err(Gap::Input { indicator }));
}

#[test]
fn what_does_not_fit_is_a_gap() {
    let inputs = given(&[("a", i64::MAX)]);
    assert_eq!(value("a * a * a * a", &inputs), Err(Gap::Overflow));
}

#[test]
fn names_are_collected_by_when_they_are_read() {
    let expr = Expr::parse("100 * passed / taken + @A - prev(@B) + last_year(@A)").expect("an expression");
    let names: Vec<String> = expr.measures().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["passed", "taken"]);
    let (now, previous, last_year) = expr.indicators();
    let codes = |set: BTreeSet<IndicatorCode>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!((codes(now), codes(previous), codes(last_year)), ("A".into(), "B".into(), "A".into()));
}

#[test]
fn errors_tell_the_character() {
    assert_eq!(fails("a +", 4), ExprFault::End);
    assert_eq!(fails("", 1), ExprFault::End);
    assert_eq!(fails("a b", 3), ExprFault::Unexpected { found: "b".into() });
    assert_eq!(fails("100 * 通过", 7), ExprFault::Unexpected { found: "通".into() });
    assert_eq!(fails("(a", 3), ExprFault::End);
    assert_eq!(fails("sqrt(a)", 1), ExprFault::UnknownFunction { name: "sqrt".into() });
    assert_eq!(fails("1 + Bad", 5), ExprFault::BadName { text: "Bad".into() });
    assert_eq!(fails("@bad", 1), ExprFault::BadName { text: "@bad".into() });
    assert_eq!(fails("1.2.3", 1), ExprFault::Unexpected { found: "1.2.3".into() });
    assert!(matches!(fails("prev(a)", 1), ExprFault::Arguments { .. }));
    assert!(matches!(fails("round(a, b)", 1), ExprFault::Arguments { .. }));
    assert!(matches!(fails("if(a, b)", 1), ExprFault::Arguments { .. }));
    assert!(matches!(fails("round(a, 1.5)", 1), ExprFault::Arguments { .. }));
}

#[test]
fn deep_or_long_text_is_refused_before_it_hurts() {
    let deep = format!("{}1{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(Expr::parse(&deep).expect_err("too deep").cause, ExprFault::TooBig);
    let signs = format!("{}1", "-".repeat(100));
    assert_eq!(Expr::parse(&signs).expect_err("too deep").cause, ExprFault::TooBig);
    let chain = vec!["1"; 1000].join(" + ");
    assert_eq!(Expr::parse(&chain).expect_err("too long").cause, ExprFault::TooBig);
    let long = " ".repeat(5000);
    assert_eq!(Expr::parse(&long).expect_err("too long").cause, ExprFault::TooBig);
}

fn tree() -> impl Strategy<Value = Node> {
    let code = || IndicatorCode::new("AB-1").expect("a code");
    let leaf = prop_oneof![
        (0_i64..1000, 0_u32..3).prop_map(|(mantissa, scale)| Node::Number(Decimal::new(mantissa, scale))),
        "[a-z]{1,4}"
            .prop_filter("a function", |name| !["if"].contains(&name.as_str()))
            .prop_map(|name| Node::Measure(MeasureName::new(name).expect("a name"))),
        prop_oneof![Just(When::Now), Just(When::Previous), Just(When::LastYear)]
            .prop_map(move |when| Node::Indicator(code(), when)),
    ];
    let operator = prop_oneof![
        Just(Operator::Add),
        Just(Operator::Subtract),
        Just(Operator::Multiply),
        Just(Operator::Divide),
        Just(Operator::Above),
        Just(Operator::AtMost),
        Just(Operator::Equal),
        Just(Operator::NotEqual),
    ];
    leaf.prop_recursive(4, 32, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|node| Node::Negate(Box::new(node))),
            (operator.clone(), inner.clone(), inner.clone()).prop_map(|(operator, left, right)| Node::Binary(
                operator,
                Box::new(left),
                Box::new(right)
            )),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| Node::Call(Function::Max, nodes)),
            prop::collection::vec(inner.clone(), 3..4).prop_map(|nodes| Node::Call(Function::If, nodes)),
            inner.prop_map(|node| Node::Call(Function::OrZero, vec![node])),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_spelling_parses_to_the_same_tree(root in tree()) {
        let expr = Expr { root };
        let text = expr.to_string();
        prop_assert_eq!(Expr::parse(&text), Ok(expr), "{}", text);
    }

    #[test]
    fn any_text_parses_or_fails_inside_itself(text in "\\PC{0,60}") {
        if let Err(error) = Expr::parse(&text) {
            prop_assert!(error.position >= 1 && error.position <= text.chars().count() + 1);
        }
    }
}
