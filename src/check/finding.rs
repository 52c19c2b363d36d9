//! A finding before it has a file and a line, and the order in which the reference comes to it.

use crate::diagnostic::{KeyPath, Rule, Violation};
use crate::registry::FileKind;

/// What the reference does with a config that loads, in its order. It leaves a config at the first stage that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The registry makes steps of a test; here is the test's number, as it leaves the stage at the first that fails.
    Resolve(usize),
    /// The resolved config is checked.
    Resolved,
    /// The config is looked up among those of its repository.
    Match,
    /// The build graph is checked.
    Graph,
    /// The promoted tags have been noted down by now; the registry that they go to may not be chosen.
    RegistryOverride,
    /// The reference does not look.
    Unseen,
}

/// Most further places of one finding: many configs may have the same mistake.
pub(super) const MOST_PLACES: usize = 8;

/// A further place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// What the place is in.
    pub subject: Subject,
    /// Where in it.
    pub path: KeyPath,
    /// What is there.
    pub message: String,
}

/// What a place is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The config that the finding is about.
    SameConfig,
    /// Another config, by its number among those that are looked at together.
    Config(usize),
    /// The file of the registry that defines this.
    Registry(FileKind, String),
    /// The cluster profiles file.
    Profiles,
    /// The file of the owners of cluster claims.
    ClaimOwners,
}

/// Something that is wrong with a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// When the reference comes to it.
    pub stage: Stage,
    /// The rule, the place and what is wrong.
    pub violation: Violation,
    /// What the reference says, where it says it at all.
    pub reference: Option<String>,
    /// Further places.
    pub elsewhere: Vec<Elsewhere>,
}

impl Finding {
    /// A violation in the reference's own words.
    pub fn new(stage: Stage, violation: Violation) -> Self {
        let reference = (stage != Stage::Unseen).then(|| violation.message.clone());
        Self { stage, violation, reference, elsewhere: Vec::new() }
    }

    /// What a rule finds at a place.
    pub fn of_rule(stage: Stage, rule: &Rule, path: KeyPath, message: impl Into<String>) -> Self {
        Self::new(stage, Violation { rule: rule.id, path, message: message.into() })
    }

    /// Adds a further place.
    #[must_use]
    pub fn and(mut self, subject: Subject, path: KeyPath, message: impl Into<String>) -> Self {
        self.elsewhere.push(Elsewhere { subject, path, message: message.into() });
        self
    }
}

/// Keeps of a config's findings, in whichever form, those of the stage at which the reference leaves it.
pub fn as_the_reference<F>(found: &mut Vec<F>, stage: impl Fn(&F) -> Stage) {
    found.retain(|finding| stage(finding) != Stage::Unseen);
    if let Some(first) = found.iter().map(&stage).min() {
        found.retain(|finding| stage(finding) == first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(stages: &[Stage]) -> Vec<Finding> {
        let violation = |_| Violation { rule: "r", path: KeyPath::root(), message: "m".into() };
        stages.iter().map(|stage| Finding::new(*stage, violation(stage))).collect()
    }

    #[test]
    fn the_first_stage_stays() {
        let mut list = found(&[Stage::Graph, Stage::Resolve(2), Stage::Unseen, Stage::Resolve(1), Stage::Resolve(1)]);
        as_the_reference(&mut list, |finding| finding.stage);
        assert_eq!(list, found(&[Stage::Resolve(1), Stage::Resolve(1)]));
        let mut list = found(&[Stage::Unseen]);
        as_the_reference(&mut list, |finding| finding.stage);
        assert!(list.is_empty());
    }
}
