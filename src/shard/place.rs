//! Where the part of an organisation or repository goes.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

use super::Source;

rules! {
    SHARD_OUTSIDE = "shard-outside",
        "the name of an organisation or repository leads out of the directory of its files",
        "What belongs to it has no file that it could be moved into, so nothing is written.",
        "take the .. out of the name, in the file that has it";
    SHARD_TWICE = "shard-twice",
        "two names lead to the file of one organisation or repository",
        "One would replace the other, and which of them is chance, so nothing is written.",
        "spell the name in one way";
}

/// What belongs to one organisation or repository.
#[derive(Clone, Debug, PartialEq)]
pub struct Shard<T> {
    /// Path of its file below the directory of shards.
    pub path: String,
    /// What the file says.
    pub value: T,
}

/// What a configuration was split into.
#[derive(Clone, Debug, PartialEq)]
pub struct Shards<T> {
    /// By path.
    pub shards: Vec<Shard<T>>,
    /// About what has no place in any of them and is lost, as with the reference.
    pub warnings: Vec<Diagnostic>,
}

/// The path of a shard: the parts joined and cleaned, and the file's name; nothing where that leads out of the directory.
pub fn path_of(parts: &[&str], file: &str) -> Option<String> {
    let mut steps: Vec<&str> = Vec::new();
    for step in parts.iter().flat_map(|part| part.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    steps.push(file);
    Some(steps.join("/"))
}

/// A finding about a name that is no place for a file.
pub fn misplaced(main: Source<'_>, name: &str) -> Diagnostic {
    let name = name.trim_end_matches('/');
    let message = format!("failed to make dir {name}: it is outside the directory for organisations and repositories");
    Diagnostic::of_rule(&SHARD_OUTSIDE, main.file, message)
}

/// Shards by path, each with the name it is for in messages; findings where several names lead to one file.
pub fn shards<T>(
    main: Source<'_>,
    shards: impl IntoIterator<Item = (String, String, T)>,
) -> Result<Vec<Shard<T>>, Vec<Diagnostic>> {
    let mut placed: BTreeMap<String, (String, T)> = BTreeMap::new();
    let mut findings = Vec::new();
    for (name, path, value) in shards {
        if let Some((other, _)) = placed.get(&path) {
            let message = format!("{other} and {name} would both be written into {path}");
            findings.push(Diagnostic::of_rule(&SHARD_TWICE, main.file, message));
        }
        placed.insert(path, (name, value));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(placed.into_iter().map(|(path, (_, value))| Shard { path, value }).collect())
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn paths_stay_below_the_directory() {
        let path = |parts: &[&str]| path_of(parts, "f");
        assert_eq!(path(&["org", "repo"]).as_deref(), Some("org/repo/f"));
        assert_eq!(path(&["org", ""]).as_deref(), Some("org/f"));
        assert_eq!(path(&["/org//a/../b"]).as_deref(), Some("org/b/f"));
        assert_eq!(path(&["https://org", "b/c"]).as_deref(), Some("https:/org/b/c/f"));
        assert_eq!(path(&["..", "x"]), None);
    }
}
