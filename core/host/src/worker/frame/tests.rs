//! Tests of control frames.
