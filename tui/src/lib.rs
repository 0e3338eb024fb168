//! The console (控制台): a terminal client of the API.

pub mod canvas;
pub mod text;
pub mod theme;
pub mod widgets;
