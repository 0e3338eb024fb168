//! Whole-product flows live in `flows/`; this library only gives their package a target to build.
