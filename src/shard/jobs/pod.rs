//! What makes the pod of a job wrong.

use std::collections::BTreeSet;

use crate::model::decoration::{DecorationConfig, GCSConfiguration};
use crate::model::pod::{Container, PodSpec};
use crate::shard::address;

use super::check::Kind;

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

/// All that is wrong with a pod.
pub fn spec_problems(kind: Kind, spec: &PodSpec, decoration: Option<&DecorationConfig>) -> Vec<String> {
    let mut problems = Vec::new();
    let lasting = |container: &&Container| container.restart_policy.as_deref() == Some("Always");
    let unsupported: Vec<&str> =
        spec.init_containers.iter().filter(|container| !lasting(container)).map(|it| it.name.as_str()).collect();
    if !unsupported.is_empty() {
        let names = unsupported.join(" ");
        problems.push(format!("pod spec may not use init containers(sidecar container is supported): [{names}]"));
    }
    let containers = spec.containers.as_deref().unwrap_or_default();
    match containers.len() {
        0 => {
            problems.push("pod spec must specify at least 1 container, found: 0".into());
            return problems;
        }
        1 => {}
        count if decoration.is_none() => {
            problems.push(format!("pod utility decoration must be enabled to use multiple containers: {count}"));
            return problems;
        }
        _ => names(containers, &mut problems),
    }
    containers.iter().for_each(|container| variables(kind, container, &mut problems));
    volumes(spec, containers, decoration, &mut problems);
    problems
}

fn names(containers: &[Container], problems: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for Container { name, .. } in containers {
        if name.is_empty() {
            let needed = "all containers must have names when defining multiple containers";
            problems.push(format!("container does not have name. {needed}"));
        }
        if !seen.insert(name) {
            problems.push(format!("container named {name:?} is defined more than once"));
        }
        if DECORATION_CONTAINERS.contains(&name.as_str()) {
            problems.push(format!(
                "container name {name} is a reserved for decoration. please specify a different container name that does \
                 not conflict with pod utility container names"
            ));
        }
    }
}

fn variables(kind: Kind, container: &Container, problems: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for variable in &container.env {
        let name = &variable.name;
        if !seen.insert(name) {
            problems.push(format!("env var named {name:?} is defined more than once"));
        }
        if is_reserved(kind, name) {
            problems.push(format!("env {name} is reserved"));
        }
    }
}

fn volumes(
    spec: &PodSpec,
    containers: &[Container],
    decoration: Option<&DecorationConfig>,
    problems: &mut Vec<String>,
) {
    let mut reserved: BTreeSet<&str> = DECORATION_MOUNTS.iter().copied().collect();
    reserved.extend(["gcs-credentials", "s3-credentials"]);
    if let Some(decoration) = decoration {
        reserved.extend(decoration.oauth_token_secret.iter().map(|secret| secret.name.as_str()));
        reserved.extend(decoration.ssh_key_secrets.iter().map(String::as_str));
    }
    let mut there = BTreeSet::new();
    for volume in &spec.volumes {
        let name = volume.name.as_str();
        if !there.insert(name) {
            problems.push(format!("volume named {name:?} is defined more than once"));
        }
        if reserved.contains(name) {
            problems.push(format!("volume {name} is a reserved for decoration"));
        }
    }
    for mount in containers.iter().flat_map(|container| &container.volume_mounts) {
        let (name, path) = (mount.name.as_str(), mount.mount_path.as_str());
        if !there.contains(name) && !reserved.contains(name) {
            problems.push(format!("volumeMount named {name:?} is undefined"));
        }
        if DECORATION_MOUNTS.contains(&name) {
            problems.push(format!("volumeMount name {name} is reserved for decoration"));
        }
        if DECORATION_PATHS.contains(&path) {
            problems.push(format!("mount {name} at {path} conflicts with decoration mount"));
        }
    }
}

/// What is wrong with a container that is decorated.
pub fn decoration_problem(container: &Container, decoration: &DecorationConfig) -> Option<String> {
    if let Some(why) = config_problem(decoration) {
        return Some(format!("invalid decoration config: {why}"));
    }
    let first = container.command.iter().chain(&container.args).next();
    let message = "decorated job containers must specify command and/or args";
    first.is_none_or(|word| word.is_empty()).then(|| message.to_owned())
}

fn config_problem(decoration: &DecorationConfig) -> Option<String> {
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
