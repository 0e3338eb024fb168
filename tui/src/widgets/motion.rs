//! Moves, as data: the keymap and the wheel turn into these, whatever the widget.

/// A move of the cursor of a list, a table, a tree, a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left; closes a branch.
    Left,
    /// One to the right; opens a branch.
    Right,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Three up, by the wheel.
    WheelUp,
    /// Three down, by the wheel.
    WheelDown,
}

/// Where a cursor in a list of `count` stands after a move, with pages of `page` rows.
pub fn moved(at: u64, motion: Motion, count: u64, page: u64) -> u64 {
    let last = count.saturating_sub(1);
    let page = page.saturating_sub(1).max(1);
    let next = match motion {
        Motion::Up => at.saturating_sub(1),
        Motion::Down => at.saturating_add(1),
        Motion::PageUp => at.saturating_sub(page),
        Motion::PageDown => at.saturating_add(page),
        Motion::First => 0,
        Motion::Last => last,
        Motion::WheelUp => at.saturating_sub(3),
        Motion::WheelDown => at.saturating_add(3),
        Motion::Left | Motion::Right => at,
    };
    next.min(last)
}

/// The first row of a window of `height` rows that shows the row of the cursor, moved as little as possible.
pub fn window(top: u64, at: u64, count: u64, height: u64) -> u64 {
    let top = if at < top {
        at
    } else if at >= top.saturating_add(height) {
        (at + 1).saturating_sub(height)
    } else {
        top
    };
    top.min(count.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::{Motion, moved, window};

    #[test]
    fn a_cursor_never_leaves_its_list() {
        for motion in [Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown, Motion::Last, Motion::WheelDown] {
            assert_eq!(moved(0, motion, 0, 10), 0);
            assert!(moved(4, motion, 5, 10) < 5);
        }
        assert_eq!(moved(0, Motion::PageDown, 100, 10), 9, "one row of the old page stays");
    }

    #[test]
    fn a_window_moves_as_little_as_it_must_and_leaves_no_empty_rows() {
        assert_eq!(window(0, 9, 100, 10), 0);
        assert_eq!(window(0, 10, 100, 10), 1);
        assert_eq!(window(50, 20, 100, 10), 20);
        assert_eq!(window(95, 99, 100, 10), 90);
        assert_eq!(window(5, 0, 3, 10), 0);
    }
}
