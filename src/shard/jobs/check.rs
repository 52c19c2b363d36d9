//! What makes a job wrong, and what several may not have in common.

use std::collections::BTreeSet;

use regex::Regex;

use crate::diagnostic::KeyPath;
use crate::model::job::{Brancher, JobBase, Periodic, Postsubmit, Presubmit, RegexpChangeMatcher, Reporter};
use crate::model::prow::Config;
use crate::model::scalar::Duration;
use crate::pattern;
use crate::shard::part::keys;
use crate::shard::prow::pattern_problem;
use crate::shard::{address, selector};
use crate::validate::{check_cron, label_value_problems};

use super::{Problems, pod};

/// The kinds of jobs, of which Prow sets different variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On pull requests.
    Presubmit,
    /// After merges.
    Postsubmit,
    /// By the clock.
    Periodic,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Presubmit => "presubmit",
            Self::Postsubmit => "postsubmit",
            Self::Periodic => "periodic",
        }
    }
}

const TEKTON: &str = "tekton-pipeline";

/// Looks through all jobs, which were filled in.
pub fn all(config: &Config, problems: &mut Problems) {
    for (repo, jobs) in &config.jobs.presubmits {
        let path = keys(["presubmits", repo]);
        for (index, job) in jobs.iter().enumerate() {
            presubmit(config, job, &path.item(index), problems);
        }
        let facts = jobs.iter().map(|job| (&job.job_base.name, &job.brancher, &job.reporter.context));
        together(Kind::Presubmit, &facts.collect::<Vec<_>>(), &path, problems);
    }
    for (repo, jobs) in &config.jobs.postsubmits {
        let path = keys(["postsubmits", repo]);
        for (index, job) in jobs.iter().enumerate() {
            postsubmit(config, job, &path.item(index), problems);
        }
        let facts = jobs.iter().map(|job| (&job.job_base.name, &job.brancher, &job.reporter.context));
        together(Kind::Postsubmit, &facts.collect::<Vec<_>>(), &path, problems);
    }
    let mut names = BTreeSet::new();
    for (index, job) in config.jobs.periodics.iter().enumerate() {
        let path = keys(["periodics"]).item(index);
        if !names.insert(&job.job_base.name) {
            problems.push((path.key("name"), format!("duplicated periodic job: {}", job.job_base.name)));
        }
        base(config, &job.job_base, Kind::Periodic, &path, problems);
        problems.extend(times(job).map(|why| (path, why)));
    }
}

fn presubmit(config: &Config, job: &Presubmit, path: &KeyPath, problems: &mut Problems) {
    let name = &job.job_base.name;
    if let Some(why) = triggers(job) {
        problems.push((path.clone(), format!("could not set regex: {why}")));
    }
    base(config, &job.job_base, Kind::Presubmit, path, problems);
    let mut wrong = changes(name, job.always_run, &job.regexp_change_matcher);
    if wrong.is_none() && job.trigger.is_empty() != job.rerun_command.is_empty() {
        wrong = Some(format!(
            "either both of job.Trigger and job.RerunCommand must be set, wasnt the case for job {name:?}"
        ));
    }
    problems.extend(wrong.map(|why| (path.clone(), why)));
    reporting(Kind::Presubmit, &job.job_base, &job.reporter, path, problems);
}

fn postsubmit(config: &Config, job: &Postsubmit, path: &KeyPath, problems: &mut Problems) {
    let name = &job.job_base.name;
    let patterns = branch_patterns(name, &job.brancher).or_else(|| change_pattern(name, &job.regexp_change_matcher));
    problems.extend(patterns.map(|why| (path.clone(), format!("could not set regex: {why}"))));
    base(config, &job.job_base, Kind::Postsubmit, path, problems);
    let wrong = changes(name, job.always_run == Some(true), &job.regexp_change_matcher);
    problems.extend(wrong.map(|why| (path.clone(), why)));
    reporting(Kind::Postsubmit, &job.job_base, &job.reporter, path, problems);
}

fn compiled(pattern: &str) -> Option<Regex> {
    Regex::new(&pattern::translate(pattern).ok()?).ok()
}

fn triggers(job: &Presubmit) -> Option<String> {
    let name = &job.job_base.name;
    if let Some(why) = pattern_problem(&job.trigger) {
        return Some(format!("could not compile trigger regex for {name}: error parsing regexp: {why}"));
    }
    if compiled(&job.trigger).is_some_and(|trigger| !trigger.is_match(&job.rerun_command)) {
        let (command, trigger) = (&job.rerun_command, &job.trigger);
        return Some(format!("for job {name}, rerun command \"{command}\" does not match trigger \"{trigger}\""));
    }
    branch_patterns(name, &job.brancher).or_else(|| change_pattern(name, &job.regexp_change_matcher))
}

fn branch_patterns(name: &str, brancher: &Brancher) -> Option<String> {
    [("positive", &brancher.branches), ("negative", &brancher.skip_branches)].into_iter().find_map(
        |(kind, patterns)| {
            let why = pattern_problem(&patterns.join("|"))?;
            let wrong = format!("could not set branch regexes for {name}");
            Some(format!("{wrong}: could not compile {kind} branch regex: error parsing regexp: {why}"))
        },
    )
}

fn change_pattern(name: &str, matcher: &RegexpChangeMatcher) -> Option<String> {
    let (key, pattern) = match matcher.run_if_changed.as_str() {
        "" => ("skip_if_only_changed", &matcher.skip_if_only_changed),
        _ => ("run_if_changed", &matcher.run_if_changed),
    };
    let why = pattern_problem(pattern)?;
    Some(format!("could not set change regexes for {name}: could not compile {key} regex: error parsing regexp: {why}"))
}

fn changes(name: &str, always_run: bool, matcher: &RegexpChangeMatcher) -> Option<String> {
    let exclusive = "which are mutually exclusive";
    let both =
        |key: &str| Some(format!("job {name} is set to always run but also declares {key} targets, {exclusive}"));
    match (matcher.run_if_changed.is_empty(), matcher.skip_if_only_changed.is_empty()) {
        (false, _) if always_run => both("run_if_changed"),
        (_, false) if always_run => both("skip_if_only_changed"),
        (false, false) => Some(format!("job {name} declares run_if_changed and skip_if_only_changed, {exclusive}")),
        _ => None,
    }
}

fn reporting(kind: Kind, job: &JobBase, reporter: &Reporter, path: &KeyPath, problems: &mut Problems) {
    let label = "prow.k8s.io/gerrit-report-label";
    let why = if !reporter.skip_report && reporter.context.is_empty() {
        "job is set to report but has no context configured".to_owned()
    } else if reporter.skip_report && job.labels.get(label).is_some_and(|value| !value.is_empty()) {
        format!("gerrit report label {label} set to non-empty string but job is configured to skip reporting.")
    } else {
        return;
    };
    problems.push((path.clone(), format!("invalid {} job {}: {why}", kind.word(), job.name)));
}

/// When a periodic runs.
fn times(job: &Periodic) -> Option<String> {
    let name = &job.job_base.name;
    let exclusive = [&job.cron, &job.interval, &job.minimum_interval];
    match exclusive.iter().filter(|text| !text.is_empty()).count() {
        0 => {
            return Some(format!("at least one of cron, interval, or minimum_interval must be set in periodic {name}"));
        }
        1 => {}
        _ => return Some(format!("cron, interval, and minimum_interval are mutually exclusive in periodic {name}")),
    }
    if !job.cron.is_empty()
        && let Err(why) = check_cron(&job.cron)
    {
        return Some(format!("invalid cron string {} in periodic {name}: {why}", job.cron));
    }
    let span = |text: &str, words: &str| {
        let why = Duration::parse(text).err()?;
        Some(format!("cannot parse {words} for {name}: time: {why} {text:?}"))
    };
    let given = |text: &String| (!text.is_empty()).then_some(text.clone());
    given(&job.interval)
        .and_then(|text| span(&text, "duration"))
        .or_else(|| job.retry.as_ref().and_then(|retry| span(&retry.interval, "Retry duration")))
        .or_else(|| given(&job.minimum_interval).and_then(|text| span(&text, "duration")))
}

fn base(config: &Config, job: &JobBase, kind: Kind, path: &KeyPath, problems: &mut Problems) {
    if let Some((below, why)) = base_problem(config, job, kind) {
        let place = if below.is_empty() { path.clone() } else { path.key(below) };
        problems.push((place, format!("invalid {} job {}: {why}", kind.word(), job.name)));
    }
}

/// The key that is wrong, and why.
fn base_problem(config: &Config, job: &JobBase, kind: Kind) -> Option<(&'static str, String)> {
    let decoration = job.utility_config.decoration_config.as_ref();
    name_problem(job)
        .map(|why| ("name", why))
        .or_else(|| {
            let count = job.max_concurrency;
            (count < 0).then(|| ("max_concurrency", format!("max_concurrency: {count} must be a non-negative number")))
        })
        .or_else(|| agent_problem(job, &config.prow.pod_namespace).map(|why| ("agent", why)))
        .or_else(|| {
            let wrong = job.spec.as_ref().map(|spec| pod::spec_problems(kind, spec, decoration)).unwrap_or_default();
            let several = wrong.len() > 1;
            let text = wrong.join(", ");
            (!wrong.is_empty()).then(|| ("spec", if several { format!("[{text}]") } else { text }))
        })
        .or_else(|| pipeline_problem(job, kind).map(|why| ("pipeline_run_spec", why)))
        .or_else(|| labels_problem(job))
        .or_else(|| {
            let queue = &job.job_queue_name;
            let known = queue.is_empty() || config.prow.plank.job_queue_capacities.contains_key(queue);
            (!known).then(|| ("job_queue_name", format!("invalid job queue name {queue}")))
        })
        .or_else(|| {
            let containers = job.spec.as_ref().and_then(|spec| spec.containers.as_deref()).unwrap_or_default();
            if containers.is_empty() {
                return None;
            }
            rerun_problem(job)
                .map(|why| ("rerun_auth_config", why))
                .or_else(|| clone_problem(job).map(|why| ("clone_uri", why)))
                .or_else(|| {
                    let decoration = decoration?;
                    let why = containers.iter().find_map(|container| pod::decoration_problem(container, decoration))?;
                    Some(("decoration_config", why))
                })
        })
}

fn name_problem(job: &JobBase) -> Option<String> {
    let letter = |slash: bool| {
        move |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || slash && byte == b'/'
    };
    let jenkins = job.agent == "jenkins";
    let mut bytes = job.name.bytes();
    let good = bytes.next().is_some_and(letter(false)) && bytes.all(letter(jenkins)) && {
        // The last of several may neither be a slash nor a dot there.
        !jenkins || job.name.len() == 1 || !job.name.ends_with(['/', '.'])
    };
    let regex = if jenkins { "^[A-Za-z0-9-._]([A-Za-z0-9-._/]*[A-Za-z0-9-_])?$" } else { "^[A-Za-z0-9-._]+$" };
    (!good).then(|| format!("name: must match regex {regex:?}"))
}

fn agent_problem(job: &JobBase, pod_namespace: &str) -> Option<String> {
    const POD: &str = "kubernetes";
    let agent = job.agent.as_str();
    let versioned = job.tekton_pipeline_run_spec.as_ref().is_some_and(|spec| spec.v1beta1.is_some());
    let pipeline = versioned || job.pipeline_run_spec.is_some();
    if !matches!(agent, POD | "jenkins" | TEKTON) {
        return None;
    }
    if job.spec.is_some() && agent != POD {
        Some(format!("job specs require agent: {POD} (found {agent:?})"))
    } else if agent == POD && job.spec.is_none() {
        Some("kubernetes jobs require a spec".into())
    } else if pipeline && agent != TEKTON {
        Some(format!("job pipeline_run_spec require agent: {TEKTON} (found {agent:?})"))
    } else if agent == TEKTON && !pipeline {
        Some(format!("agent: {TEKTON} jobs require a pipeline_run_spec"))
    } else if job.utility_config.decoration_config.is_some() && agent != POD {
        Some(format!("decoration requires agent: {POD} (found {agent:?})"))
    } else if job.error_on_eviction && agent != POD {
        Some(format!("error_on_eviction only applies to agent: {POD} (found {agent:?})"))
    } else if job.namespace.as_deref() != Some(pod_namespace) && agent != TEKTON {
        Some(format!("namespace customization requires agent: {TEKTON} (found {agent:?})"))
    } else {
        None
    }
}

/// The further repositories of a pipeline have to be those that its tasks name.
fn pipeline_problem(job: &JobBase, kind: Kind) -> Option<String> {
    if job.agent != TEKTON {
        return None;
    }
    let versioned = job.tekton_pipeline_run_spec.as_ref().and_then(|spec| spec.v1beta1.as_ref());
    let spec = versioned.or(job.pipeline_run_spec.as_ref())?;
    let mut used = BTreeSet::new();
    for task in spec.pipeline_spec.iter().flat_map(|spec| &spec.tasks) {
        // The reference crashes.
        let Some(reference) = &task.task_ref else { return Some(format!("task {:?} has no taskRef", task.name)) };
        let implicit = "PROW_IMPLICIT_GIT_REF";
        if kind == Kind::Periodic && reference.name == implicit {
            return Some(format!("periodic jobs do not have an implicit git ref to replace {implicit}"));
        }
        let Some((_, rest)) = reference.name.split_once("PROW_EXTRA_GIT_REF_") else { continue };
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let digits = &rest[..end];
        if digits.len() > 1 && digits.starts_with('0') {
            let name = &task.name;
            return Some(format!("task {name:?}: leading zeros are not allowed in PROW_EXTRA_GIT_REF_* indexes"));
        }
        used.extend(digits.parse::<usize>().ok());
    }
    let count = job.utility_config.extra_refs.len();
    if let Some(index) = (0..count).find(|index| !used.contains(index)) {
        return Some(format!("extra_refs[{index}] is not used; some task must reference PROW_EXTRA_GIT_REF_{index}"));
    }
    let names: Vec<String> = used.iter().map(usize::to_string).collect();
    (used.len() != count).then(|| {
        let names = names.join(", ");
        format!("{count} extra_refs are specified, but the following PROW_EXTRA_GIT_REF_* indexes are used: {names}")
    })
}

fn labels_problem(job: &JobBase) -> Option<(&'static str, String)> {
    for (label, value) in &job.labels {
        if matches!(label.as_str(), "prow.k8s.io/type" | "created-by-prow" | "prow.k8s.io/id") {
            return Some(("labels", format!("label {label} is reserved for decoration")));
        }
        if !selector::is_qualified_name(label) {
            return Some(("labels", format!("invalid label {label}")));
        }
        if let Some(why) = label_value_problems(value) {
            return Some(("labels", format!("label {label} has invalid value {value}: [{why}]")));
        }
    }
    let bad = job.annotations.keys().find(|key| !selector::is_qualified_name(key))?;
    Some(("annotations", format!("invalid annotation key {bad:?}")))
}

fn rerun_problem(job: &JobBase) -> Option<String> {
    let rights = job.rerun_auth_config.as_ref()?;
    let limited = !(rights.github_users.is_empty()
        && rights.github_team_ids.is_empty()
        && rights.github_team_slugs.is_empty()
        && rights.github_orgs.is_empty());
    let message = "allow anyone is set to true and permitted users or groups are specified";
    (rights.allow_anyone && limited).then(|| message.to_owned())
}

/// Addresses to clone from, all of which are looked at only where the job itself has one.
fn clone_problem(job: &JobBase) -> Option<String> {
    let utility = &job.utility_config;
    if utility.clone_uri.is_empty() {
        return None;
    }
    let token = utility.decoration_config.as_ref().is_some_and(|config| config.oauth_token_secret.is_some());
    let problem = |uri: &str| {
        let uri = uri.split_once('@').map_or(uri, |(_, rest)| rest);
        if let Some(why) = address::problem(uri) {
            return Some(format!("couldn't parse uri from clone_uri: {why}"));
        }
        let scheme = uri.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let web = scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https"));
        (token && !web).then(|| format!("scheme must be http or https when OAuth secret is specified: {uri}"))
    };
    let of_refs = |(index, why): (usize, Option<String>)| why.map(|why| format!("extra_ref[{index}]: {why}"));
    let refs = utility.extra_refs.iter().map(|refs| problem(&refs.clone_uri)).enumerate();
    problem(&utility.clone_uri).or_else(|| refs.filter_map(of_refs).next())
}

/// Jobs of one repository that are for the same branch may share neither name nor context.
fn together(kind: Kind, jobs: &[(&String, &Brancher, &String)], path: &KeyPath, problems: &mut Problems) {
    let mut twice = BTreeSet::new();
    for (index, (name, brancher, context)) in jobs.iter().enumerate() {
        for (other_index, (other, other_brancher, other_context)) in jobs.iter().enumerate() {
            if index == other_index || !intersects(brancher, other_brancher) {
                continue;
            }
            if name == other {
                twice.insert(name.as_str());
            } else if context == other_context {
                let message = format!("jobs {other} and {name} report to the same GitHub context {context:?}");
                problems.push((path.item(index), message));
            }
        }
    }
    if !twice.is_empty() {
        let names: Vec<&str> = twice.into_iter().collect();
        let words = format!("duplicated {} jobs (consider both inrepo and central config)", kind.word());
        problems.push((path.clone(), format!("{words}: [{}]", names.join(" "))));
    }
}

/// Whether two jobs may be for one branch.
fn intersects(left: &Brancher, right: &Brancher) -> bool {
    let everywhere = |brancher: &Brancher| brancher.branches.is_empty() && brancher.skip_branches.is_empty();
    if everywhere(left) || everywhere(right) {
        return true;
    }
    match (left.branches.is_empty(), right.branches.is_empty()) {
        (false, false) => left.branches.iter().any(|branch| right.branches.contains(branch)),
        (false, true) => left.branches.iter().any(|branch| is_for(right, branch)),
        (true, false) => right.branches.iter().any(|branch| is_for(left, branch)),
        (true, true) => true,
    }
}

fn is_for(brancher: &Brancher, branch: &str) -> bool {
    let matches = |patterns: &[String]| compiled(&patterns.join("|")).is_some_and(|pattern| pattern.is_match(branch));
    if !brancher.skip_branches.is_empty() && matches(&brancher.skip_branches) {
        return false;
    }
    brancher.branches.is_empty() || matches(&brancher.branches)
}
