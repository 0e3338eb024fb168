//! 红黄牌: how many of the basic indicators are beyond their limit in each census year, which card follows, and whether
//! the two exemption clauses apply.
//!
//! Values are rounded half up before they are held against a limit: what is printed is what is judged.

use std::collections::BTreeMap;
use std::sync::Arc;
use zhengai_plugin::arrow::array::{Array, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use zhengai_plugin::{Result, Table, policy as policy_row};

/// Digits after the point of all numbers that come in.
const SCALE: u8 = 4;

/// One census day of one college.
#[derive(Debug, Default)]
struct Census {
    year: i64,
    judged: i64,
    unknown: i64,
    breaches: i64,
    equipment: Option<bool>,
    books: Option<bool>,
    exempted: i64,
}

/// `parts`: one row for each indicator and census day, value as numerator and denominator, with its limit.
/// `clauses`: one row for each exemption clause and census day. `policy`: breaches for yellow and for red, years in a
/// row with yellow that make red, digits to which values are rounded.
pub(crate) fn cards(parts: &Table, clauses: &Table, policy: &Table) -> Result<RecordBatch> {
    let [yellow_from, red_from, yellow_years, digits] =
        policy_row("cards", policy, ["yellow_from", "red_from", "yellow_years", "digits"])?;
    let mut days: BTreeMap<(String, i32), Census> = BTreeMap::new();
    judge(parts, digits, &mut days)?;
    exempt(clauses, digits, &mut days)?;

    let mut runs: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let mut rows = Vec::with_capacity(days.len());
    for ((school, _), census) in &days {
        let (last_year, run) = runs.get(school.as_str()).copied().unwrap_or((census.year, 0));
        let kept = if census.year - last_year > 1 { 0 } else { run };
        let grown = if census.year == last_year { kept.max(1) } else { kept + 1 };
        let (card, run) = match census.breaches {
            breaches if breaches >= red_from => (Some(1), 0),
            // What is unknown might be one breach more: it neither raises nor clears.
            _ if census.unknown > 0 => (None, kept),
            breaches if breaches >= yellow_from => (Some(if grown >= yellow_years { 1 } else { 2 }), grown),
            _ => (Some(3), 0),
        };
        runs.insert(school, (census.year, run));
        rows.push((card, run));
    }
    let column = |pick: fn(&Census) -> i64| Arc::new(Int64Array::from_iter_values(days.values().map(pick)));
    let flags = |pick: fn(&Census) -> Option<bool>| Arc::new(BooleanArray::from_iter(days.values().map(pick)));
    let schools: StringArray = days.keys().map(|(school, _)| Some(school.as_str())).collect();
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("school_code", Arc::new(schools) as Arc<dyn Array>, false),
        ("as_of", Arc::new(Date32Array::from_iter_values(days.keys().map(|(_, day)| *day))), false),
        ("judged", column(|census| census.judged), false),
        ("unknown", column(|census| census.unknown), false),
        ("breaches", column(|census| census.breaches), false),
        ("yellow_years", Arc::new(Int64Array::from_iter_values(rows.iter().map(|(_, run)| *run))), false),
        ("card", Arc::new(Int64Array::from_iter(rows.iter().map(|(card, _)| *card))), true),
        ("equipment_growth", flags(|census| census.equipment), true),
        ("book_growth", flags(|census| census.books), true),
        ("exempted", column(|census| census.exempted), false),
    ])?)
}

fn judge(parts: &Table, digits: i64, days: &mut BTreeMap<(String, i32), Census>) -> Result<()> {
    let (schools, dates) = (parts.texts("school_code")?, parts.days("as_of")?);
    let (years, senses) = (parts.integers("year")?, parts.texts("sense")?);
    let (above, below) = (parts.decimals("numerator", SCALE)?, parts.decimals("denominator", SCALE)?);
    let bounds = parts.decimals("bound", SCALE)?;
    for row in 0..parts.len() {
        let (Some(day), Some(year)) = (dates[row], years[row]) else { continue };
        let census = days.entry((schools.value(row).to_owned(), day)).or_default();
        census.year = year;
        let value = above[row].zip(below[row]).and_then(|(above, below)| rounded(above, below, digits));
        match value.zip(bounds[row].and_then(|bound| scaled(bound, digits))) {
            None => census.unknown += 1,
            Some((value, bound)) => {
                census.judged += 1;
                let beyond = if senses.value(row) == "most" { value > bound } else { value < bound };
                census.breaches += i64::from(beyond);
            }
        }
    }
    Ok(())
}

fn exempt(clauses: &Table, digits: i64, days: &mut BTreeMap<(String, i32), Census>) -> Result<()> {
    let (schools, dates, items) = (clauses.texts("school_code")?, clauses.days("as_of")?, clauses.texts("item")?);
    let number = |name| clauses.decimals(name, SCALE);
    let (above, below, shares) = (number("numerator")?, number("denominator")?, number("share")?);
    let (stocks, stock_above) = (number("stock")?, number("stock_above")?);
    let (flows, flow_above) = (number("flow")?, number("flow_above")?);
    for row in 0..clauses.len() {
        let Some(census) = dates[row].and_then(|day| days.get_mut(&(schools.value(row).to_owned(), day))) else {
            continue;
        };
        let enough = above[row].zip(below[row]).and_then(|(above, below)| rounded(above, below, digits));
        let enough = enough.zip(shares[row].and_then(|share| scaled(share, digits))).map(|(have, need)| have >= need);
        let larger =
            |have: Option<i128>, limit: Option<i128>| have.zip(limit).is_some_and(|(have, limit)| have > limit);
        let exempted = larger(stocks[row], stock_above[row]) && larger(flows[row], flow_above[row]);
        census.exempted += i64::from(exempted);
        let met = if exempted { Some(true) } else { enough };
        match items.value(row) {
            "new_equipment" => census.equipment = met,
            "new_books" => census.books = met,
            _ => {}
        }
    }
    Ok(())
}

/// `above / below` rounded half up, as a multiple of `10^-digits`; `None` where it cannot be said.
fn rounded(above: i128, below: i128, digits: i64) -> Option<i128> {
    let factor = 10_i128.checked_pow(u32::try_from(digits).ok()?)?;
    let doubled = above.checked_mul(factor)?.checked_mul(2)?.checked_add(below)?;
    (above >= 0 && below > 0).then(|| doubled / (2 * below))
}

/// A number of [`SCALE`] digits as a multiple of `10^-digits`.
fn scaled(number: i128, digits: i64) -> Option<i128> {
    number
        .checked_mul(10_i128.checked_pow(u32::try_from(digits).ok()?)?)
        .map(|number| number / 10_i128.pow(SCALE.into()))
}

#[cfg(test)]
mod tests;
