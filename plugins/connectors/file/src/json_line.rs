//! One line of JSON, taken apart into members whose values stay as they were written: numbers keep every digit.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// A value as text: strings without their quotes, `null` as nothing, the rest as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its key.
    pub key: String,
    /// Its value as text; absent for `null`.
    pub value: Option<String>,
}

/// The members of an object in their order; the position (in bytes, from 1) of what is wrong otherwise.
pub fn members(line: &str) -> Result<Vec<Member>, usize> {
    let mut rest = Rest { line, at: 0 };
    let mut members: Vec<Member> = Vec::new();
    rest.expect('{')?;
    if rest.peek() == Some('}') {
        rest.expect('}')?;
        return rest.end().map(|()| members);
    }
    loop {
        let start = rest.at;
        let key: String = rest.value(|text| serde_json::from_str(text).ok())?;
        if members.iter().any(|member| member.key == key) {
            return Err(start + 1);
        }
        rest.expect(':')?;
        let value = rest.value(|text| Some(text.to_owned()))?;
        let value = match value.as_str() {
            "null" => None,
            text if text.starts_with('"') => Some(serde_json::from_str::<String>(text).map_err(|_| start + 1)?),
            _ => Some(value),
        };
        members.push(Member { key, value });
        match rest.peek() {
            Some(',') => rest.expect(',')?,
            _ => {
                rest.expect('}')?;
                return rest.end().map(|()| members);
            }
        }
    }
}

struct Rest<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn text(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let text = self.text();
        self.at += text.len() - text.trim_ascii_start().len();
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.text().chars().next()
    }

    fn expect(&mut self, wanted: char) -> Result<(), usize> {
        if self.peek() == Some(wanted) {
            self.at += wanted.len_utf8();
            Ok(())
        } else {
            Err(self.at + 1)
        }
    }

    /// Takes one whole JSON value, which serde_json has checked.
    fn value<T>(&mut self, take: impl Fn(&'a str) -> Option<T>) -> Result<T, usize> {
        self.skip_space();
        let text = self.text();
        let mut stream = Deserializer::from_str(text).into_iter::<IgnoredAny>();
        match stream.next() {
            Some(Ok(_)) => {
                let length = stream.byte_offset();
                let taken = text.get(..length).and_then(take).ok_or(self.at + 1)?;
                self.at += length;
                Ok(taken)
            }
            _ => Err(self.at + 1),
        }
    }

    fn end(&mut self) -> Result<(), usize> {
        if self.peek().is_none() { Ok(()) } else { Err(self.at + 1) }
    }
}
