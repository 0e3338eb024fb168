//! Finding anything by what a person types: objects, indicators, rules, open warnings, within what the person may see.

use crate::college::College;
use crate::error::ServiceError;
use crate::objects::{Named, ObjectFilter};
use std::collections::BTreeSet;
use zhengai_model::ids::{IndicatorCode, RuleId};
use zhengai_model::rights::{Place, Right};
use zhengai_model::text::Names;
use zhengai_store::{WarningFilter, WarningId, WarningOrder, WarningRecord, WarningSort, WarningText};
use zhengai_text::find::{Index, best};

/// Objects that were found best, whose warnings are looked for as well: a person found by initials has no such letters in
/// the record.
const NEAR: usize = 3;

/// What was found, each kind with its best first.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Objects.
    pub objects: Vec<Named>,
    /// Indicators.
    pub indicators: Vec<IndicatorCode>,
    /// Written rules.
    pub rules: Vec<RuleId>,
    /// Open warnings, the severest first.
    pub warnings: Vec<WarningRecord>,
}

/// Objects that the words of a filter may mean; whoever types so little that more fit sees those that fit best.
const MEANT: usize = 200;

/// What the words of a filter mean besides their letters, by pinyin, initials and names in both languages.
#[derive(Debug, Clone, Default)]
pub struct Meant {
    /// Objects that may be seen.
    pub objects: Vec<Place>,
    /// Indicators.
    pub indicators: Vec<IndicatorCode>,
    /// Rules; those that an indicator has by itself bear its code.
    pub rules: Vec<RuleId>,
}

impl College {
    /// What the words of a filter mean besides their letters.
    pub async fn meant(&self, words: &str) -> Result<Meant, ServiceError> {
        let words = words.trim();
        if words.is_empty() {
            return Ok(Meant::default());
        }
        // Chinese letters stand in the name itself, where every filter looks anyway.
        let objects = match words.is_ascii() {
            true => self.objects(&ObjectFilter { words: Some(words.to_owned()), ..ObjectFilter::default() }).await?,
            false => Vec::new(),
        };
        let definitions = &self.definitions;
        let indicators = named(words, definitions.indicators.values().map(|one| (one.code.clone(), &one.names)));
        let mut rules = named(words, definitions.rules.values().map(|one| (one.id.clone(), &one.names)));
        rules.extend(indicators.iter().filter_map(|code| RuleId::new(code.as_str()).ok()));
        let objects = objects.into_iter().take(MEANT).map(|one| one.place).collect();
        Ok(Meant { objects, indicators, rules })
    }

    /// At most `each` of every kind that have these words in their names, ids, pinyin or initials; a warning also in the
    /// names of its rule and its object, and by its number.
    pub async fn search(&self, words: &str, each: usize) -> Result<Found, ServiceError> {
        self.permit(Right::ReadResults)?;
        let words = words.trim();
        if words.is_empty() || each == 0 {
            return Ok(Found::default());
        }
        let mut objects =
            self.objects(&ObjectFilter { words: Some(words.to_owned()), ..ObjectFilter::default() }).await?;
        objects.truncate(each);
        let definitions = &self.definitions;
        let indicators = named(words, definitions.indicators.values().map(|one| (one.code.clone(), &one.names)));
        let rules = named(words, definitions.rules.values().map(|one| (one.id.clone(), &one.names)));
        let warnings = self.search_warnings(words, each, (&objects, &indicators, &rules)).await?;
        let indicators = indicators.into_iter().take(each).collect();
        Ok(Found { objects, indicators, rules: rules.into_iter().take(each).collect(), warnings })
    }

    async fn search_warnings(
        &self,
        words: &str,
        each: usize,
        (objects, indicators, rules): (&[Named], &[IndicatorCode], &[RuleId]),
    ) -> Result<Vec<WarningRecord>, ServiceError> {
        let implicit = indicators.iter().filter_map(|code| RuleId::new(code.as_str()).ok());
        let rules = rules.iter().cloned().chain(implicit).collect();
        let text = WarningText { text: words.to_owned(), rules, objects: Vec::new() };
        let mut questions = vec![WarningFilter { text: Some(text), ..WarningFilter::default() }];
        questions.extend(objects.iter().take(NEAR).map(|one| WarningFilter {
            kind: Some(one.place.kind.clone()),
            object: Some(one.place.id.clone()),
            ..WarningFilter::default()
        }));
        if let Ok(number) = words.trim_start_matches('#').parse() {
            questions.insert(0, WarningFilter { ids: vec![WarningId(number)], ..WarningFilter::default() });
        }
        let limit = Some(u32::try_from(each).unwrap_or(u32::MAX));
        let mut found: Vec<WarningRecord> = Vec::new();
        let mut known = BTreeSet::new();
        for question in questions {
            let question = self.within(&WarningFilter { limit, ..question }).await?;
            let page = self.record.warning_page(&question, WarningSort::Severity, WarningOrder::Down).await?;
            found.extend(page.into_iter().filter(|one| known.insert(one.id)));
        }
        found.truncate(each);
        Ok(found)
    }
}

/// Ids of what has the words in its names or its id, best first.
fn named<'a, I: AsRef<str>>(words: &str, things: impl Iterator<Item = (I, &'a Names)>) -> Vec<I> {
    let (ids, index): (Vec<I>, Vec<Index>) = things
        .map(|(id, names)| {
            let index = Index::of([names.zh.as_str(), names.en.as_str(), id.as_ref()]);
            (id, index)
        })
        .unzip();
    let places = best(words, &index);
    let mut ids: Vec<Option<I>> = ids.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| ids.get_mut(place).and_then(Option::take)).collect()
}

#[cfg(test)]
mod tests {
    use super::named;
    use zhengai_model::text::Names;

    #[test]
    fn the_same_thing_is_found_by_chinese_pinyin_initials_english_and_its_id() {
        let names = |zh: &str, en: &str| Names { zh: zh.to_owned(), en: en.to_owned() };
        let things = [
            ("STU-CREDITS", names("不及格学分", "failed credits")),
            ("MAJ-PLACED", names("毕业去向落实率", "graduates placed")),
        ];
        for words in ["毕业去向", "biyequxiang", "byqx", "placed", "maj-pl"] {
            let found = named(words, things.iter().map(|(id, names)| (*id, names)));
            assert_eq!(found.first(), Some(&"MAJ-PLACED"), "{words}");
        }
        assert!(named("热力图", things.iter().map(|(id, names)| (*id, names))).is_empty());
    }
}
