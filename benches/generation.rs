//! One config to its jobs: checked by the rules, resolved against the registry, generated, written as text.
//!
//! Each stage by itself, then all of them from text to text. Throughput is in bytes of the config's text.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod sample;
#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput};
use cutwater::generate::{CloudProfile, GeneratedJobs, generate_jobs};
use cutwater::model::config::{Metadata, ReleaseBuildConfiguration};
use cutwater::registry::{Registry, TestFacts};
use cutwater::validate::validate_config;
use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::parse::parse;

/// The config with the most kinds of tests.
const CONFIG: &str = "acme-installer-main.yaml";

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let registry = sample::registry();
    let configs = sample::configs();
    let sample::Config { identity, text } =
        configs.iter().find(|config| config.identity.file_name() == CONFIG).expect(CONFIG);
    let config = decode(text);
    let facts = registry.check(&config).unwrap();
    let mut group = criterion.benchmark_group("generation");
    group.throughput(Throughput::BytesDecimal(text.len() as u64));
    group.bench_function("validate", |bencher| bencher.iter(|| validate(&config, identity)));
    group.bench_function("resolve", |bencher| bencher.iter(|| drop(registry.check(&config).unwrap())));
    group.bench_function("generate", |bencher| bencher.iter(|| generate(&config, identity, &facts).to_job_config()));
    group.bench_function("text to text", |bencher| bencher.iter(|| text_to_text(text, identity, &registry)));
    group.finish();
    criterion.final_summary();
}

fn decode(text: &str) -> ReleaseBuildConfiguration {
    read(&parse(text).unwrap(), Strictness::Lenient).unwrap()
}

fn validate(config: &ReleaseBuildConfiguration, identity: &Metadata) {
    let violations = validate_config(config, &identity.org, &identity.repo);
    assert!(violations.is_empty(), "{violations:#?}");
}

fn generate<'c>(
    config: &'c ReleaseBuildConfiguration,
    identity: &'c Metadata,
    facts: &[TestFacts<'c>],
) -> GeneratedJobs<'c> {
    let profile = |index: usize, _: &'c _| {
        let profile = facts.get(index).and_then(|facts| facts.cluster_profile);
        Ok(profile.map(|profile| CloudProfile { name: profile.name, cluster_type: profile.cluster_type }))
    };
    generate_jobs(config, identity, &profile).unwrap()
}

fn text_to_text(text: &str, identity: &Metadata, registry: &Registry) -> String {
    let config = decode(text);
    validate(&config, identity);
    let facts = registry.check(&config).unwrap();
    write(&generate(&config, identity, &facts).to_job_config(), 4096).unwrap()
}
