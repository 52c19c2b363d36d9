//! What an example of a rule is, and how its text is read.
//!
//! `examples/ID.txt` begins with a remark, which may be empty, and lines `KEY: VALUE` where something is not as usual. Then
//! come parts that begin with a line `== NAME ==`: `wrong`, a tree of files; `said`, what is said of it, and `reference`,
//! what the reference says (both put there by `make rules`); `right`, the tree put right; `both`, files that belong to both.
//! A tree is files that begin with a line `-- PATH --`, or `-- PATH -> TARGET --` for a link. Files that every release
//! repository needs are in `base.txt`; after a line `-- PATH + --` stand sections that are put into one of these.
//!
//! The line that the finding is about ends with [`MARK`], which is no part of the file. A finding about a whole file is
//! marked by `here: PATH`. Other keys: `run`, the command when it is not [`COMMAND`]; `before`, a command that is run first
//! and writes what tools write (jobs, metadata), so that an example need not show it; `also`, other rules that have
//! something to say about the wrong tree; `commit: yes`, the right tree is committed; `without`, a file of `base.txt` that
//! neither tree has.

use std::collections::BTreeMap;

/// What is run on an example.
pub const COMMAND: &str = "cutwater update --check";

/// What a line that a finding is about ends with.
pub const MARK: &str = " # <- here";

/// What every release repository needs.
pub const BASE: &str = include_str!("base.txt");

/// An example of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// What there is to say about it.
    pub remark: String,
    /// The command that finds it.
    pub command: String,
    /// The command that is run before it, and writes what tools write.
    pub before: Option<String>,
    /// Other rules that have something to say about the wrong files.
    pub also: Vec<String>,
    /// Whether git has the right files as a commit.
    pub is_committed: bool,
    /// The file that every release repository needs and that is missing on both sides.
    pub without: Option<String>,
    /// The file that the finding is about, when it is about no line.
    pub here: Option<String>,
    /// Files that break the rule.
    pub wrong: Vec<File>,
    /// What is said about them.
    pub said: String,
    /// What the reference says about them, where it says anything.
    pub reference: String,
    /// Files that do not.
    pub right: Vec<File>,
    /// Files that are there on both sides.
    pub both: Vec<File>,
}

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is in the release repository.
    pub path: String,
    /// What is in it.
    pub content: Content,
    /// The marked line, from 1.
    pub marked: Option<usize>,
    /// The sections that it has besides, or instead of, those of the same file of [`BASE`], where only they are shown.
    pub sections: Option<String>,
}

/// What is in a file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// This text.
    Text(String),
    /// Nothing: it is a link to this target.
    Link(String),
}

impl Example {
    /// Reads an example; the error says what is wrong with its text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut example = Self { command: COMMAND.to_owned(), ..Self::default() };
        let (head, parts) = parts(text);
        example.read_head(&head)?;
        for (name, body) in parts {
            match name.as_str() {
                "wrong" => example.wrong = files(&body)?,
                "right" => example.right = files(&body)?,
                "both" => example.both = files(&body)?,
                "said" => example.said = body.trim_end().to_owned(),
                "reference" => example.reference = body.trim_end().to_owned(),
                other => return Err(format!("there is no part `{other}` in an example")),
            }
        }
        if example.wrong.is_empty() && example.both.is_empty() && example.without.is_none() {
            return Err("an example needs files, under `== wrong ==` for instance".into());
        }
        Ok(example)
    }

    fn read_head(&mut self, head: &str) -> Result<(), String> {
        for line in head.lines() {
            let value = |key: &str| line.strip_prefix(key).map(|value| value.trim().to_owned());
            if let Some(command) = value("run: ") {
                self.command = command;
            } else if let Some(command) = value("before: ") {
                self.before = Some(command);
            } else if let Some(rules) = value("also: ") {
                self.also = rules.split(", ").map(str::to_owned).collect();
            } else if let Some(answer) = value("commit: ") {
                if answer != "yes" {
                    return Err(format!("`commit: {answer}` is nothing; say `commit: yes`, or leave it out"));
                }
                self.is_committed = true;
            } else if let Some(path) = value("without: ") {
                self.without = Some(path);
            } else if let Some(path) = value("here: ") {
                self.here = Some(path);
            } else {
                self.remark.push_str(line);
                self.remark.push('\n');
            }
        }
        self.remark = self.remark.trim().to_owned();
        Ok(())
    }

    /// The file and line, from 1 or 0 for all of it, that the finding is about.
    pub fn place(&self) -> Option<(&str, usize)> {
        let marked = self.wrong.iter().chain(&self.both).find_map(|file| Some((file.path.as_str(), file.marked?)));
        marked.or_else(|| Some((self.here.as_deref()?, 0)))
    }
}

/// The text with what is said, and what the reference says, put into it anew.
pub fn with_said(text: &str, said: &str, reference: &str) -> String {
    let (mut out, parts) = parts(text);
    let body = |wanted: &str| parts.iter().find(|(name, _)| name == wanted).map_or("", |(_, body)| body);
    let of = |name: &str, body: &str| {
        if body.is_empty() { String::new() } else { format!("== {name} ==\n{}\n", body.trim_end()) }
    };
    let said = [("said", said), ("reference", reference)].map(|(name, body)| of(name, body)).concat();
    let [wrong, right, both] = ["wrong", "right", "both"].map(|name| of(name, body(name)));
    out.push_str(&[wrong, said, right, both].concat());
    out
}

/// What stands before the first part, and the parts by name.
fn parts(text: &str) -> (String, Vec<(String, String)>) {
    let mut head = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match between(line, "== ", " ==") {
            Some(name) => parts.push((name.to_owned(), String::new())),
            None => parts.last_mut().map_or(&mut head, |(_, body)| body).push_str(line),
        }
    }
    (head, parts)
}

/// The files of a tree.
pub fn files(text: &str) -> Result<Vec<File>, String> {
    let mut files: Vec<File> = Vec::new();
    let mut into_base: Vec<usize> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = between(line, "-- ", " --") {
            let (path, content) = match path.split_once(" -> ") {
                Some((path, target)) => (path, Content::Link(target.to_owned())),
                None => (path, Content::Text(String::new())),
            };
            let whole = path.strip_suffix(" +");
            into_base.extend(whole.map(|_| files.len()));
            let path = whole.unwrap_or(path).to_owned();
            files.push(File { path, content, marked: None, sections: None });
            continue;
        }
        match files.last_mut() {
            Some(File { content: Content::Text(text), marked, .. }) => {
                let unmarked = line.trim_end_matches('\n').strip_suffix(MARK);
                if unmarked.is_some() {
                    *marked = Some(text.lines().count() + 1);
                }
                text.push_str(unmarked.unwrap_or(line));
                if unmarked.is_some() {
                    text.push('\n');
                }
            }
            _ => return Err(format!("no file begins before `{}`", line.trim_end())),
        }
    }
    for at in into_base {
        files.get_mut(at).map_or(Ok(()), put_into_base)?;
    }
    Ok(files)
}

/// Makes sections the whole file.
fn put_into_base(file: &mut File) -> Result<(), String> {
    let base = self::files(BASE)?.into_iter().find(|base| base.path == file.path);
    let (Some(File { content: Content::Text(base), .. }), Content::Text(given)) = (base, &file.content) else {
        return Err(format!("{} is no file of the base", file.path));
    };
    let key = |section: &str| section.split(':').next().unwrap_or_default().to_owned();
    let mut all: BTreeMap<String, (String, Option<usize>)> =
        sections(&base).into_iter().map(|(_, section)| (key(&section), (section, None))).collect();
    all.extend(sections(given).into_iter().map(|(line, section)| (key(&section), (section, Some(line)))));
    let (mut whole, mut marked) = (String::new(), None);
    for (section, begin) in all.into_values() {
        let lines = section.lines().count();
        let within = file.marked.zip(begin).and_then(|(mark, begin)| mark.checked_sub(begin));
        if let Some(within) = within.filter(|within| *within < lines) {
            marked = Some(whole.lines().count() + within + 1);
        }
        whole.push_str(&section);
    }
    *file = File {
        path: std::mem::take(&mut file.path),
        sections: Some(given.clone()),
        content: Content::Text(whole),
        marked,
    };
    Ok(())
}

/// The sections of a YAML file that begin with a key at the margin, with the line of that key, from 1.
fn sections(text: &str) -> Vec<(usize, String)> {
    let mut sections: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        match sections.last_mut() {
            Some((_, section)) if line.starts_with([' ', '-']) => section.push_str(line),
            _ => sections.push((at + 1, line.to_owned())),
        }
    }
    sections
}

fn between<'l>(line: &'l str, before: &str, after: &str) -> Option<&'l str> {
    line.trim_end().strip_prefix(before)?.strip_suffix(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Words.\nalso: a-b, c-d\n\n== wrong ==\n-- x/y --\na: 1 # <- here\nb: 2\n-- l -> y --\n== right ==\n-- x/y --\nb: 2\n";

    #[test]
    fn an_example_has_files_and_a_place() {
        let example = Example::parse(TEXT).unwrap();
        assert_eq!((example.remark.as_str(), example.place()), ("Words.", Some(("x/y", 1))));
        assert_eq!(example.also, ["a-b", "c-d"]);
        assert_eq!(example.wrong[0].content, Content::Text("a: 1\nb: 2\n".into()));
        assert_eq!(example.wrong[1].content, Content::Link("y".into()));
        assert_eq!(example.right.len(), 1);
    }

    #[test]
    fn what_is_said_is_put_in_and_replaced() {
        let once = with_said(TEXT, "error\n", "no");
        assert!(once.contains("b: 2\n-- l -> y --\n== said ==\nerror\n== reference ==\nno\n== right ==\n"), "{once}");
        assert_eq!(with_said(&once, "", ""), TEXT);
        assert_eq!(Example::parse(&once).unwrap().said, "error");
    }

    #[test]
    fn what_is_no_example_is_refused() {
        for text in ["", "== wrong ==\na: 1\n", "== wrnog ==\n-- a --\n", "commit: no\n== wrong ==\n-- a --\nb\n"] {
            assert!(Example::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn sections_are_put_into_a_file_of_the_base() {
        let path = "core-services/prow/02_config/_config.yaml";
        let read = files(&format!("-- {path} + --\ndeck:\n  a: 1 # <- here\nzzz: 2\n")).unwrap();
        let File { content: Content::Text(whole), marked, sections, .. } = &read[0] else { panic!("{read:?}") };
        assert_eq!(sections.as_deref(), Some("deck:\n  a: 1\nzzz: 2\n"));
        assert_eq!(whole.lines().nth(marked.unwrap() - 1), Some("  a: 1"));
        assert!(whole.contains("\nplank:\n") && whole.ends_with("zzz: 2\n") && !whole.contains("spyglass"), "{whole}");
        assert!(files("-- nowhere + --\na: 1\n").is_err());
    }

    #[test]
    fn the_base_can_be_read() {
        assert!(files(BASE).unwrap().len() > 5);
    }
}
