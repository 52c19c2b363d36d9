//! Why a job runs where it runs: the step of the decision that named the cluster, kept as a value.
//!
//! [`Choice`] is the answer of [`Dispatcher::cluster_for`](super::FileDispatcher::cluster_for). Its [`Reason`] is what placed
//! the job, its [`Detour`] what happened when that cluster was blocked. Both read as sentences.

use std::fmt;

use crate::diagnostic::rule::{Rule, rules};

rules! {
    NO_CAPABLE_CLUSTER = "no-capable-cluster",
        "no active build cluster has all capabilities that a job asks for",
        "The job has nowhere to run, and neither it nor the jobs after it in its file are brought into form.",
        "ask for capabilities that one cluster of _clusters.yaml has together, or add the missing one to a cluster";
    SEVERAL_CLUSTER_CLAIMS = "several-cluster-claims",
        "more than one pattern or list of files sends a job file to a cluster",
        "Which of the clusters is meant is anyone's guess, so the jobs of the file are not placed.",
        "take the file out of all but one of the lists and patterns in _config.yaml";
}

/// A job's cluster and how it was come by.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<'a> {
    /// The cluster; empty for jobs that other agents run.
    pub cluster: &'a str,
    /// What placed the job.
    pub reason: Reason<'a>,
    /// Set when the cluster that the reason led to is blocked.
    pub detour: Option<Detour<'a>>,
}

/// A choice that blocked clusters forced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detour<'a> {
    /// The cluster that the reason led to.
    pub blocked: &'a str,
    /// What stands in for it.
    pub instead: Instead,
}

/// What stands in for a blocked cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// The cluster that most jobs of the file had.
    MostUsed,
    /// The default cluster, blocked or not.
    Default,
}

/// What places a job, in the order in which it is tried.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason<'a> {
    /// It has a build cluster already.
    Kept,
    /// It has a cluster that only people assign.
    Manual,
    /// Another agent than Kubernetes runs it.
    OtherAgent,
    /// Its name speaks of vSphere.
    VSphere,
    /// It reaches its test cluster by SSH.
    SshBastion,
    /// A label names its cluster.
    Label,
    /// It asks for capabilities.
    Capabilities {
        /// What it asks for.
        required: Vec<&'a str>,
        /// The cloud of its test, when that has clusters with these capabilities.
        cloud: Option<&'a str>,
        /// How many clusters there were to choose from.
        among: usize,
    },
    /// It uses KVM devices.
    Kvm {
        /// How many clusters there were to choose from.
        among: usize,
    },
    /// Its test uses a cloud that has build clusters.
    Cloud {
        /// The cloud that the test uses.
        stated: &'a str,
        /// The cloud that stands for it.
        cloud: &'a str,
        /// How many clusters there were to choose from.
        among: usize,
    },
    /// It builds no images.
    NoBuilds {
        /// How many clusters there were to choose from.
        among: usize,
    },
    /// A group lists it by name.
    JobName,
    /// A group's pattern matches the path of its file.
    Path {
        /// The pattern.
        pattern: &'a str,
    },
    /// The build farm lists its file.
    FileName,
    /// Nothing else applies.
    Default,
}

/// Why a job can have no cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No active cluster has all capabilities that the job asks for.
    NoCapableCluster {
        /// The job's name.
        job: String,
        /// What it asks for, sorted.
        required: Vec<String>,
    },
    /// More than one pattern or list of files claims the job's file.
    SeveralClaims {
        /// The file's path, as it was given.
        path: String,
        /// The patterns and, once for each cluster that lists it, the file's name; sorted.
        claims: Vec<String>,
    },
}

impl Reason<'_> {
    /// A word for it, for other programs.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Manual => "manual",
            Self::OtherAgent => "other-agent",
            Self::VSphere => "vsphere",
            Self::SshBastion => "ssh-bastion",
            Self::Label => "label",
            Self::Capabilities { .. } => "capabilities",
            Self::Kvm { .. } => "kvm",
            Self::Cloud { .. } => "cloud",
            Self::NoBuilds { .. } => "no-builds",
            Self::JobName => "job-name",
            Self::Path { .. } => "path",
            Self::FileName => "file-name",
            Self::Default => "default",
        }
    }

    /// Out of how many clusters that are equally good the length of the file's name picks one.
    pub fn among(&self) -> Option<usize> {
        match self {
            Self::Capabilities { among, .. }
            | Self::Kvm { among }
            | Self::Cloud { among, .. }
            | Self::NoBuilds { among } => Some(*among),
            _ => None,
        }
    }
}

impl Refusal {
    /// The rule that this breaks.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Self::NoCapableCluster { .. } => &NO_CAPABLE_CLUSTER,
            Self::SeveralClaims { .. } => &SEVERAL_CLUSTER_CLAIMS,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCapableCluster { job, required } => {
                let required = required.join(",");
                write!(out, "job {job} can't be matched with any cluster using provided capabilities: {required}")
            }
            Self::SeveralClaims { path, claims } => {
                write!(out, "path {path} matches more than 1 regex: [{}]", claims.join(" "))
            }
        }
    }
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => out.write_str("the job has this build cluster already"),
            Self::Manual => out.write_str("the job was given this cluster by hand"),
            Self::OtherAgent => out.write_str("the job does not run on Kubernetes"),
            Self::VSphere => out.write_str("the job's name says vsphere"),
            Self::SshBastion => out.write_str("the job needs the SSH bastion"),
            Self::Label => out.write_str("a label of the job names this cluster"),
            Self::Capabilities { required, cloud, among } => {
                write!(out, "{} ", one_of(*among))?;
                if let Some(cloud) = cloud {
                    write!(out, "on {cloud} ")?;
                }
                write!(out, "with the capabilities {}", required.join(", "))
            }
            Self::Kvm { among } => write!(out, "{} with KVM devices", one_of(*among)),
            Self::Cloud { stated, cloud, among } if stated == cloud => {
                write!(out, "{} on {cloud}, where the job's test runs", one_of(*among))
            }
            Self::Cloud { stated, cloud, among } => {
                let clusters = one_of(*among);
                write!(out, "{clusters} on {cloud}, which stands for {stated}, where the job's test runs")
            }
            Self::NoBuilds { among } => write!(out, "{} for jobs that build nothing", one_of(*among)),
            Self::JobName => out.write_str("a group lists the job by name"),
            Self::Path { pattern } => write!(out, "a group's pattern {pattern:?} matches the path of the file"),
            Self::FileName => out.write_str("the build farm lists the file"),
            Self::Default => out.write_str("the default cluster, as nothing else applies"),
        }
    }
}

fn one_of(among: usize) -> String {
    if among == 1 { "the only cluster".to_owned() } else { format!("one of {among} clusters") }
}

impl fmt::Display for Choice<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detour {
            None => write!(out, "{}: {}", self.cluster, self.reason),
            Some(Detour { blocked, instead }) => {
                let instead = match instead {
                    Instead::MostUsed => "the cluster that most jobs of the file have",
                    Instead::Default => "the default cluster",
                };
                write!(out, "{}: {instead}, in place of {blocked} ({}), which is blocked", self.cluster, self.reason)
            }
        }
    }
}
