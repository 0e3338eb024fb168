//! Cuts the text of an expression into tokens with their places.

use super::{ExprError, ExprFault, Operator};
use crate::ids::IndicatorCode;
use rust_decimal::Decimal;

/// Longest expression accepted, in characters.
const LONGEST: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Number(Decimal),
    Name(String),
    Code(IndicatorCode),
    Operator(Operator),
    Open,
    Close,
    Comma,
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
            Self::Code(code) => write!(f, "@{code}"),
            Self::Operator(operator) => f.write_str(super::print::sign(*operator)),
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::Comma => f.write_str(","),
        }
    }
}

/// The tokens, each with the position of its first character, counting from 1.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ExprError> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > LONGEST {
        return Err(ExprError { position: LONGEST + 1, cause: ExprFault::TooBig });
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&first) = characters.get(at) {
        let position = at + 1;
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let (token, width) = if first.is_ascii_digit() {
            let word = take(&characters, at, |c| c.is_ascii_digit() || c == '.');
            let number = word.parse().map_err(|_| unexpected(position, &word))?;
            (Token::Number(number), word.len())
        } else if first.is_ascii_alphabetic() || first == '_' {
            let word = take(&characters, at, |c| c.is_ascii_alphanumeric() || c == '_');
            let width = word.len();
            (Token::Name(word), width)
        } else if first == '@' {
            let word = take(&characters, at + 1, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            let width = word.len() + 1;
            let code = IndicatorCode::new(word.clone())
                .map_err(|_| ExprError { position, cause: ExprFault::BadName { text: format!("@{word}") } })?;
            (Token::Code(code), width)
        } else {
            sign(&characters, at).ok_or_else(|| unexpected(position, &first.to_string()))?
        };
        found.push((position, token));
        at += width;
    }
    Ok(found)
}

fn unexpected(position: usize, found: &str) -> ExprError {
    ExprError { position, cause: ExprFault::Unexpected { found: found.to_owned() } }
}

fn take(characters: &[char], from: usize, wanted: impl Fn(char) -> bool) -> String {
    characters.iter().skip(from).copied().take_while(|c| wanted(*c)).collect()
}

fn sign(characters: &[char], at: usize) -> Option<(Token, usize)> {
    let operator = |operator| Some((Token::Operator(operator), 1));
    let wide = |operator| Some((Token::Operator(operator), 2));
    match (characters.get(at)?, characters.get(at + 1)) {
        ('(', _) => Some((Token::Open, 1)),
        (')', _) => Some((Token::Close, 1)),
        (',', _) => Some((Token::Comma, 1)),
        ('>', Some('=')) => wide(Operator::AtLeast),
        ('<', Some('=')) => wide(Operator::AtMost),
        ('!', Some('=')) => wide(Operator::NotEqual),
        ('=', Some('=')) => wide(Operator::Equal),
        ('+', _) => operator(Operator::Add),
        ('-' | '−', _) => operator(Operator::Subtract),
        ('*' | '×', _) => operator(Operator::Multiply),
        ('/' | '÷', _) => operator(Operator::Divide),
        ('>', _) => operator(Operator::Above),
        ('<', _) => operator(Operator::Below),
        ('≥', _) => operator(Operator::AtLeast),
        ('≤', _) => operator(Operator::AtMost),
        ('=', _) => operator(Operator::Equal),
        ('≠', _) => operator(Operator::NotEqual),
        _ => None,
    }
}
