//! What `cutwater upload` makes of a file's bytes: text or binary, packed or not, empty, and what it takes for the same.

use std::io::Read;

use crate::support::kube::{config_map, config_maps, contents};
use crate::support::upload::{MANAGER, Site};
use flate2::read::GzDecoder;
use serde_json::{Value as Json, json};

/// What Go's `gzip.NewWriter` makes of [`text`].
const OF_GO: &str = "H4sIAAAAAAAA/+zSuwmCQRAA4dwqtgTXt3azyKE/nGfgaf2CDUwsTD7R8PVltFhfouJT/d1i3mvG9flor6hbLWP1C5KCDQVbCnYU7Ck4UHCk4ETBGUfxSnyZODPxZuLOxJ+JQ3WjG93oRje60Y1udKMb3ehGN7rRjW50oxvd6EY3utHNX7n5BgAA///FZ6zYGBoAAA==";

fn text() -> String {
    (0..200).map(|at| format!("line {}: a value that comes again\n", at % 17)).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

fn has(live: &Json, bag: &str, key: &str) -> bool {
    live[bag].get(key).is_some()
}

/// Case 15.
#[test]
fn all_is_packed_but_what_says_otherwise() {
    let updater = "\
gzip: true
maps:
  etc/*: {name: packed, clusters: {main: [NS]}}
  doc/*: {name: plain, gzip: false, clusters: {main: [NS]}}
";
    let Some(site) = Site::new(updater) else { return };
    site.write("etc/a.yaml", text());
    site.write("etc/b.bin", b"\xff\xfe");
    site.write("doc/c.yaml", text());
    site.applied();
    let (packed, plain) = (site.live("packed"), site.live("plain"));
    assert!(has(&packed, "binaryData", "a.yaml") && has(&packed, "binaryData", "b.bin"));
    let held = site.held("packed");
    assert!(held["a.yaml"].len() < 300);
    assert_eq!((unpacked(&held["a.yaml"]), unpacked(&held["b.bin"])), (text().into_bytes(), b"\xff\xfe".to_vec()));
    assert_eq!(Vec::from_iter(packed["data"].as_object().unwrap().keys()), ["VERSION"], "the version is not packed");
    assert_eq!((&plain["data"]["c.yaml"], plain.get("binaryData")), (&json!(text()), None));
    // The header says no time, so that the same file gives the same bytes at any time.
    assert_eq!(held["a.yaml"][4..8], [0, 0, 0, 0]);
    assert_eq!(site.upload(&["check"]).status, 0);
}

/// Case 16.
#[test]
fn a_key_changes_bags_and_is_never_in_both() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/stays"]);
    for (bytes, bag, other) in
        [(&b"text"[..], "data", "binaryData"), (b"\xff", "binaryData", "data"), (b"again", "data", "binaryData")]
    {
        site.write("etc/key", bytes);
        site.applied();
        let live = site.live("config");
        assert!(has(&live, bag, "key") && !has(&live, other, "key"), "{live:#}");
        // Reading it fails where a key is in both.
        assert_eq!(contents(&live)["key"], bytes);
        assert_eq!(site.upload(&["check"]).status, 0);
    }
    // The same when it is packed from now on, and when that ends.
    for (gzip, bag, other) in [(true, "binaryData", "data"), (false, "data", "binaryData")] {
        site.updater(&format!("gzip: {gzip}\nmaps:\n  etc/*: {{name: config, clusters: {{main: [NS]}}}}\n"));
        site.applied();
        let live = site.live("config");
        assert!(has(&live, bag, "key") && !has(&live, other, "key"), "{live:#}");
    }
}

/// Beside case 15: a server would leave the old value of a key that others own too in the bag where it was.
#[test]
fn a_key_that_others_own_too_changes_bags_after_it_is_adopted() {
    for (before, after) in [(&b"text"[..], &b"\xff"[..]), (b"\xff", b"text")] {
        let Some(site) = Site::simple() else { return };
        site.write("etc/key", before);
        site.applied();
        let live = site.live("config");
        let bag = if before.is_ascii() { "data" } else { "binaryData" };
        let same = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "config" },
            bag: { "key": live[bag]["key"] } });
        site.server.api().apply(&config_map(&site.namespace, "config"), "kubectl", &same).success();
        site.write("etc/key", after);
        for takes_over in ["--take-over=key", "--take-over=all"] {
            let ran = site.apply(&[takes_over]);
            assert_eq!(ran.status, 6, "{ran:?}");
            let said = "the key key changes between text and bytes, and is others' as well: run `cutwater upload adopt --from \
                        kubectl --confirm` first";
            assert!(ran.stdout.contains(said), "{ran:?}");
            assert_eq!(site.held("config")["key"], before);
        }
        let ran = site.upload(&["adopt", "--from", "kubectl", "--confirm"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        site.applied();
        assert_eq!(site.held("config")["key"], after);
    }
}

/// Case 17.
#[test]
fn an_empty_file_is_an_empty_text_or_a_packed_nothing() {
    let updater = "\
maps:
  etc/*: {name: plain, clusters: {main: [NS]}}
  doc/*: {name: packed, gzip: true, clusters: {main: [NS]}}
";
    let Some(site) = Site::new(updater) else { return };
    site.write("etc/empty", "");
    site.write("doc/empty", "");
    site.applied();
    assert_eq!(site.live("plain")["data"]["empty"], "");
    let packed = &site.held("packed")["empty"];
    assert_eq!(packed[..3], [0x1f, 0x8b, 8]);
    assert_eq!(unpacked(packed), b"");
    let writes = site.writes().len();
    site.applied();
    assert_eq!(site.writes().len(), writes);
    // A file that gets empty is not one that goes.
    site.write("etc/full", "x");
    site.applied();
    site.write("etc/full", "");
    site.applied();
    assert_eq!(site.live("plain")["data"]["full"], "");
}

/// Case 18.
#[test]
fn bytes_that_are_no_text_come_back_as_they_were() {
    let Some(site) = Site::simple() else { return };
    let all: Vec<u8> = (0..=255).collect();
    // A surrogate, a letter that is cut off, and one in more bytes than it needs.
    let files: [(&str, &[u8]); 5] = [
        ("all", &all),
        ("surrogate", b"\xed\xa0\x80"),
        ("cut", b"a\xc3"),
        ("overlong", b"\xc0\xaf"),
        ("text", b"\0\xc3\xa9"),
    ];
    for (name, bytes) in files {
        site.write(&format!("etc/{name}"), bytes);
    }
    site.applied();
    let (live, held) = (site.live("config"), site.held("config"));
    for (name, bytes) in files {
        assert_eq!(held[name], bytes, "{name}");
        assert_eq!(has(&live, "data", name), name == "text", "{name}");
    }
    assert_eq!(site.upload(&["check"]).status, 0);
}

/// Case 19.
#[test]
fn what_another_program_packed_is_the_same_when_its_content_is() {
    let Some(site) = Site::new("gzip: true\nmaps:\n  etc/*: {name: NAME, clusters: {main: [NS]}}\n") else { return };
    site.write("etc/a.yaml", text());
    let object = |name: &str| json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "binaryData": { "a.yaml": OF_GO } });
    // One that we own, and one that Prow's updater wrote and nobody has taken over.
    let api = site.server.api();
    api.apply(&config_map(&site.namespace, "ours"), MANAGER, &object("ours")).success();
    api.create(&config_maps(&site.namespace), &object("theirs"));
    for name in ["ours", "theirs"] {
        site.updater(&format!("gzip: true\nmaps:\n  etc/*: {{name: {name}, clusters: {{main: [NS]}}}}\n"));
        let before = site.live(name);
        let ran = site.upload(&["check"]);
        assert_eq!(ran.status, 0, "{name}: {ran:?}");
        site.applied();
        assert_eq!((site.live(name), site.writes()), (before, Vec::new()), "{name}");
    }
    // And it is another one when its content differs in the last byte.
    let mut other = text();
    other.pop();
    site.write("etc/a.yaml", &other);
    site.updater("gzip: true\nmaps:\n  etc/*: {name: ours, clusters: {main: [NS]}}\n");
    assert_eq!(site.upload(&["check"]).status, 3);
    site.applied();
    assert_eq!(unpacked(&site.held("ours")["a.yaml"]), other.as_bytes());
}
