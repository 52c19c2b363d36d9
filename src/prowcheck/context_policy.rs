//! The statuses that Tide waits for: one may not be both required and optional on the same branch.
//!
//! What Prow knows of branches is what jobs name, and it takes those patterns for names. Holding every job against every
//! branch takes the reference minutes; here only the jobs of repositories come that far in which one status is asked for
//! in two ways ([`Asked`]).

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::diagnostic::rule::rules;
use crate::model::prow::ProwConfig;
use crate::model::prow::tide::TideContextPolicy;
use crate::pattern;
use crate::shard::jobs::compiled;

use super::gather::{Demand, JobFacts};
use super::protection::{Jobs, of_branch};

rules! {
    CLASH = warning "context-policy-clash", "a status is required and optional on the same branch",
        "Tide cannot tell whether to wait for it, and merges nothing on that branch.",
        "make the jobs that report it all required or all optional, as tide.context_options has it, or rename one's context";
}

/// What is wrong with a branch: what Prow says, and the status that it is about.
pub struct Clash {
    /// The words.
    pub reference: String,
    /// The status.
    pub context: String,
}

/// Looks at all branches of a repository, which is `org/repo`.
pub fn check(prow: &ProwConfig, name: &str, jobs: &[&JobFacts]) -> Vec<Clash> {
    let mut parts = name.split('/');
    let (Some(org), Some(repo), None) = (parts.next(), parts.next(), parts.next()) else { return Vec::new() };
    let asked = Asked::of(prow, org, repo);
    let relevant: Vec<Job<'_>> = asked.relevant(jobs).into_iter().map(Job::of).collect();
    if relevant.is_empty() && !asked.clashes_by_itself() {
        return Vec::new();
    }
    let mut branches: BTreeSet<&str> = jobs.iter().flat_map(|job| &job.branches).map(String::as_str).collect();
    if branches.is_empty() {
        branches.insert("master");
    }
    let clash = |branch: &str| {
        let (why, context) = problem(&policy(prow, [org, repo, branch], &relevant))?;
        let reference = format!("context policy for {branch} branch in {org}/{repo} is invalid: {why}");
        Some(Clash { reference, context })
    };
    branches.into_iter().filter_map(clash).collect()
}

/// What configuration asks for in a repository, on any of its branches.
struct Asked {
    names: BTreeSet<String>,
    patterns: Vec<String>,
    needs_all_jobs: bool,
}

impl Asked {
    fn of(prow: &ProwConfig, org: &str, repo: &str) -> Self {
        let options = &prow.tide.github.context_options;
        let mut policies = vec![&options.policy];
        let of_org = options.orgs.get(org);
        policies.extend(of_org.map(|it| &it.policy));
        let of_repo = of_org.and_then(|it| it.repos.get(repo));
        policies.extend(of_repo.map(|it| &it.policy));
        policies.extend(of_repo.into_iter().flat_map(|it| it.branches.values()));
        let mut asked = Self { names: BTreeSet::new(), patterns: Vec::new(), needs_all_jobs: false };
        for policy in &policies {
            asked.names.extend(policy.required_contexts.iter().cloned());
            asked.names.extend(policy.required_if_present_contexts.iter().cloned());
            asked.names.extend(policy.optional_contexts.iter().cloned());
            asked.patterns.extend(policy.optional_regex_contexts.iter().cloned());
        }
        let protection = &prow.branch_protection;
        let protected =
            protection.orgs.get(org).filter(|_| policies.iter().any(|it| it.from_branch_protection == Some(true)));
        if let Some(of_org) = protected {
            let of_repo = of_org.repos.get(repo);
            let branches = of_repo.into_iter().flat_map(|it| it.branches.values().map(|branch| &branch.policy));
            let above = [&protection.policy, &of_org.policy].into_iter().chain(of_repo.map(|it| &it.policy));
            for policy in above.chain(branches) {
                let contexts = policy.required_status_checks.iter().flat_map(|checks| &checks.contexts);
                let count = asked.names.len();
                asked.names.extend(contexts.cloned());
                // Whether these count at all depends on what other jobs ask for.
                asked.needs_all_jobs |= policy.protect == Some(false) || asked.names.len() > count;
            }
        }
        asked
    }

    fn clashes_by_itself(&self) -> bool {
        !self.names.is_empty() || self.patterns.iter().any(|pattern| pattern::check(pattern).is_err())
    }

    /// The jobs whose statuses may be asked for in two ways.
    fn relevant<'j>(&self, jobs: &[&'j JobFacts]) -> Vec<&'j JobFacts> {
        let mut ways: BTreeMap<&str, Vec<Demand>> = BTreeMap::new();
        for job in jobs {
            let ways = ways.entry(&job.context).or_default();
            if !ways.contains(&job.demand) {
                ways.push(job.demand);
            }
        }
        let patterns: Vec<Option<Regex>> = self.patterns.iter().map(|pattern| compiled(pattern)).collect();
        let is_asked_for = |context: &str, demands: &[Demand]| {
            let mixed = [false, true].into_iter().any(|manual| {
                let mut ways = demands.iter().map(|demand| way(*demand, manual));
                let first = ways.next();
                ways.any(|way| Some(way) != first)
            });
            let matched = || patterns.iter().any(|it| it.as_ref().is_none_or(|pattern| pattern.is_match(context)));
            mixed || self.names.contains(context) || matched()
        };
        let relevant: BTreeSet<&str> = ways
            .iter()
            .filter(|(context, demands)| is_asked_for(context, demands))
            .map(|(context, _)| *context)
            .collect();
        if relevant.is_empty() {
            return Vec::new();
        }
        let is_relevant = |job: &&&JobFacts| self.needs_all_jobs || relevant.contains(job.context.as_str());
        jobs.iter().filter(is_relevant).copied().collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Required,
    IfPresent,
    Optional,
}

fn way(demand: Demand, manual: bool) -> Way {
    match demand {
        Demand { required: false, .. } => Way::Optional,
        Demand { on_request: true, .. } if manual => Way::Required,
        Demand { on_request: true, .. } | Demand { for_some_changes: true, .. } => Way::IfPresent,
        _ => Way::Required,
    }
}

/// A job with its branches made ready for matching.
struct Job<'j> {
    facts: &'j JobFacts,
    branches: OnceCell<Option<Regex>>,
    skip_branches: OnceCell<Option<Regex>>,
}

impl<'j> Job<'j> {
    fn of(facts: &'j JobFacts) -> Self {
        Self { facts, branches: OnceCell::new(), skip_branches: OnceCell::new() }
    }

    fn could_run(&self, branch: &str) -> bool {
        let matches = |patterns: &[String], cell: &OnceCell<Option<Regex>>| {
            // Generated jobs have anchored patterns, and the branches asked about are such patterns themselves.
            if branch.starts_with('^') && patterns.iter().all(|it| is_anchored_name(it)) {
                return false;
            }
            let pattern = cell.get_or_init(|| compiled(&patterns.join("|")));
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(branch))
        };
        let JobFacts { branches, skip_branches, .. } = self.facts;
        if !skip_branches.is_empty() && matches(skip_branches, &self.skip_branches) {
            return false;
        }
        branches.is_empty() || matches(branches, &self.branches)
    }
}

/// Whether a pattern is anchored and begins with a letter or digit, so that it matches nothing that begins with `^`.
fn is_anchored_name(pattern: &str) -> bool {
    let mut bytes = pattern.bytes();
    bytes.next() == Some(b'^')
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && !pattern.contains('|')
}

/// The general options with those of organisation, repository and branch over them.
fn options(prow: &ProwConfig, [org, repo, branch]: [&str; 3]) -> TideContextPolicy {
    let options = &prow.tide.github.context_options;
    let mut policy = options.policy.clone();
    let mut over = |more: &TideContextPolicy| {
        policy.from_branch_protection = more.from_branch_protection.or(policy.from_branch_protection);
        policy.required_contexts.extend(more.required_contexts.iter().cloned());
        policy.required_if_present_contexts.extend(more.required_if_present_contexts.iter().cloned());
        policy.optional_contexts.extend(more.optional_contexts.iter().cloned());
        policy.optional_regex_contexts.extend(more.optional_regex_contexts.iter().cloned());
    };
    let mut is_merged = false;
    if let Some(org) = options.orgs.get(org) {
        is_merged = true;
        over(&org.policy);
        if let Some(repo) = org.repos.get(repo) {
            over(&repo.policy);
            repo.branches.get(branch).into_iter().for_each(over);
        }
    }
    if is_merged {
        policy.optional_regex_contexts.sort();
        policy.optional_regex_contexts.dedup();
    }
    policy
}

struct Policy {
    jobs: Jobs,
    patterns: Vec<String>,
}

fn policy(prow: &ProwConfig, at: [&str; 3], jobs: &[Job<'_>]) -> Policy {
    let options = options(prow, at);
    let running: Vec<&JobFacts> = jobs.iter().filter(|job| job.could_run(at[2])).map(|job| job.facts).collect();
    let demands = |manual: bool| {
        let mut demands = Jobs::default();
        for job in &running {
            let list = match way(job.demand, manual) {
                Way::Required => &mut demands.required,
                Way::IfPresent => &mut demands.if_present,
                Way::Optional => &mut demands.optional,
            };
            list.insert(job.context.clone());
        }
        demands
    };
    let mut required: BTreeSet<String> = options.required_contexts.into_iter().collect();
    let mut manual = false;
    if options.from_branch_protection == Some(true)
        && let Some(protection) = of_branch(&prow.branch_protection, at, demands)
    {
        manual = protection.manual == Some(true);
        if protection.protect == Some(true) {
            required.extend(protection.contexts.into_iter().flatten());
        }
    }
    let mut jobs = demands(manual);
    jobs.required.extend(required);
    jobs.if_present.extend(options.required_if_present_contexts);
    jobs.optional.extend(options.optional_contexts);
    Policy { jobs, patterns: options.optional_regex_contexts }
}

/// What is wrong with a policy, and the status it is about.
fn problem(policy: &Policy) -> Option<(String, String)> {
    let Jobs { required, if_present, optional } = &policy.jobs;
    let both = |left: &BTreeSet<String>, right: &BTreeSet<String>, words: &str| {
        let names: Vec<&str> = left.intersection(right).map(String::as_str).collect();
        let first = (*names.first()?).to_owned();
        Some((format!("contexts {} are defined as {words}", names.join(", ")), first))
    };
    both(required, optional, "required and optional")
        .or_else(|| both(required, if_present, "required and required if present"))
        .or_else(|| both(optional, if_present, "optional and required if present"))
        .or_else(|| policy.patterns.iter().find_map(|text| matched(text, required, if_present)))
}

fn matched(text: &str, required: &BTreeSet<String>, if_present: &BTreeSet<String>) -> Option<(String, String)> {
    if let Err(why) = pattern::check(text) {
        let why = pattern::in_words_of_go(text, &why);
        return Some((format!("optional context regex {text:?} doesn't compile: {why}"), String::new()));
    }
    let pattern = compiled(text)?;
    [(required, "required"), (if_present, "required if present")].into_iter().find_map(|(names, words)| {
        let name = names.iter().find(|name| pattern.is_match(name))?;
        Some((format!("optional context regex {text:?} matches {words} context {name}"), name.clone()))
    })
}
