//! The ConfigMaps that configs and job files belong into, by their names.
//!
//! They are spread by branch: [`flavour`] is what a branch counts as.

use crate::model::config::Metadata;
use crate::model::identity::JobFile;

/// What a branch counts as: `main` and `master` for themselves, `release-4.10` as `4.10`, `release-3.11` as `3.x`, and
/// all others together as `misc`. `enterprise` and `openshift` are as good as `release`.
pub fn flavour(branch: &str) -> String {
    if matches!(branch, "master" | "main") {
        return branch.to_owned();
    }
    release(branch).unwrap_or_else(|| "misc".to_owned())
}

fn release(branch: &str) -> Option<String> {
    let (product, version) = branch.split_once('-')?;
    let mut numbers = version.split('.');
    let major =
        numbers.next().filter(|major| matches!(product, "release" | "enterprise" | "openshift") && major.len() == 1)?;
    let is_number = |number: Option<&str>| number.is_some_and(is_digits);
    match (major, version.matches('.').count()) {
        ("1" | "2" | "3", 1) if is_number(numbers.next()) => Some(format!("{major}.x")),
        ("1" | "2" | "3", 2) if is_number(numbers.next()) && is_number(numbers.next()) => Some(format!("{major}.x")),
        ("4" | "5" | "6" | "7" | "8" | "9", 1) if is_number(numbers.next()) => Some(version.to_owned()),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The ConfigMap of a config.
pub fn of_config(identity: &Metadata) -> String {
    format!("ci-operator-{}-configs", flavour(&identity.branch))
}

/// The ConfigMap of a job file.
pub fn of_job_file(file: &JobFile) -> String {
    let kind = file.kind.as_str();
    match (flavour(&file.branch).as_str(), kind) {
        _ if file.branch.is_empty() && kind == "periodics" => "job-config-misc".to_owned(),
        (flavour @ ("master" | "main"), kind) => format!("job-config-{flavour}-{kind}"),
        (flavour, _) => format!("job-config-{flavour}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_count_as_with_the_reference() {
        let cases = [
            ("master", "master"),
            ("main", "main"),
            ("release-4.10", "4.10"),
            ("enterprise-4.1", "4.1"),
            ("openshift-5.0", "5.0"),
            ("release-3.11", "3.x"),
            ("release-3.11.2", "3.x"),
            ("enterprise-1.0", "1.x"),
            ("", "misc"),
            ("fcos", "misc"),
            ("release-0.2", "misc"),
            ("release-4.5.1", "misc"),
            ("release-10.0", "misc"),
            ("release-v1", "misc"),
            ("release-4.5-hotfix", "misc"),
            ("feature-x", "misc"),
            ("release-4.", "misc"),
            ("release-4", "misc"),
            ("release-3.11.", "misc"),
            ("release-3.1.2.3", "misc"),
            ("Release-4.1", "misc"),
            ("release-4.1\n", "misc"),
            ("xrelease-4.1", "misc"),
            ("release-44.1", "misc"),
            ("release-4.٣", "misc"),
        ];
        for (branch, want) in cases {
            assert_eq!(flavour(branch), want, "{branch:?}");
        }
    }

    #[test]
    fn job_files_of_the_main_branches_are_apart_by_kind() {
        let name = |path| of_job_file(&JobFile::from_path(path).unwrap());
        assert_eq!(name("o/r/o-r-main-presubmits.yaml"), "job-config-main-presubmits");
        assert_eq!(name("o/r/o-r-master-periodics.yaml"), "job-config-master-periodics");
        assert_eq!(name("o/r/o-r-release-4.10-presubmits.yaml"), "job-config-4.10");
        assert_eq!(name("o/r/o-r-periodics.yaml"), "job-config-misc");
        assert_eq!(name("o/r/o-r--periodics.yaml"), "job-config-misc");
        assert_eq!(name("o/r/o-r-fcos-anything.yaml"), "job-config-misc");
    }
}
