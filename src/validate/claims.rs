//! Rules for the cluster a test gets: claimed from a pool, installed with a profile, or the build farm's own.

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::{ClusterClaim, TestStepConfiguration};

rules! {
    RESERVED_CLAIM_LABEL = "reserved-claim-label",
        "a claim's labels use a key that the claim's fields fill",
        "The claim's field and the label would fill one key, and one value would be lost.",
        "remove the label; set the field of the claim instead";
    INCOMPLETE_CLAIM = "incomplete-claim",
        "a claim lacks version, cloud or owner",
        "The pool of clusters is found by all three, so the test would get no cluster.",
        "set version, cloud and owner";
    CLAIM_WITHOUT_STEPS = "claim-without-steps",
        "a claim is made for a test without steps",
        "Only the steps of a multi-stage test are given the cluster; this one would be claimed for nobody.",
        "give the test steps, or remove cluster_claim";
    UNKNOWN_CLUSTER = "unknown-cluster",
        "a test is to run on a cluster that is not of the build farm",
        "No build cluster has this name, so the job would never be started.",
        "remove cluster to let the dispatcher choose, or name a cluster of the build farm";
    SEVERAL_CLUSTERS = "several-clusters",
        "a test both claims a cluster and installs one",
        "Steps are given one cluster; the other would be paid for and never used.",
        "keep cluster_claim to take a cluster from a pool, or cluster_profile to install one";
}

const RESERVED_LABELS: [&str; 5] = ["architecture", "cloud", "owner", "product", "version"];
const CLUSTERS: [&str; 6] = ["app.ci", "arm01", "build01", "build02", "build03", "vsphere02"];

/// Checks a test's `cluster_claim`.
pub fn check_claim(claim: &ClusterClaim, test: &TestStepConfiguration, test_place: &Place<'_>, out: &mut Findings) {
    let place = test_place.key("cluster_claim");
    for key in claim.labels.keys().filter(|key| RESERVED_LABELS.contains(&key.as_str())) {
        let labels = place.key("labels");
        let message = format_args!("{labels} contains an invalid key in claim's label: {key}");
        out.says(&RESERVED_CLAIM_LABEL, &labels.name(key), message);
    }
    for (key, value) in [("version", &claim.version), ("cloud", &claim.cloud), ("owner", &claim.owner)] {
        if value.is_empty() {
            let field = place.key(key);
            let message = format_args!("{field} cannot be empty when cluster_claim is not nil");
            out.says(&INCOMPLETE_CLAIM, &field, message);
        }
    }
    if test.steps.is_none() && test.literal_steps.is_none() {
        let message = format_args!("{place} cannot be set on a test which is not a multi-stage test");
        out.says(&CLAIM_WITHOUT_STEPS, &place, message);
    }
}

/// Checks a test's `cluster`.
pub fn check_cluster(cluster: &str, test_place: &Place<'_>, out: &mut Findings) {
    if !cluster.is_empty() && !CLUSTERS.contains(&cluster) && !names_build_cluster(cluster) {
        let place = test_place.key("cluster");
        out.says(&UNKNOWN_CLUSTER, &place, format_args!("{place} is not a valid cluster: {cluster}"));
    }
}

/// Whether the text has `build` and two digits in it: the reference looks no closer.
fn names_build_cluster(text: &str) -> bool {
    text.match_indices("build").any(|(at, found)| {
        let rest = text.as_bytes().get(at + found.len()..).unwrap_or_default();
        matches!(rest, [first, second, ..] if first.is_ascii_digit() && second.is_ascii_digit())
    })
}

/// Checks that a test gets one cluster only.
pub fn check_single_cluster(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    let ways = [
        test.cluster_claim.is_some(),
        test.steps.as_ref().is_some_and(|steps| !steps.cluster_profile.is_empty()),
        test.literal_steps.as_ref().is_some_and(|steps| steps.cluster_profile_literal.is_some()),
    ];
    if ways.iter().filter(|way| **way).count() > 1 {
        let field = if test.cluster_claim.is_some() { "cluster_claim" } else { "literal_steps" };
        let told = if ways.contains(&false) { place.silent(field) } else { *place };
        say_several(place, &told, out);
    }
}

/// Says of what is `told` that the test at `place` gets more than one cluster.
pub fn say_several(place: &Place<'_>, told: &Place<'_>, out: &mut Findings) {
    let message = format_args!(
        "{place} installs more than one cluster, probably it defined both cluster_claim and cluster_profile"
    );
    out.says(&SEVERAL_CLUSTERS, told, message);
}
