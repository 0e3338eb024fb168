//! Tests of rows between host and worker.
