//! For tests: a whole console over a server that gives canned answers, driven by key scripts, drawn into text. No sleeps,
//! no clock, no terminal.

mod brittle;
mod fake;
mod frame;
mod script;
mod setting;
mod stage;

pub use brittle::brittle;
pub use fake::Fake;
pub use frame::{frame, styles};
pub use script::{Script, Step};
pub use setting::{SIZES, Setting};
pub use stage::Stage;

/// Snapshots of a screen over sizes, languages and glyph sets: one file for each size, with four frames in it. On the way
/// it is checked that a terminal without colour is sent none and reads the same, that ASCII frames have no glyph that
/// is not ASCII, and that nothing ambiguous stands where a glyph should.
///
/// `snapshots!("name", ScreenId::Warnings, params, &fake, "down enter")`
#[macro_export]
macro_rules! snapshots {
    ($name:expr, $screen:expr, $params:expr, $fake:expr, $script:expr) => {
        for (width, height) in $crate::testkit::SIZES {
            let sheet = $crate::testkit::Stage::sheet((width, height), $screen, &$params, $fake, $script);
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(format!("{}@{width}x{height}", $name), sheet);
            });
        }
    };
}

#[cfg(test)]
mod tests;
