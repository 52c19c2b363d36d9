//! Which repositories use what was changed in the step registry.
//!
//! Of every config only its tests' steps are read here; what else is in it is read when its repository is worked on.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::inventory::walk_configs;
use super::options::{Error, Repository};
use crate::files::{self, Entry, Tree};
use crate::model::config::MultiStageTestConfiguration;
use crate::model::identity::config_identity;
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

    /// A test without anything but its steps.
    pub struct TestOutline {
        /// Where it is a multi-stage test.
        pub steps: Option<MultiStageTestConfiguration> => "steps" omit,
    }
}

/// The repositories with tests that use any of it.
pub fn repositories_using(touched: &Touched, config_tree: &Tree) -> Result<BTreeSet<Repository>, Error> {
    let walked = walk_configs(config_tree, "")?;
    Ok(walked.files.par_iter().filter_map(|entry| user(touched, config_tree, entry)).collect())
}

/// The repository of a config, when its tests use any of it. One that cannot be read uses nothing that we know of.
fn user(touched: &Touched, tree: &Tree, entry: &Entry) -> Option<Repository> {
    if entry.name() == "OWNERS" {
        return None;
    }
    let identity = config_identity(&entry.path.to_string_lossy()).ok()?;
    let text = files::read_text(tree, entry).ok()?;
    let outline: ConfigOutline = read(&parse(&text).ok()?, Strictness::Outline).ok()?;
    let mut tests = outline.tests.iter().filter_map(|test| test.steps.as_ref());
    tests.any(|steps| touched.is_used_by(steps)).then_some(Repository { org: identity.org, repo: identity.repo })
}
