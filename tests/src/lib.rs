//! Whole-product flows live in `flows/`; this library holds what other rooms' tests share: the zoo of bad plugins, and
//! the example connector in C, built as its guide says.
#![allow(clippy::panic, reason = "everything here serves tests, which say where they fail by panicking")]

pub mod journal;
pub mod zoo;
