//! `config-uploader` from end to end: config-bootstrapper's flags, what it leaves behind, and where it does better.

use std::collections::BTreeMap;
use std::fs;

use crate::support::Ran;
use crate::support::kube::{Kubeconfig, contents};
use crate::support::upload::{MAIN, PLUGINS, Repository, Site};
use serde_json::json;

const TWO: &str = "\
maps:
  etc/a/*: {name: first, clusters: {main: [NS]}}
  etc/b/*: {name: second, clusters: {main: [NS]}}
";

/// Runs `config-uploader` in a checkout with just these flags.
fn bare(repository: &Repository, flags: &[&str]) -> Ran {
    Ran::from(repository.command("config-uploader").args(flags).output().unwrap())
}

/// Runs it for a checkout.
fn run(repository: &Repository, flags: &[&str]) -> Ran {
    repository.write("prow.yaml", "prowjob_namespace: prow\n");
    let usual = ["--config-path=prow.yaml", &format!("--plugin-config={PLUGINS}"), "--source-path=."];
    bare(repository, &[&usual[..], flags].concat())
}

/// Runs it for a checkout, to write; has to succeed.
#[track_caller]
fn uploaded(site: &Site) -> Ran {
    let ran = run(site, &["--dry-run=false"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    ran
}

#[track_caller]
fn says(ran: &Ran, status: i32, all: &[&str]) {
    assert_eq!(ran.status, status, "{ran:?}");
    let said = format!("{}{}", ran.stdout, ran.stderr);
    all.iter().for_each(|words| assert!(said.contains(words), "{words}: {said}"));
    assert!(!said.contains("panicked"), "{said}");
}

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn uploader_flags_take_one_dash_or_two() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a"]);
    site.write("prow.yaml", "");
    let two = run(&site, &["--dry-run=true"]);
    says(&two, 0, &["/config", "+ a"]);
    let plugins = format!("-plugin-config={PLUGINS}");
    let one = bare(&site, &["-config-path", "prow.yaml", &plugins, "-source-path", ".", "-dry-run"]);
    assert_eq!((one.status, &one.stdout), (0, &two.stdout), "{one:?}");
    // Flags of the reference that change nothing here are taken all the same.
    let unused = [
        "--job-config-path=x",
        "-supplemental-prow-config-dir=x",
        "--supplemental-prow-configs-filename-suffix=x",
        "-no-in-cluster-config=false",
        "--projected-token-file=",
    ];
    assert_eq!(run(&site, &unused).stdout, two.stdout);
    says(&run(&site, &["--no-such-flag"]), 2, &["no-such-flag"]);
    says(&run(&site, &["--dry-run=perhaps"]), 2, &["perhaps"]);
    says(&bare(&site, &["-h"]), 0, &["--source-path", "Exit status"]);
}

#[test]
fn a_dry_run_shows_the_plan_and_writes_nothing() {
    let Some(site) = Site::new(TWO) else { return };
    site.write_all(["etc/a/x", "etc/b/y"]);
    for flags in [&[][..], &["--dry-run"], &["--dry-run=true"]] {
        let ran = run(&site, flags);
        let first = format!("+ main/{}/first", site.namespace);
        says(&ran, 0, &[&first, "+ x (8 B) from etc/a/x", "nothing was written; say --dry-run=false to do it"]);
    }
    assert!(!site.is_there("first") && !site.is_there("second"));
    assert_eq!(site.writes(), []);
    uploaded(&site);
    says(&run(&site, &[]), 0, &["nothing to do"]);
}

#[test]
fn a_source_path_has_to_be_given() {
    let Some(site) = Site::simple() else { return };
    site.write("prow.yaml", "");
    let plugins = format!("--plugin-config={PLUGINS}");
    let ran = bare(&site, &["--config-path=prow.yaml", &plugins, "--dry-run=false"]);
    says(&ran, 1, &["--source-path must be provided at least once"]);
}

#[test]
fn a_source_directory_that_is_missing_is_an_error_and_no_crash() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a"]);
    for path in ["gone", "etc/a", "etc/a/below"] {
        let ran = run(&site, &["--dry-run=false", "--source-path", path]);
        says(&ran, 1, &[&format!("--source-path {path} is no directory")]);
    }
    assert_eq!(site.asked(), []);
    // So are files that the configuration is to be read from.
    says(&run(&site, &["--dry-run=false", "--config-path=gone.yaml"]), 1, &["gone.yaml"]);
    says(&run(&site, &["--dry-run=false", "--plugin-config=gone.yaml"]), 1, &["gone.yaml"]);
    says(&run(&site, &["--dry-run=false", "--kubeconfig=gone.yaml"]), 1, &["gone.yaml"]);
    assert_eq!(site.asked(), []);
}

#[test]
fn with_an_unknown_cluster_the_others_are_done() {
    let Some(site) = Site::new("maps:\n  etc/*: {name: config, clusters: {main: [NS], ghost: [NS]}}\n") else { return };
    site.write_all(["etc/a"]);
    let place = format!("{PLUGINS}:3:");
    says(&run(&site, &["--dry-run=false"]), 1, &["warning[", "ghost", &place]);
    assert_eq!(site.texts("config"), texts(&[("a", "etc/a\n")]));
    let writes = site.writes().len();
    says(&run(&site, &["--dry-run=false"]), 1, &["left out, since no kubeconfig has a context for it: ghost"]);
    says(&run(&site, &[]), 1, &["ghost"]);
    assert_eq!(site.writes().len(), writes);
}

#[test]
fn what_fails_in_one_place_is_done_in_the_others() {
    let Some(site) = Site::new("maps:\n  etc/*: {name: config, clusters: {main: [NS, not-NS]}}\n") else { return };
    site.write_all(["etc/a"]);
    says(&run(&site, &["--dry-run=false"]), 1, &["the namespace does not exist"]);
    assert_eq!(site.texts("config"), texts(&[("a", "etc/a\n")]));
    Kubeconfig::new().wrong_token(MAIN, site.server).write(&site.beside("kubeconfig"));
    says(&run(&site, &["--dry-run=false"]), 1, &["does not accept the credentials"]);
    says(&run(&site, &[]), 1, &["does not accept the credentials"]);
}

#[test]
fn the_version_file_is_kept_on_every_run() {
    let Some(site) = Site::new(TWO) else { return };
    site.write_all(["etc/a/x", "etc/b/y"]);
    site.write("VERSION", "v20261121-abc\n");
    let versions = || ["first", "second"].map(|name| site.live(name)["data"]["VERSION"].clone());
    for run in 1..=4 {
        uploaded(&site);
        assert_eq!(versions(), [json!("v20261121-abc\n"), json!("v20261121-abc\n")], "run {run}");
    }
    assert_eq!(site.writes().len(), 2, "and only the first one writes");
    // A new version is written everywhere, and without a file there is none.
    site.write("VERSION", "v2");
    uploaded(&site);
    assert_eq!((versions(), site.writes().len()), ([json!("v2"), json!("v2")], 4));
    site.remove("VERSION");
    uploaded(&site);
    assert_eq!((versions(), site.writes().len()), ([json!(null), json!(null)], 6));
}

#[test]
fn config_maps_are_made_anew_whoever_wrote_them() {
    const PARTS: &str = "\
maps:
  etc/a/*: {name: config, clusters: {main: [NS]}}
  etc/b/*: {partitioned_names: [part-0, part-1], clusters: {main: [NS]}}
  etc/c/*: {name: kept, clusters: {main: [NS]}}
";
    let Some(site) = Site::new(PARTS) else { return };
    site.write_all(["etc/a/x", "etc/b/config.yaml"]);
    let api = site.server.api();
    for name in ["config", "part-0", "part-1", "kept", "beside"] {
        site.write_as("somebody", name, &json!({ "theirs": "1" }));
    }
    api.patch(
        &crate::support::kube::config_map(&site.namespace, "config"),
        &json!({ "metadata": { "labels": { "own": "label" }, "annotations": { "own": "note" } }, "binaryData": { "b": "/w==" } }),
    );
    let before = site.live("config");
    let dry = run(&site, &[]);
    says(&dry, 0, &["- theirs (1 B) no file has it any more", "- b (1 B)"]);
    uploaded(&site);
    let after = site.live("config");
    assert_eq!(site.texts("config"), texts(&[("x", "etc/a/x\n")]), "keys of others are removed");
    for field in ["uid", "labels", "annotations"] {
        assert_eq!(after["metadata"][field], before["metadata"][field], "{field}");
    }
    // All partitions are looked at, and an entry without any file is not.
    let parts: Vec<_> = ["part-0", "part-1"].map(|name| site.texts(name)).into_iter().collect();
    assert!(
        parts.contains(&texts(&[("config.yaml", "etc/b/config.yaml\n")])) && parts.contains(&texts(&[])),
        "{parts:?}"
    );
    assert_eq!(site.texts("kept"), texts(&[("theirs", "1")]));
    assert_eq!(site.texts("beside"), texts(&[("theirs", "1")]));
    let labels = json!({ "app.kubernetes.io/name": "prow", "app.kubernetes.io/component": "updateconfig-plugin" });
    assert_eq!(site.live("part-0")["metadata"]["labels"], labels, "where there were none");
}

#[test]
fn a_second_run_of_the_uploader_writes_nothing() {
    let Some(site) = Site::new(&format!("gzip: true\n{TWO}")) else { return };
    site.write_all(["etc/a/x", "etc/b/y"]);
    site.write("etc/a/odd", b"\xff\0");
    says(&uploaded(&site), 0, &["2 of 2 ConfigMaps done with 2 writes"]);
    let live = || ["first", "second"].map(|name| site.live(name));
    let (before, writes) = (live(), site.writes().len());
    says(&uploaded(&site), 0, &["2 ConfigMaps in sync, nothing written"]);
    assert_eq!((live(), site.writes().len()), (before, writes));
}

#[test]
fn overlapping_globs_are_an_error() {
    let Some(site) = Site::new(
        "maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n  etc/a*: {name: other, clusters: {main: [NS]}}\n",
    ) else {
        return;
    };
    site.write_all(["etc/a", "etc/b"]);
    let place = format!("{PLUGINS}:3:5");
    for flags in [&[][..], &["--dry-run=false"]] {
        let ran = run(&site, flags);
        says(
            &ran,
            1,
            &["error[overlapping-entries]", "etc/a may go to config by this entry and to other by etc/a*", &place],
        );
        assert_eq!(ran.stdout, "", "there is no plan");
    }
    assert_eq!(site.asked(), []);
}

#[test]
fn what_git_keeps_is_not_uploaded() {
    let all = "maps:\n  '**/*': {name: config, use_full_path_as_key: true, clusters: {main: [NS]}}\n";
    let Some(site) = Site::new(all) else { return };
    site.write_all(["a", "deep/.hidden", "deep/below/.git/config", "other/x"]);
    // In a worktree it is a file.
    site.write("other/.git", "gitdir: elsewhere\n");
    site.commit();
    uploaded(&site);
    let keys: Vec<_> = site.held("config").into_keys().collect();
    let plugins = PLUGINS.replace('/', "-");
    assert_eq!(keys, [&*plugins, "deep-.hidden", "other-x", "prow.yaml"], "and, as with Prow, nothing of one letter");
}

#[test]
fn entries_for_named_repositories_are_left_out_with_a_warning() {
    let Some(site) = Site::new(
        "maps:\n  etc/a/*: {name: first, clusters: {main: [NS]}}\n  etc/b/*:\n    name: second\n    clusters: {main: [NS]}\n    allowed_repos: [acme, other/repo]\n",
    ) else {
        return;
    };
    site.write_all(["etc/a/x", "etc/b/y", "etc/b/z"]);
    let ran = run(&site, &["--dry-run=false"]);
    let said = "2 files, etc/b/y among them, are left out: the entry is for acme, other/repo only";
    says(&ran, 0, &["warning[entry-for-other-repositories]", said, &format!("{PLUGINS}:7:7")]);
    assert!(site.is_there("first") && !site.is_there("second"));
    says(&run(&site, &[]), 0, &[said]);
    // Who knows the repository uploads it, and says so when it is another one.
    site.applied();
    assert!(site.is_there("second"));
    let ran = site.plan(&["--source=somebody/else"]);
    says(&ran, 0, &["the entry is for acme, other/repo only, not for somebody/else"]);
    // Nobody is told of an entry that takes no file anyway.
    site.remove("etc/b/y");
    site.remove("etc/b/z");
    assert!(!run(&site, &[]).stderr.contains("other-repositories"));
}

#[test]
fn of_two_sources_the_first_counts() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a", "etc/only-first"]);
    let second = site.beside("second");
    fs::create_dir_all(second.join("etc")).unwrap();
    fs::write(second.join("etc/a"), "second\n").unwrap();
    fs::write(second.join("etc/only-second"), "second\n").unwrap();
    let ran = run(&site, &["--dry-run=false", "--source-path", second.to_str().unwrap()]);
    says(&ran, 0, &["warning[file-in-two-sources]", "etc/a"]);
    let wanted = [("a", "etc/a\n"), ("only-first", "etc/only-first\n"), ("only-second", "second\n")];
    assert_eq!(site.texts("config"), texts(&wanted));
}

#[test]
fn clusters_come_from_a_directory_and_default_is_the_current_one() {
    let Some(site) = Site::new("maps:\n  etc/*: {name: config}\n  far/*: {name: far, clusters: {build01: [NS]}}\n")
    else {
        return;
    };
    site.write_all(["etc/a", "far/b"]);
    let directory = site.beside("kubeconfigs");
    fs::create_dir_all(&directory).unwrap();
    let server = site.server;
    Kubeconfig::new().context("prow", server, server.admin_token()).write(&directory.join("z.kubeconfig"));
    Kubeconfig::new().context("build01", server, server.admin_token()).write(&directory.join("a.kubeconfig"));
    fs::write(directory.join("notes.txt"), "not a kubeconfig").unwrap();
    site.write("own.yaml", format!("prowjob_namespace: {}\n", site.namespace));
    let directory = format!("--kubeconfig-dir={}", directory.display());
    let ran = run(&site, &["--dry-run=false", "--config-path=own.yaml", &directory, "--kubeconfig-suffix=.kubeconfig"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!((site.texts("config"), site.texts("far")), (texts(&[("a", "etc/a\n")]), texts(&[("b", "far/b\n")])));
    assert!(contents(&site.live("config")).contains_key("a"));
}
