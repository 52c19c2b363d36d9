//! All rules of all folders: by id, by area, and with what a finding of each says for itself.
//!
//! Rules are declared beside their checks ([`crate::diagnostic::rule`]); each folder lists its own, and [`areas`] lists the
//! folders. [`find`] gives a rule by the id that a person typed, [`similar()`] those that may have been meant, and
//! [`explain`] completes findings with what their rules say. [`tree`] and [`mod@upload`] have the rules whose checks are in `run`.
//! Every rule has an example ([`example`], [`examples`]) and with it a [`page()`](page::page); `tests/cases/rules.rs` runs them.

pub mod example;
pub mod examples;
pub mod page;
mod similar;
pub mod tree;
pub mod upload;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::diagnostic::{Diagnostic, Rule};
use crate::{
    canonical, check, dispatch, drift, files, generate, lint, pattern, prowcheck, registry, sanitize, settings, shard,
    updater, validate, yaml,
};

pub use similar::{similar, slips};

/// Rules about one thing.
#[derive(Clone, Debug)]
pub struct Area {
    /// What they are about.
    pub title: &'static str,
    /// The rules, as their files list them.
    pub rules: Vec<&'static Rule>,
}

static AREAS: LazyLock<Vec<Area>> = LazyLock::new(|| {
    let area = |title, tables: &[&'static [Rule]]| Area { title, rules: tables.iter().copied().flatten().collect() };
    let mut areas = vec![
        area("Files and trees", &[files::RULES, tree::RULES]),
        area("YAML and patterns", &[yaml::locate::RULES, pattern::RULES]),
    ];
    areas.extend(validate::AREAS.iter().map(|(title, rules)| area(*title, &[*rules])));
    areas.extend([
        area("Step registry", &[registry::RULES]),
        area("Configs with what is around them", &[check::RULES]),
        area("Generated jobs", &[generate::RULES]),
        area("Build clusters", &[dispatch::RULES, sanitize::RULES]),
        area("Canonical form", &[canonical::RULES]),
        area("Prow and plugin configuration", &[shard::RULES]),
        area("Jobs that Prow refuses", &[shard::jobs::RULES]),
        area("Prow's warnings", &[prowcheck::RULES]),
        area("Where files go", &[updater::RULES]),
        area("Uploads", &[upload::RULES]),
        area("What nobody means", &[lint::RULES]),
        area("Job files", &[drift::RULES]),
        area("Settings", &[settings::RULES]),
    ]);
    areas
});

static BY_ID: LazyLock<BTreeMap<&'static str, &'static Rule>> =
    LazyLock::new(|| AREAS.iter().flat_map(|area| &area.rules).map(|rule| (rule.id, *rule)).collect());

/// All rules, grouped by what they are about.
pub fn areas() -> &'static [Area] {
    &AREAS
}

/// All rules, by id.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    BY_ID.values().copied()
}

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    BY_ID.get(id).copied()
}

/// Has each finding say what its rule says of every such finding, where it says nothing itself.
pub fn explain(findings: &mut [Diagnostic]) {
    for finding in findings {
        let rule = find(finding.rule);
        debug_assert!(rule.is_some(), "rule {} of {finding:?} is in no list of rules", finding.rule);
        if let Some(rule) = rule {
            finding.explain(rule);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix;

    fn all() -> impl Iterator<Item = &'static Rule> {
        areas().iter().flat_map(|area| area.rules.iter().copied())
    }

    #[test]
    fn no_two_rules_share_an_id() {
        assert_eq!(all().count(), rules().count());
        assert!(rules().count() > 190, "{}", rules().count());
    }

    #[test]
    fn rules_have_names_reasons_and_remedies_of_their_own() {
        let is_word =
            |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !word.is_empty();
        let (mut whys, mut fixes) = (BTreeMap::new(), BTreeMap::new());
        for rule in all() {
            let id = rule.id;
            assert!(id.split('-').all(is_word), "{id}");
            assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{id}: {}", rule.summary);
            assert!(rule.why.ends_with('.'), "{id}: {}", rule.why);
            assert!(!rule.fix.is_empty() && !rule.fix.ends_with('.'), "{id}: {}", rule.fix);
            assert!(rule.fix.starts_with(char::is_lowercase), "{id}: {}", rule.fix);
            for line in [rule.summary, rule.why, rule.fix] {
                assert!(!line.contains('\n') && !line.contains("  "), "{id}: {line}");
            }
            *whys.entry(rule.why).or_insert(0) += 1;
            *fixes.entry(rule.fix).or_insert(0) += 1;
        }
        // Some go together, and then say the same; a phrase for everything says nothing.
        assert!(whys.values().chain(fixes.values()).all(|count| *count <= 4), "{whys:?} {fixes:?}");
    }

    #[test]
    fn what_is_fixed_are_rules() {
        let ids: Vec<&str> = fix::REMEDIES.iter().map(|remedy| remedy.rule).collect();
        assert!(ids.is_sorted());
        for id in ids.iter().chain(fix::LOSSES) {
            assert!(find(id).is_some(), "{id}");
        }
        let losses: Vec<&str> = canonical::RULES.iter().map(|rule| rule.id).collect();
        assert!(losses.iter().all(|id| fix::LOSSES.contains(id)) && losses.len() == fix::LOSSES.len(), "{losses:?}");
    }

    #[test]
    fn a_finding_that_says_nothing_says_what_its_rule_says() {
        let rule = find("same-config").unwrap();
        let mut findings =
            [Diagnostic::of_file("a", rule.id, "m"), Diagnostic::of_file("b", rule.id, "m").because("own").fix("own")];
        explain(&mut findings);
        assert_eq!((findings[0].why.as_deref(), findings[0].fix.as_deref()), (Some(rule.why), Some(rule.fix)));
        assert_eq!((findings[1].why.as_deref(), findings[1].fix.as_deref()), (Some("own"), Some("own")));
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "no-such-rule")]
    fn a_finding_of_no_rule_is_caught() {
        explain(&mut [Diagnostic::of_file("a", "no-such-rule", "m")]);
    }
}
