//! Which character separates the cells: the candidate under which the first records agree best on a number of cells.

use crate::row::Row;
use std::collections::BTreeMap;

/// Candidates, in order of preference where all else is equal.
const CANDIDATES: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Records looked at.
const RECORDS: usize = 50;

/// The delimiter of a decoded sample; a comma when nothing separates anything.
pub fn detect(sample: &[u8], sample_is_all: bool) -> u8 {
    let mut best = (0_usize, 0_usize, b',');
    for candidate in CANDIDATES {
        let counts = cell_counts(sample, candidate, sample_is_all);
        let mut by_count: BTreeMap<usize, usize> = BTreeMap::new();
        for count in counts.iter().filter(|count| **count > 1) {
            *by_count.entry(*count).or_default() += 1;
        }
        let Some((cells, records)) = by_count.into_iter().max_by_key(|(cells, records)| (*records, *cells)) else {
            continue;
        };
        // In thousandths of the records, so that the choice is a total order without floats.
        let share = records * 1000 / counts.len().max(1);
        let header_agrees = counts.first() == Some(&cells);
        let score = share + if header_agrees { 500 } else { 0 };
        if (score, cells) > (best.0, best.1) {
            best = (score, cells, candidate);
        }
    }
    best.2
}

fn cell_counts(sample: &[u8], delimiter: u8, sample_is_all: bool) -> Vec<usize> {
    let mut counts = Vec::new();
    let mut row = Row::default();
    let mut rest = sample;
    while counts.len() < RECORDS && !rest.is_empty() {
        row.clear();
        let Some(length) = crate::record::parse_record(rest, delimiter, sample_is_all, &mut row) else { break };
        rest = rest.get(length..).unwrap_or_default();
        if !row.is_blank() {
            counts.push(row.cells.len());
        }
    }
    counts
}

/// Its name in catalogues.
pub fn name(delimiter: u8) -> String {
    char::from(delimiter).to_string()
}
