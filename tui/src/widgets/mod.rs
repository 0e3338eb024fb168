//! What screens are made of. A widget is state that can be moved, clicked and drawn; it knows no call, no clock and no key
//! but those that edit text. It remembers where it was drawn last, so that clicks and pages need nothing else.

pub mod column;
pub mod data_table;
pub mod dots;
pub mod editor;
pub mod form;
pub mod gauge;
pub mod heat_map;
pub mod input;
pub mod motion;
pub mod pages;
pub mod picker;
pub mod radar;
pub mod rule;
pub mod spark;
pub mod tabs;
pub mod text_view;
pub mod tree_table;
pub mod trend;

pub use column::{Brush, Column, Shown, Width};
pub use data_table::{Click, DataTable, Direction};
pub use editor::Editor;
pub use form::{Field, Form, FormEvent, Kind, Schema};
pub use gauge::Gauge;
pub use heat_map::{HeatCell, HeatMap, HeatState};
pub use input::Input;
pub use motion::Motion;
pub use pages::Pages;
pub use picker::{Item, Picker};
pub use radar::{Axis, Radar};
pub use rule::{divider, rule, titled_rule};
pub use spark::spark;
pub use tabs::Tabs;
pub use text_view::{Piece, TextView};
pub use tree_table::{Node, TreeTable};
pub use trend::{Curve, Trend};
