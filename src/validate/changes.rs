//! The filters that run a job only for some changed files, of which one may be used at a time.

use std::fmt;

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;

rules! {
    SEVERAL_CHANGE_FILTERS = "several-change-filters",
        "more than one filter on changed files is set",
        "A job either runs for some files or is skipped for some; with both nobody can tell when it runs.",
        "keep one of the filters";
}

/// The filters of tests and of images.
pub const ALL: [&str; 4] =
    ["run_if_changed", "skip_if_only_changed", "pipeline_run_if_changed", "pipeline_skip_if_only_changed"];

/// Reports when more than one of the filters is set.
pub fn check_filters(names: &[&str], values: &[&str], place: &Place<'_>, out: &mut Findings) {
    let set: Vec<&str> =
        names.iter().zip(values).filter(|(_, value)| !value.is_empty()).map(|(name, _)| *name).collect();
    if let [_, last @ ..] = set.as_slice()
        && !last.is_empty()
    {
        // Taking one of three away would be of no use.
        let place = if let [last] = last { place.silent(last) } else { *place };
        out.at(&SEVERAL_CHANGE_FILTERS, &place, format_args!("{} are mutually exclusive", Listed(names)));
    }
}

/// Names as an English list.
struct Listed<'a>(&'a [&'a str]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (at, name) in self.0.iter().enumerate() {
            match at {
                0 => {}
                _ if at == last && last == 1 => out.write_str(" and ")?,
                _ if at == last => out.write_str(", and ")?,
                _ => out.write_str(", ")?,
            }
            write!(out, "`{name}`")?;
        }
        Ok(())
    }
}
