//! The order of evaluation: an indicator comes after all that it reads in the same period.

use std::collections::{BTreeMap, BTreeSet};
use zhengai_model::ids::IndicatorCode;

/// Codes in an order in which each comes after what it reads, ties by code; or the way round a cycle.
pub(crate) fn order(
    reads: &BTreeMap<IndicatorCode, BTreeSet<IndicatorCode>>,
) -> Result<Vec<IndicatorCode>, Vec<IndicatorCode>> {
    let mut done: BTreeSet<&IndicatorCode> = BTreeSet::new();
    let mut sorted = Vec::with_capacity(reads.len());
    for start in reads.keys() {
        // Depth first by hand: a chain of indicators may be longer than the stack is deep.
        let mut path: Vec<(&IndicatorCode, Vec<&IndicatorCode>)> = Vec::new();
        if !done.contains(start) {
            path.push((start, inputs(reads, start)));
        }
        while let Some((code, open)) = path.last_mut() {
            let code = *code;
            let Some(next) = open.pop() else {
                done.insert(code);
                sorted.push(code.clone());
                path.pop();
                continue;
            };
            if done.contains(next) {
                continue;
            }
            if let Some(from) = path.iter().position(|(visited, _)| *visited == next) {
                let way = path.iter().skip(from).map(|(visited, _)| (*visited).clone());
                return Err(way.chain([next.clone()]).collect());
            }
            path.push((next, inputs(reads, next)));
        }
    }
    Ok(sorted)
}

/// What a code reads among the known ones, in reverse, so that popping goes in order.
fn inputs<'a>(
    reads: &'a BTreeMap<IndicatorCode, BTreeSet<IndicatorCode>>,
    code: &IndicatorCode,
) -> Vec<&'a IndicatorCode> {
    reads.get(code).into_iter().flatten().filter(|input| reads.contains_key(*input)).rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edges: &[(&str, &[&str])]) -> Result<Vec<String>, Vec<String>> {
        let code = |text: &str| IndicatorCode::new(text).unwrap();
        let reads = edges.iter().map(|(from, to)| (code(from), to.iter().map(|text| code(text)).collect())).collect();
        let words = |codes: Vec<IndicatorCode>| codes.iter().map(ToString::to_string).collect();
        order(&reads).map(words).map_err(words)
    }

    #[test]
    fn inputs_come_first() {
        let sorted = check(&[("A", &["C"]), ("B", &[]), ("C", &["B"])]);
        assert_eq!(sorted, Ok(vec!["B".to_owned(), "C".to_owned(), "A".to_owned()]));
    }

    #[test]
    fn a_cycle_is_reported_by_its_path() {
        let way = check(&[("A", &["B"]), ("B", &["C"]), ("C", &["B"])]);
        assert_eq!(way, Err(vec!["B".to_owned(), "C".to_owned(), "B".to_owned()]));
    }

    #[test]
    fn an_indicator_that_reads_itself_is_a_cycle() {
        assert_eq!(check(&[("A", &["A"])]), Err(vec!["A".to_owned(), "A".to_owned()]));
    }
}
