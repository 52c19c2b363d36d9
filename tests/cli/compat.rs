//! The differences from the reference that are kept on purpose, where a config shows them.
//!
//! Each test is named in `docs/compatibility.md`; the reference's behaviour is in the row there.

use crate::support::{Ran, Sandbox};

const CONFIG: &str = "ci-operator/config/acme/odd/acme-odd-main.yaml";
const RESOURCES: &str = "resources:\n  '*':\n    requests:\n      cpu: 100m\n";
const BUILD_ROOT: &str = "build_root:\n  image_stream_tag:\n    name: builder\n    namespace: ci\n    tag: go-1.24\n";

const SANITIZE: [&str; 2] =
    ["--prow-jobs-dir=ci-operator/jobs", "--config-path=core-services/sanitize-prow-jobs/_config.yaml"];

/// Runs the main job on a release repository with one more config.
fn with_config(text: &str) -> (Sandbox, Ran) {
    let sandbox = Sandbox::sample();
    sandbox.write(CONFIG, format!("{BUILD_ROOT}{RESOURCES}{text}"));
    let ran = sandbox.run("cutwater", &["jobs", "ci-operator/config/acme/odd"]);
    (sandbox, ran)
}

/// Expects a finding in the config and nothing worse.
fn finds(text: &str, said: &str) {
    let (_, ran) = with_config(text);
    assert_eq!(ran.status, 1, "{text}{ran:?}");
    assert!(ran.stdout.contains(CONFIG), "{text}{}", ran.stdout);
    assert!(ran.stdout.contains(said), "{text}{}", ran.stdout);
}

fn container_test(more: &str) -> String {
    format!("tests:\n- as: unit\n  commands: make test\n  container:\n    from: src\n{more}")
}

#[test]
fn a_promotion_on_schedule_is_always_written() {
    let text =
        "images:\n  items:\n  - to: odd\npromotion:\n  cron: 0 5 * * *\n  to:\n  - namespace: acme\n    name: odd\n";
    for _ in 0..8 {
        let (sandbox, ran) = with_config(text);
        assert_eq!(ran.status, 0, "{ran:?}");
        let periodics = sandbox.read("ci-operator/jobs/acme/odd/acme-odd-main-periodics.yaml");
        assert!(periodics.contains("name: periodic-ci-acme-odd-main-images\n"), "{periodics}");
        assert!(periodics.contains("cron: 0 5 * * *\n"), "{periodics}");
        let postsubmits = sandbox.read("ci-operator/jobs/acme/odd/acme-odd-main-postsubmits.yaml");
        assert!(postsubmits.contains("name: branch-ci-acme-odd-main-images\n"), "{postsubmits}");
    }
}

#[test]
fn schedules_that_hang_or_crash_are_findings() {
    finds(&container_test("  cron: '*/0 * * * *'\n"), "cron");
    finds(&container_test("  cron: TZ=UTC\n"), "cron");
}

#[test]
fn more_shards_than_anyone_means_are_a_finding() {
    finds(&container_test("  shard_count: 1000000000\n"), "too-many-shards");
}

#[test]
fn what_makes_the_reference_panic_is_a_finding() {
    finds(&container_test("  secrets:\n  - null\n"), "secret");
    finds(&container_test("  secret:\n    name: pull-secret\n    mount_path: /elsewhere\n"), "pull-secret");
    let dependency = "tests:\n- as: literal\n  literal_steps:\n    test:\n    - as: step\n      commands: x\n      from: src\n      \
        dependencies:\n      - env: INDEX\n        name: ci-index-odd\n      resources:\n        requests:\n          cpu: 1\n";
    finds(dependency, "ci-index-odd");
}

#[test]
fn keys_that_become_one_are_a_finding() {
    let image = "{name: app, namespace: ci, tag: a}";
    let text = format!("base_images:\n  1: {image}\n  '1': {image}\n");
    let (_, ran) = with_config(&text);
    assert_eq!(ran.status, 1, "{ran:?}");
    // The build root and resources take nine lines.
    for said in ["error[colliding-keys]", "acme-odd-main.yaml:12:3", "the other is in line 11, column 3"] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }

    let sandbox = Sandbox::sample();
    let name = "ci-operator/jobs/infra-periodics.yaml";
    let text = format!("{}- interval: 1h\n  labels: {{true: a, 'true': b}}\n  name: odd\n", sandbox.read(name));
    sandbox.write(name, &text);
    let ran = sandbox.run("sanitize-prow-jobs", &SANITIZE);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stderr.contains("error[colliding-keys]"), "{ran:?}");
    assert_eq!(sandbox.read(name), text);
}

/// Asks for something that no cluster can do.
fn unplaceable(sandbox: &Sandbox, name: &str) -> String {
    let job = "- agent: kubernetes\n  interval: 1h\n  labels: {capability/wings: wings}\n  name: fly\n";
    let text = format!("{}{job}", sandbox.read(name));
    sandbox.write(name, &text);
    text
}

#[test]
fn a_file_with_a_job_that_has_no_cluster_is_not_written() {
    let infra = "ci-operator/jobs/infra-periodics.yaml";
    let sandbox = Sandbox::sample();
    unplaceable(&sandbox, infra);
    let before = crate::support::tree(sandbox.path(), |_| true);
    let ran = sandbox.run("cutwater", &["jobs"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.contains("error[no-capable-cluster]") && ran.stdout.contains(infra), "{ran:?}");
    assert!(crate::support::tree(sandbox.path(), |_| true) == before);
    // The rest is written when asked for, this file is not.
    assert_eq!(sandbox.run("cutwater", &["jobs", "--keep-going"]).status, 1);
    let after = crate::support::tree(sandbox.path(), |_| true);
    assert!(after != before && after.get(infra) == before.get(infra));
    // The drop-in writes it as far as it came, as the reference does.
    let sandbox = Sandbox::sample();
    let text = unplaceable(&sandbox, infra);
    assert_eq!(sandbox.run("sanitize-prow-jobs", &SANITIZE).status, 1);
    let left = sandbox.read(infra);
    assert!(left != text && left.contains("capability/wings"), "{left}");
}

#[test]
fn findings_come_in_one_order() {
    let text = "base_images:\n  b: {name: ''}\n  a: {tag: ''}\ntests:\n- as: unit\n- as: unit\n";
    let (_, first) = with_config(text);
    assert_eq!(first.status, 1, "{first:?}");
    for threads in ["1", "16"] {
        let sandbox = Sandbox::sample();
        sandbox.write(CONFIG, format!("{BUILD_ROOT}{RESOURCES}{text}"));
        let again = sandbox.run("cutwater", &["jobs", "--jobs", threads, "ci-operator/config/acme/odd"]);
        assert_eq!(again.stdout, first.stdout);
    }
}

#[test]
fn a_generated_job_is_made_anew_whatever_is_in_it() {
    let name = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
    let whole = Sandbox::sample();
    assert_eq!(whole.run("cutwater", &["jobs"]).status, 0);
    let spoil = |marker: &str| {
        let sandbox = Sandbox::sample();
        assert_eq!(sandbox.run("cutwater", &["jobs"]).status, 0);
        let text = sandbox.read(name);
        let at = text.find(marker).unwrap_or_else(|| panic!("no {marker} in {text}"));
        // The key lies in the same job, between its fields.
        let spoilt = format!("{}    decorate: [nonsense]\n{}", &text[..at], &text[at..]);
        sandbox.write(name, spoilt);
        let ran = sandbox.run("cutwater", &["jobs"]);
        (ran, sandbox)
    };
    let (ran, sandbox) = spoil("    name: pull-ci-acme-webshop-main-unit\n");
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(sandbox.read(name), whole.read(name));
    // What people wrote is read in full.
    let (ran, _) = spoil("    name: pull-acme-webshop-main-license\n");
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.contains("decorate"), "{}", ran.stdout);
}
