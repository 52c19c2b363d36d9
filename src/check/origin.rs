//! From a place in a resolved config to the places where people wrote it: in the config, and in the registry.
//!
//! What shows in the resolved form of a test may come from the test itself, from its workflow, or from a step or chain that
//! either names. The value in the config that brings it along is the finding's place; where it is defined goes along.

use super::finding::{Finding, Subject};
use crate::diagnostic::{KeyPath, Segment};
use crate::model::config::{MultiStageTestConfiguration, TestStepConfiguration};
use crate::registry::{At, FileKind, Home, ResolvedStep, ResolvedTest};

/// A test of a config with what the registry makes of it.
pub(super) struct Resolution<'c> {
    /// The test's place among the tests.
    pub index: usize,
    pub test: &'c TestStepConfiguration,
    pub steps: &'c MultiStageTestConfiguration,
    pub resolved: ResolvedTest<'c>,
}

/// The phases of a test.
const PHASES: [&str; 3] = ["pre", "test", "post"];

impl Resolution<'_> {
    fn test_path(&self) -> KeyPath {
        KeyPath::root().key("tests").item(self.index)
    }

    fn steps_path(&self) -> KeyPath {
        self.test_path().key("steps")
    }

    /// Puts a finding in the resolved test where it was written.
    pub(super) fn place(&self, mut finding: Finding) -> Finding {
        let path = std::mem::take(&mut finding.violation.path).0;
        match path.get(3..).unwrap_or_default() {
            [] => self.place_at_claim(finding),
            [Segment::Key(key), Segment::Item(index), rest @ ..] if key == "leases" => {
                self.place_lease(finding, *index, rest)
            }
            [Segment::Key(phase), Segment::Item(index), rest @ ..] => {
                let number = PHASES.iter().position(|name| name == phase).unwrap_or_default();
                let step = self.resolved.phases.get(number).and_then(|steps| steps.get(*index));
                match step {
                    Some(step) => self.place_step(finding, step, rest),
                    None => at(finding, self.steps_path()),
                }
            }
            _ => at(finding, self.steps_path()),
        }
    }

    /// Two clusters: the claim is the test's own, the profile may be the workflow's.
    fn place_at_claim(&self, finding: Finding) -> Finding {
        let (path, elsewhere) = self.profile_path();
        let finding = at(finding, self.test_path().key("cluster_claim"));
        let finding = finding.and(Subject::SameConfig, path, "the other cluster comes from here");
        with(finding, elsewhere)
    }

    fn place_lease(&self, finding: Finding, index: usize, rest: &[Segment]) -> Finding {
        let lease = self.resolved.leases.get(index).copied();
        let own = lease.and_then(|lease| self.steps.leases.iter().position(|own| std::ptr::eq(own, lease)));
        match own {
            Some(own) => at(finding, extended(self.steps_path().key("leases").item(own), rest)),
            None => {
                let path = workflow_steps().key("leases").item(index);
                let finding = at(finding, self.steps_path().key("workflow"));
                with(finding, self.in_workflow(extended(path, rest), "the lease is here"))
            }
        }
    }

    fn place_step(&self, finding: Finding, step: &ResolvedStep<'_>, rest: &[Segment]) -> Finding {
        let asked = asked_for(self.steps, step.at, &self.steps_path());
        match rest {
            [Segment::Key(key)] if key == "node_architecture" => self.place_architecture(finding, step, asked),
            [Segment::Key(key), Segment::Item(index), ..] if key == "dependencies" => {
                self.place_dependency(finding, step, *index, asked, rest)
            }
            _ => self.place_in_step(finding, step, asked, rest),
        }
    }

    fn place_in_step(&self, finding: Finding, step: &ResolvedStep<'_>, asked: KeyPath, rest: &[Segment]) -> Finding {
        if step.home == Home::Test {
            return at(finding, extended(asked, rest));
        }
        with(at(finding, asked), self.home_of(step, rest))
    }

    /// The architecture of a node is the test's or its workflow's: steps of their own have been checked.
    fn place_architecture(&self, finding: Finding, step: &ResolvedStep<'_>, asked: KeyPath) -> Finding {
        let own = self.steps_path();
        let path = if self.steps.node_architecture_overrides.contains_key(&step.step.name) {
            own.key("node_architecture_overrides").key(&*step.step.name)
        } else if self.steps.node_architecture.is_some() {
            own.key("node_architecture")
        } else if !self.test.node_architecture.is_empty() {
            self.test_path().key("node_architecture")
        } else if step.step.node_architecture.as_deref() != step.node_architecture {
            let there = self.in_workflow(workflow_steps().key("node_architecture"), "the architecture is named here");
            return with(at(finding, own.key("workflow")), there);
        } else {
            return self.place_in_step(finding, step, asked, &[Segment::Key("node_architecture".into())]);
        };
        with(at(finding, path), self.home_of(step, &[]))
    }

    fn place_dependency(
        &self,
        finding: Finding,
        step: &ResolvedStep<'_>,
        index: usize,
        asked: KeyPath,
        rest: &[Segment],
    ) -> Finding {
        let is_replaced = step.dependencies.get(index).is_some_and(Option::is_some);
        let Some(dependency) = step.step.dependencies.get(index).filter(|_| is_replaced) else {
            return self.place_in_step(finding, step, asked, rest);
        };
        let own = self.steps_path();
        let finding = if self.steps.dependencies.contains_key(&dependency.env) {
            at(finding, own.key("dependencies").key(&*dependency.env))
        } else {
            let path = workflow_steps().key("dependencies").key(&*dependency.env);
            with(at(finding, own.key("workflow")), self.in_workflow(path, "the image is named here"))
        };
        with(finding, self.home_of(step, rest))
    }

    /// Where the config says which profile the test uses, and where the workflow says it.
    pub(super) fn profile_path(&self) -> (KeyPath, Option<There>) {
        if self.steps.cluster_profile.is_empty() {
            let there = self.in_workflow(workflow_steps().key("cluster_profile"), "the profile is named here");
            (self.steps_path().key("workflow"), there)
        } else {
            (self.steps_path().key("cluster_profile"), None)
        }
    }

    fn in_workflow(&self, path: KeyPath, message: &str) -> Option<There> {
        let name = self.steps.workflow.clone()?;
        Some(There { subject: Subject::Registry(FileKind::Workflow, name), path, message: message.into() })
    }

    /// Where a step is written that the test does not have itself.
    fn home_of(&self, step: &ResolvedStep<'_>, rest: &[Segment]) -> Option<There> {
        let message = format!("step {} is here", step.step.name);
        let (kind, name, path) = match step.home {
            Home::Definition => (FileKind::Step, &*step.step.name, extended(KeyPath::root().key("ref"), rest)),
            Home::Chain(name) => (FileKind::Chain, name, KeyPath::root().key("chain").key("steps")),
            Home::Workflow => (FileKind::Workflow, self.steps.workflow.as_deref()?, workflow_steps()),
            Home::Test => return None,
        };
        Some(There { subject: Subject::Registry(kind, name.to_owned()), path, message })
    }
}

/// A further place, where there is one.
pub(super) type There = super::finding::Elsewhere;

/// Adds a further place.
pub(super) fn with(mut finding: Finding, there: Option<There>) -> Finding {
    finding.elsewhere.extend(there);
    finding
}

fn at(mut finding: Finding, path: KeyPath) -> Finding {
    finding.violation.path = path;
    finding
}

fn workflow_steps() -> KeyPath {
    KeyPath::root().key("workflow").key("steps")
}

fn extended(mut path: KeyPath, rest: &[Segment]) -> KeyPath {
    path.0.extend_from_slice(rest);
    path
}

/// The value in a test that asks for a step: the name of the step or chain, or the step itself.
fn asked_for(steps: &MultiStageTestConfiguration, at: At<'_>, root: &KeyPath) -> KeyPath {
    let path = at.path(root);
    let At::Item(phase, index) = at else { return path };
    let list = match phase {
        "pre" => &steps.pre,
        "test" => &steps.test,
        _ => &steps.post,
    };
    match list.get(index) {
        Some(step) if step.chain.is_some() => path.key("chain"),
        Some(step) if step.reference.is_some() => path.key("ref"),
        _ => path,
    }
}

/// Adds to a finding of the registry's own, placed below the `steps` of a test, what is named there, and puts it at the
/// name.
pub(super) fn place_fault(mut finding: Finding, steps: &MultiStageTestConfiguration) -> Finding {
    let path = &finding.violation.path.0;
    let named = match path.get(3..).unwrap_or_default() {
        [Segment::Key(key)] if key == "workflow" => {
            steps.workflow.as_ref().map(|name| (FileKind::Workflow, name, "workflow", None))
        }
        [Segment::Key(phase), Segment::Item(index)] => {
            let list = match phase.as_str() {
                "pre" => &steps.pre,
                "test" => &steps.test,
                _ if phase == "post" => &steps.post,
                _ => return finding,
            };
            let Some(step) = list.get(*index) else { return finding };
            let chain = step.chain.as_ref().map(|name| (FileKind::Chain, name, "chain", Some("chain")));
            chain.or_else(|| step.reference.as_ref().map(|name| (FileKind::Step, name, "ref", Some("ref"))))
        }
        _ => None,
    };
    let Some((kind, name, root, key)) = named else { return finding };
    if let Some(key) = key {
        finding.violation.path = finding.violation.path.key(key);
    }
    finding.and(Subject::Registry(kind, name.clone()), KeyPath::root().key(root).key("as"), "it is defined here")
}
