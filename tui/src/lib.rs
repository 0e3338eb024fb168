//! The console (控制台): a terminal client of the API.

pub mod app;
pub mod canvas;
pub mod effect;
pub mod i18n;
pub mod keymap;
pub mod runtime;
pub mod screens;
pub mod term;
#[cfg(any(test, feature = "testkit"))]
pub mod testkit;
pub mod text;
pub mod theme;
pub mod widgets;
