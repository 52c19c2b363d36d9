//! Which configs and repositories use what was changed in the step registry.
//!
//! Of every config only its tests' steps are read here; what else is in it is read when its repository is worked on.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::inventory::{walk_configs, walk_configs_of};
use super::options::{Error, Repository};
use crate::files::{self, Entry, Tree};
use crate::model::config::{Metadata, MultiStageTestConfiguration};
use crate::model::identity::{JobKind, config_identity};
use crate::record;
use crate::registry::Touched;
use crate::yaml::codec::{Strictness, read};
use crate::yaml::parse::parse;

record! {
    /// A config without anything but its tests.
    pub struct ConfigOutline {
        /// See [`TestOutline`].
        pub tests: Vec<TestOutline> => "tests" omit,
    }

    /// A test without anything but its name, when it runs, and its steps.
    pub struct TestOutline {
        /// The test's name.
        pub name: String => "as" omit,
        /// When it runs by the clock.
        pub cron: Option<String> => "cron" omit,
        /// How long after the start of the last run it runs.
        pub interval: Option<String> => "interval" omit,
        /// How long after the end of the last run it runs.
        pub minimum_interval: Option<String> => "minimum_interval" omit,
        /// Whether it is a periodic that something else starts.
        pub release_controller: bool => "release_controller" omit,
        /// Whether it runs after merges.
        pub postsubmit: bool => "postsubmit" omit,
        /// Where it is a multi-stage test.
        pub steps: Option<MultiStageTestConfiguration> => "steps" omit,
    }
}

impl TestOutline {
    /// The kind of its jobs, or of those that are not beside others: what runs by the clock may run on pull requests as well.
    fn kind(&self) -> JobKind {
        let has_clock = [&self.cron, &self.interval, &self.minimum_interval].into_iter().any(Option::is_some);
        match self.postsubmit {
            true => JobKind::Postsubmit,
            false if has_clock || self.release_controller => JobKind::Periodic,
            false => JobKind::Presubmit,
        }
    }
}

/// A config with tests that use something.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its path below the configs' tree.
    pub relative: String,
    /// Whose it is.
    pub identity: Metadata,
    /// The tests' names.
    pub tests: Vec<String>,
}

/// The repositories with tests that use any of it.
pub fn repositories_using(touched: &Touched, config_tree: &Tree) -> Result<BTreeSet<Repository>, Error> {
    let users = configs_using(touched, config_tree)?;
    Ok(users.into_iter().map(|user| Repository { org: user.identity.org, repo: user.identity.repo }).collect())
}

/// The configs with tests that use any of it, in the order of a walk.
pub fn configs_using(touched: &Touched, config_tree: &Tree) -> Result<Vec<User>, Error> {
    let walked = walk_configs(config_tree, "")?;
    Ok(walked.files.par_iter().filter_map(|entry| user(touched, config_tree, entry)).collect())
}

/// A test that uses something.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// Whose config it is in.
    pub identity: Metadata,
    /// Its name.
    pub test: String,
    /// The names of what it uses.
    pub parts: Vec<String>,
    /// The kind of its jobs.
    pub kind: JobKind,
}

/// The tests of configs in these directories that use any of several things that have names.
pub fn configs_using_each(
    touched: &[(String, Touched)],
    directories: &BTreeSet<String>,
    config_tree: &Tree,
) -> Result<Vec<Use>, Error> {
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    let directories: Vec<String> = directories.iter().cloned().collect();
    let walked = walk_configs_of(config_tree, Some(&directories))?;
    let uses = |entry| {
        let Some((identity, outline)) = outline(config_tree, entry) else { return Vec::new() };
        let used = |test: TestOutline| {
            let kind = test.kind();
            let steps = test.steps?;
            let used = touched.iter().filter(|(_, touched)| touched.is_used_by(&steps));
            let parts: Vec<String> = used.map(|(name, _)| name.clone()).collect();
            (!parts.is_empty()).then(|| Use { identity: identity.clone(), test: test.name, parts, kind })
        };
        outline.tests.into_iter().filter_map(used).collect()
    };
    Ok(walked.files.par_iter().flat_map_iter(uses).collect())
}

/// A config's tests, and whose it is. One that cannot be read has none that we know of.
fn outline(tree: &Tree, entry: &Entry) -> Option<(Metadata, ConfigOutline)> {
    if entry.name() == "OWNERS" {
        return None;
    }
    let identity = config_identity(&entry.path.to_string_lossy()).ok()?;
    let text = files::read_text(tree, entry).ok()?;
    Some((identity, read(&parse(&text).ok()?, Strictness::Outline).ok()?))
}

/// A config, when its tests use any of it. One that cannot be read uses nothing that we know of.
fn user(touched: &Touched, tree: &Tree, entry: &Entry) -> Option<User> {
    let (identity, outline) = outline(tree, entry)?;
    let is_user = |test: &TestOutline| test.steps.as_ref().is_some_and(|steps| touched.is_used_by(steps));
    let tests: Vec<String> = outline.tests.into_iter().filter(is_user).map(|test| test.name).collect();
    (!tests.is_empty()).then(|| User { relative: entry.relative.clone(), identity, tests })
}
