//! What is taught: courses, and teaching sections by term with their teachers, balanced as a timetable would be.

use super::names;
use super::people::{GENERAL, People};
use super::plan::{Sizes, TERMS, Term, WEEKS};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct Course {
    pub(super) code: String,
    pub(super) name: String,
    /// Code of the course type: a, b or c.
    pub(super) kind: &'static str,
    pub(super) nature: &'static str,
    pub(super) core: bool,
    /// Lessons a week.
    pub(super) weekly: i64,
    /// Share of practice, percent.
    pub(super) practice: i64,
    pub(super) department: usize,
    pub(super) major: Option<usize>,
    pub(super) leader: usize,
    pub(super) co_developed: bool,
    pub(super) online: bool,
    pub(super) level: &'static str,
    /// Term of study in which it is taught, from 1; none for electives that nobody took.
    pub(super) term_of_study: Option<usize>,
}

impl Course {
    pub(super) fn hours(&self) -> i64 {
        self.weekly * i64::try_from(WEEKS).expect("twenty")
    }

    pub(super) fn practice_hours(&self) -> i64 {
        self.hours() * self.practice / 100
    }

    /// Credits in tenths.
    pub(super) fn credits(&self) -> i64 {
        self.weekly * 10
    }
}

#[derive(Debug)]
pub(super) struct Section {
    pub(super) id: String,
    /// Index into [`TERMS`].
    pub(super) term: usize,
    pub(super) course: usize,
    pub(super) teacher: usize,
    pub(super) class: usize,
    pub(super) students: usize,
}

/// Courses and sections.
#[derive(Debug)]
pub(super) struct Teaching {
    pub(super) courses: Vec<Course>,
    pub(super) sections: Vec<Section>,
    /// Sections of a (term, class), in the order of the courses.
    pub(super) of_class: BTreeMap<(usize, usize), Vec<usize>>,
}

impl Teaching {
    pub(super) fn arrange(sizes: &Sizes, people: &People) -> Self {
        let courses = courses(sizes, people);
        let mut teaching = Self { courses, sections: Vec::new(), of_class: BTreeMap::new() };
        for (index, term) in TERMS.into_iter().enumerate() {
            teaching.arrange_term(index, term, people);
        }
        teaching
    }

    /// Lessons a week of a teacher in a term.
    pub(super) fn load(&self, teacher: usize, term: usize) -> i64 {
        let own = self.sections.iter().filter(|section| section.teacher == teacher && section.term == term);
        own.map(|section| self.courses[section.course].weekly).sum()
    }

    fn arrange_term(&mut self, index: usize, term: Term, people: &People) {
        let mut pools: Vec<Pool> = (0..people.departments.len()).map(|unit| Pool::new(people, unit)).collect();
        for (class_index, class) in people.classes.iter().enumerate() {
            let Some(study) = term.of_study(class.cohort) else { continue };
            let taken = self.courses.iter().enumerate().filter(|(_, course)| {
                course.term_of_study == Some(study) && course.major.is_none_or(|major| major == class.major)
            });
            let taken: Vec<usize> = taken.map(|(course, _)| course).collect();
            let students = people.members(class_index, term.begins()).count();
            for course in taken {
                let weekly = self.courses[course].weekly;
                let teacher = pools[self.courses[course].department].take(course, weekly);
                self.of_class.entry((index, class_index)).or_default().push(self.sections.len());
                let id = format!("{}-{:05}", term.id(), self.sections.len() + 1);
                self.sections.push(Section { id, term: index, course, teacher, class: class_index, students });
            }
        }
    }
}

/// The teachers of a department during one term: colleagues stay with their courses while they have room, otherwise the
/// least loaded takes the next section; externals take one each.
struct Pool {
    staff: Vec<Member>,
    externals: Vec<usize>,
    /// Externals who take a second section when the staff have their hands full.
    spare: Vec<usize>,
}

struct Member {
    teacher: usize,
    load: i64,
    courses: Vec<usize>,
}

/// Lessons a week up to which a teacher is given more sections of a course that is being taught anyway.
const COMFORTABLE: i64 = 13;
/// Courses that a teacher prepares in one term.
const MOST_COURSES: usize = 3;

impl Pool {
    fn new(people: &People, unit: usize) -> Self {
        let of_kind = |kind: &'static str| {
            let all = people.teachers.iter().enumerate();
            all.filter(move |(_, person)| person.department == unit && person.kind == kind).map(|(index, _)| index)
        };
        Self {
            staff: of_kind("full_time").map(|teacher| Member { teacher, load: 0, courses: Vec::new() }).collect(),
            externals: of_kind("external_part_time").collect(),
            spare: of_kind("external_part_time").collect(),
        }
    }

    fn take(&mut self, course: usize, weekly: i64) -> usize {
        if let Some(external) = self.externals.pop() {
            return external;
        }
        let member = self
            .staff
            .iter_mut()
            .min_by_key(|member| {
                let same = member.courses.contains(&course) && member.load + weekly <= COMFORTABLE;
                let full = !member.courses.contains(&course) && member.courses.len() >= MOST_COURSES;
                (full, !same, member.load, member.teacher)
            })
            .expect("every teaching department has teachers");
        if !member.courses.contains(&course)
            && member.courses.len() >= MOST_COURSES
            && let Some(external) = self.spare.pop()
        {
            return external;
        }
        member.load += weekly;
        if !member.courses.contains(&course) {
            member.courses.push(course);
        }
        member.teacher
    }
}

fn courses(sizes: &Sizes, people: &People) -> Vec<Course> {
    let general_teachers: Vec<usize> = staff(people, GENERAL);
    let mut courses = Vec::new();
    let weekly = |study: usize| if study == 5 { 5 } else { 3 };
    for (study, group) in names::GENERAL.iter().enumerate() {
        for name in *group {
            let active = name.starts_with("体育") || name.starts_with("信息") || name.starts_with("劳动");
            let index = courses.len();
            courses.push(Course {
                code: format!("G{:03}", index + 1),
                name: (*name).to_owned(),
                kind: if active { "b" } else { "a" },
                nature: "required",
                core: false,
                weekly: weekly(study),
                practice: if active { 70 } else { 25 },
                department: GENERAL,
                major: None,
                leader: general_teachers[index % general_teachers.len()],
                co_developed: false,
                online: index % 3 == 0,
                level: if index % 9 == 4 { "college" } else { "none" },
                term_of_study: Some(study + 1),
            });
        }
    }
    for (major_index, major) in people.majors.iter().enumerate() {
        let teachers = staff(people, major.department);
        let mut within = 0usize;
        for (study, group) in names::SPECIAL.iter().enumerate() {
            for name in *group {
                let training = ["训练", "项目实践", "综合实训", "岗位", "毕业设计", "认证"].iter();
                let training = training.into_iter().any(|word| name.contains(word));
                courses.push(Course {
                    code: format!("S{}{:02}", major.code, within + 1),
                    name: format!("{}{name}", major.name),
                    kind: if training { "c" } else { "b" },
                    nature: if within % 8 == 6 { "restricted" } else { "required" },
                    core: within % 4 == 1,
                    weekly: weekly(study),
                    practice: if training { 100 } else { 65 },
                    department: major.department,
                    major: Some(major_index),
                    leader: teachers[within % teachers.len()],
                    co_developed: within.is_multiple_of(5),
                    online: within % 3 == 1,
                    level: if within % 10 == 3 {
                        "provincial"
                    } else if within % 10 == 7 {
                        "college"
                    } else {
                        "none"
                    },
                    term_of_study: Some(study + 1),
                });
                within += 1;
            }
        }
    }
    for index in 0..sizes.electives {
        courses.push(Course {
            code: format!("E{:03}", index + 1),
            name: format!("公共选修课程{}", index + 1),
            kind: "a",
            nature: "elective",
            core: false,
            weekly: 2,
            practice: 0,
            department: GENERAL,
            major: None,
            leader: general_teachers[index % general_teachers.len()],
            co_developed: false,
            online: true,
            level: "none",
            term_of_study: None,
        });
    }
    courses
}

fn staff(people: &People, unit: usize) -> Vec<usize> {
    let own = people.teachers.iter().enumerate();
    own.filter(|(_, person)| person.department == unit && person.kind == "full_time").map(|(index, _)| index).collect()
}
