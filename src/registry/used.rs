//! What of a registry is used: collected test by test, then followed through workflows, chains and steps.
//!
//! [`Uses`] holds the names that tests give; each thread may fill one of its own, to be merged. [`Registry::unused`] gives
//! the definitions that none of them leads to.

use std::collections::HashSet;

use super::Registry;
use super::definition::FileKind;
use super::graph::{PHASES, inline, phase};
use crate::model::config::{
    LiteralTestStep, MultiStageTestConfiguration, Observer, ReleaseBuildConfiguration, TestStep,
};

/// The definitions that tests name, by kind. Only ever asked whether a name is there.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    steps: HashSet<String>,
    chains: HashSet<String>,
    workflows: HashSet<String>,
    observers: HashSet<String>,
}

/// Adds a name; whether it is new.
fn add(names: &mut HashSet<String>, name: &str) -> bool {
    !names.contains(name) && names.insert(name.to_owned())
}

impl Uses {
    /// Adds what the tests of a config name.
    pub fn add_config(&mut self, config: &ReleaseBuildConfiguration) {
        let raw = config.raw_steps.iter().filter_map(|step| step.test_step.as_ref());
        for steps in config.tests.iter().chain(raw).filter_map(|test| test.steps.as_ref()) {
            if let Some(workflow) = &steps.workflow {
                add(&mut self.workflows, workflow);
            }
            self.add_steps(steps);
        }
    }

    /// Adds all that was collected elsewhere.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        self.steps.extend(other.steps);
        self.chains.extend(other.chains);
        self.workflows.extend(other.workflows);
        self.observers.extend(other.observers);
        self
    }

    fn add_steps(&mut self, steps: &MultiStageTestConfiguration) {
        for observer in steps.observers.iter().flat_map(|observers| &observers.enable) {
            add(&mut self.observers, observer);
        }
        for step in (0..PHASES.len()).flat_map(|number| phase(steps, number)) {
            self.add_step(step);
        }
    }

    /// Adds what a step names; whether that is a chain that was not named before.
    fn add_step(&mut self, step: &TestStep) -> bool {
        if let Some(name) = &step.reference {
            add(&mut self.steps, name);
        }
        for observer in inline(step).into_iter().flat_map(|step| &step.observers) {
            add(&mut self.observers, observer);
        }
        step.chain.as_ref().is_some_and(|name| add(&mut self.chains, name))
    }
}

impl Registry {
    /// All steps, by name; their `commands` are the scripts' texts.
    pub fn steps(&self) -> impl Iterator<Item = &LiteralTestStep> {
        self.graph.steps.iter().map(|node| &node.step)
    }

    /// All observers, by name.
    pub fn observers(&self) -> impl Iterator<Item = &Observer> {
        self.graph.observers.iter().map(|node| &node.observer)
    }

    /// All workflows with their names, by name.
    pub fn workflows(&self) -> impl Iterator<Item = (&str, &MultiStageTestConfiguration)> {
        self.graph.workflows.iter().map(|node| (node.name.as_str(), &node.steps))
    }

    /// The definitions that nothing uses, neither directly nor through what is used: by kind, then by name.
    pub fn unused(&self, uses: &Uses) -> Vec<(FileKind, &str)> {
        let mut uses = uses.clone();
        for (_, steps) in self.workflows().filter(|(name, _)| uses.workflows.contains(*name)).collect::<Vec<_>>() {
            uses.add_steps(steps);
        }
        // Chains are in each other to a bounded depth, so that this ends; mostly it is over after a few rounds.
        let mut grows = true;
        while grows {
            grows = false;
            for node in &self.graph.chains {
                if uses.chains.contains(&node.chain.name) {
                    for step in node.chain.steps.iter().flatten() {
                        grows |= uses.add_step(step);
                    }
                }
            }
        }
        for step in self.steps().filter(|step| uses.steps.contains(&step.name)).collect::<Vec<_>>() {
            for observer in &step.observers {
                add(&mut uses.observers, observer);
            }
        }
        let steps = self.steps().map(|step| (FileKind::Step, &*step.name, &uses.steps));
        let chains = self.graph.chains.iter().map(|node| (FileKind::Chain, &*node.chain.name, &uses.chains));
        let workflows = self.workflows().map(|(name, _)| (FileKind::Workflow, name, &uses.workflows));
        let observers = self.observers().map(|observer| (FileKind::Observer, &*observer.name, &uses.observers));
        let all = steps.chain(chains).chain(workflows).chain(observers);
        all.filter(|(_, name, used)| !used.contains(*name)).map(|(kind, name, _)| (kind, name)).collect()
    }
}
