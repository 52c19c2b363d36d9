//! The examples, embedded, and the rules that have none.

use super::example::Example;
use super::find;
use super::page::{Shown, page};

macro_rules! examples {
    ($($id:literal)*) => { &[$(($id, include_str!(concat!("examples/", $id, ".txt")))),*] };
}

/// The texts of all examples, by rule.
pub const EXAMPLES: &[(&str, &str)] = examples![
    "all-branches-skipped"
    "base-rpm-images-without-commands"
    "best-effort-without-timeout"
    "blank-job-file"
    "broken-branch-pattern"
    "broken-change-pattern"
    "broken-pattern"
    "broken-promotion-schedule"
    "broken-settings"
    "broken-trigger"
    "build-roots-set"
    "chain-cycle"
    "claim-without-steps"
    "colliding-config-map-keys"
    "colliding-credentials"
    "colliding-keys"
    "config-in-other-config-map"
    "config-map-in-default-cluster"
    "config-of-init-container"
    "configs-without-owners"
    "conflicting-lease"
    "conflicting-pod-parts"
    "container-without-image"
    "copied-metadata"
    "credential-alias-without-field"
    "credential-bundle-with-parts"
    "credential-named-twice"
    "credential-without-path"
    "cyclic-images"
    "date-that-never-comes"
    "dependency-on-missing-image"
    "dependency-on-missing-release"
    "dependency-without-variable"
    "dot-in-release-name"
    "dropped-field"
    "duplicate-credential"
    "duplicate-dependency-variable"
    "duplicate-image-name"
    "duplicate-key"
    "duplicate-lease-variable"
    "duplicate-promotion-target"
    "duplicate-secret"
    "duplicate-step"
    "duplicate-target"
    "duplicate-test"
    "edited-job"
    "empty-build-root"
    "empty-release"
    "empty-resources"
    "empty-step"
    "empty-step-name"
    "endless-steps"
    "entry-without-files"
    "excessive-shared-memory"
    "excessive-timeout"
    "external-image-hides-base-image"
    "external-pull-spec-set"
    "file-in-no-config-map"
    "file-in-no-entry"
    "file-in-several-entries"
    "file-in-wrong-config-map"
    "filtered-periodic"
    "foreign-cluster-claim"
    "foreign-cluster-profile"
    "illegal-config-map-key"
    "incomplete-build-root-tag"
    "incomplete-claim"
    "incomplete-credential"
    "incomplete-external-image"
    "incomplete-integration"
    "incomplete-secret"
    "incomplete-step-image"
    "incomplete-substitution"
    "incomplete-tag-specification"
    "invalid-branch-pattern"
    "invalid-capability"
    "invalid-cron"
    "invalid-dependency"
    "invalid-interval"
    "invalid-observer-name"
    "invalid-quantity"
    "invalid-release-version"
    "invalid-secret-name"
    "invalid-step-image"
    "invalid-test-name"
    "invalid-volume-size"
    "lease-without-type"
    "lease-without-variable"
    "link-out-of-tree"
    "linked-directory"
    "long-test-name"
    "lookalike-registry"
    "lost-comment"
    "lost-document"
    "lost-entry"
    "lost-merge-method"
    "manual-cluster-in-farm"
    "member-of-profile-set"
    "merge-conflict"
    "merged-field-set"
    "misnamed-registry-entry"
    "misnamed-registry-file"
    "misplaced-built-images"
    "misplaced-registry-file"
    "misread-glob"
    "missing-cluster-profiles"
    "missing-image-input"
    "missing-image-tag"
    "missing-job"
    "missing-main-file"
    "missing-owners"
    "missing-script"
    "nanoseconds"
    "needless-go-repository"
    "negative-quantity"
    "negative-relative"
    "nested-workflow"
    "no-capable-cluster"
    "no-container"
    "no-default-cluster"
    "no-default-resources"
    "no-resources"
    "no-shards"
    "not-mergeable"
    "nothing-to-do"
    "nothing-to-run"
    "null-cluster"
    "null-secret"
    "observer-without-commands"
    "octal-number"
    "official-promotion-without-release"
    "open-version-bounds"
    "optional-postsubmit"
    "optional-step-before-post"
    "overlapping-branches"
    "overlapping-entries"
    "own-branch-skipped"
    "ownerless-registry-file"
    "owners-without-approvers"
    "periodic-postsubmit"
    "periodic-time-broken"
    "plugin-config"
    "postsubmit-never-run"
    "presubmit-without-periodic"
    "profile-owned-by-nobody"
    "profile-owned-twice"
    "profile-owner-of-two-kinds"
    "promotion-to-another-release"
    "promotion-with-name-and-tag"
    "promotion-without-name"
    "promotion-without-namespace"
    "prow-config"
    "registry-override"
    "relative-credential-path"
    "relative-secret-path"
    "release-beside-tag-specification"
    "release-of-another-branch"
    "repeated-cluster"
    "repeated-job"
    "repeated-profile"
    "report-without-presubmit"
    "reporter-without-channel"
    "rerun-command-mismatch"
    "reserved-claim-label"
    "reserved-config-map-key"
    "reserved-image-name"
    "reserved-promotion-namespace"
    "rpm-location-without-commands"
    "same-config"
    "scheduled-release-controller-job"
    "secret-alias-without-field"
    "secret-and-secrets"
    "secret-bundle-with-parts"
    "secret-named-twice"
    "secrets-without-container"
    "several-build-roots"
    "several-change-filters"
    "several-cluster-claims"
    "several-clusters"
    "several-kvm-devices"
    "several-release-kinds"
    "several-schedules"
    "several-ways-to-run"
    "shard-outside"
    "shard-twice"
    "sharded-postsubmit"
    "skip-of-everything"
    "stale-job"
    "step-with-several-images"
    "step-with-several-kinds"
    "step-without-commands"
    "step-without-image"
    "tag-promoted-twice"
    "test-named-like-a-shard"
    "test-named-like-a-target"
    "test-with-several-types"
    "test-without-type"
    "text-changes"
    "timeout-under-a-second"
    "too-few-shards"
    "too-many-shards"
    "trap-without-grace-period"
    "two-dockerfiles"
    "unchecked-architecture"
    "unformed-file"
    "unformed-jobs"
    "unknown-chain"
    "unknown-channel"
    "unknown-cloud"
    "unknown-cluster"
    "unknown-cluster-group"
    "unknown-cluster-profile"
    "unknown-config-in-job"
    "unknown-dependency-stream"
    "unknown-external-registry"
    "unknown-image-architecture"
    "unknown-job-file"
    "unknown-node-architecture"
    "unknown-observer"
    "unknown-owners-alias"
    "unknown-plugin"
    "unknown-product"
    "unknown-reference-policy"
    "unknown-registry-file"
    "unknown-release-architecture"
    "unknown-release-stream"
    "unknown-resource"
    "unknown-step"
    "unknown-step-image-stream"
    "unknown-substitution-image"
    "unknown-test-image"
    "unknown-update-graph"
    "unknown-workflow"
    "unlisted-cluster-profile"
    "unmatchable-branch-pattern"
    "unmatchable-change-pattern"
    "unmatched-branch"
    "unnamed-bundle-with-options"
    "unnamed-cluster"
    "unnamed-dependency"
    "unnamed-image"
    "unnamed-step"
    "unnamed-test"
    "unowned-config"
    "unpacked-job-config-map"
    "unplaceable-job"
    "unplaced-job"
    "unresolved-cluster-profile"
    "unresolved-parameters"
    "unset-parameter"
    "unsettled-configuration"
    "unused-chain"
    "unused-dependency"
    "unused-ignore"
    "unused-image"
    "unused-observer"
    "unused-optional-image"
    "unused-parameter"
    "unused-step"
    "unused-workflow"
    "unwritable-text"
    "update-graph-without-base-index"
    "wrong-script-name"
    "yaml-syntax"
    "yaml-type"
    "zero-quantity"
];

/// Rules that no example can show, each with the reason.
pub const UNSHOWN: &[(&str, &str)] = &[
    ("annotation-missing", "no program reports it yet"),
    ("broken-registry-file", "bytes that are no text cannot stand on this page"),
    ("clone-address-broken", "no program reports it yet"),
    ("cluster-of-jenkins-job", "no program reports it yet"),
    ("config-map-nearly-full", "it takes more than 800 KiB of files"),
    ("config-map-too-large", "it takes a file of more than 1 MiB"),
    ("context-policy-clash", "no program reports it yet"),
    ("deep-chain", "it takes chains nested a hundred deep"),
    ("file-too-large", "it takes a file of more than 8 MiB"),
    ("internal-error", "it is always a mistake in Cutwater itself"),
    ("job-agent-mismatch", "no program reports it yet"),
    ("job-change-patterns-clash", "no program reports it yet"),
    ("job-concurrency-negative", "no program reports it yet"),
    ("job-container-name", "no program reports it yet"),
    ("job-context-twice", "no program reports it yet"),
    ("job-decoration-broken", "no program reports it yet"),
    ("job-file-name-twice", "no program reports it yet"),
    ("job-init-container", "no program reports it yet"),
    ("job-label-broken", "no program reports it yet"),
    ("job-mount-reserved", "no program reports it yet"),
    ("job-mount-undefined", "no program reports it yet"),
    ("job-name-broken", "no program reports it yet"),
    ("job-name-twice", "no program reports it yet"),
    ("job-pattern-broken", "no program reports it yet"),
    ("job-pipeline-refs", "no program reports it yet"),
    ("job-queue-unknown", "no program reports it yet"),
    ("job-variable-reserved", "no program reports it yet"),
    ("job-variable-twice", "no program reports it yet"),
    ("job-volume-reserved", "no program reports it yet"),
    ("job-volume-twice", "no program reports it yet"),
    ("job-without-command", "no program reports it yet"),
    ("job-without-container", "no program reports it yet"),
    ("job-without-context", "no program reports it yet"),
    ("jobs-without-trigger", "no program reports it yet"),
    ("label-restricted-and-free", "no program reports it yet"),
    ("long-job-name", "no program reports it yet"),
    (
        "misplaced-config",
        "it takes a directory of configs that is named by a dot, with a config right in it; whatever else a config is \
         called, its path names an organisation and a repository",
    ),
    ("name-not-text", "a name that is no text cannot stand on this page"),
    ("needs-ok-to-test-forbidden", "no program reports it yet"),
    ("not-a-file", "it takes a pipe, a socket or a device"),
    ("not-text", "bytes that are no text cannot stand on this page"),
    ("owners-not-verified", "no program reports it yet"),
    ("periodic-clone-settings", "no program reports it yet"),
    ("periodic-times-clash", "no program reports it yet"),
    ("periodic-without-time", "no program reports it yet"),
    ("plugin-unknown", "no program reports it yet"),
    ("plugin-without-tide-query", "no program reports it yet"),
    ("preset-clash", "no program reports it yet"),
    ("preset-label-twice", "no program reports it yet"),
    ("report-label-of-silent-job", "no program reports it yet"),
    ("repository-cloned-twice", "no program reports it yet"),
    ("rerun-command-not-allowed", "no program reports it yet"),
    ("rerun-rights-clash", "no program reports it yet"),
    ("restricted-label-empty", "no program reports it yet"),
    ("status-link-broken", "no program reports it yet"),
    ("strict-branch-with-tide", "no program reports it yet"),
    ("supplement-misplaced", "no program reports it yet"),
    ("supplement-too-deep", "no program reports it yet"),
    ("tide-query-without-plugin", "no program reports it yet"),
    ("too-deep", "it takes more nested directories than fit on this page"),
    ("trigger-misses-command", "no program reports it yet"),
    ("trigger-without-command", "no program reports it yet"),
    ("undecorated-containers", "no program reports it yet"),
    ("undecorated-job", "no program reports it yet"),
    ("unknown-job-field", "no program reports it yet"),
    ("unknown-prow-field", "no program reports it yet"),
    ("unmanaged-with-settings", "no program reports it yet"),
    ("unreadable-file", "it takes a file that its reader has no permission for, or a failing disk"),
    (
        "unreadable-job-file",
        "what is wrong with the file itself is told first, by rules such as yaml-type and blank-job-file",
    ),
    ("unwritable-file", "it takes a directory that its writer has no permission for, or a full disk"),
    ("updater-repository-broken", "no program reports it yet"),
    ("webhook-of-org-and-repo", "no program reports it yet"),
];

/// The page of the rule of this id.
pub fn page_of(id: &str) -> Option<String> {
    let rule = find(id)?;
    let of = |list: &'static [(&str, &str)]| list.iter().find(|(named, _)| *named == id).map(|(_, text)| *text);
    let example = of(EXAMPLES).and_then(|text| Example::parse(text).ok());
    let reason = of(UNSHOWN).unwrap_or("it has not been written yet");
    Some(page(rule, &example.as_ref().map_or(Shown::Not(reason), Shown::Example)))
}
