//! How the definitions of a registry refer to each other: nodes by number, links between them, cycles.
//!
//! References by name are looked up once, when the graph is built, so that resolving a test follows numbers.
//! Links that lead nowhere stay as what they are; `assemble.rs` reports them. Read [`Graph`], then [`Link`].

use std::collections::BTreeSet;

use crate::model::config::{
    LiteralTestStep, MultiStageTestConfiguration, Observer, RegistryChain, StepParameter, TestStep,
};

use super::definition::FileKind;
use super::interner::{LocalNames, Lookup, Names, Symbol};

/// Chains within chains beyond this are refused, so that walking them needs no unbounded stack.
pub(super) const DEEPEST: usize = 200;

/// Where a step of a test, workflow or chain leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Step(u32),
    Chain(u32),
    /// A step written out where it is used.
    Inline,
    UnknownStep,
    UnknownChain,
    /// Neither reference nor chain nor step.
    Nothing,
    /// A chain that would lead back to itself or too deep; reported when it was cut.
    Cut,
}

/// A parameter that a step declares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub name: Symbol,
    pub has_default: bool,
}

/// What a step wants to be told.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub name: Symbol,
    pub parameters: Box<[Parameter]>,
    pub dependencies: Box<[Symbol]>,
}

impl Needs {
    fn of(step: &LiteralTestStep, names: &mut Names) -> Self {
        Self {
            name: names.intern(&step.name),
            parameters: parameters(&step.env, |name| names.intern(name)),
            dependencies: step.dependencies.iter().map(|dependency| names.intern(&dependency.env)).collect(),
        }
    }

    /// As for a step of the registry, for one that is written out in a test.
    pub(super) fn of_inline<'r>(step: &'r LiteralTestStep, names: &mut LocalNames<'r>) -> Self {
        Self {
            name: names.symbol(&step.name),
            parameters: parameters(&step.env, |name| names.symbol(name)),
            dependencies: step.dependencies.iter().map(|dependency| names.symbol(&dependency.env)).collect(),
        }
    }
}

fn parameters<'r>(env: &'r [StepParameter], mut symbol: impl FnMut(&'r str) -> Symbol) -> Box<[Parameter]> {
    env.iter().map(|entry| Parameter { name: symbol(&entry.name), has_default: entry.default.is_some() }).collect()
}

#[derive(Debug)]
pub(super) struct StepNode {
    pub step: LiteralTestStep,
    pub needs: Needs,
}

#[derive(Debug)]
pub(super) struct ChainNode {
    pub chain: RegistryChain,
    /// One for each of the chain's steps.
    pub links: Box<[Link]>,
    /// The names of the chain's `env`, in its order.
    pub env: Box<[Symbol]>,
}

impl ChainNode {
    /// The chain's steps with where they lead.
    pub(super) fn steps(&self) -> impl Iterator<Item = (Link, &TestStep)> {
        self.links.iter().copied().zip(self.chain.steps.iter().flatten())
    }
}

/// The phases of a multi-stage test, in the order they are resolved.
pub(super) const PHASES: [&str; 3] = ["pre", "test", "post"];

#[derive(Debug)]
pub(super) struct WorkflowNode {
    pub name: String,
    pub steps: MultiStageTestConfiguration,
    /// For each of [`PHASES`], one for each step.
    pub links: [Box<[Link]>; 3],
    /// The names of `env`, in its order.
    pub env: Box<[Symbol]>,
    /// The names of `dependencies`, in its order.
    pub dependencies: Box<[Symbol]>,
}

#[derive(Debug)]
pub(super) struct ObserverNode {
    pub observer: Observer,
    pub parameters: Box<[Parameter]>,
}

/// The steps of a phase, where it is given. An empty list is: it takes the place of a workflow's.
pub(super) fn given_phase(steps: &MultiStageTestConfiguration, number: usize) -> Option<&[TestStep]> {
    let steps = match number {
        0 => &steps.pre,
        1 => &steps.test,
        _ => &steps.post,
    };
    steps.as_option().map(Vec::as_slice)
}

/// The steps of a phase.
pub(super) fn phase(steps: &MultiStageTestConfiguration, number: usize) -> &[TestStep] {
    given_phase(steps, number).unwrap_or_default()
}

/// The step that is written out in place, if any.
pub(super) fn inline(step: &TestStep) -> Option<&LiteralTestStep> {
    step.literal_test_step.as_deref()
}

/// All definitions, each kind sorted by name.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub names: Names,
    pub steps: Vec<StepNode>,
    pub chains: Vec<ChainNode>,
    pub workflows: Vec<WorkflowNode>,
    pub observers: Vec<ObserverNode>,
    /// Kinds and names of what broken files would have defined.
    pub broken: BTreeSet<(FileKind, String)>,
    ids: Ids,
}

#[derive(Debug, Default)]
struct Ids {
    steps: Lookup<u32>,
    chains: Lookup<u32>,
    workflows: Lookup<u32>,
    observers: Lookup<u32>,
}

fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> Lookup<u32> {
    names.zip(0..).map(|(name, number)| (name.into(), number)).collect()
}

impl Graph {
    /// Whether a file that would define this is there and broken: what it lacks is the file's fault, and reported there.
    pub(super) fn is_broken(&self, kind: FileKind, name: &str) -> bool {
        !self.broken.is_empty() && self.broken.contains(&(kind, name.to_owned()))
    }

    /// Builds the graph from definitions sorted by name.
    pub(super) fn new(
        steps: Vec<LiteralTestStep>,
        chains: Vec<RegistryChain>,
        workflows: Vec<(String, MultiStageTestConfiguration)>,
        observers: Vec<Observer>,
    ) -> Self {
        let ids = Ids {
            steps: numbered(steps.iter().map(|step| step.name.as_str())),
            chains: numbered(chains.iter().map(|chain| chain.name.as_str())),
            workflows: numbered(workflows.iter().map(|(name, _)| name.as_str())),
            observers: numbered(observers.iter().map(|observer| observer.name.as_str())),
        };
        let mut graph = Self { ids, ..Self::default() };
        for step in steps {
            let needs = Needs::of(&step, &mut graph.names);
            graph.steps.push(StepNode { step, needs });
        }
        for chain in chains {
            let links = graph.links(chain.steps.as_deref().unwrap_or_default());
            let env = chain.env.iter().map(|entry| graph.names.intern(&entry.name)).collect();
            graph.chains.push(ChainNode { chain, links, env });
        }
        for (name, steps) in workflows {
            let links = [0, 1, 2].map(|number| graph.links(phase(&steps, number)));
            let env = steps.env.keys().map(|name| graph.names.intern(name)).collect();
            let dependencies = steps.dependencies.keys().map(|name| graph.names.intern(name)).collect();
            graph.workflows.push(WorkflowNode { name, steps, links, env, dependencies });
        }
        for observer in observers {
            let parameters = parameters(&observer.env, |name| graph.names.intern(name));
            graph.observers.push(ObserverNode { observer, parameters });
        }
        graph
    }

    fn links(&self, steps: &[TestStep]) -> Box<[Link]> {
        steps.iter().map(|step| self.link(step)).collect()
    }

    /// Where a step leads. A chain comes before a reference, as in the reference implementation.
    pub(super) fn link(&self, step: &TestStep) -> Link {
        if let Some(chain) = &step.chain {
            return self.ids.chains.get(chain.as_str()).map_or(Link::UnknownChain, |id| Link::Chain(*id));
        }
        if let Some(reference) = &step.reference {
            return self.ids.steps.get(reference.as_str()).map_or(Link::UnknownStep, |id| Link::Step(*id));
        }
        if inline(step).is_some() { Link::Inline } else { Link::Nothing }
    }

    /// The number of the step of this name.
    pub(super) fn step_id(&self, name: &str) -> Option<u32> {
        self.ids.steps.get(name).copied()
    }

    /// The number of the chain of this name.
    pub(super) fn chain_id(&self, name: &str) -> Option<u32> {
        self.ids.chains.get(name).copied()
    }

    pub(super) fn step(&self, name: &str) -> Option<&LiteralTestStep> {
        self.step_id(name).and_then(|id| self.steps.get(id as usize)).map(|node| &node.step)
    }

    pub(super) fn workflow(&self, name: &str) -> Option<&WorkflowNode> {
        self.ids.workflows.get(name).and_then(|id| self.workflows.get(*id as usize))
    }

    pub(super) fn observer_node(&self, name: &str) -> Option<&ObserverNode> {
        self.ids.observers.get(name).and_then(|id| self.observers.get(*id as usize))
    }

    pub(super) fn observer(&self, name: &str) -> Option<&Observer> {
        self.observer_node(name).map(|node| &node.observer)
    }

    /// Cuts what leads a chain back to itself or deeper than [`DEEPEST`], and says where.
    pub(super) fn cut_loops(&mut self) -> Vec<Loop> {
        let count = self.chains.len();
        let mut search = Search { heights: vec![None; count], is_open: vec![false; count], ..Search::default() };
        for start in 0..self.chains.len() {
            search.from(start, &mut self.chains);
        }
        search.found
    }
}

/// A link that was cut.
#[derive(Debug)]
pub(super) struct Loop {
    /// The chain whose link it was.
    pub chain: usize,
    /// Which of its steps.
    pub step: usize,
    /// The chains of the cycle, beginning with the least name; none where the link led too deep.
    pub cycle: Vec<usize>,
}

/// A depth-first search that keeps its own stack, as a registry may nest deeper than ours.
#[derive(Default)]
struct Search {
    /// For chains that are done, how deep they go.
    heights: Vec<Option<usize>>,
    /// The chains being looked at.
    path: Vec<Open>,
    /// Which chains are in `path`.
    is_open: Vec<bool>,
    found: Vec<Loop>,
}

/// A chain being looked at.
struct Open {
    chain: usize,
    /// The step to look at next.
    next: usize,
    /// How deep the steps go that have been looked at.
    height: usize,
}

impl Search {
    fn from(&mut self, start: usize, chains: &mut [ChainNode]) {
        if self.heights.get(start).is_some_and(Option::is_none) {
            self.open(start);
        }
        while let Some(top) = self.path.last_mut() {
            let link = chains.get(top.chain).and_then(|node| node.links.get(top.next)).copied();
            top.next += 1;
            match link {
                None => self.close(chains),
                Some(Link::Chain(child)) => self.follow(child as usize, chains),
                Some(_) => {}
            }
        }
    }

    fn open(&mut self, chain: usize) {
        self.path.push(Open { chain, next: 0, height: 1 });
        if let Some(flag) = self.is_open.get_mut(chain) {
            *flag = true;
        }
    }

    fn close(&mut self, chains: &mut [ChainNode]) {
        let Some(done) = self.path.pop() else { return };
        if let (Some(flag), Some(slot)) = (self.is_open.get_mut(done.chain), self.heights.get_mut(done.chain)) {
            *flag = false;
            *slot = Some(done.height);
        }
        self.stand_on(done.height, chains);
    }

    fn follow(&mut self, child: usize, chains: &mut [ChainNode]) {
        if self.is_open.get(child).copied().unwrap_or_default() {
            let open = self.path.iter().map(|open| open.chain).skip_while(|chain| *chain != child);
            let mut cycle: Vec<usize> = open.collect();
            // Numbers are in the order of names.
            let least = cycle.iter().enumerate().min_by_key(|(_, chain)| **chain).map_or(0, |(at, _)| at);
            cycle.rotate_left(least);
            return self.cut(cycle, chains);
        }
        match self.heights.get(child).copied().flatten() {
            Some(height) => self.stand_on(height, chains),
            None => self.open(child),
        }
    }

    /// Takes note that the step just looked at goes `height` deep.
    fn stand_on(&mut self, height: usize, chains: &mut [ChainNode]) {
        match self.path.last_mut() {
            Some(top) if height < DEEPEST => top.height = top.height.max(height + 1),
            Some(_) => self.cut(Vec::new(), chains),
            None => {}
        }
    }

    /// Cuts the link of the step just looked at.
    fn cut(&mut self, cycle: Vec<usize>, chains: &mut [ChainNode]) {
        let Some(top) = self.path.last() else { return };
        let (chain, step) = (top.chain, top.next.saturating_sub(1));
        if let Some(link) = chains.get_mut(chain).and_then(|node| node.links.get_mut(step)) {
            *link = Link::Cut;
        }
        self.found.push(Loop { chain, step, cycle });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(name: &str, children: &[&str]) -> RegistryChain {
        let step = |child: &&str| TestStep { chain: Some((*child).into()), ..TestStep::default() };
        let steps = Some(children.iter().map(step).collect());
        RegistryChain { name: name.into(), steps, ..RegistryChain::default() }
    }

    fn graph(chains: Vec<RegistryChain>) -> Graph {
        Graph::new(Vec::new(), chains, Vec::new(), Vec::new())
    }

    #[test]
    fn cycles_begin_at_the_least_name() {
        let mut graph = graph(vec![chain("a", &["c"]), chain("b", &["d"]), chain("c", &["b"]), chain("d", &["c"])]);
        let found = graph.cut_loops();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].cycle, [1, 3, 2]);
        assert_eq!(graph.chains[found[0].chain].links[0], Link::Cut);
        assert!(graph.cut_loops().is_empty());
    }

    #[test]
    fn a_chain_may_be_used_twice() {
        let mut graph = graph(vec![chain("a", &["b", "c"]), chain("b", &["c"]), chain("c", &[])]);
        assert!(graph.cut_loops().is_empty());
    }

    #[test]
    fn depth_is_bounded() {
        let name = |number: usize| format!("c{number:06}");
        let chains = (0..50_000).map(|number| chain(&name(number), &[name(number + 1).as_str()])).collect();
        let mut graph = graph(chains);
        let found = graph.cut_loops();
        assert!(!found.is_empty() && found.iter().all(|cut| cut.cycle.is_empty()));
    }
}
