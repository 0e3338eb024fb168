//! Conditions and scopes of thresholds, as people type them.

use crate::mutate::{changed, changes};
use proptest::prelude::*;
use zhengai_model::threshold::{Condition, Scope};

/// Cases as `PROPTEST_CASES` says, a quick number otherwise.
pub fn config() -> ProptestConfig {
    let mut config = ProptestConfig { max_shrink_iters: 4096, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 512;
    }
    config
}

const WORDS: &[&str] = &[
    ">=",
    "<=",
    ">",
    "<",
    "=",
    "≥",
    "≤",
    "in ",
    "not in ",
    "属于",
    "不属于",
    "[",
    "]",
    "(",
    ")",
    ",",
    "0",
    "-1",
    "1e5",
    "0.5",
    "79228162514264337593543950335",
    "college",
    "unit:",
    "object:",
    "group:",
    ":",
    "=",
    " ",
    "率",
];

const CONDITIONS: &[&str] =
    &[">= 95", "< 90.50", "in [0, 5]", "in (0, 5]", "not in [6, 24]", "= 0", "属于 [1, 2)", "≥ 3"];
const SCOPES: &[&str] =
    &["college", "nation", "unit:department:D1", "group:major:category=工科", "object:teacher:T00001"];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_condition_is_written_as_it_was_read(seed in prop::sample::select(CONDITIONS), changes in changes(WORDS), value in -100_i64..100) {
        let text = changed(seed, &changes);
        if let Ok(condition) = text.parse::<Condition>() {
            let written = condition.to_string();
            let again: Condition = written.parse().expect("what was written is a condition");
            prop_assert_eq!(again, condition, "{}", written);
            prop_assert_eq!(again.holds(value.into()), condition.holds(value.into()));
        }
    }

    #[test]
    fn a_scope_is_written_as_it_was_read(seed in prop::sample::select(SCOPES), changes in changes(WORDS)) {
        let text = changed(seed, &changes);
        if let Ok(scope) = text.parse::<Scope>() {
            prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope), "{}", text);
        }
    }
}
