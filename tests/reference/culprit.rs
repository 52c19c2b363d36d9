//! Every finding is at the value that is to blame: with something else there, the finding goes or says something else.
//!
//! [`World`] is a config, or several, or a step registry, as texts; what is wrong with it is found by the calls that the
//! programs make. Each finding's place has to hold a value or a key, and one of the texts that have something else there
//! ([`support::mutate`]) has to be without the finding. A text that cannot be read any more, or that is refused before the
//! finding's check is reached, shows nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::support::corpus::{Corpus, yaml_files};
use crate::support::tally::Tally;
use crate::support::vector::{self, text};
use crate::support::{Sandbox, copy, example, mutate, prowgen, testdata};
use cutwater::catalogue::example::Example;
use cutwater::catalogue::examples::EXAMPLES;
use cutwater::check::{
    Clusters, Finding, Subject, Surroundings, check_branches, check_promotions, load_claim_owners, promoted_tags,
};
use cutwater::diagnostic::{Diagnostic, Violation};
use cutwater::generate::{CloudProfile, generate_jobs};
use cutwater::lint::Linter;
use cutwater::model::config::{Metadata, ReleaseBuildConfiguration};
use cutwater::model::identity::config_identity;
use cutwater::prowcheck::{Options, WARNINGS};
use cutwater::registry::{Registry, load_profiles};
use cutwater::run::options::Unwatched;
use cutwater::run::prowcheck::{ProwcheckOptions, prowcheck};
use cutwater::validate::{AREAS, load_config};
use cutwater::yaml::locate::place;
use cutwater::yaml::parse::parse;
use rayon::prelude::*;
use serde_json::Value as Json;

/// Rules about files that are missing or cannot be read at all: there is no line.
const WITHOUT_PLACE: &[&str] = &["missing-cluster-profiles", "misplaced-registry-file", "unknown-registry-file"];

/// Those of [`WITHOUT_PLACE`] that vectors have met so far.
static MET: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

/// In the year 2026.
const NOW: i64 = 1_790_000_000;

/// How far a config comes: a finding of one step says nothing of a text that fails before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Reading,
    Rules,
    Surroundings,
}

/// Configs in a registry.
#[derive(Clone)]
struct World<'w> {
    /// What each config's path says, and its text.
    configs: Vec<(Metadata, String)>,
    /// Registry files that are looked at themselves, by path.
    files: BTreeMap<String, String>,
    registry: &'w Registry,
    clusters: &'w Clusters,
    linter: &'w Linter,
}

/// What is wrong with a world.
struct Found {
    findings: Vec<(Step, Diagnostic)>,
    /// How far each config came.
    reached: Vec<Step>,
}

impl World<'_> {
    fn look(&self) -> Found {
        let mut found = Found { findings: Vec::new(), reached: Vec::new() };
        let mut loaded = Vec::new();
        for (path, text) in &self.configs {
            let file = path.relative_path();
            match load_config(text, &file, &path.org, &path.repo) {
                Ok(config) => {
                    found.reached.push(Step::Surroundings);
                    loaded.push((path, file, text, config));
                }
                Err(findings) => {
                    let step = if findings.iter().any(is_about_reading) { Step::Reading } else { Step::Rules };
                    found.reached.push(step);
                    found.findings.extend(findings.into_iter().map(|finding| (step, finding)));
                }
            }
        }
        let mut more: Vec<Vec<Violation>> =
            loaded.iter().map(|(path, _, _, config)| self.violations(path, config)).collect();
        let metadata: Vec<&Metadata> = loaded.iter().map(|(.., config)| &config.zz_generated_metadata).collect();
        let tags: Vec<_> = loaded.iter().map(|(.., config)| promoted_tags(config)).collect();
        let promoters: Vec<_> = metadata.iter().copied().zip(tags.iter().map(Vec::as_slice)).collect();
        for (number, finding) in check_branches(&metadata).into_iter().chain(check_promotions(&promoters)) {
            more[number].push(finding.violation);
        }
        for ((_, file, text, _), violations) in loaded.iter().zip(more) {
            found.findings.extend(placed(violations, file, text).map(|finding| (Step::Surroundings, finding)));
        }
        if !self.files.is_empty() {
            let files: Vec<(&str, &[u8])> =
                self.files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
            let (_, findings) = prowgen::registry(files);
            let step = |finding: &Diagnostic| if is_about_reading(finding) { Step::Reading } else { Step::Rules };
            let is_read = !findings.iter().any(is_about_reading);
            found.reached.push(if is_read { Step::Surroundings } else { Step::Reading });
            found.findings.extend(findings.into_iter().map(|finding| (step(&finding), finding)));
        }
        found
    }

    /// What is wrong with a config that loads.
    fn violations(&self, path: &Metadata, config: &ReleaseBuildConfiguration) -> Vec<Violation> {
        let surroundings = Surroundings { registry: Some(self.registry), clusters: self.clusters };
        let checked = surroundings.check_config(config).into_iter().map(|finding| finding.violation);
        let mut violations: Vec<Violation> = checked.chain(self.linter.lint_config(config, path)).collect();
        if let Ok(facts) = self.registry.check(config) {
            let profile = |index: usize, _: &_| {
                let profile = facts.get(index).and_then(|facts| facts.cluster_profile);
                Ok(profile.map(|profile| CloudProfile { name: profile.name, cluster_type: profile.cluster_type }))
            };
            violations.extend(generate_jobs(config, path, &profile).err().unwrap_or_default());
        }
        violations
    }

    fn text(&self, file: &str) -> Option<&String> {
        let config = self.configs.iter().find(|(path, _)| path.relative_path() == file).map(|(_, text)| text);
        config.or_else(|| self.files.get(file))
    }

    /// The world with another text in a file.
    fn with(&self, file: &str, text: String) -> Self {
        let mut other = self.clone();
        match other.configs.iter_mut().find(|(path, _)| path.relative_path() == file) {
            Some((_, old)) => *old = text,
            None => drop(other.files.insert(file.to_owned(), text)),
        }
        other
    }

    /// How many findings there are, and what is wrong with their places.
    fn complaints(&self, wanted: &dyn Fn(&str) -> bool) -> (usize, Vec<Complaint>) {
        let found = self.look();
        let wanted: Vec<_> = found.findings.iter().filter(|(_, finding)| wanted(finding.rule)).collect();
        let wrong = wanted.iter().filter_map(|(step, finding)| {
            let reason = self.complaint(&found, *step, finding)?;
            Some(Complaint { rule: finding.rule, reason, finding: finding.clone() })
        });
        let wrong = wrong.collect();
        (wanted.len(), wrong)
    }

    fn complaint(&self, found: &Found, step: Step, finding: &Diagnostic) -> Option<String> {
        if WITHOUT_PLACE.contains(&finding.rule) && finding.line == 0 {
            MET.lock().unwrap().insert(finding.rule);
            return None;
        }
        let Some(text) = self.text(&finding.file) else { return Some("it is in no file".into()) };
        let offset = match held(text, finding.line, finding.column) {
            Ok(offset) => offset,
            Err(reason) => return Some(reason.to_owned()),
        };
        let words = words(finding);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let before = found.count(finding);
        let goes = |changed: String| {
            let other = self.with(&finding.file, changed).look();
            let is_reached = step == Step::Reading
                || found.reached.iter().zip(&other.reached).all(|(old, new)| *new >= step.min(*old));
            is_reached && other.count(finding) < before
        };
        if !mutate::at(text, offset, &words).into_iter().any(goes) {
            let is_missing = mutate::with_more(text, offset, &words).into_iter().any(goes);
            return (!is_missing).then(|| "it stays, whatever is there".to_owned());
        }
        // A list or mapping is the place where several of its values make the finding, or none of them does.
        let scalars = mutate::within(text, offset).into_iter();
        let makers: Vec<usize> = scalars.filter_map(|(at, texts)| texts.into_iter().any(goes).then_some(at)).collect();
        match makers.as_slice() {
            [_] if mutate::is_about_key(text, offset, goes) => None,
            [_] if mutate::with_more(text, offset, &words).into_iter().any(goes) => None,
            [maker] => {
                let line = text[..*maker].matches('\n').count() + 1;
                Some(format!("what makes it is in line {line}"))
            }
            _ => None,
        }
    }
}

impl Found {
    fn count(&self, finding: &Diagnostic) -> usize {
        let is_same = |other: &&Diagnostic| (other.rule, &other.message) == (finding.rule, &finding.message);
        // A text has one error of syntax at most, and there are few words for all of them.
        let is_there = |other: &&Diagnostic| {
            other.rule != "yaml-syntax" || (other.line, other.column) == (finding.line, finding.column)
        };
        self.findings.iter().map(|(_, other)| other).filter(is_same).filter(is_there).count()
    }
}

/// A finding whose place is not right.
struct Complaint {
    rule: &'static str,
    reason: String,
    finding: Diagnostic,
}

impl Complaint {
    fn say(&self, of: &str) -> String {
        let Diagnostic { file, line, column, message, .. } = &self.finding;
        format!("{}: {}: {of}: {file}:{line}:{column}: {message}", self.rule, self.reason)
    }
}

fn is_about_reading(finding: &Diagnostic) -> bool {
    finding.rule.starts_with("yaml-") || finding.rule == "colliding-keys"
}

fn placed<'t>(violations: Vec<Violation>, file: &'t str, text: &'t str) -> impl Iterator<Item = Diagnostic> + use<'t> {
    let tree = if violations.is_empty() { Default::default() } else { parse(text).unwrap() };
    violations.into_iter().map(move |violation| place(violation, file, text, &tree))
}

/// The byte offset of a place that holds something; else what is wrong with it.
fn held(text: &str, line: usize, column: usize) -> Result<usize, &'static str> {
    if line == 0 || column == 0 {
        return Err("it has no line and column");
    }
    if text.trim().is_empty() {
        // Nothing is there: what is missing can only be missing at the beginning.
        return if (line, column) == (1, 1) { Ok(0) } else { Err("its place is blank") };
    }
    let Some(offset) = mutate::offset(text, line, column) else { return Err("its place is outside of the file") };
    match text[offset..].chars().next() {
        None => Err("its place is at the end of the file"),
        // A tab is what is wrong with some files.
        Some(character) if character.is_whitespace() && character != '\t' => Err("its place is blank"),
        Some('#') => Err("its place is a comment"),
        Some(_) => Ok(offset),
    }
}

/// Names of fields that a finding mentions.
fn words(finding: &Diagnostic) -> Vec<String> {
    words_of(&format!("{} {}", finding.message, finding.fix.as_deref().unwrap_or_default()))
}

fn words_of(said: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    // What is in quotes is a field, most often.
    let quoted: String = said.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
    for word in format!("{quoted} {said}")
        .split(|character: char| !character.is_ascii_alphanumeric() && !"_-".contains(character))
    {
        let is_word = |character: char| character.is_ascii_lowercase() || "_-".contains(character);
        let is_name = word.len() > 1 && word.chars().all(is_word) && !word.starts_with('-');
        if is_name && !words.iter().any(|other| other == word) {
            words.push(word.to_owned());
        }
    }
    words
}

fn conclude(what: &str, done: Vec<(String, usize, Vec<Complaint>)>) {
    let mut tally = Tally::of(what);
    let mut wrong: Vec<String> = Vec::new();
    for (of, count, complaints) in done {
        (complaints.len()..count).for_each(|_| tally.add(None));
        wrong.extend(complaints.iter().map(|complaint| complaint.say(&of)));
    }
    wrong.sort();
    tally.extend(wrong.into_iter().map(Some));
    tally.conclude();
}

#[test]
fn findings_of_vectors_are_at_the_culprit() {
    crate::support::roomy_threads();
    let mini: BTreeMap<String, String> = serde_json::from_str(&vector::read_text("mini-registry.json")).unwrap();
    let bytes = |files: &BTreeMap<String, String>| -> Vec<(String, Vec<u8>)> {
        files.iter().map(|(path, text)| (path.clone(), text.as_bytes().to_owned())).collect()
    };
    let registry = |files: &BTreeMap<String, String>| {
        let files = bytes(files);
        prowgen::registry(files.iter().map(|(path, text)| (path.as_str(), text.as_slice())).collect::<Vec<_>>()).0
    };
    let mini = registry(&mini);
    let corpus = prowgen::registry_below(&Corpus::unpack("release-2023").join("input/ci-operator/step-registry"));
    let (mini_linter, corpus_linter) = (Linter::new(Some(&mini)), Linter::new(Some(&corpus)));
    let profiles = load_profiles(&vector::read_text("mini-profiles.yaml"), "profiles").unwrap();
    let claims = load_claim_owners(&vector::read_text("mini-claims.yaml"), "claims").unwrap();
    let owners = Clusters::new(Some(profiles), claims);
    let own = |registry: &Registry| Clusters::new(Some(registry.cluster_profiles().clone()), Default::default());
    let corpus_profiles = own(&corpus);
    let vectors = vector::all("validation.jsonl.gz");
    let look = |vector: &Json| {
        let (registry, linter, files) = match text(vector, "registry") {
            Some("mini") => (&mini, &mini_linter, BTreeMap::new()),
            Some("corpus") => (&corpus, &corpus_linter, BTreeMap::new()),
            _ => {
                let files: BTreeMap<String, String> = serde_json::from_value(vector["registry_files"].clone()).unwrap();
                let inline = registry(&files);
                let linter = Linter::new(Some(&inline));
                let clusters = own(&inline);
                return complaints_of(vector, &inline, &linter, &clusters, files);
            }
        };
        let clusters = match (text(vector, "profiles"), text(vector, "registry")) {
            (Some("owners"), _) => &owners,
            (_, Some("corpus")) => &corpus_profiles,
            _ => &own(registry),
        };
        complaints_of(vector, registry, linter, clusters, files)
    };
    conclude("findings of vectors, places", vectors.par_iter().map(look).collect());
    let met = MET.lock().unwrap().clone();
    assert!(WITHOUT_PLACE.iter().all(|rule| met.contains(rule)), "of {WITHOUT_PLACE:?} only {met:?} are needed");
}

fn complaints_of(
    vector: &Json,
    registry: &Registry,
    linter: &Linter,
    clusters: &Clusters,
    files: BTreeMap<String, String>,
) -> (String, usize, Vec<Complaint>) {
    let beside = vector.get("configs").and_then(Json::as_array).into_iter().flatten();
    let field = |of, name| text(of, name).unwrap_or_default();
    let source = |of| {
        let [org, repo, branch, variant] = ["org", "repo", "branch", "variant"].map(|name| field(of, name).to_owned());
        (Metadata { org, repo, branch, variant }, field(of, "config").to_owned())
    };
    let configs = [vector].into_iter().chain(beside).map(source).filter(|(_, text)| !text.is_empty()).collect();
    let world = World { configs, files, registry, clusters, linter };
    let (count, wrong) = world.complaints(&|_| true);
    (field(vector, "id").to_owned(), count, wrong)
}

// Whole repositories

/// The rules that hold configs against each other.
const TOGETHER: &[&str] = &["invalid-branch-pattern", "unmatched-branch", "overlapping-branches", "tag-promoted-twice"];

/// Configs below directories, those of later ones in place of earlier.
fn configs_below(roots: &[PathBuf]) -> Vec<(Metadata, String)> {
    let files: BTreeMap<String, PathBuf> = roots.iter().flat_map(|root| yaml_files(root)).collect();
    let read = |(relative, path): (String, PathBuf)| {
        Some((config_identity(&relative).ok()?, fs::read_to_string(path).unwrap()))
    };
    files.into_par_iter().filter_map(read).collect()
}

/// Groups of configs that have something with each other: of a repository, or that promote one tag.
fn groups(configs: &[(Metadata, String)]) -> Vec<Vec<usize>> {
    let load = |(path, text): &(Metadata, String)| load_config(text, "", &path.org, &path.repo).ok();
    let loaded: Vec<_> = configs.par_iter().map(load).collect();
    let known: Vec<(usize, &ReleaseBuildConfiguration)> =
        loaded.iter().enumerate().filter_map(|(number, config)| Some((number, config.as_ref()?))).collect();
    let metadata: Vec<&Metadata> = known.iter().map(|(_, config)| &config.zz_generated_metadata).collect();
    let tags: Vec<_> = known.iter().map(|(_, config)| promoted_tags(config)).collect();
    let promoters: Vec<_> = metadata.iter().copied().zip(tags.iter().map(Vec::as_slice)).collect();
    let found = check_branches(&metadata).into_iter().chain(check_promotions(&promoters));
    let group = |(number, finding): (usize, Finding)| {
        let others = finding.elsewhere.iter().filter_map(|place| match place.subject {
            Subject::Config(other) => Some(other),
            _ => None,
        });
        let members: BTreeSet<usize> = others.chain([number]).map(|member| known[member].0).collect();
        members.into_iter().collect::<Vec<_>>()
    };
    found.map(group).collect::<BTreeSet<_>>().into_iter().collect()
}

fn findings_of_corpus_are_at_the_culprit(corpus: &Corpus, more: &[&str]) {
    let registry = prowgen::registry_below(&corpus.join("input/ci-operator/step-registry"));
    let clusters = Clusters::new(Some(registry.cluster_profiles().clone()), Default::default());
    let linter = Linter::new(Some(&registry));
    let roots = ["input"].iter().chain(more).map(|root| corpus.join(root).join("ci-operator/config"));
    let configs = configs_below(&roots.collect::<Vec<_>>());
    let world = |members: &[usize]| World {
        configs: members.iter().map(|member| configs[*member].clone()).collect(),
        files: BTreeMap::new(),
        registry: &registry,
        clusters: &clusters,
        linter: &linter,
    };
    let is_together = |rule: &str| TOGETHER.contains(&rule);
    let alone = (0..configs.len()).into_par_iter().map(|number| {
        let (count, wrong) = world(&[number]).complaints(&|rule| !is_together(rule));
        (configs[number].0.relative_path(), count, wrong)
    });
    let mut done: Vec<_> = alone.collect();
    done.par_extend(groups(&configs).par_iter().map(|members| {
        let (count, wrong) = world(members).complaints(&is_together);
        (configs[members[0]].0.relative_path(), count, wrong)
    }));
    conclude(&corpus.what("findings of configs, places"), done);
}

#[test]
fn findings_of_release_2023_are_at_the_culprit() {
    crate::support::roomy_threads();
    findings_of_corpus_are_at_the_culprit(&Corpus::unpack("release-2023"), &[]);
}

#[test]
fn findings_of_release_today_are_at_the_culprit() {
    crate::support::roomy_threads();
    findings_of_corpus_are_at_the_culprit(&Corpus::unpack("release-today"), &["rejected"]);
}

// Everything that `cutwater check` and Prow's checks say

/// Rules of whole files: which are missing, or are wrong by where they lie or what they are called.
const OF_FILES: &[&str] = &[
    "colliding-config-map-keys",
    "configs-without-owners",
    "file-in-no-entry",
    "file-in-wrong-config-map",
    "missing-job",
    "ownerless-registry-file",
    "unknown-job-file",
];

/// Rules about how a text is written, of whichever values; the latter also where there is a space too much.
const OF_WRITING: &[&str] = &["unformed-file", OF_SPACE];
const OF_SPACE: &str = "unformed-jobs";

/// A finding's rule and place.
type Spot = (String, String, usize, usize);

fn spot(finding: &Diagnostic) -> Spot {
    (finding.rule.to_owned(), finding.file.clone(), finding.line, finding.column)
}

/// What is wrong with places in files below a root, each read once; the rules of the two lists that were met go to `met`.
fn misplaced(root: &Path, mut spots: Vec<Spot>, met: &Mutex<BTreeSet<String>>) -> Vec<Option<String>> {
    spots.sort_by(|left, right| left.1.cmp(&right.1));
    let files: Vec<&[Spot]> = spots.chunk_by(|left, right| left.1 == right.1).collect();
    let one = |spots: &&[Spot]| {
        let text = fs::read_to_string(root.join(&spots[0].1)).unwrap_or_default();
        let lines: Vec<&str> = text.split('\n').collect();
        let wrong = |(rule, file, line, column): &Spot| {
            let known = |list: &[&str]| {
                let is_known = list.contains(&rule.as_str());
                is_known.then(|| met.lock().unwrap().insert(rule.clone())).is_some()
            };
            let wrong = |reason: &str| Some(format!("{rule}: {reason}: {file}:{line}:{column}"));
            if *line == 0 {
                return if known(OF_FILES) { None } else { wrong("it has no line and column") };
            }
            let at = lines.get(line - 1).and_then(|text| text.chars().nth(column.checked_sub(1)?));
            match at.filter(|character| !character.is_whitespace() && *character != '#') {
                Some(_) => None,
                None if *line <= lines.len() && known(&[OF_SPACE]) => None,
                None => wrong("nothing is at its place"),
            }
        };
        spots.iter().map(wrong).collect::<Vec<_>>()
    };
    files.par_iter().flat_map_iter(one).collect()
}

/// `cutwater check` over a corpus. What is drawn from several files at once or from what tools would write cannot be
/// looked at anew for each value here; the rules' examples are, in the next test.
fn all_findings(corpus: &Corpus) -> Vec<Spot> {
    let mut command = std::process::Command::new(crate::support::binary("cutwater"));
    command.args(["check", "--format=json", "--release-repo"]).arg(corpus.join("input"));
    let findings: Vec<Json> = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let number = |finding: &Json, key: &str| usize::try_from(finding[key].as_u64().unwrap()).unwrap();
    let word = |finding: &Json, key: &str| finding[key].as_str().unwrap().to_owned();
    let spot = |it: &Json| (word(it, "rule"), word(it, "file"), number(it, "line"), number(it, "column"));
    findings.iter().map(spot).collect()
}

fn every_warning(annotations: Vec<String>) -> Options {
    let all: Vec<String> = WARNINGS.iter().map(|warning| warning.name.to_owned()).collect();
    Options::new(&all, &[]).unwrap().requiring(annotations)
}

#[test]
fn places_of_whole_repositories_hold_something() {
    crate::support::roomy_threads();
    let met = Mutex::default();
    for name in ["release-2023", "release-today"] {
        let corpus = Corpus::unpack(name);
        let mut spots = all_findings(&corpus);
        let options = ProwcheckOptions::of_release_repo(corpus.join("input"), every_warning(Vec::new()), NOW);
        spots.extend(prowcheck(&options, &Unwatched).unwrap().findings.iter().map(spot));
        let mut tally = Tally::of(corpus.what("places of all findings"));
        tally.extend(misplaced(&corpus.join("input"), spots, &met));
        tally.conclude();
    }
    let met = met.into_inner().unwrap();
    let unmet: Vec<_> = OF_FILES.iter().filter(|rule| !met.contains(**rule)).collect();
    assert!(unmet.is_empty(), "no finding has need of these exceptions: {unmet:?}");
}

/// Prow's checks on a case, with its own texts or with another in one file.
fn prowcheck_of(case: &Path, changed: Option<(&str, &str)>) -> Vec<Diagnostic> {
    let sandbox = Sandbox::new();
    copy(case, sandbox.path());
    if let Some((file, text)) = changed {
        sandbox.write(file, text);
    }
    let prow = "prow".to_owned();
    let annotations = fs::read_to_string(case.join("annotations")).unwrap_or_default();
    let check = every_warning(annotations.lines().map(str::to_owned).collect());
    let options = ProwcheckOptions {
        jobs: "jobs".into(),
        prow: Some("prow/_config.yaml".into()),
        plugins: case.join("prow/_plugins.yaml").exists().then(|| "prow/_plugins.yaml".into()),
        supplements: Some(prow),
        ..ProwcheckOptions::of_release_repo(sandbox.path(), check, NOW)
    };
    prowcheck(&options, &Unwatched).map(|outcome| outcome.findings).unwrap_or_default()
}

#[test]
fn findings_of_prow_are_at_the_culprit() {
    crate::support::roomy_threads();
    let met: Mutex<BTreeSet<String>> = Mutex::default();
    let cases: Vec<PathBuf> = fs::read_dir(testdata("prowcheck")).unwrap().map(|it| it.unwrap().path()).collect();
    let look = |case: &PathBuf| {
        let found = prowcheck_of(case, None);
        let wrong = |finding: &Diagnostic| {
            let complaint =
                |reason: &str| Some(Complaint { rule: finding.rule, reason: reason.into(), finding: finding.clone() });
            if OF_PROW_FILES.contains(&finding.rule) && finding.line == 0 {
                met.lock().unwrap().insert(finding.rule.to_owned());
                return None;
            }
            let text = fs::read_to_string(case.join(&finding.file)).unwrap_or_default();
            let offset = match held(&text, finding.line, finding.column) {
                Ok(offset) => offset,
                Err(reason) => return complaint(reason),
            };
            let words = words(finding);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let count = |all: &[Diagnostic]| {
                all.iter().filter(|it| (it.rule, &it.message) == (finding.rule, &finding.message)).count()
            };
            let goes = |changed: String| {
                let other = prowcheck_of(case, Some((&finding.file, &changed)));
                let is_read = is_about_reading(finding)
                    || !other.iter().any(|it| is_about_reading(it) && count_of(&found, it) == 0);
                is_read && count(&other) < count(&found)
            };
            let is_there = mutate::at(&text, offset, &words).into_iter().any(goes);
            let is_right = is_there || mutate::with_more(&text, offset, &words).into_iter().any(goes);
            let is_elsewhere = ELSEWHERE.iter().any(|(name, rule)| case.ends_with(name) && *rule == finding.rule);
            if is_elsewhere && !is_right {
                met.lock().unwrap().insert(finding.rule.to_owned());
                return None;
            }
            if is_right { None } else { complaint("it stays, whatever is there") }
        };
        let complaints: Vec<Complaint> = found.iter().filter_map(wrong).collect();
        (case.file_name().unwrap().to_string_lossy().into_owned(), found.len(), complaints)
    };
    conclude("findings of Prow's cases, places", cases.par_iter().map(look).collect());
    let met = met.into_inner().unwrap();
    let exceptions = OF_PROW_FILES.iter().chain(ELSEWHERE.iter().map(|(_, rule)| rule));
    let unmet: Vec<_> = exceptions.filter(|rule| !met.contains(**rule)).collect();
    assert!(unmet.is_empty(), "no finding has need of these exceptions: {unmet:?}");
}

/// Prow's rules of whole files: which lie where they may not, or have the name of another.
const OF_PROW_FILES: &[&str] = &["job-file-name-twice", "supplement-misplaced", "supplement-too-deep"];

/// Cases of Prow's whose finding is not at what makes it: a pattern in the configuration of all repositories is broken, and
/// the finding is about a branch, which a job names.
const ELSEWHERE: &[(&str, &str)] = &[("context-pattern-broken", "context-policy-clash")];

/// Rules of which many values have a part, so that none of them by itself takes the finding away.
const OF_MANY: &[&str] = &["endless-steps"];

/// Rules of text that is no value: comments, and documents after the first.
const OF_TEXT: &[&str] = &["lost-comment", "lost-document"];

fn count_of(all: &[Diagnostic], finding: &Diagnostic) -> usize {
    all.iter().filter(|it| (it.rule, &it.message) == (finding.rule, &finding.message)).count()
}

/// Rules whose examples have something else looked at: what vectors show is left out here, as each look runs a program.
fn is_shown_elsewhere(rule: &str) -> bool {
    AREAS.iter().flat_map(|(_, rules)| *rules).any(|known| known.id == rule) || OF_WRITING.contains(&rule)
}

#[test]
fn findings_of_examples_are_at_the_culprit() {
    crate::support::roomy_threads();
    let examples: Vec<_> = EXAMPLES.iter().filter(|(rule, _)| !is_shown_elsewhere(rule)).collect();
    let look = |(rule, text): &&(&'static str, &'static str)| {
        let example = Example::parse(text).unwrap();
        let sandbox = example::set_up(&example, &example.wrong);
        let ran = |sandbox: &Sandbox| example::findings(&example::command(sandbox, &example.command, &[]));
        let before = ran(&sandbox);
        let Some(said) = before.iter().find(|said| said.rule == *rule) else {
            return Some(format!("{rule}: not found"));
        };
        let ((file, line), column) = (said.place.clone(), said.column);
        if line == 0 {
            return example.here.is_none().then(|| format!("{rule}: it has no line and column"));
        }
        let file = format!("release/{file}");
        let Ok(text) = fs::read_to_string(sandbox.join(&file)) else {
            return Some(format!("{rule}: {file} is not there"));
        };
        let held = match held(&text, line, column) {
            Err("its place is a comment") if OF_TEXT.contains(rule) => mutate::offset(&text, line, column).ok_or(""),
            held => held,
        };
        let offset = match held {
            Ok(offset) => offset,
            Err(reason) => return Some(format!("{rule}: {reason}: {file}:{line}:{column}")),
        };
        let words = words_of(&said.text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // The message is the first line; below it the changed text would show. A job that is made of the value is still as
        // it was, and then told of in its own file.
        let same = |other: &example::Said| {
            (&other.rule, &other.place.0) == (&said.rule, &said.place.0)
                && other.text.lines().next() == said.text.lines().next()
        };
        let is_reading = |said: &example::Said| said.rule.starts_with("yaml-");
        let runs = std::cell::Cell::new(0);
        let goes = |changed: String| {
            runs.set(runs.get() + 1);
            sandbox.write(&file, changed);
            let after = ran(&sandbox);
            let is_read = is_reading(said) || !after.iter().any(is_reading);
            is_read && after.iter().filter(|it| same(it)).count() < before.iter().filter(|it| same(it)).count()
        };
        let texts = match *rule {
            _ if file.ends_with(".toml") => mutate::in_settings(&text, offset),
            rule if OF_TEXT.contains(&rule) => mutate::unreadable(&text, offset),
            _ => mutate::at(&text, offset, &words),
        };
        let is_right = texts.into_iter().any(goes) || mutate::with_more(&text, offset, &words).into_iter().any(goes);
        if runs.get() > 8 {
            eprintln!("RUNS {rule} {}", runs.get());
        }
        if OF_MANY.contains(rule) {
            return is_right.then(|| format!("{rule}: it is no exception any more"));
        }
        (!is_right).then(|| format!("{rule}: it stays, whatever is there: {file}:{line}:{column}: {}", said.text))
    };
    let mut tally = Tally::of("findings of examples, places");
    tally.extend(examples.par_iter().map(look).collect::<Vec<_>>());
    tally.conclude();
}
