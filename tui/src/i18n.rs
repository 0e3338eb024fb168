//! What people read: the catalogues of this room. Everything that comes from the server is localised there.

use zhengai_model::text::Language;
use zhengai_text::{Catalogue, Texts};

/// The catalogue of the console.
pub const CATALOGUE: Catalogue =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

/// The texts of the console in a language.
pub fn texts(language: Language) -> Texts {
    Texts::new(language, &[CATALOGUE])
}
