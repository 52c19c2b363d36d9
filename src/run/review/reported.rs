//! Which findings are about what is to be reported.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::drift;
use crate::files::path;
use crate::model::identity::JobFile;
use crate::run::layout::{CONFIG, DISPATCHER, JOBS};
use crate::run::losses::{Branch, config_branch};

/// What is to be reported: paths below the release repository, and what comes of the files there.
#[derive(Debug, Default)]
pub struct Reported<'r> {
    paths: Option<&'r BTreeSet<String>>,
    /// Job files that come of a named config, which need not be there any more.
    branches: BTreeSet<Branch>,
}

impl<'r> Reported<'r> {
    /// What these paths mean; without any, everything is reported.
    pub fn new(paths: Option<&'r BTreeSet<String>>) -> Self {
        let branches = paths.into_iter().flatten().filter_map(|path| config_branch(path));
        Self { paths, branches: branches.collect() }
    }

    /// Whether a finding is about any of it, or about a repository that it reaches through the step registry, by its directory.
    pub fn has(&self, finding: &Diagnostic, affected: &BTreeSet<String>) -> bool {
        let Some(paths) = self.paths else { return true };
        let is_named = |file: &str| paths.iter().any(|named| named == "." || path::is_within(file, named));
        let is_affected = |file: &str| {
            let within = |tree: &str| file.strip_prefix(tree).and_then(|rest| rest.strip_prefix('/'));
            let repository = within(CONFIG).or_else(|| within(JOBS));
            repository.is_some_and(|rest| affected.iter().any(|directory| path::is_within(rest, directory)))
        };
        let is_meant = |file: &str| is_named(file) || is_affected(file);
        is_meant(&finding.file)
            || finding.related.iter().any(|place| is_meant(&place.file))
            || (drift::RULES.iter().any(|rule| rule.id == finding.rule) && self.makes(&finding.file, paths))
    }

    /// Whether a job file is made of what was named: of a config, of the configs in a directory, or of what chooses clusters.
    fn makes(&self, file: &str, paths: &BTreeSet<String>) -> bool {
        let Some(rest) = file.strip_prefix(JOBS) else { return false };
        let config = format!("{CONFIG}{rest}");
        let is_above = |named: &String| path::is_within(&config, named) || path::is_within(named, DISPATCHER);
        let is_of_branch = |JobFile { org, repo, branch, .. }: JobFile| self.branches.contains(&(org, repo, branch));
        paths.iter().any(is_above) || JobFile::from_path(file).is_ok_and(is_of_branch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_file_belongs_to_its_config_whether_that_is_there_or_not() {
        let stale = |file: &str| Diagnostic::of_file(file, "stale-job", "");
        let jobs = "ci-operator/jobs/acme/shop/acme-shop-release-1.x-presubmits.yaml";
        let other = "ci-operator/jobs/acme/shop/acme-shop-main-presubmits.yaml";
        let has = |named: &str, finding: &Diagnostic| {
            let paths = BTreeSet::from([named.to_owned()]);
            Reported::new(Some(&paths)).has(finding, &BTreeSet::new())
        };
        for named in [
            "",
            "/acme",
            "/acme/shop",
            "/acme/shop/acme-shop-release-1.x.yaml",
            "/acme/shop/acme-shop-release-1.x__arm.yaml",
        ] {
            assert!(has(&format!("ci-operator/config{named}"), &stale(jobs)), "{named}");
        }
        assert!(!has("ci-operator/config/acme/shop/acme-shop-release-1.x.yaml", &stale(other)));
        assert!(!has("ci-operator/config/acme/sho", &stale(jobs)));
        assert!(has("core-services/sanitize-prow-jobs/_clusters.yaml", &stale(jobs)));
        let elsewhere = Diagnostic::of_file(jobs, "long-job-name", "");
        assert!(!has("ci-operator/config/acme/shop/acme-shop-release-1.x.yaml", &elsewhere));
    }
}
