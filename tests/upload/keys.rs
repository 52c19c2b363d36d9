//! What becomes of keys when files come, change, move and go: `cutwater upload apply` on a real server.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::kube::{State, Watch, contents};
use crate::support::upload::{MANAGER, Site};
use serde_json::{Value as Json, json};

const TWO: &str = "\
maps:
  etc/a/*: {name: first, clusters: {main: [NS]}}
  etc/b/*: {name: second, clusters: {main: [NS]}}
";

fn texts(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

/// In which ConfigMaps a state has a key or value.
fn places(state: &State, is_it: impl Fn(&str, &[u8]) -> bool) -> BTreeSet<&str> {
    let has = |map: &Json| contents(map).iter().any(|(key, value)| is_it(key, value));
    state.iter().filter(|(_, map)| has(map)).map(|(name, _)| name.as_str()).collect()
}

/// Case 1.
#[test]
fn a_first_upload_makes_the_object_with_all_that_belongs_to_it() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a.yaml", "etc/b.yaml"]);
    let commit = site.commit();
    let ran = site.upload(&["apply"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let live = site.live("config");
    assert_eq!(live["data"], json!({ "a.yaml": "etc/a.yaml\n", "b.yaml": "etc/b.yaml\n", "VERSION": commit }));
    assert_eq!(live.get("binaryData"), None);
    let labels = json!({ "app.kubernetes.io/name": "prow", "app.kubernetes.io/component": "updateconfig-plugin" });
    assert_eq!(live["metadata"]["labels"], labels);
    let managers = live["metadata"]["managedFields"].as_array().unwrap();
    let names: Vec<_> = managers.iter().map(|entry| (&entry["manager"], &entry["operation"])).collect();
    assert_eq!(names, [(&json!(MANAGER), &json!("Apply"))]);
    let [write] = &*site.writes() else { panic!("{:?}", site.writes()) };
    assert_eq!((write.verb.as_str(), write.name.as_str(), write.code), ("patch", "config", Some(201)));
    let named = format!("main/{}/config", site.namespace);
    assert!(ran.stdout.contains(&named) && ran.stdout.contains("3 keys added"), "{}", ran.stdout);
}

/// Case 2.
#[test]
fn a_second_upload_writes_nothing() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a.yaml", "etc/b.yaml"]);
    site.applied();
    let (before, writes) = (site.live("config"), site.writes().len());
    let ran = site.upload(&["apply"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("nothing written"), "{}", ran.stdout);
    // Nor does another commit that changes none of the files: `VERSION` is no reason by itself.
    site.write("other", "x");
    site.applied();
    assert_eq!((site.live("config"), site.writes().len()), (before, writes));
}

/// Case 3.
#[test]
fn an_edited_file_changes_its_key_and_the_version_only() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a.yaml", "etc/b.yaml"]);
    site.applied();
    let (before, writes) = (site.live("config"), site.writes().len());
    site.write("etc/a.yaml", "edited\n");
    site.applied();
    let after = site.live("config");
    let differ = |(key, value): &(&String, &Json)| before["data"].get(*key) != Some(*value);
    let changed: Vec<_> = after["data"].as_object().unwrap().iter().filter(differ).map(|(key, _)| key).collect();
    assert_eq!(changed, ["VERSION", "a.yaml"]);
    assert_eq!(after["data"]["a.yaml"], "edited\n");
    assert_eq!(after["data"]["VERSION"], site.git(&["rev-parse", "HEAD"]));
    assert_eq!(after["data"]["b.yaml"], before["data"]["b.yaml"]);
    assert_eq!(after["data"].as_object().unwrap().len(), 3);
    assert_eq!(site.writes().len(), writes + 1);
}

/// Case 4.
#[test]
fn a_deleted_file_takes_its_key_and_leaves_those_of_others() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a.yaml", "etc/b.yaml"]);
    site.applied();
    site.write_as("somebody", "config", &json!({ "theirs": "1", "b.yaml": "etc/b.yaml\n" }));
    site.remove("etc/a.yaml");
    site.applied();
    assert_eq!(site.texts("config"), texts(&[("b.yaml", "etc/b.yaml\n"), ("theirs", "1")]));
    // A key that both own is no longer ours, and stays.
    site.remove("etc/b.yaml");
    site.write_all(["etc/c.yaml"]);
    site.applied();
    assert_eq!(site.texts("config"), texts(&[("b.yaml", "etc/b.yaml\n"), ("c.yaml", "etc/c.yaml\n"), ("theirs", "1")]));
    let ran = site.upload(&["check"]);
    assert_eq!(ran.status, 0, "{ran:?}");
}

/// Case 5.
#[test]
fn the_last_file_goes_only_when_that_is_meant() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a.yaml"]);
    site.applied();
    let (before, writes) = (site.live("config"), site.writes().len());
    site.remove("etc/a.yaml");
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 4, "{ran:?}");
    let place = "core-services/prow/02_config/_plugins.yaml:3:5";
    assert!(ran.stderr.contains("error[emptied-config-map]") && ran.stderr.contains(place), "{}", ran.stderr);
    let said = format!("{}/config in the cluster main would have no key left", site.namespace);
    assert!(ran.stderr.contains(&said) && ran.stderr.contains("--allow-empty"), "{}", ran.stderr);
    assert_eq!((site.live("config"), site.writes().len()), (before.clone(), writes));
    let ran = site.apply(&["--allow-empty"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let after = site.live("config");
    assert_eq!(after["metadata"]["uid"], before["metadata"]["uid"], "the object stays");
    assert_eq!(site.texts("config"), texts(&[]));
    // It is empty now, and nothing is left to ask about.
    let writes = site.writes().len();
    site.applied();
    assert_eq!(site.writes().len(), writes);
}

/// Case 6.
#[test]
fn a_rename_in_one_config_map_is_one_write() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/old.yaml", "etc/b.yaml"]);
    site.applied();
    let writes = site.writes().len();
    site.rename("etc/old.yaml", "etc/new.yaml");
    site.applied();
    assert_eq!(site.texts("config"), texts(&[("b.yaml", "etc/b.yaml\n"), ("new.yaml", "etc/old.yaml\n")]));
    assert_eq!(site.writes().len(), writes + 1);
}

/// Case 7.
#[test]
fn a_file_that_moves_to_another_config_map_is_always_in_one() {
    let Some(site) = Site::new(TWO) else { return };
    site.write_all(["etc/a/moves.yaml", "etc/a/stays.yaml", "etc/b/stays.yaml"]);
    site.applied();
    let watch = Watch::start(site.server, &site.namespace);
    site.rename("etc/a/moves.yaml", "etc/b/moves.yaml");
    site.applied();
    let states = watch.finish();
    let seen: Vec<_> = states.iter().map(|state| places(state, |key, _| key == "moves.yaml")).collect();
    assert_eq!(seen, [["first"].into(), ["first", "second"].into(), BTreeSet::from(["second"])]);
    assert_eq!(site.texts("second")["moves.yaml"], "etc/a/moves.yaml\n");
    let order: Vec<_> = site.writes().into_iter().skip(2).map(|write| write.name).collect();
    assert_eq!(order, ["second", "first"], "what comes is written before what goes");
    // The same with another name, where only the content says that it moved.
    let watch = Watch::start(site.server, &site.namespace);
    site.rename("etc/b/moves.yaml", "etc/a/renamed.yaml");
    site.applied();
    let states = watch.finish();
    let is_it = |_: &str, value: &[u8]| value == b"etc/a/moves.yaml\n";
    assert!(states.iter().all(|state| !places(state, is_it).is_empty()), "{states:#?}");
    assert_eq!(site.texts("first")["renamed.yaml"], "etc/a/moves.yaml\n");
    assert_eq!(site.texts("second"), texts(&[("stays.yaml", "etc/b/stays.yaml\n")]));
}

/// Case 8.
#[test]
fn a_file_that_no_glob_takes_any_more_loses_its_key() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a.yaml", "etc/b.yaml"]);
    site.applied();
    site.rename("etc/a.yaml", "doc/a.yaml");
    site.applied();
    assert_eq!(site.texts("config"), texts(&[("b.yaml", "etc/b.yaml\n")]));
    // As when the glob leaves the file.
    site.write_all(["etc/c.yaml"]);
    site.applied();
    site.updater("maps:\n  etc/c*: {name: config, clusters: {main: [NS]}}\n");
    site.applied();
    assert_eq!(site.texts("config"), texts(&[("c.yaml", "etc/c.yaml\n")]));
}

/// Case 9.
#[test]
fn two_files_that_swap_names_swap_contents() {
    let Some(site) = Site::new(TWO) else { return };
    site.write_all(["etc/a/one", "etc/a/two", "etc/b/three"]);
    site.applied();
    let swap = |left: &str, right: &str| {
        site.rename(left, "swap");
        site.rename(right, left);
        site.rename("swap", right);
    };
    swap("etc/a/one", "etc/a/two");
    site.applied();
    assert_eq!(site.texts("first"), texts(&[("one", "etc/a/two\n"), ("two", "etc/a/one\n")]));
    // Across ConfigMaps both keys are there all the time.
    let watch = Watch::start(site.server, &site.namespace);
    swap("etc/a/one", "etc/b/three");
    site.applied();
    assert_eq!(site.texts("first"), texts(&[("one", "etc/b/three\n"), ("two", "etc/a/one\n")]));
    assert_eq!(site.texts("second"), texts(&[("three", "etc/a/two\n")]));
    for state in watch.finish() {
        assert!(
            !places(&state, |key, _| key == "one").is_empty() && !places(&state, |key, _| key == "three").is_empty()
        );
    }
}

/// Case 10.
#[test]
fn a_name_that_moves_between_directories_keeps_its_key() {
    let Some(site) = Site::new("maps:\n  etc/**/*.yaml: {name: config, clusters: {main: [NS]}}\n") else { return };
    site.write_all(["etc/a/x.yaml", "etc/a/y.yaml"]);
    site.applied();
    let watch = Watch::start(site.server, &site.namespace);
    site.remove("etc/a/x.yaml");
    site.write("etc/b/x.yaml", "new\n");
    site.applied();
    assert_eq!(site.texts("config"), texts(&[("x.yaml", "new\n"), ("y.yaml", "etc/a/y.yaml\n")]));
    let states = watch.finish();
    assert_eq!(states.len(), 2, "one write");
    assert!(states.iter().all(|state| contents(&state["config"]).contains_key("x.yaml")));
}

/// Where a file is taken whose key is that of the commit, the file counts and the commit is not written over it.
#[test]
fn a_file_that_is_called_like_the_commit_is_uploaded_once() {
    let Some(site) = Site::simple() else { return };
    site.write("etc/VERSION", "mine\n");
    site.write_all(["etc/a.yaml"]);
    site.commit();
    let ran = site.upload(&["apply", "--compat"]);
    assert!(ran.status == 0 && ran.stderr.contains("warning[reserved-config-map-key]"), "{ran:?}");
    assert_eq!(site.live("config")["data"], json!({ "VERSION": "mine\n", "a.yaml": "etc/a.yaml\n" }));
    for policy in ["on-change", "always", "never"] {
        let (before, writes) = (site.live("config"), site.writes().len());
        // Neither the same commit again nor another one writes anything.
        for _ in 0..2 {
            let ran = site.upload(&["apply", "--compat", &format!("--version-key={policy}")]);
            assert!(ran.status == 0 && ran.stdout.contains("nothing written"), "{policy}: {ran:?}");
            site.write("other", policy);
            site.commit();
        }
        assert_eq!((site.live("config"), site.writes().len()), (before, writes), "{policy}");
        let check = site.upload(&["check", "--compat"]);
        assert_eq!(check.status, 0, "{policy}: {check:?}");
    }
    site.write("etc/VERSION", "mine too\n");
    let writes = site.writes().len();
    assert_eq!(site.apply(&["--compat"]).status, 0);
    assert_eq!(site.live("config")["data"]["VERSION"], "mine too\n");
    assert_eq!(site.apply(&["--compat"]).status, 0);
    assert_eq!(site.writes().len(), writes + 1);
}
