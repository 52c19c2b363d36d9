//! Label selectors, by what Kubernetes takes and refuses: `a=b,c in (d,e),!f`.

/// Why a text is no selector.
pub fn problem(text: &str) -> Option<String> {
    let mut parser = Parser { tokens: tokens(text), at: 0 };
    parser.selector().err()
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    /// An operator or punctuation.
    Mark(&'static str),
    End,
}

const MARKS: [&str; 10] = ["==", "!=", "!", "=", ",", "(", ")", ">", "<", ""];

fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            tokens.push(Token::End);
            return tokens;
        }
        let mark = MARKS.iter().find(|mark| rest.starts_with(**mark)).copied().unwrap_or_default();
        if !mark.is_empty() {
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
            continue;
        }
        let end = rest.find([' ', '\t', '\r', '\n', '=', '!', '(', ')', ',', '>', '<']).unwrap_or(rest.len());
        tokens.push(Token::Word(rest[..end].to_owned()));
        rest = &rest[end..];
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn selector(&mut self) -> Result<(), String> {
        if *self.peek() == Token::End {
            return Ok(());
        }
        loop {
            match self.peek() {
                Token::Word(_) | Token::Mark("!") => self.requirement()?,
                other => return Err(format!("found '{}', expected: !, identifier, or 'end of string'", shown(other))),
            }
            match self.next() {
                Token::End => return Ok(()),
                Token::Mark(",") => match self.peek() {
                    Token::Word(_) | Token::Mark("!") => {}
                    other => return Err(format!("found '{}', expected: identifier after ','", shown(other))),
                },
                other => return Err(format!("found '{}', expected: ',' or 'end of string'", shown(&other))),
            }
        }
    }

    fn requirement(&mut self) -> Result<(), String> {
        let negated = *self.peek() == Token::Mark("!");
        if negated {
            self.next();
        }
        let key = match self.next() {
            Token::Word(key) => key,
            other => return Err(format!("found '{}', expected: identifier", shown(&other))),
        };
        if !is_qualified_name(&key) {
            return Err(format!(
                "key: Invalid value: {key:?}: name part must consist of alphanumeric characters, '-', '_' or '.'"
            ));
        }
        if matches!(self.peek(), Token::End | Token::Mark(",")) {
            return Ok(());
        }
        if negated {
            return Err(format!("found '{}', expected: ',' or 'end of string'", shown(self.peek())));
        }
        match self.next() {
            Token::Word(word) if word == "in" || word == "notin" => self.values(),
            Token::Mark("=" | "==" | "!=") => {
                let value = self.value()?;
                check_value(&value)
            }
            Token::Mark(">" | "<") => {
                let value = self.value()?;
                check_value(&value)?;
                match value.parse::<i64>() {
                    Ok(_) => Ok(()),
                    Err(_) => Err(format!(
                        "values[0]: Invalid value: {value:?}: for 'Gt', 'Lt' operators, the value must be an integer"
                    )),
                }
            }
            other => Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", shown(&other))),
        }
    }

    /// A value; nothing where the requirement ends.
    fn value(&mut self) -> Result<String, String> {
        match self.peek() {
            Token::End | Token::Mark(",") => Ok(String::new()),
            Token::Word(_) => match self.next() {
                Token::Word(value) => Ok(value),
                other => Err(format!("found '{}', expected: identifier", shown(&other))),
            },
            other => Err(format!("found '{}', expected: identifier", shown(other))),
        }
    }

    fn values(&mut self) -> Result<(), String> {
        match self.next() {
            Token::Mark("(") => {}
            other => return Err(format!("found '{}' expected: '('", shown(&other))),
        }
        loop {
            match self.next() {
                Token::Word(value) => {
                    check_value(&value)?;
                    match self.next() {
                        Token::Mark(",") => {}
                        Token::Mark(")") => return Ok(()),
                        other => return Err(format!("found '{}', expected: ',' or ')'", shown(&other))),
                    }
                }
                Token::Mark(",") => {}
                // Nothing between the parentheses, or after a comma, is an empty value.
                Token::Mark(")") => return Ok(()),
                other => return Err(format!("found '{}', expected: ',', ')' or identifier", shown(&other))),
            }
        }
    }
}

fn shown(token: &Token) -> &str {
    match token {
        Token::Word(word) => word,
        Token::Mark(mark) => mark,
        Token::End => "",
    }
}

fn check_value(value: &str) -> Result<(), String> {
    match value.is_empty() || is_name(value) {
        true => Ok(()),
        false => Err(format!(
            "values[0]: Invalid value: {value:?}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'"
        )),
    }
}

/// Up to 63 letters, digits, dashes, dots and underscores, with a letter or digit at both ends.
fn is_name(text: &str) -> bool {
    let ends = [text.bytes().next(), text.bytes().next_back()];
    text.len() <= 63
        && text.bytes().all(is_inner)
        && ends.into_iter().all(|byte| byte.is_some_and(|byte| byte.is_ascii_alphanumeric()))
}

/// A name, perhaps behind a domain and a slash.
pub fn is_qualified_name(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    match text.split_once('/') {
        None => is_name(text),
        Some((domain, name)) => {
            !name.contains('/') && domain.len() <= 253 && domain.split('.').all(label) && is_name(name)
        }
    }
}

/// What Kubernetes has against a text as the name of a label or annotation.
pub fn name_problems(text: &str) -> Option<String> {
    if is_qualified_name(text) {
        return None;
    }
    const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                        alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation \
                        is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    const DOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
                          and must start and end with an alphanumeric character (e.g. 'example.com', regex used for \
                          validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    let mut problems = Vec::new();
    let name = match text.split_once('/') {
        Some((_, name)) if name.contains('/') => {
            let prefix = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return Some(format!("[a qualified name {NAME} {prefix}]"));
        }
        Some((domain, name)) => {
            if domain.is_empty() {
                problems.push("prefix part must be non-empty".to_owned());
            } else if !is_qualified_name(&format!("{domain}/x")) {
                problems.push(format!("prefix part {DOMAIN}"));
            }
            name
        }
        None => text,
    };
    if name.is_empty() {
        problems.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        problems.push("name part must be no more than 63 characters".to_owned());
    }
    let longer_name = name.len() > 63 && is_name(name.get(..63).unwrap_or_default()) && name.bytes().all(is_inner);
    if !is_name(name) && !longer_name {
        problems.push(format!("name part {NAME}"));
    }
    Some(format!("[{}]", problems.join(" ")))
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn selectors_are_taken_and_refused_as_in_kubernetes() {
        for text in [
            "",
            " ",
            "a",
            "!a",
            "a=b",
            "a==b",
            "a!=b",
            "a=",
            "a in (b, c)",
            "a notin ()",
            "a>1,b<2",
            "x.y/a=b, !c",
            "a in (b,)",
            "in=b",
            "a in (,b)",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
        for text in [
            "a b", "=b", "a=b=c", "a in b", "a in (b", "a,", ",a", "!a=b", "a>b", "a=-", "-a", "a/b/c", "A.b/c",
            "a=b c", "(a)",
        ] {
            assert!(problem(text).is_some(), "{text}");
        }
    }
}
