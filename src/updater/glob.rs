//! The patterns of `config_updater.maps`, matched as Prow matches them.
//!
//! The dialect is that of go-zglob 0.0.2 and no other: a pattern without a star is a path and nothing else, `?`, `[…]` and
//! backslashes stand for themselves, `{x,y}` chooses between texts, `**/` is any directories and `**` elsewhere a star
//! twice. [`Glob::new`] takes a pattern apart as that package does, oddities included; [`Glob::matches`] is exact and takes
//! time in proportion to pattern times path, whatever they are. [`super::misread`] says where the usual reading differs.

use smallvec::SmallVec;

/// Variables of the environment, by name: a pattern may begin with `~`, and may have a segment `$NAME`.
pub type Environment<'e> = dyn Fn(&str) -> Option<String> + 'e;

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    pattern: String,
    /// Nothing for a pattern without a star, which matches itself only.
    wild: Option<Wild>,
}

/// A pattern with a star.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wild {
    /// A path must be longer than what stands before the segment of the first star.
    longer_than: usize,
    parts: Vec<Part>,
}

/// What a part of a path must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// This text.
    Text(String),
    /// One of these texts.
    OneOf(Vec<String>),
    /// Anything without a slash.
    Run,
    /// Any number of directories, each with its slash.
    Directories,
}

impl Glob {
    /// Takes a pattern apart.
    pub fn new(pattern: &str, environment: &Environment<'_>) -> Self {
        Self { pattern: pattern.to_owned(), wild: Wild::new(pattern, environment) }
    }

    /// The pattern as it was written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether it can match more than one path.
    pub fn is_wild(&self) -> bool {
        self.wild.is_some()
    }

    /// Whether a path below the repository matches.
    pub fn matches(&self, path: &str) -> bool {
        match &self.wild {
            None => self.pattern == path,
            Some(wild) => path != "." && path.len() > wild.longer_than && wild.matches(path),
        }
    }

    /// The text that every match begins with.
    pub fn head(&self) -> &str {
        match &self.wild {
            None => &self.pattern,
            Some(wild) => wild.head(),
        }
    }

    /// The text that every match ends with.
    pub fn tail(&self) -> &str {
        match &self.wild {
            None => &self.pattern,
            Some(wild) => wild.tail(),
        }
    }

    /// The texts that every match contains, after `head`.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let parts = self.wild.as_ref().map(|wild| wild.parts.as_slice()).unwrap_or_default();
        parts.iter().skip(usize::from(!self.head().is_empty())).filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

impl Wild {
    fn new(pattern: &str, environment: &Environment<'_>) -> Option<Self> {
        let mut root: Option<String> = None;
        let mut mask = String::new();
        for (at, segment) in pattern.split('/').enumerate() {
            if root.is_none() && segment.contains('*') {
                root = Some(mask.clone());
            }
            mask = join(&mask, &expanded(segment, at == 0, environment));
            if at == 0 && mask.is_empty() {
                mask.push('/');
            }
        }
        // The root is at least the current directory, spelled as a dot.
        Some(Self { longer_than: root?.len().max(1), parts: parts(&mask) })
    }

    fn head(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    fn tail(&self) -> &str {
        match self.parts.last() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    fn matches(&self, path: &str) -> bool {
        if !path.starts_with(self.head()) || !path.ends_with(self.tail()) {
            return false;
        }
        let mut reached = Reached::start(path);
        for part in &self.parts {
            reached.advance(part, path);
        }
        reached.is_whole()
    }
}

/// The places in a path, by bytes, that some way through the parts so far leads to.
struct Reached(SmallVec<[bool; 128]>);

impl Reached {
    fn start(path: &str) -> Self {
        let mut places = SmallVec::from_elem(false, path.len() + 1);
        places.iter_mut().take(1).for_each(|first| *first = true);
        Self(places)
    }

    fn is_whole(&self) -> bool {
        self.0.last() == Some(&true)
    }

    fn advance(&mut self, part: &Part, path: &str) {
        let bytes = path.as_bytes();
        match part {
            Part::Text(text) => self.step(bytes, std::slice::from_ref(text)),
            Part::OneOf(texts) => self.step(bytes, texts),
            Part::Run => self.spread(|before| bytes.get(before) != Some(&b'/')),
            Part::Directories => self.enter(bytes),
        }
    }

    /// Every place goes on by one of the texts.
    fn step(&mut self, bytes: &[u8], texts: &[String]) {
        let before = std::mem::replace(&mut self.0, SmallVec::from_elem(false, bytes.len() + 1));
        for (at, _) in before.iter().enumerate().filter(|(_, is_reached)| **is_reached) {
            let rest = bytes.get(at..).unwrap_or_default();
            for text in texts.iter().filter(|text| rest.starts_with(text.as_bytes())) {
                if let Some(place) = self.0.get_mut(at + text.len()) {
                    *place = true;
                }
            }
        }
    }

    /// Every place goes on by any number of bytes that pass.
    fn spread(&mut self, passes: impl Fn(usize) -> bool) {
        let mut is_on = false;
        for (at, place) in self.0.iter_mut().enumerate() {
            is_on = *place || is_on && at.checked_sub(1).is_some_and(&passes);
            *place = is_on;
        }
    }

    /// Every place goes on to behind any later slash; a line break ends that, because the dot of an expression does not
    /// match one.
    fn enter(&mut self, bytes: &[u8]) {
        let mut is_on = false;
        for (at, place) in self.0.iter_mut().enumerate() {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let is_entered = is_on && before == Some(&b'/');
            is_on = *place || is_on && before != Some(&b'\n');
            *place |= is_entered;
        }
    }
}

/// A segment with the environment put in.
fn expanded(segment: &str, is_first: bool, environment: &Environment<'_>) -> String {
    let mut segment = segment.to_owned();
    if is_first && segment == "~" {
        segment = environment("HOME").unwrap_or_default();
    }
    let Some(name) = variable(&segment) else { return segment };
    // In `$(NAME)` the brackets are taken for part of the name.
    let value = environment(name).unwrap_or_default();
    value.trim_matches(['(', ')']).trim_matches('"').to_owned()
}

/// The variable that a segment consists of, with the brackets around it.
pub(super) fn variable(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('$')?;
    let bare = name.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(name);
    let is_name = bare.len() > 1
        && bare.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

/// Takes a cleaned pattern apart.
fn parts(mask: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = mask;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        match letter {
            '*' => {
                let directories = after.strip_prefix("*/");
                parts.push(if directories.is_some() { Part::Directories } else { Part::Run });
                rest = directories.unwrap_or(after);
            }
            '{' => rest = choice(after, &mut parts),
            letter => {
                text(letter, &mut parts);
                rest = after;
            }
        }
    }
    if matches!(parts.last(), Some(Part::Text(text)) if text.ends_with('/')) {
        parts.push(Part::Run);
    }
    parts
}

/// What follows a brace, `inner`; gives what follows that. A brace that is not closed is a choice between all that comes
/// after it, which then comes again.
fn choice<'m>(inner: &'m str, parts: &mut Vec<Part>) -> &'m str {
    match inner.find('}') {
        Some(0) => {
            text('}', parts);
            inner.strip_prefix('}').unwrap_or(inner)
        }
        Some(end) => {
            parts.push(Part::OneOf(inner[..end].split(',').map(str::to_owned).collect()));
            &inner[end + 1..]
        }
        None if inner.is_empty() => {
            text('{', parts);
            inner
        }
        None => {
            parts.push(Part::OneOf(inner.split(',').map(str::to_owned).collect()));
            inner
        }
    }
}

fn text(letter: char, parts: &mut Vec<Part>) {
    match parts.last_mut() {
        Some(Part::Text(text)) => text.push(letter),
        _ => parts.push(Part::Text(letter.into())),
    }
}

/// Two parts of a path as one, in its shortest spelling; nothing for nothing.
fn join(left: &str, right: &str) -> String {
    let joined = match (left, right) {
        ("", "") => return String::new(),
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{left}/{right}"),
    };
    let rooted = joined.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in joined.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => drop(steps.pop()),
            ".." if rooted => {}
            step => steps.push(step),
        }
    }
    match (rooted, steps.is_empty()) {
        (true, _) => format!("/{}", steps.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => steps.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        let value = match name {
            "HOME" => "/home/u",
            "FOO" => "foo/bar",
            "STAR" => "*",
            _ => return None,
        };
        Some(value.to_owned())
    }

    /// Pattern, path, and what the reference answered with the environment above.
    #[test]
    fn patterns_match_as_with_the_reference() {
        let table = std::fs::read_to_string("testdata/updater/globs.jsonl").unwrap();
        let mut wrong = Vec::new();
        for line in table.lines() {
            let (pattern, path, want): (String, String, bool) = serde_json::from_str(line).unwrap();
            if Glob::new(&pattern, &environment).matches(&path) != want {
                wrong.push(line);
            }
        }
        assert!(table.lines().count() > 100 && wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_pattern_that_could_be_tried_in_ever_so_many_ways_takes_no_time() {
        let glob = Glob::new(&"**/*a".repeat(200), &environment);
        assert!(!glob.matches(&"a/".repeat(2000)));
    }

    #[test]
    fn what_matches_begins_and_ends_alike() {
        let ends = |pattern| {
            let glob = Glob::new(pattern, &environment);
            (glob.head().to_owned(), glob.tail().to_owned())
        };
        assert_eq!(ends("a/b/**/*.yaml"), ("a/b/".into(), ".yaml".into()));
        assert_eq!(ends("a/*"), ("a/".into(), String::new()));
        assert_eq!(ends("a/b"), ("a/b".into(), "a/b".into()));
    }
}
