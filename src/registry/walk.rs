//! The walk over the steps of a test, workflow or chain: which steps run, what they are told, what does not fit.
//!
//! One walk serves all: with [`Nothing`] it only finds faults, with `resolved.rs` it collects the resolved steps. The
//! registry's own chains and workflows are walked too; there parameters may still be without a value (`partial`).
//! Read [`Walk::step`] first.

use smallvec::SmallVec;

use crate::diagnostic::rule::{Rule, rules};
use crate::diagnostic::{KeyPath, Violation};
use crate::model::config::{LiteralTestStep, Observer, TestStep};
use crate::validate::{DUPLICATE_STEP, EMPTY_STEP};

use super::definition::FileKind;
use super::graph::{Graph, Link, Needs, Parameter, inline};
use super::interner::{LocalNames, Symbol};
use super::scope::Scope;

rules! {
    ENDLESS_STEPS = "endless-steps",
        "a test, chain or workflow has more steps than anything could run",
        "Chains that use chains several times grow with every level; what is made of them would fill all memory.",
        "use each chain once";
    UNKNOWN_STEP = "unknown-step",
        "a step is asked for that the registry does not have",
        "The test cannot be resolved, so no job of the file is made.",
        "correct the name, or add the step to the registry";
    UNKNOWN_CHAIN = "unknown-chain",
        "a chain is asked for that the registry does not have",
        "The test cannot be resolved, so no job of the file is made.",
        "correct the name, or add the chain to the registry";
    UNKNOWN_OBSERVER = "unknown-observer",
        "an observer is asked for that the registry does not have",
        "The test cannot be resolved, so no job of the file is made.",
        "correct the name, or add the observer to the registry";
    UNSET_PARAMETER = "unset-parameter",
        "a parameter of a step has no default, and nobody sets it",
        "The commands rely on its value and would run with an empty one.",
        "set it under env of the test, its workflow or its chain, or give it a default where the step declares it";
    UNUSED_PARAMETER = "unused-parameter",
        "a parameter is set that no step declares",
        "The value reaches nobody: most often the name is misspelt, or the step that had it is gone.",
        "correct the name, or remove the entry from env";
    UNUSED_DEPENDENCY = "unused-dependency",
        "a dependency is set that no step declares",
        "The image reaches nobody: most often the name is misspelt, or the step that had it is gone.",
        "correct the name, or remove the entry from dependencies";
}

/// Most steps and chains that one walk visits: nested chains can grow without end in few lines.
const MOST_VISITS: u32 = 100_000;

/// Faults after which a walk ends: what repeats that often says nothing new.
const MOST_FAULTS: usize = 200;

/// A step on the way, for those who keep it.
pub(super) struct Seen<'r> {
    pub step: &'r LiteralTestStep,
    pub at: At<'r>,
    pub home: Home<'r>,
}

/// Where a step that a test runs is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home<'r> {
    /// In a file of its own.
    Definition,
    /// In the chain of this name.
    Chain(&'r str),
    /// In the test's workflow.
    Workflow,
    /// In the test.
    Test,
}

/// What a walk keeps of what it sees.
pub(super) trait Collect<'r> {
    /// The values of a step's parameters or dependencies.
    type Values: Default;
    /// Adds the value that the scope gives, if any.
    fn value(values: &mut Self::Values, value: Option<&'r str>);
    /// A step that will run.
    fn step(&mut self, seen: Seen<'r>, parameters: Self::Values, dependencies: Self::Values);
    /// The end of a phase.
    fn end_phase(&mut self);
    /// An observer that will run.
    fn observer(&mut self, observer: &'r Observer, parameters: Self::Values);
}

/// Keeps nothing, for those who only want to know whether all is well.
pub(super) struct Nothing;

impl<'r> Collect<'r> for Nothing {
    type Values = ();
    fn value((): &mut (), _: Option<&'r str>) {}
    fn step(&mut self, _: Seen<'r>, (): (), (): ()) {}
    fn end_phase(&mut self) {}
    fn observer(&mut self, _: &'r Observer, (): ()) {}
}

/// Where in the definition that is walked, below its `steps`.
#[derive(Clone, Copy, Debug)]
pub enum At<'r> {
    /// All of it.
    Whole,
    /// A field, or a step that comes with a field's value.
    Key(&'static str),
    /// One entry of a field.
    Entry(&'static str, &'r str),
    /// One item of a list.
    Item(&'static str, usize),
    /// A field of an item.
    Field(&'static str, usize, &'static str),
    /// One of the observers of an item, which is a step.
    StepObserver(&'static str, usize, usize),
    /// One of the observers that are asked for.
    Observer(usize),
}

impl At<'_> {
    /// The place as a key path, when `root` leads to the `steps`.
    pub fn path(self, root: &KeyPath) -> KeyPath {
        match self {
            Self::Whole => root.clone(),
            Self::Key(key) => root.key(key),
            // Nobody knows the name, whatever the value.
            Self::Entry(key, entry) => root.key(key).name(entry),
            Self::Item(key, index) => root.key(key).item(index),
            Self::Field(key, index, field) => root.key(key).item(index).key(field),
            Self::StepObserver(key, index, number) => root.key(key).item(index).key("observers").item(number),
            Self::Observer(index) => root.key("observers").key("enable").item(index),
        }
    }
}

/// Something that does not fit.
#[derive(Debug)]
pub(super) struct Fault<'r> {
    pub rule: &'static Rule,
    pub at: At<'r>,
    pub message: String,
    /// The innermost chain it is in.
    pub chain: Option<u32>,
    /// What is wrong, without where.
    pub what: String,
}

impl Fault<'_> {
    /// The fault as a violation; `root` is the path to the `steps` of what was walked.
    pub(super) fn violation(self, root: &KeyPath) -> Violation {
        Violation { rule: self.rule.id, path: self.at.path(root), message: self.message }
    }

    /// As [`Fault::violation`]; where the fault is in one of the steps, at what that step names.
    pub(super) fn violation_at_name<'s>(
        self,
        root: &KeyPath,
        step: impl Fn(&str, usize) -> Option<&'s TestStep>,
    ) -> Violation {
        let named = match self.at {
            At::Item(list, index) => step(list, index).and_then(named),
            _ => None,
        };
        let violation = self.violation(root);
        match named {
            Some(key) => Violation { path: violation.path.key(key), ..violation },
            None => violation,
        }
    }
}

/// The key under which a step names what it stands for.
fn named(step: &TestStep) -> Option<&'static str> {
    match step {
        TestStep { chain: Some(_), .. } => Some("chain"),
        TestStep { reference: Some(_), .. } => Some("ref"),
        _ => None,
    }
}

/// A walk under way.
pub(super) struct Walk<'r, C> {
    graph: &'r Graph,
    pub names: LocalNames<'r>,
    pub scope: Scope<'r>,
    pub at: At<'r>,
    pub collect: C,
    pub faults: Vec<Fault<'r>>,
    /// Observers that the steps name, with what brings the step.
    pub observers: SmallVec<[(&'r str, At<'r>); 4]>,
    /// Whether what surrounds the steps is not known in full.
    partial: bool,
    /// Whether something on the way is defined by a broken file. What follows from that is not reported.
    pub blind: bool,
    chains: SmallVec<[u32; 8]>,
    seen: SmallVec<[Symbol; 64]>,
    visits: u32,
}

impl<'r, C: Collect<'r>> Walk<'r, C> {
    /// A walk through a test.
    pub(super) fn new(graph: &'r Graph, collect: C) -> Self {
        Self {
            graph,
            names: LocalNames::new(&graph.names),
            scope: Scope::default(),
            at: At::Whole,
            collect,
            faults: Vec::new(),
            observers: SmallVec::new(),
            partial: false,
            blind: false,
            chains: SmallVec::new(),
            seen: SmallVec::new(),
            visits: 0,
        }
    }

    /// A walk through a definition of the registry, whose references have been checked.
    pub(super) fn partial(graph: &'r Graph, collect: C) -> Self {
        Self { partial: true, ..Self::new(graph, collect) }
    }

    /// Begins a phase: step names are unique within each.
    pub(super) fn begin_phase(&mut self) {
        self.seen.clear();
    }

    /// Notes a fault, placed by what surrounds it.
    pub(super) fn fault(&mut self, rule: &'static Rule, what: String) {
        let message = format!("{}{what}", self.scope.prefix());
        self.bare_fault(rule, message, what);
    }

    /// Notes a fault whose message has no place in it.
    pub(super) fn bare_fault(&mut self, rule: &'static Rule, message: String, what: String) {
        self.faults.push(Fault { rule, at: self.at, message, chain: self.chains.last().copied(), what });
        if self.faults.len() >= MOST_FAULTS {
            self.visits = MOST_VISITS;
        }
    }

    /// Goes through one step.
    pub(super) fn step(&mut self, link: Link, step: &'r TestStep) {
        self.visits += 1;
        if self.visits >= MOST_VISITS {
            if self.visits == MOST_VISITS {
                self.fault(&ENDLESS_STEPS, format!("more than {MOST_VISITS} steps"));
            }
            return;
        }
        let name = |name: &'r Option<String>| name.as_deref().unwrap_or_default();
        match link {
            Link::Step(id) => {
                if let Some(node) = self.graph.steps.get(id as usize) {
                    self.leaf(&node.step, &node.needs, Home::Definition);
                }
            }
            Link::Chain(id) => self.chain(id, false),
            Link::Inline => {
                if let Some(literal) = inline(step) {
                    let needs = Needs::of_inline(literal, &mut self.names);
                    let home = self.home_of_inline();
                    self.leaf(literal, &needs, home);
                }
            }
            Link::UnknownStep | Link::UnknownChain if self.partial => {}
            Link::UnknownStep if self.graph.is_broken(FileKind::Step, name(&step.reference)) => self.blind = true,
            Link::UnknownChain if self.graph.is_broken(FileKind::Chain, name(&step.chain)) => self.blind = true,
            Link::UnknownStep => {
                self.fault(&UNKNOWN_STEP, format!("invalid step reference: {}", name(&step.reference)));
            }
            Link::UnknownChain => self.fault(&UNKNOWN_CHAIN, format!("unknown step chain: {}", name(&step.chain))),
            Link::Nothing => {
                let what = "encountered TestStep where both `Reference` and `LiteralTestStep` are nil";
                self.fault(&EMPTY_STEP, what.into());
            }
            Link::Cut => {}
        }
    }

    /// Goes through a chain; with `placed`, faults are placed at the chain's own steps.
    pub(super) fn chain(&mut self, id: u32, placed: bool) {
        let graph = self.graph;
        let Some(node) = graph.chains.get(id as usize) else { return };
        let frame = self.scope.depth();
        self.scope.enter("chain", &node.chain.name);
        self.chains.push(id);
        for (entry, name) in node.chain.env.iter().zip(&node.env) {
            self.scope.give_parameter(*name, &entry.name, entry.default.as_deref());
        }
        for (index, (link, step)) in node.steps().enumerate() {
            if placed {
                self.at = At::Item("steps", index);
            }
            self.step(link, step);
        }
        if placed {
            self.at = At::Key("env");
        }
        self.report_unused_parameters(frame, &[]);
        self.chains.pop();
        self.scope.leave();
    }

    /// Where the step is written out that is just looked at.
    fn home_of_inline(&self) -> Home<'r> {
        let chain = self.chains.last().and_then(|id| self.graph.chains.get(*id as usize));
        match (chain, self.at) {
            (Some(node), _) => Home::Chain(&node.chain.name),
            (None, At::Key(_)) => Home::Workflow,
            (None, _) => Home::Test,
        }
    }

    fn leaf(&mut self, step: &'r LiteralTestStep, needs: &Needs, home: Home<'r>) {
        if self.seen.contains(&needs.name) {
            return self.fault(&DUPLICATE_STEP, format!("duplicate name: {}", step.name));
        }
        self.seen.push(needs.name);
        let faults = self.faults.len();
        let parameters = self.parameters("step", &step.name, &step.env, &needs.parameters);
        let mut dependencies = C::Values::default();
        for name in &needs.dependencies {
            C::value(&mut dependencies, self.scope.take_dependency(*name));
        }
        if faults == self.faults.len() {
            let at = |number| match (home, self.at) {
                (Home::Test, At::Item(phase, index)) => At::StepObserver(phase, index, number),
                (_, at) => at,
            };
            let observers = step.observers.iter().enumerate();
            self.observers.extend(observers.map(|(number, name)| (name.as_str(), at(number))));
            let seen = Seen { step, at: self.at, home };
            self.collect.step(seen, parameters, dependencies);
        }
    }

    fn parameters(
        &mut self,
        kind: &str,
        owner: &str,
        entries: &[crate::model::config::StepParameter],
        parameters: &[Parameter],
    ) -> C::Values {
        let mut values = C::Values::default();
        for (parameter, entry) in parameters.iter().zip(entries) {
            let value = self.scope.take_parameter(parameter.name);
            if value.is_none() && !parameter.has_default && !self.partial {
                self.fault(&UNSET_PARAMETER, format!("{kind}/{owner}: unresolved parameter: {}", entry.name));
            }
            C::value(&mut values, value);
        }
        values
    }

    /// Goes through an observer; `name` is what it is asked for by.
    pub(super) fn observer(&mut self, name: &str) {
        let graph = self.graph;
        let Some(node) = graph.observer_node(name) else {
            self.blind |= graph.is_broken(FileKind::Observer, name);
            let what = format!("observer {name:?} is referenced but no such observer is configured");
            return self.bare_fault(&UNKNOWN_OBSERVER, what.clone(), what);
        };
        let observer = &node.observer;
        let parameters = self.parameters("observer", &observer.name, &observer.env, &node.parameters);
        self.collect.observer(observer, parameters);
    }

    /// Reports what frame number `frame` gives and nobody took, apart from `excused`.
    pub(super) fn report_unused_parameters(&mut self, frame: usize, excused: &[Symbol]) {
        for given in self.scope.unused_parameters(frame) {
            if !excused.contains(&given.name) {
                let givers = self.scope.parameter_givers(given.name);
                let what = format!("parameter {:?} is overridden in {givers} but not declared in any step", given.text);
                self.unused(&UNUSED_PARAMETER, "env", given.text, what);
            }
        }
    }

    /// As [`Walk::report_unused_parameters`] for dependencies, which only the outermost frame gives.
    pub(super) fn report_unused_dependencies(&mut self, excused: &[Symbol]) {
        for given in self.scope.unused_dependencies() {
            if !excused.contains(&given.name) {
                let givers = self.scope.dependency_givers(given.name);
                let what =
                    format!("dependency {:?} is overridden in {givers} but not declared in any step", given.text);
                self.unused(&UNUSED_DEPENDENCY, "dependencies", given.text, what);
            }
        }
    }

    fn unused(&mut self, rule: &'static Rule, field: &'static str, name: &'r str, what: String) {
        let at = self.at;
        if self.chains.is_empty() {
            self.at = At::Entry(field, name);
        }
        self.fault(rule, what);
        self.at = at;
    }
}

/// The names of all parameters and dependencies that steps declare, those of chains included.
pub(super) fn declared<'r>(
    graph: &'r Graph,
    steps: impl Iterator<Item = (Link, &'r TestStep)>,
    names: &mut LocalNames<'r>,
    found: &mut Declared,
) {
    for (link, step) in steps {
        found.visits += 1;
        if found.visits > MOST_VISITS {
            return;
        }
        match link {
            Link::Step(id) => {
                if let Some(node) = graph.steps.get(id as usize) {
                    found.add(&node.needs);
                }
            }
            Link::Chain(id) => {
                if let Some(node) = graph.chains.get(id as usize) {
                    declared(graph, node.steps().collect::<Vec<_>>().into_iter(), names, found);
                }
            }
            Link::Inline => {
                if let Some(literal) = inline(step) {
                    found.add(&Needs::of_inline(literal, names));
                }
            }
            Link::UnknownStep | Link::UnknownChain | Link::Nothing | Link::Cut => {}
        }
    }
}

/// See [`declared`].
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub parameters: Vec<Symbol>,
    pub dependencies: Vec<Symbol>,
    visits: u32,
}

impl Declared {
    fn add(&mut self, needs: &Needs) {
        self.parameters.extend(needs.parameters.iter().map(|parameter| parameter.name));
        self.dependencies.extend(&needs.dependencies);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::RegistryChain;

    fn chain(name: String, steps: Vec<TestStep>) -> RegistryChain {
        RegistryChain { name, steps: Some(steps), ..RegistryChain::default() }
    }

    #[test]
    fn chains_that_double_at_every_level_come_to_an_end() {
        let mut chains = vec![chain("c100".into(), Vec::new())];
        for level in 101..150 {
            let below = TestStep { chain: Some(format!("c{}", level - 1)), ..TestStep::default() };
            chains.push(chain(format!("c{level}"), vec![below.clone(), below]));
        }
        let graph = Graph::new(Vec::new(), chains, Vec::new(), Vec::new());
        let mut walk = Walk::partial(&graph, Nothing);
        walk.chain(graph.chain_id("c149").unwrap(), true);
        let rules: Vec<_> = walk.faults.iter().map(|fault| fault.rule.id).collect();
        assert_eq!(rules, ["endless-steps"]);
    }

    #[test]
    fn a_step_repeated_without_end_is_told_a_bounded_number_of_times() {
        let step = LiteralTestStep { name: "s".into(), ..LiteralTestStep::default() };
        let uses = TestStep { reference: Some("s".into()), ..TestStep::default() };
        let chains = vec![chain("c".into(), vec![uses; 5_000])];
        let graph = Graph::new(vec![step], chains, Vec::new(), Vec::new());
        let mut walk = Walk::partial(&graph, Nothing);
        walk.chain(0, true);
        assert_eq!(walk.faults.len(), MOST_FAULTS);
    }
}
