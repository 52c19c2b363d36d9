//! The pod of a generated job: ci-operator with the arguments, mounts and volumes that the job's parts ask for.
//!
//! [`PodPlan`] collects what is asked for, in any order; asking twice for the same is no mistake, asking for two
//! things in one place is a conflict, which [`PodPlan::finish`] reports. [`PodPlan::to_spec`] gives the pod. What all
//! jobs have is in `DEFAULT_…` below.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::labels::PRIVATE_CLONER_SECRET;
use crate::model::pod::{
    CSIVolumeSource, ConfigMapVolumeSource, Container, ContainerPort, EnvVar, EnvVarSource, KeyToPath,
    LocalObjectReference, ObjectFieldSelector, PodSpec, ResourceRequirements, SecretVolumeSource, Volume, VolumeMount,
    VolumeSource,
};

const SERVICE_ACCOUNT: &str = "ci-operator";
const IMAGE: &str = "quay-proxy.ci.openshift.org/openshift/ci:ci_ci-operator_latest";
const DEFAULT_ARGS: [&str; 3] = [
    "--gcs-upload-secret=/secrets/gcs/service-account.json",
    "--image-import-pull-secret=/etc/pull-secret/.dockerconfigjson",
    "--report-credentials-file=/etc/report/credentials",
];
/// The volume of `gcs-credentials` is added by Prow when it decorates the job.
const DEFAULT_MOUNTS: [(&str, &str); 4] = [
    ("gcs-credentials", "/secrets/gcs"),
    ("manifest-tool-local-pusher", "/secrets/manifest-tool"),
    ("pull-secret", "/etc/pull-secret"),
    ("result-aggregator", "/etc/report"),
];
const DEFAULT_SECRETS: [(&str, &str); 3] = [
    ("manifest-tool-local-pusher", "manifest-tool-local-pusher"),
    ("pull-secret", "registry-pull-credentials"),
    ("result-aggregator", "result-aggregator"),
];

/// A read-only mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount<'c> {
    /// The mounted volume.
    pub name: Cow<'c, str>,
    /// Where it appears.
    pub path: Cow<'c, str>,
}

/// What a volume holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source<'c> {
    /// A secret.
    Secret(Cow<'c, str>),
    /// The key `credentials` of the secret that opens the lease server.
    LeaseCredentials,
    /// The settings for Google's secret manager.
    SecretManagerConfig,
    /// The key to Google's secret manager.
    SecretManagerKey,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedVolume<'c> {
    /// The volume's name.
    pub name: Cow<'c, str>,
    /// What it holds.
    pub source: Source<'c>,
}

/// What a job's pod needs beyond what all have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodPlan<'c> {
    /// ci-operator's arguments.
    pub args: Vec<Cow<'c, str>>,
    /// The container's mounts.
    pub mounts: Vec<Mount<'c>>,
    /// The pod's volumes.
    pub volumes: Vec<PlannedVolume<'c>>,
    /// Whether ci-operator serves files to the test.
    pub serves_http: bool,
    conflicts: Vec<String>,
}

impl Default for PodPlan<'_> {
    fn default() -> Self {
        let mount = |(name, path)| Mount { name: Cow::Borrowed(name), path: Cow::Borrowed(path) };
        let volume =
            |(name, secret)| PlannedVolume { name: Cow::Borrowed(name), source: Source::Secret(Cow::Borrowed(secret)) };
        Self {
            args: DEFAULT_ARGS.map(Cow::Borrowed).to_vec(),
            mounts: DEFAULT_MOUNTS.map(mount).to_vec(),
            volumes: DEFAULT_SECRETS.map(volume).to_vec(),
            serves_http: false,
            conflicts: Vec::new(),
        }
    }
}

impl<'c> PodPlan<'c> {
    /// Adds an argument unless it is there.
    pub fn arg(&mut self, arg: impl Into<Cow<'c, str>>) {
        let arg = arg.into();
        if !self.args.contains(&arg) {
            self.args.push(arg);
        }
    }

    /// Adds a volume with its mount and the argument that points to it.
    fn mounted(&mut self, name: Cow<'c, str>, source: Source<'c>, path: Cow<'c, str>, arg: Cow<'c, str>) {
        if self.volume(name.clone(), source) && self.mount(name, path) {
            self.arg(arg);
        }
    }

    fn volume(&mut self, name: Cow<'c, str>, source: Source<'c>) -> bool {
        match self.volumes.iter().find(|volume| volume.name == name) {
            Some(volume) if volume.source == source => {}
            Some(_) => {
                self.conflicts.push(format!("volume {name:?} is wanted with two different contents"));
                return false;
            }
            None => self.volumes.push(PlannedVolume { name, source }),
        }
        true
    }

    fn mount(&mut self, name: Cow<'c, str>, path: Cow<'c, str>) -> bool {
        match self.mounts.iter().find(|mount| mount.path == path) {
            Some(mount) if mount.name == name => {}
            Some(mount) => {
                let message = format!("two volumes, {:?} and {name:?}, are wanted at {path:?}", mount.name);
                self.conflicts.push(message);
                return false;
            }
            None => self.mounts.push(Mount { name, path }),
        }
        true
    }

    /// Hands a cluster secret to the test.
    pub fn secret(&mut self, secret: &'c str) {
        let name = if secret.contains('.') { Cow::Owned(secret.replace('.', "-")) } else { Cow::Borrowed(secret) };
        let path = format!("/secrets/{secret}");
        let arg = format!("--secret-dir={path}");
        self.mounted(name, Source::Secret(Cow::Borrowed(secret)), Cow::Owned(path), Cow::Owned(arg));
    }

    /// Mounts a secret under its own name at a fixed place.
    fn fixed_secret(&mut self, name: &'static str, secret: &'static str, path: &'static str, arg: &'static str) {
        self.mounted(
            Cow::Borrowed(name),
            Source::Secret(Cow::Borrowed(secret)),
            Cow::Borrowed(path),
            Cow::Borrowed(arg),
        );
    }

    /// The pull secret that imports of release payloads need in the test's namespace.
    pub fn pull_secret(&mut self) {
        self.secret("ci-pull-credentials");
    }

    /// Promotes what is built.
    pub fn promotion(&mut self) {
        let arg = "--image-mirror-push-secret=/etc/push-secret/.dockerconfigjson";
        self.fixed_secret("push-secret", "registry-push-credentials-ci-central", "/etc/push-secret", arg);
        self.arg("--promote");
    }

    /// Lets ci-operator lease quota from the lease server.
    pub fn leases(&mut self) {
        let (name, path) = (Cow::Borrowed("boskos"), Cow::Borrowed("/etc/boskos"));
        let arg = Cow::Borrowed("--lease-server-credentials-file=/etc/boskos/credentials");
        self.mounted(name, Source::LeaseCredentials, path, arg);
    }

    /// Lets ci-operator claim a cluster from Hive.
    pub fn cluster_claim(&mut self) {
        const HIVE: &str = "hive-hive-credentials";
        let arg = "--hive-kubeconfig=/secrets/hive-hive-credentials/kubeconfig";
        self.fixed_secret(HIVE, HIVE, "/secrets/hive-hive-credentials", arg);
        self.pull_secret();
    }

    /// Lets ci-operator read private repositories. Where Prow clones for the job it brings the volume itself.
    pub fn private_clone(&mut self, prow_brings_volume: bool) {
        let name = Cow::Borrowed(PRIVATE_CLONER_SECRET);
        if !prow_brings_volume {
            self.volume(name.clone(), Source::Secret(name.clone()));
        }
        self.mount(name, Cow::Borrowed("/usr/local/github-credentials"));
        self.arg("--oauth-token-path=/usr/local/github-credentials/oauth");
    }

    /// Lets ci-operator read secrets from Google's secret manager.
    pub fn secret_manager(&mut self) {
        let (config, key) = (Cow::Borrowed("gsm-config"), Cow::Borrowed("gsm-sa-key"));
        let settled = self.volume(config.clone(), Source::SecretManagerConfig)
            && self.mount(config, Cow::Borrowed("/etc/gsm-config"))
            && self.volume(key.clone(), Source::SecretManagerKey)
            && self.mount(key, Cow::Borrowed("/etc/gsm-credentials"));
        if settled {
            self.arg("--enable-secrets-store-csi-driver=true");
            self.arg("--gsm-config=/etc/gsm-config/gsm-config.yaml");
            self.arg("--gsm-project-config=/etc/gsm-config/gsm-project-config.yaml");
            self.arg("--gsm-credentials-file=/etc/gsm-credentials/key.json");
        }
    }

    /// Has ci-operator work toward a target.
    pub fn target(&mut self, target: &str) {
        self.arg(format!("--target={target}"));
    }

    /// Tells the test which of its shards it is.
    pub fn shard(&mut self, index: i64, count: i64) {
        let arg = format!("--multi-stage-param=SHARD_ARGS=\"--shard-count {count} --shard-id {index}\"");
        self.args.push(Cow::Owned(arg));
    }

    /// Brings everything into the order it is written in, and gives the conflicts.
    pub fn finish(&mut self) -> Vec<String> {
        self.args.sort_unstable();
        self.mounts.sort_by(|left, right| left.name.cmp(&right.name));
        self.volumes.sort_by(|left, right| left.name.cmp(&right.name));
        std::mem::take(&mut self.conflicts)
    }

    /// The pod as the model has it.
    pub fn to_spec(&self) -> PodSpec {
        PodSpec {
            service_account_name: SERVICE_ACCOUNT.to_owned(),
            containers: Some(vec![self.container()]),
            volumes: self.volumes.iter().map(PlannedVolume::to_model).collect(),
            ..PodSpec::default()
        }
    }

    fn container(&self) -> Container {
        Container {
            command: vec!["ci-operator".to_owned()],
            args: self.args.iter().map(|arg| arg.clone().into_owned()).collect(),
            image: IMAGE.to_owned(),
            image_pull_policy: "Always".to_owned(),
            env: if self.serves_http { vec![own_address()] } else { Vec::new() },
            ports: if self.serves_http { vec![http_port()] } else { Vec::new() },
            resources: ResourceRequirements {
                requests: BTreeMap::from([("cpu".to_owned(), super::cpu_request())]),
                ..ResourceRequirements::default()
            },
            volume_mounts: self.mounts.iter().map(Mount::to_model).collect(),
            ..Container::default()
        }
    }
}

fn own_address() -> EnvVar {
    let field = ObjectFieldSelector { field_path: "status.podIP".to_owned(), ..ObjectFieldSelector::default() };
    EnvVar {
        name: "HTTP_SERVER_IP".to_owned(),
        value_from: Some(Box::new(EnvVarSource { field_ref: Some(Box::new(field)), ..EnvVarSource::default() })),
        ..EnvVar::default()
    }
}

fn http_port() -> ContainerPort {
    ContainerPort { name: "http".to_owned(), container_port: 8080, ..ContainerPort::default() }
}

impl Mount<'_> {
    fn to_model(&self) -> VolumeMount {
        VolumeMount {
            name: self.name.clone().into_owned(),
            mount_path: self.path.clone().into_owned(),
            read_only: true,
            ..VolumeMount::default()
        }
    }
}

impl PlannedVolume<'_> {
    fn to_model(&self) -> Volume {
        let mut source = VolumeSource::default();
        let secret = |secret_name: &str, items| {
            Some(Box::new(SecretVolumeSource {
                secret_name: secret_name.to_owned(),
                items,
                ..SecretVolumeSource::default()
            }))
        };
        match &self.source {
            Source::Secret(name) => source.secret = secret(name, Vec::new()),
            Source::LeaseCredentials => {
                let [key, path] = ["credentials"; 2].map(str::to_owned);
                source.secret = secret("boskos-credentials", vec![KeyToPath { key, path, ..KeyToPath::default() }]);
            }
            Source::SecretManagerConfig => {
                let local_object_reference = LocalObjectReference { name: "gsm-config".to_owned() };
                source.config_map = Some(Box::new(ConfigMapVolumeSource {
                    local_object_reference,
                    ..ConfigMapVolumeSource::default()
                }));
            }
            Source::SecretManagerKey => source.csi = Some(Box::new(secret_manager_key())),
        }
        Volume { name: self.name.clone().into_owned(), volume_source: source }
    }
}

fn secret_manager_key() -> CSIVolumeSource {
    let class = ("secretProviderClass".to_owned(), "ci-operator-sa-key-spc".to_owned());
    CSIVolumeSource {
        driver: "secrets-store.csi.k8s.io".to_owned(),
        read_only: Some(true),
        volume_attributes: BTreeMap::from([class]),
        ..CSIVolumeSource::default()
    }
}
