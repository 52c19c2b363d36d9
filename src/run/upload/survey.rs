//! The plan, with all that stands against carrying it out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::carry::begun;
use super::observe::{self, NotObserved, Observed};
use super::options::{Against, Manner, UploadOptions};
use super::prepare::{Prepared, prepare};
use super::sizes;
use super::status::Status;
use crate::catalogue::upload::{ABANDONED, EMPTIED, NOT_NAMED, POD_AUTHORITY, STUCK, UNKNOWN_CLUSTER, WITHOUT_OWNERS};
use crate::cluster::{self, Clusters, Failure};
use crate::diagnostic::{Diagnostic, Severity};
use crate::run::on_threads;
use crate::run::options::Error;
use crate::updater::load::Load;
use crate::updater::page::entry;
use crate::updater::size;
use crate::updater::{ConfigMapId, Page};
use crate::upload::{Ancestry, Desired, Item, Live, MapPlan, Plan, beside, plan::Wave};

/// ConfigMaps that no entry names any more may name others like them; so often they are asked in turn.
const MOST_NAMES: usize = 8;

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
    /// What is asked for makes no sense.
    Usage(String),
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
    ancestry: &Ancestry<'_>,
) -> Result<Survey, NoSurvey> {
    let prepared = on_threads(options.threads, || prepare(options))?.map_err(|error| NoSurvey::Run(error.into()))?;
    let mut survey = Survey::begun(&prepared);
    survey.look_for_only(options, &prepared);
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
    if let Against::Clusters(settings) = &options.against {
        let clusters = Clusters::load(settings, &options.environment).map_err(NoSurvey::Clusters)?;
        survey.findings.extend(without_authority(&clusters));
        survey.leave_out_unknown(&mut wanted, &clusters, options, &prepared);
        clusters.can_be_asked(wanted.maps.keys().map(|id| &*id.cluster)).map_err(NoSurvey::Clusters)?;
        survey.clusters = Some(Arc::new(clusters));
    }
    let observe = |ids: &BTreeSet<ConfigMapId>| -> Result<Observed, NoSurvey> {
        match (&options.against, &survey.clusters) {
            _ if survey.refused != Status::Done => Ok(Observed::new()),
            (Against::Clusters(_), Some(clusters)) => {
                Ok(runtime.block_on(observe::of_clusters(clusters, ids.iter().cloned())))
            }
            (Against::Saved(directory), _) => observe::of_saved(directory, ids).map_err(NoSurvey::Saved),
            _ => Ok(ids.iter().map(|id| (id.clone(), Ok(None))).collect()),
        }
    };
    let mut observed = observe(&wanted.maps.keys().cloned().collect())?;
    let mut of_former = Observed::new();
    for _ in 0..MOST_NAMES {
        let seen = observed.iter().chain(&of_former);
        let former = former(seen, &wanted, options).into_iter().filter(|id| !of_former.contains_key(id)).collect();
        if BTreeSet::is_empty(&former) {
            break;
        }
        of_former.extend(observe(&former)?);
    }
    observed.extend(survey.without_failures(of_former, &prepared));
    if let Against::Saved(directory) = &options.against {
        survey.findings.extend(without_owners(directory, &observed));
    }
    let plan = on_threads(options.threads, || survey.plan_all(&wanted, observed, options, ancestry))?;
    survey.desired = wanted;
    survey.plan = plan;
    on_threads(options.threads, || survey.look_at_plan(options, &prepared))?;
    survey.conclude();
    Ok(survey)
}

/// A pod whose certificate authority does not count.
pub fn without_authority(clusters: &Clusters) -> Option<Diagnostic> {
    let (file, what) = clusters.without_authority()?;
    Some(Diagnostic::of_rule(&POD_AUTHORITY, file.display().to_string(), what))
}

/// ConfigMaps that were filled before, as those say that are there, and that no entry names any more.
fn former<'o>(
    observed: impl Iterator<Item = (&'o ConfigMapId, &'o Result<Option<Live>, Failure>)>,
    wanted: &Desired,
    options: &UploadOptions,
) -> BTreeSet<ConfigMapId> {
    let Manner::Careful { writer, .. } = &options.manner else { return BTreeSet::new() };
    let there = observed.filter_map(|(id, live)| Some((id, live.as_ref().ok()?.as_ref()?)));
    let named = there.flat_map(|(id, live)| beside::named(id, live, writer));
    let is_asked_for = |id: &ConfigMapId| options.only.is_empty() || options.only.contains(&id.name);
    named.filter(|id| !wanted.all.contains(id) && is_asked_for(id)).collect()
}

/// Saved ConfigMaps that do not say who wrote their keys. Servers always say it.
fn without_owners(directory: &Path, observed: &Observed) -> Option<Diagnostic> {
    let is_without = |live: &Live| live.managers.is_empty() && !live.values.is_empty();
    let mut names = observed.iter().filter(|(_, live)| matches!(live, Ok(Some(live)) if is_without(live)));
    let (first, _) = names.next()?;
    let more = match names.count() {
        0 => String::new(),
        more => format!(", nor do {more} more"),
    };
    let message = format!("{} does not say who wrote its keys{more}: removals cannot be seen", shown(first));
    Some(Diagnostic::of_rule(&WITHOUT_OWNERS, directory.display().to_string(), message))
}

/// The plan for one ConfigMap.
pub fn plan_one(
    items: &BTreeMap<String, Item>,
    live: Option<&Live>,
    manner: &Manner,
    version: Option<&crate::upload::Value>,
    ancestry: &Ancestry<'_>,
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
        self.refused == Status::Done && self.plan.is_done() && self.unread.is_empty() && self.skipped.is_empty()
    }

    /// How carrying the plan out would end when nothing of it can be written, though there is something to write.
    pub fn blocked(&self) -> Status {
        match self.plan.waves.is_empty() {
            true => Status::together(begun(&self.plan).map(|(_, entry)| entry.outcome.status()), false),
            false => Status::Done,
        }
    }

    /// Names of ConfigMaps that were asked for and that no entry has.
    fn look_for_only(&mut self, options: &UploadOptions, prepared: &Prepared) {
        let known: BTreeSet<&str> = prepared.desired.all.iter().map(|id| &*id.name).collect();
        for name in options.only.iter().filter(|name| !known.contains(&***name)) {
            let message = format!("--only {name:?}: no entry names such a ConfigMap");
            let finding = Diagnostic::of_rule(&NOT_NAMED, &*prepared.plugins.0, message);
            self.findings.push(finding);
            self.refused = self.refused.max(Status::Usage);
        }
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
        wanted.give_up(|id| unknown.contains(&id.cluster));
        let page = prepared.page();
        let goes_on = options.skip_unknown_clusters || options.manner == Manner::Bootstrap;
        for cluster in &unknown {
            let message = format!("no kubeconfig has a context {cluster}");
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
        ancestry: &Ancestry<'_>,
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
            if let Manner::Careful { writer, .. } = &options.manner {
                beside::note(&mut maps, &wanted.all, writer);
            }
            let mut beyond = wanted.beyond.clone();
            let unread = self.unread.keys().filter_map(|id| wanted.maps.get_key_value(id));
            beyond.extend(unread.map(|(id, keys)| (id.clone(), keys.clone())));
            return Plan::of(maps, &beyond);
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
        let drops_former = matches!(options.manner, Manner::Careful { drops_former: true, .. });
        if !drops_former {
            findings.extend(self.abandoned(prepared));
        }
        if !allow_empty {
            findings.extend(self.emptied(prepared, &page));
        }
        for id in &self.plan.stuck {
            let (limit, used) = self.plan.maps.get(id).map_or(Load::of([]), MapPlan::load_on_the_way).tightest();
            let room = format!("{} {used} of at most {} bytes", limit.of, limit.most);
            let message = format!("{} has no room for what comes before something has left it: {room}", shown(id));
            let place = prepared.entry_of(&id.name).map(|(glob, _)| entry(glob.pattern()));
            let finding = page.finding(&STUCK, &place.unwrap_or_default(), message);
            findings.push(Diagnostic { severity: Severity::Error, ..finding });
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            self.refused = self.refused.max(Status::Refused);
        }
        self.findings.extend(findings);
    }

    /// ConfigMaps that no entry names any more are left alone, unless all that they hold has moved.
    fn abandoned(&mut self, prepared: &Prepared) -> Vec<Diagnostic> {
        let is_abandoned =
            |(id, map): &(&ConfigMapId, &MapPlan)| !self.desired.all.contains(id) && map.going().0 > map.going().1;
        let all: BTreeMap<ConfigMapId, usize> =
            self.plan.maps.iter().filter(is_abandoned).map(|(id, map)| (id.clone(), map.going().0)).collect();
        self.plan.leave_out(&all.keys().cloned().collect());
        let finding = |(id, keys): (&ConfigMapId, &usize)| {
            let message = format!("no entry names {} any more; keys of ours that are in it: {keys}", shown(id));
            Diagnostic::of_rule(&ABANDONED, &*prepared.plugins.0, message)
        };
        all.iter().map(finding).collect()
    }

    /// ConfigMaps that lose their last key, unless all of them only move. That one of many partitions gets empty is chance.
    fn emptied(&self, prepared: &Prepared, page: &Page<'_>) -> Vec<Diagnostic> {
        let holds = |id: &ConfigMapId| self.plan.maps.get(id).is_some_and(MapPlan::holds);
        let mut findings = Vec::new();
        for (id, map) in self.plan.maps.iter().filter(|(_, map)| map.empties()) {
            let (going, moving) = map.going();
            let found = prepared.entry_of(&id.name);
            let has_others = found.is_some_and(|(_, mapping)| {
                mapping.names().iter().any(|name| holds(&ConfigMapId { name: name.clone(), ..id.clone() }))
            });
            if going == moving || has_others || !self.desired.all.contains(id) {
                continue;
            }
            let message = format!("{} would have no key left", shown(id));
            let place = found.map(|(glob, _)| entry(glob.pattern())).unwrap_or_default();
            let finding = page.finding(&EMPTIED, &place, message);
            findings.push(Diagnostic { severity: Severity::Error, ..finding });
        }
        findings
    }

    /// What could be read of ConfigMaps that no entry names any more; of the others it is told, and the rest goes on.
    fn without_failures(&mut self, observed: Observed, prepared: &Prepared) -> Observed {
        let mut read = Observed::new();
        for (id, live) in observed {
            match live {
                Ok(live) => drop(read.insert(id, Ok(live))),
                Err(failure) => {
                    let message = format!("{} was filled from here before, and cannot be read: {failure}", shown(&id));
                    self.findings.push(Diagnostic::of_rule(&ABANDONED, &*prepared.plugins.0, message));
                }
            }
        }
        read
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
