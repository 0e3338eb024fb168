//! The values that planted faults can move, at every grain at which they are computed, from the ledger alone.

use super::answer_key::{ExpectedFinding, ExpectedFiring, History};
use super::facts::{College, SCHOOL};
use super::ledger::Ledger;
use super::plan::{TERMS, YEAR};
use super::planted::LAST;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::verdict::Attainment;

/// One value as numerator and denominator.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) indicator: &'static str,
    pub(super) kind: &'static str,
    pub(super) object: String,
    pub(super) period: String,
    numerator: i64,
    denominator: i64,
}

impl Reading {
    /// The value, not rounded.
    pub(super) fn value(&self) -> Decimal {
        Decimal::from(self.numerator) / Decimal::from(self.denominator.max(1))
    }
}

/// Collects readings.
struct Book<'a> {
    college: &'a College,
    ledger: &'a Ledger,
    readings: Vec<Reading>,
}

/// Every reading that a planted fault can move.
pub(super) fn all(college: &College, ledger: &Ledger) -> Vec<Reading> {
    let mut book = Book { college, ledger, readings: Vec::new() };
    book.school();
    book.majors();
    // The terms of the diagnosed year, and those that end in its calendar year: the run over that covers them as well.
    for term in LAST - 3..=LAST {
        book.courses(term);
        book.teachers(term);
        book.students(term);
    }
    book.readings
}

impl Book<'_> {
    fn read(&mut self, indicator: &'static str, grain: (&'static str, String), period: &str, fraction: (i64, i64)) {
        self.readings.push(Reading {
            indicator,
            kind: grain.0,
            object: grain.1,
            period: period.to_owned(),
            numerator: fraction.0,
            denominator: fraction.1,
        });
    }

    fn unit(&self, department: usize) -> (&'static str, String) {
        ("department", self.college.people.departments[department].code.clone())
    }

    fn school(&mut self) {
        let period = format!("AY{YEAR}");
        let whole = ("school", SCHOOL.to_owned());
        let heads = i64::try_from(self.college.sizes.students).expect("a number of students");
        let dormitory = self.ledger.get("dormitory", 0, 0).total;
        // Square metres in tenths; full-time students are the ordinary and the foreign ones.
        self.read("SCH-DORMITORY-AREA", whole.clone(), &period, (dormitory, 10 * (heads + heads / 300)));
        let (mut all_done, mut all_open) = (0, 0);
        for unit in 0..self.college.people.departments.len() {
            let done = self.ledger.get("tasks.done", 1, unit).count;
            let open = self.ledger.get("tasks.open", 1, unit).count;
            (all_done, all_open) = (all_done + done, all_open + open);
            self.read("SCH-TASKS-ON-TIME", self.unit(unit), &period, (100 * done, done + open));
            self.read("SCH-TASKS-PROGRESS", self.unit(unit), &period, (100 * done + 40 * open, done + open));
        }
        let due = all_done + all_open;
        self.read("SCH-TASKS-ON-TIME", whole.clone(), &period, (100 * all_done, due));
        self.read("SCH-TASKS-PROGRESS", whole.clone(), &period, (100 * all_done + 40 * all_open, due));
        for (slot, year) in [YEAR - 1, YEAR].into_iter().enumerate() {
            let fraction = self.registered(slot, |_| true);
            self.read("SCH-REGISTRATION-BY-PLAN", whole.clone(), &format!("AY{year}"), fraction);
        }
    }

    /// Registered against planned (which equals admitted) of some majors, in percent.
    fn registered(&self, slot: usize, wanted: impl Fn(usize) -> bool) -> (i64, i64) {
        let sum = |measure| -> i64 {
            self.ledger.objects(measure, slot).filter(|(major, _)| wanted(*major)).map(|(_, sum)| sum.total).sum()
        };
        (100 * sum("enrol.registered"), sum("enrol.planned"))
    }

    fn majors(&mut self) {
        const CODE: &str = "MAJ-REGISTRATION-BY-ADMITTED";
        let majors = &self.college.people.majors;
        for (slot, year) in [YEAR - 1, YEAR].into_iter().enumerate() {
            let period = format!("AY{year}");
            for (index, major) in majors.iter().enumerate() {
                let fraction = self.registered(slot, |other| other == index);
                self.read(CODE, ("major", major.code.to_owned()), &period, fraction);
            }
            for unit in 0..self.college.people.departments.len() {
                if majors.iter().any(|major| major.department == unit) {
                    let fraction = self.registered(slot, |major| majors[major].department == unit);
                    self.read(CODE, self.unit(unit), &period, fraction);
                }
            }
            let fraction = self.registered(slot, |_| true);
            self.read(CODE, ("school", SCHOOL.to_owned()), &period, fraction);
        }
    }

    /// A measure kept by section, at course or teacher, the department of that, and the school.
    fn by_section(
        &mut self,
        indicator: &'static str,
        term: usize,
        fraction: impl Fn(&Ledger, usize) -> Option<(i64, i64)>,
    ) {
        let (people, teaching) = (&self.college.people, &self.college.teaching);
        let of_teachers = indicator.starts_with("TCH");
        let mut finest: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        let mut units: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        let mut whole = (0, 0);
        for (index, section) in teaching.sections.iter().enumerate().filter(|(_, section)| section.term == term) {
            let Some((numerator, denominator)) = fraction(self.ledger, index) else { continue };
            let (object, unit) = if of_teachers {
                (section.teacher, people.teachers[section.teacher].department)
            } else {
                (section.course, teaching.courses[section.course].department)
            };
            for sum in [finest.entry(object).or_default(), units.entry(unit).or_default(), &mut whole] {
                (sum.0, sum.1) = (sum.0 + numerator, sum.1 + denominator);
            }
        }
        let period = TERMS[term].id();
        for (object, sum) in finest {
            let grain = if of_teachers {
                ("teacher", people.teachers[object].id.clone())
            } else {
                ("course", teaching.courses[object].code.clone())
            };
            self.read(indicator, grain, &period, sum);
        }
        for (unit, sum) in units {
            self.read(indicator, self.unit(unit), &period, sum);
        }
        if whole.1 > 0 {
            self.read(indicator, ("school", SCHOOL.to_owned()), &period, whole);
        }
    }

    fn courses(&mut self, term: usize) {
        self.by_section("CRS-PASS", term, |ledger, section| {
            let taken = ledger.get("grade", term, section).count;
            Some((100 * (taken - ledger.get("grade.failed", term, section).count), taken))
        });
        self.shared("CRS-ATTENDANCE", "CRS-EVALUATION", "CRS-SUPERVISION", term);
    }

    /// What the course layer and the teacher layer both look at.
    fn shared(&mut self, attendance: &'static str, students: &'static str, supervisors: &'static str, term: usize) {
        self.by_section(attendance, term, |ledger, section| {
            let lessons = ledger.get("attendance.section", term, section);
            (lessons.count > 0).then_some((100 * (lessons.count - lessons.total), lessons.count))
        });
        for (indicator, measure) in [(students, "evaluation"), (supervisors, "supervision")] {
            self.by_section(indicator, term, |ledger, section| {
                let sum = ledger.get(measure, term, section);
                // Scores are kept in tenths.
                (sum.count > 0).then_some((sum.total, 10 * sum.count))
            });
        }
    }

    fn teachers(&mut self, term: usize) {
        self.shared("TCH-ATTENDANCE", "TCH-EVALUATION", "TCH-SUPERVISION", term);
        let (people, teaching) = (&self.college.people, &self.college.teaching);
        let mut loads: BTreeMap<usize, (i64, BTreeSet<usize>)> = BTreeMap::new();
        for section in teaching.sections.iter().filter(|section| section.term == term) {
            let load = loads.entry(section.teacher).or_default();
            load.0 += teaching.courses[section.course].weekly;
            load.1.insert(section.course);
        }
        let period = TERMS[term].id();
        for (teacher, (hours, courses)) in loads {
            let grain = ("teacher", people.teachers[teacher].id.clone());
            self.read("TCH-WEEKLY-HOURS", grain.clone(), &period, (hours, 1));
            let courses = i64::try_from(courses.len()).expect("a few courses");
            self.read("TCH-COURSES", grain.clone(), &period, (courses, 1));
            let incidents = self.ledger.get("incident.teaching", term, teacher).count;
            self.read("TCH-INCIDENTS", grain, &period, (incidents, 1));
        }
    }
}

impl Book<'_> {
    /// The units above a student in a term: class, major, department, school.
    fn above(&self, student: usize, term: usize) -> [(&'static str, String); 4] {
        let people = &self.college.people;
        let class = &people.classes[people.class_on(student, TERMS[term].begins())];
        let major = &people.majors[class.major];
        [
            ("class", class.id.clone()),
            ("major", major.code.to_owned()),
            self.unit(major.department),
            ("school", SCHOOL.to_owned()),
        ]
    }

    /// Students who had entered by a term.
    fn at_college(&self, term: usize) -> Vec<usize> {
        let students = self.college.people.students.iter().enumerate();
        students.filter(|(_, student)| student.cohort <= TERMS[term].year).map(|(index, _)| index).collect()
    }

    /// A measure kept by student, at the student and, when `rolled` says so, above.
    fn by_student(
        &mut self,
        indicator: &'static str,
        term: usize,
        rolled: Rolled,
        fraction: impl Fn(&Ledger, usize) -> Option<(i64, i64)>,
    ) {
        let period = TERMS[term].id();
        let mut above: BTreeMap<(&'static str, String), (i64, i64)> = BTreeMap::new();
        for index in self.at_college(term) {
            let Some(sum) = fraction(self.ledger, index) else { continue };
            if rolled == Rolled::Up {
                for unit in self.above(index, term) {
                    let total = above.entry(unit).or_default();
                    (total.0, total.1) = (total.0 + sum.0, total.1 + sum.1);
                }
            }
            self.read(indicator, ("student", self.college.people.students[index].id.clone()), &period, sum);
        }
        for (unit, sum) in above {
            self.read(indicator, unit, &period, sum);
        }
    }

    fn students(&mut self, term: usize) {
        self.by_student("STU-ATTENDANCE", term, Rolled::Up, |ledger, student| {
            let absent = ledger.get("attendance.student", term, student);
            let leave = ledger.get("leave.student", term, student).total;
            (absent.count > 0).then_some((100 * (absent.count - absent.total - leave), absent.count))
        });
        for (indicator, measure) in [("STU-ABSENCES", "attendance.student"), ("STU-ABSENCE-RUN", "absence.run")] {
            self.by_student(indicator, term, Rolled::No, |ledger, student| {
                let sum = ledger.get(measure, term, student);
                (sum.count > 0).then_some((sum.total, 1))
            });
        }
        self.by_student("STU-SANCTIONS", term, Rolled::No, |ledger, student| {
            Some((ledger.get("discipline", term, student).count, 1))
        });
        self.by_student("STU-FIRST-PASS", term, Rolled::Up, |ledger, student| {
            let taken = ledger.get("student.best", term, student).count;
            (taken > 0).then_some((100 * (taken - ledger.get("student.failed", term, student).count), taken))
        });
        // All courses of a term have the same credits, so weights do not matter; scores are kept in tenths.
        self.by_student("STU-WEIGHTED-MEAN", term, Rolled::Up, |ledger, student| {
            let best = ledger.get("student.best", term, student);
            (best.count > 0).then_some((best.total, 10 * best.count))
        });
        self.by_student("STU-FAILED-COURSES", term, Rolled::No, |ledger, student| {
            Some((ledger.get("student.failed.final", term, student).count, 1))
        });
        self.by_student("STU-FAILED-CREDITS", term, Rolled::No, |ledger, student| {
            Some((ledger.get("student.failed.final", term, student).total, 10))
        });
        let mut failing: BTreeMap<(&'static str, String), (i64, i64)> = BTreeMap::new();
        for student in self.at_college(term) {
            let fails = i64::from(self.ledger.get("student.failed.final", term, student).count > 0);
            for unit in self.above(student, term) {
                let share = failing.entry(unit).or_default();
                (share.0, share.1) = (share.0 + 100 * fails, share.1 + 1);
            }
        }
        for (unit, share) in failing {
            self.read("STU-FAILING-SHARE", unit, &TERMS[term].id(), share);
        }
        if term == LAST {
            for (index, student) in self.college.people.students.iter().enumerate() {
                let score = self.ledger.get("fitness", 0, index).total;
                self.read("STU-FITNESS", ("student", student.id.clone()), &format!("AY{YEAR}"), (score, 10));
            }
        }
    }
}

/// Whether a measure of students is added up for the units above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rolled {
    Up,
    No,
}

/// Results that cannot be determined because somebody handed in nothing.
pub(super) fn undetermined(college: &College) -> Vec<ExpectedFinding> {
    let major = college.people.majors[college.planted.silent_major].code;
    let indicators = [
        "MAJ-PLACEMENT",
        "MAJ-CONTRACTED",
        "MAJ-RELATED-WORK",
        "MAJ-SALARY",
        "MAJ-EMPLOYER-SATISFIED",
        "MAJ-FURTHER-STUDY",
        "MAJ-GRADUATION",
    ];
    let finding = |indicator: &str| ExpectedFinding {
        indicator: indicator.to_owned(),
        kind: "major".to_owned(),
        object: major.to_owned(),
        period: format!("AY{YEAR}"),
        value: None,
        attainment: Attainment::Undetermined,
        warning: false,
    };
    indicators.into_iter().map(finding).collect()
}

/// Explicit rules that the planted faults set off.
pub(super) fn firings(college: &College, readings: &[Reading]) -> Vec<ExpectedFiring> {
    let (people, planted) = (&college.people, &college.planted);
    let (year, term) = (format!("AY{YEAR}"), TERMS[LAST].id());
    let mut firings = Vec::new();
    for (rule, indicator, kind) in [
        ("MAJ-REGISTRATION-DROP", "MAJ-REGISTRATION-BY-ADMITTED", "major"),
        ("SCH-REGISTRATION-DROP", "SCH-REGISTRATION-BY-PLAN", "school"),
    ] {
        let of = |period: &str| {
            let period = period.to_owned();
            readings.iter().filter(move |reading| {
                reading.indicator == indicator && reading.kind == kind && reading.period == period
            })
        };
        for now in of(&year) {
            let before = of(&format!("AY{}", YEAR - 1)).find(|before| before.object == now.object);
            if before.is_some_and(|before| now.value() - before.value() <= Decimal::from(-5)) {
                firings.push(firing(rule, kind, &now.object, &year, History::LastYear));
            }
        }
    }
    let idle = &people.departments[planted.idle_department].code;
    firings.push(firing("SCH-TASKS-WORST", "department", idle, &year, History::None));
    let weak = &college.teaching.courses[planted.weak_course].code;
    firings.push(firing("CRS-PASS-DROP", "course", weak, &term, History::LastYear));
    // A course may suffer from the teacher as a whole: the rule looks at the worst twentieth below 80.
    for rule in ["CRS-EVALUATION", "TCH-EVALUATION"] {
        let kind = if rule.starts_with("CRS") { "course" } else { "teacher" };
        let all = readings
            .iter()
            .filter(|reading| reading.indicator == rule && reading.kind == kind && reading.period == term);
        let mut values: Vec<(Decimal, &str)> = all.map(|reading| (reading.value(), reading.object.as_str())).collect();
        values.sort_unstable();
        for (value, object) in values.iter().take(values.len() / 20) {
            if values.len() >= 20 && *value < Decimal::from(80) {
                firings.push(firing(&format!("{rule}-WORST"), kind, object, &term, History::None));
            }
        }
    }
    let overloaded = &people.teachers[planted.overloaded].id;
    firings.push(firing("TCH-OVERLOAD", "teacher", overloaded, &term, History::None));
    let disliked = &people.teachers[planted.disliked].id;
    firings.push(firing("TCH-EVALUATION-DROP", "teacher", disliked, &term, History::LastYear));
    firings.push(firing("TCH-QUALITY-DOUBLE", "teacher", disliked, &term, History::None));
    for (nth, &student) in planted.failing.iter().enumerate() {
        let rule = if nth == 0 { "STU-ACADEMIC-YELLOW" } else { "STU-ACADEMIC-ORANGE" };
        firings.push(firing(rule, "student", &people.students[student].id, &term, History::None));
        firings.push(firing("STU-MEAN-DROP", "student", &people.students[student].id, &term, History::Previous));
    }
    firings
}

fn firing(rule: &str, kind: &str, object: &str, period: &str, history: History) -> ExpectedFiring {
    ExpectedFiring {
        rule: rule.to_owned(),
        kind: kind.to_owned(),
        object: object.to_owned(),
        period: period.to_owned(),
        history,
    }
}
