//! The generator keeps its promises: equal seeds, sizes, headers that the definitions know, faults where the key says,
//! limits as in the packs, and no finding about anybody who was not chosen.

use super::answer_key::{self, AnswerKey};
use super::facts::{College, write_all};
use super::plan::{Sizes, YEAR};
use super::{ANSWER_KEY, DemoError, Manifest, Options, generate};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use zhengai_model::dataset::Dataset;
use zhengai_model::mapping::Mapping;
use zhengai_model::pack::{IndicatorFile, PolicyFile};
use zhengai_model::threshold::{Condition, ThresholdKind};

fn small(seed: u64) -> Options {
    Options { students: Options::SMALLEST, seed }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn tomls(folder: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for layer in ["school", "major", "course", "teacher", "student"] {
        for entry in std::fs::read_dir(root().join("plugins/layers").join(layer).join(folder)).unwrap() {
            texts.push(std::fs::read_to_string(entry.unwrap().path()).unwrap());
        }
    }
    texts
}

fn datasets() -> BTreeMap<String, Dataset> {
    let all = tomls("datasets").into_iter().map(|text| toml::from_str::<Dataset>(&text).unwrap());
    all.map(|dataset| (dataset.id.to_string(), dataset)).collect()
}

fn made(options: Options) -> (tempfile::TempDir, Manifest, AnswerKey) {
    let dir = tempfile::tempdir().unwrap();
    let manifest = generate(dir.path(), options).unwrap();
    let key = std::fs::read_to_string(dir.path().join(ANSWER_KEY)).unwrap();
    (dir, manifest, serde_json::from_str(&key).unwrap())
}

#[test]
fn equal_options_give_equal_bytes_and_another_seed_gives_others() {
    let (one, manifest, _) = made(small(1));
    let (two, _, _) = made(small(1));
    let (other, _, _) = made(small(2));
    let read = |dir: &tempfile::TempDir, file: &str| std::fs::read(dir.path().join(file)).unwrap();
    for file in manifest.files.iter().map(|file| file.file.as_str()).chain([ANSWER_KEY, super::MANIFEST]) {
        assert!(read(&one, file) == read(&two, file), "{file} differs");
    }
    let students = &manifest.files.iter().find(|file| file.dataset == "students").unwrap().file;
    assert!(read(&one, students) != read(&other, students));
}

#[test]
fn too_few_students_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = generate(dir.path(), Options { students: 10, seed: 1 });
    assert!(matches!(refused, Err(DemoError::Students { students: 10, .. })));
}

#[test]
fn the_default_college_is_small_and_the_benchmark_college_is_full() {
    let default = Sizes::of(Options::default());
    let attendance = default.students * 40 * default.days_a_week * default.lessons_a_day;
    assert!(attendance <= 150_000, "{attendance}");
    let full = Sizes::of(Options { students: 30_000, seed: 1 });
    assert_eq!((full.majors, full.full_time), (60, 1_500));
    assert_eq!(full.students * 40 * full.days_a_week * full.lessons_a_day, 36_000_000);
    assert_eq!(full.students * full.swipes_each, 9_000_000);
    assert_eq!(full.students * full.online_each, 1_980_000);
    assert_eq!(27 + 29 * full.majors + full.electives, 1_800);
}

#[test]
fn files_come_after_the_masters_that_they_refer_to() {
    let (_, manifest, _) = made(small(1));
    let datasets = datasets();
    let mut loaded = BTreeSet::new();
    for file in &manifest.files {
        for field in &datasets[&file.dataset].fields {
            let Some((master, _)) = field.references.as_deref().and_then(|place| place.split_once('.')) else {
                continue;
            };
            assert!(loaded.contains(master), "{} refers to {master}, which is not loaded yet", file.dataset);
        }
        loaded.insert(file.dataset.as_str());
    }
}

/// A header as the warehouse compares it, without a unit at its end.
fn bare(header: &str) -> &str {
    header.split_once('(').map_or(header, |(base, unit)| if unit.ends_with("元)") { base } else { header })
}

#[test]
fn every_header_is_one_that_the_dataset_knows_and_no_field_that_is_required_lacks_one() {
    let dir = tempfile::tempdir().unwrap();
    let written = write_all(dir.path(), &College::found(small(1))).unwrap();
    let datasets = datasets();
    for (file, headers) in written.files.iter().zip(&written.headers) {
        let dataset = &datasets[&file.dataset];
        let mapping: Mapping = file.mapping.as_ref().map_or_else(Mapping::default, |name| {
            toml::from_str(&std::fs::read_to_string(dir.path().join(name)).unwrap()).unwrap()
        });
        let mut found = BTreeSet::new();
        for header in headers {
            let field = dataset.fields.iter().find(|field| {
                let mapped = mapping.field.get(&field.name).and_then(|field| field.column.as_deref());
                let own = [field.name.as_str(), field.names.zh.as_str()].into_iter();
                mapped == Some(header.as_str())
                    || own.chain(field.aliases.iter().map(String::as_str)).any(|name| name == bare(header))
            });
            let field = field.unwrap_or_else(|| panic!("{}: no field takes `{header}`", file.dataset));
            assert!(found.insert(field.name.as_str()), "{}: {header} twice", file.dataset);
        }
        for field in dataset.fields.iter().filter(|field| field.required || dataset.key.contains(&field.name)) {
            assert!(found.contains(field.name.as_str()), "{}: {} has no column", file.dataset, field.name);
        }
    }
}

#[test]
fn planted_rows_stand_where_the_key_says() {
    let (dir, manifest, key) = made(small(3));
    assert!(key.rows.len() > 40);
    let rules: BTreeSet<&str> = key.rows.iter().map(|row| row.rule.as_str()).collect();
    for rule in [
        "required",
        "type.decimal",
        "type.date",
        "code.unknown",
        "key.duplicate",
        "key.conflict",
        "reference.missing",
        "range.max",
    ] {
        assert!(rules.contains(rule), "{rule} is not planted");
    }
    for file in &manifest.files {
        let planted: Vec<_> = key.rows.iter().filter(|row| row.file == file.file).collect();
        assert_eq!(planted.len() as u64, file.faulty, "{}", file.file);
        assert_eq!(
            planted.iter().all(|row| row.sheet.is_some()),
            planted.is_empty() || file.format.starts_with("xlsx")
        );
        if file.format.starts_with("xlsx") {
            let head = if file.format == "xlsx titled" { 3 } else { 1 };
            assert!(planted.iter().all(|row| row.line > head && row.line <= file.rows + head), "{}", file.file);
            continue;
        }
        let bytes = std::fs::read(dir.path().join(&file.file)).unwrap();
        let text = if file.format.contains("gbk") {
            encoding_rs::GBK.decode(&bytes).0.into_owned()
        } else {
            String::from_utf8(bytes).unwrap()
        };
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len() as u64, file.rows + 1, "{}", file.file);
        let header: Vec<&str> = lines[0].trim_start_matches('\u{feff}').split([',', '\t']).collect();
        for row in planted {
            let cells: Vec<&str> = lines[usize::try_from(row.line).unwrap() - 1].split([',', '\t']).collect();
            assert_eq!(row.rule == "row.columns", cells.len() != header.len(), "{row:?}");
            let Some(column) = &row.column else { continue };
            let cell = cells[header.iter().position(|name| name == column).unwrap()];
            assert_eq!(row.rule == "required", cell.is_empty(), "{row:?}: `{cell}`");
        }
    }
}

#[test]
fn nobody_but_the_chosen_is_found_wanting() {
    for options in [small(1), small(2), Options::default(), Options { students: 1_200, seed: 5 }] {
        let college = College::found(options);
        let (_, _, key) = made(options);
        let (people, planted) = (&college.people, &college.planted);
        let mut chosen: BTreeSet<String> = BTreeSet::new();
        chosen.insert(super::facts::SCHOOL.to_owned());
        chosen.insert(people.departments[planted.idle_department].code.clone());
        let shunned = &people.majors[planted.shunned_major];
        chosen.extend([shunned.code.to_owned(), people.departments[shunned.department].code.clone()]);
        chosen.insert(people.majors[planted.silent_major].code.to_owned());
        chosen.insert(college.teaching.courses[planted.weak_course].code.clone());
        let taught = college.teaching.sections.iter().filter(|section| section.teacher == planted.disliked);
        chosen.extend(taught.map(|section| college.teaching.courses[section.course].code.clone()));
        chosen.extend([planted.disliked, planted.overloaded].map(|teacher| people.teachers[teacher].id.clone()));
        let students = planted.absentees.iter().chain(&planted.failing).chain([&planted.unfit]);
        chosen.extend(students.map(|&student| people.students[student].id.clone()));
        chosen.insert(people.students[people.classes[0].students[0]].id.clone());
        for finding in &key.findings {
            assert!(chosen.contains(&finding.object), "{options:?}: {finding:?}");
        }
        for indicator in ["CRS-PASS", "TCH-WEEKLY-HOURS", "TCH-EVALUATION", "STU-ATTENDANCE", "STU-FAILED-COURSES"] {
            assert!(key.findings.iter().any(|finding| finding.indicator == indicator), "{options:?}: {indicator}");
        }
        assert!(!people.students.is_empty() && key.firings.len() > 8);
    }
}

#[test]
fn the_moved_student_belongs_to_one_class_at_a_time() {
    let college = College::found(small(4));
    let moved = college.people.moved;
    let before = moved.on.pred_opt().unwrap();
    let has = |class, day| college.people.members(class, day).any(|student| student == moved.student);
    assert!(has(moved.from, before) && !has(moved.to, before));
    assert!(!has(moved.from, moved.on) && has(moved.to, moved.on));
    assert_eq!(moved.on.format("%Y").to_string(), (YEAR + 1).to_string());
}

#[test]
fn limits_are_those_of_the_packs() {
    let packs: Vec<IndicatorFile> = tomls("indicators").iter().map(|text| toml::from_str(text).unwrap()).collect();
    let policy = std::fs::read_to_string(root().join("config/policy/national-2004.toml")).unwrap();
    let policy: PolicyFile = toml::from_str(&policy).unwrap();
    for (code, limit) in answer_key::limits() {
        let all = packs.iter().flat_map(|file| &file.indicators);
        let indicator = all.into_iter().find(|indicator| indicator.code.as_str() == code).expect(&code);
        assert_eq!(u32::from(indicator.decimals), limit.decimals, "{code}");
        let inline = indicator.values.as_ref();
        let national = |kind: ThresholdKind| -> Option<Condition> {
            let mut own = policy.thresholds.iter().filter(|threshold| {
                threshold.indicator.as_str() == code
                    && threshold.kind == kind
                    && format!("{threshold:?}").contains("engineering")
            });
            own.next().map(|threshold| threshold.when)
        };
        let held = |inline: Option<Condition>, kind| inline.or_else(|| national(kind));
        assert_eq!(held(inline.and_then(|own| own.target), ThresholdKind::Target), limit.target, "{code}");
        assert_eq!(held(inline.and_then(|own| own.standard), ThresholdKind::Standard), limit.standard, "{code}");
        assert_eq!(held(inline.and_then(|own| own.warning), ThresholdKind::Warning), limit.warning, "{code}");
        let grains: Vec<String> =
            inline.map(|own| own.grains.iter().map(ToString::to_string).collect()).unwrap_or_default();
        assert_eq!(grains, limit.grains, "{code}");
    }
}
