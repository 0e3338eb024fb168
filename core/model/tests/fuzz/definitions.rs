//! Files of TOML: manifests, datasets, indicators, rules, policy, cycles, mappings, calendars.

use crate::mutate::{changed, changes, files, inside, root};
use crate::values::config;
use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::LazyLock;
use zhengai_model::mapping::Mapping;
use zhengai_model::pack::{Definitions, parse_pack, place_of};
use zhengai_model::period::{Calendar, PeriodKind};

const WORDS: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    "\"",
    "\"\"\"",
    "'''",
    "'",
    ",",
    ".",
    "#",
    "\n",
    "\r\n",
    "\\",
    "\\u0000",
    "\\uD800",
    "\u{feff}",
    "id = ",
    "names = { zh = \"\", en = \"\" }",
    "[[indicator]]",
    "[[rule]]",
    "[[threshold]]",
    "[[computed]]",
    "[field.x]",
    "when = \">= 1\"",
    "grain = \"course\"",
    "scope = { level = \"college\" }",
    "true",
    "0",
    "-1",
    "99999999999999999999",
    "1e400",
    "nan",
    "2025-02-30",
    "2025-09-01",
    "0001-01-01",
    "9999-12-31",
    "𠮷",
    "率",
    "\t",
];

/// The files of one pack that ships.
static STUDENT: LazyLock<Vec<(String, String)>> = LazyLock::new(|| files("plugins/layers/student"));
static POLICY: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let of_pack = |path: &str| path == "pack.toml" || path.starts_with("policy/") || path.starts_with("cycles/");
    files("config").into_iter().filter(|(path, _)| of_pack(path)).collect()
});
static MAPPINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let shipped = files("config/examples").into_iter().filter(|(path, _)| path.contains("mappings/"));
    let mut all: Vec<String> = shipped.map(|(_, text)| text).collect();
    all.push(
        "dataset = \"grades\"\nonly = true\nempty = [\"NULL\", \"—\"]\n[read]\nencoding = \"gb18030\"\nskip_rows = 1\n\
              [field.score]\ncolumn = \"总评\"\ndefault = \"0\"\n[field.score.codes]\n\"优\" = \"95\"\n"
            .to_owned(),
    );
    all
});
static CALENDAR: LazyLock<String> =
    LazyLock::new(|| std::fs::read_to_string(root().join("config/calendar.toml")).expect("the calendar"));

/// One file of a pack, changed; the others as they are, or gone.
fn pack(
    all: &[(String, String)],
    at: Index,
    alone: bool,
    changes: &[crate::mutate::Change],
) -> (Vec<(String, String)>, usize) {
    let at = at.index(all.len());
    let mut files = all.to_vec();
    files[at].1 = changed(&files[at].1, changes);
    if alone { (vec![files.swap_remove(at)], 0) } else { (files, at) }
}

fn check(files: &[(String, String)]) -> Result<(), TestCaseError> {
    let today = NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day");
    let faults = match parse_pack(files) {
        Err(faults) => faults,
        Ok(pack) => match Definitions::merge([pack], []) {
            Err(_) => return Ok(()),
            Ok(definitions) => {
                definitions.check(today);
                return Ok(());
            }
        },
    };
    prop_assert!(!faults.is_empty());
    for fault in &faults {
        if fault.line == 0 {
            continue;
        }
        let file = files.iter().find(|(path, _)| *path == fault.file);
        let (_, text) = file.ok_or_else(|| TestCaseError::fail(format!("no file {}", fault.file)))?;
        prop_assert!(
            inside(text, fault.line, fault.column),
            "{}:{}:{}\n{}",
            fault.file,
            fault.line,
            fault.column,
            text
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases.div_ceil(4), ..config() })]

    #[test]
    fn a_pack_with_one_file_changed_is_read_or_refused_at_a_place_in_that_file(
        at in any::<Index>(), alone in any::<bool>(), policy in any::<bool>(), changes in changes(WORDS),
    ) {
        let all: &[(String, String)] = if policy { &POLICY } else { &STUDENT };
        let (files, _) = pack(all, at, alone, &changes);
        check(&files)?;
    }

    #[test]
    fn a_manifest_that_was_changed_is_read_or_refused_at_a_place_in_it(changes in changes(WORDS), at in any::<Index>()) {
        let manifests: Vec<&(String, String)> =
            STUDENT.iter().chain(POLICY.iter()).filter(|(path, _)| path == "plugin.toml" || path == "pack.toml").collect();
        let (path, text) = at.get(&manifests);
        check(&[(path.clone(), changed(text, &changes))])?;
    }

    #[test]
    fn a_mapping_that_was_changed_is_read_or_refused_at_a_place_in_it(changes in changes(WORDS), at in any::<Index>()) {
        let text = changed(at.get::<String>(&MAPPINGS), &changes);
        match toml::from_str::<Mapping>(&text) {
            Ok(mapping) => {
                let written = toml::to_string(&mapping).expect("a mapping can be written");
                prop_assert_eq!(toml::from_str::<Mapping>(&written).expect("what was written is a mapping"), mapping);
            }
            Err(error) => {
                let (line, column) = place_of(&text, error.span().map_or(0, |span| span.start));
                prop_assert!(inside(&text, line, column), "{}:{}\n{}", line, column, text);
            }
        }
    }

    #[test]
    fn a_calendar_that_was_changed_is_read_or_refused_and_answers_for_every_day(changes in changes(WORDS), day in 0_i32..40_000) {
        let text = changed(&CALENDAR, &changes);
        let Ok(calendar) = Calendar::from_toml(&text) else { return Ok(()) };
        let day = NaiveDate::from_num_days_from_ce_opt(719_163 + day).expect("a day since 1970");
        for kind in [PeriodKind::CalendarYear, PeriodKind::AcademicYear, PeriodKind::Term, PeriodKind::Month, PeriodKind::Day] {
            let Some(period) = calendar.on(kind, day) else { continue };
            prop_assert!(period.start <= day && day < period.end, "{:?} on {}", period, day);
            prop_assert_eq!(calendar.get(&period.id), Some(period.clone()));
            if let Some(before) = calendar.previous(&period) {
                prop_assert!(before.end <= period.start, "{:?} before {:?}", before, period);
            }
            let _ = calendar.last_year(&period);
        }
    }
}
