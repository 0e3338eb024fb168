//! Rows that come by the day: attendance, online learning, dormitory checks, card swipes. They are streamed in the
//! order in which they happen; memory does not grow with their number.

use super::{College, Out, Sheet, yes_no};
use crate::demo::DemoError;
use crate::demo::files::{Cell, DateStyle, Shape};
use crate::demo::plan::{TERMS, WEEKS, YEAR, date};
use crate::demo::planted::LAST;
use crate::demo::rng::Rng;
use zhengai_model::dataset::LoadMode;

/// The files of daily rows.
pub(super) fn rows(out: &mut Out, college: &College) -> Result<(), DemoError> {
    attendance(out, college)?;
    online(out, college)?;
    dormitory(out, college)?;
    swipes(out, college)
}

/// What a student has been noted for in a term.
#[derive(Clone, Copy, Default)]
struct Noted {
    absent: usize,
    leave: usize,
    lessons: usize,
    /// Number of the last day with an absence, from 1.
    last: usize,
    /// Days in a row with an absence, up to that day.
    run: usize,
    longest: usize,
}

impl Noted {
    fn miss(&mut self, day: usize) {
        self.absent += 1;
        if self.last != day {
            self.run = if self.last + 1 == day && self.last > 0 { self.run + 1 } else { 1 };
        }
        self.last = day;
        self.longest = self.longest.max(self.run);
    }
}

/// Most lessons that an ordinary student misses in a term, never on two days in a row.
const FEW: usize = 4;

fn attendance(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "考勤",
        dataset: "attendance",
        shape: Shape::Utf8Csv(DateStyle::Iso),
        title: "",
        headers: &["考勤日期", "节次", "选课课号", "学号", "考勤状态"],
    })?;
    open.load = LoadMode::Append;
    let (people, sizes) = (&college.people, &college.sizes);
    let weeks = usize::try_from(WEEKS).expect("twenty");
    let expected = weeks * sizes.days_a_week * sizes.lessons_a_day;
    for term_index in [LAST - 1, LAST] {
        let term = TERMS[term_index];
        let mut noted = vec![Noted::default(); people.students.len()];
        let mut present_by_section = vec![(0i64, 0i64); college.teaching.sections.len()];
        let members: Vec<Vec<usize>> =
            (0..people.classes.len()).map(|class| people.members(class, term.begins()).collect()).collect();
        for week in 0..weeks {
            for nth in 0..sizes.days_a_week {
                let weekday = if sizes.days_a_week == 5 { nth } else { (week + nth) % 5 };
                let day = term.day(week, weekday);
                let mut rng = college.rng("attendance", (term_index * 100 + week) * 10 + weekday);
                for (class, members) in members.iter().enumerate() {
                    let Some(sections) = college.teaching.of_class.get(&(term_index, class)) else { continue };
                    for lesson in 0..sizes.lessons_a_day {
                        let section = sections[(weekday * 7 + lesson) % sections.len()];
                        let id = &college.teaching.sections[section].id;
                        for &student in members {
                            let planted = term_index == LAST && college.planted.absentees.contains(&student);
                            let skips = if planted { 350 } else { people.students[student].skips };
                            let status = status(
                                &mut rng,
                                skips,
                                (expected, week * sizes.days_a_week + nth + 1),
                                &mut noted[student],
                            );
                            present_by_section[section].0 += 1;
                            present_by_section[section].1 += i64::from(matches!(status, "旷课" | "请假"));
                            open.row(&[
                                Cell::Date(day),
                                Cell::Int(i64::try_from(lesson + 1).expect("at most six")),
                                Cell::Text(id),
                                Cell::Text(&people.students[student].id),
                                Cell::Text(status),
                            ])?;
                        }
                    }
                }
            }
        }
        let ledger = &mut out.written.ledger;
        for (section, &(lessons, absent)) in present_by_section.iter().enumerate().filter(|(_, sum)| sum.0 > 0) {
            ledger.add_many("attendance.section", term_index, section, lessons, absent);
        }
        for (student, noted) in noted.iter().enumerate() {
            let (lessons, absent) = (noted.lessons as i64, noted.absent as i64);
            ledger.add_many("attendance.student", term_index, student, lessons, absent);
            ledger.add_many("leave.student", term_index, student, lessons, noted.leave as i64);
            ledger.add("absence.run", term_index, student, noted.longest as i64);
        }
    }
    bad_attendance(out, college, &mut open)?;
    out.close(open)
}

/// Ordinary students are held to their share, so that nobody slips over a limit by luck.
fn status(rng: &mut Rng, skips: usize, (expected, day): (usize, usize), noted: &mut Noted) -> &'static str {
    noted.lessons += 1;
    let draw = rng.below(1000);
    let late = if draw >= 990 { "迟到" } else { "出勤" };
    if draw < skips {
        let planted = skips > 100;
        let apart = noted.last == 0 || noted.last == day || noted.last + 1 < day;
        if planted || (apart && noted.absent < FEW.min(skips * expected / 1000)) {
            noted.miss(day);
            return "旷课";
        }
    } else if draw < skips + 6 && noted.leave < expected / 60 {
        noted.leave += 1;
        return "请假";
    }
    late
}

fn bad_attendance(out: &mut Out, college: &College, open: &mut super::Open) -> Result<(), DemoError> {
    let section = college.teaching.sections[college.teaching.sections.len() - 1].id.as_str();
    let student = college.people.students[0].id.as_str();
    let day = Cell::Date(TERMS[LAST].day(19, 4));
    let row =
        |day, lesson, student, status| [day, lesson, Cell::Text(section), Cell::Text(student), Cell::Text(status)];
    out.bad(open, &row(day, Cell::Int(11), student, "在"), 4, "code.unknown")?;
    out.bad(open, &row(day, Cell::Int(25), student, "出勤"), 1, "range.max")?;
    out.bad(open, &row(day, Cell::Text("第三节"), student, "出勤"), 1, "type.integer")?;
    out.bad(open, &row(Cell::Text("2026/6/31"), Cell::Int(11), student, "出勤"), 0, "type.date")?;
    out.bad(open, &row(day, Cell::Int(11), "209999999999", "出勤"), 3, "reference.missing")?;
    out.bad(open, &row(Cell::Blank, Cell::Int(11), student, "出勤"), 0, "required")
}

fn online(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "线上学习",
        dataset: "online_learning",
        shape: Shape::Utf8Csv(DateStyle::Slashes),
        title: "",
        headers: &["学习日期", "学号", "选课课号", "学习时长", "任务点总数", "完成任务点", "发帖数"],
    })?;
    open.load = LoadMode::Append;
    let (people, teaching) = (&college.people, &college.teaching);
    let days = college.sizes.online_each / 2;
    for term_index in [LAST - 1, LAST] {
        let term = TERMS[term_index];
        let classes: Vec<(Vec<usize>, Vec<usize>)> = (0..people.classes.len())
            .map(|class| {
                let sections = teaching.of_class.get(&(term_index, class)).cloned().unwrap_or_default();
                let sections =
                    sections.into_iter().filter(|&own| teaching.courses[teaching.sections[own].course].online);
                (people.members(class, term.begins()).collect(), sections.collect())
            })
            .collect();
        for nth in 0..days {
            let week = nth * usize::try_from(WEEKS).expect("twenty") / days;
            let day = term.day(week, nth % 7);
            let mut rng = college.rng("online", term_index * 1000 + nth);
            for (members, sections) in &classes {
                if sections.is_empty() {
                    continue;
                }
                let section = sections[nth % sections.len()];
                for &student in members {
                    let done = if rng.per_mille(60) { 2 } else { 3 };
                    open.row(&[
                        Cell::Date(day),
                        Cell::Text(&people.students[student].id),
                        Cell::Text(&teaching.sections[section].id),
                        Cell::Int(rng.between(25, 80)),
                        Cell::Int(3),
                        Cell::Int(done),
                        Cell::Int(i64::from(rng.per_mille(400))),
                    ])?;
                }
            }
        }
    }
    let section = &teaching.sections[teaching.sections.len() - 1].id;
    let row = [
        Cell::Date(TERMS[LAST].day(20, 6)),
        Cell::Text(&people.students[0].id),
        Cell::Text(section),
        Cell::Int(30),
        Cell::Int(3),
        Cell::Int(5),
        Cell::Int(0),
    ];
    out.bad_row(&mut open, &row, "check.tasks")?;
    let mut row = row;
    (row[3], row[5]) = (Cell::Int(2880), Cell::Int(3));
    out.bad(&mut open, &row, 3, "range.max")?;
    out.close(open)
}

fn dormitory(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "宿舍检查",
        dataset: "dorm_checks",
        shape: Shape::Tsv(DateStyle::Iso),
        title: "",
        headers: &["查寝日期", "学号", "寝室号", "是否归寝", "卫生评分"],
    })?;
    open.load = LoadMode::Append;
    let months =
        [(YEAR, 9), (YEAR, 10), (YEAR, 11), (YEAR, 12), (YEAR + 1, 3), (YEAR + 1, 4), (YEAR + 1, 5), (YEAR + 1, 6)];
    for (number, (year, month)) in months.into_iter().enumerate() {
        let mut rng = college.rng("dormitory", number);
        for (index, student) in college.people.students.iter().enumerate() {
            let room = format!("{}-{}", 1 + index / 600, 101 + index % 600 / 6);
            open.row(&[
                Cell::Date(date(year, month, 16)),
                Cell::Text(&student.id),
                Cell::Text(&room),
                yes_no(index % 97 != number * 11),
                Cell::Int(rng.between(82, 99)),
            ])?;
        }
    }
    out.close(open)
}

/// Week and day of a student's n-th swipe of a term, and how many seconds later in the day. More swipes than days in a
/// week come to one day again; they are not at the same time.
fn swipe_moment(nth: usize, of: usize, weeks: usize) -> (usize, usize, usize) {
    const BETWEEN: usize = 1200;
    (nth * weeks / of, nth % 7, nth / 7 % 2 * BETWEEN)
}

fn swipes(out: &mut Out, college: &College) -> Result<(), DemoError> {
    let mut open = out.open(&Sheet {
        stem: "一卡通流水",
        dataset: "card_swipes",
        shape: Shape::Utf8Csv(DateStyle::Iso),
        title: "",
        headers: &["流水时间", "卡号", "商户类型", "消费金额(元)"],
    })?;
    open.load = LoadMode::Append;
    let each = college.sizes.swipes_each;
    let weeks = usize::try_from(WEEKS).expect("twenty");
    let places = ["餐厅", "食堂", "超市", "食堂", "食堂"];
    // A small college keeps one line for several days, so that a month still adds up.
    let (least, most) = if each < 100 { (16_000, 24_000) } else { (1_200, 2_500) };
    for nth in 0..each {
        // Half in each term, spread over its weeks; the minutes of a day are kept in order.
        let term = TERMS[LAST - 1 + nth * 2 / each];
        let (week, weekday, later) = swipe_moment(nth % (each / 2), each / 2, weeks);
        let day = term.day(week, weekday);
        let mut rng = college.rng("swipes", nth);
        let count = college.people.students.len();
        for (index, student) in college.people.students.iter().enumerate() {
            let second = 6 * 3600 + 1800 + later + index * 50_000 / count;
            let time = format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            open.row(&[
                Cell::Text(&time),
                Cell::Text(&student.id),
                Cell::Text(if each < 100 { "食堂" } else { rng.pick(&places) }),
                Cell::Dec(rng.between(least, most), 2),
            ])?;
        }
    }
    let row = [
        Cell::Text("2026-05-06 25:61:00"),
        Cell::Text(&college.people.students[0].id),
        Cell::Text("食堂"),
        Cell::Int(9),
    ];
    out.bad(&mut open, &row, 0, "type.datetime")?;
    let row = [
        Cell::Text("2026-05-06 12:10:00"),
        Cell::Text(&college.people.students[0].id),
        Cell::Text("食堂"),
        Cell::Int(99_999),
    ];
    out.bad(&mut open, &row, 3, "range.max")?;
    out.close(open)
}

#[cfg(test)]
mod tests {
    use super::swipe_moment;
    use std::collections::BTreeSet;

    #[test]
    fn no_student_swipes_twice_at_one_moment_in_a_college_of_any_size() {
        for of in [1, 7, 15, 50, 99, 150] {
            let moments: BTreeSet<_> = (0..of).map(|nth| swipe_moment(nth, of, 20)).collect();
            assert_eq!(moments.len(), of, "{of} swipes a term");
        }
    }
}
