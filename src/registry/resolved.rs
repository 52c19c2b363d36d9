//! A resolved test: the registry's steps by reference, with what the test makes of them beside.
//!
//! Nothing is copied until [`ResolvedTest::to_literal`] makes the model's own form of it.

use std::collections::BTreeMap;

use crate::model::config::{
    ClusterProfile, ClusterProfileLiteral, LiteralTestStep, MultiStageTestConfigurationLiteral, Observer,
    StepDNSConfig, StepLease,
};

use super::resolve::Merged;
use super::walk::{At, Collect, Home, Seen};

/// A step as a test runs it.
#[derive(Clone, Debug)]
pub struct ResolvedStep<'r> {
    /// The step as it is defined.
    pub step: &'r LiteralTestStep,
    /// For each of its parameters, the value that replaces the default.
    pub parameters: Vec<Option<&'r str>>,
    /// For each of its dependencies, the image that replaces the named one.
    pub dependencies: Vec<Option<&'r str>>,
    /// The test's or workflow's, else the step's own.
    pub dns_config: Option<&'r StepDNSConfig>,
    /// The test's override for this step, else the test's or workflow's, else the step's own.
    pub node_architecture: Option<&'r str>,
    /// Where the test asks for it, below its `steps`.
    pub at: At<'r>,
    /// Where it is written.
    pub home: Home<'r>,
}

/// An observer as a test runs it.
#[derive(Clone, Debug)]
pub struct ResolvedObserver<'r> {
    /// The observer as it is defined.
    pub observer: &'r Observer,
    /// For each of its parameters, the value that replaces the default.
    pub parameters: Vec<Option<&'r str>>,
}

/// A multi-stage test with all its steps.
#[derive(Clone, Debug)]
pub struct ResolvedTest<'r> {
    /// The profile of the cluster it installs.
    pub cluster_profile: Option<&'r ClusterProfile>,
    /// Steps of the phases pre, test and post.
    pub phases: [Vec<ResolvedStep<'r>>; 3],
    /// By name.
    pub observers: Vec<ResolvedObserver<'r>>,
    /// The workflow's, then the test's.
    pub leases: Vec<&'r StepLease>,
    /// Full pull specs for dependencies.
    pub dependency_overrides: BTreeMap<String, String>,
    /// Whether post steps may be skipped after success.
    pub allow_skip_on_success: Option<bool>,
    /// Whether post steps may fail.
    pub allow_best_effort_post_steps: Option<bool>,
}

/// What a walk collects for a [`ResolvedTest`].
#[derive(Debug, Default)]
pub(super) struct Collected<'r> {
    phases: Vec<Vec<ResolvedStep<'r>>>,
    phase: Vec<ResolvedStep<'r>>,
    observers: Vec<ResolvedObserver<'r>>,
}

impl<'r> Collect<'r> for Collected<'r> {
    type Values = Vec<Option<&'r str>>;

    fn value(values: &mut Self::Values, value: Option<&'r str>) {
        values.push(value);
    }

    fn step(&mut self, seen: Seen<'r>, parameters: Self::Values, dependencies: Self::Values) {
        let Seen { step, at, home } = seen;
        let (dns_config, node_architecture) = (step.dns_config.as_ref(), step.node_architecture.as_deref());
        self.phase.push(ResolvedStep { step, parameters, dependencies, dns_config, node_architecture, at, home });
    }

    fn end_phase(&mut self) {
        self.phases.push(std::mem::take(&mut self.phase));
    }

    fn observer(&mut self, observer: &'r Observer, parameters: Self::Values) {
        self.observers.push(ResolvedObserver { observer, parameters });
    }
}

impl<'r> ResolvedTest<'r> {
    pub(super) fn new(merged: &Merged<'r>, profile: Option<&'r ClusterProfile>, collected: Collected<'r>) -> Self {
        let mut phases = collected.phases.into_iter();
        let mut phases = [(); 3].map(|()| phases.next().unwrap_or_default());
        for step in phases.iter_mut().flatten() {
            let overrides = &merged.steps.node_architecture_overrides;
            let pinned = overrides.get(&step.step.name).map(String::as_str);
            step.node_architecture = pinned.or(merged.node_architecture).or(step.node_architecture);
            step.dns_config = merged.dns_config.or(step.dns_config);
        }
        Self {
            cluster_profile: profile,
            phases,
            observers: collected.observers,
            leases: merged.leases.clone(),
            dependency_overrides: merged.dependency_overrides(),
            allow_skip_on_success: merged.allow_skip_on_success,
            allow_best_effort_post_steps: merged.allow_best_effort_post_steps,
        }
    }

    /// The test in the form a configuration has for tests that are resolved.
    pub fn to_literal(&self) -> MultiStageTestConfigurationLiteral {
        let [pre, test, post] = &self.phases;
        let steps = |phase: &[ResolvedStep<'r>]| phase.iter().map(ResolvedStep::to_literal).collect();
        MultiStageTestConfigurationLiteral {
            cluster_profile_literal: self.cluster_profile.map(literal_profile),
            pre: steps(pre),
            test: steps(test),
            post: steps(post),
            leases: self.leases.iter().copied().cloned().collect(),
            allow_skip_on_success: self.allow_skip_on_success,
            allow_best_effort_post_steps: self.allow_best_effort_post_steps,
            observers: self.observers.iter().map(ResolvedObserver::to_literal).collect(),
            dependency_overrides: self.dependency_overrides.clone(),
            ..MultiStageTestConfigurationLiteral::default()
        }
    }
}

impl ResolvedStep<'_> {
    /// The step with its values put in.
    pub fn to_literal(&self) -> LiteralTestStep {
        let mut step = self.step.clone();
        for (entry, value) in step.env.iter_mut().zip(&self.parameters) {
            if let Some(value) = value {
                entry.default = Some((*value).to_owned());
            }
        }
        for (entry, image) in step.dependencies.iter_mut().zip(&self.dependencies) {
            if let Some(image) = image {
                entry.name = (*image).to_owned();
            }
        }
        step.dns_config = self.dns_config.cloned();
        step.node_architecture = self.node_architecture.map(str::to_owned);
        step
    }
}

impl ResolvedObserver<'_> {
    /// The observer with its values put in.
    pub fn to_literal(&self) -> Observer {
        let mut observer = self.observer.clone();
        for (entry, value) in observer.env.iter_mut().zip(&self.parameters) {
            if let Some(value) = value {
                entry.default = Some((*value).to_owned());
            }
        }
        observer
    }
}

fn literal_profile(profile: &ClusterProfile) -> ClusterProfileLiteral {
    ClusterProfileLiteral {
        name: profile.name.clone(),
        lease_type: profile.lease_type.clone(),
        ip_pool_lease_type: profile.ip_pool_lease_type.clone(),
        cluster_type: profile.cluster_type.clone(),
        secret: profile.secret.clone(),
    }
}
