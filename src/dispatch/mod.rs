//! Which build cluster runs a job, and why.
//!
//! [`Dispatcher::new`] compiles the two files that say so (`_config.yaml` and `_clusters.yaml`) and reports everything
//! that is wrong with them. [`FileDispatcher::cluster_for`] places one job: it depends on that job, the path of its file
//! and the cluster that most jobs of that file have, and on nothing else. So files can be worked on in any order and on
//! any number of threads. Read `choose.rs` first: it is the order of the decisions.

mod choose;
mod farm;
mod inventory;
mod job;
mod load;
mod reason;
mod trail;

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};

pub use choose::{Dispatcher, FileDispatcher};
pub use job::{JobFacts, LabelFacts};
pub use load::Source;
pub use reason::{Choice, Detour, Instead, Reason, Refusal};
pub use trail::{Passed, QUESTIONS, Trail};

const TABLES: &[&[Rule]] = &[inventory::RULES, farm::RULES, load::RULES, reason::RULES];

/// The rules of this folder.
pub(crate) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);
