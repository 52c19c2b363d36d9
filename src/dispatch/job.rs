//! What the choice of a cluster looks at in a job.
//!
//! [`JobFacts`] is a small borrowed view, so a job need not be decoded in full to be placed: [`JobFacts::of`] takes a
//! decoded one, [`LabelFacts::gather`] any list of labels.

use crate::model::job::JobBase;
use crate::model::labels::{CLOUD_LABEL, CLUSTER_LABEL, CLUSTER_PROFILE_LABEL, KVM_LABEL, NO_BUILDS_LABEL};
use crate::model::pod::PodSpec;

/// The label of jobs that reach their test cluster by SSH.
pub const SSH_BASTION_LABEL: &str = "dptp.openshift.io/ssh-bastion";
/// What the labels begin with that ask for a capability.
pub const CAPABILITY_PREFIX: &str = "capability/";

/// The clouds that build clusters may run on.
pub const BUILD_CLOUDS: [&str; 2] = ["aws", "gcp"];

/// A job as the choice of its cluster sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobFacts<'j> {
    /// The job's name.
    pub name: &'j str,
    /// What runs it; nothing and `kubernetes` are the same.
    pub agent: &'j str,
    /// The cluster it has.
    pub cluster: &'j str,
    /// What its labels say.
    pub labels: LabelFacts<'j>,
    /// The first `CLUSTER_TYPE` among its containers' variables that is one of [`BUILD_CLOUDS`].
    pub cluster_type: Option<&'j str>,
    /// Whether its only container is an applyconfig image.
    pub applies_config: bool,
}

impl<'j> JobFacts<'j> {
    /// The facts of a decoded job.
    pub fn of(job: &'j JobBase) -> Self {
        Self {
            name: &job.name,
            agent: &job.agent,
            cluster: &job.cluster,
            labels: LabelFacts::gather(job.labels.iter().map(|(key, value)| (key.as_str(), value.as_str()))),
            cluster_type: job.spec.as_ref().and_then(cluster_type),
            applies_config: job.spec.as_ref().is_some_and(applies_config),
        }
    }
}

/// The labels that bear on the choice of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelFacts<'j> {
    /// [`CLUSTER_LABEL`], if only as an empty one.
    pub cluster: Option<&'j str>,
    /// [`CLOUD_LABEL`], or nothing.
    pub cloud: &'j str,
    /// [`CLUSTER_PROFILE_LABEL`], or nothing.
    pub cluster_profile: &'j str,
    /// Whether there is an [`SSH_BASTION_LABEL`].
    pub ssh_bastion: bool,
    /// Whether there is a [`KVM_LABEL`].
    pub kvm: bool,
    /// Whether there is a [`NO_BUILDS_LABEL`].
    pub no_builds: bool,
    /// The capabilities asked for: labels `capability/X` whose value is `X`.
    pub capabilities: Vec<&'j str>,
}

impl<'j> LabelFacts<'j> {
    /// Reads the facts off labels; of two with the same key the later one counts.
    pub fn gather(labels: impl IntoIterator<Item = (&'j str, &'j str)>) -> Self {
        let mut facts = Self::default();
        for (key, value) in labels {
            match key {
                CLUSTER_LABEL => facts.cluster = Some(value),
                CLOUD_LABEL => facts.cloud = value,
                CLUSTER_PROFILE_LABEL => facts.cluster_profile = value,
                SSH_BASTION_LABEL => facts.ssh_bastion = true,
                KVM_LABEL => facts.kvm = true,
                NO_BUILDS_LABEL => facts.no_builds = true,
                _ => {
                    if key.strip_prefix(CAPABILITY_PREFIX) == Some(value) {
                        facts.capabilities.push(value);
                    }
                }
            }
        }
        facts
    }
}

fn cluster_type(spec: &PodSpec) -> Option<&str> {
    let variables = spec.containers.iter().flatten().flat_map(|container| &container.env);
    let values = variables.filter(|variable| variable.name == "CLUSTER_TYPE").map(|variable| variable.value.as_str());
    values.into_iter().find(|value| BUILD_CLOUDS.contains(value))
}

fn applies_config(spec: &PodSpec) -> bool {
    matches!(spec.containers.as_deref(), Some([only]) if only.image.contains("applyconfig"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::pod::{Container, EnvVar};

    fn container(image: &str, variables: &[(&str, &str)]) -> Container {
        let env = variables.iter().map(|(name, value)| EnvVar {
            name: (*name).into(),
            value: (*value).into(),
            ..EnvVar::default()
        });
        Container { image: image.into(), env: env.collect(), ..Container::default() }
    }

    fn job(containers: Vec<Container>) -> JobBase {
        JobBase { spec: Some(PodSpec { containers: Some(containers), ..PodSpec::default() }), ..JobBase::default() }
    }

    #[test]
    fn only_labels_that_repeat_their_capability_ask_for_it() {
        let facts = LabelFacts::gather([("capability/vpn", "vpn"), ("capability/rce", "true"), ("capability", "x")]);
        assert_eq!(facts.capabilities, ["vpn"]);
    }

    #[test]
    fn an_unknown_cluster_type_does_not_hide_a_known_one() {
        let job = job(vec![
            container("a", &[("OTHER", "gcp"), ("CLUSTER_TYPE", "azure4")]),
            container("b", &[("CLUSTER_TYPE", "aws"), ("CLUSTER_TYPE", "gcp")]),
        ]);
        assert_eq!(JobFacts::of(&job).cluster_type, Some("aws"));
    }

    #[test]
    fn applyconfig_has_to_be_alone() {
        assert!(JobFacts::of(&job(vec![container("ci/applyconfig:latest", &[])])).applies_config);
        assert!(!JobFacts::of(&job(vec![container("ci/applyconfig:latest", &[]), container("b", &[])])).applies_config);
        assert!(!JobFacts::of(&JobBase::default()).applies_config);
    }
}
