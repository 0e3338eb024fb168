//! The record as its users see it: one contract suite, instantiated for each database, and what is particular to
//! SQLite files.
#![allow(clippy::unwrap_used, clippy::panic)] // Everything here is a test.

mod catalogue;
mod contract;
mod postgres;
mod sqlite;
mod sqlite_files;
