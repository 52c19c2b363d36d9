//! Many patterns at once: which of them match a path, without trying each.
//!
//! Every pattern with a star has texts that a path must contain. The one that the fewest patterns share stands for it; all
//! of them are looked for in one pass over the path, and only what is found is tried.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use smallvec::SmallVec;

use super::glob::Glob;

/// Patterns by their position.
#[derive(Debug)]
pub struct GlobSet {
    globs: Vec<Glob>,
    /// Patterns that are paths.
    paths: BTreeMap<String, u32>,
    /// Looks for the texts; nothing when there are none, or more than it can hold.
    texts: Option<AhoCorasick>,
    /// The patterns that each text stands for.
    by_text: Vec<Vec<u32>>,
    /// Patterns that are always tried.
    rest: Vec<u32>,
}

/// Positions in ascending order; mostly there is one.
pub type Matches = SmallVec<[u32; 2]>;

impl GlobSet {
    /// Makes ready to look for patterns.
    pub fn new(globs: Vec<Glob>) -> Self {
        let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
        for glob in &globs {
            // The directory at the beginning is shared by hundreds and of no use where there is anything else.
            candidates(glob).for_each(|text| *shared.entry(text).or_default() += 1);
        }
        let mut paths = BTreeMap::new();
        let mut by_text: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut rest = Vec::new();
        for (glob, at) in globs.iter().zip(0..) {
            let rank = |text: &&str| (shared.get(text).copied().unwrap_or(0), std::cmp::Reverse(text.len()));
            match candidates(glob).min_by_key(rank) {
                _ if !glob.is_wild() => drop(paths.insert(glob.pattern().to_owned(), at)),
                Some(text) => by_text.entry(text.to_owned()).or_default().push(at),
                None => rest.push(at),
            }
        }
        let texts = AhoCorasick::new(by_text.keys()).ok().filter(|_| !by_text.is_empty());
        if texts.is_none() {
            rest.extend(by_text.values().flatten());
        }
        Self { globs, paths, texts, by_text: by_text.into_values().collect(), rest }
    }

    /// The pattern at a position.
    pub fn get(&self, at: u32) -> Option<&Glob> {
        self.globs.get(at as usize)
    }

    /// All patterns in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Glob> {
        self.globs.iter()
    }

    /// The patterns that match a path.
    pub fn matches(&self, path: &str) -> Matches {
        let mut found: Matches = self.paths.get(path).copied().into_iter().collect();
        let is_match = |at: &&u32| self.get(**at).is_some_and(|glob| glob.matches(path));
        found.extend(self.rest.iter().filter(is_match).copied());
        if let Some(texts) = &self.texts {
            let mut tried: SmallVec<[u32; 16]> = SmallVec::new();
            for text in texts.find_overlapping_iter(path).map(|found| found.pattern().as_u32()) {
                if !tried.contains(&text) {
                    tried.push(text);
                    let of_text = self.by_text.get(text as usize).map(Vec::as_slice).unwrap_or_default();
                    found.extend(of_text.iter().filter(is_match).copied());
                }
            }
        }
        found.sort_unstable();
        found
    }
}

/// The texts that may stand for a pattern.
fn candidates(glob: &Glob) -> impl Iterator<Item = &str> {
    let head = Some(glob.head()).filter(|head| !head.is_empty() && glob.texts().next().is_none());
    glob.texts().chain(head).filter(|_| glob.is_wild())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(patterns: &[&str]) -> GlobSet {
        GlobSet::new(patterns.iter().map(|pattern| Glob::new(pattern, &|_| None)).collect())
    }

    #[test]
    fn a_set_finds_what_each_pattern_finds() {
        let patterns = [
            "a/**/*-main.yaml",
            "a/**/*main*.yaml",
            "a/b/x.yaml",
            "**",
            "*",
            "*/*",
            "a/**/*",
            "{a,b}*",
            "**/{x,y}*",
            "a/*",
            "a/b/*",
            "**/*.yaml",
            "x*x",
        ];
        let paths = ["a/b/x.yaml", "a/b/o-main.yaml", "a/main.yaml", "b", "bb", "xx", "x/x", "a/b/c/d", "q/ya", "yyy"];
        let set = set(&patterns);
        for path in paths {
            let each: Vec<u32> =
                (0..).zip(set.iter()).filter(|(_, glob)| glob.matches(path)).map(|(at, _)| at).collect();
            assert_eq!(set.matches(path).as_slice(), each, "{path}");
        }
    }

    #[test]
    fn nothing_matches_nothing() {
        assert!(set(&[]).matches("a").is_empty());
    }
}
