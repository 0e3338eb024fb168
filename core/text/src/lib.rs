//! What people read: Fluent catalogues of all rooms and plugins, in one language at a time. Knows no room but the
//! model; whoever composes rooms hands in their catalogues.

pub mod find;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;
use zhengai_model::text::{Language, Message};

/// The catalogue of one room: `(language tag, Fluent source)`.
pub type Catalogue = [(&'static str, &'static str); 2];

/// All texts in one language. Looking up a key that no catalogue has gives the key itself between `⟦⟧`: tests and
/// `cargo xtask tidy` make sure that no person ever sees one.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    /// What plugins say: known only when a college is open, and never in place of what the house says.
    plugins: OnceLock<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Texts {
    /// The texts of the rooms given.
    pub fn new(language: Language, rooms: &[Catalogue]) -> Self {
        let mut texts = Self { language, bundle: bundle(language), plugins: OnceLock::new() };
        for room in rooms {
            texts.add(room);
        }
        texts
    }

    /// The language in use.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Adds a catalogue; entries that exist already stay.
    pub fn add(&mut self, catalogue: &[(&str, &str)]) {
        fill(&mut self.bundle, self.language, catalogue.iter().copied());
    }

    /// Takes in what the plugins of a college say, once. A plugin cannot reword the house: its entries are looked up
    /// only where the house has none.
    pub fn adopt<'a>(&self, catalogues: impl Iterator<Item = (&'a str, &'a str)>) {
        self.plugins.get_or_init(|| {
            let mut plugins = bundle(self.language);
            fill(&mut plugins, self.language, catalogues);
            plugins
        });
    }

    /// Whether some catalogue has the key.
    pub fn has(&self, key: &str) -> bool {
        self.holder(key).is_some()
    }

    fn holder(&self, key: &str) -> Option<&FluentBundle<FluentResource>> {
        [Some(&self.bundle), self.plugins.get()].into_iter().flatten().find(|bundle| bundle.has_message(key))
    }

    /// The text of a key with its arguments.
    pub fn text(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        let found = self.holder(key).and_then(|bundle| Some((bundle, bundle.get_message(key)?.value()?)));
        let Some((bundle, pattern)) = found else { return format!("⟦{key}⟧") };
        let mut args = FluentArgs::new();
        for (name, value) in arguments {
            args.set(*name, *value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::debug!(key, count = errors.len(), "text with missing arguments");
        }
        text
    }

    /// The text of a message.
    pub fn say(&self, message: &Message) -> String {
        let arguments: Vec<(&str, &str)> =
            message.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.text(&message.key, &arguments)
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Isolation marks would end up in files and terminals that show them as boxes.
    bundle.set_use_isolating(false);
    bundle
}

fn fill<'a>(
    bundle: &mut FluentBundle<FluentResource>,
    language: Language,
    catalogues: impl Iterator<Item = (&'a str, &'a str)>,
) {
    for (_, source) in catalogues.filter(|(tag, _)| *tag == language.tag()) {
        // A half-broken resource still brings its good entries; tests check that ours are whole.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(part, _)| part);
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::debug!(count = errors.len(), "catalogue entries that exist already were kept");
        }
    }
}
