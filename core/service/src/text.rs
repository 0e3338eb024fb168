//! The texts of all rooms of the house below the API.

use zhengai_model::text::Language;
pub use zhengai_text::Texts;

/// The texts of every room that a use case may speak for.
pub fn texts(language: Language) -> Texts {
    Texts::new(
        language,
        &[
            zhengai_model::CATALOGUE,
            zhengai_warehouse::CATALOGUE,
            zhengai_engine::CATALOGUE,
            zhengai_store::CATALOGUE,
            zhengai_host::CATALOGUE,
            crate::CATALOGUE,
        ],
    )
}

#[cfg(test)]
mod tests;
