//! The people of the training college and the units that they belong to, drawn once and held in memory.

use super::names::{self, Female};
use super::plan::{COHORTS, Options, Sizes, YEAR, date};
use super::rng::{Rng, quota};
use chrono::NaiveDate;

/// A department, teaching or functional.
#[derive(Debug)]
pub(super) struct Department {
    pub(super) code: String,
    pub(super) name: String,
    /// Code of the kind of unit.
    pub(super) kind: &'static str,
    pub(super) system: &'static str,
    pub(super) head: String,
}

/// The department of general courses.
pub(super) const GENERAL: usize = 0;

#[derive(Debug)]
pub(super) struct Major {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    pub(super) department: usize,
    pub(super) leader: usize,
}

#[derive(Debug)]
pub(super) struct Class {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) major: usize,
    pub(super) cohort: i32,
    pub(super) counsellor: usize,
    /// Students, those who left it included.
    pub(super) students: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Student {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) female: bool,
    pub(super) birth: NaiveDate,
    /// The class that the student is in now.
    pub(super) class: usize,
    pub(super) cohort: i32,
    pub(super) origin: &'static str,
    pub(super) home: &'static str,
    pub(super) poor: bool,
    /// Share of lessons that the student may miss, per mille.
    pub(super) skips: usize,
    /// Ability, 0 to 99.
    pub(super) ability: i64,
}

#[derive(Debug)]
pub(super) struct Teacher {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) female: bool,
    pub(super) birth: NaiveDate,
    pub(super) department: usize,
    /// Code of the kind of teacher.
    pub(super) kind: &'static str,
    pub(super) title: &'static str,
    pub(super) education: &'static str,
    pub(super) degree: &'static str,
    pub(super) dual: bool,
    pub(super) backbone: bool,
    pub(super) leader: bool,
    pub(super) years: i64,
    pub(super) hired: NaiveDate,
}

/// A transfer between two classes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub(super) student: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    /// First day in the new class: the day on which the second term of the calendar begins.
    pub(super) on: NaiveDate,
}

/// Everybody.
#[derive(Debug)]
pub(super) struct People {
    pub(super) departments: Vec<Department>,
    pub(super) majors: Vec<Major>,
    pub(super) classes: Vec<Class>,
    pub(super) students: Vec<Student>,
    pub(super) teachers: Vec<Teacher>,
    /// The student who moved.
    pub(super) moved: Move,
}

impl People {
    pub(super) fn draw(options: Options, sizes: &Sizes) -> Self {
        let mut rng = Rng::stream(options.seed, "people", 0);
        let departments = departments(sizes, &mut rng);
        let teaching = departments.iter().filter(|unit| unit.kind == "teaching").count();
        let teachers = teachers(sizes, teaching, &departments, &mut rng);
        let majors = majors(sizes, teaching, &teachers);
        let mut classes = classes(sizes, &majors, &teachers);
        let mut students = students(sizes, &mut classes, &mut rng);
        let moved = transfer(&classes, &mut students);
        classes[moved.to].students.push(moved.student);
        Self { departments, majors, classes, students, teachers, moved }
    }

    /// The class that a student is in on a day.
    pub(super) fn class_on(&self, student: usize, day: NaiveDate) -> usize {
        if student == self.moved.student && day < self.moved.on {
            self.moved.from
        } else {
            self.students[student].class
        }
    }

    /// Students of a class on a day, in the order of their numbers.
    pub(super) fn members(&self, class: usize, day: NaiveDate) -> impl Iterator<Item = usize> + '_ {
        self.classes[class].students.iter().copied().filter(move |&student| self.class_on(student, day) == class)
    }
}

fn departments(sizes: &Sizes, rng: &mut Rng) -> Vec<Department> {
    let mut head = || {
        let female = Female(rng.per_mille(350));
        names::person(rng, female)
    };
    let mut units = vec![Department {
        code: "D01".to_owned(),
        name: "基础教学部".to_owned(),
        kind: "teaching",
        system: "generation",
        head: head(),
    }];
    for index in 0..sizes.majors.div_ceil(5).max(2) {
        units.push(Department {
            code: format!("D{:02}", index + 2),
            name: names::SCHOOLS[index % names::SCHOOLS.len()].to_owned(),
            kind: "teaching",
            system: "generation",
            head: head(),
        });
    }
    for (code, name, system) in names::OFFICES {
        units.push(Department {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: if system == "resources" || system == "support" { "support" } else { "administration" },
            system,
            head: head(),
        });
    }
    units
}

/// Full-time teachers by teaching department: general courses need about 46 % of all lessons.
fn shares(sizes: &Sizes, teaching: usize) -> Vec<usize> {
    let general = (sizes.full_time * 46).div_ceil(100);
    let rest = sizes.full_time - general;
    let majors_of = |unit: usize| (0..sizes.majors).filter(|major| 1 + major % (teaching - 1) == unit).count();
    let mut shares = vec![general];
    let mut given = 0;
    let mut majors = 0;
    for unit in 1..teaching {
        majors += majors_of(unit);
        let upto = rest * majors / sizes.majors;
        shares.push(upto - given);
        given = upto;
    }
    shares
}

fn teachers(sizes: &Sizes, teaching: usize, departments: &[Department], rng: &mut Rng) -> Vec<Teacher> {
    let mut all = Vec::new();
    for (unit, count) in shares(sizes, teaching).into_iter().enumerate() {
        for index in 0..count {
            all.push(full_time(unit, index, rng));
        }
    }
    for index in 0..sizes.external {
        let mut teacher = full_time(1 + index % (teaching - 1), index, rng);
        teacher.kind = "external_part_time";
        teacher.leader = false;
        teacher.backbone = false;
        all.push(teacher);
    }
    let offices: Vec<usize> = (teaching..departments.len()).collect();
    let students_office = departments.iter().position(|unit| unit.code == "D83").unwrap_or(teaching);
    // One counsellor for 150 students: the rule is one for at most 200.
    for index in 0..sizes.students.div_ceil(150) {
        let mut person = full_time(students_office, index, rng);
        (person.kind, person.leader, person.backbone, person.dual) = ("counsellor", false, false, false);
        all.push(person);
    }
    for index in 0..(sizes.full_time / 6).max(offices.len()) {
        let mut person = full_time(offices[index % offices.len()], index, rng);
        (person.kind, person.leader, person.backbone, person.dual) = ("administrator", false, false, false);
        all.push(person);
    }
    for (index, teacher) in all.iter_mut().enumerate() {
        teacher.id = format!("T{:05}", index + 1);
    }
    all
}

fn full_time(department: usize, index: usize, rng: &mut Rng) -> Teacher {
    let female = rng.per_mille(520);
    let title = if quota(index, 8) {
        "senior"
    } else if quota(index, 36) {
        "vice_senior"
    } else if quota(index, 80) {
        "middle"
    } else {
        "junior"
    };
    let (education, degree) = if quota(index, 8) {
        ("doctor", "doctor")
    } else if quota(index, 62) {
        ("master", "master")
    } else {
        ("bachelor", "bachelor")
    };
    let age = match title {
        "senior" => rng.between(46, 58),
        "vice_senior" => rng.between(38, 56),
        "middle" => rng.between(36, 48),
        _ => rng.between(25, 32),
    };
    let year = YEAR - i32::try_from(age).expect("an age");
    let month = u32::try_from(rng.between(1, 12)).expect("a month");
    let day = u32::try_from(rng.between(1, 28)).expect("a day");
    Teacher {
        id: String::new(),
        name: names::person(rng, Female(female)),
        female,
        birth: date(year, month, day),
        department,
        kind: "full_time",
        title,
        education,
        degree,
        dual: quota(index, 72),
        backbone: quota(index, 25),
        leader: index < 5 && department != GENERAL,
        years: rng.between(1, 12),
        hired: date((year + 26).min(2022), 8, 20),
    }
}

fn majors(sizes: &Sizes, teaching: usize, teachers: &[Teacher]) -> Vec<Major> {
    (0..sizes.majors)
        .map(|index| {
            let department = 1 + index % (teaching - 1);
            let nth = index / (teaching - 1);
            let leaders = teachers.iter().enumerate().filter(|(_, person)| person.department == department);
            let leader = leaders.map(|(position, _)| position).nth(nth).unwrap_or(0);
            let (code, name, category) = names::MAJORS[index];
            Major { code, name, category, department, leader }
        })
        .collect()
}

fn classes(sizes: &Sizes, majors: &[Major], teachers: &[Teacher]) -> Vec<Class> {
    let counsellors: Vec<usize> =
        teachers.iter().enumerate().filter(|(_, person)| person.kind == "counsellor").map(|(index, _)| index).collect();
    let mut classes = Vec::new();
    for cohort in COHORTS {
        for (index, major) in majors.iter().enumerate() {
            for parallel in 0..sizes.parallel {
                classes.push(Class {
                    id: format!("{}{}{:02}", cohort, major.code, parallel + 1),
                    name: format!("{}{}{}班", major.name, cohort % 100, parallel + 1),
                    major: index,
                    cohort,
                    counsellor: counsellors[classes.len() % counsellors.len()],
                    students: Vec::new(),
                });
            }
        }
    }
    classes
}

fn students(sizes: &Sizes, classes: &mut [Class], rng: &mut Rng) -> Vec<Student> {
    let mut students = Vec::with_capacity(sizes.students);
    let count = classes.len();
    for (index, class) in classes.iter_mut().enumerate() {
        let seats = sizes.students * (index + 1) / count - sizes.students * index / count;
        for seat in 0..seats {
            let female = rng.per_mille(470);
            let born = class.cohort - 18;
            let month = u32::try_from(rng.between(1, 12)).expect("a month");
            let day = u32::try_from(rng.between(1, 28)).expect("a day");
            class.students.push(students.len());
            students.push(Student {
                id: format!("{}{:06}", class.cohort, students.len() + 1),
                name: names::person(rng, Female(female)),
                female,
                birth: date(born, month, day),
                class: index,
                cohort: class.cohort,
                origin: ["high_school", "high_school", "vocational_school", "recruited", "high_school"][seat % 5],
                home: rng.pick(&names::HOMES),
                poor: seat % 7 == 3,
                // Most miss next to nothing, some a little: the tail is planted, not drawn.
                skips: if seat % 10 < 7 { 5 } else { 20 },
                ability: rng.between(0, 99),
            });
        }
    }
    students
}

/// One second-year student changes to another major on the first day of the second term, when no lessons are held yet.
fn transfer(classes: &[Class], students: &mut [Student]) -> Move {
    let from = classes.iter().position(|class| class.cohort == YEAR - 1).unwrap_or(0);
    let to =
        classes.iter().position(|class| class.cohort == YEAR - 1 && class.major != classes[from].major).unwrap_or(from);
    let student = classes[from].students[7];
    students[student].class = to;
    students[student].skips = 5;
    Move { student, from, to, on: date(YEAR + 1, 2, 10) }
}
