//! All files of a registry together: scripts to their steps, names to what they name, and every check that needs both.
//!
//! The reference stops at the first broken file, then at the first bad reference, then at the first kind of check that
//! fails; here one run reports all. What a broken file would have defined is not reported as missing as well.
//! Read [`assemble`].

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Segment, Violation};
use crate::model::config::{
    ClusterProfiles, LiteralTestStep, MultiStageTestConfiguration, Observer, RegistryChain, TestStep,
};

use crate::yaml::locate::place;
use crate::yaml::parse::parse;

use super::Registry;
use super::definition::{Content, FileKind, Parsed, beside, directory_name};
use super::graph::{Graph, Link, PHASES, phase};
use super::profiles::check_groups_and_patterns;
use super::walk::{At, Fault, Nothing, UNKNOWN_CHAIN, UNKNOWN_OBSERVER, UNKNOWN_STEP, Walk};
use super::words::tell_reference;

rules! {
    MISSING_SCRIPT = "missing-script",
        "a step or observer has no script beside it",
        "There is nothing to run, and the registry refuses to load.",
        "add the script at the path that the message names, or correct commands";
    MISSING_CLUSTER_PROFILES = "missing-cluster-profiles",
        "the step registry has no file of cluster profiles",
        "No test could say which cloud account it installs its cluster with.",
        "add cluster-profiles/cluster-profiles-config.yaml to the registry";
    CHAIN_CYCLE = "chain-cycle",
        "a chain is part of itself, by itself or through others",
        "A test that uses it would have steps without end.",
        "take the step that leads back out of one of the chains";
    DEEP_CHAIN = "deep-chain",
        "chains are nested deeper than can be followed",
        "What the innermost chains would run is not known.",
        "put steps into a chain that uses fewer others";
}

/// The rules for a single definition. They are the caller's because tests that spell out their steps are held to the
/// same ones. Key paths are taken from the definition (`from_image.tag`) or from the file (`ref.from_image.tag`).
#[derive(Clone, Copy)]
pub struct DefinitionRules {
    /// What is wrong with a step whose script has been read in.
    pub step: fn(&LiteralTestStep) -> Vec<Violation>,
    /// What is wrong with an observer whose script has been read in.
    pub observer: fn(&Observer) -> Vec<Violation>,
}

impl DefinitionRules {
    /// No rules.
    pub const NONE: Self = Self { step: |_| Vec::new(), observer: |_| Vec::new() };
}

/// The file a definition is in.
#[derive(Clone, Copy)]
struct Origin<'a> {
    path: &'a str,
    text: &'a str,
}

/// A violation with the file it is in.
type Placeless<'a> = (Origin<'a>, Violation);

/// Puts violations into their files. The trees are gone by then, so each file concerned is parsed once more.
fn place_all(mut found: Vec<Placeless<'_>>) -> Vec<Diagnostic> {
    found.sort_by_key(|(origin, _)| origin.path);
    let mut placed = Vec::with_capacity(found.len());
    let mut rest = found.into_iter().peekable();
    while let Some((origin, violation)) = rest.next() {
        let tree = parse(origin.text).unwrap_or_default();
        placed.push(place(violation, origin.path, origin.text, &tree));
        while let Some((_, violation)) = rest.next_if(|(next, _)| next.path == origin.path) {
            placed.push(place(violation, origin.path, origin.text, &tree));
        }
    }
    placed
}

/// Definitions of one kind by name, each with its file.
type Defined<'a, T> = BTreeMap<String, (T, Origin<'a>)>;

/// A name that a chain or workflow gives and nothing has.
struct Lack<'s> {
    /// Kind and name of the chain or workflow.
    owner: (&'s str, &'s str),
    kind: FileKind,
    name: &'s str,
}

impl Lack<'_> {
    fn violation(self, step: KeyPath) -> Violation {
        let (rule, key, noun) = match self.kind {
            FileKind::Chain => (UNKNOWN_CHAIN, "chain", "chain"),
            _ => (UNKNOWN_STEP, "ref", "reference"),
        };
        let (kind, owner) = self.owner;
        let message = format!("{kind} {owner} contains non-existent {noun} {}", self.name);
        Violation { rule: rule.id, path: step.key(key), message }
    }
}

#[derive(Default)]
struct Assembly<'a> {
    scripts: BTreeMap<&'a str, String>,
    steps: Defined<'a, LiteralTestStep>,
    chains: Defined<'a, RegistryChain>,
    workflows: Defined<'a, MultiStageTestConfiguration>,
    observers: Defined<'a, Observer>,
    profiles: Option<(ClusterProfiles, Origin<'a>)>,
    /// Whether there is a profiles file, broken or not.
    has_profiles_file: bool,
    /// Kinds and names of what broken files would have defined.
    broken: BTreeSet<(FileKind, String)>,
    /// Kinds and names of what is defined, but without its script.
    scriptless: BTreeSet<(FileKind, String)>,
    findings: Vec<Diagnostic>,
    /// Findings that are still without a place.
    placeless: Vec<Placeless<'a>>,
    registry: Registry,
}

/// The key under which a file defines what it defines.
fn root_key(kind: FileKind) -> &'static str {
    if kind == FileKind::Observer { "observer" } else { "ref" }
}

/// The order in which the reference walks a tree: by name within each directory. Where two files define one name, the
/// later wins.
fn walk_order(path: &str) -> impl Iterator<Item = u8> {
    path.bytes().map(|byte| if byte == b'/' { 0 } else { byte })
}

/// Puts the files of a registry together. The registry is fit for use only where there are no findings.
pub fn assemble(files: Vec<Parsed<'_>>, rules: &DefinitionRules) -> (Registry, Vec<Diagnostic>) {
    let mut files = files;
    files.retain(|file| !matches!(file.content, Content::Nothing) || !file.findings.is_empty());
    files.sort_by(|left, right| walk_order(left.path).cmp(walk_order(right.path)));
    let mut assembly = Assembly::default();
    for file in files {
        assembly.add(file);
    }
    assembly.attach_scripts();
    assembly.apply_rules(rules);
    assembly.finish_profiles();
    assembly.build_graph()
}

impl<'a> Assembly<'a> {
    fn add(&mut self, file: Parsed<'a>) {
        let origin = Origin { path: file.path, text: file.text };
        if !file.findings.is_empty() {
            self.broken.insert((file.kind, directory_name(file.path)));
        }
        self.findings.extend(file.findings);
        self.has_profiles_file |= file.kind == FileKind::Profiles;
        if let Some(name) = file.content.defines() {
            self.registry.files.insert((file.kind, name.to_owned()), file.path.to_owned());
        }
        match file.content {
            Content::Script(text) => {
                self.scripts.insert(file.path, text);
            }
            Content::Step(step) => {
                let name = step.literal_test_step.name.clone();
                self.document(&name, step.documentation);
                self.steps.insert(name, (step.literal_test_step, origin));
            }
            Content::Chain(mut chain) => {
                let documentation = std::mem::take(&mut chain.documentation);
                self.document(&chain.name, documentation);
                self.chains.insert(chain.name.clone(), (*chain, origin));
            }
            Content::Workflow(workflow) => {
                self.document(&workflow.name, workflow.documentation);
                self.workflows.insert(workflow.name, (workflow.steps, origin));
            }
            Content::Observer(observer) => {
                let name = observer.observer.name.clone();
                self.document(&name, observer.documentation);
                self.observers.insert(name, (observer.observer, origin));
            }
            Content::Profiles(profiles) => self.profiles = Some((*profiles, origin)),
            Content::Metadata(info) => {
                let base = info.path.rsplit_once('/').map_or(info.path.as_str(), |(_, base)| base).to_owned();
                self.registry.metadata.insert(base, *info);
            }
            Content::Nothing => {}
        }
    }

    fn document(&mut self, name: &str, documentation: String) {
        if !documentation.is_empty() {
            self.registry.documentation.insert(name.to_owned(), documentation);
        }
    }

    /// Puts scripts in place of their names.
    fn attach_scripts(&mut self) {
        let steps =
            self.steps.iter_mut().map(|(name, (step, origin))| (FileKind::Step, name, &mut step.commands, *origin));
        let observers = self
            .observers
            .iter_mut()
            .map(|(name, (observer, origin))| (FileKind::Observer, name, &mut observer.commands, *origin));
        // An observer may share its script with the step of the same name, and with nothing else.
        for (kind, name, commands, origin) in observers.chain(steps) {
            let path = beside(origin.path, commands);
            let script = match kind {
                FileKind::Observer => self.scripts.get(path.as_str()).cloned(),
                _ => self.scripts.remove(path.as_str()),
            };
            match script {
                Some(script) => *commands = script,
                None => {
                    let violation = Violation {
                        rule: MISSING_SCRIPT.id,
                        path: KeyPath::root().key(root_key(kind)).key("commands"),
                        message: format!("open {path}: no such file or directory"),
                    };
                    self.placeless.push((origin, violation));
                    commands.clear();
                    self.scriptless.insert((kind, name.clone()));
                }
            }
        }
    }

    fn apply_rules(&mut self, rules: &DefinitionRules) {
        let steps = self.steps.iter().map(|(name, (step, origin))| (FileKind::Step, name, *origin, (rules.step)(step)));
        let observers = self
            .observers
            .iter()
            .map(|(name, (observer, origin))| (FileKind::Observer, name, *origin, (rules.observer)(observer)));
        for (kind, name, origin, violations) in steps.chain(observers) {
            for mut violation in violations {
                if !matches!(violation.path.0.first(), Some(Segment::Key(key)) if key == root_key(kind)) {
                    violation.path.0.insert(0, Segment::Key(root_key(kind).into()));
                }
                // That there are no commands follows from what has been said about the script.
                let about_script = violation.rule.ends_with("-without-commands");
                if !about_script || !self.scriptless.contains(&(kind, name.clone())) {
                    self.placeless.push((origin, violation));
                }
            }
        }
    }

    fn finish_profiles(&mut self) {
        match self.profiles.take() {
            Some((mut profiles, origin)) => {
                for violation in check_groups_and_patterns(&mut profiles) {
                    self.placeless.push((origin, violation));
                }
                self.registry.set_profiles(profiles);
            }
            None if self.has_profiles_file => {}
            None => {
                let message = "there is no cluster-profiles/cluster-profiles-config.yaml";
                self.findings.push(Diagnostic::of_file("cluster-profiles", MISSING_CLUSTER_PROFILES.id, message));
            }
        }
    }

    fn build_graph(mut self) -> (Registry, Vec<Diagnostic>) {
        let (steps, _) = split(std::mem::take(&mut self.steps));
        let (chains, chain_origins) = split(std::mem::take(&mut self.chains));
        let workflow_names: Vec<String> = self.workflows.keys().cloned().collect();
        let (workflows, workflow_origins) = split(std::mem::take(&mut self.workflows));
        let (observers, _) = split(std::mem::take(&mut self.observers));
        let workflows = workflow_names.into_iter().zip(workflows).collect();
        let mut graph = Graph::new(steps, chains, workflows, observers);
        self.report_missing(&graph, &chain_origins, &workflow_origins);
        self.report_loops(&mut graph, &chain_origins);
        self.walk_definitions(&graph, &chain_origins, &workflow_origins);
        let mut registry = self.registry;
        graph.broken = self.broken;
        registry.graph = graph;
        let mut findings = self.findings;
        findings.extend(place_all(self.placeless));
        findings.sort_by(|left, right| left.order().cmp(&right.order()));
        findings.dedup();
        (registry, findings.into_iter().map(tell_reference).collect())
    }

    /// Reports names that chains and workflows give and nothing has.
    fn report_missing(&mut self, graph: &Graph, chains: &[Origin<'a>], workflows: &[Origin<'a>]) {
        let mut missing = Vec::new();
        for (node, origin) in graph.chains.iter().zip(chains) {
            let root = KeyPath::root().key("chain");
            for (index, step) in node.chain.steps.iter().flatten().enumerate() {
                let owner = ("Chain", node.chain.name.as_str());
                let place = || At::Item("steps", index).path(&root);
                missing.extend(self.missing_of_step(graph, owner, step).map(|lack| (*origin, lack.violation(place()))));
            }
        }
        for (node, origin) in graph.workflows.iter().zip(workflows) {
            let root = KeyPath::root().key("workflow").key("steps");
            for (number, name) in PHASES.into_iter().enumerate() {
                for (index, step) in phase(&node.steps, number).iter().enumerate() {
                    let owner = ("Workflow", node.name.as_str());
                    let place = || At::Item(name, index).path(&root);
                    missing.extend(
                        self.missing_of_step(graph, owner, step).map(|lack| (*origin, lack.violation(place()))),
                    );
                }
            }
            let enabled = node.steps.observers.iter().flat_map(|observers| &observers.enable).enumerate();
            for (index, observer) in enabled {
                if graph.observer(observer).is_none() && !self.is_broken(FileKind::Observer, observer) {
                    let path = root.key("observers").key("enable").item(index);
                    let message = format!("Workflow {} contains non-existent observer {observer}", node.name);
                    let violation = Violation { rule: UNKNOWN_OBSERVER.id, path, message };
                    missing.push((*origin, violation));
                }
            }
        }
        self.placeless.extend(missing);
    }

    /// What a step of `owner` names that is not there.
    fn missing_of_step<'s>(
        &'s self,
        graph: &Graph,
        owner: (&'s str, &'s str),
        step: &'s TestStep,
    ) -> impl Iterator<Item = Lack<'s>> {
        let reference =
            step.reference.as_deref().filter(|name| graph.step_id(name).is_none()).map(|name| (FileKind::Step, name));
        let chain =
            step.chain.as_deref().filter(|name| graph.chain_id(name).is_none()).map(|name| (FileKind::Chain, name));
        let lacks = reference.into_iter().chain(chain).filter(|(kind, name)| !self.is_broken(*kind, name));
        lacks.map(move |(kind, name)| Lack { owner, kind, name })
    }

    fn is_broken(&self, kind: FileKind, name: &str) -> bool {
        self.broken.contains(&(kind, name.to_owned()))
    }

    fn report_loops(&mut self, graph: &mut Graph, origins: &[Origin<'a>]) {
        for found in graph.cut_loops() {
            let name = |id: &usize| graph.chains.get(*id).map_or("", |node| node.chain.name.as_str());
            let Some(origin) = origins.get(found.chain) else { continue };
            let path = At::Field("steps", found.step, "chain").path(&KeyPath::root().key("chain"));
            let violation = match found.cycle.first() {
                Some(first) => {
                    let names: Vec<&str> = found.cycle.iter().chain([first]).map(name).collect();
                    let message = format!(
                        "Cycle detected: {} is an ancestor of itself; traversedPath: [{}]",
                        name(first),
                        names.join(" ")
                    );
                    Violation { rule: CHAIN_CYCLE.id, path, message }
                }
                None => {
                    let message = format!("chain {} nests too many chains", name(&found.chain));
                    Violation { rule: DEEP_CHAIN.id, path, message }
                }
            };
            self.placeless.push((*origin, violation));
        }
    }

    /// Walks every chain and workflow by itself. What is wrong with a chain is not repeated for all that use it.
    fn walk_definitions(&mut self, graph: &Graph, chains: &[Origin<'a>], workflows: &[Origin<'a>]) {
        let mut known: BTreeSet<(u32, String)> = BTreeSet::new();
        let step = |id: u32, index: usize| graph.chains.get(id as usize)?.chain.steps.iter().flatten().nth(index);
        let mut outer: Vec<(Origin<'_>, u32, Vec<Fault<'_>>)> = Vec::new();
        for (id, origin) in (0..).zip(chains) {
            let mut walk = Walk::partial(graph, Nothing);
            walk.chain(id, true);
            let (own, inherited): (Vec<_>, Vec<_>) = walk.faults.into_iter().partition(|fault| fault.chain == Some(id));
            known.extend(own.iter().map(|fault| (id, fault.what.clone())));
            let root = KeyPath::root().key("chain");
            self.placeless.extend(
                own.into_iter().map(|fault| (*origin, fault.violation_at_name(&root, |_, index| step(id, index)))),
            );
            outer.push((*origin, id, inherited));
        }
        let is_known = |fault: &Fault<'_>| fault.chain.is_some_and(|id| known.contains(&(id, fault.what.clone())));
        for (origin, id, faults) in outer {
            let root = KeyPath::root().key("chain");
            let new = faults.into_iter().filter(|fault| !is_known(fault));
            self.placeless
                .extend(new.map(|fault| (origin, fault.violation_at_name(&root, |_, index| step(id, index)))));
        }
        for (node, origin) in graph.workflows.iter().zip(workflows) {
            let faults = walk_workflow(graph, node);
            let root = KeyPath::root().key("workflow").key("steps");
            let new = faults.into_iter().filter(|fault| !is_known(fault));
            let step = |list: &str, index: usize| {
                let number = PHASES.iter().position(|name| *name == list)?;
                phase(&node.steps, number).get(index)
            };
            self.placeless.extend(new.map(|fault| (*origin, fault.violation_at_name(&root, step))));
        }
    }
}

fn walk_workflow<'r>(graph: &'r Graph, node: &'r super::graph::WorkflowNode) -> Vec<Fault<'r>> {
    let mut walk = Walk::partial(graph, Nothing);
    walk.scope.enter("workflow", &node.name);
    for ((name, value), symbol) in node.steps.env.iter().zip(&node.env) {
        walk.scope.give_parameter(*symbol, name, Some(value));
    }
    for ((name, value), symbol) in node.steps.dependencies.iter().zip(&node.dependencies) {
        walk.scope.give_dependency(*symbol, name, value);
    }
    for (number, name) in PHASES.into_iter().enumerate() {
        walk.begin_phase();
        let links = node.links.get(number).map_or(&[] as &[Link], |links| links);
        for (index, (link, step)) in links.iter().zip(phase(&node.steps, number)).enumerate() {
            walk.at = At::Item(name, index);
            walk.step(*link, step);
        }
    }
    walk.report_unused_parameters(0, &[]);
    walk.report_unused_dependencies(&[]);
    walk.faults
}

fn split<'a, T>(defined: Defined<'a, T>) -> (Vec<T>, Vec<Origin<'a>>) {
    defined.into_values().unzip()
}
