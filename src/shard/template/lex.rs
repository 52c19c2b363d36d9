//! A template's text as tokens.

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// Text outside of actions.
    Text,
    /// The beginning of an action.
    Open,
    /// Its end.
    Close,
    /// White space within an action.
    Space,
    /// `.Name`.
    Field(String),
    /// `$name`, or `$` alone.
    Variable(String),
    /// A word: a function, a keyword, true, false or nil.
    Word(String),
    /// A number.
    Number(String),
    /// A character between single quotes, with them.
    Char(String),
    /// Text between double quotes or backquotes, with them.
    Quoted(String),
    /// `.`.
    Dot,
    /// `:=`.
    Declare,
    /// `=`.
    Assign,
    /// `|`.
    Pipe,
    /// `(`.
    Left,
    /// `)`.
    Right,
    /// Any other character.
    Other(char),
    /// The end of the template.
    End,
}

impl Token {
    /// How Go shows the token in a message.
    pub fn shown(&self) -> String {
        let text = match self {
            Self::End => return "EOF".into(),
            Self::Word(word) if is_keyword(word) => return format!("<{word}>"),
            Self::Field(text) => format!(".{text}"),
            Self::Variable(text) | Self::Word(text) | Self::Number(text) | Self::Char(text) | Self::Quoted(text) => {
                text.clone()
            }
            Self::Text => "text".into(),
            Self::Open => "{{".into(),
            Self::Close => "}}".into(),
            Self::Space => " ".into(),
            Self::Dot => ".".into(),
            Self::Declare => ":=".into(),
            Self::Assign => "=".into(),
            Self::Pipe => "|".into(),
            Self::Left => "(".into(),
            Self::Right => ")".into(),
            Self::Other(letter) => letter.to_string(),
        };
        format!("{text:?}")
    }
}

/// Words that begin or end a part of a template.
pub fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range" | "template" | "with" | "nil"
    )
}

/// All tokens, the end last. The parser meets the first trouble, so what comes after it does not matter.
pub fn tokens(text: &str) -> Result<Vec<Token>, (Vec<Token>, String)> {
    let mut lexer = Lexer { rest: text, tokens: Vec::new(), open: 0 };
    match lexer.run() {
        Ok(()) => {
            lexer.tokens.push(Token::End);
            Ok(lexer.tokens)
        }
        Err(why) => Err((lexer.tokens, why)),
    }
}

struct Lexer<'t> {
    rest: &'t str,
    tokens: Vec<Token>,
    /// Open parentheses.
    open: usize,
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphabetic() || letter.is_numeric()
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(at) = self.rest.find("{{") {
            let (before, inside) = self.rest.split_at(at);
            let inside = &inside[2..];
            let trimmed = inside.strip_prefix('-').filter(|rest| rest.starts_with(is_space));
            let before = if trimmed.is_some() { before.trim_end_matches(is_space) } else { before };
            if !before.is_empty() {
                self.tokens.push(Token::Text);
            }
            self.rest = trimmed.map_or(inside, |rest| &rest[1..]);
            if trimmed.is_some() && self.rest.starts_with("/*") || inside.starts_with("/*") {
                self.comment()?;
                continue;
            }
            if trimmed.is_some() {
                // The space belongs to the mark.
                self.rest = inside.get(1..).unwrap_or_default();
            }
            self.tokens.push(Token::Open);
            self.open = 0;
            while !self.action()? {}
        }
        if !self.rest.is_empty() {
            self.tokens.push(Token::Text);
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), String> {
        let end = self.rest.find("*/").ok_or("unclosed comment")?;
        self.rest = &self.rest[end + 2..];
        match self.close() {
            true => Ok(()),
            false => Err("comment ends before closing delimiter".into()),
        }
    }

    /// Takes the end of an action, where it is next.
    fn close(&mut self) -> bool {
        let trimmed = self.rest.strip_prefix(is_space).and_then(|rest| rest.strip_prefix("-}}"));
        match trimmed.map(|rest| rest.trim_start_matches(is_space)).or_else(|| self.rest.strip_prefix("}}")) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn at_close(&self) -> bool {
        let trimmed = self.rest.strip_prefix(is_space).is_some_and(|rest| rest.starts_with("-}}"));
        trimmed || self.rest.starts_with("}}")
    }

    /// One token of an action; whether it was the last.
    fn action(&mut self) -> Result<bool, String> {
        if self.close() {
            if self.open > 0 {
                return Err("unclosed left paren".into());
            }
            self.tokens.push(Token::Close);
            return Ok(true);
        }
        let mut letters = self.rest.chars();
        let Some(first) = letters.next() else { return Err("unclosed action".into()) };
        let second = letters.next();
        let token = match first {
            letter if is_space(letter) => self.space(),
            '"' => Token::Quoted(self.quoted('"', "unterminated quoted string")?),
            '\'' => Token::Char(self.quoted('\'', "unterminated character constant")?),
            '`' => self.raw()?,
            '$' => {
                let name = self.word(1)?;
                Token::Variable(name)
            }
            '.' if !second.is_some_and(|letter| letter.is_ascii_digit()) => match self.word(1)? {
                name if name == "." => Token::Dot,
                name => Token::Field(name[1..].to_owned()),
            },
            '+' | '-' | '.' | '0'..='9' => self.number()?,
            letter if is_word(letter) => Token::Word(self.word(0)?),
            ':' if second == Some('=') => self.take(2, Token::Declare),
            ':' => return Err("expected :=".into()),
            '=' => self.take(1, Token::Assign),
            '|' => self.take(1, Token::Pipe),
            '(' => {
                self.open += 1;
                self.take(1, Token::Left)
            }
            ')' => {
                self.open = self.open.checked_sub(1).ok_or("unexpected right paren")?;
                self.take(1, Token::Right)
            }
            letter if letter.is_ascii() && !letter.is_ascii_control() => self.take(1, Token::Other(letter)),
            letter => return Err(format!("unrecognized character in action: {}", code(letter))),
        };
        self.tokens.push(token);
        Ok(false)
    }

    fn take(&mut self, bytes: usize, token: Token) -> Token {
        self.rest = &self.rest[bytes..];
        token
    }

    /// White space up to the end of the action; its last may belong to that end.
    fn space(&mut self) -> Token {
        while !self.at_close() {
            match self.rest.strip_prefix(is_space) {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        Token::Space
    }

    fn quoted(&mut self, quote: char, wrong: &str) -> Result<String, String> {
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\n' => break,
                '\\' if letters.next().is_none_or(|(_, next)| next == '\n') => break,
                letter if letter == quote => {
                    let (text, rest) = self.rest.split_at(at + 1);
                    self.rest = rest;
                    return Ok(text.to_owned());
                }
                _ => {}
            }
        }
        Err(wrong.into())
    }

    fn raw(&mut self) -> Result<Token, String> {
        let end = self.rest[1..].find('`').ok_or("unterminated raw quoted string")?;
        let (text, rest) = self.rest.split_at(end + 2);
        self.rest = rest;
        Ok(Token::Quoted(text.to_owned()))
    }

    /// A word after a mark of so many bytes, and something behind it that may follow a word.
    fn word(&mut self, mark: usize) -> Result<String, String> {
        let end = self.rest[mark..].find(|letter| !is_word(letter)).map_or(self.rest.len(), |end| mark + end);
        let (word, rest) = self.rest.split_at(end);
        // The bare mark of the data may be followed by anything.
        let bare = word == ".";
        self.rest = rest;
        match rest.chars().next() {
            Some(next) if !bare && !is_space(next) && !".,|:)(".contains(next) && !self.at_close() => {
                Err(format!("bad character {}", code(next)))
            }
            _ => Ok(word.to_owned()),
        }
    }

    fn number(&mut self) -> Result<Token, String> {
        let end = number_end(self.rest);
        let (text, rest) = self.rest.split_at(end);
        if let Some(next) = rest.chars().next().filter(|next| is_word(*next)) {
            return Err(format!("bad number syntax: {:?}", format!("{text}{next}")));
        }
        self.rest = rest;
        Ok(Token::Number(text.to_owned()))
    }
}

/// Where a number that begins a text ends, by its letters.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = usize::from(text.starts_with(['+', '-']));
    let run = |at: &mut usize, digits: &str| {
        while bytes.get(*at).is_some_and(|byte| digits.as_bytes().contains(byte)) {
            *at += 1;
        }
    };
    let mut digits = "0123456789_";
    if bytes.get(at) == Some(&b'0') {
        at += 1;
        let radix = bytes.get(at).map(u8::to_ascii_lowercase);
        let other = match radix {
            Some(b'x') => Some("0123456789abcdefABCDEF_"),
            Some(b'o') => Some("01234567_"),
            Some(b'b') => Some("01_"),
            _ => None,
        };
        if let Some(other) = other {
            digits = other;
            at += 1;
        }
    }
    run(&mut at, digits);
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        run(&mut at, digits);
    }
    let exponent = match digits.len() {
        11 => "eE",
        23 => "pP",
        _ => "",
    };
    if bytes.get(at).is_some_and(|byte| exponent.as_bytes().contains(byte)) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        run(&mut at, "0123456789_");
    }
    at + usize::from(bytes.get(at) == Some(&b'i'))
}

/// A character as Go names it.
fn code(letter: char) -> String {
    format!("U+{:04X} '{letter}'", u32::from(letter))
}
