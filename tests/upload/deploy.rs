//! The files in `deploy/` on a real API server: they are taken as they are, and what they say is enough and no more.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::json::from_yaml;
use crate::support::kube::{Api, Kubeconfig, Server, config_map, config_maps, contents, until};
use crate::support::{Ran, Sandbox};
use serde_json::{Value as Json, json};

const ACCOUNT: &str = "ci/cutwater-upload";
/// What the sample repository fills in the namespace `ci`.
const NAMES: [&str; 3] = ["ci-operator-main-configs", "job-config-main-postsubmits", "job-config-main-presubmits"];

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(deploy(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

fn read(name: &str) -> Json {
    from_yaml(&text(name)).unwrap()
}

/// A list of texts.
fn words(value: &Json) -> Vec<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The sample repository as a checkout of acme/release.
fn checkout() -> Sandbox {
    let sandbox = Sandbox::sample();
    git(&sandbox, &["init", "--quiet", "--initial-branch=main"]);
    git(&sandbox, &["add", "--all"]);
    git(&sandbox, &["commit", "--quiet", "--message=files"]);
    sandbox
}

fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(sandbox.path()).args(["-c", "user.name=ada", "-c", "user.email=ada@example.com"]);
    command.args(["-c", "commit.gpgsign=false"]).args(arguments).env("GIT_CONFIG_NOSYSTEM", "1");
    let ran = Ran::from(command.env("HOME", sandbox.path()).output().unwrap());
    assert_eq!(ran.status, 0, "{ran:?}");
}

/// What a manifest runs, with the places that a pod has put in.
fn command_of(container: &Json, sandbox: &Sandbox) -> Vec<String> {
    let here = sandbox.path().display().to_string();
    let all = [words(&container["command"]), words(&container["args"])].concat();
    let put_in = |word: &String| word.replace("/source/release", &here).replace("$(ARTIFACTS)", &here);
    all.iter().map(put_in).collect()
}

/// What the printed Role is for the sample. `UPDATE_DOCS=1` writes it.
#[test]
fn the_role_is_what_is_printed_for_the_sample() {
    let sandbox = Sandbox::sample();
    let arguments = ["upload", "rbac", "--source=acme/release", "--cluster=default", "--service-account", ACCOUNT];
    let ran = sandbox.run("cutwater", &arguments);
    assert_eq!(ran.status, 0, "{ran:?}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(deploy("rbac.yaml"), &ran.stdout).unwrap();
    }
    assert_eq!(ran.stdout, text("rbac.yaml"), "UPDATE_DOCS=1 writes it anew");
}

/// Every file is either applied here or read by those who read such files.
#[test]
fn every_file_is_looked_at() {
    let mut names: Vec<_> =
        fs::read_dir(deploy("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["README.md", "account.yaml", "cronjob.yaml", "postsubmit.yaml", "prowjob.yaml", "rbac.yaml"]);
    let page = text("README.md");
    names
        .iter()
        .filter(|name| name.ends_with(".yaml"))
        .for_each(|name| assert!(page.contains(name.as_str()), "{name}"));
}

/// ProwJobs as far as ours says something: Prow's own definition is of thousands of lines.
fn define_prow_jobs(api: &Api) {
    let text = json!({ "type": "string" });
    let free = json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true });
    let strict = |required: &[&str], properties: Json| json!({ "type": "object", "required": required, "properties": properties });
    let reference = strict(&["org", "repo", "base_ref"], json!({ "org": text, "repo": text, "base_ref": text }));
    let spec = strict(
        &["agent", "cluster", "job", "type", "pod_spec"],
        json!({
            "agent": { "type": "string", "enum": ["kubernetes", "jenkins", "tekton-pipeline"] },
            "type": { "type": "string", "enum": ["presubmit", "postsubmit", "periodic", "batch"] },
            "cluster": text, "job": text, "pod_spec": free, "decoration_config": free,
            "extra_refs": { "type": "array", "items": reference },
        }),
    );
    let schema = json!({ "type": "object", "properties": { "spec": spec, "status": free } });
    let definition = json!({
        "metadata": {
            "name": "prowjobs.prow.k8s.io",
            "annotations": { "api-approved.kubernetes.io": "unapproved, for a test" },
        },
        "spec": {
            "group": "prow.k8s.io",
            "scope": "Namespaced",
            "names": { "kind": "ProwJob", "listKind": "ProwJobList", "plural": "prowjobs", "singular": "prowjob" },
            "versions": [{ "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } }],
        },
    });
    api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", &definition);
    until("ProwJobs are served", || {
        // Before that the answer is no JSON.
        let answer = api.send("GET", "/apis/prow.k8s.io/v1/prowjobs", "", "").unwrap();
        (answer.status == 200 && answer.json()["items"].is_array()).then_some(())
    });
}

/// A pod as Prow or the CronJob would make it: the server looks at all of it and starts nothing.
fn try_pod(api: &Api, spec: &Json) {
    let mut spec = spec.clone();
    spec["containers"][0]["name"] = json!("test");
    spec["restartPolicy"] = json!("Never");
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "tried" }, "spec": spec });
    let path = "/api/v1/namespaces/ci/pods?dryRun=All&fieldValidation=Strict";
    api.create(path, &pod);
}

#[test]
fn all_files_are_taken_and_are_enough() {
    // A server of its own: `ci` is everybody's namespace here.
    let Some(server) = Server::start() else { return };
    let api = server.api();
    api.apply_manifests(&text("account.yaml"), "default");
    api.apply_manifests(&text("rbac.yaml"), "default");
    api.apply_manifests(&text("cronjob.yaml"), "default");
    define_prow_jobs(&api);
    let prow_job =
        api.create("/apis/prow.k8s.io/v1/namespaces/ci/prowjobs?fieldValidation=Strict", &read("prowjob.yaml"));
    assert!(prow_job["metadata"]["name"].as_str().unwrap().starts_with("cutwater-upload-"));
    let cron_job = api.get("/apis/batch/v1/namespaces/ci/cronjobs/cutwater-upload");
    let of_cron_job = &cron_job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let of_prow_job = &prow_job["spec"]["pod_spec"];
    let of_postsubmit = &read("postsubmit.yaml")["postsubmits"]["acme/release"][0]["spec"];

    let token = server.service_account_token("ci", "cutwater-upload");
    let account = server.api_as(&token);
    account.until_may("create", "", "configmaps", "ci", NAMES[0]);
    for (number, spec) in [of_cron_job, of_prow_job, of_postsubmit].into_iter().enumerate() {
        assert_eq!(spec["serviceAccountName"], "cutwater-upload");
        // Who mounts what and cares for restarts differs.
        try_pod(&api, spec);
        let sandbox = checkout();
        Kubeconfig::new().context("default", &server, &token).write(&sandbox.join("kubeconfig"));
        NAMES.iter().filter(|_| number > 0).for_each(|name| drop(api.delete(&config_map("ci", name))));
        let command = command_of(&spec["containers"][0], &sandbox);
        let run = || {
            let mut command_line = sandbox.command(&command[0]);
            command_line.args(&command[1..]).env("KUBECONFIG", sandbox.join("kubeconfig"));
            Ran::from(command_line.env_remove("KUBERNETES_SERVICE_HOST").output().unwrap())
        };
        let ran = run();
        assert_eq!(ran.status, 0, "{command:?}: {ran:?}");
        for name in NAMES {
            assert!(!contents(&api.get(&config_map("ci", name))).is_empty(), "{name}");
        }
        if command.iter().any(|word| word.starts_with("--record=")) {
            let record: Json = serde_json::from_str(&sandbox.read("upload.json")).unwrap();
            assert_eq!((&record["status"], &record["source"]), (&json!(0), &json!("acme/release")));
        }
        let again = run();
        assert!(again.status == 0 && again.stdout.contains("nothing written"), "{again:?}");
    }
    let denied = server.audit().into_iter().filter(|request| request.user.ends_with(":cutwater-upload"));
    assert_eq!(denied.filter(|request| request.code == Some(403)).collect::<Vec<_>>(), [], "nothing is missing");

    may_nothing_else(&account);
}

/// Whatever else the account asks for is refused.
fn may_nothing_else(account: &Api) {
    let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "other" } }).to_string();
    let all = config_maps("ci");
    let (ours, other) = (config_map("ci", NAMES[0]), config_map("ci", "other"));
    for (method, path, content_type) in [
        ("GET", other.clone(), ""),
        ("PATCH", format!("{other}?fieldManager=x"), "application/apply-patch+yaml"),
        ("POST", all.clone(), "application/json"),
        ("GET", all.clone(), ""),
        ("GET", format!("{all}?watch=1"), ""),
        ("DELETE", all, ""),
        ("DELETE", ours.clone(), ""),
        ("PUT", ours, "application/json"),
        ("GET", config_map("default", NAMES[0]), ""),
        ("GET", "/api/v1/namespaces/ci/secrets".to_owned(), ""),
        ("GET", "/api/v1/namespaces/ci/pods".to_owned(), ""),
        ("GET", "/api/v1/namespaces".to_owned(), ""),
        ("GET", "/apis/rbac.authorization.k8s.io/v1/namespaces/ci/roles/cutwater-upload".to_owned(), ""),
        ("GET", "/apis/prow.k8s.io/v1/namespaces/ci/prowjobs".to_owned(), ""),
        ("GET", "/apis/coordination.k8s.io/v1/namespaces/ci/leases/any".to_owned(), ""),
    ] {
        let body = if content_type.is_empty() { "" } else { object.as_str() };
        let answer = account.send(method, &path, content_type, body.to_owned()).unwrap();
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
    }
    let rules = account
        .create("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", &json!({ "spec": { "namespace": "ci" } }));
    let rules = rules["status"]["resourceRules"].as_array().unwrap();
    let of_config_maps: Vec<_> =
        rules.iter().filter(|rule| words(&rule["resources"]).contains(&"configmaps".to_owned())).collect();
    let wanted = json!({ "verbs": ["get", "patch", "create"], "apiGroups": [""], "resources": ["configmaps"], "resourceNames": NAMES });
    assert_eq!(of_config_maps, [&wanted]);
    let beyond_self = |rule: &&Json| !words(&rule["apiGroups"]).iter().all(|group| group.starts_with("auth"));
    assert_eq!(rules.iter().filter(beyond_self).count(), 1, "{rules:#?}");
}

/// The postsubmit is a job file: put where such files belong and brought into form, it is read as Prow would read it.
#[test]
fn the_postsubmit_is_a_job_that_prow_takes() {
    let sandbox = Sandbox::updated();
    let file = "ci-operator/jobs/acme/release/acme-release-main-postsubmits.yaml";
    sandbox.write(file, text("postsubmit.yaml"));
    let trigger = "plugins:\n  acme/release:\n    plugins:\n    - trigger\n";
    sandbox.write("core-services/prow/02_config/acme/release/_pluginconfig.yaml", trigger);
    sandbox.run("cutwater", &["jobs"]);
    let command = |text: &str| {
        words(&from_yaml(text).unwrap()["postsubmits"]["acme/release"][0]["spec"]["containers"][0]["args"])
    };
    assert_eq!(command(&sandbox.read(file)), command(&text("postsubmit.yaml")));
    let about = || {
        let ran = sandbox.run("cutwater", &["check", "--color=never"]);
        ran.stdout.lines().filter(|line| line.contains(file)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(about(), [""; 0]);
    // Had there been anything, it would have been told.
    sandbox.edit(file, "- ^main$", "- '^main('");
    assert_ne!(about(), [""; 0]);
}
