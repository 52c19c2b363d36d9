//! Definitions of the step registry that nothing uses, and timeouts in them that cannot be meant.

use super::findings::Findings;
use super::test::check_step;
use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Violation};
use crate::registry::{FileKind, Registry, Uses};
use crate::validate::quoted;

rules! {
    UNUSED_STEP = warning "unused-step",
        "no test uses a step of the registry, not even through a chain or workflow",
        "It is kept, reviewed and migrated for nobody, and nobody notices when it breaks.",
        "remove its directory, or use it";
    UNUSED_CHAIN = warning "unused-chain",
        "no test uses a chain of the registry, not even through a workflow",
        "It is kept, reviewed and migrated for nobody, and its steps look as if they were needed.",
        "remove its directory, or use it";
    UNUSED_WORKFLOW = warning "unused-workflow",
        "no test uses a workflow of the registry",
        "It is kept, reviewed and migrated for nobody, and its steps look as if they were needed.",
        "remove its directory, or use it";
    UNUSED_OBSERVER = warning "unused-observer",
        "nothing enables an observer of the registry",
        "It is kept, reviewed and migrated for nobody, and nobody notices when it breaks.",
        "remove its directory, or enable it";
}

/// Something that is wrong with a file of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryFinding {
    /// The file, below the registry's root.
    pub file: String,
    /// The rule, the place in the file and what is wrong.
    pub violation: Violation,
}

/// Everything about a registry that the reference does not see. `uses` is what the tests of all configs use; definitions
/// that nothing uses can only be told with it.
pub fn lint_registry(registry: &Registry, uses: Option<&Uses>) -> Vec<RegistryFinding> {
    let mut found = Vec::new();
    for step in registry.steps() {
        let mut out = Findings::default();
        check_step(step, &|| KeyPath::root().key("ref"), &mut out);
        found.extend(out.into_violations().into_iter().filter_map(|violation| {
            Some(RegistryFinding { file: registry.file_of(FileKind::Step, &step.name)?.to_owned(), violation })
        }));
    }
    let unused = uses.into_iter().flat_map(|uses| registry.unused(uses));
    found.extend(unused.filter_map(|(kind, name)| {
        let (rule, path) = match kind {
            FileKind::Step => (&UNUSED_STEP, KeyPath::root().key("ref").key("as")),
            FileKind::Chain => (&UNUSED_CHAIN, KeyPath::root().key("chain").key("as")),
            FileKind::Workflow => (&UNUSED_WORKFLOW, KeyPath::root().key("workflow").key("as")),
            _ => (&UNUSED_OBSERVER, KeyPath::root().key("observer").key("name")),
        };
        let violation = Violation { rule: rule.id, path, message: format!("no test uses {}", quoted(name)) };
        Some(RegistryFinding { file: registry.file_of(kind, name)?.to_owned(), violation })
    }));
    found
}
