//! Units: which can be converted into which, exactly. 元 and 万元 mixed up is the classic defect of such platforms.

mod dimension;

pub use dimension::{Unit, UnitFault, Units, check_units};

use rust_decimal::Decimal;

/// The factor that turns a value in `from` into a value in `to`, or `None` when they measure different things.
pub fn factor(from: &str, to: &str) -> Option<Decimal> {
    let (dimension_from, scale_from) = known(from)?;
    let (dimension_to, scale_to) = known(to)?;
    (dimension_from == dimension_to).then(|| scale_from / scale_to)
}

/// Whether the unit is one of money.
pub fn is_money(unit: &str) -> bool {
    matches!(known(unit), Some(("money", _)))
}

fn known(unit: &str) -> Option<(&'static str, Decimal)> {
    let whole = |dimension, scale: i64| Some((dimension, Decimal::from(scale)));
    match unit {
        "元" => whole("money", 1),
        "千元" => whole("money", 1_000),
        "万元" => whole("money", 10_000),
        "百万元" => whole("money", 1_000_000),
        "亿元" => whole("money", 100_000_000),
        "册" => whole("volume", 1),
        "万册" => whole("volume", 10_000),
        "人" | "生" | "师" => whole("person", 1),
        "百人" | "百生" => whole("person", 100),
        "万人" => whole("person", 10_000),
        "㎡" | "m²" | "平方米" => whole("area", 1),
        "公顷" => whole("area", 10_000),
        "%" => Some(("ratio", Decimal::new(1, 2))),
        "‰" => Some(("ratio", Decimal::new(1, 3))),
        "1" | "" | ":1" | "：1" | "比" | "倍" => whole("ratio", 1),
        "天" => whole("day", 1),
        "周" => whole("day", 7),
        "分钟" => whole("minute", 1),
        "小时" => whole("minute", 60),
        _ => None,
    }
}
