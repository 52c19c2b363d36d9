//! File names that cannot be keys, or not two of them: `cutwater upload` refuses them before it asks a server.

use crate::support::Ran;
use crate::support::upload::{PLUGINS, Site};

/// That an upload is refused before anything is asked, with these words.
#[track_caller]
fn refused(site: &Site, said: &[&str]) -> Ran {
    let ran = site.apply(&[]);
    assert_eq!(ran.status, 4, "{ran:?}");
    for words in said {
        assert!(ran.stderr.contains(words), "{words:?} is not in: {}", ran.stderr);
    }
    assert_eq!(site.asked(), [], "no request is sent");
    ran
}

/// Case 28: names.
#[test]
fn two_files_of_one_name_are_refused() {
    let Some(site) = Site::new("maps:\n  etc/**/*.yaml: {name: config, clusters: {main: [NS]}}\n") else { return };
    site.write_all(["etc/a/x.yaml", "etc/b/x.yaml"]);
    let said = "error[colliding-config-map-keys]: etc/a/x.yaml has the key x.yaml in the ConfigMap config as well";
    refused(
        &site,
        &[said, "--> etc/b/x.yaml\n", "--> etc/a/x.yaml\n", &format!("{PLUGINS}:3:5"), "use_full_path_as_key"],
    );
    // Prow takes one of them, the last: so does who follows Prow.
    let ran = site.apply(&["--compat"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(site.texts("config")["x.yaml"], "etc/b/x.yaml\n");
}

/// Case 28: paths with dashes.
#[test]
fn two_paths_that_are_one_with_dashes_are_refused() {
    let updater = "maps:\n  d/**/*.yaml: {name: config, use_full_path_as_key: true, clusters: {main: [NS]}}\n";
    let Some(site) = Site::new(updater) else { return };
    site.write_all(["d/a/b-c.yaml", "d/a-b/c.yaml"]);
    refused(&site, &["the key d-a-b-c.yaml in the ConfigMap config as well", "d/a/b-c.yaml", "d/a-b/c.yaml"]);
}

/// Case 28: a key that is said.
#[test]
fn two_files_of_an_entry_with_one_key_are_refused() {
    let Some(site) = Site::new("maps:\n  a/*: {name: config, key: same, clusters: {main: [NS]}}\n") else { return };
    site.write_all(["a/x", "a/y"]);
    refused(&site, &["a/x has the key same in the ConfigMap config as well", "--> a/y\n"]);
}

/// Case 29.
#[test]
fn names_that_are_no_keys_are_refused_before_any_request() {
    let long = format!("{}.yaml", "k".repeat(249));
    assert_eq!(long.len(), 254);
    for name in ["a b.yaml", "a+b.yaml", "..a.yaml", &long, "é.yaml"] {
        let Some(site) = Site::simple() else { return };
        site.write_all(["etc/good.yaml"]);
        site.write(&format!("etc/{name}"), "x");
        let said = format!("error[illegal-config-map-key]: {name:?} cannot be a key of the ConfigMap config");
        refused(&site, &[&said, &format!("--> etc/{name}\n"), &format!("{PLUGINS}:3:5")]);
    }
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/.hidden", "etc/a..b", "etc/A_b-c.9", &format!("etc/{}", &long[1..])]);
    site.applied();
    assert_eq!(site.held("config").len(), 4);
}

/// Case 30.
#[test]
fn a_file_with_the_key_of_the_version_is_refused() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/VERSION", "etc/a"]);
    let said = "error[reserved-config-map-key]: this is uploaded as VERSION of the ConfigMap config";
    refused(&site, &[said, "the commit", "--> etc/VERSION\n"]);
}
