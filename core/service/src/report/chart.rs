//! Charts as SVG text: no script, no fonts of their own, readable in black and white because every part has a label.

use super::Counts;
use std::fmt::Write;

/// Parts of a stacked bar: class of the style sheet and count, in the order of quality.
fn parts(counts: &Counts) -> [(&'static str, u64); 4] {
    [("achieved", counts.achieved), ("met", counts.met), ("unmet", counts.unmet), ("undetermined", counts.undetermined)]
}

/// Escapes text for XML.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// One stacked bar a line: verdicts of each layer as shares of what was looked at.
pub(super) fn overview(lines: &[Counts], title: &str) -> String {
    const LEFT: u64 = 110;
    const WIDTH: u64 = 560;
    const ROW: u64 = 34;
    let height = ROW * lines.len() as u64 + 8;
    let mut svg = format!(
        "<svg class=\"overview\" viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">",
        LEFT + WIDTH + 10,
        xml(title)
    );
    for (index, line) in (0u64..).zip(lines) {
        let top = index * ROW + 6;
        // Writing into a String cannot fail.
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 10,
            top + 17,
            xml(&line.label)
        );
        let all: u64 = parts(line).iter().map(|(_, count)| count).sum();
        if all == 0 {
            let _ = write!(svg, "<rect class=\"empty\" x=\"{LEFT}\" y=\"{top}\" width=\"{WIDTH}\" height=\"24\"/>");
            continue;
        }
        let mut left = LEFT as f64;
        for (class, count) in parts(line) {
            if count == 0 {
                continue;
            }
            let width = count as f64 / all as f64 * WIDTH as f64;
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{left:.2}\" y=\"{top}\" width=\"{width:.2}\" height=\"24\"><title>{count}</title></rect>"
            );
            if width > 26.0 {
                let _ = write!(
                    svg,
                    "<text class=\"count on-{class}\" x=\"{:.2}\" y=\"{}\" text-anchor=\"middle\">{count}</text>",
                    left + width / 2.0,
                    top + 17
                );
            }
            left += width;
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A small stacked bar for one table row.
pub(super) fn inline(counts: &Counts) -> String {
    const WIDTH: f64 = 120.0;
    let all: u64 = parts(counts).iter().map(|(_, count)| count).sum();
    if all == 0 {
        return String::new();
    }
    let mut svg =
        "<svg class=\"inline\" viewBox=\"0 0 120 12\" aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\">"
            .to_owned();
    let mut left = 0.0;
    for (class, count) in parts(counts) {
        let width = count as f64 / all as f64 * WIDTH;
        if count > 0 {
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{left:.2}\" y=\"0\" width=\"{width:.2}\" height=\"12\"><title>{count}</title></rect>"
            );
        }
        left += width;
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::{inline, overview};
    use crate::report::Counts;

    #[test]
    fn shares_fill_the_bar_and_zero_parts_are_not_drawn() {
        let counts = Counts { achieved: 3, unmet: 1, ..Counts::default() };
        let svg = inline(&counts);
        assert!(svg.contains("width=\"90.00\"") && svg.contains("width=\"30.00\""), "{svg}");
        assert_eq!(svg.matches("<rect").count(), 2);
    }

    #[test]
    fn a_label_cannot_break_out_of_the_picture() {
        let counts = Counts { label: "<script>".to_owned(), met: 1, ..Counts::default() };
        let svg = overview(&[counts], "\"><x");
        assert!(!svg.contains("<script>") && !svg.contains("\"><x"), "{svg}");
    }
}
