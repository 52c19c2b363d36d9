//! What a server takes at most: told before anything is asked, or by the server itself where that is tried all the same.

use std::collections::BTreeSet;
use std::fs;

use crate::support::Ran;
use crate::support::kube::{Fault, Kubeconfig, Proxy, State, Watch, When, contents};
use crate::support::upload::{MAIN, Site};
use serde_json::{Value as Json, json};

/// The most that the values of a ConfigMap may have together.
const MOST: usize = 1 << 20;
/// `VERSION` holds a commit.
const VERSION: usize = 40;
/// Where the only entry of [`Site::simple`] stands.
const ENTRY: &str = "core-services/prow/02_config/_plugins.yaml:3:5";
/// One ConfigMap that is too large and one that is not.
const TWO: &str = "\
maps:
  etc/*: {name: config, clusters: {main: [NS]}}
  small/*: {name: small, clusters: {main: [NS]}}
";

/// Nothing was asked, so nothing was written.
#[track_caller]
fn refused_unasked(site: &Site, ran: &Ran, words: &[&str]) {
    assert_eq!(ran.status, 4, "{ran:?}");
    assert!(ran.stderr.contains(ENTRY), "{}", ran.stderr);
    for words in words {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert_eq!(site.asked(), []);
    assert!(!site.is_there("config"));
}

/// Applies without looking at sizes first; gives the record of what became of `config`.
#[track_caller]
fn tried(site: &Site, status: i32) -> Json {
    let file = site.beside("record.json");
    let ran = site.apply(&["--compat", "--record", file.to_str().unwrap()]);
    assert_eq!(ran.status, status, "{ran:?}");
    assert!(ran.stderr.contains("warning[config-map-too-large]") || !ran.stderr.contains("error["), "{}", ran.stderr);
    let record: Json = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut all = record["config_maps"].as_array().unwrap().clone();
    all.retain(|one| one["name"] == "config");
    assert_eq!(all.len(), 1, "{record}");
    all.remove(0)
}

/// What could not be written since it is too large, after a single attempt.
#[track_caller]
fn too_large(entry: &Json) -> String {
    let error = entry["error"].as_str().unwrap().to_owned();
    assert_eq!((&entry["outcome"], &entry["attempts"], &entry["writes"]), (&json!("failed"), &json!(1), &json!(0)));
    assert!(
        error.contains("ConfigMap config in namespace ") && error.contains("of cluster main is too large: "),
        "{error}"
    );
    error
}

/// Files with keys of 75 letters.
fn long_names(count: usize, bytes: usize) -> impl Iterator<Item = (String, Vec<u8>)> {
    (0..count).map(move |number| (format!("etc/{number:075}"), vec![b'x'; bytes]))
}

/// Case 31.
#[test]
fn a_mebibyte_of_values_is_taken() {
    let Some(site) = Site::simple() else { return };
    site.write("etc/a", vec![b'a'; MOST / 2]);
    site.write("etc/b", vec![b'b'; MOST / 2 - VERSION]);
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("warning[config-map-nearly-full]"), "{}", ran.stderr);
    assert_eq!(contents(&site.live("config")).values().map(Vec::len).sum::<usize>(), MOST);
    // Without the commit there is room for as much more.
    site.write("etc/b", vec![b'b'; MOST / 2]);
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 4, "{ran:?}");
    assert!(ran.stderr.contains("40 bytes are those of VERSION, which is no file's"), "{}", ran.stderr);
    let Some(site) = Site::simple() else { return };
    site.write("etc/a", vec![b'a'; MOST]);
    let ran = site.apply(&["--version-key=never"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(site.held("config")["a"].len(), MOST);
}

/// Case 32.
#[test]
fn a_byte_more_is_refused_before_anything_is_asked() {
    let Some(site) = Site::simple() else { return };
    for number in 1..=6_usize {
        site.write(&format!("etc/part-{number}"), vec![b'a'; 100_000 + number]);
    }
    site.write("etc/rest", vec![b'a'; MOST - VERSION - 600_021 + 1]);
    let ran = site.apply(&[]);
    let words = [
        "error[config-map-too-large]: the ConfigMap config has 8 keys, and values 1048577 of at most 1048576 bytes: 1 too many",
        "set `gzip: true`: packed, its values take about ",
        "448516 bytes of it",
        "100006 bytes of it",
        "100003 bytes of it",
        "etc/rest",
        "etc/part-3",
    ];
    refused_unasked(&site, &ran, &words);
    assert!(!ran.stderr.contains("etc/part-2"), "only the five largest: {}", ran.stderr);
    // What is advised helps.
    site.updater("gzip: true\nmaps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n");
    site.applied();
    let said: usize = ran.stderr.split("take about ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert_eq!(contents(&site.live("config")).values().map(Vec::len).sum::<usize>(), said);
}

/// Case 32: what others have in the ConfigMap counts as well.
#[test]
fn keys_of_others_take_room() {
    let Some(site) = Site::simple() else { return };
    site.write_as("somebody", "config", &json!({ "theirs": "x".repeat(MOST / 2) }));
    site.write("etc/ours", vec![b'a'; MOST / 2]);
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 4, "{ran:?}");
    let said = "40 too many; 524328 bytes are those of 2 keys that are no file's, theirs among them";
    assert!(ran.stderr.contains(said) && ran.stderr.contains(ENTRY), "{}", ran.stderr);
    assert_eq!(site.writes(), []);
}

/// Case 33.
#[test]
fn many_long_keys_are_more_than_etcd_takes() {
    let Some(site) = Site::simple() else { return };
    long_names(5000, 209).for_each(|(path, bytes)| site.write(&path, bytes));
    let ran = site.apply(&[]);
    let words =
        ["error[config-map-too-large]", "the stored object ", "of at most 1572864 bytes", "with `partitioned_names`"];
    refused_unasked(&site, &ran, &words);
    // What is advised helps.
    let count = ran.stderr.split("spread it over ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let names: Vec<String> = (0..count).map(|number: usize| format!("part-{number}")).collect();
    let names = names.join(", ");
    site.updater(&format!("maps:\n  etc/*: {{partitioned_names: [{names}], clusters: {{main: [NS]}}}}\n"));
    site.applied();
    let keys: usize = names.split(", ").map(|name| site.held(name).len()).sum();
    assert_eq!(keys, 5000);
}

/// Case 34.
#[test]
fn escapes_are_more_than_a_request_may_have() {
    let Some(site) = Site::simple() else { return };
    let bytes = vec![1; 600 << 10];
    site.write("etc/odd", &bytes);
    let ran = site.apply(&[]);
    let words = ["error[config-map-too-large]", "the request ", "of at most 3145728 bytes", "set `gzip: true`"];
    refused_unasked(&site, &ran, &words);
    site.updater("gzip: true\nmaps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n");
    site.applied();
    assert_eq!(site.upload(&["check"]).status, 0);
    assert!(site.held("config")["odd"].len() < 2000);
}

/// Case 35: 422.
#[test]
fn values_that_the_server_finds_too_long_are_sent_once() {
    let Some(site) = Site::new(TWO) else { return };
    site.write("etc/a", vec![b'a'; MOST + 1]);
    site.write_all(["small/a"]);
    let error = too_large(&tried(&site, 5));
    assert!(error.contains("1 MiB (1048576 bytes)"), "{error}");
    assert!(site.is_there("small") && !site.is_there("config"));
    let sent: Vec<_> = site.writes().into_iter().map(|write| (write.name, write.code)).collect();
    assert_eq!(BTreeSet::from_iter(sent), [("config".into(), Some(422)), ("small".into(), Some(201))].into());
    // Nothing else is to be written now.
    too_large(&tried(&site, 4));
}

/// Case 35: 413.
#[test]
fn a_request_that_the_server_finds_too_large_is_sent_once() {
    let Some(site) = Site::new(TWO) else { return };
    site.write("etc/odd", vec![1; 600 << 10]);
    site.write_all(["small/a"]);
    let error = too_large(&tried(&site, 5));
    assert!(error.contains("3 MiB"), "{error}");
    too_large(&tried(&site, 4));
}

/// Case 35: 413 without a word, and no answer at all.
#[test]
fn a_large_request_that_gets_no_answer_is_sent_once() {
    for fault in [Fault::plain(413, ""), Fault::Reset] {
        let Some(site) = Site::simple() else { return };
        let proxy = Proxy::start(site.server);
        proxy.rule(When::write(), fault);
        let kubeconfig = Kubeconfig::new().context_through(MAIN, &proxy, site.server.admin_token());
        kubeconfig.write(&site.beside("kubeconfig"));
        site.write("etc/odd", vec![1; 600 << 10]);
        let error = too_large(&tried(&site, 4));
        assert!(error.contains("3 MiB"), "{error}");
        assert_eq!(proxy.writes().len(), 1);
    }
}

/// Case 35: 500, from etcd and from the way there.
#[test]
fn an_object_that_etcd_finds_too_large_is_sent_once() {
    for (count, bytes) in [(5000, 209), (10_000, 60)] {
        let Some(site) = Site::new(TWO) else { return };
        long_names(count, bytes).for_each(|(path, bytes)| site.write(&path, bytes));
        site.write_all(["small/a"]);
        let error = too_large(&tried(&site, 5));
        assert!(error.contains("etcd takes 1.5 MiB"), "{error}");
        let codes: Vec<_> = site.writes().into_iter().filter(|one| one.name == "config").map(|one| one.code).collect();
        assert_eq!(codes, [Some(500)]);
    }
}

/// Case 33: the estimate is neither too careful nor too bold.
#[test]
fn what_is_said_of_etcd_is_what_etcd_says() {
    let Some(site) = Site::simple() else { return };
    long_names(4000, 200).for_each(|(path, bytes)| site.write(&path, bytes));
    assert_eq!(site.apply(&[]).status, 0, "1.46 MiB of 1.5");
    let Some(site) = Site::simple() else { return };
    long_names(4700, 200).for_each(|(path, bytes)| site.write(&path, bytes));
    too_large(&tried(&site, 4));
}

/// Three ConfigMaps.
const CHAIN: &str = "\
maps:
  etc/a/*: {name: a, clusters: {main: [NS]}}
  etc/b/*: {name: b, clusters: {main: [NS]}}
  etc/c/*: {name: c, clusters: {main: [NS]}}
";

fn has(state: &State, key: &str) -> bool {
    state.values().any(|map| contents(map).contains_key(key))
}

/// Case 36.
#[test]
fn a_chain_of_moves_goes_in_steps_that_fit() {
    let Some(site) = Site::new(CHAIN) else { return };
    site.write("etc/a/one", vec![b'1'; 700_000]);
    site.write("etc/b/two", vec![b'2'; 700_000]);
    site.write_all(["etc/a/stays", "etc/b/keeps", "etc/c/rests"]);
    site.applied();
    let (writes, watch) = (site.writes().len(), Watch::start(site.server, &site.namespace));
    site.rename("etc/b/two", "etc/c/two");
    site.rename("etc/a/one", "etc/b/one");
    site.applied();
    let states = watch.finish();
    assert!(states.iter().all(|state| has(state, "one") && has(state, "two")), "a key was nowhere");
    let order: Vec<_> = site.writes().into_iter().skip(writes).map(|write| (write.name, write.code)).collect();
    assert_eq!(order, ["c", "b", "a"].map(|name| (name.to_owned(), Some(200))));
    let keys = |name: &str| site.held(name).into_keys().collect::<Vec<_>>();
    assert_eq!(
        (keys("a"), keys("b"), keys("c")),
        (
            vec!["stays".to_owned()],
            vec!["keeps".to_owned(), "one".to_owned()],
            vec!["rests".to_owned(), "two".to_owned()],
        )
    );
}

/// Case 36: no order does.
#[test]
fn a_swap_that_has_no_room_is_refused() {
    let Some(site) = Site::new(CHAIN) else { return };
    site.write("etc/a/one", vec![b'1'; 700_000]);
    site.write("etc/b/two", vec![b'2'; 700_000]);
    site.write_all(["etc/a/stays", "etc/b/keeps", "etc/c/rests"]);
    site.applied();
    let (before, writes) = (site.live("a"), site.writes().len());
    site.rename("etc/b/two", "etc/a/two");
    site.rename("etc/a/one", "etc/b/one");
    site.write("etc/c/rests", "changed");
    let planned = site.upload(&["plan"]);
    assert_eq!(planned.status, 4, "as the upload would end: {planned:?}");
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 4, "{ran:?}");
    for name in ["a", "b"] {
        let object = format!("the ConfigMap {}/{name} in the cluster main", site.namespace);
        assert!(ran.stderr.contains("error[no-order-of-writes]") && ran.stderr.contains(&object), "{}", ran.stderr);
    }
    assert!(ran.stderr.contains("of at most 1048576 bytes"), "{}", ran.stderr);
    assert_eq!((site.live("a"), site.writes().len()), (before, writes), "not even what could be written");
}
