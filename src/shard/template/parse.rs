//! Tokens as a tree, by the rules of Go's `text/template`.

use super::lex::{Token, is_keyword, tokens};
use super::literal::{number, unquote};
use super::tree::{Base, Node, Pipe, Template, Term};

/// Templates are nested this deep at most; Go takes more.
const MOST_DEPTH: usize = 100;

const FUNCTIONS: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

/// What ended a list of parts.
#[derive(PartialEq)]
enum Ended {
    End,
    /// The action goes on: `else if`.
    Else,
}

/// Parses a template.
pub fn parse(text: &str, functions: &[&str]) -> Result<Template, String> {
    let (tokens, trouble) = match tokens(text) {
        Ok(tokens) => (tokens, None),
        Err((tokens, why)) => (tokens, Some(why)),
    };
    let mut parser = Parser {
        tokens,
        trouble,
        at: 0,
        functions,
        variables: vec!["$".into()],
        ranges: 0,
        depth: 0,
        template: Template::default(),
    };
    let mut body = Vec::new();
    while *parser.peek()? != Token::End {
        if parser.begins_definition() {
            parser.definition()?;
        } else if let Part::Ended(ended) = parser.part(&mut body)? {
            let word = if ended == Ended::End { "end" } else { "else" };
            return Err(format!("unexpected {{{{{word}}}}}"));
        }
    }
    parser.template.body = body;
    Ok(parser.template)
}

struct Parser<'p> {
    tokens: Vec<Token>,
    /// Why there are no more tokens.
    trouble: Option<String>,
    at: usize,
    functions: &'p [&'p str],
    variables: Vec<String>,
    /// How many `range` are open.
    ranges: usize,
    depth: usize,
    template: Template,
}

/// What a step of parsing met.
enum Part {
    Going,
    Ended(Ended),
}

impl Parser<'_> {
    fn peek(&self) -> Result<&Token, String> {
        self.tokens.get(self.at).ok_or_else(|| self.trouble.clone().unwrap_or_else(|| "unexpected EOF".into()))
    }

    fn next(&mut self) -> Result<Token, String> {
        let token = self.peek()?.clone();
        self.at += 1;
        Ok(token)
    }

    fn skip_space(&mut self) -> Result<&Token, String> {
        while *self.peek()? == Token::Space {
            self.at += 1;
        }
        self.peek()
    }

    fn next_solid(&mut self) -> Result<Token, String> {
        self.skip_space()?;
        self.next()
    }

    fn expect_close(&mut self, context: &str) -> Result<(), String> {
        match self.next_solid()? {
            Token::Close => Ok(()),
            other => Err(unexpected(&other, context)),
        }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth >= MOST_DEPTH {
            return Err("the template is nested too deeply".into());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn begins_definition(&self) -> bool {
        let mut ahead = self.tokens.iter().skip(self.at).filter(|token| **token != Token::Space);
        ahead.next() == Some(&Token::Open) && matches!(ahead.next(), Some(Token::Word(word)) if word == "define")
    }

    fn definition(&mut self) -> Result<(), String> {
        self.next()?;
        self.next_solid()?;
        let context = "define clause";
        let name = self.name(context)?;
        self.expect_close(context)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (body, ended) = self.list()?;
        (self.variables, self.ranges) = (outer, ranges);
        if ended != Ended::End {
            return Err(format!("unexpected {{{{else}}}} in {context}"));
        }
        self.template.defined.insert(name, body);
        Ok(())
    }

    /// A name between quotes.
    fn name(&mut self, context: &str) -> Result<String, String> {
        match self.next_solid()? {
            Token::Quoted(text) => unquote(&text),
            other => Err(unexpected(&other, context)),
        }
    }

    /// Parts up to an `end` or `else`.
    fn list(&mut self) -> Result<(Vec<Node>, Ended), String> {
        let mut nodes = Vec::new();
        while *self.skip_space()? != Token::End {
            if let Part::Ended(ended) = self.deeper(|parser| parser.part(&mut nodes))? {
                return Ok((nodes, ended));
            }
        }
        Err("unexpected EOF".into())
    }

    /// Text or an action.
    fn part(&mut self, nodes: &mut Vec<Node>) -> Result<Part, String> {
        match self.next_solid()? {
            Token::Text => return Ok(Part::Going),
            Token::Open => {}
            other => return Err(unexpected(&other, "input")),
        }
        let word = match self.skip_space()? {
            Token::Word(word) if is_keyword(word) && word != "nil" => word.clone(),
            _ => {
                nodes.push(Node::Action(self.pipe("command", &Token::Close)?));
                return Ok(Part::Going);
            }
        };
        self.next()?;
        let node = match word.as_str() {
            "end" => {
                self.expect_close("end")?;
                return Ok(Part::Ended(Ended::End));
            }
            "else" => {
                let chained = matches!(self.skip_space()?, Token::Word(word) if word == "if" || word == "with");
                if !chained {
                    self.expect_close("else")?;
                }
                return Ok(Part::Ended(Ended::Else));
            }
            "if" | "with" | "range" => self.control(&word)?,
            "break" | "continue" => {
                self.expect_close(&format!("{{{{{word}}}}}"))?;
                if self.ranges == 0 {
                    return Err(format!("{{{{{word}}}}} outside {{{{range}}}}"));
                }
                Node::Leave
            }
            "template" => {
                let name = self.name("template clause")?;
                let pipe = match self.skip_space()? {
                    Token::Close => {
                        self.next()?;
                        None
                    }
                    _ => Some(self.pipe("template clause", &Token::Close)?),
                };
                Node::Call(name, pipe)
            }
            "block" => self.block()?,
            _ => return Err(format!("unexpected <{word}> in command")),
        };
        nodes.push(node);
        Ok(Part::Going)
    }

    fn block(&mut self) -> Result<Node, String> {
        let name = self.name("block clause")?;
        let pipe = self.pipe("block clause", &Token::Close)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (body, ended) = self.list()?;
        (self.variables, self.ranges) = (outer, ranges);
        if ended != Ended::End {
            return Err("unexpected {{else}} in block clause".into());
        }
        self.template.defined.insert(name.clone(), body);
        Ok(Node::Call(name, Some(pipe)))
    }

    fn control(&mut self, word: &str) -> Result<Node, String> {
        let variables = self.variables.len();
        let pipe = self.pipe(word, &Token::Close)?;
        self.ranges += usize::from(word == "range");
        let (list, ended) = self.list()?;
        self.ranges -= usize::from(word == "range");
        let mut otherwise = Vec::new();
        if ended == Ended::Else {
            let chained = matches!(self.peek()?, Token::Word(next) if next == word && word != "range");
            if chained {
                self.next()?;
                otherwise.push(self.deeper(|parser| parser.control(word))?);
            } else {
                let (list, ended) = self.list()?;
                if ended != Ended::End {
                    return Err("expected end; found {{else}}".into());
                }
                otherwise = list;
            }
        }
        self.variables.truncate(variables);
        Ok(match word {
            "if" => Node::If(pipe, list, otherwise),
            "with" => Node::With(pipe, list, otherwise),
            _ => Node::Range(pipe, otherwise),
        })
    }

    fn pipe(&mut self, context: &str, end: &Token) -> Result<Pipe, String> {
        let mut pipe = Pipe::default();
        self.declarations(context, &mut pipe)?;
        loop {
            let token = self.skip_space()?;
            if token == end {
                self.next()?;
                break;
            }
            match token {
                Token::Word(word) if is_keyword(word) && word != "nil" => return Err(unexpected(token, context)),
                Token::Dot
                | Token::Field(_)
                | Token::Word(_)
                | Token::Number(_)
                | Token::Char(_)
                | Token::Quoted(_)
                | Token::Variable(_)
                | Token::Left => {
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                other => return Err(unexpected(other, context)),
            }
        }
        if pipe.commands.is_empty() {
            return Err(format!("missing value for {context}"));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            let executable = command.first().is_none_or(|term| match &term.base {
                Base::Dot => !term.fields.is_empty(),
                Base::Bool(_) | Base::Nil | Base::Number(..) | Base::Text(_) => false,
                _ => true,
            });
            if !executable {
                return Err(format!("non executable command in pipeline stage {}", index + 1));
            }
        }
        Ok(pipe)
    }

    /// `$x :=`, `$x =` and, for a range, `$x, $y :=`.
    fn declarations(&mut self, context: &str, pipe: &mut Pipe) -> Result<(), String> {
        while let Token::Variable(name) = self.skip_space()?.clone() {
            let start = self.at;
            self.next()?;
            match self.skip_space()? {
                Token::Assign | Token::Declare => {
                    pipe.assigns = self.next()? == Token::Assign;
                    pipe.variables.push(name.clone());
                    self.variables.push(name);
                    return Ok(());
                }
                Token::Other(',') => {
                    self.next()?;
                    pipe.variables.push(name.clone());
                    self.variables.push(name);
                    if context != "range" || pipe.variables.len() >= 2 {
                        return Err(format!("too many declarations in {context}"));
                    }
                    if !matches!(self.skip_space()?, Token::Variable(_) | Token::Close | Token::Right) {
                        return Err("range can only initialize variables".into());
                    }
                }
                _ => {
                    // It is an argument.
                    self.at = start;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Vec<Term>, String> {
        let mut terms = Vec::new();
        loop {
            self.skip_space()?;
            terms.extend(self.operand()?);
            match self.peek()? {
                Token::Space => {}
                Token::Close | Token::Right => break,
                Token::Pipe => {
                    self.next()?;
                    // What comes after has to be there.
                    if matches!(self.skip_space()?, Token::Close | Token::Right) {
                        return Err("missing value for command".into());
                    }
                    break;
                }
                other => return Err(unexpected(other, "operand")),
            }
        }
        if terms.is_empty() { Err("empty command".into()) } else { Ok(terms) }
    }

    fn operand(&mut self) -> Result<Option<Term>, String> {
        let Some(mut term) = self.term()? else { return Ok(None) };
        while let Token::Field(name) = self.peek()?.clone() {
            let fixed = matches!(term.base, Base::Bool(_) | Base::Text(_) | Base::Number(..) | Base::Nil);
            if fixed || matches!(term.base, Base::Dot) && term.fields.is_empty() {
                return Err("unexpected . after term".into());
            }
            term.fields.push(name);
            self.next()?;
        }
        Ok(Some(term))
    }

    fn term(&mut self) -> Result<Option<Term>, String> {
        let mut fields = Vec::new();
        let base = match self.peek()?.clone() {
            Token::Word(word) => match word.as_str() {
                "nil" => Base::Nil,
                "true" => Base::Bool(true),
                "false" => Base::Bool(false),
                name if is_keyword(name) => return Ok(None),
                name if FUNCTIONS.contains(&name) || self.functions.contains(&name) => Base::Function(word),
                name => return Err(format!("function {name:?} not defined")),
            },
            Token::Dot => Base::Dot,
            Token::Variable(name) => match self.variables.contains(&name) {
                true => Base::Variable(name),
                false => return Err(format!("undefined variable {name:?}")),
            },
            Token::Field(name) => {
                fields.push(name);
                Base::Dot
            }
            Token::Number(text) => number(&text)?,
            Token::Char(text) => {
                let inside = unquote(&text)?;
                let mut letters = inside.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) => Base::Number(f64::from(u32::from(letter)), true),
                    _ => return Err(format!("malformed character constant: {text}")),
                }
            }
            Token::Quoted(text) => Base::Text(unquote(&text)?),
            Token::Left => {
                self.next()?;
                let pipe = self.deeper(|parser| parser.pipe("parenthesized pipeline", &Token::Right))?;
                return Ok(Some(Term { base: Base::Pipe(Box::new(pipe)), fields }));
            }
            _ => return Ok(None),
        };
        self.next()?;
        Ok(Some(Term { base, fields }))
    }
}

fn unexpected(token: &Token, context: &str) -> String {
    format!("unexpected {} in {context}", token.shown())
}
