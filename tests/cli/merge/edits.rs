//! What somebody does on a branch.

use crate::support::Sandbox;

pub const WEBSHOP: &str = "ci-operator/config/acme/webshop/acme-webshop-main.yaml";
pub const PAYMENTS: &str = "ci-operator/config/acme/payments/acme-payments-main.yaml";
pub const INSTALLER: &str = "ci-operator/config/acme/installer/acme-installer-main.yaml";
pub const WEBSHOP_JOBS: &str = "ci-operator/jobs/acme/webshop/acme-webshop-main-presubmits.yaml";
pub const PROFILES: &str = "ci-operator/step-registry/cluster-profiles/cluster-profiles-config.yaml";

/// Adds a test before another in a config.
pub fn add_test(sandbox: &Sandbox, config: &str, before: &str, name: &str) {
    let next = format!("- as: {before}\n");
    sandbox.edit(config, &next, &format!("- as: {name}\n  commands: make {name}\n  container:\n    from: src\n{next}"));
}

/// As [`add_test`], one that runs by the clock.
pub fn add_periodic(sandbox: &Sandbox, config: &str, before: &str, name: &str) {
    add_test(sandbox, config, before, name);
    sandbox.edit(config, &format!("- as: {name}\n"), &format!("- as: {name}\n  cron: '@daily'\n"));
}

/// Takes a test out of a config.
pub fn remove_test(sandbox: &Sandbox, config: &str, name: &str) {
    let text = sandbox.read(config);
    let (items, rest) = text.split_once("zz_generated_metadata").unwrap();
    let (head, items) = items.split_once("tests:\n").unwrap();
    let mut tests: Vec<String> = Vec::new();
    for line in items.lines() {
        if line.starts_with("- ") {
            tests.push(String::new());
        }
        tests.last_mut().unwrap().push_str(&format!("{line}\n"));
    }
    let before = tests.len();
    tests.retain(|test| !test.contains(&format!("as: {name}\n")));
    assert_eq!(tests.len() + 1, before, "{name} in {config}");
    sandbox.write(config, format!("{head}tests:\n{}zz_generated_metadata{rest}", tests.concat()));
}

/// A variant of the webshop's config, with one test.
pub fn add_variant(sandbox: &Sandbox, variant: &str) {
    let config = format!("ci-operator/config/acme/webshop/acme-webshop-main__{variant}.yaml");
    sandbox.write(
        &config,
        "build_root:\n  image_stream_tag:\n    name: builder\n    namespace: ci\n    tag: go-1.24\nresources:\n  '*':\n    \
         requests:\n      cpu: 100m\ntests:\n- as: it\n  commands: make it\n  container:\n    from: src\n",
    );
}

/// A job that a person wrote, before a generated one, or at the end.
pub fn add_by_hand(sandbox: &Sandbox, before: &str, name: &str, argument: &str) {
    let text = sandbox.read(WEBSHOP_JOBS);
    let start = match before {
        "" => text.len(),
        _ => {
            let name_at = text.find(&format!("    name: pull-ci-acme-webshop-main-{before}\n")).expect(before);
            text[..name_at].rfind("\n  - agent:").unwrap() + 1
        }
    };
    let job = format!(
        "  - agent: kubernetes\n    always_run: false\n    branches:\n    - ^main$\n    name: pull-ci-acme-webshop-main-{name}\n    \
         spec:\n      containers:\n      - args:\n        - {argument}\n        image: tools:latest\n        name: test\n        \
         resources: {{}}\n"
    );
    sandbox.write(WEBSHOP_JOBS, format!("{}{job}{}", &text[..start], &text[start..]));
}

/// Edits the job of this name: the first of these words after the name before it.
pub fn edit_job(sandbox: &Sandbox, file: &str, name: &str, from: &str, to: &str) {
    let text = sandbox.read(file);
    let at = text.find(&format!("    name: {name}\n")).expect(name);
    let start = text[..at].rfind("- agent:").unwrap();
    let (before, job) = text.split_at(start);
    let end = job.find("\n  - agent:").map_or(job.len(), |end| end + 1);
    assert!(job[..end].contains(from), "{name} has no {from:?}");
    sandbox.write(file, format!("{before}{}{}", job[..end].replacen(from, to, 1), &job[end..]));
}
