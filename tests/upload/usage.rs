//! What is typed or configured wrong ends with 2, and nothing is asked.

use std::fs;

use crate::support::Ran;
use crate::support::upload::{PLUGINS, Repository, Site, findings};

const ONE: &str = "maps:\n  etc/*: {name: config, clusters: {main: [ci]}}\n";

#[track_caller]
fn is_usage(ran: &Ran, words: &str) {
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains(words) && !ran.stderr.contains("panicked"), "{words}: {}", ran.stderr);
    assert_eq!(ran.stdout, "");
}

/// Case 37.
#[test]
fn a_source_that_is_no_directory_is_told() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a"]);
    repository.commit();
    for verb in [&["plan"][..], &["plan", "--against=empty"], &["apply"], &["check"], &["adopt"]] {
        for (path, source) in [("gone", "gone"), ("etc/a", "etc/a")] {
            let arguments = [verb, &["--source-path", path]].concat();
            is_usage(&repository.upload(&arguments), &format!("{source} is no directory"));
        }
    }
    let alone = |flag: &str, path: &str| {
        let mut command = repository.command("cutwater");
        Ran::from(command.args(["upload", "apply", flag, path]).output().unwrap())
    };
    is_usage(&alone("--source-path", "gone"), "gone is no directory");
    is_usage(&alone("--release-repo", "gone"), "gone");
    is_usage(&alone("--release-repo", "etc/a"), "etc/a");
}

/// Beside case 37.
#[test]
fn numbers_that_make_no_sense_are_refused() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a"]);
    repository.commit();
    for (verb, flag, wrong) in [
        ("plan", "--concurrency", &["0", "257", "-1", "x", ""][..]),
        ("apply", "--concurrency", &["0", "257"]),
        ("check", "--concurrency", &["0", "257"]),
        ("apply", "--settle", &["3601", "-1", "x", "1.5"]),
        ("apply", "--request-timeout", &["0", "-1"]),
        ("apply", "--timeout", &["0", "-1"]),
    ] {
        for number in wrong {
            is_usage(&repository.upload(&[verb, &format!("{flag}={number}")]), flag);
        }
    }
    for right in ["--concurrency=1", "--concurrency=256"] {
        assert_eq!(repository.plan(&[right]).status, 0);
    }
    // Nothing but the kubeconfig is missing.
    for right in ["--settle=0", "--settle=3600"] {
        let ran = repository.upload(&["apply", right]);
        assert!(ran.status == 2 && !ran.stderr.contains("settle"), "{ran:?}");
    }
}

/// Case 38.
#[test]
fn broken_plugin_configuration_is_told_with_its_place() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a"]);
    for (text, place) in [
        ("config_updater:\n  maps:\n    etc/*: {name: config, clusters: {main: [ci", "3:"),
        ("config_updater:\n  maps:\n    etc/*: {name: config\n    b: {name: b}\n", "4:"),
        ("config_updater:\n  maps:\n    'etc/*: {name: config}\n", "3:"),
        ("config_updater:\n  maps:\n\tetc/*: {name: config}\n", "3:"),
        ("config_updater:\n  maps: [etc]\n", "2:9"),
        ("config_updater: etc\n", "1:17"),
        ("- config_updater\n", "1:1"),
    ] {
        repository.write(PLUGINS, text);
        let ran = repository.plan(&[]);
        is_usage(&ran, &format!("{PLUGINS}:{place}"));
        let found = findings(&repository.planned(&[]));
        assert!(found.iter().any(|(_, at, _)| at.starts_with(&format!("{PLUGINS}:{place}"))), "{text}: {found:?}");
    }
    repository.write(PLUGINS, b"config_updater:\n  maps: \xff\n");
    is_usage(&repository.plan(&[]), PLUGINS);
    fs::remove_file(repository.root().join(PLUGINS)).unwrap();
    is_usage(&repository.plan(&[]), PLUGINS);
}

const GHOST: &str = "\
maps:
  etc/*: {name: config, clusters: {main: [NS]}}
  far/*:
    name: far
    clusters:
      main: [NS]
      ghost: [NS]
";

/// Case 39.
#[test]
fn an_unknown_cluster_keeps_everything_from_being_written() {
    let Some(site) = Site::new(GHOST) else { return };
    site.write_all(["etc/a", "far/b"]);
    let ran = site.apply(&[]);
    is_usage(&ran, "ghost");
    assert!(ran.stderr.contains(&format!("{PLUGINS}:8:9")), "{}", ran.stderr);
    assert_eq!(site.asked(), []);
    // In a group the culprit stands in the group.
    site.updater(
        "cluster_groups:\n  all:\n    clusters: [main, ghost]\n    namespaces: [NS]\nmaps:\n  etc/*: {name: config, cluster_groups: [all]}\n",
    );
    let ran = site.apply(&[]);
    is_usage(&ran, &format!("{PLUGINS}:4:24"));
    assert_eq!(site.asked(), []);
}

/// Case 39: the others are done.
#[test]
fn an_unknown_cluster_may_be_left_out() {
    let Some(site) = Site::new(GHOST) else { return };
    site.write_all(["etc/a", "far/b"]);
    let ran = site.apply(&["--skip-unknown-clusters"]);
    assert_eq!(ran.status, 5, "{ran:?}");
    assert!(ran.stderr.contains("warning[") && ran.stderr.contains("ghost"), "{}", ran.stderr);
    assert_eq!(site.texts("config")["a"], "etc/a\n");
    assert_eq!(site.texts("far")["b"], "far/b\n");
    let writes = site.writes().len();
    // And again: there is nothing to do, and something is left out.
    let ran = site.upload(&["apply", "--skip-unknown-clusters"]);
    assert_eq!((ran.status, site.writes().len()), (5, writes), "{ran:?}");
    assert!(ran.stdout.contains("ghost"), "{}", ran.stdout);
    for (verb, status) in [("plan", 0), ("check", 3)] {
        let ran = site.upload(&[verb, "--skip-unknown-clusters"]);
        let said = "2 ConfigMaps, 2 keys in sync, but 1 cluster was not looked at: ghost\n";
        assert_eq!((ran.status, ran.stdout.as_str()), (status, said), "{ran:?}");
    }
}
