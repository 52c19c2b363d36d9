//! From the two texts to a [`Dispatcher`]: decode, compile, check, and say everything that is wrong.
//!
//! The rules are the reference's; where it stops at the first breach, all are reported here.

use std::collections::{BTreeMap, HashMap};

use regex::RegexSet;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Severity, Violation};
use crate::model::dispatch::{ClusterInventory, DispatchConfig, JobGroup};
use crate::pattern::{self, BROKEN_PATTERN};
use crate::yaml::codec::{Decode, Strictness, read};
use crate::yaml::locate::{place, syntax_finding, type_finding};
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

use super::choose::Dispatcher;
use super::farm::BuildFarm;
use super::inventory::{Inventory, REPEATED_CLUSTER, UNNAMED_CLUSTER};

rules! {
    NO_DEFAULT_CLUSTER = "no-default-cluster",
        "the dispatcher's configuration names no default cluster",
        "Jobs that nothing else places would have no cluster to run on.",
        "set default to an active cluster of the build farm";
    MANUAL_CLUSTER_IN_FARM = "manual-cluster-in-farm",
        "a cluster that only people assign is an active cluster of the build farm as well",
        "Jobs would be moved off it and onto it by the dispatcher, though people are to decide.",
        "take the cluster out of manualClusters, or out of _clusters.yaml";
    REPEATED_JOB = "repeated-job",
        "groups list a job more than once",
        "Which of the clusters it runs on is left to chance.",
        "keep the job in one group";
}

/// A text and the file it is from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'t> {
    /// What findings call the file.
    pub file: &'t str,
    /// Its content, after unzipping.
    pub text: &'t str,
}

/// A pattern of paths and the cluster whose group has it.
#[derive(Debug)]
pub(super) struct PathPattern {
    pub pattern: String,
    pub cluster: String,
}

/// The groups, compiled.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub jobs: HashMap<String, String>,
    pub paths: Vec<PathPattern>,
    pub matcher: RegexSet,
}

impl Dispatcher {
    /// Compiles the dispatcher configuration and the cluster file; gives all findings when either is wrong.
    pub fn new(config: Source<'_>, clusters: Source<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Vec::new();
        let config = Document::parse(config, &mut findings);
        let clusters = Document::parse(clusters, &mut findings);
        let inventory = clusters.as_ref().and_then(|document| {
            let file: ClusterInventory = document.read(&mut findings)?;
            let mut violations = Vec::new();
            let inventory = Inventory::new(file, &mut violations);
            document.report(violations, &mut findings);
            Some(inventory)
        });
        let dispatcher = config.as_ref().and_then(|document| {
            let file: DispatchConfig = document.read(&mut findings)?;
            let mut violations = Vec::new();
            let (dispatcher, warnings) = assemble(file, inventory.unwrap_or_default(), &mut violations);
            document.report(violations, &mut findings);
            Some((dispatcher, document.placed(warnings, Severity::Warning)))
        });
        match dispatcher {
            Some((dispatcher, warnings)) if findings.is_empty() => Ok(Self { warnings, ..dispatcher }),
            _ => {
                findings.sort_by(|left, right| left.order().cmp(&right.order()));
                Err(findings)
            }
        }
    }
}

/// A text, its tree and its file's name.
struct Document<'t> {
    source: Source<'t>,
    tree: Tree<'t>,
}

impl<'t> Document<'t> {
    fn parse(source: Source<'t>, findings: &mut Vec<Diagnostic>) -> Option<Self> {
        match parse(source.text) {
            Ok(tree) => Some(Self { source, tree }),
            Err(error) => {
                findings.push(syntax_finding(error, source.file, source.text));
                None
            }
        }
    }

    fn read<T: Decode>(&self, findings: &mut Vec<Diagnostic>) -> Option<T> {
        match read(&self.tree, Strictness::Lenient) {
            Ok(value) => Some(value),
            Err(problems) => {
                let finding = |problem| type_finding(problem, self.source.file, self.source.text);
                findings.extend(problems.into_iter().map(finding));
                None
            }
        }
    }

    fn report(&self, violations: Vec<Violation>, findings: &mut Vec<Diagnostic>) {
        findings.extend(self.placed(violations, Severity::Error));
    }

    fn placed(&self, violations: Vec<Violation>, severity: Severity) -> Vec<Diagnostic> {
        let finding = |violation| place(violation, self.source.file, self.source.text, &self.tree);
        violations.into_iter().map(|violation| Diagnostic { severity, ..finding(violation) }).collect()
    }
}

/// Makes the dispatcher; gives warnings beside it.
fn assemble(
    config: DispatchConfig,
    inventory: Inventory,
    violations: &mut Vec<Violation>,
) -> (Dispatcher, Vec<Violation>) {
    if config.default.is_empty() {
        let message = "the default cluster must be set in the config".to_owned();
        violations.push(Violation { rule: NO_DEFAULT_CLUSTER.id, path: KeyPath::root().key("default"), message });
    }
    check_manual_clusters(&config.manual_clusters, &inventory, violations);
    let groups = config.groups.unwrap_or_default();
    let mut warnings = Vec::new();
    let repeated = repeated_jobs(&groups);
    // The reference lets a single repeated name pass.
    if repeated.len() > 1 {
        violations.extend(repeated)
    } else {
        warnings.extend(repeated)
    }
    let groups = compile_groups(groups, violations);
    let blocked = inventory.blocked.clone();
    let dispatcher = Dispatcher {
        default: config.default,
        by_test_cloud: config.determine_e2e_by_job,
        cloud_mapping: config.cloud_mapping,
        ssh_bastion: config.ssh_bastion,
        kvm: config.kvm.unwrap_or_default(),
        no_builds: config.no_builds,
        manual: config.manual_clusters,
        farm: BuildFarm::new(inventory, config.build_farm, violations),
        blocked,
        groups,
        warnings: Vec::new(),
    };
    (dispatcher, warnings)
}

fn check_manual_clusters(manual: &[String], inventory: &Inventory, violations: &mut Vec<Violation>) {
    for (at, cluster) in manual.iter().enumerate() {
        let path = KeyPath::root().key("manualClusters").item(at);
        let (rule, message) = if cluster.is_empty() {
            (UNNAMED_CLUSTER, "manualClusters must not contain an empty cluster name".to_owned())
        } else if manual[..at].contains(cluster) {
            (REPEATED_CLUSTER, format!("manual cluster {cluster:?} is listed more than once"))
        } else if inventory.active.iter().any(|active| active.name == *cluster) {
            (MANUAL_CLUSTER_IN_FARM, format!("manual cluster {cluster:?} is present in the active cluster inventory"))
        } else {
            continue;
        };
        violations.push(Violation { rule: rule.id, path, message });
    }
}

/// Names of jobs that groups list more than once, at their second place.
fn repeated_jobs(groups: &BTreeMap<String, JobGroup>) -> Vec<Violation> {
    let mut seen: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (cluster, group) in groups {
        for (at, job) in group.jobs.iter().enumerate() {
            seen.entry(job).or_default().push((cluster, at));
        }
    }
    let second = |(job, places): (&str, Vec<(&str, usize)>)| {
        let (first, (cluster, at)) = (places.first()?.0, *places.get(1)?);
        let path = KeyPath::root().key("groups").key(cluster).key("jobs").item(at);
        let message = format!("job {job} occurs more than once: it runs on {first}");
        Some(Violation { rule: REPEATED_JOB.id, path, message })
    };
    seen.into_iter().filter_map(second).collect()
}

fn compile_groups(groups: BTreeMap<String, JobGroup>, violations: &mut Vec<Violation>) -> Groups {
    let mut compiled = Groups::default();
    let mut translated = Vec::new();
    for (cluster, group) in groups {
        for (at, pattern) in group.paths.into_iter().enumerate() {
            match pattern::translate(&pattern) {
                Ok(text) => {
                    translated.push(text);
                    compiled.paths.push(PathPattern { pattern, cluster: cluster.clone() });
                }
                Err(error) => {
                    let path = KeyPath::root().key("groups").key(&cluster).key("paths").item(at);
                    violations.push(broken_pattern(path, &pattern, &error));
                }
            }
        }
        // Of groups that share a job the one with the least cluster has it; the reference picks one at random.
        for job in group.jobs {
            compiled.jobs.entry(job).or_insert_with(|| cluster.clone());
        }
    }
    match pattern::set(&translated) {
        Ok(matcher) => compiled.matcher = matcher,
        Err(error) => violations.push(broken_together(&compiled.paths, &translated, &error)),
    }
    compiled
}

/// Says which pattern keeps the set from being compiled, or that together they are too large.
fn broken_together(paths: &[PathPattern], translated: &[String], error: &str) -> Violation {
    let alone = |(path, text): (&PathPattern, &String)| {
        let error = pattern::set(std::slice::from_ref(text)).err()?;
        Some(broken_pattern(KeyPath::root().key("groups").key(&path.cluster).key("paths"), &path.pattern, &error))
    };
    let culprit = paths.iter().zip(translated).find_map(alone);
    culprit.unwrap_or_else(|| broken_pattern(KeyPath::root().key("groups"), "all patterns together", error))
}

fn broken_pattern(path: KeyPath, pattern: &str, error: &str) -> Violation {
    let message = format!("{pattern:?} is not a regular expression: {error}");
    Violation { rule: BROKEN_PATTERN.id, path, message }
}
