//! The rules that a configuration must keep before anything is made of it.
//!
//! [`validate_config`] holds a whole ci-operator configuration against them, [`validate_reference`] and
//! [`validate_observer`] a step and an observer of the registry. All give every violation at once: rule, key path,
//! message. They see model values only, so a violation gets its line later, by its key path.
//!
//! Read [`crate::diagnostic::rule`] for what a rule is, then the file of the noun you care about: each declares its rules first and
//! checks them below. [`AREAS`] is the table of them all.

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

use crate::diagnostic::{Rule, Violation};
use crate::model::config::{ClusterProfiles, LiteralTestStep, Observer, ReleaseBuildConfiguration};
pub use cron::check_cron;
pub use duration::check_duration;
pub use load::{load_config, load_config_noting};
pub use names::{label_value_problems, quoted};
pub use resolved::{RunningStep, RunningTest, validate_resolved};
pub(crate) use steps::{DUPLICATE_STEP, EMPTY_STEP};

use findings::Findings;
use place::Place;
use steps::StepContext;
use subject::Subject;
use tags::Tags;

/// Every rule, by the noun of its file.
pub const AREAS: &[(&str, &[Rule])] = &[
    ("The config as a whole", commands::RULES),
    ("Resources", resources::RULES),
    ("Build root", build_root::RULES),
    ("Images", images::RULES),
    ("Names of images", tags::RULES),
    ("Operator bundles", operator::RULES),
    ("Releases", releases::RULES),
    ("Promotion", promotion::RULES),
    ("Tests", test::RULES),
    ("Changed files", changes::RULES),
    ("Schedules", schedule::RULES),
    ("Reports", test::reporter::RULES),
    ("Secrets", secrets::RULES),
    ("Clusters and claims", claims::RULES),
    ("Steps", steps::RULES),
    ("Credentials", credentials::RULES),
    ("Leases", leases::RULES),
    ("Architectures", architecture::RULES),
    ("Dependencies", dependencies::RULES),
    ("Observers", observers::RULES),
    ("Cluster profiles", profiles::RULES),
];

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
