//! The configuration of Prow's plugins: `_plugins.yaml`, which may hold everything, and `_pluginconfig.yaml` files, which
//! may hold what belongs to organisations and repositories.
//!
//! Read as [`super::prow`]: [`read_main`] and [`read_supplement`] for one file, [`combine`] for all, [`split()`] back.
//! Neither kind of file is strict: unknown fields are dropped.

mod check;
mod defaults;
mod known;
mod merge;
mod split;
mod updater;

pub use known::unknown;
pub use split::{PluginShard, split};

use crate::diagnostic::rule::{count, joined};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::plugins::Configuration;
use crate::model::plugins::updater::ConfigUpdater;
use crate::yaml::codec::Strictness;

use super::part::merge_all;
use super::{Part, Source};

const TABLES: &[&[Rule]] = &[check::RULES, known::RULES, split::RULES];

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// Reads the main file.
pub fn read_main(source: Source<'_>) -> Result<Part<'_, Configuration>, Vec<Diagnostic>> {
    source.read(Strictness::Lenient)
}

/// Reads a supplemental file, in which fields that cannot be merged are refused.
pub fn read_supplement(source: Source<'_>) -> Result<Part<'_, Configuration>, Vec<Diagnostic>> {
    let (mut whole, empties) = source.read_with_empties::<Configuration>()?;
    let value = merge::mergeable(source, &mut whole, &empties)?;
    Ok(Part { source, value })
}

/// Puts the files together: the configuration as the plugins would see it.
pub fn combine(
    main: Part<'_, Configuration>,
    supplements: Vec<Part<'_, Configuration>>,
) -> Result<Configuration, Vec<Diagnostic>> {
    let Part { source, value: mut config } = main;
    let sources: Vec<Source<'_>> = std::iter::once(source).chain(supplements.iter().map(|part| part.source)).collect();
    let mut findings = merge_all(source, &mut config, supplements, merge::merge);
    defaults::fill_in(&mut config);
    findings.extend(check::all(&sources, &config));
    if findings.is_empty() { Ok(config) } else { Err(findings) }
}

/// What a main file says of ConfigMaps, filled in, whatever else is wrong with it.
pub fn config_updater(source: Source<'_>) -> Option<ConfigUpdater> {
    let mut config = read_main(source).ok()?.value;
    defaults::fill_in(&mut config);
    Some(config.config_updater.0)
}
