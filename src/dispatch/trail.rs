//! The whole way of a job to its cluster: every question that was asked before the one that placed it.
//!
//! A [`Trail`] is for people who ask why. It is made by the very code that places jobs: `choose.rs` tells a [`Listener`] of
//! each question that a job passes, and when nobody asks, the listener is `()` and nothing is told or made.

use std::fmt;

use super::reason::{Choice, Refusal};

/// Hears of the questions that a job passes on its way.
pub(super) trait Listener<'a> {
    /// A question was asked, and it did not place the job.
    fn passed(&mut self, passed: impl FnOnce() -> Passed<'a>);
}

/// Nobody listens.
impl<'a> Listener<'a> for () {
    fn passed(&mut self, _: impl FnOnce() -> Passed<'a>) {}
}

impl<'a> Listener<'a> for Vec<Passed<'a>> {
    fn passed(&mut self, passed: impl FnOnce() -> Passed<'a>) {
        self.push(passed());
    }
}

/// How a job came by its cluster, or why it has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail<'a> {
    /// What was asked before, in order.
    pub passed: Vec<Passed<'a>>,
    /// How it ended.
    pub end: Result<Choice<'a>, Refusal>,
}

/// A question that did not place a job, with the answer. They are in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed<'a> {
    /// The job has no cluster that it could keep.
    NoCluster,
    /// The cluster that it has is blocked.
    Blocked(&'a str),
    /// The cluster that it has is none of the build clusters, nor one that people assign.
    UnknownCluster(&'a str),
    /// Kubernetes runs it.
    Kubernetes,
    /// Its name says nothing of vSphere.
    NotVSphere,
    /// Its name says vSphere, and it may run anywhere all the same.
    FreeVSphere,
    /// It does not ask for the SSH bastion.
    NoSshBastion,
    /// It asks for the SSH bastion, and no cluster is named for that.
    SshBastionUnset,
    /// No label names its cluster.
    NoLabel,
    /// It asks for no capabilities.
    NoCapabilities,
    /// It uses no KVM devices.
    NoKvm,
    /// It uses KVM devices, and no clusters are listed for that.
    KvmUnset,
    /// Jobs do not go by the cloud of their test.
    CloudsDoNotMatter,
    /// It says nothing of a cloud.
    NoCloud,
    /// No build cluster is on the cloud of its test.
    CloudWithoutClusters {
        /// The cloud that the test uses.
        stated: &'a str,
        /// The cloud that stands for it.
        cloud: &'a str,
    },
    /// It is not marked as building nothing.
    Builds,
    /// It is marked as building nothing, and no clusters are listed for that.
    NoBuildsUnset,
    /// No group lists it by name.
    NotInGroup,
    /// No group's pattern matches the path of its file.
    NoPattern,
    /// No cluster of the build farm lists its file.
    NotInFarm,
}

/// What is asked, in order; the first that applies places the job.
pub const QUESTIONS: [&str; 14] = [
    "the build cluster that it has, unless that is blocked",
    "another agent than Kubernetes",
    "a cluster that only people assign",
    "vSphere in its name",
    "the SSH bastion",
    "a label that names a cluster",
    "capabilities",
    "KVM devices",
    "the cloud of its test",
    "that it builds nothing",
    "a group that lists it by name",
    "a group whose pattern matches the path of its file",
    "a cluster of the build farm that lists its file",
    "the default",
];

impl Passed<'_> {
    /// Whether most jobs answer otherwise, so that the answer is worth a word.
    pub fn is_notable(&self) -> bool {
        matches!(
            self,
            Self::Blocked(_)
                | Self::UnknownCluster(_)
                | Self::FreeVSphere
                | Self::SshBastionUnset
                | Self::KvmUnset
                | Self::CloudWithoutClusters { .. }
                | Self::NoBuildsUnset
        )
    }
}

impl fmt::Display for Passed<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoCluster => "it has no cluster yet",
            Self::Blocked(cluster) => return write!(out, "its cluster {cluster} is blocked"),
            Self::UnknownCluster(cluster) => {
                return write!(out, "its cluster {cluster} is none of the build clusters that jobs keep");
            }
            Self::Kubernetes => "it runs on Kubernetes",
            Self::NotVSphere => "its name says nothing of vSphere",
            Self::FreeVSphere => "its name says vSphere, but it may run anywhere",
            Self::NoSshBastion => "it does not need the SSH bastion",
            Self::SshBastionUnset => "it needs the SSH bastion, but no cluster is named for that",
            Self::NoLabel => "no label names its cluster",
            Self::NoCapabilities => "it asks for no capabilities",
            Self::NoKvm => "it uses no KVM devices",
            Self::KvmUnset => "it uses KVM devices, but no clusters are listed for that",
            Self::CloudsDoNotMatter => "the cloud of a test does not matter (determineE2EByJob is off)",
            Self::NoCloud => "its test uses no cloud",
            Self::CloudWithoutClusters { stated, cloud } if stated == cloud => {
                return write!(out, "its test uses {cloud}, where no build cluster is");
            }
            Self::CloudWithoutClusters { stated, cloud } => {
                return write!(out, "its test uses {stated}, for which {cloud} stands, where no build cluster is");
            }
            Self::Builds => "it is not marked as building nothing",
            Self::NoBuildsUnset => "it builds nothing, but no clusters are listed for that",
            Self::NotInGroup => "no group lists it by name",
            Self::NoPattern => "no group's pattern matches the path of its file",
            Self::NotInFarm => "no cluster of the build farm lists its file",
        })
    }
}
