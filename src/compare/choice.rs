//! Which jobs pj-rehearse looks at because of a config or the steps of a test, by its rules.
//!
//! Where a test differs, in any field, it looks at the one job with the name that is made of the test's; of a test in shards no
//! job has that name. Where anything else in a config differs, or the config is new, it looks at every job whose name begins
//! as those of the config do, which jobs of variants do as well. [`ConfigChoice::between`] finds that for a config, [`Choices`]
//! holds it for all of them. The cases in `testdata/diff` hold what the reference says.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{ConfigPair, tests};
use super::side::{Job, differing, text_under};
use crate::model::config::Metadata;
use crate::model::identity::JobKind;
use crate::yaml::tree::{Node, Tree};

/// The jobs of a config that it looks at.
#[derive(Debug, Default)]
pub struct ConfigChoice {
    /// The tests; nothing for every job.
    tests: Option<BTreeSet<String>>,
    /// The names of jobs that need a word of approval, since their tests may use the network.
    unapproved: BTreeSet<String>,
}

impl ConfigChoice {
    /// What it looks at; nothing where the config says the same, or is gone.
    pub fn between(pair: &ConfigPair<'_>) -> Option<Self> {
        let new = pair.new.and_then(Tree::root)?;
        let Some(old) = pair.old.and_then(Tree::root) else { return Some(Self::default()) };
        let fields = differing(old, new);
        if fields.iter().any(|field| field.key != "tests") {
            return Some(Self::default());
        }
        let (olds, news) = (tests(pair.old), tests(pair.new));
        let is_otherwise = |(name, test): &(&&str, &Node<'_, '_>)| {
            olds.get(**name).is_none_or(|old| !differing(*old, **test).is_empty())
        };
        let (mut chosen, mut unapproved) = (BTreeSet::new(), BTreeSet::new());
        for (name, test) in news.iter().filter(is_otherwise) {
            chosen.insert((*name).to_owned());
            if text_under(*test, "restrict_network_access") == "false" {
                unapproved.extend(job_names(pair.identity, name, *test));
            }
        }
        (!chosen.is_empty()).then_some(Self { tests: Some(chosen), unapproved })
    }
}

/// The names of the jobs that a test is taken to have: those of presubmits, unless it runs by the clock.
fn job_names(identity: &Metadata, test: &str, node: Node<'_, '_>) -> Vec<String> {
    const CLOCKS: [&str; 3] = ["cron", "interval", "minimum_interval"];
    let is_periodic =
        CLOCKS.iter().any(|key| !text_under(node, key).is_empty()) || text_under(node, "release_controller") == "true";
    let name = identity.job_name(if is_periodic { JobKind::Periodic } else { JobKind::Presubmit }, test);
    match text_under(node, "shard_count").parse::<u16>() {
        Ok(count @ 2..) => (1..=count).map(|shard| format!("{name}-{shard}of{count}")).collect(),
        _ => vec![name],
    }
}

/// The repository that a job is listed under, empty for periodics, and what its name begins with.
type Start = (String, String);

/// The jobs of all configs that it looks at.
#[derive(Debug, Default)]
pub struct Choices {
    by_start: BTreeMap<Start, Vec<Option<BTreeSet<String>>>>,
    unapproved: BTreeSet<String>,
}

impl Choices {
    /// Adds those of a config.
    pub fn add(&mut self, identity: &Metadata, choice: ConfigChoice) {
        for (kind, listed_under) in [(JobKind::Presubmit, identity.org_repo()), (JobKind::Periodic, String::new())] {
            let start = (listed_under, identity.job_name(kind, ""));
            self.by_start.entry(start).or_default().push(choice.tests.clone());
        }
        self.unapproved.extend(choice.unapproved);
    }

    /// Whether it looks at a job.
    pub fn has(&self, job: Job<'_>) -> bool {
        let name = job.name();
        name.match_indices('-').any(|(dash, _)| {
            let (start, test) = name.split_at(dash + 1);
            let chosen = self.by_start.get(&(job.listed_under.to_owned(), start.to_owned()));
            chosen.into_iter().flatten().any(|tests| tests.as_ref().is_none_or(|tests| tests.contains(test)))
        })
    }

    /// Whether a job needs a word of approval first.
    pub fn is_unapproved(&self, job: Job<'_>) -> bool {
        self.unapproved.contains(job.name())
    }
}
