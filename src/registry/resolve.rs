//! From a configuration's tests to what they run: the workflow merged in, chains expanded, values filled in.
//!
//! [`Registry::check`] and [`Registry::resolve`] say the same about what is wrong. The reference stops at the first
//! test that does not resolve; here all are reported. Read [`Merged`], then [`Registry::walk_test`].

use std::collections::BTreeMap;

use crate::diagnostic::rule::{Rule, rules};
use crate::diagnostic::{KeyPath, Violation};
use crate::model::config::{
    ClusterProfile, MultiStageTestConfiguration, Observers, ReleaseBuildConfiguration, StepDNSConfig, StepLease,
    TestStep, TestStepConfiguration,
};

use super::Registry;
use super::definition::FileKind;
use super::graph::{Graph, Link, PHASES, WorkflowNode, given_phase, phase};
use super::resolved::{Collected, ResolvedTest};
use super::walk::{At, Collect, Declared, Fault, Nothing, Walk, declared};

rules! {
    UNKNOWN_WORKFLOW = "unknown-workflow",
        "a test uses a workflow that the registry does not have",
        "The test cannot be resolved, so no job of the file is made.",
        "correct the name, or add the workflow to the registry";
    CONFLICTING_LEASE = "conflicting-lease",
        "a test leases something else into a variable that its workflow leases into",
        "Steps of the workflow would be told of the wrong resource.",
        "give the test's lease an environment variable of its own, or remove it";
    UNKNOWN_CLUSTER_PROFILE = "unknown-cluster-profile",
        "a test or its workflow names a cluster profile that is not defined",
        "Nobody knows which cloud account to install the cluster with, so no job of the file is made.",
        "correct the name, or add the profile to cluster-profiles-config.yaml of the registry";
}

/// What job generation wants to know of a resolved test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TestFacts<'r> {
    /// Name and type of the cluster profile the test runs with: its own, its workflow's or its literal one.
    pub cluster_profile: Option<ClusterProfileFacts<'r>>,
}

/// See [`TestFacts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterProfileFacts<'r> {
    /// The profile's name.
    pub name: &'r str,
    /// Its `cluster_type`.
    pub cluster_type: &'r str,
}

/// A test with its workflow, by reference.
pub(super) struct Merged<'r> {
    pub steps: &'r MultiStageTestConfiguration,
    pub workflow: Option<&'r WorkflowNode>,
    pub cluster_profile: &'r str,
    pub dns_config: Option<&'r StepDNSConfig>,
    pub node_architecture: Option<&'r str>,
    pub leases: Vec<&'r StepLease>,
    pub allow_skip_on_success: Option<bool>,
    pub allow_best_effort_post_steps: Option<bool>,
    observers: Option<&'r Observers>,
}

impl<'r> Merged<'r> {
    fn new(
        graph: &'r Graph,
        test: &'r TestStepConfiguration,
        steps: &'r MultiStageTestConfiguration,
    ) -> Result<Self, Fault<'r>> {
        let own_architecture = Some(test.node_architecture.as_str()).filter(|name| !name.is_empty());
        let mut merged = Self {
            steps,
            workflow: None,
            cluster_profile: &steps.cluster_profile,
            dns_config: steps.dns_config.as_ref(),
            node_architecture: steps.node_architecture.as_deref().or(own_architecture),
            leases: Vec::new(),
            allow_skip_on_success: steps.allow_skip_on_success,
            allow_best_effort_post_steps: steps.allow_best_effort_post_steps,
            observers: steps.observers.as_ref(),
        };
        let Some(name) = &steps.workflow else {
            merged.leases = steps.leases.iter().collect();
            return Ok(merged);
        };
        let Some(workflow) = graph.workflow(name) else {
            if graph.is_broken(FileKind::Workflow, name) {
                return Ok(merged);
            }
            return Err(fault(&UNKNOWN_WORKFLOW, At::Key("workflow"), format!("no workflow named {name}")));
        };
        let base = &workflow.steps;
        merged.workflow = Some(workflow);
        if merged.cluster_profile.is_empty() {
            merged.cluster_profile = &base.cluster_profile;
        }
        merged.dns_config = merged.dns_config.or(base.dns_config.as_ref());
        merged.node_architecture = merged.node_architecture.or(base.node_architecture.as_deref());
        merged.observers = merged.observers.or(base.observers.as_ref());
        merged.allow_skip_on_success = merged.allow_skip_on_success.or(base.allow_skip_on_success);
        merged.allow_best_effort_post_steps = merged.allow_best_effort_post_steps.or(base.allow_best_effort_post_steps);
        merged.leases = merge_leases(&base.leases, &steps.leases)?;
        Ok(merged)
    }

    /// A phase's steps with where they lead, and whether they are the workflow's.
    fn phase(&self, number: usize) -> (&'r [TestStep], Option<&'r [Link]>) {
        match (given_phase(self.steps, number), self.workflow) {
            (None, Some(workflow)) => {
                (phase(&workflow.steps, number), workflow.links.get(number).map(|links| &**links))
            }
            (own, _) => (own.unwrap_or_default(), None),
        }
    }

    /// The workflow's steps that the test replaces.
    fn overridden(&self) -> impl Iterator<Item = (Link, &'r TestStep)> {
        let replaced =
            self.workflow.into_iter().flat_map(|workflow| (0..PHASES.len()).map(move |number| (workflow, number)));
        let steps = self.steps;
        replaced.filter(move |(_, number)| given_phase(steps, *number).is_some()).flat_map(|(workflow, number)| {
            let links = workflow.links.get(number).into_iter().flatten().copied();
            links.zip(phase(&workflow.steps, number))
        })
    }

    /// Overrides of dependencies' images, the test's over the workflow's.
    pub(super) fn dependency_overrides(&self) -> BTreeMap<String, String> {
        let mut overrides = self.workflow.map(|node| node.steps.dependency_overrides.clone()).unwrap_or_default();
        overrides.extend(self.steps.dependency_overrides.clone());
        overrides
    }
}

fn fault<'r>(rule: &'static Rule, at: At<'r>, what: String) -> Fault<'r> {
    Fault { rule, at, message: what.clone(), chain: None, what }
}

/// The workflow's leases, then those of the test that it does not have. One variable cannot stand for two leases.
fn merge_leases<'r>(base: &'r [StepLease], own: &'r [StepLease]) -> Result<Vec<&'r StepLease>, Fault<'r>> {
    let mut merged: Vec<&StepLease> = base.iter().collect();
    let mut conflicts: Vec<&str> = Vec::new();
    let mut first = None;
    for (index, lease) in own.iter().enumerate() {
        match merged.iter().rev().find(|other| other.env == lease.env) {
            None => merged.push(lease),
            Some(other) if *other == lease => {}
            Some(_) => {
                first = first.or(Some(index));
                conflicts.push(&lease.env);
            }
        }
    }
    match first {
        None => Ok(merged),
        Some(index) => {
            let names = conflicts.join(" ");
            let what = format!("cannot override workflow environment variable for lease(s): [{names}]");
            Err(fault(&CONFLICTING_LEASE, At::Field("leases", index, "env"), what))
        }
    }
}

impl Registry {
    /// Whether all tests resolve, and what job generation wants to know of each, in their order.
    pub fn check<'r>(&'r self, config: &'r ReleaseBuildConfiguration) -> Result<Vec<TestFacts<'r>>, Vec<Violation>> {
        let mut facts = Vec::with_capacity(config.tests.len());
        let mut violations = Vec::new();
        for (index, test) in config.tests.iter().enumerate() {
            match self.check_test(test) {
                Ok(fact) => facts.push(fact),
                Err(faults) => violations.extend(place_faults(index, faults)),
            }
        }
        if violations.is_empty() { Ok(facts) } else { Err(violations) }
    }

    /// The configuration with each multi-stage test in its literal form.
    pub fn resolve(&self, config: &ReleaseBuildConfiguration) -> Result<ReleaseBuildConfiguration, Vec<Violation>> {
        let mut resolved = config.clone();
        let mut violations = Vec::new();
        for (index, (test, target)) in config.tests.iter().zip(&mut resolved.tests).enumerate() {
            match self.resolve_test(index, test) {
                Ok(None) => {}
                Ok(Some(literal)) => {
                    target.literal_steps = Some(literal.to_literal());
                    target.steps = None;
                }
                Err(found) => violations.extend(found),
            }
        }
        if violations.is_empty() { Ok(resolved) } else { Err(violations) }
    }

    /// One test with all its steps, or nothing for a test that is not multi-stage. `index` is its place among the tests.
    pub fn resolve_test<'r>(
        &'r self,
        index: usize,
        test: &'r TestStepConfiguration,
    ) -> Result<Option<ResolvedTest<'r>>, Vec<Violation>> {
        let Some(steps) = &test.steps else { return Ok(None) };
        match self.walk_test(test, steps, Collected::default()) {
            Ok((merged, profile, collected)) => Ok(Some(ResolvedTest::new(&merged, profile, collected))),
            Err(faults) => Err(place_faults(index, faults).collect()),
        }
    }

    fn check_test<'r>(&'r self, test: &'r TestStepConfiguration) -> Result<TestFacts<'r>, Vec<Fault<'r>>> {
        let facts = |name: &'r str, cluster_type: &'r str| TestFacts {
            cluster_profile: Some(ClusterProfileFacts { name, cluster_type }),
        };
        let Some(steps) = &test.steps else {
            let literal = test.literal_steps.as_ref().and_then(|literal| literal.cluster_profile_literal.as_ref());
            return Ok(literal.map(|profile| facts(&profile.name, &profile.cluster_type)).unwrap_or_default());
        };
        let (_, profile, Nothing) = self.walk_test(test, steps, Nothing)?;
        Ok(profile.map(|profile| facts(&profile.name, &profile.cluster_type)).unwrap_or_default())
    }

    /// Merges a test with its workflow and walks its steps and observers.
    #[allow(clippy::type_complexity)]
    fn walk_test<'r, C: Collect<'r>>(
        &'r self,
        test: &'r TestStepConfiguration,
        steps: &'r MultiStageTestConfiguration,
        collect: C,
    ) -> Result<(Merged<'r>, Option<&'r ClusterProfile>, C), Vec<Fault<'r>>> {
        let merged = Merged::new(&self.graph, test, steps).map_err(|fault| vec![fault])?;
        let mut walk = Walk::new(&self.graph, collect);
        walk.scope.enter("test", &test.name);
        give_all(&mut walk, &merged);
        walk.blind = steps.workflow.is_some() && merged.workflow.is_none();
        let profile = match merged.cluster_profile {
            "" => None,
            _ if self.graph.broken.iter().any(|(kind, _)| *kind == FileKind::Profiles) => None,
            name => self.cluster_profile(name).or_else(|| {
                walk.at = At::Key(if steps.cluster_profile.is_empty() { "workflow" } else { "cluster_profile" });
                let what = format!("cluster profile {name} is not defined");
                walk.bare_fault(&UNKNOWN_CLUSTER_PROFILE, what.clone(), what);
                None
            }),
        };
        if let Some(workflow) = merged.workflow {
            walk.scope.enter("workflow", &workflow.name);
        }
        walk_phases(&mut walk, &merged, &self.graph);
        walk_observers(&mut walk, &merged);
        report_unused(&mut walk, &merged, &self.graph);
        if walk.blind || walk.faults.is_empty() { Ok((merged, profile, walk.collect)) } else { Err(walk.faults) }
    }
}

fn place_faults<'r>(index: usize, faults: Vec<Fault<'r>>) -> impl Iterator<Item = Violation> {
    let root = KeyPath::root().key("tests").item(index).key("steps");
    faults.into_iter().map(move |fault| fault.violation(&root))
}

/// Lets the test give its parameters and dependencies, then those of its workflow that it does not override.
fn give_all<'r, C: Collect<'r>>(walk: &mut Walk<'r, C>, merged: &Merged<'r>) {
    let own = merged.steps;
    for (name, value) in &own.env {
        let symbol = walk.names.symbol(name);
        walk.scope.give_parameter(symbol, name, Some(value));
    }
    for (name, value) in &own.dependencies {
        let symbol = walk.names.symbol(name);
        walk.scope.give_dependency(symbol, name, value);
    }
    let Some(workflow) = merged.workflow else { return };
    for ((name, value), symbol) in workflow.steps.env.iter().zip(&workflow.env) {
        if !own.env.contains_key(name) {
            walk.scope.give_parameter(*symbol, name, Some(value));
        }
    }
    for ((name, value), symbol) in workflow.steps.dependencies.iter().zip(&workflow.dependencies) {
        if !own.dependencies.contains_key(name) {
            walk.scope.give_dependency(*symbol, name, value);
        }
    }
}

fn walk_phases<'r, C: Collect<'r>>(walk: &mut Walk<'r, C>, merged: &Merged<'r>, graph: &'r Graph) {
    for (number, name) in PHASES.into_iter().enumerate() {
        walk.begin_phase();
        let (steps, links) = merged.phase(number);
        for (index, step) in steps.iter().enumerate() {
            let link = match links {
                Some(links) => {
                    walk.at = At::Key("workflow");
                    links.get(index).copied().unwrap_or(Link::Nothing)
                }
                None => {
                    walk.at = At::Item(name, index);
                    graph.link(step)
                }
            };
            walk.step(link, step);
        }
        walk.collect.end_phase();
    }
}

fn walk_observers<'r, C: Collect<'r>>(walk: &mut Walk<'r, C>, merged: &Merged<'r>) {
    if walk.observers.is_empty() && merged.observers.is_none() {
        return;
    }
    let mut names = std::mem::take(&mut walk.observers);
    if let Some(observers) = merged.observers {
        let is_own = merged.steps.observers.is_some();
        let at = |index| if is_own { At::Observer(index) } else { At::Key("workflow") };
        names.extend(observers.enable.iter().enumerate().map(|(index, name)| (name.as_str(), at(index))));
        names.retain(|(name, _)| !observers.disable.iter().any(|disabled| disabled == name));
    }
    names.sort_by_key(|(name, _)| *name);
    names.dedup_by_key(|(name, _)| *name);
    for (name, at) in names {
        walk.at = at;
        walk.observer(name);
    }
}

/// Reports what the test or its workflow gives in vain. A workflow may give what only replaced steps declare.
fn report_unused<'r, C: Collect<'r>>(walk: &mut Walk<'r, C>, merged: &Merged<'r>, graph: &'r Graph) {
    if walk.scope.unused_parameters(0).is_empty() && walk.scope.unused_dependencies().is_empty() {
        return;
    }
    let mut excused = Declared::default();
    declared(graph, merged.overridden(), &mut walk.names, &mut excused);
    walk.report_unused_parameters(0, &excused.parameters);
    walk.report_unused_dependencies(&excused.dependencies);
}
