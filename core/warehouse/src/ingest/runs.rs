//! Sets of row numbers of one file, kept as runs: a few when whole files change, many only when single rows do.

use arrow::array::BooleanArray;

/// Row numbers in order, as runs of (first row, number of rows).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Runs(Vec<(u64, u64)>);

impl Runs {
    /// The set of these rows, in any order, each at most once.
    pub(crate) fn of(mut rows: Vec<u64>) -> Self {
        rows.sort_unstable();
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for row in rows {
            match runs.last_mut() {
                Some((first, count)) if *first + *count == row => *count += 1,
                _ => runs.push((row, 1)),
            }
        }
        Self(runs)
    }

    /// The runs.
    pub(crate) fn into_vec(self) -> Vec<(u64, u64)> {
        self.0
    }

    /// The runs.
    pub(crate) fn as_slice(&self) -> &[(u64, u64)] {
        &self.0
    }
}

/// How many rows the runs hold.
pub(crate) fn count(runs: &[(u64, u64)]) -> u64 {
    runs.iter().map(|(_, count)| count).sum()
}

/// The first rows of the runs, at most `limit`.
pub(crate) fn first(runs: &[(u64, u64)], limit: u64) -> Vec<(u64, u64)> {
    let mut left = limit;
    let mut kept = Vec::new();
    for (first, count) in runs {
        if left == 0 {
            break;
        }
        let taken = left.min(*count);
        kept.push((*first, taken));
        left -= taken;
    }
    kept
}

/// Tells, batch after batch, which rows are outside all of the given runs.
pub(crate) struct Outside<'a> {
    runs: Vec<&'a [(u64, u64)]>,
    row: u64,
}

impl<'a> Outside<'a> {
    /// Starts at the first row of a file.
    pub(crate) fn new(runs: Vec<&'a [(u64, u64)]>) -> Self {
        Self { runs, row: 0 }
    }

    /// The mask of the next rows.
    pub(crate) fn next(&mut self, rows: usize) -> BooleanArray {
        let start = self.row;
        let end = start + rows as u64;
        self.row = end;
        let mut keep = vec![true; rows];
        for runs in &mut self.runs {
            while let Some((first, count)) = runs.first() {
                let (low, high) = ((*first).max(start), (first + count).min(end));
                for row in low..high {
                    if let Some(place) = usize::try_from(row - start).ok().and_then(|index| keep.get_mut(index)) {
                        *place = false;
                    }
                }
                if first + count > end {
                    break;
                }
                *runs = runs.get(1..).unwrap_or_default();
            }
        }
        BooleanArray::from(keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_runs_and_masks() {
        let runs = Runs::of(vec![7, 0, 1, 2, 9, 8]);
        assert_eq!(runs.as_slice(), [(0, 3), (7, 3)]);
        assert_eq!(count(runs.as_slice()), 6);
        assert_eq!(first(runs.as_slice(), 4), [(0, 3), (7, 1)]);
        let other = [(4, 1)];
        let mut outside = Outside::new(vec![runs.as_slice(), &other]);
        let mut kept = Vec::new();
        for rows in [4, 4, 4] {
            kept.extend(outside.next(rows).iter().flatten());
        }
        let expected: Vec<bool> = (0..12).map(|row| ![0, 1, 2, 4, 7, 8, 9].contains(&row)).collect();
        assert_eq!(kept, expected);
    }
}
