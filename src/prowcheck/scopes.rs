//! Sets of repositories, some of them as organisations with exceptions, and what two such sets have in common or not.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::plugins::Configuration;
use crate::model::prow::tide::TideQuery;

/// A set of repositories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scopes {
    /// Organisations with the repositories (`org/repo`) that are excepted.
    pub orgs: BTreeMap<String, BTreeSet<String>>,
    /// Single repositories.
    pub repos: BTreeSet<String>,
}

/// A part of a set: an organisation or repository, and Prow's words for it.
pub type Item = (String, String);

fn org_of(repo: &str) -> Option<&str> {
    repo.split_once('/').map(|(org, _)| org)
}

impl Scopes {
    /// Where a plugin runs.
    pub fn of_plugin(config: &Configuration, plugin: &str) -> Self {
        let mut scopes = Self::default();
        for (name, plugins) in config.plugins.iter().filter(|(_, it)| it.plugins.iter().any(|it| it == plugin)) {
            if name.contains('/') {
                scopes.repos.insert(name.clone());
            } else {
                let excepted = plugins.excluded_repos.iter().map(|repo| format!("{name}/{repo}")).collect();
                scopes.orgs.insert(name.clone(), excepted);
            }
        }
        for repo in &scopes.repos {
            if let Some(excepted) = org_of(repo).and_then(|org| scopes.orgs.get_mut(org)) {
                excepted.remove(repo);
            }
        }
        scopes
    }

    /// Which repositories send their events to an external plugin.
    pub fn of_external_plugin(config: &Configuration, plugin: &str) -> Self {
        let mut scopes = Self::default();
        for (name, _) in config.external_plugins.iter().filter(|(_, it)| it.iter().any(|it| it.name == plugin)) {
            if name.contains('/') {
                scopes.repos.insert(name.clone());
            } else {
                scopes.orgs.insert(name.clone(), BTreeSet::new());
            }
        }
        scopes
    }

    /// What queries are about.
    pub fn of_queries<'q>(queries: impl Iterator<Item = &'q TideQuery> + Clone) -> Self {
        let mut scopes = Self::default();
        for query in queries {
            for org in &query.orgs {
                let of_org = |repo: &&String| org_of(repo) == Some(org);
                let excepted: BTreeSet<String> = query.excluded_repos.iter().filter(of_org).cloned().collect();
                match scopes.orgs.get_mut(org) {
                    Some(there) => there.retain(|repo| excepted.contains(repo)),
                    None => drop(scopes.orgs.insert(org.clone(), excepted)),
                }
            }
            scopes.repos.extend(query.repos.iter().cloned());
        }
        for excepted in scopes.orgs.values_mut() {
            excepted.retain(|repo| !scopes.repos.contains(repo));
        }
        scopes
    }

    /// The parts of the set.
    pub fn items(&self) -> Vec<Item> {
        let org = |(org, excepted): (&String, &BTreeSet<String>)| {
            let mut words = format!("org: {org}");
            if !excepted.is_empty() {
                let names: Vec<&str> = excepted.iter().map(String::as_str).collect();
                words.push_str(&format!(" without repo(s) {}", names.join(", ")));
                names.iter().for_each(|name| words.push_str(&format!(" '{name}'")));
            }
            (org.clone(), words)
        };
        let repos = self.repos.iter().map(|repo| (repo.clone(), format!("repo: {repo}")));
        self.orgs.iter().map(org).chain(repos).collect()
    }

    /// Whether the set has a repository by its organisation.
    fn has_by_org(&self, repo: &str) -> bool {
        let excepted = org_of(repo).and_then(|org| self.orgs.get(org));
        excepted.is_some_and(|excepted| !excepted.contains(repo))
    }

    /// What is in this set and not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        let mut result = Self { orgs: BTreeMap::new(), repos: self.repos.clone() };
        for (org, excepted) in &self.orgs {
            match other.orgs.get(org) {
                Some(theirs) => result.repos.extend(theirs.difference(excepted).cloned()),
                None => {
                    let theirs = other.repos.iter().filter(|repo| org_of(repo) == Some(org));
                    result.orgs.insert(org.clone(), excepted.iter().chain(theirs).cloned().collect());
                }
            }
        }
        result.repos.retain(|repo| !other.repos.contains(repo) && !other.has_by_org(repo));
        result
    }

    /// What is in both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        let mut result = Self::default();
        for (org, excepted) in &self.orgs {
            match other.orgs.get(org) {
                Some(theirs) => drop(result.orgs.insert(org.clone(), excepted.union(theirs).cloned().collect())),
                None => {
                    let theirs = other.repos.iter().filter(|repo| org_of(repo) == Some(org));
                    result.repos.extend(theirs.filter(|repo| !excepted.contains(*repo)).cloned());
                }
            }
        }
        let common = |repo: &&String| other.repos.contains(*repo) || other.has_by_org(repo);
        result.repos.extend(self.repos.iter().filter(common).cloned());
        result
    }

    /// What is in either set. As with Prow, a repository of an organisation in either is not named beside it.
    pub fn union(&self, other: &Self) -> Self {
        let mut result = Self::default();
        for (org, excepted) in &self.orgs {
            let mut left: BTreeSet<String> = excepted.difference(&other.repos).cloned().collect();
            if let Some(theirs) = other.orgs.get(org) {
                left.retain(|repo| theirs.contains(repo) && !self.repos.contains(repo));
            }
            result.orgs.insert(org.clone(), left);
        }
        for (org, excepted) in &other.orgs {
            let left = || excepted.difference(&self.repos).cloned().collect();
            result.orgs.entry(org.clone()).or_insert_with(left);
        }
        for repo in self.repos.union(&other.repos) {
            if org_of(repo).is_some_and(|org| !result.orgs.contains_key(org)) {
                result.repos.insert(repo.clone());
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(orgs: &[(&str, &[&str])], repos: &[&str]) -> Scopes {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        Scopes { orgs: orgs.iter().map(|(org, but)| ((*org).to_owned(), set(but))).collect(), repos: set(repos) }
    }

    #[test]
    fn sets_are_held_against_each_other() {
        let whole = scopes(&[("a", &["a/x"])], &["b/y"]);
        let part = scopes(&[], &["a/x", "a/z", "b/y"]);
        assert_eq!(whole.difference(&part), scopes(&[("a", &["a/x", "a/z"])], &[]));
        assert_eq!(part.difference(&whole), scopes(&[], &["a/x"]));
        assert_eq!(whole.intersection(&part), scopes(&[], &["a/z", "b/y"]));
        assert_eq!(whole.union(&part), scopes(&[("a", &[])], &["b/y"]));
        let words: Vec<String> = whole.items().into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["org: a without repo(s) a/x 'a/x'", "repo: b/y"]);
    }
}
