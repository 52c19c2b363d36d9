//! What a change of registry files touches: the definitions in them, whatever is made of those, and the tests that use it.
//!
//! A file's name and place say what it defines, so that a file that was just deleted still counts, and a directory
//! stands for everything below it. Start at [`Registry::touched`].

use std::collections::BTreeSet;

use crate::model::config::{MultiStageTestConfiguration, TestStep};

use super::Registry;
use super::definition::{FileKind, PROFILES_DIR, file_kind, stem};
use super::graph::{PHASES, inline, phase};

/// The definitions that changed files touch, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Set when cluster profiles are among them, which any test may use.
    everything: bool,
    steps: Names,
    chains: Names,
    workflows: Names,
    observers: Names,
}

/// Names of one kind of definition.
#[derive(Debug, Default, PartialEq, Eq)]
struct Names {
    exactly: BTreeSet<String>,
    /// What the names of everything in changed directories begin with.
    below: BTreeSet<String>,
}

impl Names {
    fn has(&self, name: &str) -> bool {
        let is_below = |prefix: &String| {
            prefix.is_empty()
                || name.strip_prefix(&**prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.exactly.contains(name) || self.below.iter().any(is_below)
    }

    fn has_any(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Adds a name; whether it is new.
    fn add(&mut self, name: &str) -> bool {
        !self.has(name) && self.exactly.insert(name.to_owned())
    }
}

impl Touched {
    /// Takes a path below the registry's root: a file or a directory, there or not.
    fn add(&mut self, path: &str) {
        let name = stem(path);
        match file_kind(path) {
            FileKind::Step => drop(self.steps.add(name)),
            FileKind::Chain => drop(self.chains.add(name)),
            FileKind::Workflow => drop(self.workflows.add(name)),
            FileKind::Observer => drop(self.observers.add(name)),
            FileKind::Script => {
                self.steps.add(name);
                self.observers.add(name);
            }
            FileKind::Profiles => self.everything = true,
            FileKind::Unknown => self.add_directory(path),
            FileKind::Metadata | FileKind::Version | FileKind::Ignored => {}
        }
    }

    fn add_directory(&mut self, path: &str) {
        let path = path.trim_matches('/');
        self.everything |= path.is_empty() || path.split('/').any(|part| part == PROFILES_DIR);
        let prefix = path.replace('/', "-");
        for names in [&mut self.steps, &mut self.chains, &mut self.workflows, &mut self.observers] {
            names.below.insert(prefix.clone());
        }
    }

    /// Whether every test has to be thought of as touched.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// What is touched by name, with its kind; what is touched as part of a directory is not among it.
    pub fn definitions(&self) -> impl Iterator<Item = (FileKind, &str)> {
        let kinds = [
            (FileKind::Step, &self.steps),
            (FileKind::Chain, &self.chains),
            (FileKind::Workflow, &self.workflows),
            (FileKind::Observer, &self.observers),
        ];
        kinds.into_iter().flat_map(|(kind, names)| names.exactly.iter().map(move |name| (kind, &**name)))
    }

    /// Whether a test, or a workflow, uses any of it.
    pub fn is_used_by(&self, test: &MultiStageTestConfiguration) -> bool {
        test.workflow.as_ref().is_some_and(|name| self.workflows.has(name))
            || test.observers.as_ref().is_some_and(|observers| self.observers.has_any(&observers.enable))
            || (0..PHASES.len()).any(|number| phase(test, number).iter().any(|step| self.is_used_by_step(step)))
    }

    fn is_used_by_step(&self, step: &TestStep) -> bool {
        step.chain.as_ref().is_some_and(|name| self.chains.has(name))
            || step.reference.as_ref().is_some_and(|name| self.steps.has(name))
            || inline(step).is_some_and(|step| self.observers.has_any(&step.observers))
    }
}

impl Registry {
    /// What changes at these paths touch; they are files or directories below the registry's root.
    pub fn touched<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Touched {
        let mut touched = Touched::default();
        for path in paths {
            touched.add(path);
        }
        for node in &self.graph.steps {
            if touched.observers.has_any(&node.step.observers) {
                touched.steps.add(&node.step.name);
            }
        }
        // Chains are in each other to a bounded depth, so that this ends; mostly it is over after a few rounds.
        let mut grows = true;
        while grows {
            grows = false;
            for node in &self.graph.chains {
                if node.chain.steps.iter().flatten().any(|step| touched.is_used_by_step(step)) {
                    grows |= touched.chains.add(&node.chain.name);
                }
            }
        }
        for node in &self.graph.workflows {
            if touched.is_used_by(&node.steps) {
                touched.workflows.add(&node.name);
            }
        }
        touched
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::Graph;
    use super::*;
    use crate::model::config::{LiteralTestStep, Observer, RegistryChain};

    fn reference(name: &str) -> TestStep {
        TestStep { reference: Some(name.into()), ..TestStep::default() }
    }

    fn chain(name: &str) -> TestStep {
        TestStep { chain: Some(name.into()), ..TestStep::default() }
    }

    fn steps(pre: Vec<TestStep>) -> MultiStageTestConfiguration {
        MultiStageTestConfiguration { pre: pre.into(), ..MultiStageTestConfiguration::default() }
    }

    /// Step `a-b` is in chain `inner`, that is in chain `outer`, that is in workflow `whole`; step `a-bc` is alone, and
    /// step `watched` has an observer.
    fn registry() -> Registry {
        let literal = |name: &str| LiteralTestStep { name: name.into(), ..LiteralTestStep::default() };
        let made = |name: &str, step: TestStep| RegistryChain {
            name: name.into(),
            steps: Some(vec![step]),
            ..RegistryChain::default()
        };
        let watched = LiteralTestStep { observers: vec!["eye".into()], ..literal("watched") };
        let eye = Observer { name: "eye".into(), ..Observer::default() };
        let graph = Graph::new(
            vec![literal("a-b"), literal("a-bc"), watched],
            vec![made("inner", reference("a-b")), made("outer", chain("inner"))],
            vec![("whole".into(), steps(vec![chain("outer")]))],
            vec![eye],
        );
        Registry { graph, ..Registry::default() }
    }

    fn users(path: &str) -> Vec<&'static str> {
        let touched = registry().touched([path]);
        let workflow = MultiStageTestConfiguration { workflow: Some("whole".into()), ..steps(Vec::new()) };
        let tests = [
            ("a-b", steps(vec![reference("a-b")])),
            ("a-bc", steps(vec![reference("a-bc")])),
            ("watched", steps(vec![reference("watched")])),
            ("outer", steps(vec![chain("outer")])),
            ("whole", workflow),
            ("gone", steps(vec![reference("gone")])),
        ];
        tests.into_iter().filter(|(_, test)| touched.is_used_by(test)).map(|(name, _)| name).collect()
    }

    #[test]
    fn a_change_touches_whatever_is_made_of_it() {
        assert_eq!(users("a/b/a-b-ref.yaml"), ["a-b", "outer", "whole"]);
        assert_eq!(users("a/b/a-b-commands.sh"), ["a-b", "outer", "whole"]);
        assert_eq!(users("a/b"), ["a-b", "outer", "whole"]);
        assert_eq!(users("a"), ["a-b", "a-bc", "outer", "whole"]);
        assert_eq!(users("outer/outer-chain.yaml"), ["outer", "whole"]);
        assert_eq!(users("whole/whole-workflow.yaml"), ["whole"]);
        assert_eq!(users("eye/eye-observer.yaml"), ["watched"]);
        assert_eq!(users("gone/gone-ref.yaml"), ["gone"]);
        assert_eq!(users("a/b/OWNERS"), Vec::<&str>::new());
    }

    #[test]
    fn profiles_and_the_whole_registry_touch_everything() {
        for path in ["", "cluster-profiles", "cluster-profiles/cluster-profiles-config.yaml"] {
            assert!(registry().touched([path]).is_everything(), "{path}");
        }
        assert!(!registry().touched(["a", "cluster-profiles/notes.txt"]).is_everything());
    }
}
