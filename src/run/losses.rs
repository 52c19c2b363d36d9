//! What would be lost by writing files anew, and which files that keeps as they are.
//!
//! A file with findings of [`LOSSES`] says something that programs do not keep. It stays, and so do those that are made from
//! it: the jobs of a config's branch, which may be the only place that still says what a misspelt field of the config was
//! meant to; all of Prow's configuration, where what one file loses may be what another one gets.

use std::collections::BTreeMap;

use super::layout::{CONFIG, JOBS, PROW_CONFIG};
use crate::diagnostic::Diagnostic;
use crate::files::path;
use crate::fix::LOSSES;
use crate::model::config::Metadata;
use crate::model::identity::{JobFile, branch_in_file_name, config_identity};

/// What is written as a whole together with a file: that, or all of Prow's configuration.
pub fn whole(file: &str) -> &str {
    if path::is_within(file, PROW_CONFIG) { PROW_CONFIG } else { file }
}

/// The org, the repo, and the branch as names of job files have it.
pub type Branch = (String, String, String);

/// Files that would lose something.
#[derive(Debug, Default)]
pub struct Losses {
    /// By what is written as a whole.
    files: BTreeMap<String, String>,
    /// By the branch whose jobs they give.
    configs: BTreeMap<Branch, String>,
}

impl Losses {
    /// Those that findings tell of.
    pub fn of<'f>(findings: impl Iterator<Item = &'f Diagnostic>) -> Self {
        let mut losses = Self::default();
        for Diagnostic { file, .. } in findings.filter(|finding| LOSSES.contains(&finding.rule)) {
            losses.files.entry(whole(file).to_owned()).or_insert_with(|| file.clone());
            if let Some(branch) = config_branch(file) {
                losses.configs.entry(branch).or_insert_with(|| file.clone());
            }
        }
        losses
    }

    /// The file that keeps this one as it is: itself, another one that is written with it, or a config of its jobs.
    pub fn behind(&self, file: &str) -> Option<&str> {
        self.files.get(whole(file)).map(String::as_str).or_else(|| self.config_behind(file))
    }

    /// The config that keeps this job file as it is.
    pub fn config_behind(&self, file: &str) -> Option<&str> {
        if !path::is_within(file, JOBS) {
            return None;
        }
        let JobFile { org, repo, branch, .. } = JobFile::from_path(file).ok()?;
        // Jobs of every branch may be in a file of none.
        let is_meant = |(of_org, of_repo, of_branch): &Branch| {
            (of_org, of_repo) == (&org, &repo) && (branch.is_empty() || *of_branch == branch)
        };
        self.configs.iter().find(|(of, _)| is_meant(of)).map(|(_, config)| &**config)
    }
}

/// The branch whose jobs a config gives, by the config's path.
pub fn config_branch(file: &str) -> Option<Branch> {
    if !path::is_within(file, CONFIG) {
        return None;
    }
    let Metadata { org, repo, branch, .. } = config_identity(file).ok()?;
    let branch = branch_in_file_name(&branch).into_owned();
    Some((org, repo, branch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(lossy: &str, file: &str) -> Option<String> {
        let findings = [Diagnostic::of_file(lossy, "dropped-field", "")];
        Losses::of(findings.iter()).behind(file).map(str::to_owned)
    }

    #[test]
    fn a_file_is_kept_by_itself_and_by_the_configs_of_its_branch() {
        let jobs = |name: &str| format!("{JOBS}/acme/web/acme-web-{name}.yaml");
        let of = |config: &str| {
            let config = format!("{CONFIG}/acme/web/acme-web-{config}.yaml");
            let files = ["main-presubmits", "main-periodics", "old-presubmits", "periodics"];
            assert_eq!(behind(&config, &config), Some(config.clone()));
            files.map(|file| behind(&config, &jobs(file)) == Some(config.clone()))
        };
        assert_eq!(of("main"), [true, true, false, true]);
        assert_eq!(of("main__arm64"), [true, true, false, true]);
        assert_eq!(of("old"), [false, false, true, true]);
        let config = format!("{CONFIG}/acme/web/acme-web-main.yaml");
        for other in ["acme/cli/acme-cli-main-presubmits.yaml", "acme/web/infra-periodics.yaml", "infra-periodics.yaml"]
        {
            assert_eq!(behind(&config, &format!("{JOBS}/{other}")), None, "{other}");
        }
        assert_eq!(behind(&jobs("main-presubmits"), &config), None);
    }

    #[test]
    fn prows_configuration_is_kept_as_one() {
        let (one, other) = (format!("{PROW_CONFIG}/_config.yaml"), format!("{PROW_CONFIG}/acme/_prowconfig.yaml"));
        assert_eq!(behind(&one, &other), Some(one));
        let findings = [Diagnostic::of_file(&other, "unformed-file", "")];
        assert_eq!(Losses::of(findings.iter()).behind(&other), None);
    }
}
