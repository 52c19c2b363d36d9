//! `--format json` of the drop-in programs: one array on standard output, and the exit status of the reference all the same.

use crate::support::Sandbox;
use serde_json::Value;

/// The programs, each with its arguments and a file that is broken for it.
const PROGRAMS: [(&str, &[&str], &str); 7] = [
    (
        "ci-operator-prowgen",
        &[
            "--from-dir=ci-operator/config",
            "--to-dir=ci-operator/jobs",
            "--registry=ci-operator/step-registry",
            "--known-infra-file=infra-periodics.yaml",
        ],
        "ci-operator/config/acme/cli/acme-cli-main.yaml",
    ),
    ("sanitize-prow-jobs", SANITIZE, "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml"),
    ("determinize-prow-jobs", SANITIZE, "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml"),
    (
        "determinize-ci-operator",
        &["--config-dir=ci-operator/config", "--confirm"],
        "ci-operator/config/acme/cli/acme-cli-main.yaml",
    ),
    (
        "determinize-prow-config",
        &["--prow-config-dir=core-services/prow/02_config"],
        "core-services/prow/02_config/_plugins.yaml",
    ),
    (
        "ci-operator-checkconfig",
        &[
            "--config-dir=ci-operator/config",
            "--registry=ci-operator/step-registry",
            "--cluster-profiles-config=ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml",
            "--cluster-claim-owners-config=claim-owners.yaml",
        ],
        "ci-operator/config/acme/cli/acme-cli-main.yaml",
    ),
    ("config-shard-validator", &["--release-repo-dir=."], "core-services/prow/02_config/_plugins.yaml"),
];

const SANITIZE: &[&str] = &[
    "--prow-jobs-dir=ci-operator/jobs",
    "--config-path=core-services/sanitize-prow-jobs/_config.yaml",
    "--cluster-config-path=core-services/sanitize-prow-jobs/_clusters.yaml",
];

fn sample() -> Sandbox {
    let sandbox = Sandbox::sample();
    sandbox.write("claim-owners.yaml", "[]\n");
    sandbox
}

#[test]
fn findings_are_one_array_on_standard_output() {
    for (program, arguments, broken) in PROGRAMS {
        let sandbox = sample();
        sandbox.write(broken, "- [\n");
        let text = sandbox.run(program, arguments);
        for flags in [&["--format=json"][..], &["-format", "json"]] {
            let ran = sandbox.run(program, &[flags, arguments].concat());
            assert_eq!((ran.status, text.status), (1, 1), "{program}: {ran:?}");
            assert!(!ran.stderr.contains("error"), "{program}: {}", ran.stderr);
            let findings: Vec<Value> =
                serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{program}: {ran:?}"));
            let found = findings.iter().find(|finding| finding["rule"] == "yaml-syntax");
            let found = found.unwrap_or_else(|| panic!("{program}: {findings:#?}"));
            assert!(found["file"].as_str().unwrap().ends_with(broken), "{program}: {found:#}");
            assert_eq!((&found["severity"], found["line"].is_u64()), (&"error".into(), true), "{program}: {found:#}");
            for key in ["column", "message", "reference"] {
                assert!(found.get(key).is_some(), "{program}: {found:#}");
            }
        }
        assert_eq!(text.stdout, "", "{program}");
        assert_eq!(sandbox.run(program, &[&["--format=yaml"], arguments].concat()).status, 2, "{program}");
    }
}

#[test]
fn nothing_wrong_is_an_empty_array_or_warnings_and_what_is_written_is_the_same() {
    for (program, arguments, _) in PROGRAMS {
        let (text, json) = (sample(), sample());
        let expected = text.run(program, arguments);
        let ran = json.run(program, &[&["--format=json"], arguments].concat());
        assert_eq!(ran.status, expected.status, "{program}: {ran:?}");
        let findings: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{program}: {ran:?}"));
        if ran.status == 0 {
            assert!(findings.iter().all(|finding| finding["severity"] == "warning"), "{program}: {findings:?}");
        }
        assert!(
            crate::support::tree(text.path(), |_| true) == crate::support::tree(json.path(), |_| true),
            "{program}"
        );
    }
}
