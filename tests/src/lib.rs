//! Whole-product flows live in `flows/`; this library holds what other rooms' tests share: the zoo of bad plugins.
#![allow(clippy::panic, reason = "everything here serves tests, which say where they fail by panicking")]

pub mod zoo;
