//! The schemas in an editor: the language server that editors use for YAML, from its npm package, opens good and bad
//! files and is asked for diagnostics, hover texts and completions, with the settings that docs/schemas.md shows.
//!
//! It needs Node.js, which is got where it is missing (see `support/node.rs`). On a machine where it cannot be had,
//! `CUTWATER_WITHOUT_NODE=1` leaves these tests out, and they say so.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::language_server::LanguageServer;
use crate::support::node::{Node, locked};
use crate::support::testdata;
use cutwater::schema::SCHEMAS;
use serde_json::{Map, Value as Json, json};

const CONFIG: &str = "ci-operator/config/acme/shop/acme-shop-main.yaml";

/// Where the server is installed.
fn store() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor")
}

/// Node.js with the server installed; nothing where the machine is to do without.
fn node() -> Option<Node> {
    if std::env::var_os("CUTWATER_WITHOUT_NODE").is_some() {
        #[expect(clippy::explicit_write, reason = "the test runner swallows what the macro prints")]
        writeln!(std::io::stderr(), "NOT RUN, because CUTWATER_WITHOUT_NODE is set: schemas in an editor").unwrap();
        return None;
    }
    let store = store();
    let _lock = locked(&store);
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor");
    let ready = Node::find(&store).and_then(|node| node.install(&packages, &store).map(|()| node));
    Some(ready.unwrap_or_else(|error| {
        panic!("{error}\nInstall Node.js 18 or newer with npm, or leave these tests out: CUTWATER_WITHOUT_NODE=1")
    }))
}

/// The server with these settings.
fn server(settings: Json) -> Option<LanguageServer> {
    let mut command = node()?.script(&store().join("node_modules/yaml-language-server/bin/yaml-language-server"));
    command.arg("--stdio");
    Some(LanguageServer::start(command, settings))
}

/// The settings of docs/schemas.md, with the schemas where they lie.
fn settings() -> Json {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas.md")).unwrap();
    let shown = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("settings are shown");
    let shown: Json = serde_json::from_str(shown).unwrap();
    let schemas = shown["yaml.schemas"].as_object().expect("yaml.schemas is shown").iter();
    let placed = schemas.map(|(file, globs)| {
        let name = file.rsplit('/').next().unwrap();
        (format!("file://{}/schemas/{name}", env!("CARGO_MANIFEST_DIR")), globs.clone())
    });
    let schemas: Map<String, Json> = placed.collect();
    json!({ "yaml": {
        "schemas": schemas, "yamlVersion": shown["yaml.yamlVersion"], "schemaStore": { "enable": false },
        "validate": true, "hover": true, "completion": true,
    } })
}

#[test]
fn the_page_shows_settings_for_every_schema() {
    let settings = settings();
    assert_eq!(settings["yaml"]["yamlVersion"], "1.1");
    let shown = settings["yaml"]["schemas"].as_object().unwrap();
    for schema in SCHEMAS {
        let (_, globs) = shown
            .iter()
            .find(|(file, _)| file.ends_with(&format!("/{}.json", schema.name)))
            .unwrap_or_else(|| panic!("docs/schemas.md has no settings for {}", schema.name));
        assert_eq!(globs, &json!(schema.files), "{}", schema.name);
    }
}

#[test]
fn files_of_the_sample_repository_are_without_complaint() {
    let Some(mut server) = server(settings()) else { return };
    let sample = testdata("release-repo");
    let mut opened = 0;
    for part in ["ci-operator/config", "ci-operator/jobs", "ci-operator/step-registry"] {
        for (path, file) in crate::support::corpus::files_below(&sample.join(part), |path| path.ends_with(".yaml")) {
            // Left over from a config of a branch pattern, for prowgen to remove: Prow would refuse the jobs' names.
            if path.starts_with("acme/retired/") {
                continue;
            }
            let path = format!("{part}/{path}");
            let told = server.open(&path, &fs::read_to_string(file).unwrap());
            assert!(told.is_empty(), "{path}: {told:?}");
            opened += 1;
        }
    }
    assert!(opened > 20, "only {opened} files were found");
}

const BROKEN: &str = r#"base_images:
  base:
    name: "4.20"
    namespace: ocp
    tag: base
releases:
  latest:
    candidate:
      product: ocp
      stream: nightlies
      version: 4.20
resources:
  '*':
    requests:
      cpu: 100 millis
tests:
- as: Unit Test
  commands: make
  container:
    from: src
  steps:
    workflow: acme-e2e
- as: e2e
  steps:
    env:
      RELEASE: 4.10
    test:
    - ref: acme-test
    - as: own
      best_effort: true
      commands: make e2e
      from: src
      grace_periods: 10m
      resources:
        requests:
          cpu: "1"
"#;

#[test]
fn a_broken_config_is_told_what_is_wrong() {
    let Some(mut server) = server(settings()) else { return };
    let told = server.open(CONFIG, BROKEN);
    let expected = [
        (10, "Streams of ocp are"),
        (11, "A version is at least major and minor version, such as \"4.20\" (in quotes"),
        (15, "An amount is a number above zero"),
        (17, "A test's name is made of lower case letters"),
        (21, "A test is one of container (with commands), steps and literal_steps."),
        (21, "Commands run in a container"),
        (26, "Put it in quotes"),
        (29, "A step that may fail must have a timeout"),
        (33, "Property grace_periods is not allowed"),
    ];
    for (line, message) in expected {
        let found = told.iter().any(|(at, _, text)| *at == line && text.starts_with(message));
        assert!(found, "line {line} has no complaint {message:?}: {told:#?}");
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
}

#[test]
fn fields_show_what_they_mean() {
    let Some(mut server) = server(settings()) else { return };
    server.open(CONFIG, BROKEN);
    for (line, column, words) in [
        (1, 3, "Images that are imported before anything is built"),
        (9, 9, "OpenShift Container Platform"),
        (17, 4, "The test's name"),
        (19, 5, "The commands run in one container"),
        (30, 9, "may fail"),
    ] {
        let shown = server.hover(CONFIG, line, column);
        assert!(shown.contains(words), "line {line}: {words:?} does not show: {shown:?}");
    }
    let job = "ci-operator/jobs/acme/shop/acme-shop-main-periodics.yaml";
    server.open(
        job,
        "periodics:\n- name: a\n  interval: 1h\n  spec:\n    containers:\n    - image: x\n      tty: true\n",
    );
    let shown = server.hover(job, 7, 8);
    assert!(shown.contains("It gets a terminal."), "{shown:?}");
}

#[test]
fn fields_and_values_are_offered() {
    let Some(mut server) = server(settings()) else { return };
    let text = "resources:\n  '*':\n    requests:\n      cpu: 100m\ntests:\n- as: e2e\n  node_architecture: \n  st\n";
    server.open(CONFIG, text);
    let fields = server.complete(CONFIG, 8, 5);
    for field in ["steps", "container", "run_if_changed"] {
        assert!(fields.iter().any(|offered| offered == field), "{field} is not offered: {fields:?}");
    }
    let values = server.complete(CONFIG, 7, 22);
    for value in ["amd64", "arm64", "ppc64le", "s390x"] {
        assert!(values.iter().any(|offered| offered == value), "{value} is not offered: {values:?}");
    }
    let top = "ci-operator/config/acme/shop/acme-shop-main__new.yaml";
    server.open(top, "resources:\n  '*':\n    requests:\n      cpu: 100m\n\n");
    let fields = server.complete(top, 5, 1);
    assert!(fields.iter().any(|offered| offered == "tests"), "{fields:?}");
    assert!(!fields.iter().any(|offered| offered == "build_roots"), "a field of tools is offered: {fields:?}");
}

/// Editors read patterns as JavaScript with the flag `u`, which takes less than Rust does.
#[test]
fn patterns_are_for_editors_too() {
    let Some(node) = node() else { return };
    let script = store().join("patterns.mjs");
    fs::write(&script, PATTERNS).unwrap();
    let schemas = SCHEMAS.iter().map(|schema| format!("{}/schemas/{}.json", env!("CARGO_MANIFEST_DIR"), schema.name));
    let output = node.script(&script).args(schemas).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let count: usize = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    assert!(count > 100, "only {count} patterns were found");
}

const PATTERNS: &str = r#"
import { readFileSync } from "node:fs";
let count = 0;
const look = (schema) => {
  for (const [key, value] of Object.entries(schema)) {
    if (key === "pattern" && typeof value === "string") { new RegExp(value, "u"); count += 1; }
    if (value && typeof value === "object") look(value);
  }
};
for (const file of process.argv.slice(2)) look(JSON.parse(readFileSync(file, "utf8")));
console.log(count);
"#;

#[test]
fn a_modeline_names_the_schema() {
    let Some(mut server) = server(json!({ "yaml": { "schemaStore": { "enable": false }, "validate": true } })) else {
        return;
    };
    let modeline =
        format!("# yaml-language-server: $schema=file://{}/schemas/registry-ref.json\n", env!("CARGO_MANIFEST_DIR"));
    let told = server.open("somewhere/else.yaml", &format!("{modeline}ref:\n  as: a\n  form: src\n"));
    assert!(told.iter().any(|(line, _, text)| *line == 4 && text.contains("form")), "{told:#?}");
}
