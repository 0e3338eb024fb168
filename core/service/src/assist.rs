//! Help while a field of a definition is typed: what each word means, and what could stand at the cursor.

use crate::college::College;
use crate::error::ServiceError;
use zhengai_model::dataset::{Dataset, FieldType};
use zhengai_model::expr::{Expr, Function, Word, WordKind, word_at, words};
use zhengai_model::fault::Explain;
use zhengai_model::ids::{DatasetId, FieldName, IndicatorCode};
use zhengai_model::indicator::{IndicatorText, MeasureText};
use zhengai_model::layer::{Layer, System};
use zhengai_model::rights::Right;
use zhengai_model::text::{Message, Names};

/// How many candidates are offered.
const MOST: usize = 60;
/// Aggregates that parts of groups can be put together from.
const AGGREGATES: [&str; 5] = ["count(*)", "count(distinct x)", "sum(x)", "min(x)", "max(x)"];
/// Words of SQL conditions.
const SQL: [&str; 10] = ["AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "LIKE", "BETWEEN", "TRUE", "FALSE"];

/// A field, its form, and where the cursor is.
#[derive(Debug, Clone)]
pub struct Question {
    /// The form.
    pub form: IndicatorText,
    /// JSON pointer of the field.
    pub pointer: String,
    /// The cursor, in characters from the start of the field; its end when absent.
    pub cursor: Option<usize>,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A number.
    Number,
    /// A measure of the indicator.
    Measure,
    /// An indicator that exists.
    Indicator,
    /// A function or aggregate.
    Function,
    /// A field of the dataset.
    Field,
    /// A word of SQL.
    Keyword,
    /// Quoted text.
    Text,
    /// An operator or bracket.
    Sign,
    /// Nothing that is known.
    Unknown,
}

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is put there.
    pub insert: String,
    /// What it is called.
    pub names: Option<Names>,
    /// What it is.
    pub kind: CandidateKind,
    /// More about it: a unit, an aggregate, a layer.
    pub detail: String,
}

/// Kinds of candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateKind {
    /// A measure of this indicator.
    Measure,
    /// A field of the dataset.
    Field,
    /// A function.
    Function,
    /// Another indicator.
    Indicator,
    /// A dataset.
    Dataset,
    /// A 质控点.
    Point,
    /// A kind of object.
    Kind,
    /// A code of a code table, or a word of a closed list.
    Word,
}

/// What was found out about a field.
#[derive(Debug, Clone, Default)]
pub struct Assistance {
    /// The words with what they are.
    pub words: Vec<(Word, Option<Meaning>)>,
    /// Where the grammar breaks: character from 1, and why.
    pub fault: Option<(usize, Message)>,
    /// What a candidate replaces: characters from 0, the end behind the last.
    pub replace: (usize, usize),
    /// What could stand there, the best first.
    pub candidates: Vec<Candidate>,
}

/// What kind of text a field holds.
enum Grammar<'a> {
    Formula,
    Aggregate(&'a MeasureText),
    Filter(&'a MeasureText),
    Applies,
    Plain(Vec<Candidate>),
}

impl College {
    /// Help with one field.
    pub fn assist(&self, question: &Question) -> Result<Assistance, ServiceError> {
        self.permit(Right::DefineIndicators)?;
        let form = &question.form;
        let (grammar, text) = self.grammar(form, &question.pointer);
        let length = text.chars().count();
        let cursor = question.cursor.unwrap_or(length).min(length);
        let found = words(&text);
        let current = word_at(&found, cursor);
        let mut help = Assistance {
            replace: current.map_or((cursor, cursor), |word| (word.start, word.end)),
            ..Assistance::default()
        };
        let typed: String = match (&grammar, current) {
            (Grammar::Plain(_), _) => {
                help.replace = (0, length);
                text.clone()
            }
            (_, Some(word)) => text.chars().skip(word.start).take(cursor - word.start).collect(),
            (_, None) => String::new(),
        };
        let all = match grammar {
            Grammar::Plain(candidates) => candidates,
            Grammar::Formula => {
                help.fault = Expr::parse(&text)
                    .err()
                    .filter(|_| !text.trim().is_empty())
                    .map(|error| (error.position, error.message()));
                self.formula_candidates(form, &typed)
            }
            Grammar::Aggregate(measure) => {
                self.sql_candidates(self.dataset_of(&measure.dataset), &found, current, &AGGREGATES)
            }
            Grammar::Filter(measure) => self.sql_candidates(self.dataset_of(&measure.dataset), &found, current, &SQL),
            Grammar::Applies => self.sql_candidates(self.master_of(&form.grain), &found, current, &SQL),
        };
        help.candidates = ranked(all, &typed);
        help.words = found.iter().map(|word| (word.clone(), self.meaning(form, &question.pointer, word))).collect();
        Ok(help)
    }

    fn grammar<'a>(&self, form: &'a IndicatorText, pointer: &str) -> (Grammar<'a>, String) {
        let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
        let measure = |index: &str| index.parse::<usize>().ok().and_then(|index| form.measures.get(index));
        let plain = |text: &str, candidates| (Grammar::Plain(candidates), text.to_owned());
        match parts.as_slice() {
            ["value"] => (Grammar::Formula, form.value.clone()),
            ["applies"] => (Grammar::Applies, form.applies.clone()),
            ["measures", index, part] => {
                let Some(measure) = measure(index) else { return plain("", Vec::new()) };
                match *part {
                    "agg" => (Grammar::Aggregate(measure), measure.agg.clone()),
                    "where" => (Grammar::Filter(measure), measure.filter.clone()),
                    "dataset" => plain(&measure.dataset, self.datasets_known()),
                    "by" => plain(&measure.by, fields(self.dataset_of(&measure.dataset), CandidateKind::Field)),
                    "over" => plain(measure.over.trim_start_matches('@'), self.indicators_known("")),
                    "over_grain" => plain(&measure.over_grain, self.kinds_known()),
                    "absent" => plain(&measure.absent, listed(&["missing", "zero"])),
                    _ => plain("", Vec::new()),
                }
            }
            ["point"] => plain(&form.point, self.points_known(&form.layer)),
            ["grain"] => plain(&form.grain, self.kinds_known()),
            ["also", ..] => plain("", self.kinds_known()),
            ["layer"] => plain(&form.layer, Layer::ALL.iter().map(|layer| listed_one(layer.as_str())).collect()),
            ["system"] => {
                plain(&form.system, System::ALL.iter().map(|system| listed_one(&crate::words::word(system))).collect())
            }
            ["direction"] => plain(&form.direction, listed(&["higher", "lower", "within", "yes-no", "level"])),
            ["time"] => plain(&form.time, listed(&["flow", "stock"])),
            ["period"] => plain(&form.period, listed(&PERIODS)),
            ["privacy"] => plain(&form.privacy, listed(&["public", "internal", "personal", "sensitive"])),
            ["active"] => plain(&form.active, measures(form)),
            ["min_n_measure"] => plain(&form.min_n_measure, measures(form)),
            ["values", "level"] => {
                let levels = self
                    .definitions
                    .levels
                    .all()
                    .iter()
                    .map(|level| candidate(level.id.as_str(), Some(&level.names), CandidateKind::Word, ""));
                plain(&form.values.level, levels.collect())
            }
            _ => plain("", Vec::new()),
        }
    }

    fn meaning(&self, form: &IndicatorText, pointer: &str, word: &Word) -> Option<Meaning> {
        let formula = pointer == "/value";
        let measure = || form.measures.iter().any(|measure| measure.name == word.text);
        Some(match word.kind {
            WordKind::Number => Meaning::Number,
            WordKind::Sign => Meaning::Sign,
            WordKind::Quoted => Meaning::Text,
            WordKind::Other => Meaning::Unknown,
            WordKind::Code => {
                let code = IndicatorCode::new(word.text.trim_start_matches('@')).ok();
                let known = code.is_some_and(|code| self.definitions.indicators.contains_key(&code));
                if known { Meaning::Indicator } else { Meaning::Unknown }
            }
            WordKind::Name if formula && measure() => Meaning::Measure,
            WordKind::Name if formula => {
                let known = Function::SPELLINGS.iter().any(|one| one.split('(').next() == Some(word.text.as_str()));
                if known { Meaning::Function } else { Meaning::Unknown }
            }
            WordKind::Name => {
                let dataset = self.dataset_at(form, pointer)?;
                let upper = word.text.to_uppercase();
                if dataset.fields.iter().any(|field| field.name.as_str() == word.text) {
                    Meaning::Field
                } else if AGGREGATES.iter().any(|one| one.split('(').next() == Some(word.text.to_lowercase().as_str()))
                {
                    Meaning::Function
                } else if SQL.iter().any(|one| one.split(' ').any(|part| part == upper)) || upper == "DISTINCT" {
                    Meaning::Keyword
                } else {
                    return None;
                }
            }
        })
    }

    fn dataset_at(&self, form: &IndicatorText, pointer: &str) -> Option<&Dataset> {
        let mut parts = pointer.trim_start_matches('/').split('/');
        match (parts.next(), parts.next()) {
            (Some("applies"), _) => self.master_of(&form.grain),
            (Some("measures"), Some(index)) => {
                self.dataset_of(&form.measures.get(index.parse::<usize>().ok()?)?.dataset)
            }
            _ => None,
        }
    }

    fn dataset_of(&self, id: &str) -> Option<&Dataset> {
        self.definitions.dataset(&DatasetId::new(id).ok()?)
    }

    fn master_of(&self, kind: &str) -> Option<&Dataset> {
        let kinds = self.definitions.object_kinds();
        kinds.into_iter().find(|(known, _)| known.as_str() == kind).map(|(_, (dataset, _))| dataset)
    }

    fn formula_candidates(&self, form: &IndicatorText, typed: &str) -> Vec<Candidate> {
        let mut found = measures(form);
        found.extend(Function::SPELLINGS.iter().map(|spelling| candidate(spelling, None, CandidateKind::Function, "")));
        // Thousands of codes are in nobody's way until a letter says that one is wanted.
        if !typed.is_empty() {
            found.extend(self.indicators_known("@").into_iter().filter(|one| one.insert != format!("@{}", form.code)));
        }
        found
    }

    /// Fields, words of SQL, and behind a comparison with a coded field its codes.
    fn sql_candidates(
        &self,
        dataset: Option<&Dataset>,
        found: &[Word],
        current: Option<&Word>,
        spellings: &[&str],
    ) -> Vec<Candidate> {
        let before = found.iter().rev().filter(|word| current.is_none_or(|current| word.end <= current.start));
        let field = before.filter(|word| word.kind == WordKind::Name).find_map(|word| {
            let name = FieldName::new(word.text.as_str()).ok()?;
            dataset?.field(&name)
        });
        let quoted = current.is_some_and(|word| word.kind == WordKind::Quoted);
        let mut all = Vec::new();
        if let (Some(dataset), Some(field)) = (dataset, field)
            && field.kind == FieldType::Code
            && let Some(table) = field.codes.as_ref().and_then(|codes| dataset.code_tables.get(codes))
        {
            all.extend(table.code.iter().map(|(code, labels)| {
                let names = Names::new(labels.zh.clone(), labels.en.clone());
                candidate(&format!("'{code}'"), Some(&names), CandidateKind::Word, field.name.as_str())
            }));
        }
        if !quoted {
            all.extend(fields(dataset, CandidateKind::Field));
            all.extend(spellings.iter().map(|word| candidate(word, None, CandidateKind::Function, "")));
        }
        all
    }

    fn datasets_known(&self) -> Vec<Candidate> {
        let detail = |dataset: &Dataset| dataset.layer.map(|layer| layer.to_string()).unwrap_or_default();
        let all = self.definitions.datasets.values();
        all.map(|one| candidate(one.id.as_str(), Some(&one.names), CandidateKind::Dataset, &detail(one))).collect()
    }

    fn indicators_known(&self, before: &str) -> Vec<Candidate> {
        let all = self.definitions.indicators.values();
        all.map(|one| {
            candidate(&format!("{before}{}", one.code), Some(&one.names), CandidateKind::Indicator, &one.unit)
        })
        .collect()
    }

    fn points_known(&self, layer: &str) -> Vec<Candidate> {
        let own = |id: &str| layer.is_empty() || id == layer || id.starts_with(&format!("{layer}."));
        let all = self.definitions.points.values().filter(|point| own(point.id.as_str()));
        all.map(|one| candidate(one.id.as_str(), Some(&one.names), CandidateKind::Point, "")).collect()
    }

    fn kinds_known(&self) -> Vec<Candidate> {
        let kinds = self.definitions.object_kinds();
        kinds
            .into_iter()
            .map(|(kind, (_, rows))| candidate(kind.as_str(), Some(&rows.names), CandidateKind::Kind, ""))
            .collect()
    }
}

/// Kinds of period that an indicator may be computed for.
const PERIODS: [&str; 7] = ["calendar-year", "academic-year", "term", "month", "teaching-week", "day", "project-stage"];

fn candidate(insert: &str, names: Option<&Names>, kind: CandidateKind, detail: &str) -> Candidate {
    Candidate { insert: insert.to_owned(), names: names.cloned(), kind, detail: detail.to_owned() }
}

fn listed_one(word: &str) -> Candidate {
    candidate(word, None, CandidateKind::Word, "")
}

fn listed(words: &[&str]) -> Vec<Candidate> {
    words.iter().map(|word| listed_one(word)).collect()
}

fn measures(form: &IndicatorText) -> Vec<Candidate> {
    let named = form.measures.iter().filter(|measure| !measure.name.trim().is_empty());
    named.map(|one| candidate(&one.name, None, CandidateKind::Measure, &one.agg)).collect()
}

fn fields(dataset: Option<&Dataset>, kind: CandidateKind) -> Vec<Candidate> {
    let all = dataset.into_iter().flat_map(|dataset| &dataset.fields);
    all.map(|one| candidate(one.name.as_str(), Some(&one.names), kind, one.unit.as_deref().unwrap_or_default()))
        .collect()
}

/// Those that fit what was typed: beginning with it, then containing it, then called so.
fn ranked(all: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    let typed = typed.trim_start_matches(['@', '\'']).to_lowercase();
    let rank = |one: &Candidate| {
        let insert = one.insert.trim_start_matches(['@', '\'']).to_lowercase();
        if insert.starts_with(&typed) {
            return Some(0);
        }
        let named = |names: &Names| names.zh.contains(&typed) || names.en.to_lowercase().contains(&typed);
        if insert.contains(&typed) {
            Some(1)
        } else if one.names.as_ref().is_some_and(named) {
            Some(2)
        } else {
            None
        }
    };
    let mut found: Vec<(u8, Candidate)> = all.into_iter().filter_map(|one| Some((rank(&one)?, one))).collect();
    found.sort_by_key(|(rank, one)| (*rank, one.kind));
    // What is there as a whole needs no completion.
    let done = |one: &Candidate| one.insert.trim_start_matches(['@', '\'']).to_lowercase() == typed;
    found.into_iter().map(|(_, one)| one).filter(|one| !done(one)).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::{CandidateKind, candidate, ranked};
    use zhengai_model::text::Names;

    #[test]
    fn what_begins_as_typed_comes_first_then_what_contains_it_then_what_is_called_so() {
        let pass = Names::new("及格率", "Pass rate");
        let all = vec![
            candidate("STU-PASS", Some(&pass), CandidateKind::Indicator, "%"),
            candidate("compass", None, CandidateKind::Field, ""),
            candidate("passed", None, CandidateKind::Measure, "count(*)"),
            candidate("taken", None, CandidateKind::Measure, "count(*)"),
        ];
        let inserts = |typed: &str| ranked(all.clone(), typed).into_iter().map(|one| one.insert).collect::<Vec<_>>();
        assert_eq!(inserts("pas"), ["passed", "compass", "STU-PASS"]);
        assert_eq!(inserts("及格"), ["STU-PASS"]);
        assert_eq!(inserts("taken"), Vec::<String>::new(), "what is there as a whole needs no completion");
        assert_eq!(inserts("").len(), 4);
    }
}
