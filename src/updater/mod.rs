//! Which file goes into which key of which ConfigMap, as `config_updater` in `_plugins.yaml` says, and what is wrong with it.
//!
//! [`Placement`] is the answer for one file or all of them, whoever asks; [`glob`] is the dialect of its patterns. The checks
//! stand on it: [`membership`] holds configs and job files against the ConfigMap that their names ask for ([`shard_name`]),
//! [`entry`] looks at the entries of `maps` themselves, [`config_spec`] at jobs that name a ConfigMap. These say what the
//! reference's config-shard-validator says. What it does not see is in [`overlap`], [`untaken`], [`misread`], [`keys`] and
//! [`size`], for which [`load`] has the limits and [`packer`] the sizes of packed files. Findings about an entry stand at its line, which a [`Page`] knows. Nothing here opens a file.

pub mod config_spec;
pub mod entry;
pub mod glob;
pub mod glob_set;
pub mod keys;
pub mod load;
pub mod membership;
pub mod misread;
pub mod overlap;
pub mod packer;
pub mod page;
pub mod placement;
pub mod shard_name;
pub mod size;
pub mod untaken;

pub use page::Page;
pub use placement::{ConfigMapId, Contents, Groups, Mapping, Placement};

use crate::diagnostic::Rule;
use crate::diagnostic::rule::{count, joined};

const TABLES: &[&[Rule]] = &[
    membership::RULES,
    entry::RULES,
    config_spec::RULES,
    overlap::RULES,
    untaken::RULES,
    misread::RULES,
    keys::RULES,
    size::RULES,
];

/// Every rule, by file.
pub(crate) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);
