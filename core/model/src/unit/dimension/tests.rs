//! Units: what may be added, multiplied and compared.

use super::*;

/// Units by name; `#` is a count, `?` is unknown.
struct Given<'a>(&'a [(&'a str, &'a str)]);

impl Given<'_> {
    fn find(&self, name: &str) -> Unit {
        match self.0.iter().find(|(own, _)| *own == name).map(|(_, unit)| *unit) {
            None | Some("?") => Unit::Unknown,
            Some("#") => Unit::Count,
            Some(unit) => Unit::Known(unit.to_owned()),
        }
    }
}

impl Units for Given<'_> {
    fn measure(&self, name: &MeasureName) -> Unit {
        self.find(name.as_str())
    }

    fn indicator(&self, code: &IndicatorCode) -> Unit {
        self.find(code.as_str())
    }
}

const UNITS: &[(&str, &str)] = &[
    ("amount", "元"),
    ("grant", "万元"),
    ("people", "人"),
    ("books", "册"),
    ("area", "㎡"),
    ("rows", "#"),
    ("other_rows", "#"),
    ("minutes", "分钟"),
    ("progress", "%"),
    ("computers", "台"),
    ("score", "分"),
    ("odd", "?"),
    ("STUDENTS", "人"),
    ("TEACHERS", "人"),
    ("RATE", "%"),
];

fn good(value: &str, declared: &str) {
    let expr = Expr::parse(value).expect("an expression");
    assert_eq!(check_units(&expr, &Given(UNITS), declared), Ok(()), "{value} as {declared}");
}

fn bad(value: &str, declared: &str) -> UnitFault {
    let expr = Expr::parse(value).expect("an expression");
    check_units(&expr, &Given(UNITS), declared).expect_err(value)
}

#[test]
fn a_share_times_a_hundred_is_a_percentage() {
    good("100 * rows / other_rows", "%");
    good("100 * people / @STUDENTS", "%");
    good("rows / other_rows * 100", "%");
    good("100 * (1 - rows / other_rows)", "%");
    good("100 - @RATE", "%");
    good("progress / rows", "%");
    assert!(matches!(bad("people / @STUDENTS", "%"), UnitFault::Scale { .. }));
    assert!(matches!(bad("100 * @RATE", "%"), UnitFault::Scale { .. }));
}

#[test]
fn an_amount_per_head_is_never_a_percentage() {
    good("amount / @STUDENTS", "元/生");
    assert!(matches!(bad("100 * amount / @STUDENTS", "%"), UnitFault::Wrong { .. }));
    assert!(matches!(bad("100 * amount / rows", "%"), UnitFault::Wrong { .. }));
    assert!(matches!(bad("100 * books / @STUDENTS", "%"), UnitFault::Wrong { .. }));
    assert!(matches!(bad("area / @STUDENTS", "元/生"), UnitFault::Wrong { .. }));
}

#[test]
fn yuan_and_ten_thousand_yuan_are_never_mixed() {
    good("amount / 10000", "万元");
    good("grant * 10000 + amount", "元");
    good("grant", "万元");
    assert!(matches!(bad("grant + amount", "元"), UnitFault::Mixed { .. }));
    assert!(matches!(bad("amount", "万元"), UnitFault::Scale { .. }));
    assert!(matches!(bad("if(rows > 0, grant, amount)", "元"), UnitFault::Mixed { .. }));
    assert!(matches!(bad("amount + people", "元"), UnitFault::Mixed { .. }));
}

#[test]
fn a_hundred_students_may_share_a_computer() {
    good("100 * computers / @STUDENTS", "台/百生");
    assert!(matches!(bad("computers / 100 / @STUDENTS", "台/百生"), UnitFault::Scale { .. }));
}

#[test]
fn weights_keep_the_unit_and_other_constants_may_convert() {
    good("people + 1.5 * people + 0.1 * people + 0.3 * people", "人");
    good("minutes / 60", "小时");
    good("@STUDENTS / (@TEACHERS + 0.5 * people)", ":1");
    good("min(@TEACHERS, 0.25 * @TEACHERS)", "人");
}

#[test]
fn what_is_not_declared_is_not_checked() {
    good("odd / amount", "%");
    good("score / rows", "分");
    good("score / (100 * people)", "1");
    good("rows", "门");
}
