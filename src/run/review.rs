//! `cutwater check`: everything that can be wrong with a release repository, in one run.
//!
//! The run is made of shares that know nothing of each other and run side by side: what generation and canonical form say
//! and would change ([`generated`]), configs with what is around them ([`configs`]), job files, owners, where files go, the
//! configuration of Prow, the step registry. What a share would change is a finding here, never a change. Findings that
//! several shares come to are told once.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::check::{Around, CheckedConfig, conclude};
use super::config_file::{ConfigFile, LoadedConfig};
use super::determinize::config_files;
use super::inventory::{walk_configs, walk_jobs};
use super::jobs::{self, Configs};
use super::layout::{CLAIM_OWNERS, CONFIG, JOBS, PROFILES, REGISTRY};
use super::options::{
    Counts, Error, Extent, JobsOptions, Mode, Outcome, Owners, RepositoryFilter, ReviewOptions, Scope,
    ShardValidatorOptions, Stage, Unwatched, Watch,
};
use super::plan::Planned;
use super::prow_config::{self, Wish};
use super::users::repositories_using;
use super::{fix, guarded, on_threads, registry_form, shard_validator};
use crate::catalogue::{self, tree::UNFORMED_FILE};
use crate::diagnostic::{Diagnostic, Violation};
use crate::drift::{Drifted, Test, drift};
use crate::files::{self, Entry, Tree, path};
use crate::lint::{Linter, OwnersAliases, OwnersFile, lint_owners, lint_registry};
use crate::model::config::Metadata;
use crate::model::identity::JobFile;
use crate::model::job::JobConfig;
use crate::registry::Uses;
use crate::yaml::codec::{Decode, Strictness, read};
use crate::yaml::locate::{locate, place};
use crate::yaml::parse::parse;

/// For so many jobs that differ from what they ought to be the test is looked up in its config; for more it would take too
/// long, and all of them have one cause.
const MOST_LOOKUPS: usize = 500;

/// Runs the command.
pub fn review(options: &ReviewOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    on_threads(options.threads, || run(options, watch))?
}

/// What came of a share.
#[derive(Default)]
struct Share {
    findings: Vec<Diagnostic>,
    counts: Counts,
    /// Directories of repositories that what is reported reaches through the step registry.
    affected: BTreeSet<String>,
}

impl From<Vec<Diagnostic>> for Share {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

type Work<'w> = Box<dyn Fn() -> Result<Share, Error> + Send + Sync + 'w>;

fn run(options: &ReviewOptions, watch: &dyn Watch) -> Result<Outcome, Error> {
    let shares: Vec<Work<'_>> = vec![
        Box::new(|| generated(options)),
        Box::new(|| configs(options)),
        Box::new(|| places(options)),
        Box::new(|| job_files(options)),
        Box::new(|| prow(options)),
        Box::new(|| registry(options)),
        Box::new(|| owners(options)),
    ];
    watch.begin(Stage::Checking, shares.len());
    let done = shares.par_iter().with_max_len(1).map(|share| {
        let done = share();
        watch.advance(1);
        done
    });
    let mut outcome = Outcome::default();
    let mut affected = BTreeSet::new();
    for share in done.collect::<Result<Vec<_>, _>>()? {
        outcome.findings.extend(share.findings);
        outcome.counts.configs = outcome.counts.configs.max(share.counts.configs);
        outcome.counts.jobs += share.counts.jobs;
        affected.extend(share.affected);
    }
    let root = format!("{}/", options.release_repo.to_string_lossy().trim_end_matches('/'));
    outcome.findings.iter_mut().for_each(|finding| below(&root, finding));
    fix::answer(&options.release_repo, &mut outcome.findings);
    if let Some(reported) = &options.reported {
        outcome.findings.retain(|finding| is_reported(finding, reported, &affected));
    }
    outcome.sort();
    Ok(outcome)
}

/// Names files as they are called in the release repository.
fn below(root: &str, finding: &mut Diagnostic) {
    let files = finding.related.iter_mut().map(|place| &mut place.file).chain([&mut finding.file]);
    for file in files {
        if let Some(relative) = file.strip_prefix(root) {
            *file = relative.to_owned();
        }
    }
}

/// Whether a finding is about what is reported, or about a repository that this reaches.
fn is_reported(finding: &Diagnostic, reported: &BTreeSet<String>, affected: &BTreeSet<String>) -> bool {
    let is_meant = |file: &str| {
        let within = |tree: &str| file.strip_prefix(tree).and_then(|rest| rest.strip_prefix('/'));
        let repository = within(CONFIG).or_else(|| within(JOBS));
        reported.iter().any(|named| named == "." || path::is_within(file, named))
            || repository.is_some_and(|rest| affected.iter().any(|directory| path::is_within(rest, directory)))
    };
    is_meant(&finding.file) || finding.related.iter().any(|place| is_meant(&place.file))
}

/// A finding that is as bad as its rule has it: violations do not say.
fn as_its_rule(finding: Diagnostic) -> Diagnostic {
    match catalogue::find(finding.rule) {
        Some(rule) => Diagnostic { severity: rule.severity, ..finding },
        None => finding,
    }
}

fn placed(violations: Vec<Violation>, shown: &str, text: &str) -> Vec<Diagnostic> {
    if violations.is_empty() {
        return Vec::new();
    }
    let tree = parse(text).unwrap_or_default();
    violations.into_iter().map(|violation| as_its_rule(place(violation, shown, text, &tree))).collect()
}

/// What generating jobs says, and what it would change: jobs that are not what their configs give, and configs that are
/// not in canonical form.
fn generated(options: &ReviewOptions) -> Result<Share, Error> {
    let jobs_options = JobsOptions {
        release_repo: options.release_repo.clone(),
        scope: Scope::Everything,
        mode: Mode::Check,
        diff: true,
        keep_going: true,
        owners: Owners::Mirror,
        instead: files::Instead::default(),
        now: options.now,
        threads: None,
    };
    let (part, _lock) = jobs::part(&jobs_options, Configs::Determinize, &Unwatched)?;
    let mut share = Share { findings: part.findings, counts: part.counts, ..Share::default() };
    let plans: Vec<Planned> = part.plans.into_iter().flat_map(|(_, plan)| plan).collect();
    let told: Vec<_> = plans.par_iter().map(of_plan).collect();
    let mut lookups = MOST_LOOKUPS;
    for (planned, found) in plans.iter().zip(told) {
        for (finding, test) in found {
            let origin = test.filter(|_| lookups > 0).and_then(|test| test_of(options, &planned.shown, &test));
            lookups -= usize::from(origin.is_some());
            share.findings.push(match origin {
                Some(origin) => finding.related(origin),
                None => finding,
            });
        }
    }
    Ok(share)
}

/// What a change that would be made says about the file.
pub(super) fn of_plan(planned: &Planned) -> Vec<(Diagnostic, Option<Test>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (old, new) = (planned.old.as_deref().map(text).unwrap_or_default(), text(&planned.bytes));
    let is_jobs = path::is_within(&planned.shown, JOBS) && path::extension(&planned.shown) == ".yaml";
    if is_jobs {
        return drift(Drifted { file: &planned.shown, old: &old, new: &new });
    }
    vec![(unformed(planned, &old, &new), None)]
}

/// A finding about a file that would be written otherwise.
fn unformed(planned: &Planned, old: &str, new: &str) -> Diagnostic {
    let finding = |message: &str| Diagnostic::of_rule(&UNFORMED_FILE, &*planned.shown, message);
    if old.is_empty() {
        return finding("this file is missing");
    }
    let same = old.bytes().zip(new.bytes()).take_while(|(left, right)| left == right).count();
    finding("from here on the file is written otherwise").at(old, same)
}

/// The place of a test in the config that a job of this file comes from.
fn test_of(options: &ReviewOptions, job_file: &str, test: &Test) -> Option<Diagnostic> {
    let JobFile { org, repo, branch, .. } = JobFile::from_path(job_file).ok()?;
    let identity = Metadata { org, repo, branch, variant: test.variant.clone() };
    let shown = path::join(CONFIG, &identity.relative_path());
    let text = files::read_given(&options.release_repo.join(&shown)).ok()?;
    let tree = parse(&text).ok()?;
    let root = tree.root()?;
    let tests = root.entries().find(|(key, _)| **key.text() == *"tests")?.1.resolved();
    let is_named = |item: &crate::yaml::tree::Node<'_, '_>| {
        item.resolved().entries().any(|(key, value)| **key.text() == *"as" && *value.text() == test.target)
    };
    let at = tests.items().position(|item| is_named(&item))?;
    let path = crate::diagnostic::KeyPath::root().key("tests").item(at).key("as");
    Some(Diagnostic::of_file(shown, "", "the job's test").at(&text, locate(&tree, &path)))
}

/// Configs with the registry, with who may use which cluster, and with each other, and what nobody means in them.
fn configs(options: &ReviewOptions) -> Result<Share, Error> {
    let root = &options.release_repo;
    let is_there = |place: &str| Some(root.join(place)).filter(|path| files::is_there(path));
    let (steps, claims) = (is_there(REGISTRY), is_there(CLAIM_OWNERS));
    let profiles = is_there(&path::join(REGISTRY, PROFILES));
    let tree = Tree::within(root.join(CONFIG), root)?;
    let load = || Around::load(steps.as_deref(), profiles.as_deref(), claims.as_deref());
    let (around, walked) = rayon::join(load, || walk_configs(&tree, ""));
    let ((around, findings), walked) = (around?, walked?);
    let mut share = Share { findings, ..Share::default() };
    let (files, misplaced) = config_files(walked.files, CONFIG);
    share.findings.extend(misplaced);
    share.counts.configs = files.len();
    let linter = Linter::new(around.registry());
    let looked: Vec<Looked<'_>> =
        files.par_iter().map(|file| guarded(|| file.shown.clone(), || look(&tree, file, &linter, &around))).collect();
    let (mut checked, mut uses, mut is_whole) = (Vec::with_capacity(looked.len()), Uses::default(), true);
    for Looked { config, uses: more, findings } in looked {
        // What a config that does not load uses is not known.
        is_whole &= config.is_some();
        checked.extend(config);
        uses = uses.merged(more);
        share.findings.extend(findings);
    }
    share.findings.extend(conclude(checked, &tree, Extent::Everything));
    if let Some(steps) = around.registry() {
        let found = lint_registry(steps, Some(&uses).filter(|_| is_whole));
        share.findings.extend(
            found
                .into_par_iter()
                .flat_map_iter(|found| {
                    let shown = path::join(REGISTRY, &found.file);
                    let text = files::read_given(&root.join(&shown)).unwrap_or_default();
                    placed(vec![found.violation], &shown, &text)
                })
                .collect::<Vec<_>>(),
        );
        if let Some(reported) = &options.reported {
            let changed = reported.iter().filter_map(|named| named.strip_prefix(REGISTRY));
            let changed: Vec<&str> = changed.map(|rest| rest.trim_start_matches('/')).collect();
            if !changed.is_empty() {
                let touched = steps.touched(changed);
                let using = repositories_using(&touched, &tree)?;
                share.affected = using.into_iter().map(|named| path::join(&named.org, &named.repo)).collect();
                if touched.is_everything() {
                    share.affected = BTreeSet::from([String::new()]);
                }
            }
        }
    }
    Ok(share)
}

fn look<'w>(tree: &Tree, file: &'w ConfigFile, linter: &Linter, around: &Around) -> Looked<'w> {
    match LoadedConfig::load(tree, file) {
        Ok(loaded) => {
            let mut uses = Uses::default();
            uses.add_config(&loaded.config);
            let found = linter.lint_config(&loaded.config, &file.identity);
            let findings = placed(found, &file.shown, loaded.text());
            Looked { config: Some(CheckedConfig::of(&loaded, around, Extent::Everything)), uses, findings }
        }
        Err(findings) => findings.into(),
    }
}

/// What came of one config.
#[derive(Default)]
struct Looked<'w> {
    config: Option<CheckedConfig<'w>>,
    uses: Uses,
    findings: Vec<Diagnostic>,
}

impl From<Vec<Diagnostic>> for Looked<'_> {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Self { findings, ..Self::default() }
    }
}

/// Where configs and job files go, where the repository says so.
fn places(options: &ReviewOptions) -> Result<Share, Error> {
    if !files::is_there(&options.release_repo.join(super::layout::PLUGINS)) {
        return Ok(Share::default());
    }
    let validated = ShardValidatorOptions {
        release_repo: options.release_repo.clone(),
        filter: RepositoryFilter::default(),
        modified: None,
        environment: options.environment.clone(),
        extent: Extent::Everything,
        threads: None,
    };
    Ok(shard_validator::run(&validated, &Unwatched)?.findings.into())
}

/// What nobody means in job files.
fn job_files(options: &ReviewOptions) -> Result<Share, Error> {
    let path = options.release_repo.join(JOBS);
    if !files::is_directory(&path) {
        return Ok(Share::default());
    }
    let tree = Tree::within(path, &options.release_repo)?;
    let linter = Linter::new(None);
    let look = |entry: &Entry| {
        let shown = path::join(JOBS, &entry.relative);
        // What is wrong with the file itself is told by who generates into it.
        let Ok(text) = files::read_text(&tree, entry) else { return Vec::new() };
        match decoded::<JobConfig>(&text) {
            Some(jobs) => placed(linter.lint_jobs(&jobs), &shown, &text),
            None => Vec::new(),
        }
    };
    let walked = walk_jobs(&tree, "")?;
    let files: Vec<&Entry> = walked.files.iter().filter(|entry| entry.name() != "OWNERS").collect();
    let found = files.par_iter().map(|entry| guarded(|| path::join(JOBS, &entry.relative), || look(entry)));
    Ok(found.flatten_iter().collect::<Vec<_>>().into())
}

fn decoded<T: Decode>(text: &str) -> Option<T> {
    read(&parse(text).ok()?, Strictness::Lenient).ok()
}

/// The configuration of Prow and its plugins.
fn prow(options: &ReviewOptions) -> Result<Share, Error> {
    let wish = Wish { now: options.now, keep_old: true, is_careful: true };
    let part = prow_config::part(&options.release_repo, Mode::Check, wish, &Unwatched)?;
    Ok(part.map(|(part, _lock)| unformed_part(part)).unwrap_or_default())
}

/// What of the step registry has a canonical form.
fn registry(options: &ReviewOptions) -> Result<Share, Error> {
    let root = options.release_repo.join(REGISTRY);
    if !files::is_directory(&root) {
        return Ok(Share::default());
    }
    let tree = Tree::within(root, &options.release_repo)?;
    Ok(unformed_part(registry_form::part(&tree, &[REGISTRY.to_owned()], true)?))
}

fn unformed_part(part: super::part::Part) -> Share {
    let mut share = Share::from(part.findings);
    let plans = part.plans.iter().flat_map(|(_, plan)| plan);
    share.findings.extend(plans.flat_map(of_plan).map(|(finding, _)| finding));
    share
}

/// Who approves changes of configs.
fn owners(options: &ReviewOptions) -> Result<Share, Error> {
    let root = &options.release_repo;
    let aliases = files::read_given(&root.join("OWNERS_ALIASES")).ok();
    let aliases = aliases.and_then(|text| decoded::<OwnersAliases>(&text));
    let tree = Tree::within(root.join(CONFIG), root)?;
    let walked = walk_configs(&tree, "")?;
    let mut directories: BTreeMap<&str, Option<&Entry>> = BTreeMap::new();
    for entry in &walked.files {
        let place = directories.entry(path::directory(&entry.relative)).or_default();
        if entry.name() == "OWNERS" {
            *place = Some(entry);
        }
    }
    let one = |(directory, owners): (&&str, &Option<&Entry>)| {
        let shown = path::join(CONFIG, &path::join(directory, "OWNERS"));
        match owners {
            Some(entry) => {
                let text = files::read_text(&tree, entry).unwrap_or_default();
                placed(lint_owners(decoded::<OwnersFile>(&text).as_ref(), aliases.as_ref()), &shown, &text)
            }
            // An organisation's owners are its repositories'.
            None if directories.get(path::directory(directory)).is_some_and(Option::is_some) => Vec::new(),
            None => {
                let found = lint_owners(None, None).into_iter();
                found.map(|it| as_its_rule(Diagnostic::of_file(&*shown, it.rule, it.message))).collect()
            }
        }
    };
    Ok(directories.par_iter().flat_map_iter(one).collect::<Vec<_>>().into())
}
