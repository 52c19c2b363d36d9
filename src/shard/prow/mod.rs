//! Prow's own configuration: `_config.yaml`, which may hold everything, and `_prowconfig.yaml` files, which may hold what
//! belongs to organisations and repositories.
//!
//! [`read_main`] and [`read_supplement`] take one file each and check what can be checked by itself. [`combine`] merges
//! (`merge.rs`, `queries.rs`), fills in defaults (`defaults.rs`) and checks the rest (`check.rs`). [`split()`] is the way
//! back.

mod check;
mod defaults;
mod merge;
mod queries;
mod split;

pub use check::pattern_problem;
pub use defaults::{DEFAULT_CLUSTER, DEFAULT_TENANT, matches};
pub use split::{ProwShard, split};

use crate::diagnostic::rule::{count, joined};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::prow::{Config, ProwConfig};
use crate::yaml::codec::Strictness;

use super::part::merge_all;
use super::{Part, Source, jobs};

const TABLES: &[&[Rule]] = &[check::RULES, split::RULES];

/// The rules of this folder, and of jobs in the main file.
pub(super) const RULES: &[Rule] = &joined::<{ count(TABLES) }>(TABLES);

/// What the configuration depends on beside its files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings<'a> {
    /// The content of a file `VERSION` beside the main file, where there is one.
    pub version: Option<&'a str>,
    /// Now, in seconds since the beginning of 1970.
    pub now: i64,
}

/// Reads the main file, in which unknown fields are refused.
pub fn read_main(source: Source<'_>) -> Result<Part<'_, Config>, Vec<Diagnostic>> {
    let part = source.read::<Config>(Strictness::KnownFields)?;
    match check::part(source, &part.value.prow) {
        findings if findings.is_empty() => Ok(part),
        findings => Err(findings),
    }
}

/// Reads the main file as Prow's components do, which drop unknown fields.
pub fn read_main_leniently(source: Source<'_>) -> Result<Part<'_, Config>, Vec<Diagnostic>> {
    let part = source.read::<Config>(Strictness::Lenient)?;
    match check::part(source, &part.value.prow) {
        findings if findings.is_empty() => Ok(part),
        findings => Err(findings),
    }
}

/// Reads a supplemental file, in which unknown fields are dropped and known ones that cannot be merged are refused.
pub fn read_supplement(source: Source<'_>) -> Result<Part<'_, ProwConfig>, Vec<Diagnostic>> {
    let (mut whole, empties) = source.read_with_empties::<ProwConfig>()?;
    let value = merge::mergeable(source, &mut whole, &empties)?;
    match check::part(source, &value) {
        findings if findings.is_empty() => Ok(Part { source, value }),
        findings => Err(findings),
    }
}

/// Puts the files together: the configuration as Prow's components would see it.
pub fn combine(
    main: Part<'_, Config>,
    supplements: Vec<Part<'_, ProwConfig>>,
    surroundings: Surroundings<'_>,
) -> Result<Config, Vec<Diagnostic>> {
    let source = main.source;
    let mut config = combine_components(main, supplements, surroundings)?;
    let problems = jobs::complete(&mut config);
    if problems.is_empty() {
        return Ok(config);
    }
    let finding = |it: jobs::Problem| source.finding(&it.rule, it.path, it.message);
    Err(problems.into_iter().map(finding).collect())
}

/// As [`combine`], with jobs left as they stand in the main file.
pub fn combine_components(
    main: Part<'_, Config>,
    supplements: Vec<Part<'_, ProwConfig>>,
    surroundings: Surroundings<'_>,
) -> Result<Config, Vec<Diagnostic>> {
    let Part { source, value: mut config } = main;
    let mut findings = merge_all(source, &mut config.prow, supplements, merge::merge);
    findings.extend(check::main(source, &config, surroundings));
    if !findings.is_empty() {
        return Err(findings);
    }
    if let Some(version) = surroundings.version {
        config.prow.config_version_sha = version.to_owned();
    }
    defaults::fill_in(&mut config);
    Ok(config)
}
