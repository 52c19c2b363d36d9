//! Prow's warnings by name, and which of them are wanted.

use std::collections::BTreeSet;

/// When Prow looks for what a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Unless told otherwise.
    Default,
    /// With `--expensive-checks`.
    Expensive,
    /// When named.
    Optional,
}

/// One of Prow's warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its name in `--warnings` and `--exclude-warning`.
    pub name: &'static str,
    /// When it is looked for.
    pub class: Class,
    /// The rules that it switches. None where nothing can be said without a network, or where Prow never says anything.
    pub rules: &'static [&'static str],
}

const fn warning(class: Class, name: &'static str, rules: &'static [&'static str]) -> Warning {
    Warning { name, class, rules }
}

/// All of Prow's warnings, in its order.
pub const WARNINGS: &[Warning] = &[
    warning(Class::Default, "mismatched-tide", &["tide-query-without-plugin", "plugin-without-tide-query"]),
    warning(Class::Default, "tide-strict-branch", &["strict-branch-with-tide"]),
    warning(Class::Default, "tide-context-policy", &["context-policy-clash"]),
    warning(Class::Default, "mismatched-tide-lenient", &["tide-query-without-plugin", "plugin-without-tide-query"]),
    warning(Class::Default, "non-decorated-jobs", &["undecorated-job"]),
    warning(Class::Default, "long-job-names", &["long-job-name"]),
    warning(Class::Default, "duplicate-job-refs", &["repository-cloned-twice"]),
    warning(Class::Default, "needs-ok-to-test", &["needs-ok-to-test-forbidden"]),
    warning(Class::Default, "managed-webhooks", &["webhook-of-org-and-repo"]),
    warning(Class::Default, "validate-owners", &["owners-not-verified"]),
    warning(Class::Default, "missing-trigger", &["jobs-without-trigger"]),
    warning(Class::Default, "validate-urls", &["status-link-broken"]),
    warning(Class::Default, "unknown-fields", &["unknown-prow-field"]),
    warning(Class::Default, "validate-cluster-field", &["cluster-of-jenkins-job"]),
    warning(
        Class::Default,
        "validate-supplemental-prow-config-hierarchy",
        &["supplement-too-deep", "supplement-misplaced"],
    ),
    warning(Class::Default, "validate-unmanaged-branchconfig-has-no-subconfig", &["unmanaged-with-settings"]),
    warning(Class::Default, "validate-label", &["label-restricted-and-free", "restricted-label-empty"]),
    warning(Class::Default, "required-job-annotations", &["annotation-missing"]),
    warning(Class::Default, "periodic-default-clone-config", &["periodic-clone-settings"]),
    warning(Class::Default, "validate-config-updater-acls", &["updater-repository-broken"]),
    warning(Class::Expensive, "verify-owners-presence", &[]),
    warning(Class::Optional, "valid-decoration-config", &[]),
    warning(Class::Optional, "unknown-fields-all", &["unknown-job-field", "unknown-prow-field"]),
    warning(Class::Optional, "validate-github-app-installation", &[]),
];

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    enabled: BTreeSet<String>,
    /// Warnings are errors.
    pub strict: bool,
    /// Annotations that every job must have.
    pub required_annotations: Vec<String>,
    /// Names of generated jobs may be long: their authors chose a part of them only, and nothing that runs them minds.
    pub spares_generated: bool,
}

impl Default for Options {
    fn default() -> Self {
        let named = WARNINGS.iter().filter(|warning| warning.class == Class::Default);
        let enabled = named.map(|warning| warning.name.to_owned()).collect();
        Self { enabled, strict: false, required_annotations: Vec::new(), spares_generated: false }
    }
}

impl Options {
    /// The warnings that are named, or the default ones where none is, without those that are excluded. Says which name
    /// is none; as with Prow, what is excluded need not be one.
    pub fn new(warnings: &[String], excluded: &[String]) -> Result<Self, String> {
        let unknown = warnings.iter().find(|name| !WARNINGS.iter().any(|warning| warning.name == **name));
        if let Some(name) = unknown {
            let known: Vec<&str> = WARNINGS.iter().map(|warning| warning.name).collect();
            return Err(format!("no such warning {name:?}, valid warnings: [{}]", known.join(" ")));
        }
        let mut options = Self::default();
        if !warnings.is_empty() {
            options.enabled = warnings.iter().cloned().collect();
        }
        options.enabled.retain(|name| !excluded.contains(name));
        Ok(options)
    }

    /// Adds the default warnings to those that are named (`--include-default-warnings`), but for those excluded.
    #[must_use]
    pub fn with_defaults(mut self, excluded: &[String]) -> Self {
        self.enabled.extend(Self::default().enabled.into_iter().filter(|name| !excluded.contains(name)));
        self
    }

    /// Wants annotations in every job.
    #[must_use]
    pub fn requiring(self, required_annotations: Vec<String>) -> Self {
        Self { required_annotations, ..self }
    }

    /// Takes generated jobs with long names.
    #[must_use]
    pub fn sparing_generated(self) -> Self {
        Self { spares_generated: true, ..self }
    }

    /// Whether a warning is wanted.
    pub fn wants(&self, warning: &str) -> bool {
        self.enabled.contains(warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_prow() {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let options = Options::new(&[], &names(&["long-job-names", "nothing"])).unwrap();
        assert!(options.wants("missing-trigger") && !options.wants("long-job-names"));
        assert!(!options.wants("unknown-fields-all"));
        let options = Options::new(&names(&["unknown-fields-all"]), &[]).unwrap();
        assert!(options.wants("unknown-fields-all") && !options.wants("missing-trigger"));
        assert!(options.with_defaults(&[]).wants("missing-trigger"));
        assert!(Options::new(&names(&["nothing"]), &[]).unwrap_err().starts_with("no such warning \"nothing\", valid"));
    }
}
