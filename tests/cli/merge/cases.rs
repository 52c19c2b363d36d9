//! Real conflicts: what each of two branches does.

use super::branches::Edit;
use super::edits::*;

/// A case: what it is called, and what each branch does.
pub struct Case {
    pub name: &'static str,
    pub ours: Edit,
    pub theirs: Edit,
}

pub const CASES: &[Case] = &[
    Case {
        name: "both add a test",
        ours: |sandbox| add_test(sandbox, WEBSHOP, "lint", "mac-one"),
        theirs: |sandbox| add_test(sandbox, WEBSHOP, "smoke", "mac-two"),
    },
    Case {
        name: "both add a test that sorts last",
        ours: |sandbox| add_test(sandbox, WEBSHOP, "unit", "zeta"),
        theirs: |sandbox| add_test(sandbox, WEBSHOP, "smoke", "yotta"),
    },
    Case {
        name: "one removes a test whose job the other changes",
        ours: |sandbox| remove_test(sandbox, WEBSHOP, "lint"),
        theirs: |sandbox| {
            sandbox.edit(WEBSHOP, "promotion:\n", "canonical_go_repository: acme.example/webshop\npromotion:\n");
        },
    },
    Case {
        name: "both change a test in different fields",
        ours: |sandbox| sandbox.edit(WEBSHOP, "- as: unit\n", "- as: unit\n  cluster: build05\n"),
        theirs: |sandbox| sandbox.edit(WEBSHOP, "- as: lint\n", "  node_architecture: arm64\n- as: lint\n"),
    },
    Case {
        name: "one renames a test that the other changes",
        ours: |sandbox| sandbox.edit(WEBSHOP, "- as: docs\n", "- as: handbook\n"),
        theirs: |sandbox| sandbox.edit(WEBSHOP, "  optional: true\n  skip_if_only", "  skip_if_only"),
    },
    Case {
        name: "another cluster profile and another schedule",
        ours: |sandbox| {
            let text = sandbox.read(INSTALLER);
            let (before, soak) = text.split_once("- as: soak").unwrap();
            sandbox.write(INSTALLER, format!("{before}- as: soak{}", soak.replacen("acme-aws", "acme-gcp", 1)));
            add_periodic(sandbox, INSTALLER, "inline", "soak-gcp");
        },
        theirs: |sandbox| {
            sandbox.edit(INSTALLER, "cron: 30 1 * * *", "interval: 12h");
            add_periodic(sandbox, INSTALLER, "unit", "soak-long");
        },
    },
    Case {
        name: "a new variant on each side",
        ours: |sandbox| add_variant(sandbox, "gamma"),
        theirs: |sandbox| add_variant(sandbox, "green"),
    },
    Case {
        name: "images on one side and a test on the other",
        ours: |sandbox| {
            sandbox.edit(PAYMENTS, "resources:\n", "images:\n  items:\n  - from: base\n    to: payments\nresources:\n");
            sandbox.edit(
                PAYMENTS,
                "build_root:\n",
                "base_images:\n  base:\n    name: ubi\n    namespace: ocp\n    tag: \"9\"\nbuild_root:\n",
            );
        },
        theirs: |sandbox| add_test(sandbox, PAYMENTS, "yearly", "integration"),
    },
    Case {
        name: "a profile of the step registry and a config",
        ours: |sandbox| sandbox.edit(PROFILES, "- cluster_type: aws\n", "- cluster_type: aws-2\n"),
        theirs: |sandbox| sandbox.edit(INSTALLER, "cluster_profile: acme-aws\n", "cluster_profile: acme-gcp\n"),
    },
    Case {
        name: "a config and a profile of the step registry",
        ours: |sandbox| sandbox.edit(INSTALLER, "cluster_profile: acme-aws\n", "cluster_profile: acme-vsphere\n"),
        theirs: |sandbox| sandbox.edit(PROFILES, "- cluster_type: aws\n", "- cluster_type: aws-2\n"),
    },
    Case {
        name: "a job by hand beside a new test",
        ours: |sandbox| add_by_hand(sandbox, "", "zz-manual", "one"),
        theirs: |sandbox| add_test(sandbox, WEBSHOP, "docs", "zeta"),
    },
    Case {
        name: "a setting by hand in a job that changes",
        ours: |sandbox| {
            edit_job(
                sandbox,
                WEBSHOP_JOBS,
                "pull-ci-acme-webshop-main-lint",
                "    name: pull-ci",
                "    max_concurrency: 7\n    name: pull-ci",
            );
        },
        theirs: |sandbox| {
            sandbox.edit(WEBSHOP, "  run_if_changed: \\.go$", "  disable_rehearsal: true\n  run_if_changed: \\.go$")
        },
    },
];
