//! Formulas: of the packs that ship, changed at random, and words thrown together.

use crate::mutate::{changed, changes, files};
use proptest::prelude::*;
use std::sync::LazyLock;
use zhengai_model::exact::{Exact, round_half_up};
use zhengai_model::expr::{Expr, Inputs, When};
use zhengai_model::ids::{IndicatorCode, MeasureName};
use zhengai_model::pack::IndicatorFile;
use zhengai_model::value::Gap;

const WORDS: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "(",
    ")",
    ",",
    ">=",
    "<=",
    "=",
    "==",
    "!=",
    "≠",
    "≥",
    "−",
    "×",
    "÷",
    "if(",
    "round(",
    "min(",
    "max(",
    "abs(",
    "or_zero(",
    "prev(",
    "last_year(",
    "@A-1",
    "@",
    "a",
    "_x",
    "0",
    "00",
    "1.",
    ".5",
    "0.1",
    "1e9",
    "79228162514264337593543950335",
    "79228162514264337593543950336",
    "0.0000000000000000000000000001",
    "-0",
    " ",
    "\t",
    "\n",
    "率",
    "\u{feff}",
    "((((((((((((((((((((((((((((((((",
    "1,2,3",
];

/// Every formula that ships.
static FORMULAS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts = files("plugins/layers").into_iter().filter(|(path, _)| path.contains("/indicators/"));
    let parsed = texts.map(|(path, text)| toml::from_str::<IndicatorFile>(&text).expect(&path));
    let mut all: Vec<String> = parsed.flat_map(|file| file.indicators).map(|indicator| indicator.value).collect();
    all.extend(["if(a > b, prev(@A-1) / last_year(@B), round(min(a, b, 0.5), 2)) - -or_zero(c) != 1".to_owned()]);
    assert!(all.len() > 100, "the formulas of the packs");
    all
});

fn formula() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (any::<prop::sample::Index>(), changes(WORDS)).prop_map(|(seed, changes)| changed(seed.get::<String>(&FORMULAS), &changes)),
        1 => prop::collection::vec(prop::sample::select(WORDS), 0..30).prop_map(|words| words.join(" ")),
        1 => prop::collection::vec(prop::sample::select(WORDS), 0..30).prop_map(|words| words.concat()),
    ]
}

/// Numbers that are small, large, at the edge, negative, or fractions without end; or none at all.
fn input() -> impl Strategy<Value = Option<Exact>> {
    let edge = prop::sample::select(vec![0, 1, -1, i128::MAX, i128::MIN + 1, i128::from(i64::MAX), 10_i128.pow(28)]);
    let number = prop_oneof![edge, -1000_i128..1000, any::<i128>()];
    let below = prop_oneof![Just(1_i128), 1_i128..1000, Just(i128::MAX), Just(10_i128.pow(28))];
    prop_oneof![
        1 => Just(None),
        4 => (number, below).prop_map(|(above, below)| Exact::new(above, below)),
    ]
}

/// The same number for every name, by its length and when it is read.
struct Given(Vec<Option<Exact>>);

impl Given {
    fn number(&self, at: usize) -> Option<Exact> {
        self.0.get(at % self.0.len().max(1)).copied().flatten()
    }
}

impl Inputs for Given {
    fn measure(&self, name: &MeasureName) -> Result<Exact, Gap> {
        self.number(name.as_str().len()).ok_or_else(|| Gap::NoData { measure: name.clone() })
    }

    fn indicator(&self, code: &IndicatorCode, when: When) -> Result<Exact, Gap> {
        self.number(code.as_str().len() + when as usize).ok_or_else(|| Gap::Input { indicator: code.clone() })
    }
}

proptest! {
    #![proptest_config(crate::values::config())]

    #[test]
    fn a_formula_is_written_as_it_was_read_or_refused_at_one_of_its_characters(text in formula()) {
        match Expr::parse(&text) {
            Err(error) => {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.position), "{}: {}", text, error);
            }
            Ok(expr) => {
                let written = expr.to_string();
                let again = Expr::parse(&written);
                prop_assert_eq!(again.as_ref(), Ok(&expr), "{} → {}", text, written);
                prop_assert_eq!(again.map(|again| again.to_string()), Ok(written));
            }
        }
    }

    #[test]
    fn every_formula_gives_a_number_or_a_gap_and_the_same_one_twice(
        text in formula(),
        inputs in prop::collection::vec(input(), 1..6),
        digits in 0_u32..12,
    ) {
        let Ok(expr) = Expr::parse(&text) else { return Ok(()) };
        let given = Given(inputs);
        let value = expr.eval(&given);
        prop_assert_eq!(&value, &expr.eval(&given));
        if let Ok(exact) = value {
            prop_assert!(exact.denominator() > 0);
            if let Some(rounded) = round_half_up(exact, digits) {
                prop_assert!(rounded.scale() <= digits, "{} of {}", rounded, exact);
            }
        }
    }
}
