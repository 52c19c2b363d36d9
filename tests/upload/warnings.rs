//! What works and is perhaps not what was meant: `cutwater upload` says so, and does it.

use serde_json::json;

use crate::support::upload::{Repository, Site, findings};

const ONE: &str =
    "maps:\n  etc/*: {name: config, clusters: {main: [ci]}}\n  far/*: {name: far, clusters: {main: [ci]}}\n";

/// What is said of files that are not as the commit has them: place and message.
fn uncommitted(repository: &Repository, arguments: &[&str]) -> Vec<(String, String)> {
    let found = findings(&repository.planned(arguments)).into_iter();
    found.filter(|(rule, ..)| rule == "uncommitted-files").map(|(_, place, message)| (place, message)).collect()
}

#[test]
fn files_that_are_not_as_the_commit_has_them_are_named() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a", "etc/b", "far/c", "other"]);
    assert_eq!(uncommitted(&repository, &[]), [], "there is no commit");
    let commit = repository.commit();
    repository.write("other", "changed");
    repository.write("new", "x");
    assert_eq!(uncommitted(&repository, &[]), [], "nobody uploads these");

    repository.write("etc/a", "changed");
    let said = |files: &str| format!("here not as in the commit that is written with them: {files}");
    let found = uncommitted(&repository, &[]);
    assert_eq!(found, [("etc/a:0:0".to_owned(), format!("1 file is {}", said("etc/a")))]);
    repository.remove("etc/b");
    repository.write("etc/new", "x");
    repository.write("far/c", "changed");
    let [(place, message)] = &*uncommitted(&repository, &[]) else { panic!() };
    assert_eq!(
        (place.as_str(), message),
        ("etc/a:0:0", &format!("4 files are {}", said("etc/a, etc/b, etc/new and 1 more")))
    );
    let [(place, _)] = &*uncommitted(&repository, &["--only=far"]) else { panic!() };
    assert_eq!(place, "far/c:0:0");
    // Who names the commit knows what is in it.
    assert_eq!(uncommitted(&repository, &["--commit", &commit, "--commit-time=1"]), []);
    let ran = repository.plan(&[]);
    assert!(ran.status == 0 && ran.stderr.contains("warning[uncommitted-files]"), "{ran:?}");
    repository.commit();
    assert_eq!(uncommitted(&repository, &[]), []);
}

#[test]
fn files_that_git_ignores_and_does_not_commit_are_named() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a", "etc/kept.tmp", "other/b.tmp"]);
    repository.write(".gitignore", "*.tmp\n");
    repository.git(&["add", "--force", "etc/kept.tmp"]);
    repository.commit();
    assert_eq!(uncommitted(&repository, &[]), [], "ignored or not, it is committed; nobody uploads the other");
    repository.write("etc/b.tmp", "x");
    let said = |files: &str| format!("here not as in the commit that is written with them: {files}");
    let found = uncommitted(&repository, &[]);
    assert_eq!(found, [("etc/b.tmp:0:0".to_owned(), format!("1 file is {}", said("etc/b.tmp")))]);
    // Of another repository within git says nothing but that it is there.
    repository.git(&["init", "--quiet", "far"]);
    repository.write_all(["far/c"]);
    let [(_, message)] = &*uncommitted(&repository, &["--only=far"]) else { panic!() };
    assert_eq!(*message, format!("1 file is {}", said("far/c")));
}

#[test]
fn every_source_is_asked_about_in_its_own_checkout() {
    let first = Repository::new(ONE);
    first.write_all(["etc/a"]);
    first.commit();
    let second = Repository::new(ONE);
    second.write_all(["far/c", "far/d"]);
    second.commit();
    let more = second.root().display().to_string();
    let sources = ["--source-path", &more];
    assert_eq!(uncommitted(&first, &sources), []);
    second.write("far/d", "changed");
    let [(place, message)] = &*uncommitted(&first, &sources) else { panic!() };
    let path = format!("{more}/far/d");
    assert_eq!((place.as_str(), message.ends_with(&format!(": {path}"))), (&*format!("{path}:0:0"), true), "{message}");
    first.write("etc/a", "changed");
    let [(place, message)] = &*uncommitted(&first, &sources) else { panic!() };
    assert!(place == "etc/a:0:0" && message.contains("2 files are here not as in the commit"), "{message}");
    // Where both have a file the first counts, and with it what git says of the first.
    first.write("etc/a", "etc/a\n");
    first.write("far/d", "far/d\n");
    first.commit();
    assert_eq!(uncommitted(&first, &[&sources[..], &["--compat"]].concat()), []);
    // A directory that no git knows is no reason to say anything.
    let bare = first.beside("bare");
    std::fs::create_dir_all(bare.join("far")).unwrap();
    std::fs::write(bare.join("far/e"), "x").unwrap();
    assert_eq!(uncommitted(&first, &["--source-path", bare.to_str().unwrap()]), []);
}

#[test]
fn a_change_of_mode_is_none_of_what_is_uploaded() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let repository = Repository::new(ONE);
    repository.write_all(["etc/a", "etc/b"]);
    repository.commit();
    set_permissions(repository.root().join("etc/a"), Permissions::from_mode(0o755)).unwrap();
    assert!(repository.git(&["diff", "--summary"]).contains("mode change"));
    assert_eq!(uncommitted(&repository, &[]), []);
    repository.git(&["add", "etc/a"]);
    assert_eq!(uncommitted(&repository, &[]), [], "nor when it is staged");
    repository.write("etc/b", "etc/b\n");
    assert_eq!(uncommitted(&repository, &[]), [], "nor a file that was written with what it held");
    repository.write("etc/a", "changed");
    let [(place, _)] = &*uncommitted(&repository, &[]) else { panic!() };
    assert_eq!(place, "etc/a:0:0");
}

#[test]
fn new_files_are_named_however_they_are_staged() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a", "etc/gone"]);
    repository.commit();
    repository.write_all(["etc/edited", "etc/intended", "etc/staged"]);
    repository.git(&["add", "etc/edited", "etc/staged"]);
    repository.git(&["add", "-N", "etc/intended"]);
    repository.write("etc/edited", "changed");
    let said = |files: &str| format!("here not as in the commit that is written with them: {files}");
    let [(_, message)] = &*uncommitted(&repository, &[]) else { panic!() };
    assert_eq!(*message, format!("3 files are {}", said("etc/edited, etc/intended, etc/staged")));
    repository.git(&["rm", "--quiet", "--force", "etc/edited", "etc/intended", "etc/staged"]);
    // One that the last commit has no more, and that a merge has put back.
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write("etc/gone", "changed");
    repository.commit();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.remove("etc/gone");
    repository.commit();
    let merge = ["-c", "user.name=a", "-c", "user.email=a@example.com", "merge", "side"];
    let merge = std::process::Command::new("git").current_dir(repository.root()).args(merge).output().unwrap();
    assert!(!merge.status.success() && repository.git(&["status", "--short"]) == "DU etc/gone");
    let [(_, message)] = &*uncommitted(&repository, &[]) else { panic!() };
    assert_eq!(*message, format!("1 file is {}", said("etc/gone")));
}

#[test]
fn what_is_changed_in_a_submodule_is_named() {
    let (repository, inner) = (Repository::new(ONE), Repository::new(ONE));
    inner.write_all(["a", "b"]);
    inner.commit();
    let address = inner.root().display().to_string();
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &address, "etc"]);
    repository.commit();
    repository.updater("maps:\n  etc/a: {name: config, clusters: {main: [ci]}}\n");
    assert_eq!(uncommitted(&repository, &[]), [], "it is as its commit is");
    for change in ["changed", "changed again"] {
        repository.write("etc/a", change);
        let [(place, _)] = &*uncommitted(&repository, &[]) else { panic!("{change}") };
        assert_eq!(place, "etc/a:0:0");
        repository.git(&["-C", "etc", "commit", "--quiet", "--all", "--message=other"]);
    }
    let [(place, _)] = &*uncommitted(&repository, &[]) else { panic!("another commit of it") };
    assert_eq!(place, "etc/a:0:0");
}

#[test]
fn what_cannot_be_read_is_not_said_to_be_uploaded() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a"]);
    repository.commit();
    std::os::unix::fs::symlink("nowhere", repository.root().join("etc/link")).unwrap();
    let ran = repository.plan(&[]);
    assert!(ran.stderr.contains("etc/link") && !ran.stderr.contains("uncommitted-files"), "{ran:?}");
}

#[test]
fn files_that_are_not_committed_are_uploaded() {
    let Some(site) = Site::simple() else { return };
    site.write("etc/a", "1");
    site.commit();
    site.write("etc/a", "2");
    let ran = site.upload(&["apply"]);
    assert!(ran.status == 0 && ran.stderr.contains("uncommitted-files") && ran.stderr.contains("etc/a"), "{ran:?}");
    assert_eq!(site.texts("config")["a"], "2");
    let check = site.upload(&["check"]);
    assert!(check.status == 0 && !check.stderr.contains("uncommitted-files"), "it writes nothing: {check:?}");
}

#[test]
fn a_version_that_goes_is_told() {
    let Some(site) = Site::simple() else { return };
    site.write("etc/a", "1");
    site.applied();
    let never = "--version-key=never";
    assert!(site.upload(&["plan", never]).stdout.contains("nothing to do"), "by itself it is no reason to write");
    site.write("etc/a", "2");
    site.commit();
    let plan = site.upload(&["plan", never]);
    assert!(plan.stdout.contains("    - VERSION (40 B) goes, since --version-key is never\n"), "{}", plan.stdout);
    assert!(plan.stdout.contains("1 key to change, 1 key to remove; 1 write in 1 wave"), "{}", plan.stdout);
    let ran = site.upload(&["apply", never]);
    assert!(ran.status == 0 && ran.stdout.contains("1 key changed, 1 key removed"), "{ran:?}");
    assert_eq!(site.live("config")["data"], json!({ "a": "2" }));
    site.write("etc/a", "3");
    site.commit();
    let plan = site.upload(&["plan", never]);
    assert!(!plan.stdout.contains("VERSION"), "it is gone: {}", plan.stdout);
    // Somebody else's stays, and so does nothing of ours.
    assert!(site.upload(&["apply"]).status == 0 && site.live("config")["data"].get("VERSION").is_some());
}

#[test]
fn saved_config_maps_that_do_not_say_who_wrote_them_are_told() {
    let repository = Repository::new(ONE);
    repository.write_all(["etc/a", "far/c"]);
    let saved = |managers: &str| {
        for name in ["config", "far"] {
            let text =
                format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n{managers}data: {{gone: x}}\n");
            repository.write(&format!("../saved/{name}.yaml"), text);
        }
        repository.upload(&["plan", "--against=../saved"])
    };
    let ran = saved("");
    assert_eq!(ran.status, 0, "{ran:?}");
    let said = "warning[saved-config-map-without-owners]: the ConfigMap ci/config in the cluster main does not say who wrote \
                its keys, nor do 1 more: removals cannot be seen";
    assert!(ran.stderr.contains(said) && ran.stderr.contains("--show-managed-fields"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("- gone"), "{}", ran.stdout);
    let ran = saved(
        "  managedFields:\n  - {manager: cutwater/acme/release, operation: Apply, fieldsV1: {'f:data': {'f:gone': {}}}}\n",
    );
    assert!(!ran.stderr.contains("without-owners") && ran.stdout.contains("- gone"), "{ran:?}");
}

#[test]
fn a_plan_of_which_nothing_can_be_written_ends_as_its_upload_would() {
    let Some(site) = Site::new(
        "maps:\n  etc/*: {name: config, clusters: {main: [NS]}}\n  far/*: {name: far, clusters: {main: [NS]}}\n",
    ) else {
        return;
    };
    site.write_as("somebody", "config", &json!({ "a": "theirs" }));
    site.write_all(["etc/a", "far/b"]);
    site.commit();
    assert_eq!(site.upload(&["plan"]).status, 0, "far can be written");
    assert_eq!(site.upload(&["apply"]).status, 5);
    for verb in [&["plan"][..], &["plan", "--exit-code"], &["apply"]] {
        let ran = site.upload(verb);
        assert!(ran.status == 6 && ran.stdout.contains("written by somebody"), "{ran:?}");
    }
    assert_eq!(site.upload(&["check"]).status, 3);
    assert_eq!(site.upload(&["plan", "--take-over=a"]).status, 0);
}
