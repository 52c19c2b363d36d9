//! Entries of `maps` that are wrong whatever files there are.

use super::page::{Page, entry, field};
use super::placement::Placement;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    DEFAULT_CLUSTER = "config-map-in-default-cluster",
        "an entry of config_updater targets the cluster `default`, by name or because it names none",
        "`default` is wherever Prow runs: the ConfigMap moves with Prow, and nobody sees it in the file.",
        "name the cluster: `clusters: {NAME: [NAMESPACE]}`";
    UNPACKED_JOBS = "unpacked-job-config-map",
        "an entry takes ci-operator/jobs itself and does not say `gzip: true`",
        "Job files are large, and a ConfigMap holds 1 MiB.",
        "set `gzip: true` in the entry";
}

/// The path that the reference looks for entries of job files with.
const JOBS: &str = "ci-operator/jobs";
/// What the reference calls the cluster that Prow runs in.
const DEFAULT: &str = "default";

/// What is wrong with the entries.
pub fn check(placement: &Placement, page: &Page<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (glob, mapping) in placement.iter() {
        let pattern = glob.pattern();
        if mapping.spec.clusters.contains_key(DEFAULT) {
            let path = if mapping.spec.cluster_groups.is_empty() { "clusters" } else { "cluster_groups" };
            let path = entry(pattern).key(path);
            let path = if mapping.spec.cluster_groups.is_empty() { path.key(DEFAULT) } else { path };
            let detail = "`default` cluster name is not allowed, a clustername must be explicitly specified";
            let reference = format!("{}: Invalid value: \"default\": {detail}", field(pattern, ".clusters"));
            let message = "this goes to the cluster `default`, which may be any cluster";
            findings.push(page.finding(&DEFAULT_CLUSTER, &path, message).as_reference(reference));
        }
        if glob.matches(JOBS) && mapping.spec.gzip != Some(true) {
            let value = mapping.spec.gzip.map_or("\"null\"", |_| "false");
            let detail = "field must be set to `true` for jobconfigs";
            let reference = format!("{}: Invalid value: {value}: {detail}", field(pattern, ".gzip"));
            let message = match mapping.is_packed {
                true => "this takes job files, and leaves it to what goes for all entries to pack them",
                false => "this takes job files, and they are not packed",
            };
            findings.push(page.finding(&UNPACKED_JOBS, &entry(pattern).key("gzip"), message).as_reference(reference));
        }
    }
    findings
}
