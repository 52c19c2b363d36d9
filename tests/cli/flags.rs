//! Flags, usage and exit statuses of every program, as a script sees them.

use std::process::Stdio;

use crate::support::Sandbox;

/// Runs a program where no release repository is.
fn run(program: &str, arguments: &[&str]) -> crate::support::Ran {
    Sandbox::new().run(program, arguments)
}

const DROP_INS: [&str; 3] = ["ci-operator-prowgen", "sanitize-prow-jobs", "determinize-prow-jobs"];

#[test]
fn drop_ins_print_their_usage_on_standard_error_and_succeed() {
    for program in DROP_INS {
        for flag in ["-h", "--h", "-help", "--help", "--help=1", "-h=true"] {
            let ran = run(program, &[flag]);
            assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{program} {flag}");
            assert!(ran.stderr.contains("Usage:"), "{program} {flag}: {}", ran.stderr);
        }
    }
}

#[test]
fn drop_ins_exit_with_2_when_flags_do_not_parse() {
    for program in DROP_INS {
        for (arguments, complaint) in [
            (&["--nope"][..], "flag provided but not defined: -nope\n"),
            (&["-h", "-nope=x"], "flag provided but not defined: -nope\n"),
            (&["-h=maybe"], "invalid boolean value \"maybe\" for -h: parse error\n"),
            (&["---x"], "bad flag syntax: ---x\n"),
            (&["-=x"], "bad flag syntax: -=x\n"),
            (&["-version"], "flag provided but not defined: -version\n"),
        ] {
            let ran = run(program, arguments);
            assert_eq!(ran.status, 2, "{program} {arguments:?}");
            assert!(ran.stderr.starts_with(complaint), "{program} {arguments:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("Usage:"), "{program} {arguments:?}: {}", ran.stderr);
        }
    }
    assert_eq!(run("ci-operator-prowgen", &["--from-dir"]).status, 2);
    assert_eq!(run("ci-operator-prowgen", &["--from-release-repo=yes"]).status, 2);
    assert_eq!(run("sanitize-prow-jobs", &["--config-path"]).status, 2);
}

#[test]
fn drop_ins_exit_with_1_when_something_is_missing() {
    let from = ["--from-dir", "a"];
    let both = ["--from-dir", "a", "--to-dir", "b"];
    for (program, arguments, complaint) in [
        ("ci-operator-prowgen", &[][..], "one of --from-dir and --from-release-repo is needed"),
        ("ci-operator-prowgen", &["-h=false"], "one of --from-dir and --from-release-repo is needed"),
        // What follows the first other argument is no flag any more.
        ("ci-operator-prowgen", &["x", "--from-dir", "a"], "one of --from-dir and --from-release-repo is needed"),
        ("ci-operator-prowgen", &["--", "--from-dir"], "one of --from-dir and --from-release-repo is needed"),
        ("ci-operator-prowgen", &["-"], "one of --from-dir and --from-release-repo is needed"),
        ("ci-operator-prowgen", &["--from-dir=", "--to-dir=b"], "one of --from-dir and --from-release-repo is needed"),
        ("ci-operator-prowgen", &from, "one of --to-dir and --to-release-repo is needed"),
        ("ci-operator-prowgen", &["-config-dir", "a"], "one of --from-dir and --from-release-repo is needed"),
        ("ci-operator-prowgen", &[both[0], both[1], both[2], both[3], "--log-level=loud"], "--log-level \"loud\""),
        ("sanitize-prow-jobs", &[], "--prow-jobs-dir is needed"),
        ("determinize-prow-jobs", &["--prow-jobs-dir", "a"], "--config-path is needed"),
    ] {
        let ran = run(program, arguments);
        assert_eq!(ran.status, 1, "{program} {arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(complaint), "{program} {arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{program} {arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn the_release_repository_is_looked_for_below_gopath() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run("ci-operator-prowgen", &["--from-release-repo=TRUE"]);
    let expected = sandbox.join("go/src/github.com/openshift/release/ci-operator/config");
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains(&format!("{} is not a directory", expected.display())), "{}", ran.stderr);

    let arguments = ["--from-release-repo", "--to-release-repo=1"];
    let ran = sandbox.command("ci-operator-prowgen").args(arguments).env("GOPATH", "/nowhere//x").output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("/nowhere/x/src/github.com/openshift/release/ci-operator/config"), "{said}");

    // It wins over the directory that is named.
    sandbox.write("go/src/github.com/openshift/release/ci-operator/config/README.md", "");
    let ran = sandbox.run("ci-operator-prowgen", &["--from-dir=a", "--from-release-repo", "--to-release-repo"]);
    assert!(ran.stderr.contains("--to-release-repo: "), "{}", ran.stderr);
}

#[test]
fn only_process_changes_asks_git() {
    let sandbox = Sandbox::new();
    let arguments = ["--from-dir", "config", "--to-dir", "jobs", "--only-process-changes"];
    let ran = sandbox.command("ci-operator-prowgen").args(arguments).env("GIT_DIR", "nowhere").output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("git cannot name the upstream branch"), "{said}");
    let ran = sandbox.command("ci-operator-prowgen").args(arguments).env("PATH", "").output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot run git: "), "{said}");
}

#[test]
fn cutwater_says_what_it_agrees_with() {
    let ran = run("cutwater", &["--version"]);
    assert_eq!(ran.status, 0);
    let expected = format!("cutwater {} (compatible with openshift/ci-tools 52352cd)\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(ran.stdout, expected);
}

#[test]
fn cutwater_exits_with_2_on_bad_usage() {
    for arguments in [&[][..], &["--nope"], &["nope"], &["jobs", "--nope"], &["jobs", "--jobs", "0"], &["jobs", "-qv"]]
    {
        let ran = run("cutwater", arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains("--help"), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn cutwater_needs_a_release_repository_and_paths_in_it() {
    let ran = run("cutwater", &["jobs"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("no release repository at or above"), "{}", ran.stderr);
    let sandbox = Sandbox::sample();
    for (arguments, complaint) in [
        (&["jobs", "--release-repo", "ci-operator"][..], "ci-operator is no release repository"),
        (&["jobs", "README.md"], "README.md is not in ci-operator/config"),
        (&["jobs", "../../x"], "../../x is not in ci-operator/config"),
        (&["jobs", "/etc/passwd"], "/etc/passwd is not in ci-operator/config"),
        (&["jobs", "ci-operator/config/../../.."], "ci-operator/config/../../.. is not in ci-operator/config"),
        (&["jobs", "ci-operator/config/acme/nope"], "ci-operator/config/acme/nope is not there"),
        (&["jobs", ""], "a value is required"),
    ] {
        let ran = sandbox.run("cutwater", arguments);
        assert_eq!(ran.status, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(complaint), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let sandbox = Sandbox::sample();
    let mut child = sandbox
        .command("cutwater")
        .args(["jobs", "--check", "--diff"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(!String::from_utf8_lossy(&ended.stderr).contains("error"), "{ended:?}");
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{ended:?}");
}
