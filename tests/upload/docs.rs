//! The pages about uploading say what happens on a real API server.

use std::path::Path;
use std::process::Command;

use crate::support::kube::{Kubeconfig, Server, config_maps};
use crate::support::{Ran, Sandbox, page};
use regex::Regex;
use serde_json::json;

/// Where the sample repository's ConfigMaps are.
const NAMESPACE: &str = "ci";

/// `docs/upload.md` tells how somebody who has Prow's updater comes to have this: its commands are run in turn, on a server
/// to which Prow's updater has uploaded something older.
#[test]
fn the_way_from_prows_updater_is_as_the_page_says() {
    let Some(server) = Server::start() else { return };
    let api = server.api();
    api.ensure_namespace(NAMESPACE);
    let sandbox = Sandbox::sample();
    let jobs = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
    let same = std::fs::read_to_string(sandbox.join(jobs)).unwrap();
    let old = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "job-config-main-presubmits",
            "labels": {"app.kubernetes.io/name": "prow", "app.kubernetes.io/component": "updateconfig-plugin"},
        },
        "data": {
            "VERSION": "0123456789abcdef0123456789abcdef01234567",
            "acme-webshop-main-presubmits.yaml": same,
            "acme-gateway-main-presubmits.yaml": "presubmits: {}\n",
            "acme-closed-main-presubmits.yaml": "presubmits: {}\n",
        },
    });
    api.create(&format!("{}?fieldManager=hook", config_maps(NAMESPACE)), &old);

    commit(sandbox.path());
    let kubeconfig = sandbox.path().with_extension("kubeconfig");
    Kubeconfig::new().context("default", &server, server.admin_token()).write(&kubeconfig);
    let time = Regex::new(r"in \d+\.\d\d s").unwrap();
    page::hold_what("upload", "upload docs::", |arguments| {
        let mut command = sandbox.command("cutwater");
        command.env("KUBECONFIG", &kubeconfig).env_remove("KUBERNETES_SERVICE_HOST");
        let ran = Ran::from(command.args(arguments).output().unwrap());
        // Somebody else's key is there before they are taken over.
        assert!([0, 3].contains(&ran.status), "{arguments:?}: {ran:?}");
        time.replace_all(&ran.stdout, "in 0.10 s").into_owned()
    });
    std::fs::remove_file(kubeconfig).unwrap();
}

/// What each exit status means is said on the page as in the help, and neither leaves one out. Quotes do not count.
#[test]
fn the_page_has_every_exit_status_of_the_help() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/upload.md")).unwrap();
    let row = Regex::new(r"(?m)^\| (\d) \| (.*) \|$").unwrap();
    let rows: Vec<(String, String)> =
        row.captures_iter(&page).map(|row| (row[1].to_owned(), row[2].replace('`', ""))).collect();
    let help = Sandbox::new().run("cutwater", &["upload", "--help"]).stdout;
    let (_, help) = help.split_once("Exit status:").unwrap();
    let mut told: Vec<(String, String)> = Vec::new();
    for line in help.lines().filter(|line| !line.trim().is_empty()) {
        match line.trim_start().split_once("  ").filter(|(number, _)| number.len() == 1) {
            Some((number, text)) => told.push((number.to_owned(), text.to_owned())),
            None => told.last_mut().unwrap().1.push_str(&format!(" {}", line.trim())),
        }
    }
    assert_eq!(rows, told);
    assert_eq!(
        rows.iter().map(|(number, _)| number.parse().unwrap()).collect::<Vec<u8>>(),
        (0..9).collect::<Vec<u8>>()
    );
}

/// Commits a checkout, with what tells whose it is.
fn commit(root: &Path) {
    for arguments in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["remote", "add", "origin", "https://github.com/acme/release.git"],
        &["add", "--all"],
        &["commit", "--quiet", "--message=files"],
    ] {
        let date = "1700000000 +0000";
        let mut command = Command::new("git");
        command.current_dir(root).args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]);
        command.args(["-c", "commit.gpgsign=false"]).args(arguments).env("HOME", root).env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_COMMITTER_DATE", date).env("GIT_AUTHOR_DATE", date);
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.status, 0, "git {arguments:?}: {}", ran.stderr);
    }
}

/// Each test that `cases.md` names is there: in a file of that name here, in other directories of tests, or in `src`.
#[test]
fn the_tests_of_all_cases_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("tests/upload/cases.md")).unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")).collect();
    assert_eq!(rows.len(), 65);
    let named = Regex::new("`([a-z_:]+)::([a-z0-9_]+)`").unwrap();
    for row in rows {
        assert!(named.is_match(row), "no test: {row}");
        for found in named.captures_iter(row) {
            let (module, name) = (found[1].trim_end_matches("::tests").replace("::", "/"), &found[2]);
            let places = ["tests/upload", "tests/cases", "tests/cli", "src"].map(|at| root.join(at).join(&module));
            let files = places
                .iter()
                .flat_map(|place| [place.with_extension("rs"), place.join("mod.rs"), place.join("tests.rs")]);
            let test = Regex::new(&format!(r"#\[(tokio::)?test.*\]\n\s*(async )?fn {name}\(")).unwrap();
            let is_test = |file| std::fs::read_to_string(file).is_ok_and(|text| test.is_match(&text));
            assert!(files.into_iter().any(is_test), "there is no test {}: {row}", &found[0]);
        }
    }
}
