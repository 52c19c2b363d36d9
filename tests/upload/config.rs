//! What `cutwater upload` says of `config_updater` before it looks at any cluster.

use crate::support::Ran;
use crate::support::upload::{PLUGINS, Repository, Site, keys};
use rayon::prelude::*;

/// Plans for no cluster, with these files there.
fn plan(updater: &str, files: &[&str], arguments: &[&str]) -> Ran {
    let repository = Repository::new(updater);
    repository.write_all(files.iter().copied());
    repository.plan(arguments)
}

/// That a plan is refused as bad configuration and that something is said of it, at a line and column.
#[track_caller]
fn refused(ran: &Ran, place: (usize, usize), said: &[&str]) {
    assert_eq!(ran.status, 2, "{ran:?}");
    let place = format!("--> {PLUGINS}:{}:{}\n", place.0, place.1);
    for words in said.iter().copied().chain([place.as_str()]) {
        assert!(ran.stderr.contains(words), "{words:?} is not in: {}", ran.stderr);
    }
}

/// Case 22.
#[test]
fn globs_take_the_files_that_prow_takes() {
    let table = std::fs::read_to_string(crate::support::testdata("updater/globs.jsonl")).unwrap();
    let pairs: Vec<(String, String, bool)> = table.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // What an environment means, and paths that no walk comes to, are in the tests of `src/updater/glob.rs`.
    let is_path = |path: &str| path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    let wanted = |(pattern, path, _): &&(String, String, bool)| {
        is_path(path) && !path.starts_with("core-services") && !pattern.contains('$') && !pattern.starts_with('~')
    };
    let pairs: Vec<_> = pairs.iter().filter(wanted).collect();
    assert!(pairs.len() >= 80, "only {} pairs", pairs.len());
    let wrong = |(pattern, path, answer): &&(String, String, bool)| {
        let quoted = serde_json::to_string(pattern).unwrap();
        let repository = Repository::new(&format!(
            "maps:\n  {quoted}: {{name: c, use_full_path_as_key: true, clusters: {{main: [ci]}}}}\n"
        ));
        repository.write_all([path.as_str()]);
        let plan = repository.planned(&["--compat"]);
        let is_taken = keys(&plan).values().flat_map(|keys| keys.values()).any(|file| file == path);
        (is_taken != *answer || plan["status"] != 0).then(|| format!("{pattern} and {path}: not {answer}"))
    };
    let wrong: Vec<String> = pairs.par_iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), pairs.len());
}

/// Case 22: the warning.
#[test]
fn braces_without_a_star_are_warned_of() {
    let updater = "maps:\n  etc/{a,b}.yaml: {name: config, clusters: {main: [ci]}}\n";
    for flags in [&[][..], &["--compat"]] {
        let ran = plan(updater, &["etc/a.yaml"], flags);
        assert_eq!(ran.status, 0, "{ran:?}");
        let said = "warning[misread-glob]: braces mean themselves in a pattern without a star";
        assert!(ran.stderr.contains(said) && ran.stderr.contains(&format!("{PLUGINS}:3:5")), "{}", ran.stderr);
        assert!(ran.stdout.contains("nothing to do"), "{}", ran.stdout);
    }
}

/// Case 23.
#[test]
fn a_name_beside_names_of_partitions_is_refused() {
    let updater = "\
maps:
  etc/*:
    name: config
    partitioned_names: [a, b]
    clusters: {main: [ci]}
";
    for flags in [&[][..], &["--compat"]] {
        let ran = plan(updater, &["etc/a"], flags);
        refused(&ran, (5, 7), &["maps.etc/*: 'name' and 'partitioned_names' are mutually exclusive"]);
    }
}

/// Case 24.
#[test]
fn groups_that_are_wrong_are_told_all_at_once() {
    let updater = "\
cluster_groups:
  known: {clusters: [main], namespaces: [ci]}
maps:
  doc/*: {name: doc, cluster_groups: [known, unknown]}
  etc/*: {name: config, clusters: {main: [ci]}, cluster_groups: [known]}
";
    let ran = plan(updater, &["etc/a", "doc/d"], &[]);
    refused(&ran, (5, 48), &["item maps.doc/*.cluster_groups.1 references inexistent cluster group named unknown"]);
    refused(&ran, (6, 5), &["item maps.etc/* contains both clusters and cluster_groups"]);
}

/// Case 25.
#[test]
fn fields_that_prow_does_not_know_are_errors_unless_prow_is_to_be_followed() {
    let updater = "\
maps:
  etc/*:
    name: config
    clusters: {main: [ci]}
    namespace: x
    additional_namespaces: [y]
    use_full_path: true
gizp: true
";
    let ran = plan(updater, &["etc/a"], &[]);
    let namespaces = "name the namespaces by cluster, `clusters: {NAME: [NAMESPACE]}`";
    refused(&ran, (6, 7), &["error[dropped-field]: `namespace` is dropped", namespaces]);
    refused(&ran, (7, 7), &["`additional_namespaces` is dropped"]);
    refused(&ran, (8, 7), &["`use_full_path` is dropped"]);
    refused(&ran, (9, 3), &["`gizp` is dropped", "did you mean `gzip`?"]);
    assert_eq!(ran.stderr.matches("error[").count(), 4, "{}", ran.stderr);
    let ran = plan(updater, &["etc/a"], &["--compat"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(ran.stderr.matches("warning[dropped-field]").count(), 4, "{}", ran.stderr);
    assert!(ran.stdout.contains("main/ci/config"), "{}", ran.stdout);
    // What other plugins are told is not ours to judge.
    let repository = Repository::new("maps:\n  etc/*: {name: config, clusters: {main: [ci]}}\n");
    let text = std::fs::read_to_string(repository.root().join(PLUGINS)).unwrap();
    repository.write(PLUGINS, format!("{text}retitel:\n  allow: 1\nplugins:\n  acme/shop: {{plugins: [nonsense]}}\n"));
    repository.write_all(["etc/a"]);
    let ran = repository.plan(&[]);
    assert_eq!((ran.status, ran.stderr.contains("retitel")), (0, false), "{ran:?}");
    // But `config_updater` itself, misspelt, would leave nothing to do.
    repository.write(PLUGINS, text.replace("config_updater", "config_updatr"));
    refused(&repository.plan(&[]), (1, 1), &["`config_updatr` is dropped", "did you mean `config_updater`?"]);
}

/// Case 25: a field that comes twice.
#[test]
fn an_entry_that_comes_again_is_an_error() {
    let updater = "\
maps:
  etc/*: {name: config, clusters: {main: [ci]}}
  etc/*: {name: other, clusters: {main: [ci]}}
";
    let ran = plan(updater, &["etc/a"], &[]);
    refused(&ran, (3, 5), &["error[duplicate-key]: this value of `etc/*` is dropped: the key is given again below"]);
    assert_eq!(plan(updater, &["etc/a"], &["--compat"]).status, 0);
}

/// Case 26.
#[test]
fn a_namespace_that_is_a_boolean_is_to_be_put_in_quotes() {
    for word in ["n", "y", "on", "off", "no"] {
        let ran = plan(
            &format!("maps:\n  etc/*: {{name: config, clusters: {{main: [{word}]}}}}\n"),
            &["etc/a"],
            &["--compat"],
        );
        let said = "config_updater.maps.etc/*.clusters.main[0]: cannot unmarshal bool into a string";
        let fix = format!("`{word}` is a boolean in YAML: put it in quotes, \"{word}\"");
        refused(&ran, (3, 45), &[said, &fix]);
        let quoted = format!("maps:\n  etc/*: {{name: config, clusters: {{main: [\"{word}\"]}}}}\n");
        assert_eq!(plan(&quoted, &["etc/a"], &[]).status, 0);
    }
}

/// Case 27.
#[test]
fn a_file_that_two_entries_take_is_an_error() {
    let updater = "\
maps:
  etc/**/*.yaml: {name: all, clusters: {main: [NS]}}
  etc/a/*.yaml: {name: some, clusters: {main: [NS]}}
";
    let Some(site) = Site::new(updater) else { return };
    site.write_all(["etc/a/x.yaml", "etc/b/x.yaml"]);
    for flags in [&[][..], &["--compat"]] {
        let ran = site.apply(flags);
        let said = "error[overlapping-entries]: etc/a/x.yaml may go to all by this entry and to some by etc/a/*.yaml";
        refused(&ran, (3, 5), &[said]);
        assert!(ran.stderr.contains(&format!("{PLUGINS}:4:5")), "{}", ran.stderr);
    }
    assert_eq!(site.asked(), [], "no request is sent");
    // Two entries that say the same of a file do not leave it to chance.
    site.updater(
        "maps:\n  etc/**/*.yaml: {name: all, clusters: {main: [NS]}}\n  etc/a/*: {name: all, clusters: {main: [NS]}}\n",
    );
    let ran = site.apply(&["--compat"]);
    assert!(!ran.stderr.contains("overlapping-entries"), "{}", ran.stderr);
}
