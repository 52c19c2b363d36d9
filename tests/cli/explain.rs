//! `cutwater explain` on the sample release repository: files of every kind, jobs, and what is neither; and the page about it,
//! which shows real output: `UPDATE_DOCS=1 cargo test --test cli explain::` brings it up to date.

use crate::support::{Ran, Sandbox};
use serde_json::Value;

const CONFIG: &str = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
const JOBS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
const STEP: &str = "ci-operator/step-registry/acme/gather/logs/acme-gather-logs-ref.yaml";

fn explained(sandbox: &Sandbox, subject: &str) -> Value {
    let ran = sandbox.run("cutwater", &["explain", "--format=json", subject]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{subject}: {ran:?}");
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

fn job<'a>(page: &'a Value, name: &str) -> &'a Value {
    let mut jobs = page["jobs"].as_array().unwrap().iter();
    jobs.find(|job| job["name"] == name).unwrap_or_else(|| panic!("no {name} in {page:#}"))
}

/// The text at a place that was told.
fn line_at(sandbox: &Sandbox, place: &Value) -> String {
    let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
    let text = sandbox.read(place["file"].as_str().unwrap());
    let line = text.lines().nth(number("line") - 1).unwrap();
    line.chars().skip(number("column") - 1).collect()
}

fn refused(ran: Ran, said: &str) {
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
}

#[test]
fn a_config_tells_its_jobs_with_their_clusters_its_config_map_and_who_approves() {
    let sandbox = Sandbox::updated();
    let page = explained(&sandbox, CONFIG);
    assert_eq!((&page["kind"], &page["org"], &page["branch"]), (&"config".into(), &"acme".into(), &"main".into()));
    assert_eq!(page["jobs"].as_array().unwrap().len(), 10, "{page:#}");
    for job in page["jobs"].as_array().unwrap() {
        assert_eq!(line_at(&sandbox, &job["place"]), job["name"], "{job:#}");
        let text = sandbox.read(job["file"].as_str().unwrap());
        let after = text.split_once(&format!("name: {}\n", job["name"].as_str().unwrap())).unwrap().0;
        // The cluster of a job stands before its name.
        let stated = after.rsplit_once("cluster: ").unwrap().1.lines().next().unwrap();
        assert_eq!(job["cluster"], stated, "{job:#}");
    }
    let unit = job(&page, "pull-ci-acme-webshop-main-unit");
    assert_eq!(line_at(&sandbox, &unit["origin"]["place"]), "unit");
    assert_eq!((&unit["decision"]["reason"], &unit["cluster"]), (&"kept".into(), &"build08".into()));
    assert_eq!(unit["without_cluster"]["cluster"], "build01");
    let e2e = job(&page, "pull-ci-acme-webshop-main-e2e-aws");
    assert_eq!(e2e["without_cluster"]["reason"], "cloud");
    assert_eq!(e2e["without_cluster"]["passed"].as_array().unwrap().len(), 7, "{e2e:#}");
    let smoke = job(&page, "periodic-ci-acme-webshop-main-smoke");
    assert_eq!((&smoke["kind"], &smoke["origin"]["what"]), (&"periodic".into(), &"test smoke".into()));
    let config_map = &page["config_maps"][0];
    assert_eq!(config_map["name"], "ci-operator-main-configs");
    assert_eq!((&config_map["key"], &config_map["packed"]), (&"acme-webshop-main.yaml".into(), &true.into()));
    assert!(line_at(&sandbox, &config_map["place"]).starts_with("ci-operator/config/**/*-main*.yaml:"));
    assert_eq!(page["owners"]["approvers"], serde_json::json!(["webshop-approvers"]));
    let text = sandbox.run("cutwater", &["explain", CONFIG]).stdout;
    for said in ["keeps build08", "Why these clusters", "ci-operator-main-configs, key acme-webshop-main.yaml, packed"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_job_that_is_not_generated_yet_is_told_with_the_cluster_that_it_will_have() {
    let sandbox = Sandbox::updated();
    let text = sandbox.read(CONFIG);
    let more = "- as: fresh\n  cluster: build02\n  commands: make\n  container:\n    from: src\nzz_generated";
    sandbox.write(CONFIG, text.replace("zz_generated", more));
    let name = "pull-ci-acme-webshop-main-fresh";
    for subject in [CONFIG, name] {
        let page = explained(&sandbox, subject);
        let fresh = job(&page, name);
        assert_eq!((&fresh["place"], &fresh["cluster"]), (&Value::Null, &"build02".into()), "{fresh:#}");
        assert_eq!(fresh["without_cluster"]["reason"], "label");
        assert_eq!(line_at(&sandbox, &fresh["origin"]["place"]), "fresh");
        assert_eq!(fresh["file"], JOBS);
    }
    assert!(sandbox.run("cutwater", &["explain", name]).stdout.contains("run `cutwater jobs`"));
}

#[test]
fn a_job_file_tells_where_its_jobs_come_from() {
    let sandbox = Sandbox::updated();
    let text = sandbox.read(JOBS);
    let stale = text.split("  - agent: kubernetes\n").find(|job| job.contains("acme-webshop-main-docs")).unwrap();
    let stale = stale.replace("acme-webshop-main-docs", "acme-webshop-main-gone");
    let old = stale.replace("acme-webshop-main-gone", "acme-webshop-main-old").replace("build01", "build09");
    let jobs =
        ["    cluster: build01\n    name: by-hand\n", &stale, &old].map(|job| format!("  - agent: kubernetes\n{job}"));
    sandbox.write(JOBS, format!("{text}{}", jobs.concat()));
    let page = explained(&sandbox, JOBS);
    assert_eq!(job(&page, "by-hand")["origin"]["kind"], "by-hand");
    let docs = job(&page, "pull-ci-acme-webshop-main-docs");
    assert_eq!(docs["origin"]["place"]["file"], CONFIG);
    assert_eq!(line_at(&sandbox, &docs["origin"]["place"]), "docs");
    let arm = job(&page, "pull-ci-acme-webshop-main-arm64-unit");
    assert_eq!(arm["origin"]["place"]["file"], "ci-operator/config/acme/webshop/acme-webshop-main__arm64.yaml");
    assert_eq!(arm["without_cluster"]["reason"], "capabilities");
    assert_eq!(job(&page, "pull-ci-acme-webshop-main-gone")["origin"]["kind"], "stale");
    let old = job(&page, "pull-ci-acme-webshop-main-old");
    assert_eq!((&old["stated_cluster"], &old["cluster"]), (&"build09".into(), &"build01".into()));
    assert_eq!(old["decision"]["passed"][0], "its cluster build09 is blocked");
    for told in page["jobs"].as_array().unwrap() {
        assert_eq!(line_at(&sandbox, &told["place"]), told["name"]);
    }
    assert_eq!(page["config_maps"][0]["name"], "job-config-main-presubmits");
}

#[test]
fn a_job_tells_the_line_of_its_config_and_every_question_that_was_asked() {
    let sandbox = Sandbox::updated();
    let page = explained(&sandbox, "branch-ci-acme-webshop-main-images");
    let images = &page["jobs"][0];
    assert_eq!((&page["subject"], &images["kind"]), (&"job".into(), &"postsubmit".into()));
    assert!(line_at(&sandbox, &images["origin"]["place"]).starts_with("promotion:"), "{images:#}");
    assert_eq!(images["without_cluster"]["reason"], "path");
    let text = sandbox.run("cutwater", &["explain", "pull-ci-acme-webshop-main-e2e-aws"]).stdout;
    for said in [
        "ci-operator/config/acme/webshop/acme-webshop-main.yaml:62:7",
        "1. it has no cluster yet",
        "so: one of 2 clusters on aws, where the job's test runs",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains('\u{1b}'));
    let painted = sandbox.run("cutwater", &["explain", "--color=always", "pull-ci-acme-webshop-main-e2e-aws"]).stdout;
    assert!(painted.contains("\u{1b}[1mpull-ci-acme-webshop-main-e2e-aws\u{1b}[0m"), "{painted}");
    // One whose name says nothing of its place.
    let page = explained(&sandbox, "periodic-acme-housekeeping");
    assert_eq!(page["jobs"][0]["file"], "ci-operator/jobs/infra-periodics.yaml");
    assert_eq!(page["jobs"][0]["origin"]["kind"], "by-hand");
}

#[test]
fn images_that_are_only_promoted_are_told_at_the_promotion() {
    let sandbox = Sandbox::updated();
    let text = "promotion:\n  to:\n  - additional_images:\n      tool: src\n    name: x\n    namespace: acme\n";
    sandbox.write("ci-operator/config/acme/tool/acme-tool-main.yaml", text);
    let page = explained(&sandbox, "pull-ci-acme-tool-main-images");
    let job = &page["jobs"][0];
    assert_eq!((&job["place"], &job["kind"]), (&Value::Null, &"presubmit".into()));
    assert!(line_at(&sandbox, &job["origin"]["place"]).starts_with("promotion:"), "{job:#}");
}

#[test]
fn a_step_tells_who_uses_it() {
    let sandbox = Sandbox::updated();
    let page = explained(&sandbox, STEP);
    assert_eq!(page["defines"], serde_json::json!({ "kind": "step", "name": "acme-gather-logs" }));
    let chain = serde_json::json!({ "kind": "chain", "name": "acme-gather" });
    assert!(page["part_of"].as_array().unwrap().contains(&chain), "{page:#}");
    assert_eq!(page["repositories"], 6);
    let webshop = serde_json::json!({ "file": CONFIG, "tests": ["e2e-aws"] });
    assert!(page["configs"].as_array().unwrap().contains(&webshop), "{page:#}");
    let script = explained(&sandbox, &STEP.replace("-ref.yaml", "-commands.sh"));
    assert_eq!((&script["defines"]["kind"], &script["configs"]), (&"script".into(), &page["configs"]));
    let profiles = "ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml";
    assert_eq!(explained(&sandbox, profiles)["used_by_all"], true);
}

#[test]
fn paths_are_found_from_where_one_stands_and_need_not_be_there() {
    let sandbox = Sandbox::updated();
    let from = |directory: &str, subject: &str| {
        let mut command = sandbox.command("cutwater");
        let command = command.current_dir(sandbox.join(directory)).args(["explain", "--format=json", subject]);
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.status, 0, "{subject}: {ran:?}");
        serde_json::from_str::<Value>(&ran.stdout).unwrap()
    };
    let directory = "ci-operator/config/acme/webshop";
    assert_eq!(from(directory, "acme-webshop-main.yaml")["file"], CONFIG);
    assert_eq!(from(directory, CONFIG)["file"], CONFIG);
    assert_eq!(from(directory, "../../../jobs/acme/webshop/images.yaml")["kind"], "jobs");
    assert_eq!(from(directory, "OWNERS")["kind"], "other");
    let new = from(directory, "acme-webshop-release-2.0__x.yaml");
    assert_eq!(
        (&new["is_there"], &new["branch"], &new["variant"]),
        (&false.into(), &"release-2.0".into(), &"x".into())
    );
    assert_eq!(new["config_maps"], serde_json::json!([]));
    let deleted = from("", "ci-operator/jobs/acme/gone/acme-gone-main-postsubmits.yaml");
    assert_eq!((&deleted["is_there"], &deleted["kind"]), (&false.into(), &"jobs".into()));
    assert_eq!(deleted["config_maps"][0]["name"], "job-config-main-postsubmits");
}

#[test]
fn what_is_broken_is_said_and_the_rest_is_told_all_the_same() {
    let sandbox = Sandbox::updated();
    sandbox.write(CONFIG, sandbox.read(CONFIG).replace("commands: make test\n", "commands: {a: b}\n"));
    let page = explained(&sandbox, CONFIG);
    assert!(!page["findings"].as_array().unwrap().is_empty(), "{page:#}");
    assert_eq!(page["config_maps"][0]["name"], "ci-operator-main-configs");
    // A broken neighbour does not matter.
    let arm = "ci-operator/config/acme/webshop/acme-webshop-main__arm64.yaml";
    let page = explained(&sandbox, arm);
    assert_eq!(page["findings"], serde_json::json!([]));
    assert_eq!(page["jobs"][0]["cluster"], "build05", "{page:#}");
    sandbox.write("core-services/sanitize-prow-jobs/_config.yaml", "default: [");
    sandbox.write("core-services/prow/02_config/_plugins.yaml", "- [");
    for file in [arm, JOBS] {
        let page = explained(&sandbox, file);
        assert_eq!(page["jobs"][0]["cluster"], Value::Null, "{page:#}");
        let text = sandbox.run("cutwater", &["explain", file]).stdout;
        assert!(text.contains("What is wrong here") && text.contains("where it runs is not known"), "{text}");
    }
    let page = explained(&sandbox, "pull-ci-acme-webshop-main-e2e-aws");
    assert_eq!(page["jobs"][0]["decision"], Value::Null);
    sandbox.write(JOBS, "presubmits: [");
    assert!(!explained(&sandbox, JOBS)["findings"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_neither_rule_nor_file_nor_job_is_refused_with_what_may_be_meant() {
    let sandbox = Sandbox::updated();
    let explain = |subject: &str| sandbox.run("cutwater", &["explain", subject]);
    refused(explain("pull-ci-acme-webshop-main-e2e-aw"), "did you mean pull-ci-acme-webshop-main-e2e-aws?");
    refused(explain("acme-webshop-main-lint"), "did you mean pull-ci-acme-webshop-main-lint?");
    refused(explain("xyzzy"), "there is no rule, no file and no job \"xyzzy\"; `cutwater explain` lists all");
    refused(explain("duplicate-tset"), "did you mean duplicate-test?");
    refused(explain("ci-operator/config/acme"), "ci-operator/config/acme is a directory; name a file in it");
    refused(explain("a/b/c.txt"), "a/b/c.txt is not there");
    refused(explain("/etc/passwd"), "/etc/passwd is not in ");
    refused(explain("../../x.yaml"), "../../x.yaml is not in ");
    refused(explain(""), "there is no rule");
    refused(sandbox.run("cutwater", &["explain", "--release-repo=nowhere", "x"]), "nowhere is no release repository");
    refused(Sandbox::new().run("cutwater", &["explain", "a-job"]), "Files and jobs were not looked for");
    refused(Sandbox::new().run("cutwater", &["explain", CONFIG]), "no release repository at or above");
}

#[test]
fn a_rule_wins_over_a_file_and_a_file_over_a_job() {
    let sandbox = Sandbox::updated();
    sandbox.write("duplicate-test", "x");
    assert_eq!(explained(&sandbox, "duplicate-test")["subject"], "rule");
    assert_eq!(explained(&sandbox, "./duplicate-test")["subject"], "file");
    let name = "pull-ci-acme-webshop-main-unit";
    assert_eq!(explained(&sandbox, name)["subject"], "job");
    sandbox.write(name, "x");
    assert_eq!(explained(&sandbox, name)["subject"], "file");
    let rules = sandbox.run("cutwater", &["explain", "--format=json"]);
    let rules: Vec<Value> = serde_json::from_str(&rules.stdout).unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == "duplicate-test" && rule["severity"] == "error"));
}

#[test]
fn the_page_shows_what_is_said() {
    crate::support::page::hold("explain", "cli explain::", &Sandbox::updated());
}
