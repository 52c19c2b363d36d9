//! What an upload is asked to do.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::cluster::Settings;
use crate::run::plugin_config::PluginFiles;
use crate::upload::Writer;

/// What an upload is asked to do.
#[derive(Clone, Debug)]
pub struct UploadOptions {
    /// The directories whose files are uploaded, each a repository's root.
    pub sources: Vec<PathBuf>,
    /// Where `config_updater` stands.
    pub plugins: PluginFiles,
    /// Prow's own namespace, for entries of `config_updater` that name none.
    pub namespace: String,
    /// The environment, which patterns may name and kubeconfigs are found by.
    pub environment: BTreeMap<String, String>,
    /// How far compatibility goes.
    pub manner: Manner,
    /// The names of the ConfigMaps that are worked on; all when empty.
    pub only: BTreeSet<String>,
    /// Leave out entries' clusters that no kubeconfig has, instead of stopping.
    pub skip_unknown_clusters: bool,
    /// What is there.
    pub against: Against,
    /// Of each source the files that are not as the commit of its checkout has them, by their paths below it; of what ends
    /// with a slash all that is below it. Nothing when no commit is written.
    pub uncommitted: Vec<BTreeSet<String>>,
    /// Of each source the files that git knows and leaves out of a sparse checkout, by their paths below it.
    pub left_out: Vec<BTreeSet<String>>,
    /// Worker threads; as many as there are cores when not set.
    pub threads: Option<NonZeroUsize>,
}

/// How far compatibility goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Own keys only, and everything that makes an upload a matter of chance is an error.
    Careful {
        /// Who writes.
        writer: Writer,
        /// What Prow's updater takes is a warning.
        is_lenient: bool,
        /// Whether ConfigMaps may be left without any key.
        allow_empty: bool,
        /// Whether ConfigMaps that no entry names any more lose what is ours in them.
        drops_former: bool,
    },
    /// As config-bootstrapper does it: ConfigMaps are made anew from the files.
    Bootstrap,
}

impl Manner {
    /// The repository that the files are of; empty when nobody says.
    pub fn source(&self) -> &str {
        match self {
            Self::Careful { writer, .. } => &writer.source,
            Self::Bootstrap => "",
        }
    }

    /// Whether what Prow's updater takes is an error all the same.
    pub fn is_strict(&self) -> bool {
        matches!(self, Self::Careful { is_lenient: false, .. })
    }
}

/// What is there.
#[derive(Clone, Debug)]
pub enum Against {
    /// What clusters answer.
    Clusters(Settings),
    /// What was saved as files, below a directory: `CLUSTER/` holds those of one cluster, others count for all.
    Saved(PathBuf),
    /// Nothing at all.
    Nothing,
}
