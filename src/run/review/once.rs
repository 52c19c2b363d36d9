//! One defect, one finding, though several checks come upon it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::files::path;
use crate::run::layout::{CONFIG, JOBS};

/// Rules that tell the same of the same place: what the first says is left to the second.
const SAME_DEFECT: [(&str, &str); 5] = [
    ("dropped-field", "unknown-prow-field"),
    ("unknown-prow-field", "yaml-type"),
    ("dropped-field", "unknown-job-field"),
    ("job-without-context", "job-name-broken"),
    ("timeout-under-a-second", "nanoseconds"),
];

/// Rules about two files of one name, of which only the second is told of the same two.
const SAME_FILES: (&str, &str) = ("colliding-config-map-keys", "job-file-name-twice");

/// Rules about the OWNERS of a repository's jobs and of its configs, of which only the second is told: the jobs' are made of
/// the configs'.
const SAME_REPOSITORY: (&str, &str) = ("missing-owners", "configs-without-owners");

/// Takes out what another finding says of the same place; what the first would do about it is known better.
pub fn tell_once(findings: &mut Vec<Diagnostic>) {
    merge(findings);
    let place = |finding: &Diagnostic| (finding.file.clone(), finding.line, finding.column);
    for (first, second) in SAME_DEFECT {
        let of_rule = |rule: &'static str| move |finding: &&mut Diagnostic| finding.rule == rule;
        let mut fixes: BTreeMap<_, _> = findings
            .iter_mut()
            .filter(of_rule(first))
            .map(|finding| (place(finding), (finding.fix.clone(), false)))
            .collect();
        if fixes.is_empty() {
            continue;
        }
        for finding in findings.iter_mut().filter(of_rule(second)) {
            if let Some((fix, is_told)) = fixes.get_mut(&place(finding)) {
                *is_told = true;
                finding.fix = fix.take().or(finding.fix.take());
            }
        }
        findings.retain(|finding| finding.rule != first || fixes.get(&place(finding)).is_none_or(|(_, told)| !told));
    }
    let files = |finding: &Diagnostic| {
        let other = finding.related.first().map(|place| place.file.clone());
        BTreeSet::from([Some(finding.file.clone()), other])
    };
    let told: BTreeSet<_> = findings.iter().filter(|finding| finding.rule == SAME_FILES.1).map(files).collect();
    findings.retain(|finding| finding.rule != SAME_FILES.0 || !told.contains(&files(finding)));
    tell_repositories_once(findings);
}

/// Leaves to what is told of a repository's configs what is told of its jobs, which is named there: whoever asks for one of
/// the two directories is told of it.
fn tell_repositories_once(findings: &mut Vec<Diagnostic>) {
    let repository = |file: &str, tree: &str| {
        let rest = file.strip_prefix(tree).and_then(|rest| rest.strip_prefix('/'));
        rest.map(|rest| path::directory(rest).to_owned())
    };
    let is_of = |rule: &'static str| move |finding: &&Diagnostic| finding.rule == rule;
    let of_configs = findings.iter().filter(is_of(SAME_REPOSITORY.1));
    let of_configs: BTreeSet<_> = of_configs.filter_map(|finding| repository(&finding.file, CONFIG)).collect();
    let mut of_jobs = BTreeMap::new();
    findings.retain(|finding| {
        let repository = Some(finding).filter(is_of(SAME_REPOSITORY.0)).and_then(|it| repository(&it.file, JOBS));
        let Some(repository) = repository.filter(|repository| of_configs.contains(repository)) else { return true };
        of_jobs.insert(repository, finding.file.clone());
        false
    });
    for finding in findings.iter_mut().filter(|finding| finding.rule == SAME_REPOSITORY.1) {
        if let Some(jobs) = repository(&finding.file, CONFIG).and_then(|repository| of_jobs.remove(&repository)) {
            let place = Diagnostic::of_file(jobs, "", "nor is there one for the jobs, which is made of it");
            *finding = finding.clone().related(place);
        }
    }
}

/// Makes one of findings that say the same of the same place, whichever checks they come from; each may know more than the
/// other: what the reference says of it, or a further place.
fn merge(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|left, right| left.order().cmp(&right.order()));
    findings.dedup_by(|second, first| {
        let is_same = first.order() == second.order();
        if is_same {
            first.reference = first.reference.take().or(second.reference.take());
            let new = second.related.drain(..).filter(|place| !first.related.contains(place)).collect::<Vec<_>>();
            first.related.extend(new);
        }
        is_same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_of_one_name_are_told_once() {
        let of = |rule, file: &str, other: &str| {
            Diagnostic::of_file(file, rule, other).related(Diagnostic::of_file(other, "", "the other"))
        };
        let mut findings = vec![
            of("colliding-config-map-keys", "a/x.yaml", "b/x.yaml"),
            of("colliding-config-map-keys", "a/x.yaml", "c/x.yaml"),
            of("job-file-name-twice", "b/x.yaml", "a/x.yaml"),
        ];
        tell_once(&mut findings);
        let told: Vec<_> = findings.iter().map(|it| (it.rule, it.related[0].file.as_str())).collect();
        assert_eq!(told, [("colliding-config-map-keys", "c/x.yaml"), ("job-file-name-twice", "a/x.yaml")]);
    }

    #[test]
    fn missing_owners_are_told_once_for_a_repository() {
        let mut findings = vec![
            Diagnostic::of_file("ci-operator/config/acme/a/OWNERS", "configs-without-owners", ""),
            Diagnostic::of_file("ci-operator/jobs/acme/a/OWNERS", "missing-owners", ""),
            Diagnostic::of_file("ci-operator/jobs/acme/b/OWNERS", "missing-owners", ""),
        ];
        tell_once(&mut findings);
        let told: Vec<_> = findings.iter().map(|it| (it.rule, it.related.first().map(|place| &*place.file))).collect();
        let jobs = Some("ci-operator/jobs/acme/a/OWNERS");
        assert_eq!(told, [("configs-without-owners", jobs), ("missing-owners", None)]);
    }

    #[test]
    fn one_defect_is_told_once() {
        let at = |rule, line| Diagnostic { line, column: 5, ..Diagnostic::of_file("jobs.yaml", rule, "") };
        let mut findings = vec![
            at("dropped-field", 1).fix("did you mean this?"),
            at("dropped-field", 2),
            at("unknown-job-field", 1).fix("spell it as Prow does"),
        ];
        tell_once(&mut findings);
        let told: Vec<_> = findings.iter().map(|it| (it.rule, it.line, it.fix.as_deref())).collect();
        assert_eq!(told, [("unknown-job-field", 1, Some("did you mean this?")), ("dropped-field", 2, None)]);
    }

    #[test]
    fn each_pair_is_told_by_its_second_rule() {
        for (first, second) in SAME_DEFECT {
            let at = |rule, line| Diagnostic { line, column: 3, ..Diagnostic::of_file("jobs.yaml", rule, "") };
            let mut findings = vec![at(first, 1), at(second, 1), at(first, 2)];
            tell_once(&mut findings);
            let told: Vec<_> = findings.iter().map(|it| (it.rule, it.line)).collect();
            assert_eq!(told, [(second, 1), (first, 2)], "{first} and {second}");
        }
    }

    #[test]
    fn findings_of_two_checks_become_one() {
        let of = |line| Diagnostic { line, ..Diagnostic::of_file("a.yaml", "unknown-workflow", "none") };
        let mut findings = vec![of(1), of(2), of(1).as_reference("no such"), of(1).related(of(7))];
        tell_once(&mut findings);
        let told: Vec<_> = findings.iter().map(|it| (it.line, it.reference.as_deref(), it.related.len())).collect();
        assert_eq!(told, [(1, Some("no such"), 1), (2, None, 0)]);
    }
}
