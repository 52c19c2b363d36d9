//! What surrounds a step while it is resolved: the test or workflow, then chain within chain.
//!
//! The outermost that gives a parameter wins, and every one that gives it counts as used by the step that declares
//! it. Dependencies are given by the outermost only. Names are numbers here (`interner.rs`), so that finding one is a scan.

use smallvec::SmallVec;

use super::interner::Symbol;

/// One of the things around a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'r> {
    /// `test`, `workflow` or `chain`.
    pub kind: &'static str,
    pub name: &'r str,
}

/// A value given to a name by a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'r> {
    pub name: Symbol,
    pub text: &'r str,
    /// A chain may name a parameter without giving it a value.
    pub value: Option<&'r str>,
    frame: u32,
    used: bool,
}

/// All that surrounds the current step.
#[derive(Debug, Default)]
pub(super) struct Scope<'r> {
    frames: SmallVec<[Frame<'r>; 8]>,
    parameters: SmallVec<[Given<'r>; 16]>,
    dependencies: SmallVec<[Given<'r>; 4]>,
}

impl<'r> Scope<'r> {
    /// Goes into a frame.
    pub(super) fn enter(&mut self, kind: &'static str, name: &'r str) {
        self.frames.push(Frame { kind, name });
    }

    /// Leaves the innermost frame with all it gives.
    pub(super) fn leave(&mut self) {
        self.frames.pop();
        let depth = self.frames.len() as u32;
        while self.parameters.last().is_some_and(|given| given.frame >= depth) {
            self.parameters.pop();
        }
    }

    fn given(&self, name: Symbol, text: &'r str, value: Option<&'r str>) -> Given<'r> {
        Given { name, text, value, frame: (self.frames.len() as u32).saturating_sub(1), used: false }
    }

    /// Lets the innermost frame give a parameter.
    pub(super) fn give_parameter(&mut self, name: Symbol, text: &'r str, value: Option<&'r str>) {
        let given = self.given(name, text, value);
        self.parameters.push(given);
    }

    /// Lets the innermost frame give a dependency.
    pub(super) fn give_dependency(&mut self, name: Symbol, text: &'r str, value: &'r str) {
        let given = self.given(name, text, Some(value));
        self.dependencies.push(given);
    }

    /// The value of a parameter that a step declares.
    pub(super) fn take_parameter(&mut self, name: Symbol) -> Option<&'r str> {
        take(&mut self.parameters, name)
    }

    /// The image for a dependency that a step declares.
    pub(super) fn take_dependency(&mut self, name: Symbol) -> Option<&'r str> {
        take(&mut self.dependencies, name).filter(|image| !image.is_empty())
    }

    /// The parameters that frame number `frame` gives and nobody has taken, by name.
    pub(super) fn unused_parameters(&self, frame: usize) -> Vec<Given<'r>> {
        unused(&self.parameters, frame)
    }

    /// The dependencies that nobody has taken, by name.
    pub(super) fn unused_dependencies(&self) -> Vec<Given<'r>> {
        unused(&self.dependencies, 0)
    }

    /// How many frames there are.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// `test/NAME: chain/NAME: ` and so on, as messages begin.
    pub(super) fn prefix(&self) -> String {
        self.frames.iter().map(|frame| format!("{}/{}: ", frame.kind, frame.name)).collect()
    }

    /// The frames that give a parameter, as `[test/NAME chain/NAME]`.
    pub(super) fn parameter_givers(&self, name: Symbol) -> String {
        self.givers(&self.parameters, name)
    }

    /// The frames that give a dependency.
    pub(super) fn dependency_givers(&self, name: Symbol) -> String {
        self.givers(&self.dependencies, name)
    }

    fn givers(&self, list: &[Given<'r>], name: Symbol) -> String {
        let mut numbers: Vec<u32> = list.iter().filter(|given| given.name == name).map(|given| given.frame).collect();
        numbers.dedup();
        let frames = numbers.iter().filter_map(|number| self.frames.get(*number as usize));
        let names: Vec<String> = frames.map(|frame| format!("{}/{}", frame.kind, frame.name)).collect();
        format!("[{}]", names.join(" "))
    }
}

fn take<'r>(list: &mut [Given<'r>], name: Symbol) -> Option<&'r str> {
    let mut first = None;
    for given in list.iter_mut().filter(|given| given.name == name) {
        given.used = true;
        first = first.or(Some(given.value));
    }
    first.flatten()
}

fn unused<'r>(list: &[Given<'r>], frame: usize) -> Vec<Given<'r>> {
    if list.iter().all(|given| given.used || given.frame as usize != frame) {
        return Vec::new();
    }
    let mut unused: Vec<Given<'r>> =
        list.iter().filter(|given| !given.used && given.frame as usize == frame).copied().collect();
    unused.sort_by_key(|given| given.text);
    unused.dedup_by_key(|given| given.name);
    unused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_frame_wins_even_without_a_value() {
        let mut scope = Scope::default();
        scope.enter("test", "t");
        scope.give_parameter(1, "A", Some("outer"));
        scope.enter("chain", "c");
        scope.give_parameter(1, "A", Some("inner"));
        scope.give_parameter(2, "B", None);
        scope.enter("chain", "d");
        scope.give_parameter(2, "B", Some("hidden"));
        assert_eq!(scope.take_parameter(1), Some("outer"));
        assert_eq!(scope.take_parameter(2), None);
        assert_eq!(scope.take_parameter(3), None);
        assert_eq!(scope.parameter_givers(1), "[test/t chain/c]");
        assert!(scope.unused_parameters(2).is_empty());
        scope.leave();
        scope.leave();
        assert_eq!(scope.prefix(), "test/t: ");
        assert!(scope.unused_parameters(0).is_empty());
    }

    #[test]
    fn what_nobody_takes_is_unused() {
        let mut scope = Scope::default();
        scope.enter("test", "t");
        scope.give_parameter(2, "Z", Some(""));
        scope.give_parameter(1, "A", Some(""));
        scope.give_dependency(3, "D", "");
        let names: Vec<&str> = scope.unused_parameters(0).iter().map(|given| given.text).collect();
        assert_eq!(names, ["A", "Z"]);
        assert_eq!(scope.take_dependency(3), None);
        assert!(scope.unused_dependencies().is_empty());
    }
}
