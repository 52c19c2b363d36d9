//! The rules that a configuration must keep before anything is made of it.
//!
//! [`validate_config`] holds a whole ci-operator configuration against them, [`validate_reference`] and
//! [`validate_observer`] a step and an observer of the registry. All give every violation at once: rule, key path,
//! message. They see model values only, so a violation gets its line later, by its key path.
//!
//! Read [`crate::diagnostic::rule`] for what a rule is, then the file of the noun you care about: each declares its rules first and
//! checks them below. [`RULES`] is the table of them all.

mod architecture;
mod build_root;
mod changes;
mod claims;
mod commands;
mod credentials;
mod cron;
mod dependencies;
mod duration;
mod findings;
mod images;
mod leases;
mod load;
mod mounts;
mod names;
mod observers;
mod operator;
mod place;
mod profiles;
mod promotion;
mod quantity;
mod releases;
mod resolved;
mod resources;
mod schedule;
mod secrets;
mod steps;
mod subject;
mod tags;
mod test;

use crate::diagnostic::rule::{count, joined};
use crate::diagnostic::{Rule, Violation};
use crate::model::config::{ClusterProfiles, LiteralTestStep, Observer, ReleaseBuildConfiguration};
pub use cron::check_cron;
pub use load::load_config;
pub use names::{label_value_problems, quoted};
pub use resolved::{RunningStep, RunningTest, validate_resolved};

use findings::Findings;
use place::Place;
use steps::StepContext;
use subject::Subject;
use tags::Tags;

const TABLES: &[&[Rule]] = &[
    commands::RULES,
    resources::RULES,
    build_root::RULES,
    tags::RULES,
    images::RULES,
    operator::RULES,
    releases::RULES,
    promotion::RULES,
    changes::RULES,
    test::RULES,
    test::reporter::RULES,
    schedule::RULES,
    secrets::RULES,
    claims::RULES,
    steps::RULES,
    credentials::RULES,
    leases::RULES,
    architecture::RULES,
    dependencies::RULES,
    observers::RULES,
    profiles::RULES,
];

/// Every rule, by file.
pub const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// Every violation in a configuration that lies at `org`/`repo`, as it was read: before resolution.
///
/// The reference checks twice, the second time without knowing where the file lies. Nothing can be found then that
/// was not found before, so once is enough.
pub fn validate_config(config: &ReleaseBuildConfiguration, org: &str, repo: &str) -> Vec<Violation> {
    let mut out = Findings::default();
    let (subject, mut tags) = (Subject::new(config), Tags::of_commands(config));
    let input = subject.input();
    commands::check_commands(config, org, repo, &mut out);
    resources::check_resources(&config.resources, &mut out);
    build_root::check_build_roots(input, &mut tags, &mut out);
    if let Some(operator) = &config.operator {
        operator::check_operator(operator, &subject, &mut tags, &mut out);
    }
    images::check_imports(input, &mut tags, &mut out);
    if let Some(tag) = &input.tag_specification {
        releases::check_tag_specification(tag, &mut out);
    }
    if let Some(promotion) = &config.promotion {
        promotion::check_promotion(promotion, config, &mut out);
    }
    releases::check_releases(input, &mut out);
    images::check_images(&config.images, &mut tags, &mut out);
    test::check_tests(&subject, &mut tags, &mut out);
    dependencies::check_dependencies(&subject, &mut out);
    out.into_violations()
}

/// Every violation in a step of the registry (`ref:` of a `-ref.yaml` file) whose commands have been read in.
pub fn validate_reference(step: &LiteralTestStep) -> Vec<Violation> {
    let mut out = Findings::default();
    let root = Place::named(&step.name);
    steps::check_literal_step(step, &mut StepContext::unknown(), &root.silent("ref"), &mut out);
    out.into_violations()
}

/// Every violation in an observer of the registry (`observer:` of an `-observer.yaml` file), commands read in.
pub fn validate_observer(observer: &Observer) -> Vec<Violation> {
    let mut out = Findings::default();
    observers::check_observer(observer, &mut out);
    out.into_violations()
}

/// Every violation in the file of cluster profiles, beside what the registry finds when it resolves them.
pub fn validate_profiles(profiles: &ClusterProfiles) -> Vec<Violation> {
    let mut out = Findings::default();
    profiles::check_profiles(profiles, &mut out);
    out.into_violations()
}

#[cfg(test)]
mod table_tests {
    use super::RULES;

    #[test]
    fn rules_have_names_and_reasons_of_their_own() {
        let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        for rule in RULES {
            let is_name = |text: &str| {
                text.split('-')
                    .all(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !word.is_empty())
            };
            assert!(is_name(rule.id), "{}", rule.id);
            assert!(!rule.summary.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "two rules share an id");
        assert!(count > 90);
    }
}
