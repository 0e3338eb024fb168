//! Whole-product flows on the real binary: what a person types, what the person sees, what is on disk afterwards.
//!
//! `cargo xtask test` builds the binary and the plugin libraries, assembles the home folder and names both in
//! `ZHENGAI_TEST_BINARY` and `ZHENGAI_TEST_HOME`. Without them the flows look into `target/home`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing flow says where by panicking")]

mod backup;
mod bad_input;
mod bad_rows;
mod batches;
mod c_connector;
mod clubs;
mod commands;
#[cfg(unix)]
mod console;
#[cfg(target_os = "linux")]
mod crash;
mod definitions;
mod doctor;
mod harness;
mod interrupted;
mod kit;
mod oulad;
mod personal;
mod postgres;
mod quality;
mod rejects;
mod samples;
mod serve;
mod sync;
mod thresholds;
mod training;
mod twins;
mod workers;
mod zoo;
