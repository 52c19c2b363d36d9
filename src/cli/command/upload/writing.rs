//! How far a write may go: the flags that `plan` and `apply` share, so that a saved plan can be carried out as it was made.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use super::place::Further;
use crate::run::upload::Against;
use crate::upload::{TakeOver, VersionPolicy};

/// How far a write may go.
#[derive(Debug, Args)]
pub struct Writing {
    /// Write over this key although somebody else wrote it; may be repeated, `all` is every key
    #[arg(long, value_name = "KEY")]
    take_over: Vec<String>,
    /// Write although a later commit, or one that is not in this history, was written before
    #[arg(long)]
    allow_rollback: bool,
    /// Let ConfigMaps lose their last key
    #[arg(long)]
    allow_empty: bool,
    /// When the commit is written under the key VERSION
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Version::OnChange)]
    version_key: Version,
}

/// When the commit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Version {
    /// With any other change of the ConfigMap.
    OnChange,
    /// Whenever the commit is another.
    Always,
    /// Not at all.
    Never,
}

impl Writing {
    /// What it adds to the flags that all commands share.
    pub fn further(&self, against: Option<Against>) -> Further {
        Further {
            against,
            version: match self.version_key {
                Version::OnChange => VersionPolicy::OnChange,
                Version::Always => VersionPolicy::Always,
                Version::Never => VersionPolicy::Never,
            },
            take_over: take_over(&self.take_over),
            allow_rollback: self.allow_rollback,
            allow_empty: self.allow_empty,
            drops_former: self.allow_empty,
            writes_commit: true,
        }
    }
}

/// What `--take-over` names.
fn take_over(names: &[String]) -> TakeOver {
    match names {
        [] => TakeOver::Nothing,
        names if names.iter().any(|name| name == "all") => TakeOver::All,
        names => TakeOver::Keys(names.iter().cloned().collect::<BTreeSet<_>>()),
    }
}
