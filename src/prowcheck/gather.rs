//! The jobs of one file: what is wrong with each, and what others may clash with.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath, Rule};
use crate::generate::labels::{GENERATOR, GENERATOR_LABEL};
use crate::generate::merge::Origin;
use crate::model::job::{Brancher, JobBase, JobConfig, Preset, Presubmit};
use crate::shard::jobs::{Checker, Facts, Kind, POD, Place, agent, cluster};
use crate::shard::prow::DEFAULT_CLUSTER;

use super::{Settings, Sheet};

rules! {
    LONG_NAME = warning "long-job-name", "a job's name is longer than 63 characters",
        "Prow labels pods with the name, and a label holds 63 characters; of a longer name the end is cut off.",
        "shorten it; the name of a generated job comes from repository, branch, variant and test";
    UNDECORATED = warning "undecorated-job", "a job runs in a pod without Prow's containers",
        "Nothing clones the source or uploads logs and artifacts, so that people see the result and not what led to it.",
        "add decorate: true";
    CLONED_TWICE = warning "repository-cloned-twice", "a job clones a repository twice",
        "Both go to one directory, and which version is there in the end is a matter of luck.",
        "remove the one from extra_refs";
    PERIODIC_CLONE = warning "periodic-clone-settings", "a periodic says how to clone, and there is nothing to clone",
        "A periodic belongs to no repository; what it clones stands in extra_refs, with settings of its own.",
        "move clone_depth, clone_uri and path_alias to the entry of extra_refs";
    JENKINS_CLUSTER = warning "cluster-of-jenkins-job", "a job in Jenkins names a build cluster",
        "Jenkins knows no build clusters, so the name has no effect.",
        "remove cluster";
    NO_ANNOTATION = warning "annotation-missing", "a job lacks an annotation that every job must have",
        "Other tools find jobs by it and would pass this one over.",
        "add the annotation";
    FORBIDDEN_COMMAND = "rerun-command-not-allowed", "the rerun command of a job is none that Gerrit may send",
        "Comments that gerrit.allowed_presubmit_trigger_re does not match are dropped, so nobody could start the job.",
        "let the rerun command match the pattern";
}

const LONGEST_NAME: usize = 63;

/// What a job may make a pull request wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// Its status has to be green.
    pub required: bool,
    /// It runs for some changes only.
    pub for_some_changes: bool,
    /// It runs on request only.
    pub on_request: bool,
}

/// What is kept of a job with a repository.
#[derive(Debug)]
pub(super) struct JobFacts {
    pub name: String,
    pub context: String,
    pub has_context: bool,
    pub branches: Vec<String>,
    pub skip_branches: Vec<String>,
    pub demand: Demand,
}

impl JobFacts {
    pub fn facts(&self) -> Facts<'_> {
        let (branches, skip_branches) = (&self.branches, &self.skip_branches);
        Facts { name: &self.name, context: &self.context, branches, skip_branches }
    }

    fn of(name: &str, context: &str, brancher: &Brancher, demand: Demand) -> Self {
        Self {
            name: name.to_owned(),
            context: if context.is_empty() { name.to_owned() } else { context.to_owned() },
            has_context: !context.is_empty(),
            branches: brancher.branches.clone(),
            skip_branches: brancher.skip_branches.clone(),
            demand,
        }
    }
}

/// What is kept of a job file.
#[derive(Debug)]
pub struct Collected {
    /// The file, as findings name it.
    pub file: String,
    /// What is wrong with its jobs by themselves.
    pub findings: Vec<Diagnostic>,
    /// Presets that stand in it, which are for the jobs of all files.
    pub presets: Vec<Preset>,
    pub(super) presubmits: Vec<(String, Vec<JobFacts>)>,
    pub(super) postsubmits: Vec<(String, Vec<JobFacts>)>,
    pub(super) periodics: Vec<String>,
}

impl Collected {
    /// How many jobs the file has.
    pub fn jobs(&self) -> usize {
        let lists = self.presubmits.iter().chain(&self.postsubmits);
        lists.map(|(_, jobs)| jobs.len()).sum::<usize>() + self.periodics.len()
    }
}

/// Looks at the jobs of one file, which are what its text says.
pub fn gather(settings: &Settings, sheet: &Sheet<'_>, jobs: &JobConfig) -> Collected {
    let mut gatherer = Gatherer { settings, sheet, found: Vec::new() };
    let mut checker = Checker::new(&settings.frame);
    let (mut presubmits, mut postsubmits) = (Vec::new(), Vec::new());
    for (repo, list) in &jobs.presubmits {
        let mut facts = Vec::with_capacity(list.len());
        for (index, job) in list.iter().enumerate() {
            checker.presubmit(repo, job, index);
            gatherer.presubmit(repo, job, Place { list: "presubmits", repo: Some(repo), index });
            facts.push(JobFacts::of(&job.job_base.name, &job.reporter.context, &job.brancher, demand(job)));
        }
        presubmits.push((repo.clone(), facts));
    }
    for (repo, list) in &jobs.postsubmits {
        let mut facts = Vec::with_capacity(list.len());
        for (index, job) in list.iter().enumerate() {
            checker.postsubmit(repo, job, index);
            gatherer.base(Kind::Postsubmit, &job.job_base, Place { list: "postsubmits", repo: Some(repo), index });
            let demand = Demand { required: false, for_some_changes: false, on_request: false };
            facts.push(JobFacts::of(&job.job_base.name, &job.reporter.context, &job.brancher, demand));
        }
        postsubmits.push((repo.clone(), facts));
    }
    for (index, job) in jobs.periodics.iter().enumerate() {
        checker.periodic(job, index);
        let place = Place { list: "periodics", repo: None, index };
        gatherer.base(Kind::Periodic, &job.job_base, place);
        gatherer.clone_settings(&job.job_base, place);
    }
    for problem in std::mem::take(&mut checker.problems) {
        gatherer.add(&problem.rule, &problem.path, problem.message);
    }
    let periodics = jobs.periodics.iter().map(|job| job.job_base.name.clone()).collect();
    let (file, presets) = (sheet.source.file.to_owned(), jobs.presets.clone());
    Collected { file, findings: gatherer.found, presets, presubmits, postsubmits, periodics }
}

fn is_generated(job: &JobBase) -> bool {
    let label = |key: &str| job.labels.get(key).map(String::as_str);
    Origin::of(label(GENERATOR_LABEL), label(GENERATOR)) == Origin::Generated
}

fn demand(job: &Presubmit) -> Demand {
    let changes = &job.regexp_change_matcher;
    let for_some_changes = !(changes.run_if_changed.is_empty() && changes.skip_if_only_changed.is_empty());
    Demand {
        required: !job.optional && !job.reporter.skip_report,
        for_some_changes,
        on_request: !job.always_run && !for_some_changes,
    }
}

struct Gatherer<'a, 't> {
    settings: &'a Settings,
    sheet: &'a Sheet<'t>,
    found: Vec<Diagnostic>,
}

impl Gatherer<'_, '_> {
    fn add(&mut self, rule: &Rule, path: &KeyPath, reference: String) {
        let finding = self.settings.finding(rule, self.sheet.source.file, reference);
        self.found.push(self.sheet.put(finding, path));
    }

    fn wants(&self, warning: &str) -> bool {
        self.settings.options.wants(warning)
    }

    fn presubmit(&mut self, repo: &str, job: &Presubmit, place: Place<'_>) {
        self.base(Kind::Presubmit, &job.job_base, place);
        let refs = &job.job_base.utility_config.extra_refs;
        if !refs.is_empty() && self.wants("duplicate-job-refs") {
            self.cloned_twice(repo, &job.job_base, place);
        }
        let Some((allowed, pattern)) = &self.settings.allowed_trigger else { return };
        let name = &job.job_base.name;
        let filled_in = job.trigger.is_empty() && job.rerun_command.is_empty();
        let command = if filled_in { format!("/test {name}") } else { job.rerun_command.clone() };
        if !allowed.is_match(&command) {
            let reference = format!(
                "rerun command {command} in job {name} does not conform to test command requirements,please make sure \
                 the trigger regex is a subset of {pattern} and the rerun command matches the trigger regex"
            );
            self.add(&FORBIDDEN_COMMAND, &place.field("rerun_command"), reference);
        }
    }

    fn cloned_twice(&mut self, repo: &str, job: &JobBase, place: Place<'_>) {
        let mut seen = BTreeSet::from([repo.to_owned()]);
        let mut twice = BTreeMap::new();
        for (index, refs) in job.utility_config.extra_refs.iter().enumerate() {
            let name = format!("{}/{}", refs.org, refs.repo);
            if !seen.insert(name.clone()) {
                twice.entry(name).or_insert(index);
            }
        }
        let Some(first) = twice.values().min() else { return };
        let names: Vec<&str> = twice.keys().map(String::as_str).collect();
        let (name, names) = (&job.name, names.join(","));
        let reference =
            format!("invalid job {name} on repo {repo}: the following refs specified more than once: {names}");
        self.add(&CLONED_TWICE, &place.field("extra_refs").item(*first).key("repo"), reference);
    }

    fn base(&mut self, kind: Kind, job: &JobBase, place: Place<'_>) {
        let (name, agent) = (&job.name, agent(job));
        let is_spared = self.settings.options.spares_generated && is_generated(job);
        if name.len() > LONGEST_NAME && agent == POD && !is_spared && self.wants("long-job-names") {
            let (kind, of_repo) = match (kind, place.repo) {
                (Kind::Presubmit, Some(repo)) => ("Presubmit", format!(" (for repo {repo:?})")),
                (Kind::Postsubmit, Some(repo)) => ("Postsubmit", format!(" (for repo {repo:?})")),
                _ => ("Periodic", String::new()),
            };
            let reference = format!("name of {kind} job {name:?}{of_repo} too long (should be at most 63 characters)");
            self.add(&LONG_NAME, &place.field("name"), reference);
        }
        if agent == POD && !self.settings.frame.decorates(job) && self.wants("non-decorated-jobs") {
            let words = "the following jobs use the kubernetes provider but do not use the pod utilities";
            self.add(&UNDECORATED, &place.field("decorate"), format!("{words}: [{name}]"));
        }
        if agent == "jenkins" && cluster(job) != DEFAULT_CLUSTER && self.wants("validate-cluster-field") {
            let of = place.repo.unwrap_or("invalid periodic job");
            let reference = format!("{of}: {name}: cannot set cluster field if agent is {agent}");
            self.add(&JENKINS_CLUSTER, &place.field("cluster"), reference);
        }
        if self.wants("required-job-annotations") {
            let settings = self.settings;
            for annotation in
                settings.options.required_annotations.iter().filter(|it| !job.annotations.contains_key(*it))
            {
                let reference = format!("job '{name}' is missing required annotations: {annotation}");
                self.add(&NO_ANNOTATION, &place.field("annotations"), reference);
            }
        }
    }

    fn clone_settings(&mut self, job: &JobBase, place: Place<'_>) {
        let utility = &job.utility_config;
        let given = [
            ("clone_depth", utility.clone_depth != 0),
            ("clone_uri", !utility.clone_uri.is_empty()),
            ("path_alias", !utility.path_alias.is_empty()),
        ];
        let Some((key, _)) = given.into_iter().find(|(_, given)| *given) else { return };
        if self.wants("periodic-default-clone-config") {
            let reference = format!(
                "periodic jobs might clone 0, 1, or more repos, top level `clone_depth`, `clone_uri`, and `path_alias` \
                 don't have any effect. Name: {:?}",
                job.name
            );
            self.add(&PERIODIC_CLONE, &place.field(key), reference);
        }
    }
}
