//! The plan, with all that stands against carrying it out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::observe::{self, NotObserved, Observed};
use super::options::{Against, Manner, UploadOptions};
use super::prepare::{Prepared, prepare};
use super::sizes;
use super::status::Status;
use crate::cluster::{self, Clusters, Failure};
use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, Severity};
use crate::run::on_threads;
use crate::run::options::Error;
use crate::updater::page::entry;
use crate::updater::size::{self, Load};
use crate::updater::{ConfigMapId, Page};
use crate::upload::{Desired, Item, Live, MapPlan, Plan, plan::Wave};

rules! {
    UNKNOWN_CLUSTER = "unknown-cluster",
        "an entry of config_updater names a cluster that no kubeconfig context has",
        "Its files would not be uploaded there, and the ConfigMap keeps its old content.",
        "add a context of that name, correct the name, or say --skip-unknown-clusters";
    EMPTIED = "emptied-config-map",
        "a ConfigMap would lose its last key",
        "Whatever reads it finds nothing any more. A glob that matches nothing any more is mostly a mistake.",
        "say --allow-empty when that is meant";
    STUCK = "no-order-of-writes",
        "keys move between ConfigMaps that have no room for them before others have left",
        "Some of them would be in no ConfigMap for a while.",
        "move them in two commits, or pack the ConfigMaps";
}

/// Everything that is known before anything is written.
pub struct Survey {
    /// What should be where, and how.
    pub desired: Desired,
    /// What is to be done.
    pub plan: Plan,
    /// What is wrong with configuration and files, and what the plan leads to; in order.
    pub findings: Vec<Diagnostic>,
    /// ConfigMaps that could not be read.
    pub unread: BTreeMap<ConfigMapId, Failure>,
    /// Clusters that were left out, since no kubeconfig has them.
    pub skipped: BTreeSet<String>,
    /// Whether anything stands against writing: nothing may be written unless this is [`Status::Done`].
    pub refused: Status,
    /// Who is asked, when clusters are.
    pub clusters: Option<Arc<Clusters>>,
    /// The version, for who uploads as config-bootstrapper does.
    pub version: Option<crate::upload::Value>,
}

/// Why there is no survey.
#[derive(Debug)]
pub enum NoSurvey {
    /// Files cannot be read.
    Run(Error),
    /// Kubeconfigs cannot be used.
    Clusters(cluster::Error),
    /// What was saved cannot be used.
    Saved(NotObserved),
}

impl From<Error> for NoSurvey {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

/// Reads files and what is there, and plans. With errors in configuration or files no server is asked. `runtime` is where
/// requests run.
pub fn survey(
    options: &UploadOptions,
    runtime: &tokio::runtime::Runtime,
    ancestry: &crate::upload::map_plan::Ancestry<'_>,
) -> Result<Survey, NoSurvey> {
    let prepared = on_threads(options.threads, || prepare(options))?.map_err(|error| NoSurvey::Run(error.into()))?;
    let mut survey = Survey::begun(&prepared);
    if survey.refused != Status::Done {
        survey.conclude();
        return Ok(survey);
    }
    let too_large = on_threads(options.threads, || sizes::of_files(options, &prepared))?;
    if !too_large.is_empty() {
        survey.refused = Status::Refused;
        survey.findings.extend(too_large);
        survey.conclude();
        return Ok(survey);
    }
    let mut wanted = prepared.desired.clone();
    if options.manner == Manner::Bootstrap {
        // It visits what files go to, and all partitions of an entry that spreads them.
        wanted.maps.retain(|id, keys| !keys.is_empty() || prepared.desired.partitions.contains(id));
    }
    let observed = match &options.against {
        Against::Clusters(settings) => {
            let clusters = Clusters::load(settings, &options.environment).map_err(NoSurvey::Clusters)?;
            survey.leave_out_unknown(&mut wanted, &clusters, options, &prepared);
            let clusters = Arc::new(clusters);
            survey.clusters = Some(Arc::clone(&clusters));
            match survey.refused {
                Status::Done => runtime.block_on(observe::of_clusters(&clusters, wanted.maps.keys().cloned())),
                _ => Observed::new(),
            }
        }
        Against::Saved(directory) => {
            observe::of_saved(directory, &wanted.maps.keys().cloned().collect()).map_err(NoSurvey::Saved)?
        }
        Against::Nothing => wanted.maps.keys().map(|id| (id.clone(), Ok(None))).collect(),
    };
    let plan = on_threads(options.threads, || survey.plan_all(&wanted, observed, options, ancestry))?;
    survey.desired = wanted;
    survey.plan = plan;
    on_threads(options.threads, || survey.look_at_plan(options, &prepared))?;
    survey.conclude();
    Ok(survey)
}

/// The plan for one ConfigMap.
pub fn plan_one(
    items: &BTreeMap<String, Item>,
    live: Option<&Live>,
    manner: &Manner,
    version: Option<&crate::upload::Value>,
    ancestry: &crate::upload::map_plan::Ancestry<'_>,
) -> MapPlan {
    match manner {
        Manner::Careful { writer, .. } => MapPlan::of(items, live, writer, ancestry),
        Manner::Bootstrap => MapPlan::whole(items, live, version),
    }
}

impl Survey {
    /// What should be where, without asking anybody what is: there is no plan.
    pub fn wanted(options: &UploadOptions) -> Result<Self, Error> {
        let prepared = on_threads(options.threads, || prepare(options))??;
        let mut survey = Self { desired: prepared.desired.clone(), ..Self::begun(&prepared) };
        survey.conclude();
        Ok(survey)
    }

    /// What is known before anybody is asked.
    fn begun(prepared: &Prepared) -> Self {
        Self {
            desired: Desired::default(),
            plan: Plan::default(),
            findings: prepared.findings.clone(),
            unread: BTreeMap::new(),
            skipped: BTreeSet::new(),
            refused: prepared.status,
            clusters: None,
            version: prepared.version.clone(),
        }
    }

    /// Whether what is there is what the files say.
    pub fn is_in_sync(&self) -> bool {
        self.plan.is_done() && self.unread.is_empty() && self.skipped.is_empty()
    }

    fn leave_out_unknown(
        &mut self,
        wanted: &mut Desired,
        clusters: &Clusters,
        options: &UploadOptions,
        prepared: &Prepared,
    ) {
        let all: BTreeSet<&str> = prepared.desired.maps.keys().map(|id| &*id.cluster).collect();
        let unknown: BTreeSet<String> = all.into_iter().filter(|name| !clusters.has(name)).map(str::to_owned).collect();
        if unknown.is_empty() {
            return;
        }
        wanted.maps.retain(|id, _| !unknown.contains(&id.cluster));
        let page = prepared.page();
        let goes_on = options.skip_unknown_clusters || options.manner == Manner::Bootstrap;
        for cluster in &unknown {
            let message = format!("no kubeconfig context is named {cluster}");
            let finding = page.finding(&UNKNOWN_CLUSTER, &prepared.place_of_cluster(cluster), message);
            self.findings.push(if goes_on { finding.warning() } else { finding });
        }
        if !goes_on {
            self.refused = Status::Usage;
        }
        self.skipped = unknown;
    }

    fn plan_all(
        &mut self,
        wanted: &Desired,
        observed: Observed,
        options: &UploadOptions,
        ancestry: &crate::upload::map_plan::Ancestry<'_>,
    ) -> Plan {
        let mut read = Vec::with_capacity(observed.len());
        for (id, live) in observed {
            match live {
                Ok(live) => read.push((id, live)),
                Err(failure) => drop(self.unread.insert(id, failure)),
            }
        }
        let nothing = BTreeMap::new();
        let version = self.version.as_ref();
        let plan = |(id, live): (ConfigMapId, Option<Live>)| {
            let items = wanted.maps.get(&id).unwrap_or(&nothing);
            let plan = plan_one(items, live.as_ref(), &options.manner, version, ancestry);
            (id, plan)
        };
        let mut maps: BTreeMap<ConfigMapId, MapPlan> = read.into_par_iter().map(plan).collect();
        if options.manner != Manner::Bootstrap {
            // What is not there and would hold nothing is not made.
            maps.retain(|_, map| map.basis.is_some() || map.brings());
            return Plan::of(maps);
        }
        Plan::at_once(maps)
    }

    /// What is wrong with what the plan leads to.
    fn look_at_plan(&mut self, options: &UploadOptions, prepared: &Prepared) {
        let page = prepared.page();
        let (is_strict, allow_empty) = match &options.manner {
            Manner::Careful { is_lenient, allow_empty, .. } => (!is_lenient, *allow_empty),
            Manner::Bootstrap => (false, true),
        };
        let weighty: Vec<(&ConfigMapId, &MapPlan)> =
            self.plan.maps.iter().filter(|(_, map)| map.is_pending()).collect();
        let large = weighty.par_iter().filter_map(|(id, map)| self.too_large(id, map, prepared, &page));
        let mut findings: Vec<Diagnostic> = large
            .map(|finding| match finding.rule == size::TOO_LARGE.id && is_strict {
                true => Diagnostic { severity: Severity::Error, ..finding },
                false => finding,
            })
            .collect();
        if !allow_empty {
            for (id, _) in self.plan.maps.iter().filter(|(_, map)| map.empties()) {
                let message = format!("{} would have no key left", shown(id));
                let names_it = |(_, mapping): &(_, &crate::updater::Mapping)| mapping.names().contains(&id.name);
                let place = prepared.placement.iter().find(names_it).map(|(glob, _)| entry(glob.pattern()));
                findings.push(page.finding(&EMPTIED, &place.unwrap_or_default(), message));
            }
        }
        for id in &self.plan.stuck {
            let (limit, used) = self.plan.maps.get(id).map_or(Load::of([]), MapPlan::load_on_the_way).tightest();
            let room = format!("{} {used} of at most {} bytes", limit.of, limit.most);
            let message = format!("{} has no room for what comes before something has left it: {room}", shown(id));
            findings.push(Diagnostic::of_rule(&STUCK, &*prepared.plugins.0, message));
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            self.refused = self.refused.max(Status::Refused);
        }
        self.findings.extend(findings);
    }

    /// What is wrong with the size of a ConfigMap.
    fn too_large(&self, id: &ConfigMapId, map: &MapPlan, prepared: &Prepared, page: &Page<'_>) -> Option<Diagnostic> {
        if !map.after.is_near() {
            return None;
        }
        let items = self.desired.maps.get(id)?;
        sizes::check(id, items, map.besides(items), &prepared.placement, page)
    }

    fn conclude(&mut self) {
        crate::catalogue::explain(&mut self.findings);
        self.findings.sort_by(|left, right| left.order().cmp(&right.order()));
        self.findings.dedup();
    }

    /// The waves of writes.
    pub fn waves(&self) -> &[Wave] {
        &self.plan.waves
    }
}

/// A ConfigMap as people name it.
pub fn shown(id: &ConfigMapId) -> String {
    format!("the ConfigMap {}/{} in the cluster {}", id.namespace, id.name, id.cluster)
}
