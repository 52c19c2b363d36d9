//! Cluster profiles: cluster groups put in place of their names, patterns that must compile.

use std::collections::BTreeSet;

use super::mistyped::List;
use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Violation};
use crate::model::config::ClusterProfiles;
use crate::pattern::{self, BROKEN_PATTERN};
use crate::yaml::codec::{Strictness, read};
use crate::yaml::locate::place;
use crate::yaml::parse::parse;

rules! {
    UNKNOWN_CLUSTER_GROUP = "unknown-cluster-group",
        "an owner of a cluster profile names a group of clusters that is not defined",
        "The clusters of the group are not among those of the tenant.",
        "define the group under konflux.cluster_groups, or correct its name";
}

/// Reads a cluster profiles file that does not lie in the registry, or is read apart from it.
pub fn load_profiles(text: &str, file: &str) -> Result<ClusterProfiles, Vec<Diagnostic>> {
    let list = List::Profiles;
    let tree = parse(text).map_err(|error| vec![list.syntax(error, file, text)])?;
    let mut profiles: ClusterProfiles = read(&tree, Strictness::Lenient).map_err(|problems| {
        problems.into_iter().map(|problem| list.mistyped(problem, file, text)).collect::<Vec<_>>()
    })?;
    let violations = check_groups_and_patterns(&mut profiles).into_iter();
    let findings: Vec<Diagnostic> = violations.map(|violation| place(violation, file, text, &tree)).collect();
    if findings.is_empty() { Ok(profiles) } else { Err(findings) }
}

/// Gives owners the clusters of their groups, and tells of groups and patterns that are broken.
pub fn check_groups_and_patterns(profiles: &mut ClusterProfiles) -> Vec<Violation> {
    let mut violations = resolve_cluster_groups(profiles);
    violations.extend(check_patterns(profiles));
    violations
}

/// Gives each owner's Konflux tenant the clusters of its groups; a violation for each group that is not defined.
fn resolve_cluster_groups(profiles: &mut ClusterProfiles) -> Vec<Violation> {
    let mut violations = Vec::new();
    let groups = profiles.konflux.as_ref().map(|konflux| &konflux.cluster_groups);
    for (number, profile) in profiles.cluster_profiles.iter_mut().enumerate() {
        for (owner_number, owner) in profile.owners.iter_mut().enumerate() {
            let Some(konflux) = &mut owner.konflux else { continue };
            let mut clusters: BTreeSet<&String> = konflux.clusters.iter().collect();
            for (position, name) in konflux.cluster_groups.iter().enumerate() {
                match groups.and_then(|groups| groups.get(name)) {
                    Some(members) => clusters.extend(members),
                    None => {
                        let path = KeyPath::root().key("cluster_profiles").item(number).key("owners");
                        let path = path.item(owner_number).key("konflux").key("cluster_groups").item(position);
                        let message =
                            format!("profiles[{number}].owners[{owner_number}] cluster group {name} not found");
                        violations.push(Violation { rule: UNKNOWN_CLUSTER_GROUP.id, path, message });
                    }
                }
            }
            if !clusters.is_empty() {
                konflux.clusters_resolved = clusters.into_iter().cloned().collect();
            }
        }
    }
    violations
}

/// Violations for the patterns of tests that may use a set's members, where one is no regular expression.
fn check_patterns(profiles: &ClusterProfiles) -> Vec<Violation> {
    let Some(sets) = &profiles.cluster_profile_sets_config else { return Vec::new() };
    let mut violations = Vec::new();
    let mut check = |path: KeyPath, pattern: &str| {
        if let Err(reason) = pattern::check(pattern) {
            let message = format!("{pattern:?} is not a regular expression: {reason}");
            violations.push(Violation { rule: BROKEN_PATTERN.id, path, message });
        }
    };
    let root = KeyPath::root().key("cluster_profile_sets_config").key("tests_exceptions");
    for (repository, branches) in &sets.tests_exceptions {
        let root = root.key(repository);
        check(root.clone(), repository);
        for (branch, variants) in branches {
            let root = root.key(branch);
            check(root.clone(), branch);
            for (variant, tests) in variants {
                let root = root.key(variant);
                check(root.clone(), variant);
                for (position, test) in tests.iter().enumerate() {
                    check(root.item(position), test);
                }
            }
        }
    }
    violations
}
