//! The order of the decisions that place a job.
//!
//! A job that has an active build cluster or a manual one keeps it. Otherwise [`FileDispatcher::placed`] goes through
//! what the job needs (vSphere, SSH bastion, a label, capabilities, KVM, its test's cloud, no builds) and then through
//! what its name and file say. When the cluster found is blocked, the one that most jobs of the file have stands in for
//! it, or else the default. Where several clusters are equally good, the length of the file's name in bytes picks one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;

use crate::diagnostic::Diagnostic;

use super::farm::BuildFarm;
use super::job::{JobFacts, LabelFacts};
use super::load::Groups;
use super::reason::{Choice, Detour, Instead, Reason, Refusal};
use super::trail::{Listener, Passed, Trail};

/// The cluster of vSphere jobs.
const VSPHERE_CLUSTER: &str = "vsphere02";
/// The cluster profile of the vSphere jobs that may run anywhere.
const FREE_VSPHERE_PROFILE: &str = "vsphere-elastic-poc";

/// The configuration of the dispatcher, compiled and checked.
#[derive(Debug)]
pub struct Dispatcher {
    pub(super) default: String,
    /// Whether jobs run on the cloud of their test.
    pub(super) by_test_cloud: bool,
    pub(super) cloud_mapping: BTreeMap<String, String>,
    pub(super) ssh_bastion: String,
    pub(super) kvm: Vec<String>,
    pub(super) no_builds: Vec<String>,
    pub(super) manual: Vec<String>,
    pub(super) farm: BuildFarm,
    pub(super) blocked: BTreeSet<String>,
    pub(super) groups: Groups,
    pub(super) warnings: Vec<Diagnostic>,
}

impl Dispatcher {
    /// What is odd about the configuration and allowed.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The dispatcher for the jobs of one file. Patterns see `path` exactly as given here: the jobs directory as it was
    /// named, joined with the way to the file.
    pub fn file<'a>(&'a self, path: &'a str) -> FileDispatcher<'a> {
        let base = path.rsplit('/').next().unwrap_or(path);
        FileDispatcher { dispatcher: self, path, base, claims: OnceCell::new() }
    }

    /// Whether a job that has this cluster keeps it. Most jobs do, so ask this first.
    pub fn keeps(&self, cluster: &str) -> bool {
        !cluster.is_empty() && (self.farm.has(cluster) || self.is_manual(cluster)) && !self.blocked.contains(cluster)
    }

    fn is_manual(&self, cluster: &str) -> bool {
        self.manual.iter().any(|manual| manual == cluster)
    }
}

/// The dispatcher for the jobs of one file.
#[derive(Debug)]
pub struct FileDispatcher<'a> {
    dispatcher: &'a Dispatcher,
    path: &'a str,
    base: &'a str,
    /// Found out once, when a job first asks.
    claims: OnceCell<Claims<'a>>,
}

/// What ties a path to clusters.
#[derive(Debug, Default)]
struct Claims<'a> {
    first: Option<(&'a str, Reason<'a>)>,
    all: SmallVec<[&'a str; 2]>,
}

impl<'a> FileDispatcher<'a> {
    /// Whether a job that has this cluster keeps it; see [`Dispatcher::keeps`].
    pub fn keeps(&self, cluster: &str) -> bool {
        self.dispatcher.keeps(cluster)
    }

    /// The cluster of a job. `most_used` is the cluster that most jobs of the file have, or nothing.
    pub fn cluster_for<'j>(&self, job: &JobFacts<'j>, most_used: &'j str) -> Result<Choice<'j>, Refusal>
    where
        'a: 'j,
    {
        self.chosen(job, most_used, &mut ())
    }

    /// As [`FileDispatcher::cluster_for`], with every question that was asked on the way.
    pub fn trail<'j>(&self, job: &JobFacts<'j>, most_used: &'j str) -> Trail<'j>
    where
        'a: 'j,
    {
        let mut passed = Vec::new();
        let end = self.chosen(job, most_used, &mut passed);
        Trail { passed, end }
    }

    fn chosen<'j>(
        &self,
        job: &JobFacts<'j>,
        most_used: &'j str,
        listener: &mut impl Listener<'j>,
    ) -> Result<Choice<'j>, Refusal>
    where
        'a: 'j,
    {
        let dispatcher = self.dispatcher;
        if dispatcher.keeps(job.cluster) {
            let reason = if dispatcher.farm.has(job.cluster) { Reason::Kept } else { Reason::Manual };
            return Ok(Choice { cluster: job.cluster, reason, detour: None });
        }
        listener.passed(|| match job.cluster {
            "" => Passed::NoCluster,
            cluster if dispatcher.blocked.contains(cluster) => Passed::Blocked(cluster),
            cluster => Passed::UnknownCluster(cluster),
        });
        let (cluster, reason) = self.placed(job, listener)?;
        if !dispatcher.blocked.contains(cluster) {
            return Ok(Choice { cluster, reason, detour: None });
        }
        let usable = !most_used.is_empty() && !dispatcher.blocked.contains(most_used);
        let (instead, stand_in) =
            if usable { (Instead::MostUsed, most_used) } else { (Instead::Default, dispatcher.default.as_str()) };
        Ok(Choice { cluster: stand_in, reason, detour: Some(Detour { blocked: cluster, instead }) })
    }

    /// Where a job belongs, blocked or not.
    fn placed<'j>(&self, job: &JobFacts<'j>, listener: &mut impl Listener<'j>) -> Result<(&'j str, Reason<'j>), Refusal>
    where
        'a: 'j,
    {
        let dispatcher = self.dispatcher;
        if !matches!(job.agent, "" | "kubernetes") {
            return Ok(("", Reason::OtherAgent));
        }
        listener.passed(|| Passed::Kubernetes);
        if dispatcher.is_manual(job.cluster) {
            return Ok((job.cluster, Reason::Manual));
        }
        if let Some(found) = self.by_needs(job, listener) {
            return found;
        }
        if let Some(found) = self.by_test_cloud(job, listener) {
            return Ok(found);
        }
        if job.labels.no_builds
            && let Some(cluster) = self.spread(&dispatcher.no_builds)
        {
            return Ok((cluster, Reason::NoBuilds { among: dispatcher.no_builds.len() }));
        }
        listener.passed(|| if job.labels.no_builds { Passed::NoBuildsUnset } else { Passed::Builds });
        self.by_name_or_file(job, listener)
    }

    /// Where a job belongs that needs something, or is told where to run.
    fn by_needs<'j>(
        &self,
        job: &JobFacts<'j>,
        listener: &mut impl Listener<'j>,
    ) -> Option<Result<(&'j str, Reason<'j>), Refusal>>
    where
        'a: 'j,
    {
        let dispatcher = self.dispatcher;
        if is_bound_to_vsphere(job) {
            return Some(Ok((VSPHERE_CLUSTER, Reason::VSphere)));
        }
        listener.passed(|| if is_of_vsphere(job) { Passed::FreeVSphere } else { Passed::NotVSphere });
        if job.labels.ssh_bastion && !dispatcher.ssh_bastion.is_empty() {
            return Some(Ok((&dispatcher.ssh_bastion, Reason::SshBastion)));
        }
        listener.passed(|| if job.labels.ssh_bastion { Passed::SshBastionUnset } else { Passed::NoSshBastion });
        if let Some(cluster) = job.labels.cluster {
            return Some(Ok((cluster, Reason::Label)));
        }
        listener.passed(|| Passed::NoLabel);
        if !job.labels.capabilities.is_empty() {
            return Some(self.by_capabilities(job));
        }
        listener.passed(|| Passed::NoCapabilities);
        if job.labels.kvm
            && let Some(cluster) = self.spread(&dispatcher.kvm)
        {
            return Some(Ok((cluster, Reason::Kvm { among: dispatcher.kvm.len() })));
        }
        listener.passed(|| if job.labels.kvm { Passed::KvmUnset } else { Passed::NoKvm });
        None
    }

    fn by_capabilities<'j>(&self, job: &JobFacts<'j>) -> Result<(&'j str, Reason<'j>), Refusal>
    where
        'a: 'j,
    {
        let LabelFacts { capabilities: required, .. } = &job.labels;
        let clusters = &self.dispatcher.farm.clusters;
        let capable: SmallVec<[_; 16]> = clusters.iter().filter(|cluster| cluster.has_all(required)).collect();
        if let Some((_, cloud)) = self.test_cloud(job) {
            let there: SmallVec<[_; 16]> = capable.iter().filter(|cluster| cluster.cloud == cloud).collect();
            if let Some(cluster) = self.spread(&there) {
                let reason =
                    Reason::Capabilities { required: required.clone(), cloud: Some(cloud), among: there.len() };
                return Ok((&cluster.name, reason));
            }
        }
        let Some(cluster) = self.spread(&capable) else {
            let mut required: Vec<String> = required.iter().map(ToString::to_string).collect();
            required.sort();
            return Err(Refusal::NoCapableCluster { job: job.name.to_owned(), required });
        };
        Ok((&cluster.name, Reason::Capabilities { required: required.clone(), cloud: None, among: capable.len() }))
    }

    fn by_test_cloud<'j>(&self, job: &JobFacts<'j>, listener: &mut impl Listener<'j>) -> Option<(&'j str, Reason<'j>)>
    where
        'a: 'j,
    {
        let Some((stated, cloud)) = self.test_cloud(job) else {
            let matters = self.dispatcher.by_test_cloud;
            listener.passed(|| if matters { Passed::NoCloud } else { Passed::CloudsDoNotMatter });
            return None;
        };
        let clusters = self.dispatcher.farm.on_cloud(cloud);
        let cluster = self.spread(clusters).and_then(|at| self.dispatcher.farm.clusters.get(*at));
        if cluster.is_none() {
            listener.passed(|| Passed::CloudWithoutClusters { stated, cloud });
        }
        Some((&cluster?.name, Reason::Cloud { stated, cloud, among: clusters.len() }))
    }

    /// The cloud that a job's test uses and the one that stands for it, where that matters.
    fn test_cloud<'j>(&self, job: &JobFacts<'j>) -> Option<(&'j str, &'j str)>
    where
        'a: 'j,
    {
        if !self.dispatcher.by_test_cloud {
            return None;
        }
        let stated = match job.labels.cloud {
            "" => job.cluster_type.unwrap_or_default(),
            cloud => cloud,
        };
        let cloud = self.dispatcher.cloud_mapping.get(stated).map_or(stated, String::as_str);
        (!cloud.is_empty()).then_some((stated, cloud))
    }

    fn by_name_or_file<'j>(
        &self,
        job: &JobFacts<'j>,
        listener: &mut impl Listener<'j>,
    ) -> Result<(&'j str, Reason<'j>), Refusal>
    where
        'a: 'j,
    {
        let claims = self.claims.get_or_init(|| self.claims());
        if claims.all.len() > 1 {
            let mut all: Vec<String> = claims.all.iter().map(ToString::to_string).collect();
            all.sort();
            return Err(Refusal::SeveralClaims { path: self.path.to_owned(), claims: all });
        }
        if let Some(cluster) = self.dispatcher.groups.jobs.get(job.name)
            && !cluster.is_empty()
        {
            return Ok((cluster, Reason::JobName));
        }
        listener.passed(|| Passed::NotInGroup);
        if let Some((cluster, reason)) = &claims.first {
            if *reason == Reason::FileName {
                listener.passed(|| Passed::NoPattern);
            }
            return Ok((*cluster, reason.clone()));
        }
        listener.passed(|| Passed::NoPattern);
        listener.passed(|| Passed::NotInFarm);
        Ok((&self.dispatcher.default, Reason::Default))
    }

    fn claims(&self) -> Claims<'a> {
        let Groups { paths, matcher, .. } = &self.dispatcher.groups;
        let mut claims = Claims::default();
        for path in matcher.matches(self.path).into_iter().filter_map(|at| paths.get(at)) {
            claims.add(&path.cluster, Reason::Path { pattern: &path.pattern }, &path.pattern);
        }
        if let Some(claim) = self.dispatcher.farm.claim(self.base)
            && let Some(cluster) = self.dispatcher.farm.clusters.get(claim.cluster)
        {
            for _ in 0..claim.claims {
                claims.add(&cluster.name, Reason::FileName, self.base);
            }
        }
        claims
    }

    /// One of the clusters that are equally good.
    fn spread<'c, T>(&self, clusters: &'c [T]) -> Option<&'c T> {
        clusters.get(self.base.len().checked_rem(clusters.len())?)
    }
}

impl<'a> Claims<'a> {
    fn add(&mut self, cluster: &'a str, reason: Reason<'a>, claim: &'a str) {
        // The empty name is a name that groups may have; it places nothing.
        if self.first.is_none() && !cluster.is_empty() {
            self.first = Some((cluster, reason));
        }
        self.all.push(claim);
    }
}

fn is_bound_to_vsphere(job: &JobFacts<'_>) -> bool {
    is_of_vsphere(job) && !job.applies_config && job.labels.cluster_profile != FREE_VSPHERE_PROFILE
}

fn is_of_vsphere(job: &JobFacts<'_>) -> bool {
    job.name.contains("vsphere")
}

#[cfg(test)]
mod tests {
    use super::super::load::Source;
    use super::*;

    const CONFIG: &str = "\
default: build01
determineE2EByJob: true
cloudMapping: {azure4: gcp}
sshBastion: bastion
kvm: [build03]
noBuilds: [build01, build02]
manualClusters: [lab]
groups:
  app.ci: {jobs: [listed], paths: [infra]}
buildFarm:
  gcp: {build02: {filenames: [known.yaml]}}
";
    const CLUSTERS: &str = "\
aws: [{name: build01, capabilities: [vpn]}, {name: build03}, {name: build05, blocked: true}]
gcp: [{name: build02, capabilities: [vpn]}]
";

    fn dispatcher() -> Dispatcher {
        Dispatcher::new(Source { file: "c", text: CONFIG }, Source { file: "k", text: CLUSTERS }).unwrap()
    }

    fn said(path: &str, job: &JobFacts<'_>, most_used: &str) -> String {
        let dispatcher = dispatcher();
        let file = dispatcher.file(path);
        match file.cluster_for(job, most_used) {
            Ok(choice) => choice.to_string(),
            Err(refusal) => refusal.to_string(),
        }
    }

    fn labelled<'j>(labels: &[(&'j str, &'j str)]) -> JobFacts<'j> {
        JobFacts { name: "a", labels: LabelFacts::gather(labels.iter().copied()), ..JobFacts::default() }
    }

    #[test]
    fn every_choice_says_why() {
        let named = |name| JobFacts { name, ..JobFacts::default() };
        let on = |cluster| JobFacts { name: "a", cluster, ..JobFacts::default() };
        let cases = [
            ("x.yaml", on("build02"), "build02: the job has this build cluster already"),
            ("x.yaml", on("lab"), "lab: the job was given this cluster by hand"),
            ("x.yaml", JobFacts { agent: "jenkins", ..named("a") }, ": the job does not run on Kubernetes"),
            ("x.yaml", named("e2e-vsphere"), "vsphere02: the job's name says vsphere"),
            ("x.yaml", labelled(&[("dptp.openshift.io/ssh-bastion", "")]), "bastion: the job needs the SSH bastion"),
            (
                "x.yaml",
                labelled(&[("ci-operator.openshift.io/cluster", "c1")]),
                "c1: a label of the job names this cluster",
            ),
            ("x.yaml", labelled(&[("capability/vpn", "vpn")]), "build01: one of 2 clusters with the capabilities vpn"),
            (
                "x.yaml",
                labelled(&[("capability/vpn", "vpn"), ("ci-operator.openshift.io/cloud", "gcp")]),
                "build02: the only cluster on gcp with the capabilities vpn",
            ),
            ("x.yaml", labelled(&[("devices.kubevirt.io/kvm", "1")]), "build03: the only cluster with KVM devices"),
            (
                "x.yaml",
                JobFacts { cluster_type: Some("aws"), ..named("a") },
                "build01: one of 2 clusters on aws, where the job's test runs",
            ),
            (
                "x.yaml",
                labelled(&[("ci-operator.openshift.io/cloud", "azure4")]),
                "build02: the only cluster on gcp, which stands for azure4, where the job's test runs",
            ),
            (
                "xy.yaml",
                labelled(&[("ci.openshift.io/no-builds", "")]),
                "build02: one of 2 clusters for jobs that build nothing",
            ),
            ("infra.yaml", named("listed"), "app.ci: a group lists the job by name"),
            ("infra/x.yaml", named("a"), "app.ci: a group's pattern \"infra\" matches the path of the file"),
            ("z/known.yaml", named("a"), "build02: the build farm lists the file"),
            ("x.yaml", on("build05"), "build01: the default cluster, as nothing else applies"),
        ];
        for (path, job, want) in cases {
            assert_eq!(said(path, &job, ""), want, "{path} {job:?}");
        }
    }

    #[test]
    fn a_trail_tells_every_question_up_to_the_one_that_placed_the_job() {
        let dispatcher = dispatcher();
        let passed = |path: &str, job: &JobFacts<'_>| {
            let file = dispatcher.file(path);
            let trail = file.trail(job, "");
            assert_eq!(trail.end, file.cluster_for(job, ""));
            trail.passed.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let on = |cluster| JobFacts { name: "a", cluster, ..JobFacts::default() };
        assert_eq!(passed("x.yaml", &on("build01")), Vec::<String>::new());
        let all = passed("x.yaml", &on("build05"));
        assert_eq!(all.first().map(String::as_str), Some("its cluster build05 is blocked"));
        assert_eq!(all.last().map(String::as_str), Some("no cluster of the build farm lists its file"));
        assert_eq!(all.len(), 12, "{all:?}");
        assert_eq!(passed("x.yaml", &on("old"))[0], "its cluster old is none of the build clusters that jobs keep");
        let cloud = passed("x.yaml", &labelled(&[("ci-operator.openshift.io/cloud", "ibm")]));
        assert!(cloud.contains(&"its test uses ibm, where no build cluster is".to_owned()), "{cloud:?}");
        let label = passed("x.yaml", &labelled(&[("ci-operator.openshift.io/cluster", "c1")]));
        let asked = [
            "has no cluster yet",
            "runs on Kubernetes",
            "name says nothing of vSphere",
            "does not need the SSH bastion",
        ];
        assert_eq!(label, asked.map(|said| format!("it{} {said}", if said.starts_with("name") { "s" } else { "" })));
        assert_eq!(passed("infra.yaml", &on("")).last().map(String::as_str), Some("no group lists it by name"));
    }

    #[test]
    fn a_blocked_cluster_is_stood_in_for() {
        let job = labelled(&[("ci-operator.openshift.io/cluster", "build05")]);
        let why = "in place of build05 (a label of the job names this cluster), which is blocked";
        assert_eq!(said("x.yaml", &job, "gone"), format!("gone: the cluster that most jobs of the file have, {why}"));
        assert_eq!(said("x.yaml", &job, "build05"), format!("build01: the default cluster, {why}"));
        assert_eq!(said("x.yaml", &job, ""), format!("build01: the default cluster, {why}"));
    }

    #[test]
    fn refusals_name_what_is_asked_for_and_who_claims() {
        let job = labelled(&[("capability/z", "z"), ("capability/vpn", "vpn")]);
        assert_eq!(
            said("x.yaml", &job, ""),
            "job a can't be matched with any cluster using provided capabilities: vpn,z"
        );
        assert_eq!(
            said("infra/known.yaml", &labelled(&[]), ""),
            "path infra/known.yaml matches more than 1 regex: [infra known.yaml]"
        );
    }
}
