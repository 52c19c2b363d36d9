//! What makes wrong what all kinds of jobs have: name, agent, pod, labels, rights, addresses, decoration.
//!
//! Of these Prow tells the first that it comes to, and the order here is its order; of a pod it tells everything.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Rule};
use crate::model::job::JobBase;
use crate::model::pod::PodSpec;
use crate::shard::{address, selector};
use crate::validate::label_value_problems;

use super::check::Kind;
use super::frame::{Decorated, Frame, POD, agent};
use super::problem::{Place, Problem, Problems, Step, below};
use super::{pod, presets};

rules! {
    NAME = "job-name-broken", "a job's name has letters that it may not have, or none at all",
        "The name becomes part of labels, paths and addresses, so Prow takes letters, digits, dashes, dots and \
         underscores only.",
        "write the name with letters, digits, dashes, dots and underscores";
    CONCURRENCY = "job-concurrency-negative", "a job may run less than zero times at once",
        "Prow refuses to load the job; zero is what stands for no limit.",
        "write 0 for no limit, or the number of runs";
    AGENT = "job-agent-mismatch", "a job has settings that its agent has no use for, or lacks those that it needs",
        "The agent carries the job out: kubernetes with a pod, tekton-pipeline with a pipeline, jenkins with neither.",
        "name the agent that goes with the settings, or take them out";
    PIPELINE = "job-pipeline-refs", "the tasks of a pipeline and the further repositories of its job do not fit",
        "A task names a repository by its position in extra_refs, and each that is cloned has to be named.",
        "let the taskRefs name PROW_EXTRA_GIT_REF_0 and so on, one for each of extra_refs";
    LABEL = "job-label-broken", "a label or annotation of a job is none that Kubernetes takes",
        "Labels and annotations go to the pods of the job, which Kubernetes would refuse; some labels Prow sets itself.",
        "write it as Kubernetes wants labels: at most 63 letters, digits, dashes, dots and underscores";
    QUEUE = "job-queue-unknown", "a job waits in a queue that is not configured",
        "A queue exists by its capacity in Prow's configuration.",
        "add the queue to plank.job_queue_capacities in _config.yaml, or mend its name";
    RERUN_RIGHTS = "rerun-rights-clash", "rerun_auth_config lets everybody start a job again, and names some people besides",
        "The list would have no effect, so Prow refuses to load the job.",
        "remove allow_anyone, or the people and teams";
    CLONE_ADDRESS = "clone-address-broken", "clone_uri of a job is no address",
        "Cloning would fail in every run, so Prow refuses to load the job.",
        "write an address such as https://github.com/org/repo.git";
    DECORATION = "job-decoration-broken", "the decoration of a job lacks what it needs",
        "Prow adds containers that clone and upload; without their images and a bucket the job could not run.",
        "complete decoration_config, or plank.default_decoration_config_entries in _config.yaml";
    NOTHING_TO_RUN = "job-without-command", "a decorated container does not say what to run",
        "Prow starts the command itself and cannot know what the image would have run.",
        "add command or args";
}

const TEKTON: &str = "tekton-pipeline";

/// What is wrong with a job: the rule, the way from the job to the value, and what Prow says.
type Found = (Rule, KeyPath, String);

/// Looks at what all kinds of jobs have.
pub fn check(
    frame: &Frame,
    job: &JobBase,
    kind: Kind,
    decoration: Option<&Decorated>,
    place: Place<'_>,
    problems: &mut Problems,
) {
    let spec = job.spec.as_ref().map(|spec| whole(frame, job, spec, place, problems));
    let mut add = |(rule, below, why): Found| {
        let mut path = place.path();
        path.0.extend(below.0);
        problems.push(Problem { rule, path, message: format!("invalid {} job {}: {why}", kind.word(), job.name) });
    };
    if let Some(found) = before_the_pod(job, frame, decoration) {
        return add(found);
    }
    let of_pod = spec.as_deref().map(|spec| pod::spec_problems(kind, spec, decoration)).unwrap_or_default();
    if !of_pod.is_empty() {
        for (rule, way, why) in of_pod {
            let mut path = KeyPath::root().key("spec");
            path.0.extend(way.0);
            add((rule, path, why));
        }
        return;
    }
    if let Some(found) = after_the_pod(job, frame, kind, spec.as_deref(), decoration) {
        add(found);
    }
}

/// The pod with what presets bring.
fn whole<'s>(
    frame: &Frame,
    job: &JobBase,
    spec: &'s PodSpec,
    place: Place<'_>,
    problems: &mut Problems,
) -> Cow<'s, PodSpec> {
    if !frame.presets.iter().any(|preset| presets::is_for(preset, &job.labels)) {
        return Cow::Borrowed(spec);
    }
    let mut whole = spec.clone();
    if let Err(clash) = presets::apply(&frame.presets, &job.labels, &mut whole) {
        problems.push(Problem::from_clash(clash, &job.name, place));
    }
    Cow::Owned(whole)
}

fn key(key: &str) -> KeyPath {
    KeyPath::root().key(key)
}

fn before_the_pod(job: &JobBase, frame: &Frame, decoration: Option<&Decorated>) -> Option<Found> {
    if let Some(why) = name_problem(job) {
        return Some((NAME, key("name"), why));
    }
    let count = job.max_concurrency;
    if count < 0 {
        let message = format!("max_concurrency: {count} must be a non-negative number");
        return Some((CONCURRENCY, key("max_concurrency"), message));
    }
    agent_problem(job, &frame.namespace, decoration.is_some()).map(|(at, why)| (AGENT, key(at), why))
}

fn after_the_pod(
    job: &JobBase,
    frame: &Frame,
    kind: Kind,
    spec: Option<&PodSpec>,
    decoration: Option<&Decorated>,
) -> Option<Found> {
    if let Some(why) = pipeline_problem(job, kind) {
        return Some((PIPELINE, key("extra_refs"), why));
    }
    if let Some(found) = labels_problem(job) {
        return Some(found);
    }
    let queue = &job.job_queue_name;
    if !queue.is_empty() && !frame.queues.contains(queue) {
        return Some((QUEUE, key("job_queue_name"), format!("invalid job queue name {queue}")));
    }
    let containers = spec.and_then(|spec| spec.containers.as_deref()).unwrap_or_default();
    if containers.is_empty() {
        return None;
    }
    if let Some(why) = rerun_problem(job) {
        return Some((RERUN_RIGHTS, key("rerun_auth_config").key("allow_anyone"), why));
    }
    if let Some((path, why)) = clone_problem(job, decoration.is_some_and(|decoration| decoration.token)) {
        return Some((CLONE_ADDRESS, path, why));
    }
    let decoration = decoration?;
    if let Some(why) = &decoration.problem {
        return Some((DECORATION, key("decoration_config"), format!("invalid decoration config: {why}")));
    }
    let index = containers.iter().position(|container| !pod::says_what_to_run(container))?;
    let path = below(key("spec"), [Step::Key("containers"), Step::Item(index)]);
    Some((NOTHING_TO_RUN, path, "decorated job containers must specify command and/or args".into()))
}

fn name_problem(job: &JobBase) -> Option<String> {
    let letter = |slash: bool| {
        move |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || slash && byte == b'/'
    };
    let jenkins = agent(job) == "jenkins";
    let mut bytes = job.name.bytes();
    let good = bytes.next().is_some_and(letter(false)) && bytes.all(letter(jenkins)) && {
        // The last of several may neither be a slash nor a dot there.
        !jenkins || job.name.len() == 1 || !job.name.ends_with(['/', '.'])
    };
    let regex = if jenkins { "^[A-Za-z0-9-._]([A-Za-z0-9-._/]*[A-Za-z0-9-_])?$" } else { "^[A-Za-z0-9-._]+$" };
    (!good).then(|| format!("name: must match regex {regex:?}"))
}

/// The key that is too much or missing, and why.
fn agent_problem(job: &JobBase, pod_namespace: &str, is_decorated: bool) -> Option<(&'static str, String)> {
    let agent = agent(job);
    let versioned = job.tekton_pipeline_run_spec.as_ref().is_some_and(|spec| spec.v1beta1.is_some());
    let pipeline = versioned || job.pipeline_run_spec.is_some();
    let namespace = job.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    if !matches!(agent, POD | "jenkins" | TEKTON) {
        return None;
    }
    if job.spec.is_some() && agent != POD {
        Some(("agent", format!("job specs require agent: {POD} (found {agent:?})")))
    } else if agent == POD && job.spec.is_none() {
        Some(("agent", "kubernetes jobs require a spec".into()))
    } else if pipeline && agent != TEKTON {
        Some(("agent", format!("job pipeline_run_spec require agent: {TEKTON} (found {agent:?})")))
    } else if agent == TEKTON && !pipeline {
        Some(("agent", format!("agent: {TEKTON} jobs require a pipeline_run_spec")))
    } else if is_decorated && agent != POD {
        Some(("agent", format!("decoration requires agent: {POD} (found {agent:?})")))
    } else if job.error_on_eviction && agent != POD {
        Some(("error_on_eviction", format!("error_on_eviction only applies to agent: {POD} (found {agent:?})")))
    } else if namespace.is_some_and(|namespace| namespace != pod_namespace) && agent != TEKTON {
        Some(("namespace", format!("namespace customization requires agent: {TEKTON} (found {agent:?})")))
    } else {
        None
    }
}

/// The further repositories of a pipeline have to be those that its tasks name.
fn pipeline_problem(job: &JobBase, kind: Kind) -> Option<String> {
    if agent(job) != TEKTON {
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

fn labels_problem(job: &JobBase) -> Option<Found> {
    for (label, value) in &job.labels {
        let labels = key("labels");
        if matches!(label.as_str(), "prow.k8s.io/type" | "created-by-prow" | "prow.k8s.io/id") {
            return Some((LABEL, labels.name(label), format!("label {label} is reserved for decoration")));
        }
        if let Some(why) = selector::name_problems(label) {
            return Some((LABEL, labels.name(label), format!("invalid label {label}: {why}")));
        }
        if let Some(why) = label_value_problems(value) {
            return Some((LABEL, labels.key(label), format!("label {label} has invalid value {value}: [{why}]")));
        }
    }
    job.annotations.keys().find_map(|name| {
        let why = selector::name_problems(name)?;
        Some((LABEL, key("annotations").name(name), format!("invalid annotation key {name:?}: {why}")))
    })
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
fn clone_problem(job: &JobBase, token: bool) -> Option<(KeyPath, String)> {
    let utility = &job.utility_config;
    if utility.clone_uri.is_empty() {
        return None;
    }
    let problem = |uri: &str| {
        let uri = uri.split_once('@').map_or(uri, |(_, rest)| rest);
        if let Some(why) = address::problem(uri) {
            return Some(format!("couldn't parse uri from clone_uri: {why}"));
        }
        let scheme = uri.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let web = scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https"));
        (token && !web).then(|| format!("scheme must be http or https when OAuth secret is specified: {uri}"))
    };
    if let Some(why) = problem(&utility.clone_uri) {
        return Some((key("clone_uri"), why));
    }
    utility.extra_refs.iter().enumerate().find_map(|(index, refs)| {
        let why = problem(&refs.clone_uri)?;
        Some((key("extra_refs").item(index).key("clone_uri"), format!("extra_ref[{index}]: {why}")))
    })
}
