//! What a change touches, and nothing else: after any edit `--changed-since` has to change what a run over everything does.
//!
//! The tree is release-today brought up to date and committed; each edit is one that people make: of a config, a job file, a
//! registry step, a table of clusters, Prow's configuration, or moving and removing such files. Both runs only say what they
//! would change, with all bytes; now and then the change is made, and a run over everything then finds nothing to do.
//! `CUTWATER_EDITS` is how many edits, `CUTWATER_SEED` where the chance begins; a failure names the edit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::corpus::{Corpus, files_below};
use crate::support::{Ran, binary};
use serde_json::Value;

const CONFIG: &str = "ci-operator/config";
const JOBS: &str = "ci-operator/jobs";
const REGISTRY: &str = "ci-operator/step-registry";

/// Edits that a run of the tests makes when nobody says otherwise.
const EDITS: usize = 500;

/// Rules about files that are not what programs make of them.
const DRIFT: [&str; 6] = ["edited-job", "missing-job", "stale-job", "unformed-jobs", "unformed-file", "missing-owners"];

/// Kinds of edits.
const KINDS: usize = 14;

/// A chance that can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }

    fn of<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(items.len())]
    }
}

/// A release repository in git.
struct Checkout<'d> {
    root: &'d Path,
    configs: Vec<String>,
    jobs: Vec<String>,
    steps: Vec<String>,
}

impl<'d> Checkout<'d> {
    fn new(root: &'d Path) -> Self {
        let below = |tree: &str, ends: &[&str]| -> Vec<String> {
            let wanted = |path: &str| ends.iter().any(|end| path.ends_with(end));
            files_below(&root.join(tree), wanted).into_keys().map(|path| format!("{tree}/{path}")).collect()
        };
        Self { root, configs: below(CONFIG, &[".yaml"]), jobs: below(JOBS, &[".yaml"]), steps: Vec::new() }
            .with_steps(below(REGISTRY, &["-workflow.yaml"]))
    }

    /// With those workflows that configs use.
    fn with_steps(mut self, workflows: Vec<String>) -> Self {
        let configs: Vec<String> = self.configs.iter().map(|path| self.read(path)).collect();
        let used: BTreeSet<&str> = configs
            .iter()
            .flat_map(|text| text.lines())
            .filter_map(|line| line.trim_start().strip_prefix("workflow: "))
            .collect();
        let name = |path: &str| path.rsplit('/').next().unwrap().trim_end_matches("-workflow.yaml").to_owned();
        self.steps = workflows.into_iter().filter(|path| used.contains(&*name(path))).collect();
        assert!(!self.steps.is_empty());
        self
    }

    fn git(&self, arguments: &[&str]) {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "gc.auto=0"];
        let output = Command::new("git").current_dir(self.root).args(who).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn update(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(binary("cutwater"));
        command.current_dir(self.root).args(["update", "-qq"]).args(arguments);
        Ran::from(command.output().unwrap())
    }

    /// What a run would change, by path, with all bytes of it; and whether it refuses to.
    fn changes(&self, arguments: &[&str]) -> (BTreeMap<String, Value>, bool) {
        let ran = self.update(&[&["--check", "--diff", "--format=json"], arguments].concat());
        assert!(ran.status < 2, "{arguments:?}: {ran:?}");
        let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        let changes = document["changes"].as_array().unwrap();
        let changes = changes.iter().map(|it| (it["path"].as_str().unwrap().to_owned(), it.clone())).collect();
        let errors = document["findings"].as_array().unwrap().iter().any(|it| it["severity"] == "error");
        (changes, errors)
    }

    /// The files of which a check tells that they are not as they ought to be, and those that it names besides.
    fn found(&self) -> BTreeSet<String> {
        let mut command = Command::new(binary("cutwater"));
        command.current_dir(self.root).args(["check", "-q", "--format=json"]);
        let ran = Ran::from(command.output().unwrap());
        let found: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        let is_drift = |it: &&Value| {
            let rule = it["rule"].as_str().unwrap();
            DRIFT.contains(&rule) || it["fixable"] == true
        };
        let files = found.as_array().unwrap().iter().filter(is_drift);
        files.map(|it| it["file"].as_str().unwrap().to_owned()).collect()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces one of the lines that a predicate takes; says whether there was one.
    fn replace_line(&self, chance: &mut Chance, path: &str, new: impl Fn(&str) -> Option<String>) -> bool {
        let text = self.read(path);
        let lines: Vec<&str> = text.lines().collect();
        let candidates: Vec<(usize, String)> =
            lines.iter().enumerate().filter_map(|(at, line)| Some((at, new(line)?))).collect();
        if candidates.is_empty() {
            return false;
        }
        let (at, replacement) = chance.of(&candidates).clone();
        let with = |(number, line): (usize, &&str)| if number == at { replacement.clone() } else { (*line).to_owned() };
        let lines: Vec<String> = lines.iter().enumerate().map(with).collect();
        self.write(path, lines.join("\n") + "\n");
        true
    }

    /// Makes one edit and says what it was; nothing where chance led to nothing.
    fn edit(&self, chance: &mut Chance, kind: usize) -> Option<String> {
        let config = chance.of(&self.configs).clone();
        let job = chance.of(&self.jobs).clone();
        let step = chance.of(&self.steps).clone();
        let number = chance.below(90);
        // An edit of the same round may have taken it away.
        if [&config, &job, &step].iter().any(|path| !self.root.join(path).exists()) {
            return None;
        }
        let path = match kind {
            0 => self
                .replace_line(chance, &config, |line| {
                    let name = line.strip_prefix("- as: ")?;
                    Some(format!("- as: {name}x{number}"))
                })
                .then_some(config)?,
            1 => {
                let test = format!("- as: added{number}\n  commands: make\n  container:\n    from: src\n");
                let text = self.read(&config);
                let (before, after) = text.split_once("\ntests:\n")?;
                self.write(&config, format!("{before}\ntests:\n{test}{after}"));
                config
            }
            2 => {
                fs::remove_file(self.root.join(&config)).unwrap();
                config
            }
            3 => {
                let copy = config.replace(".yaml", &format!("__v{number}.yaml"));
                if config.contains("__") {
                    return None;
                }
                let text = self.read(&config);
                self.write(&copy, format!("{}  variant: v{number}\n", text));
                format!("{copy}, a copy")
            }
            4 => self
                .replace_line(chance, &config, |line| {
                    let (field, _) = line.split_once(": ")?;
                    matches!(
                        field.trim(),
                        "cron" | "interval" | "run_if_changed" | "skip_if_only_changed" | "cluster_profile"
                    )
                    .then(|| match field.trim() {
                        "cron" => format!("{field}: {} 4 * * *", number % 60),
                        "interval" => format!("{field}: {number}h"),
                        "cluster_profile" => format!("{field}: aws"),
                        _ => format!("{field}: ^docs{number}/"),
                    })
                })
                .then_some(config)?,
            5 => self
                .replace_line(chance, &job, |line| {
                    let (field, _) = line.split_once(": ")?;
                    match field.trim() {
                        "cluster" => Some(format!("{field}: build{number:02}")),
                        "always_run" => {
                            Some(format!("{field}: {}", if number.is_multiple_of(2) { "true" } else { "false" }))
                        }
                        "rerun_command" => Some(format!("{field}: /test other{number}")),
                        "max_concurrency" => Some(format!("{field}: {number}")),
                        _ => None,
                    }
                })
                .then_some(job)?,
            6 => {
                fs::remove_file(self.root.join(&job)).unwrap();
                job
            }
            7 => {
                self.write(&job, format!("# kept by {number}\n{}", self.read(&job)));
                job
            }
            8 => {
                // What a workflow says of its cluster is in the jobs of all tests that use it.
                let text = self.read(&step).replace("    cluster_profile: ", "    # was: ");
                let (before, after) = text.split_once("\n  steps:\n")?;
                let profile = chance.of(&["aws", "gcp", "azure4"]);
                self.write(&step, format!("{before}\n  steps:\n    cluster_profile: {profile}\n{after}"));
                step
            }
            9 => {
                let text = self.read(&step);
                self.write(&step, format!("{text}nonsense: {number}\n"));
                step
            }
            10 => {
                let table = "core-services/sanitize-prow-jobs/_config.yaml".to_owned();
                // A job file that is listed for a cluster, and there: without its line its jobs go elsewhere.
                let names: BTreeSet<&str> = self.jobs.iter().filter_map(|path| path.rsplit('/').next()).collect();
                self.replace_line(chance, &table, |line| match number % 5 {
                    0 => line.starts_with("default: ").then(|| format!("default: build{:02}", number % 12)),
                    _ => {
                        let name = line.strip_prefix("      - ")?;
                        names.contains(name).then(|| format!("      - x{number}.yaml"))
                    }
                })
                .then_some(table)?
            }
            11 => {
                let table = "core-services/sanitize-prow-jobs/_clusters.yaml".to_owned();
                self.replace_line(chance, &table, |line| match number % 3 {
                    0 => line.starts_with("  blocked: ").then(|| "  capacity: 50".to_owned()),
                    1 => line.starts_with("  capabilities: ").then(|| "  blocked: true".to_owned()),
                    // A cluster that is gone takes its jobs along, or is missed.
                    _ => line.starts_with("- name: ").then(|| format!("{line}x")),
                })
                .then_some(table)?
            }
            12 => {
                let to = format!("{CONFIG}/acme/moved{number}/acme-moved{number}-main.yaml");
                let text = self.read(&config);
                let (_, metadata) = text.split_once("zz_generated_metadata:\n")?;
                let text = text.replace(metadata, &format!("  branch: main\n  org: acme\n  repo: moved{number}\n"));
                self.write(&to, text);
                fs::remove_file(self.root.join(&config)).unwrap();
                format!("{config} to {to}")
            }
            _ => {
                let loose = chance.of(&["images.yaml", "acme/images.yaml", "infra-periodics.yaml"]);
                let path = format!("{JOBS}/{loose}");
                self.write(&path, format!("periodics:\n- name: loose-{number}\n  interval: 1h\n  agent: kubernetes\n  spec:\n    containers:\n    - image: a\n      command: [b]\n"));
                path
            }
        };
        Some(path)
    }

    fn revert(&self) {
        self.git(&["reset", "--quiet", "--hard"]);
        self.git(&["clean", "--quiet", "--force", "-d"]);
    }
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name)
        .map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}

#[test]
fn what_a_change_touches_is_what_a_run_over_everything_changes() {
    let corpus = Corpus::unpack("release-today");
    let copy = corpus.copy_input();
    let checkout = Checkout::new(copy.path());
    let ran = checkout.update(&["--keep-going"]);
    assert!(ran.status < 2, "{ran:?}");
    // What is wrong in the corpus itself would hold back every run over everything.
    let (left, errors) = checkout.changes(&[]);
    assert!(left.is_empty() && !errors, "{:?}", left.keys());
    let checkout = Checkout::new(copy.path());
    checkout.git(&["init", "--quiet"]);
    checkout.git(&["add", "--all"]);
    checkout.git(&["commit", "--quiet", "--message=base"]);
    let mut chance = Chance(setting("CUTWATER_SEED", 7) as u64);
    let (mut made, mut changing, mut refused, mut kinds) = (0, 0, 0, BTreeMap::<usize, usize>::new());
    let edits = setting("CUTWATER_EDITS", EDITS);
    let (mut rounds, mut attempt) = (0, 0);
    while made < edits {
        // One edit in every other round, and some together as branches have them.
        let together = if rounds % 2 == 0 { 1 } else { 2 + chance.below(10) };
        let mut of_round = Vec::new();
        while of_round.len() < together {
            attempt += 1;
            assert!(attempt < edits * 10 + 100, "chance leads to nothing: {made} edits after {attempt} attempts");
            // Alone each kind has its turn. Whoever breaks the registry changes nothing else: everything waits for it.
            let kind = match together {
                1 => rounds / 2 % KINDS,
                _ if attempt % KINDS == 9 => 8,
                _ => attempt % KINDS,
            };
            of_round.extend(checkout.edit(&mut chance, kind).map(|told| (kind, told)));
        }
        let (full, full_errors) = checkout.changes(&[]);
        let (touched, errors) = checkout.changes(&["--changed-since=HEAD"]);
        assert_eq!(full_errors, errors, "{of_round:?}");
        assert!(
            full == touched,
            "{of_round:?}: a run over everything changes {:?}, one over the change {:?}",
            full.keys(),
            touched.keys()
        );
        made += together;
        changing += usize::from(!full.is_empty());
        refused += usize::from(errors);
        if together == 1 {
            *kinds.entry(of_round[0].0).or_default() += usize::from(!full.is_empty());
        }
        if rounds % 10 == 5 && !errors {
            // Who runs `cutwater check` need not ask `cutwater update --check` as well.
            let told = checkout.found();
            let silent: Vec<&String> = full.keys().filter(|path| !told.contains(*path)).collect();
            assert!(silent.is_empty(), "{of_round:?}: a check says nothing of {silent:?}");
        }
        if rounds % 10 == 0 && !errors {
            let ran = checkout.update(&["--changed-since=HEAD"]);
            assert_eq!(ran.status, 0, "{of_round:?}: {ran:?}");
            assert_eq!(checkout.changes(&[]).0, BTreeMap::new(), "{of_round:?}");
        }
        rounds += 1;
        checkout.revert();
    }
    println!(
        "{made} edits in {rounds} rounds, {changing} of which change files and {refused} of which are refused; single \
         edits that change files, by kind: {kinds:?}"
    );
    if edits >= EDITS {
        // A job keeps its cluster when its file is listed elsewhere (10), a broken registry stops everything (9), and few
        // configs here leave the profile to their workflow (8).
        let still: Vec<usize> =
            (0..KINDS).filter(|kind| ![8, 9, 10].contains(kind) && kinds.get(kind) == Some(&0)).collect();
        assert!(still.is_empty(), "edits that never change a file: {still:?}");
    }
    assert!(changing * 2 > rounds, "most rounds have to change something: {changing} of {rounds}");
}
