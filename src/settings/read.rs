//! Settings from their text, with a finding for every mistake.

use globset::{GlobBuilder, GlobMatcher};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Ignore, Level, Settings};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    BROKEN_SETTINGS = "broken-settings",
        "cutwater.toml cannot be understood",
        "Nothing is checked with settings that may not be what was meant.",
        "write `[rules]` with levels off, warn and error, and `[[ignore]]` with rule, paths and reason";
    UNUSED_IGNORE = warning "unused-ignore",
        "nothing is ignored by an `[[ignore]]` of cutwater.toml",
        "It would hide the next finding there, though its reason is gone.",
        "remove it, or mend its paths";
}

/// Whether a rule is known; if not, the one that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownRule {
    /// It is.
    Yes,
    /// It is not.
    No(Option<String>),
}

/// Reads settings; everything that is wrong with them where anything is. `file` is what findings call it.
pub fn read(text: &str, file: &str, is_known: &dyn Fn(&str) -> KnownRule) -> Result<Settings, Vec<Diagnostic>> {
    let mut reader = Reader { text, file, is_known, findings: Vec::new() };
    let mut settings = Settings::default();
    match DeTable::parse(text) {
        Ok(table) => reader.top(table.get_ref(), &mut settings),
        Err(error) => reader.wrong(error.span().map_or(0, |span| span.start), error.message()),
    }
    if reader.findings.is_empty() { Ok(settings) } else { Err(reader.findings) }
}

struct Reader<'r> {
    text: &'r str,
    file: &'r str,
    is_known: &'r dyn Fn(&str) -> KnownRule,
    findings: Vec<Diagnostic>,
}

type Value<'i> = Spanned<DeValue<'i>>;

/// Settings that cannot even be read, and why.
pub fn unreadable(why: &Diagnostic) -> Diagnostic {
    let finding = Diagnostic::of_rule(&BROKEN_SETTINGS, &*why.file, format!("no settings are here: {}", why.message));
    match &why.fix {
        Some(fix) => finding.fix(fix),
        None => finding.fix("cutwater.toml is a file of settings in UTF-8: put one there, or remove what is there"),
    }
}

impl Reader<'_> {
    fn wrong(&mut self, offset: usize, message: impl Into<String>) {
        self.findings.push(Diagnostic::of_rule(&BROKEN_SETTINGS, self.file, message).at(self.text, offset));
    }

    fn top(&mut self, table: &DeTable<'_>, settings: &mut Settings) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rules" => self.levels(value, settings),
                "ignore" => self.ignores(value, settings),
                other => {
                    let message = format!("`{other}` means nothing here: there are [rules] and [[ignore]]");
                    self.wrong(key.span().start, message);
                }
            }
        }
    }

    fn levels(&mut self, value: &Value<'_>, settings: &mut Settings) {
        let Some(table) = value.get_ref().as_table() else {
            return self.wrong(value.span().start, "this has to be a table");
        };
        for (id, value) in table {
            self.rule(id);
            match value.get_ref().as_str().map(|name| (name, Level::named(name))) {
                Some((_, Some(level))) => drop(settings.levels.insert(id.get_ref().to_string(), level)),
                Some((name, None)) => {
                    self.wrong(value.span().start, format!("{name:?} is none of off, warn and error"));
                }
                None => self.wrong(value.span().start, "this has to be off, warn or error, in quotes"),
            }
        }
    }

    fn rule(&mut self, id: &Spanned<DeString<'_>>) {
        self.rule_at(id.get_ref(), id.span().start);
    }

    fn rule_at(&mut self, id: &str, offset: usize) {
        if let KnownRule::No(meant) = (self.is_known)(id) {
            let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            self.wrong(offset, format!("there is no rule `{id}`{meant}"));
        }
    }

    fn ignores(&mut self, value: &Value<'_>, settings: &mut Settings) {
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong(value.span().start, "this has to be a list of tables: [[ignore]]");
        };
        for entry in list {
            match entry.get_ref().as_table() {
                Some(table) => settings.ignores.extend(self.ignore(table, entry.span().start)),
                None => self.wrong(entry.span().start, "this has to be a table"),
            }
        }
    }

    fn ignore(&mut self, table: &DeTable<'_>, offset: usize) -> Option<Ignore> {
        let before = self.findings.len();
        let (mut rule, mut paths, mut reason) = (None, None, None::<String>);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rule" => rule = self.text(value).map(|id| (id, value.span().start)),
                "paths" => paths = self.paths(value),
                "reason" => {
                    reason = self.text(value);
                    if reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
                        self.wrong(value.span().start, "say why");
                    }
                }
                other => {
                    self.wrong(
                        key.span().start,
                        format!("`{other}` means nothing here: there are rule, paths, reason"),
                    );
                }
            }
        }
        if self.findings.len() == before {
            let missing = [("rule", rule.is_none()), ("paths", paths.is_none()), ("reason", reason.is_none())];
            for (key, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
                self.wrong(offset, format!("`{key}` is missing"));
            }
        }
        let ((rule, at), paths) = (rule?, paths?);
        self.rule_at(&rule, at);
        let message = format!("no finding of `{rule}` is ignored by this");
        let unused = Diagnostic::of_rule(&UNUSED_IGNORE, self.file, message).at(self.text, at);
        Some(Ignore { rule, paths, unused })
    }

    fn text(&mut self, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(value.span().start, "this has to be text in quotes");
        }
        text
    }

    fn paths(&mut self, value: &Value<'_>) -> Option<Vec<(String, GlobMatcher)>> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(value.span().start, "this has to be a list of paths");
            return None;
        };
        if list.is_empty() {
            self.wrong(value.span().start, "name at least one path");
        }
        let mut paths = Vec::new();
        for entry in list {
            let Some(path) = self.text(entry) else { continue };
            match GlobBuilder::new(&path).literal_separator(true).build() {
                Ok(glob) => paths.push((path, glob.compile_matcher())),
                Err(error) => self.wrong(entry.span().start, error.to_string()),
            }
        }
        Some(paths)
    }
}
