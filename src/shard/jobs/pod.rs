//! What makes the pod of a job wrong.

use std::collections::BTreeSet;

use crate::diagnostic::rule::rules;
use crate::diagnostic::{KeyPath, Rule};
use crate::model::decoration::{DecorationConfig, GCSConfiguration};
use crate::model::pod::{Container, PodSpec};
use crate::shard::address;

use super::check::Kind;
use super::frame::Decorated;
use super::problem::{Step, below};

rules! {
    INIT_CONTAINER = "job-init-container", "a job's pod has an init container that ends",
        "Prow adds init containers of its own and refuses others, but for those that run beside the pod.",
        "do its work in the container, or give it restartPolicy: Always if it is to run beside the others";
    NO_CONTAINER = "job-without-container", "a job's pod has no container",
        "There is nothing to run, and Prow refuses to load the job.",
        "add the container that does the work";
    UNDECORATED_CONTAINERS = "undecorated-containers", "a job has several containers and is not decorated",
        "Only Prow's own containers know when all of several have ended; without them the job is refused.",
        "add decorate: true, or run one container";
    CONTAINER_NAME = "job-container-name", "a container's name is missing, taken or reserved",
        "Prow tells several containers of a job apart by their names, and adds some of its own.",
        "give every container a name of its own";
    VARIABLE_TWICE = "job-variable-twice", "a container sets an environment variable twice",
        "One of the two values would be lost without a word, so Prow refuses to load the job.",
        "remove one of the two";
    RESERVED_VARIABLE = "job-variable-reserved", "a container sets an environment variable that Prow sets",
        "The job would not see what Prow tells it, so Prow refuses to load it.",
        "give the variable another name";
    VOLUME_TWICE = "job-volume-twice", "a pod has two volumes of one name",
        "Mounts name their volume, so a name can stand for one volume only.",
        "rename or remove one of the two";
    RESERVED_VOLUME = "job-volume-reserved", "a pod has a volume whose name Prow needs",
        "Prow adds volumes for source, logs, tools and credentials under fixed names.",
        "give the volume another name";
    UNDEFINED_MOUNT = "job-mount-undefined", "a container mounts a volume that is not there",
        "The pod could not start, so Prow refuses to load the job.",
        "add the volume, or mend the name of the mount";
    RESERVED_MOUNT = "job-mount-reserved", "a container mounts something where Prow mounts its own",
        "Prow mounts source, logs and tools into every decorated container, at fixed names and paths.",
        "mount it under another name and path";
}

/// What is wrong with a pod: the rule, the way from the pod to the value, and what Prow says.
type Found = Vec<(Rule, KeyPath, String)>;

const OF_ALL: &[&str] = &["CI", "JOB_NAME", "JOB_SPEC", "JOB_TYPE", "PROW_JOB_ID", "BUILD_ID", "BUILD_NUMBER"];
const OF_COMMITS: &[&str] =
    &["REPO_OWNER", "REPO_NAME", "SRC_BASE", "SRC_HOST", "PULL_BASE_REF", "PULL_BASE_SHA", "PULL_REFS"];
const OF_PULLS: &[&str] = &["PULL_NUMBER", "PULL_PULL_SHA", "PULL_HEAD_REF", "PULL_TITLE"];
const DECORATION_CONTAINERS: &[&str] = &["clonerefs", "initupload", "place-entrypoint", "sidecar"];
const DECORATION_MOUNTS: &[&str] = &["logs", "code", "tools"];
const DECORATION_PATHS: &[&str] = &["/logs", "/home/prow/go", "/tools"];

/// Whether Prow sets a variable in the pods of such jobs.
fn is_reserved(kind: Kind, name: &str) -> bool {
    OF_ALL.contains(&name)
        || kind != Kind::Periodic && OF_COMMITS.contains(&name)
        || kind == Kind::Presubmit && OF_PULLS.contains(&name)
}

/// All that is wrong with a pod: the rule, the way from the pod to the value, and what Prow says.
pub fn spec_problems(kind: Kind, spec: &PodSpec, decoration: Option<&Decorated>) -> Found {
    let mut found = Found::new();
    let lasting = |container: &Container| container.restart_policy.as_deref() == Some("Always");
    if let Some(first) = spec.init_containers.iter().position(|container| !lasting(container)) {
        let names: Vec<&str> =
            spec.init_containers.iter().filter(|it| !lasting(it)).map(|it| it.name.as_str()).collect();
        let names = names.join(" ");
        let message = format!("pod spec may not use init containers(sidecar container is supported): [{names}]");
        found.push((INIT_CONTAINER, way([Step::Key("initContainers"), Step::Item(first)]), message));
    }
    let containers = spec.containers.as_deref().unwrap_or_default();
    match containers.len() {
        0 => {
            let message = "pod spec must specify at least 1 container, found: 0";
            found.push((NO_CONTAINER, way([Step::Key("containers")]), message.into()));
            return found;
        }
        1 => {}
        count if decoration.is_none() => {
            let message = format!("pod utility decoration must be enabled to use multiple containers: {count}");
            found.push((UNDECORATED_CONTAINERS, way([Step::Key("containers"), Step::Item(1)]), message));
            return found;
        }
        _ => names(containers, &mut found),
    }
    for (index, container) in containers.iter().enumerate() {
        variables(kind, container, index, &mut found);
    }
    volumes(spec, containers, decoration, &mut found);
    found
}

fn names(containers: &[Container], found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (index, Container { name, .. }) in containers.iter().enumerate() {
        let at = || way([Step::Key("containers"), Step::Item(index), Step::Key("name")]);
        if name.is_empty() {
            let needed = "all containers must have names when defining multiple containers";
            found.push((CONTAINER_NAME, at(), format!("container does not have name. {needed}")));
        }
        if !seen.insert(name) {
            found.push((CONTAINER_NAME, at(), format!("container named {name:?} is defined more than once")));
        }
        if DECORATION_CONTAINERS.contains(&name.as_str()) {
            let message = format!(
                "container name {name} is a reserved for decoration. please specify a different container name that does \
                 not conflict with pod utility container names"
            );
            found.push((CONTAINER_NAME, at(), message));
        }
    }
}

fn variables(kind: Kind, container: &Container, at: usize, found: &mut Found) {
    let at = |index: usize| {
        way([Step::Key("containers"), Step::Item(at), Step::Key("env"), Step::Item(index), Step::Key("name")])
    };
    for (index, variable) in container.env.iter().enumerate() {
        let name = &variable.name;
        if container.env.iter().take(index).any(|other| other.name == *name) {
            found.push((VARIABLE_TWICE, at(index), format!("env var named {name:?} is defined more than once")));
        }
        if is_reserved(kind, name) {
            found.push((RESERVED_VARIABLE, at(index), format!("env {name} is reserved")));
        }
    }
}

fn volumes(spec: &PodSpec, containers: &[Container], decoration: Option<&Decorated>, found: &mut Found) {
    let secrets = decoration.map(|decoration| decoration.secrets.as_slice()).unwrap_or_default();
    let reserved = |name: &str| {
        DECORATION_MOUNTS.contains(&name)
            || matches!(name, "gcs-credentials" | "s3-credentials")
            || secrets.iter().any(|secret| secret == name)
    };
    for (index, volume) in spec.volumes.iter().enumerate() {
        let name = volume.name.as_str();
        let at = || way([Step::Key("volumes"), Step::Item(index), Step::Key("name")]);
        if spec.volumes.iter().take(index).any(|other| other.name == name) {
            found.push((VOLUME_TWICE, at(), format!("volume named {name:?} is defined more than once")));
        }
        if reserved(name) {
            found.push((RESERVED_VOLUME, at(), format!("volume {name} is a reserved for decoration")));
        }
    }
    for (at, container) in containers.iter().enumerate() {
        for (index, mount) in container.volume_mounts.iter().enumerate() {
            let (name, path) = (mount.name.as_str(), mount.mount_path.as_str());
            let at = |key| {
                let list = Step::Key("volumeMounts");
                way([Step::Key("containers"), Step::Item(at), list, Step::Item(index), Step::Key(key)])
            };
            if !reserved(name) && !spec.volumes.iter().any(|volume| volume.name == name) {
                found.push((UNDEFINED_MOUNT, at("name"), format!("volumeMount named {name:?} is undefined")));
            }
            if DECORATION_MOUNTS.contains(&name) {
                found.push((RESERVED_MOUNT, at("name"), format!("volumeMount name {name} is reserved for decoration")));
            }
            if DECORATION_PATHS.contains(&path) {
                let message = format!("mount {name} at {path} conflicts with decoration mount");
                found.push((RESERVED_MOUNT, at("mountPath"), message));
            }
        }
    }
}

fn way<const N: usize>(steps: [Step<'_>; N]) -> KeyPath {
    below(KeyPath::root(), steps)
}

/// Whether a container that is decorated says what to run, which its image cannot.
pub fn says_what_to_run(container: &Container) -> bool {
    container.command.iter().chain(&container.args).next().is_some_and(|word| !word.is_empty())
}

/// Why a job cannot be decorated like this.
pub fn config_problem(decoration: &DecorationConfig) -> Option<String> {
    let Some(images) = &decoration.utility_images else {
        return Some("utility image config is not specified".into());
    };
    let images = [
        ("clonerefs", &images.clonerefs),
        ("initupload", &images.initupload),
        ("entrypoint", &images.entrypoint),
        ("sidecar", &images.sidecar),
    ];
    let missing: Vec<String> =
        images.iter().filter(|(_, image)| image.is_empty()).map(|(name, _)| format!("{name:?}")).collect();
    if !missing.is_empty() {
        return Some(format!("the following utility images are not specified: [{}]", missing.join(" ")));
    }
    let Some(storage) = &decoration.gcs_configuration else {
        return Some("GCS upload configuration is not specified".into());
    };
    if let Some(why) = storage_problem(storage) {
        return Some(format!("GCS configuration is invalid: {why}"));
    }
    let both = decoration.oauth_token_secret.is_some() && !decoration.ssh_key_secrets.is_empty();
    both.then(|| "both OAuth token and SSH key secrets are specified".to_owned())
}

fn storage_problem(storage: &GCSConfiguration) -> Option<String> {
    let bucket =
        if storage.bucket.contains("://") { storage.bucket.clone() } else { format!("gs://{}", storage.bucket) };
    if address::problem(&bucket).is_some() {
        return Some(format!("path {bucket:?} has invalid format"));
    }
    if let Some(media_type) = storage.media_types.values().find(|text| !is_media_type(text)) {
        return Some(format!("invalid extension media type {media_type:?}"));
    }
    let strategy = storage.path_strategy.as_str();
    if !matches!(strategy, "legacy" | "explicit" | "single") {
        return Some(r#"gcs_path_strategy must be one of "legacy", "explicit", or "single""#.into());
    }
    let unnamed = storage.default_org.is_empty() || storage.default_repo.is_empty();
    (strategy != "explicit" && unnamed)
        .then(|| format!("default org and repo must be provided for GCS strategy {strategy:?}"))
}

/// `text/html; charset=utf-8` and the like.
fn is_media_type(text: &str) -> bool {
    let token = |text: &str| {
        let letter = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte);
        !text.is_empty() && text.bytes().all(letter)
    };
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let (main, sub) = kind.split_once('/').unwrap_or((kind, "x"));
    let parameter = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or_default();
        let quoted = value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
        token(key) && (token(value) || quoted)
    };
    // Nothing after the last semicolon is fine.
    token(main) && token(sub) && parts.all(|part| part.is_empty() || parameter(part))
}
