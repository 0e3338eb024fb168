//! What people read: the catalogues of this room, one file for the frame and one for each screen. Everything that comes
//! from the server is localised there.

use std::sync::LazyLock;
use zhengai_model::text::Language;
use zhengai_text::{Catalogue, Texts};

macro_rules! catalogues {
    ($($area:literal),* $(,)?) => {
        &[$([
            ("zh-CN", include_str!(concat!("../locales/zh-CN/", $area, ".ftl"))),
            ("en", include_str!(concat!("../locales/en/", $area, ".ftl"))),
        ]),*]
    };
}

/// The catalogue of the frame.
pub const CATALOGUE: Catalogue =
    [("zh-CN", include_str!("../locales/zh-CN.ftl")), ("en", include_str!("../locales/en.ftl"))];

/// The catalogues of widgets and screens.
pub const AREAS: &[Catalogue] = catalogues![
    "widgets",
    "overview",
    "indicators",
    "indicator",
    "cycles",
    "runs",
    "warnings",
    "portrait",
    "heatmap",
    "data",
    "plugins",
    "query",
    "reports",
    "audit",
    "system",
    "why",
    "terminal",
];

/// The texts of the console in a language.
pub fn texts(language: Language) -> Texts {
    let mut texts = Texts::new(language, &[CATALOGUE]);
    for area in AREAS {
        texts.add(area);
    }
    texts
}

/// The texts of the console in the other language: what somebody may look for besides.
pub fn other(language: Language) -> &'static Texts {
    static BOTH: LazyLock<[Texts; 2]> = LazyLock::new(|| [Language::Chinese, Language::English].map(texts));
    let [chinese, english] = &*BOTH;
    if language == Language::English { chinese } else { english }
}
