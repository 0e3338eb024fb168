//! Finding things by what a person types: Chinese, English, full pinyin or initials (`预警` = `yujing` = `yj`).

use pinyin::ToPinyinMulti;

/// How many readings of one name are kept: a name of several characters with several readings each would have many.
const READINGS: usize = 8;

/// What one thing can be found by. Made once per thing, asked at each key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    words: Vec<String>,
    sounds: Vec<String>,
    initials: Vec<String>,
    /// Which letters stand anywhere in these, a bit for each class of letters: most things are left out by this alone.
    letters: u64,
}

/// What a person typed, made ready to be asked of many things.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    words: Vec<String>,
    letters: u64,
}

impl Query {
    /// Made ready once, asked of many.
    pub fn of(text: &str) -> Self {
        let words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
        let letters = words.iter().fold(0, |letters, word| letters | classes(word));
        Self { words, letters }
    }
}

/// Places of the things that a query finds, best first; things that answer it alike stay in their order.
pub fn best<'a>(text: &str, things: impl IntoIterator<Item = &'a Index>) -> Vec<usize> {
    let query = Query::of(text);
    let found = things.into_iter().enumerate().filter_map(|(at, index)| Some((index.answers(&query)?, at)));
    let mut scored: Vec<(u32, usize)> = found.collect();
    scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    scored.into_iter().map(|(_, at)| at).collect()
}

/// A bit for each class of letters in a text.
fn classes(text: &str) -> u64 {
    text.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % 64))
}

impl Index {
    /// By its names: labels in both languages, ids, codes.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            index.words.push(fold(name));
            for (sound, initial) in readings(name) {
                if !index.sounds.contains(&sound) {
                    index.sounds.push(sound);
                }
                if !index.initials.contains(&initial) {
                    index.initials.push(initial);
                }
            }
        }
        let all = index.words.iter().chain(&index.sounds).chain(&index.initials);
        index.letters = all.fold(0, |letters, text| letters | classes(text));
        index
    }

    /// How well it answers a query, more is better; none when it does not. An empty query finds everything.
    /// Several words must all be found.
    pub fn score(&self, query: &str) -> Option<u32> {
        self.answers(&Query::of(query))
    }

    /// The same for a query that is asked of many things.
    pub fn answers(&self, query: &Query) -> Option<u32> {
        if query.letters & !self.letters != 0 {
            return None;
        }
        query.words.iter().try_fold(1, |sum, word| Some(sum + self.score_word(word)?))
    }

    fn score_word(&self, word: &str) -> Option<u32> {
        // The usual reading of a name comes first: 期 is qi before it is ji.
        let best = |texts: &[String], exact: u32| {
            texts.iter().zip(0_u32..).filter_map(|(text, rank)| place(text, word, exact - rank.min(50))).max()
        };
        [best(&self.words, 1000), best(&self.initials, 800), best(&self.sounds, 700)]
            .into_iter()
            .flatten()
            .max()
            .or_else(|| {
                let scattered = self.words.iter().chain(&self.sounds).filter_map(|text| spread(text, word));
                scattered.max().filter(|_| word.chars().count() > 1)
            })
    }
}

/// Points for a word that stands in a text as it is: the whole text, its beginning, the beginning of a word, anywhere.
fn place(text: &str, word: &str, exact: u32) -> Option<u32> {
    let at = text.find(word)?;
    let starts = text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphanumeric());
    let lost = u32::try_from(text.len() - word.len()).unwrap_or(u32::MAX).min(90);
    Some(match (at, starts) {
        (0, _) if text.len() == word.len() => exact,
        (0, _) => exact - 100 - lost,
        (_, true) => exact - 200 - lost,
        _ => exact - 300 - lost,
    })
}

/// Points for letters that stand in the text in this order, not too far apart.
fn spread(text: &str, word: &str) -> Option<u32> {
    let mut rest = text.char_indices();
    let mut first = None;
    let mut last = 0;
    for letter in word.chars() {
        let (at, _) = rest.find(|(_, other)| *other == letter)?;
        first.get_or_insert(at);
        last = at;
    }
    let span = last.checked_sub(first?)?;
    (span <= word.len() * 4).then(|| 200_u32.saturating_sub(u32::try_from(span).unwrap_or(u32::MAX)))
}

/// Lower case, full-width forms as half-width ones.
fn fold(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
            '\u{3000}' => ' ',
            _ => letter,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Full pinyin and initials of a name, for each way to read it.
fn readings(name: &str) -> Vec<(String, String)> {
    let mut found = vec![(String::new(), String::new())];
    let mut chinese = false;
    for (letter, sounds) in name.chars().zip(name.to_pinyin_multi()) {
        let Some(sounds) = sounds else {
            for lower in letter.to_lowercase().filter(|lower| lower.is_alphanumeric()) {
                for (sound, initial) in &mut found {
                    sound.push(lower);
                    initial.push(lower);
                }
            }
            continue;
        };
        chinese = true;
        let mut plain: Vec<&str> = sounds.into_iter().map(|sound| sound.plain()).collect();
        plain.dedup();
        let mut next: Vec<(String, String)> = Vec::new();
        for (sound, initial) in &found {
            for syllable in &plain {
                let spelt =
                    (format!("{sound}{syllable}"), format!("{initial}{}", syllable.get(..1).unwrap_or_default()));
                if next.len() < READINGS && !next.contains(&spelt) {
                    next.push(spelt);
                }
            }
        }
        found = next;
    }
    if chinese { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::{Index, best};

    #[track_caller]
    fn check(names: &[&str], query: &str, found: bool) {
        assert_eq!(Index::of(names.iter().copied()).score(query).is_some(), found, "{names:?} {query}");
    }

    #[test]
    fn a_name_is_found_by_chinese_pinyin_initials_and_english() {
        for query in ["预警", "yujing", "yj", "warn", "WARNINGS", "ｗａｒｎ", "", "预 warn"] {
            check(&["预警", "warnings"], query, true);
        }
        check(&["预警", "warnings"], "报告", false);
        check(&["预警", "warnings"], "yjx", false);
    }

    #[test]
    fn the_best_come_first_and_an_empty_query_leaves_the_order_as_it_was() {
        let things = ["全部报告", "预警", "报告"].map(|name| Index::of([name]));
        assert_eq!(best("报告", &things), [2, 0]);
        assert_eq!(best(" ", &things), [0, 1, 2]);
    }

    #[test]
    fn a_character_with_two_readings_is_found_by_both() {
        check(&["重庆"], "chongqing", true);
        check(&["重量"], "zl", true);
        check(&["银行"], "yinhang", true);
    }

    #[test]
    fn a_word_at_the_beginning_comes_before_one_in_the_middle_and_before_scattered_letters() {
        let score = |name: &str| Index::of([name]).score("report").unwrap_or(0);
        assert!(score("report") > score("reports of the college"));
        assert!(score("reports of the college") > score("all reports"));
        assert!(score("all reports") > score("r-e-p-o-r-t"));
        assert!(score("r-e-p-o-r-t") > 0);
    }
}
