//! Checkouts that are not whole, and runs from within git: what is uploaded is what the right checkout has.

use std::fs;

use serde_json::Value as Json;

use crate::support::Ran;
use crate::support::upload::{Repository, Site, findings};

const TWO: &str =
    "maps:\n  etc/**/*: {name: config, clusters: {main: [ci]}}\n  far/*: {name: far, clusters: {main: [ci]}}\n";

/// A checkout that has `etc/here` of what is uploaded, and nothing else.
fn sparse(repository: &Repository) {
    repository.write_all(["etc/here/a", "etc/there/b", "far/c", "other/d"]);
    repository.commit();
    repository.git(&["sparse-checkout", "set", "etc/here", "core-services"]);
    assert!(!repository.root().join("etc/there").exists());
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_taken_for_removed() {
    let repository = Repository::new(TWO);
    sparse(&repository);
    for verb in [&["plan", "--against=empty"][..], &["plan", "--against=empty", "--compat"], &["apply"], &["check"]] {
        let ran = repository.upload(verb);
        assert_eq!(ran.status, 2, "{ran:?}");
        for words in [
            "error[files-left-out]: 2 files that config_updater takes are left out of this sparse checkout: etc/there/b, far/c",
            " sparse-checkout add etc far`",
        ] {
            assert!(ran.stderr.contains(words), "{words}: {ran:?}");
        }
    }
    let rbac = repository.upload(&["rbac", "--cluster=main", "--service-account=ci/a"]);
    assert_eq!(rbac.status, 0, "{rbac:?}");
    let ran = repository.plan(&["--only=far"]);
    assert!(ran.status == 2 && ran.stderr.contains("1 file that") && ran.stderr.contains(": far/c"), "{ran:?}");
    // What is uploaded from here may be whole.
    repository.git(&["sparse-checkout", "add", "far"]);
    let ran = repository.plan(&["--only=far"]);
    assert!(ran.status == 0 && !ran.stderr.contains("left out"), "{ran:?}");
    // Somebody's own file is there, whatever git leaves out.
    repository.write("etc/there/b", "x");
    assert_eq!(repository.plan(&[]).status, 0);
}

#[test]
fn only_files_of_the_own_repository_have_to_be_there() {
    let updater = "maps:\n  etc/here/*: {name: config, clusters: {main: [ci]}}\n  far/*: {name: far, clusters: {main: [ci]}, allowed_repos: [acme/other]}\n";
    let repository = Repository::new(updater);
    sparse(&repository);
    let ran = repository.plan(&[]);
    assert!(ran.status == 0 && !ran.stderr.contains("files-left-out"), "{ran:?}");
    // Of a second source it is told how to get there.
    let second = Repository::new(TWO);
    sparse(&second);
    let root = second.root().display().to_string();
    second.updater(TWO);
    let ran = repository.upload(&["plan", "--against=empty", "--source-path", &root]);
    assert!(!ran.stderr.contains("files-left-out"), "no entry takes what it leaves out: {ran:?}");
    repository.updater(TWO);
    repository.git(&["sparse-checkout", "disable"]);
    second.git(&["sparse-checkout", "set", "core-services"]);
    let ran = repository.upload(&["plan", "--against=empty", "--source-path", &root, "--compat"]);
    assert!(!ran.stderr.contains("files-left-out"), "the first source has them: {ran:?}");
    repository.remove("far/c");
    let ran = repository.upload(&["plan", "--against=empty", "--source-path", &root, "--compat"]);
    let way = format!("`git -C {root} sparse-checkout add far`");
    assert!(ran.status == 2 && ran.stderr.contains(&format!("{root}/far/c")) && ran.stderr.contains(&way), "{ran:?}");
}

#[test]
fn config_uploader_goes_on_with_a_sparse_checkout() {
    let repository = Repository::new(TWO);
    sparse(&repository);
    // Nobody is asked: it passes over clusters that it does not know.
    repository.write("../kubeconfig", crate::support::kube::Kubeconfig::new().refusing("elsewhere").text());
    repository.write("../config.yaml", "prowjob_namespace: ci\n");
    let plugins = format!("--plugin-config={}", repository.root().join(crate::support::upload::PLUGINS).display());
    let config = format!("--config-path={}", repository.beside("config.yaml").display());
    let kubeconfig = format!("--kubeconfig={}", repository.beside("kubeconfig").display());
    let mut command = repository.command("config-uploader");
    command.args(["--source-path=.", &plugins, &config, &kubeconfig]).args(["--dry-run=true"]);
    let ran = Ran::from(command.output().unwrap());
    assert!(ran.stderr.contains("warning[files-left-out]: 2 files"), "{ran:?}");
    assert!(!ran.stderr.contains("error["), "{ran:?}");
}

#[test]
fn a_history_that_is_not_there_says_nothing_about_a_commit() {
    let Some(site) = Site::simple() else { return };
    site.write("etc/a", "1");
    site.applied();
    site.write("etc/a", "2");
    let commit = site.commit();
    // As after a second `git fetch --depth=1`: the older commit is there, and nothing leads to it.
    fs::write(site.root().join(".git/shallow"), format!("{commit}\n")).unwrap();
    let ran = site.upload(&["apply"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(site.texts("config")["a"], "2");
}

#[test]
fn a_hook_of_one_checkout_uploads_another() {
    let (ours, other) = (Repository::new(TWO), Repository::new(TWO));
    ours.write_all(["etc/a"]);
    let commit = ours.commit();
    other.write_all(["etc/b"]);
    other.commit();
    other.write_all(["etc/c"]);
    let of_other = other.commit();
    let inner = ours.root().join("inner");
    crate::support::copy(&other.root(), &inner);
    let git = ours.root().join(".git").display().to_string();
    let planned = |environment: &[(&str, &str)], source: &str| {
        let mut command = ours.command("cutwater");
        command.args(["upload", "plan", "--against=empty", "--format=json", "--source-path", source]);
        let ran = Ran::from(command.envs(environment.iter().copied()).output().unwrap());
        let plan: Json = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        let uncommitted = findings(&plan).into_iter().filter(|(rule, ..)| rule == "uncommitted-files").count();
        (plan["commit"].as_str().unwrap().to_owned(), uncommitted)
    };
    let index = format!("{git}/index");
    let root = other.root().display().to_string();
    for environment in [
        &[("GIT_DIR", &*git)][..],
        &[("GIT_DIR", ".git"), ("GIT_INDEX_FILE", &index)],
        &[("GIT_DIR", &git), ("GIT_WORK_TREE", ".")],
        &[("GIT_INDEX_FILE", &index)],
    ] {
        for source in [&*root, "inner"] {
            assert_eq!(planned(environment, source), (of_other.clone(), 0), "{environment:?} {source}");
        }
        assert_eq!(planned(environment, "."), (commit.clone(), 0), "{environment:?}");
    }
}
