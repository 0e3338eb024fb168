//! The console (控制台): a terminal client of the API.
