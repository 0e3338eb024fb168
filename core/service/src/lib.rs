//! Use cases: what people do with a college's data. Knows every room through its public port; knows neither the
//! terminal nor HTTP. No SQL text of the record, no DataFusion plan, no `unsafe` stands here.

pub mod text;

/// Message catalogues of this room: `(language, Fluent source)`.
pub const CATALOGUE: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];
