//! Branch protection as it comes out for a branch: each level over the one above it.

use std::collections::BTreeSet;

use crate::model::prow::protection::{BranchProtection, Policy};

use super::scopes::Scopes;

/// Whether a policy wants branches up to date.
pub fn is_strict(policy: &Policy) -> bool {
    let strict = policy.required_status_checks.as_ref().and_then(|checks| checks.strict);
    policy.protect == Some(true) && strict == Some(true)
}

/// What of a policy matters here.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    unmanaged: Option<bool>,
    /// Whether the branch is protected.
    pub protect: Option<bool>,
    strict: Option<bool>,
    /// Statuses that must be green.
    pub contexts: Option<BTreeSet<String>>,
    /// Whether jobs on request count as required.
    pub manual: Option<bool>,
    has_more: bool,
}

impl Effective {
    /// This with a policy over it.
    #[must_use]
    pub fn under(&self, policy: &Policy) -> Self {
        let mut contexts = self.contexts.clone();
        if let Some(checks) = &policy.required_status_checks {
            contexts.get_or_insert_default().extend(checks.contexts.iter().cloned());
        }
        let strict = policy.required_status_checks.as_ref().and_then(|checks| checks.strict);
        Self {
            unmanaged: policy.unmanaged.or(self.unmanaged),
            protect: policy.protect.or(self.protect),
            strict: strict.or(self.strict),
            contexts,
            manual: policy.require_manually_triggered_jobs.or(self.manual),
            has_more: self.has_more
                || policy.enforce_admins.is_some()
                || policy.restrictions.is_some()
                || policy.required_pull_request_reviews.is_some()
                || policy.required_linear_history.is_some()
                || policy.allow_force_pushes.is_some()
                || policy.allow_deletions.is_some(),
        }
    }

    fn is_strict(&self) -> bool {
        self.protect == Some(true) && self.strict == Some(true)
    }

    fn says_something(&self) -> bool {
        self.contexts.is_some() || self.manual.is_some() || self.has_more
    }
}

const UNDECIDED: &str = "defined branch policies must set protect or unmanaged=true";

/// Organisation, repository, branch, and what Prow says of it.
type Undecided = (String, String, String, String);

/// The repositories with a branch that has to be up to date. A repository counts as a whole.
pub fn strict_scopes(protection: &BranchProtection) -> Result<Scopes, Undecided> {
    let mut scopes = Scopes::default();
    let top = Effective::default().under(&protection.policy);
    for (org_name, org) in &protection.orgs {
        let of_org = top.under(&org.policy);
        let (mut strict, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (repo_name, repo) in &org.repos {
            let of_repo = of_org.under(&repo.policy);
            let mut is_strict = of_repo.is_strict();
            for (branch_name, branch) in repo.branches.iter().filter(|_| !of_repo.is_strict()) {
                let of_branch = of_repo.under(&branch.policy);
                if of_branch.protect.is_none() && of_branch.unmanaged != Some(true) {
                    let message =
                        format!("error for repo={org_name}/{repo_name} and branch={branch_name}: {UNDECIDED}");
                    return Err((org_name.clone(), repo_name.clone(), branch_name.clone(), message));
                }
                is_strict |= of_branch.is_strict();
            }
            let list = if is_strict { &mut strict } else { &mut others };
            list.insert(format!("{org_name}/{repo_name}"));
        }
        if of_org.is_strict() {
            scopes.orgs.insert(org_name.clone(), others);
        } else {
            scopes.repos.extend(strict);
        }
    }
    Ok(scopes)
}

/// What the jobs of a branch ask for.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    /// Statuses that are always there.
    pub required: BTreeSet<String>,
    /// Statuses that have to be green when they are there.
    pub if_present: BTreeSet<String>,
    /// Statuses that do not matter.
    pub optional: BTreeSet<String>,
}

/// The protection of a branch, with what its jobs ask for; nothing where there is none, or none that Prow understands.
/// `jobs` says what jobs ask for when those on request are required, or are not.
pub fn of_branch(
    protection: &BranchProtection,
    [org, repo, branch]: [&str; 3],
    jobs: impl Fn(bool) -> Jobs,
) -> Option<Effective> {
    let org = protection.orgs.get(org)?;
    let mut policy = Effective::default().under(&protection.policy).under(&org.policy);
    if let Some(repo) = org.repos.get(repo) {
        policy = policy.under(&repo.policy);
        if let Some(branch) = repo.branches.get(branch) {
            policy = policy.under(&branch.policy);
            if policy.protect.is_none() && policy.unmanaged != Some(true) {
                return None;
            }
        }
    }
    let asked = jobs(policy.manual == Some(true));
    let with_optional = protection.protect_repos_with_optional_jobs == Some(true);
    let is_asked =
        !asked.required.is_empty() || with_optional && !(asked.if_present.is_empty() && asked.optional.is_empty());
    if is_asked {
        if policy.protect == Some(false) {
            return None;
        }
        policy.contexts.get_or_insert_default().extend(asked.required);
        if protection.protect_tested_repos == Some(true) {
            policy.protect = Some(true);
        }
    }
    if policy.protect == Some(false) && policy.says_something() && protection.allow_disabled_policies != Some(true) {
        return None;
    }
    (policy.protect.is_some() || policy.says_something()).then_some(policy)
}
