//! What a change means in jobs: for a terminal, for a comment on a pull request, for programs. [`words`] has what all of them
//! say of a change.

pub mod json;
pub mod markdown;
pub mod text;
mod words;

use super::summary::count;
use crate::cli::history::ForkPoint;
use crate::run::diff::Diffed;

/// What is shown.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// What came of comparing.
    pub diffed: &'r Diffed,
    /// What was compared with.
    pub base: &'r ForkPoint,
    /// Whether jobs were taken as they would be generated.
    pub generates: bool,
}

/// How much of a commit's hash people want to see.
const SHORT_HASH: usize = 10;

impl Report<'_> {
    fn short_commit(&self) -> &str {
        self.base.commit.get(..SHORT_HASH).unwrap_or(&self.base.commit)
    }

    /// What was compared with, in words.
    fn compared_with(&self, quote: &dyn Fn(&str) -> String) -> String {
        let (commit, revision) = (quote(self.short_commit()), quote(&self.base.revision));
        match self.base.has_moved {
            true => format!("{commit}, where this branch left {revision}"),
            false => format!("{commit} ({revision})"),
        }
    }

    /// How many jobs, by sort.
    fn counted(&self) -> String {
        let counts = self.diffed.comparison.counts();
        let all = self.diffed.comparison.jobs.len();
        let unknown = match self.diffed.errors.len() {
            0 => String::new(),
            errors => format!("not all jobs can be generated, because of {}: ", count(errors, "error")),
        };
        if all == 0 {
            return format!("{unknown}no job changes{}", if unknown.is_empty() { "" } else { " among the others" });
        }
        let sorts = [
            (counts.added, "added"),
            (counts.removed, "removed"),
            (counts.renamed, "renamed"),
            (counts.changed, "changed"),
        ];
        let told: Vec<String> =
            sorts.iter().filter(|(number, _)| *number > 0).map(|(number, sort)| format!("{number} {sort}")).collect();
        let repositories = match self.diffed.affected.len() {
            1 => "1 repository".to_owned(),
            number => format!("{number} repositories"),
        };
        format!(
            "{unknown}{} in {repositories}: {}; {} can be rehearsed",
            count(all, "job"),
            told.join(", "),
            counts.rehearsable
        )
    }

    /// What is to be known of job files that are not up to date.
    fn staleness(&self) -> Option<String> {
        let stale = self.diffed.stale.len();
        let are = if stale == 1 { "is" } else { "are" };
        (stale > 0)
            .then(|| format!("{} {are} stale: told is what `cutwater jobs` makes of them", count(stale, "job file")))
    }
}
