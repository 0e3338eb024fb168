//! Who is chosen to be in trouble. Everything else in the college is drawn so that it stays clear of every limit.

use super::people::{GENERAL, People};
use super::plan::TERMS;
use super::teaching::Teaching;

/// Index of the diagnosed second term in [`TERMS`].
pub(super) const LAST: usize = TERMS.len() - 1;

/// The quality faults.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    /// Students who miss a quarter of their lessons in the last term.
    pub(super) absentees: Vec<usize>,
    /// Students who fail five and six courses in the last term, make-up included.
    pub(super) failing: Vec<usize>,
    /// A student with a very bad fitness test.
    pub(super) unfit: usize,
    /// A course that two in five fail at the first sitting in the last term.
    pub(super) weak_course: usize,
    /// A teacher with far too many lessons in the last term.
    pub(super) overloaded: usize,
    /// A teacher whom students and supervisors rate badly in the last term.
    pub(super) disliked: usize,
    /// A major of whose admitted students three in ten stayed away in the diagnosed year.
    pub(super) shunned_major: usize,
    /// A major that has handed in nothing about its graduates of the diagnosed year.
    pub(super) silent_major: usize,
    /// A functional department that left half of its tasks unfinished.
    pub(super) idle_department: usize,
}

impl Planted {
    pub(super) fn choose(people: &People, teaching: &mut Teaching) -> Self {
        let second_year: Vec<usize> =
            (0..people.classes.len()).filter(|&class| people.classes[class].cohort == TERMS[LAST].year - 1).collect();
        let first_year: Vec<usize> =
            (0..people.classes.len()).filter(|&class| people.classes[class].cohort == TERMS[LAST].year).collect();
        let member = |class: usize, seat: usize| people.classes[class].students[seat];
        let absentees =
            vec![member(first_year[0], 3), member(first_year[1], 11), member(second_year[2 % second_year.len()], 5)];
        let failing = vec![member(first_year[2 % first_year.len()], 9), member(second_year[3 % second_year.len()], 14)];
        let weak_course = teaching
            .courses
            .iter()
            .position(|course| course.major == Some(1) && course.term_of_study == Some(4) && course.kind == "b")
            .expect("every major teaches theory with practice in its fourth term");
        let general: Vec<usize> = (0..people.teachers.len())
            .filter(|&index| people.teachers[index].department == GENERAL && people.teachers[index].kind == "full_time")
            .collect();
        let (overloaded, disliked) = (general[4], general[1]);
        overload(teaching, people, overloaded, disliked);
        let idle_department = people.departments.iter().position(|unit| unit.code == "D86").unwrap_or(GENERAL);
        Self {
            absentees,
            unfit: member(first_year[0], 8),
            failing,
            weak_course,
            overloaded,
            disliked,
            shunned_major: 2,
            silent_major: 3,
            idle_department,
        }
    }
}

impl Planted {
    /// How many courses a student fails for good in the last term.
    pub(super) fn failed_courses(&self, student: usize) -> usize {
        self.failing.iter().position(|&other| other == student).map_or(0, |nth| 5 + nth)
    }
}

/// Lessons a week of the overloaded teacher.
const OVERLOAD: i64 = 27;

/// Hands sections of colleagues, one from each, to the overloaded teacher until the week is full.
fn overload(teaching: &mut Teaching, people: &People, overloaded: usize, spared: usize) {
    let mut load = teaching.load(overloaded, LAST);
    let mut given = std::collections::BTreeSet::new();
    for index in 0..teaching.sections.len() {
        let section = &teaching.sections[index];
        let from = section.teacher;
        let colleague = from != overloaded
            && from != spared
            && people.teachers[from].department == people.teachers[overloaded].department
            && people.teachers[from].kind == "full_time";
        let weekly = teaching.courses[section.course].weekly;
        if section.term == LAST && colleague && weekly == 3 && load + weekly <= OVERLOAD && given.insert(from) {
            teaching.sections[index].teacher = overloaded;
            load += weekly;
        }
    }
}
