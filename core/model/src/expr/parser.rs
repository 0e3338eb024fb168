//! Recursive descent from tokens to the tree. Comparison binds weakest, then `+ -`, then `* /`, then the sign.

use super::lexer::{Token, tokens};
use super::{ExprError, ExprFault, Function, Node, Operator, When};
use crate::ids::MeasureName;

/// Deepest nesting accepted: keeps parsing and evaluation far from the end of the stack.
const DEEPEST: usize = 64;

pub(super) fn parse(text: &str) -> Result<Node, ExprError> {
    let end = text.chars().count() + 1;
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end, depth: 0 };
    let root = parser.comparison()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn position(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(position, _)| *position)
    }

    fn unexpected(&self) -> ExprError {
        let cause = match self.peek() {
            Some(token) => ExprFault::Unexpected { found: token.to_string() },
            None => ExprFault::End,
        };
        ExprError { position: self.position(), cause }
    }

    fn operator(&mut self, wanted: impl Fn(Operator) -> bool) -> Option<Operator> {
        match self.peek() {
            Some(Token::Operator(operator)) if wanted(*operator) => {
                let operator = *operator;
                self.at += 1;
                Some(operator)
            }
            _ => None,
        }
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), ExprError> {
        if self.peek() == Some(wanted) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn comparison(&mut self) -> Result<Node, ExprError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(ExprError { position: self.position(), cause: ExprFault::TooBig });
        }
        let left = self.sum()?;
        let node = match self.operator(Operator::compares) {
            Some(operator) => Node::Binary(operator, Box::new(left), Box::new(self.sum()?)),
            None => left,
        };
        self.depth -= 1;
        Ok(node)
    }

    fn sum(&mut self) -> Result<Node, ExprError> {
        let mut left = self.product()?;
        let mut length = 0;
        while let Some(operator) = self.operator(|o| matches!(o, Operator::Add | Operator::Subtract)) {
            left = Node::Binary(operator, Box::new(left), Box::new(self.product()?));
            length += 1;
            self.check_chain(length)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, ExprError> {
        let mut left = self.signed()?;
        let mut length = 0;
        while let Some(operator) = self.operator(|o| matches!(o, Operator::Multiply | Operator::Divide)) {
            left = Node::Binary(operator, Box::new(left), Box::new(self.signed()?));
            length += 1;
            self.check_chain(length)?;
        }
        Ok(left)
    }

    /// A chain `a + b + c …` nests to the left, so its length is depth too.
    fn check_chain(&self, length: usize) -> Result<(), ExprError> {
        if length > DEEPEST * 4 {
            return Err(ExprError { position: self.position(), cause: ExprFault::TooBig });
        }
        Ok(())
    }

    fn signed(&mut self) -> Result<Node, ExprError> {
        if self.operator(|o| o == Operator::Subtract).is_some() {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(ExprError { position: self.position(), cause: ExprFault::TooBig });
            }
            let inner = self.signed()?;
            self.depth -= 1;
            return Ok(Node::Negate(Box::new(inner)));
        }
        self.atom()
    }

    fn atom(&mut self) -> Result<Node, ExprError> {
        let position = self.position();
        let token = self.peek().cloned().ok_or_else(|| self.unexpected())?;
        match token {
            Token::Number(number) => {
                self.at += 1;
                Ok(Node::Number(number))
            }
            Token::Code(code) => {
                self.at += 1;
                Ok(Node::Indicator(code, When::Now))
            }
            Token::Open => {
                self.at += 1;
                let inner = self.comparison()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Token::Name(name) => {
                self.at += 1;
                if self.peek() == Some(&Token::Open) {
                    self.at += 1;
                    return self.call(&name, position);
                }
                MeasureName::new(name.clone())
                    .map(Node::Measure)
                    .map_err(|_| ExprError { position, cause: ExprFault::BadName { text: name } })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn call(&mut self, name: &str, position: usize) -> Result<Node, ExprError> {
        let mut arguments = Vec::new();
        if self.peek() != Some(&Token::Close) {
            arguments.push(self.comparison()?);
            while self.peek() == Some(&Token::Comma) {
                self.at += 1;
                arguments.push(self.comparison()?);
            }
        }
        self.expect(&Token::Close)?;
        let wrong = |wanted| Err(ExprError { position, cause: ExprFault::Arguments { name: name.to_owned(), wanted } });
        let (function, good, wanted) = match name {
            "prev" | "last_year" => {
                let when = if name == "prev" { When::Previous } else { When::LastYear };
                return match arguments.as_slice() {
                    [Node::Indicator(code, When::Now)] => Ok(Node::Indicator(code.clone(), when)),
                    _ => wrong(if when == When::Previous { "prev(@CODE)" } else { "last_year(@CODE)" }),
                };
            }
            "if" => (Function::If, arguments.len() == 3, "if(c, a, b)"),
            "round" => {
                let digits = match arguments.as_slice() {
                    [_, Node::Number(digits)] => {
                        digits.is_integer() && *digits <= rust_decimal::Decimal::from(rust_decimal::Decimal::MAX_SCALE)
                    }
                    _ => false,
                };
                (Function::Round, digits, "round(x, 2)")
            }
            "min" => (Function::Min, arguments.len() >= 2, "min(a, b)"),
            "max" => (Function::Max, arguments.len() >= 2, "max(a, b)"),
            "abs" => (Function::Abs, arguments.len() == 1, "abs(x)"),
            "or_zero" => (Function::OrZero, arguments.len() == 1, "or_zero(x)"),
            _ => {
                return Err(ExprError { position, cause: ExprFault::UnknownFunction { name: name.to_owned() } });
            }
        };
        if good { Ok(Node::Call(function, arguments)) } else { wrong(wanted) }
    }
}
