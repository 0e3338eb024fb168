//! What may follow in a query: datasets, fields of the datasets that the text names, functions, words of SQL.

use zhengai_wire::query::QueryWords;

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What is written.
    pub(super) text: String,
    /// What the list shows.
    pub(super) label: String,
    /// More about it.
    pub(super) detail: String,
}

/// Where the word under the cursor begins, in bytes.
pub(super) fn begin(text: &str, cursor: usize) -> usize {
    let before = text.get(..cursor).unwrap_or(text);
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    before.char_indices().rev().take_while(|(_, letter)| part(*letter)).last().map_or(before.len(), |(at, _)| at)
}

/// What may be written at the cursor, the likeliest first: fields of the datasets that the text names, then datasets, then
/// functions and words. A word typed in part keeps what has it in its id or its name.
pub(super) fn candidates(words: &QueryWords, text: &str, cursor: usize) -> Vec<Word> {
    let typed = text.get(begin(text, cursor)..cursor).unwrap_or_default().to_lowercase();
    let named = |id: &str| text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == id);
    let fits = |id: &str, name: &str| {
        id.to_lowercase().contains(&typed) || (!typed.is_ascii() && name.to_lowercase().contains(&typed))
    };
    let mut found = Vec::new();
    for dataset in words.datasets.iter().filter(|dataset| named(&dataset.id)) {
        for field in dataset.fields.iter().filter(|field| fits(&field.field, &field.name)) {
            let detail = format!("{} · {}", field.name, field.kind);
            let word = Word { text: field.field.clone(), label: field.field.clone(), detail };
            if !found.contains(&word) {
                found.push(word);
            }
        }
    }
    for dataset in words.datasets.iter().filter(|dataset| fits(&dataset.id, &dataset.name)) {
        found.push(Word { text: dataset.id.clone(), label: dataset.id.clone(), detail: dataset.name.clone() });
    }
    if !typed.is_empty() {
        let plain = |text: &String| Word { text: text.clone(), label: text.clone(), detail: String::new() };
        let begins = |word: &&String| word.to_lowercase().starts_with(&typed);
        found.extend(words.keywords.iter().filter(begins).map(plain));
        let functions = words.functions.iter().filter(begins);
        found.extend(functions.map(|name| Word { text: format!("{name}("), ..plain(name) }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{begin, candidates};
    use zhengai_wire::query::{QueryDataset, QueryField, QueryWords};

    fn words() -> QueryWords {
        let field = |field: &str, name: &str| QueryField {
            field: field.to_owned(),
            name: name.to_owned(),
            kind: "text".to_owned(),
            telling: false,
        };
        QueryWords {
            datasets: vec![
                QueryDataset {
                    id: "students".to_owned(),
                    name: "学生".to_owned(),
                    fields: vec![field("student_id", "学号"), field("class_id", "班级代码")],
                },
                QueryDataset {
                    id: "classes".to_owned(), name: "班级".to_owned(), fields: vec![field("name", "名称")]
                },
            ],
            functions: vec!["sum".to_owned(), "substr".to_owned()],
            keywords: vec!["SELECT".to_owned(), "FROM".to_owned()],
        }
    }

    #[track_caller]
    fn check(before: &str, expected: &[&str]) {
        let found: Vec<String> = candidates(&words(), before, before.len()).into_iter().map(|word| word.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_of_the_named_dataset_come_first_and_chinese_finds_them_too() {
        check("SELECT * FROM students WHERE cl", &["class_id", "classes"]);
        check("SELECT * FROM students WHERE 班级", &["class_id", "classes"]);
        check("SELECT su", &["sum(", "substr("]);
        check("SELECT * FROM ", &["students", "classes"]);
        check("sel", &["SELECT"]);
        check("SELECT 没有", &[]);
    }

    #[test]
    fn the_word_under_the_cursor_begins_after_the_last_sign_in_any_script() {
        assert_eq!(begin("SELECT a.na", 11), 9);
        assert_eq!(begin("从 学生", "从 学生".len()), "从 ".len());
        assert_eq!(begin("", 0), 0);
        assert_eq!(begin("(", 1), 1);
    }
}
