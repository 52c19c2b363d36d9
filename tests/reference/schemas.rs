//! JSON Schemas: made from the model and checked in, true of every real file, and of use against broken ones.
//!
//! `make schemas` writes `schemas/` anew after a change of the model. Corpora and vectors come from where
//! `tests/reference/corpora.rs` and `tests/reference/vectors.rs` have them. What is measured here stands in docs/schemas.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::corpus::{Corpus, files_below, yaml_files};
use crate::support::json::from_yaml;
use crate::support::tally::Tally;
use crate::support::vector::{self, text};
use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::schema::build::definition_name;
use cutwater::schema::{SCHEMAS, Schema};
use cutwater::validate::validate_config;
use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::parse::parse;
use jsonschema::Validator;
use rayon::prelude::*;
use serde_json::Value as Json;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn parsed(schema: &Schema) -> Json {
    serde_json::from_str(&schema.text()).unwrap()
}

fn validator(name: &str) -> Validator {
    let schema = Schema::find(name).unwrap_or_else(|| panic!("there is no schema {name}"));
    jsonschema::draft7::new(&parsed(schema)).unwrap()
}

/// What a schema has against a text; nothing where it takes it.
fn complaint(validator: &Validator, text: &str) -> Option<String> {
    let value = match from_yaml(text) {
        Ok(value) => value,
        Err(message) => return Some(message),
    };
    let told = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path()));
    let told: Vec<String> = told.map(|line| line.chars().take(300).collect()).collect();
    (!told.is_empty()).then(|| told.join("\n    "))
}

#[test]
fn schemas_are_what_is_checked_in() {
    let mut wrong = Vec::new();
    for schema in SCHEMAS {
        let path = root().join("schemas").join(format!("{}.json", schema.name));
        if fs::read_to_string(&path).ok().as_deref() != Some(&*schema.text()) {
            wrong.push(format!("schemas/{}.json is not what `cutwater schema {}` prints", schema.name, schema.name));
        }
    }
    let names: BTreeSet<String> = SCHEMAS.iter().map(|schema| format!("{}.json", schema.name)).collect();
    let there = files_below(&root().join("schemas"), |_| true);
    wrong.extend(
        there.keys().filter(|name| !names.contains(*name)).map(|name| format!("schemas/{name} is of no schema")),
    );
    assert!(wrong.is_empty(), "{}\nBring them up to date: make schemas", wrong.join("\n"));
}

#[test]
fn types_and_rules_are_without_defects() {
    let defects: Vec<String> = SCHEMAS.iter().flat_map(|schema| schema.build().1).collect();
    assert!(defects.is_empty(), "{}", defects.join("\n"));
    let definitions: BTreeSet<String> =
        SCHEMAS.iter().flat_map(|schema| schema.records()).map(definition_name).collect();
    for (record, _) in cutwater::schema::rules().iter() {
        assert!(definitions.contains(record), "there are rules about {record}, which is in no schema");
    }
}

#[test]
fn schemas_are_schemas() {
    for schema in SCHEMAS {
        let value = parsed(schema);
        assert!(jsonschema::meta::is_valid(&value), "{} does not keep to its dialect", schema.name);
        assert_eq!(value["$schema"], "http://json-schema.org/draft-07/schema#", "{}", schema.name);
        assert_eq!(value["$id"], schema.identifier(), "{}", schema.name);
        let mut silent = Vec::new();
        described(&value, schema.name, &mut silent);
        for (name, definition) in value["definitions"].as_object().unwrap() {
            assert!(definition["title"].is_string(), "{}: {name} has no title", schema.name);
            described(definition, name, &mut silent);
        }
        assert!(silent.is_empty(), "{}: no description:\n{}", schema.name, silent.join("\n"));
    }
}

/// Notes what has no description: a schema itself, and its fields.
fn described(schema: &Json, name: &str, silent: &mut Vec<String>) {
    let has_words = |schema: &Json| schema["description"].as_str().is_some_and(|words| words.ends_with('.'));
    if !has_words(schema) {
        silent.push(name.to_owned());
    }
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        // Another spelling of a field says so and nothing else.
        if !has_words(schema) && schema.get("deprecationMessage").is_none() {
            silent.push(format!("{name}.{field}"));
        }
    }
}

fn check(what: String, name: &str, files: &BTreeMap<String, PathBuf>) {
    let validator = validator(name);
    let mut tally = Tally::of(what);
    let check = |(path, file): (&String, &PathBuf)| {
        let complaint = complaint(&validator, &fs::read_to_string(file).unwrap());
        complaint.map(|complaint| format!("{path}: {complaint}"))
    };
    tally.extend(files.par_iter().map(check).collect::<Vec<_>>());
    tally.conclude();
}

/// The schema for a file of the step registry.
fn schema_of(path: &str) -> Option<&'static str> {
    let suffixes = [
        ("-ref.yaml", "registry-ref"),
        ("-chain.yaml", "registry-chain"),
        ("-workflow.yaml", "registry-workflow"),
        ("-observer.yaml", "registry-observer"),
        (".metadata.json", "registry-metadata"),
        ("cluster-profiles-config.yaml", "cluster-profiles"),
    ];
    suffixes.into_iter().find(|(suffix, _)| path.ends_with(suffix)).map(|(_, schema)| schema)
}

fn release(name: &str) {
    let corpus = Corpus::unpack(name);
    let configs = yaml_files(&corpus.join("input/ci-operator/config"));
    check(corpus.what("configs that the schema takes"), "ci-operator-config", &configs);
    let registry = corpus.join("input/ci-operator/step-registry");
    for schema in SCHEMAS.iter().map(|schema| schema.name) {
        let files = files_below(&registry, |path| schema_of(path) == Some(schema));
        if !files.is_empty() {
            check(corpus.what(&format!("registry files that the schema {schema} takes")), schema, &files);
        }
    }
    let jobs = yaml_files(&corpus.join("input/ci-operator/jobs"));
    check(corpus.what("job files that the schema takes"), "prow-jobs", &jobs);
}

#[test]
fn every_file_of_release_2023_is_taken() {
    release("release-2023");
}

#[test]
fn every_file_of_release_today_is_taken() {
    release("release-today");
}

#[test]
fn every_job_file_of_test_infra_is_taken() {
    let corpus = Corpus::unpack("test-infra-2026");
    let mut files = yaml_files(&corpus.join("input/config/jobs"));
    // A list of image registries for a test, among the jobs that use it.
    files.remove("kubernetes/sig-cloud-provider/gcp/registry/default.yaml").expect("the list of registries is there");
    check(corpus.what("job files that the schema takes"), "prow-jobs", &files);
}

/// The schema for a file of Prow's configuration.
fn prow_schema_of(path: &str) -> Option<&'static str> {
    match path.rsplit('/').next()? {
        "_config.yaml" => Some("prow-config"),
        "_prowconfig.yaml" => Some("prow-config-shard"),
        "_plugins.yaml" => Some("plugin-config"),
        "_pluginconfig.yaml" => Some("plugin-config-shard"),
        _ => None,
    }
}

fn prow_configuration(name: &str) {
    let corpus = Corpus::unpack(name);
    let folder = corpus.join("input/core-services/prow/02_config");
    for schema in ["prow-config", "prow-config-shard", "plugin-config", "plugin-config-shard"] {
        let files = files_below(&folder, |path| prow_schema_of(path) == Some(schema));
        check(corpus.what(&format!("files that the schema {schema} takes")), schema, &files);
    }
}

#[test]
fn prow_configuration_of_release_2023_is_taken() {
    prow_configuration("release-2023");
}

#[test]
fn prow_configuration_of_release_today_is_taken() {
    prow_configuration("release-today");
}

#[test]
fn prow_configuration_of_test_infra_is_taken() {
    let corpus = Corpus::unpack("test-infra-2026");
    for (file, schema) in [("config.yaml", "prow-config"), ("plugins.yaml", "plugin-config")] {
        let files = BTreeMap::from([(file.to_owned(), corpus.join("input/config/prow").join(file))]);
        check(corpus.what(&format!("files that the schema {schema} takes")), schema, &files);
    }
}

/// What the schema of each file below a folder has against it.
fn prow_complaints(folder: &Path, validators: &BTreeMap<&str, Validator>) -> Vec<String> {
    let files = files_below(folder, |path| prow_schema_of(path).is_some());
    let complaints = files.iter().filter_map(|(path, file)| {
        let complaint = match String::from_utf8(fs::read(file).unwrap()) {
            Ok(text) => complaint(&validators[prow_schema_of(path)?], &text)?,
            Err(error) => error.to_string(),
        };
        Some(format!("{path}: {complaint}"))
    });
    complaints.collect()
}

/// Cases whose canonical form the schemas refuse all the same: what the reference drops, fills in beside what it
/// excludes, or leaves in queries once it has split them.
const UNTIDY: &[&str] = &[
    "defaults-everything-set",
    "file-names",
    "gcs-prefix-filled-in",
    "jobs",
    "log-level-capitals",
    "merge-methods",
    "merge-methods-unsplit",
    "null-default-entry-unused",
    "plugin-supplement-foreign-zero",
    "plugins-null",
    "plugins-split",
    "prow-sharding-only",
    "pubsub-moves",
    "queries-split",
    "queries-united-across-files",
    "report-template-moves",
    "rerun-rights-by-name",
    "shards-elsewhere",
    "supplement-foreign-zero",
    "supplement-jobs-ignored",
    "tide-url-moves",
    "unknown-field-plugins",
];

#[test]
fn broken_prow_configuration_is_refused_and_what_is_written_taken() {
    let validators = validators();
    let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
    let mut whole = Tally::of("cases of Prow configuration whose canonical form the schemas take, but for UNTIDY ones");
    for case in fs::read_dir(root().join("testdata/prow-config")).unwrap().map(|entry| entry.unwrap().path()) {
        if case.join("refused.txt").exists() {
            let told = prow_complaints(&case.join("input"), &validators);
            shares.entry("Prow configuration that does not load").or_default().add(!told.is_empty());
        } else if case.join("expected").exists() {
            let told = prow_complaints(&case.join("expected"), &validators);
            let name = case.file_name().unwrap().to_str().unwrap();
            let as_known = told.is_empty() != UNTIDY.contains(&name);
            whole.add((!as_known).then(|| format!("{name}: {}", told.join("\n  "))));
        }
    }
    conclude(&shares, &[("Prow configuration that does not load", 530)]);
    whole.conclude();
}

#[test]
fn each_of_these_is_refused_where_it_is_wrong() {
    let broken = [
        ("prow-config", "log_level: loud", "/log_level"),
        ("prow-config", "presubmits: {acme/shop: [{name: a b}]}", "/presubmits/acme~1shop/0/name"),
        ("prow-config", "tide: {merge_method: {acme: fast}}", "/tide/merge_method/acme"),
        ("prow-config", "tide: {github_merge_blocks_policy: {acme: never}}", "/tide/github_merge_blocks_policy/acme"),
        (
            "prow-config",
            "tide: {context_options: {optional-regex-contexts: ['(?=a)']}}",
            "/tide/context_options/optional",
        ),
        ("prow-config", "branch-protection: {exclude: ['[a-']}", "/branch-protection/exclude/0"),
        ("prow-config", "branch-protection: {exclude: [a], include: [b]}", "/branch-protection/exclude"),
        (
            "prow-config",
            "deck: {spyglass: {lenses: [{required_files: ['*.log'], lens: {name: a}}]}}",
            "/deck/spyglass/lenses/0",
        ),
        ("prow-config", "deck: {tide_update_period: often}", "/deck/tide_update_period"),
        ("prow-config", "plank: {pod_pending_timeout: yes}", "/plank/pod_pending_timeout"),
        ("prow-config", "plonk: {}", "plonk"),
        ("prow-config-shard", "plank: {max_concurrency: 1}", "/plank"),
        ("prow-config-shard", "tide: {queries: [{labels: [lgtm]}]}", "/tide/queries/0"),
        ("prow-config-shard", "tide: {queries: [{repos: [shop]}]}", "/tide/queries/0/repos/0"),
        ("prow-config-shard", "tide: {queries: [{orgs: [acme/shop]}]}", "/tide/queries/0/orgs/0"),
        ("prow-config-shard", "tide: {queries: [{orgs: [acme], labels: [a, a]}]}", "/tide/queries/0/labels"),
        ("prow-config-shard", "tide: {squash_label: a}", "/tide/squash_label"),
        ("prow-config-shard", "tide: {merge_method: {acme: {shop: {main: fast}}}}", "/tide/merge_method/acme"),
        (
            "prow-config-shard",
            "slack_reporter_configs: {acme: {job_types_to_report: [presubmit]}}",
            "/slack_reporter_configs",
        ),
        ("prow-config-shard", "presubmits: {}", "presubmits"),
        ("plugin-config", "plugins: {acme: approve}", "/plugins"),
        ("plugin-config", "blunderbuss: {request_count: 0}", "/blunderbuss/request_count"),
        ("plugin-config", "blockades: [{branchregexp: '+'}]", "/blockades/0/branchregexp"),
        ("plugin-config", "external_plugins: {acme: [{endpoint: 'http://a'}]}", "/external_plugins/acme/0"),
        ("plugin-config", "config_updater: {maps: {a: {name: a, partitioned_names: [b]}}}", "/config_updater/maps/a"),
        (
            "plugin-config",
            "require_matching_label: [{org: a, regexp: b, missing_label: c}]",
            "/require_matching_label/0",
        ),
        ("plugin-config", "invalid_commit_msg: [{checks: [{name: spelling}]}]", "/invalid_commit_msg/0/checks/0/name"),
        ("plugin-config", "size: {s: small}", "/size/s"),
        ("plugin-config-shard", "blunderbuss: {request_count: 1}", "/blunderbuss"),
        ("plugin-config-shard", "label: {additional_labels: [a]}", "/label/additional_labels"),
        ("plugin-config-shard", "approve: [{repo: [acme/shop]}]", "/approve/0"),
        ("plugin-config-shard", "lgtm: [{repos: ['acme/shop/main']}]", "/lgtm/0/repos/0"),
    ];
    let validators = validators();
    for (schema, text, place) in broken {
        let told = complaint(&validators[schema], text).unwrap_or_else(|| panic!("{schema} takes {text}"));
        assert!(told.contains(place), "{schema}: {text}: not about {place}: {told}");
    }
}

/// How many of some broken texts a schema refuses.
#[derive(Default)]
struct Share {
    caught: usize,
    all: usize,
}

impl Share {
    fn add(&mut self, is_caught: bool) {
        self.all += 1;
        self.caught += usize::from(is_caught);
    }

    fn permille(&self) -> usize {
        self.caught * 1_000 / self.all.max(1)
    }
}

/// Prints shares and holds them against floors, in thousandths.
fn conclude(shares: &BTreeMap<&str, Share>, floors: &[(&str, usize)]) {
    for (name, share) in shares {
        let line = format!("{name}: the schemas alone refuse {} of {}", share.caught, share.all);
        #[expect(clippy::explicit_write, reason = "the test runner swallows what the macro prints")]
        writeln!(std::io::stderr(), "{line} ({:.1}%)", share.permille() as f64 / 10.0).unwrap();
    }
    assert!(shares.keys().eq(floors.iter().map(|(name, _)| name)), "floors are of other shares: {:?}", shares.keys());
    let page = fs::read_to_string(root().join("docs/schemas.md")).unwrap();
    let table = page.split("<!-- shares -->").nth(1).expect("the table of shares is marked");
    for (name, share) in shares.iter().filter(|(name, _)| !name.contains("style") && !name.contains("crash")) {
        let told = format!("{} of {}", share.caught, share.all);
        assert!(table.contains(&told), "docs/schemas.md does not say {told} of: {name}");
    }
    for (name, floor) in floors {
        assert!(shares[name].permille() >= *floor, "{name}: less than {floor} of a thousand are refused");
    }
}

/// Why the reference refused a vector.
fn refusal(vector: &Json) -> Option<&'static str> {
    let stages = [
        ("load_error", "configs that do not load"),
        ("registry_error", "registries that do not load"),
        ("panic", "configs that crash the reference"),
        ("hang", "configs that crash the reference"),
        ("resolve_error", "configs that load and do not fit the registry"),
        ("prowgen_error", "configs that load and do not fit the registry"),
        ("checkconfig_error", "configs that load and do not fit the registry"),
        ("strict_error", "configs with unknown or repeated fields"),
    ];
    let given = |field: &str| vector.get(field).is_some_and(|why| !why.is_null());
    stages.into_iter().find(|(field, _)| given(field)).map(|(_, name)| name)
}

/// All files of a vector, each with its schema.
fn files(vector: &Json) -> Vec<(&'static str, &str)> {
    let beside = vector.get("configs").and_then(Json::as_array).into_iter().flatten();
    let configs =
        [vector].into_iter().chain(beside).filter_map(|of| text(of, "config")).filter(|text| !text.is_empty());
    let registry = vector.get("registry_files").and_then(Json::as_object).into_iter().flatten();
    // Metadata are for the registry's web pages; the tools of the vectors do not read them.
    let registry = registry.filter_map(|(path, text)| Some((schema_of(path)?, text.as_str()?)));
    let registry = registry.filter(|(schema, _)| *schema != "registry-metadata");
    configs.map(|text| ("ci-operator-config", text)).chain(registry).collect()
}

fn validators() -> BTreeMap<&'static str, Validator> {
    SCHEMAS.iter().map(|schema| (schema.name, validator(schema.name))).collect()
}

/// A config as it is written, with what people may spell in other ways spelt out.
fn canonical(text: &str) -> Option<String> {
    let config: ReleaseBuildConfiguration = read(&parse(text).ok()?, Strictness::Lenient).ok()?;
    write(&config, 0).ok()
}

/// Fields with values that the reference takes without looking, and that would do nothing or harm.
const UNCHECKED: &[&str] = &["shard_count", "node_architecture", "job_states_to_report", "cron", "build_roots"];

fn is_unchecked(complaint: &str) -> bool {
    complaint.split("\n    ").all(|line| UNCHECKED.iter().any(|field| line.split(": ").next().unwrap().contains(field)))
}

#[test]
fn broken_configs_are_refused_and_whole_ones_taken() {
    let validators = validators();
    let vectors = vector::all("validation.jsonl.gz");
    let judge = |vector: &Json| -> Option<String> {
        files(vector).into_iter().find_map(|(schema, text)| complaint(&validators[schema], text))
    };
    let verdicts: Vec<_> = vectors.par_iter().map(|vector| (vector, judge(vector))).collect();
    let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
    let mut whole = Tally::of("whole configs and registries that the schemas take, once they are in canonical form");
    let mut style = Share::default();
    for (vector, told) in verdicts {
        if let Some(stage) = refusal(vector) {
            shares.entry(stage).or_default().add(told.is_some());
            continue;
        }
        style.add(told.is_some());
        let told = told.filter(|told| !is_unchecked(told)).and_then(|_| {
            let mut files = files(vector).into_iter();
            files.find_map(|(schema, text)| complaint(&validators[schema], &canonical(text).unwrap_or(text.to_owned())))
        });
        whole.add(told.filter(|told| !is_unchecked(told)).map(|told| format!("{}: {told}", vector["mutation"])));
    }
    shares.insert("whole configs in a style of their own", style);
    conclude(
        &shares,
        &[
            ("configs that crash the reference", 0),
            ("configs that do not load", 890),
            ("configs that load and do not fit the registry", 180),
            ("configs with unknown or repeated fields", 980),
            ("registries that do not load", 500),
            ("whole configs in a style of their own", 0),
        ],
    );
    whole.conclude();
}

/// Whether the reference would make jobs of a text that it can read.
fn is_whole_config(text: &str) -> bool {
    let tree = parse(text).unwrap();
    let config: ReleaseBuildConfiguration = read(&tree, Strictness::Lenient).unwrap();
    validate_config(&config, "org", "repo").is_empty()
}

/// Where the schemas refuse what the reading of YAML does not: Prow refuses it when it loads jobs, checkconfig when it
/// looks at configs, or it is without sense.
const REFUSED_LATER: &[&str] = &[
    "/periodics/",
    "/spec/containers: ",
    "/max_concurrency: ",
    "/run_if_changed: ",
    "/skip_if_only_changed: ",
    "/extra_refs/0/",
    "/job_states_to_report/0: ",
    "/name: ",
    "/presubmits: ",
    "/registry_override: ",
    "/build_roots: ",
    "/workflow: ",
    "\"trigger\" is a required property",
    "\"rerun_command\" is a required property",
];

fn is_refused_later(complaint: &str) -> bool {
    complaint.split("\n    ").all(|line| REFUSED_LATER.iter().any(|place| line.contains(place)))
}

#[test]
fn broken_yaml_is_refused_and_whole_yaml_taken() {
    let validators = validators();
    let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
    let mut whole = Tally::of("whole YAML vectors that the schemas take, once they are in canonical form");
    for vector in vector::all("yaml.jsonl") {
        let (schema, broken, sloppy, style) = match text(&vector, "kind") {
            Some("ciopconfig") => (
                "ci-operator-config",
                "ciopconfig: broken",
                "ciopconfig: unknown or repeated fields",
                "ciopconfig: style",
            ),
            Some("jobconfig") => {
                ("prow-jobs", "jobconfig: broken", "jobconfig: unknown or repeated fields", "jobconfig: style")
            }
            _ => continue,
        };
        let input = text(&vector, "input").unwrap();
        let told = complaint(&validators[schema], input);
        let refused = ["error", "error_strict"].map(|field| vector.get(field).is_some());
        match refused {
            [true, _] => shares.entry(broken).or_default().add(told.is_some()),
            [_, true] => shares.entry(sloppy).or_default().add(told.is_some()),
            _ if schema == "ci-operator-config" && !is_whole_config(input) => {}
            _ => {
                shares.entry(style).or_default().add(told.is_some());
                let output = text(&vector, "output").unwrap();
                let told = told.and_then(|_| complaint(&validators[schema], output));
                let told = told.filter(|told| !is_refused_later(told));
                whole.add(told.map(|told| format!("{}: {told}", vector["id"])));
            }
        }
    }
    conclude(
        &shares,
        &[
            ("ciopconfig: broken", 1_000),
            ("ciopconfig: style", 0),
            ("ciopconfig: unknown or repeated fields", 1_000),
            ("jobconfig: broken", 980),
            ("jobconfig: style", 0),
            ("jobconfig: unknown or repeated fields", 890),
        ],
    );
    whole.conclude();
}
