//! Who may use which cluster: owners of cluster profiles and of claimed pools, and profiles that are to be used through a
//! set.
//!
//! Make [`Clusters`] once, of the two files that say so; its patterns are compiled then. What a repository is, the
//! metadata in its config say, as in the reference.

use std::collections::BTreeMap;

use regex::RegexSet;

use super::finding::{Finding, Stage, Subject};
use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::config::{
    ClusterClaimDetails, ClusterClaimOwnerDetails, ClusterProfile, ClusterProfileOwners, ClusterProfiles, Metadata,
};
use crate::pattern;
use crate::registry::List;
use crate::validate::quoted;
use crate::yaml::codec::{Strictness, read};
use crate::yaml::parse::parse;

rules! {
    UNLISTED_CLUSTER_PROFILE = "unlisted-cluster-profile",
        "a test uses a cluster profile that the cluster profiles file does not have",
        "There is no account and no lease for it.",
        "use a profile of the file, or add this one there";
    FOREIGN_CLUSTER_PROFILE = "foreign-cluster-profile",
        "a test uses a cluster profile that belongs to others",
        "The owners pay for the account and keep its quota for themselves.",
        "ask the owners to add the repository to the profile's owners, or use another profile";
    MEMBER_OF_PROFILE_SET = "member-of-profile-set",
        "a test uses a cluster profile that is to be used through its set",
        "The set spreads tests over its members; one that is named directly runs out of quota first.",
        "use the set, or add the test to cluster_profile_sets_config.tests_exceptions";
    FOREIGN_CLUSTER_CLAIM = "foreign-cluster-claim",
        "a test claims a cluster from a pool that belongs to others",
        "The owners keep as many clusters ready as their own tests need.",
        "ask the owners to add the repository to the pool's owners, or claim from another";
    UNOWNED_CONFIG = "unowned-config",
        "a test wants a cluster, and the config's metadata do not say whose it is",
        "Nobody can tell whether the repository may use the cluster.",
        "let determinize-ci-operator fill in zz_generated_metadata";
}

/// The organisation of private copies.
const PRIVATE: &str = "openshift-priv";
/// Organisations whose repositories have the same name there; others get the organisation before it.
const SAME_NAME_IN_PRIVATE: [&str; 6] =
    ["openshift", "openshift-eng", "operator-framework", "redhat-cne", "openshift-assisted", "ViaQ"];

/// The pools that belong to somebody, by the name that claims use.
#[derive(Clone, Debug, Default)]
pub struct ClaimOwners {
    pools: BTreeMap<String, (usize, ClusterClaimDetails)>,
}

/// Reads the file of the owners of cluster claims. Of two items for a pool the last counts.
pub fn load_claim_owners(text: &str, file: &str) -> Result<ClaimOwners, Vec<Diagnostic>> {
    let owners = List::ClaimOwners;
    let tree = parse(text).map_err(|error| vec![owners.syntax(error, file, text)])?;
    let list: Vec<ClusterClaimDetails> = read(&tree, Strictness::Lenient).map_err(|problems| {
        problems.into_iter().map(|problem| owners.mistyped(problem, file, text)).collect::<Vec<_>>()
    })?;
    let pools = list.into_iter().enumerate().map(|(number, pool)| (pool.claim.clone(), (number, pool))).collect();
    Ok(ClaimOwners { pools })
}

/// Who may use which clusters.
#[derive(Debug, Default)]
pub struct Clusters {
    /// Whether there is a list of profiles at all.
    are_known: bool,
    profiles: BTreeMap<String, (usize, ClusterProfile)>,
    /// For members of sets, the set.
    sets: BTreeMap<String, usize>,
    list: Vec<String>,
    exceptions: Exceptions,
    claims: ClaimOwners,
}

impl Clusters {
    /// Takes what the two files say. Without profiles, because their file is broken, none is held against a test.
    pub fn new(profiles: Option<ClusterProfiles>, claims: ClaimOwners) -> Self {
        let Some(profiles) = profiles else { return Self { claims, ..Self::default() } };
        let exceptions = Exceptions::of(&profiles);
        let mut clusters = Self { exceptions, claims, are_known: true, ..Self::default() };
        // The first of a name counts, and the first set that has a member.
        for (number, profile) in profiles.cluster_profiles.into_iter().enumerate() {
            for member in &profile.set_members {
                clusters.sets.entry(member.clone()).or_insert(number);
            }
            clusters.list.push(profile.name.clone());
            clusters.profiles.entry(profile.name.clone()).or_insert((number, profile));
        }
        clusters
    }

    /// Checks the profile that a test, the one at `index`, uses; `path` leads to where the config says so.
    pub(super) fn check_profile(
        &self,
        name: &str,
        test: &str,
        index: usize,
        metadata: &Metadata,
        path: &dyn Fn() -> KeyPath,
    ) -> Option<Finding> {
        if !self.are_known {
            return None;
        }
        let finding = |rule, message: String| Some(Finding::of_rule(Stage::Resolved, rule, path(), message));
        let place = || format!("tests[{index}]");
        let Some((number, profile)) = self.profiles.get(name) else {
            let message = format!("{}: invalid cluster profile {}", place(), quoted(name));
            return finding(&UNLISTED_CLUSTER_PROFILE, message);
        };
        if metadata.org.is_empty() {
            return finding(&UNOWNED_CONFIG, NO_METADATA.into());
        }
        let listed = KeyPath::root().key("cluster_profiles").item(*number);
        if !may_use(&profile.owners, metadata) {
            let message = format!("{} is not an owner of the cluster profile: {}", metadata.org_repo(), quoted(name));
            let finding = finding(&FOREIGN_CLUSTER_PROFILE, message)?;
            return Some(finding.and(Subject::Profiles, listed.key("owners"), "these are its owners"));
        }
        let set = self.sets.get(name)?;
        if self.exceptions.has(test, metadata) {
            return None;
        }
        let set_name = self.list.get(*set).map_or("", String::as_str);
        let message = format!(
            "{}: invalid cluster profile {}, use the cluster profile set {} instead",
            place(),
            quoted(name),
            quoted(set_name)
        );
        let set_path = KeyPath::root().key("cluster_profiles").item(*set).key("set_members");
        Some(finding(&MEMBER_OF_PROFILE_SET, message)?.and(Subject::Profiles, set_path, "this is the set"))
    }

    /// Checks the owner that a claim names.
    pub(super) fn check_claim(&self, owner: &str, metadata: &Metadata, path: &KeyPath) -> Option<Finding> {
        let (number, pool) = self.claims.pools.get(owner)?;
        if metadata.org.is_empty() {
            return Some(Finding::of_rule(Stage::Resolved, &UNOWNED_CONFIG, path.clone(), NO_METADATA));
        }
        if may_use(&pool.owners, metadata) {
            return None;
        }
        let message = format!("{} is not an owner of the cluster claim: {}", metadata.org_repo(), quoted(owner));
        let finding = Finding::of_rule(Stage::Resolved, &FOREIGN_CLUSTER_CLAIM, path.clone(), message);
        let listed = KeyPath::root().item(*number).key("owners");
        Some(finding.and(Subject::ClaimOwners, listed, "these are its owners"))
    }
}

const NO_METADATA: &str = "can't do ownership check, metadata not defined";

/// An organisation, or some of its repositories.
trait Owner {
    fn org(&self) -> &str;
    /// The repositories, where not all are meant.
    fn repos(&self) -> Option<&Vec<String>>;
}

impl Owner for ClusterProfileOwners {
    fn org(&self) -> &str {
        &self.org
    }

    fn repos(&self) -> Option<&Vec<String>> {
        self.repos.as_option()
    }
}

impl Owner for ClusterClaimOwnerDetails {
    fn org(&self) -> &str {
        &self.org
    }

    fn repos(&self) -> Option<&Vec<String>> {
        self.repos.as_option()
    }
}

/// Whether a repository is among owners, itself or as the private copy of one that is. Without owners anybody is.
fn may_use(owners: &[impl Owner], Metadata { org, repo, .. }: &Metadata) -> bool {
    let has = |owner: &dyn Owner, repo: &str| owner.repos().is_none_or(|repos| repos.iter().any(|owned| owned == repo));
    let copied = |owner: &dyn Owner| match SAME_NAME_IN_PRIVATE.contains(&owner.org()) {
        true => has(owner, repo),
        false => repo
            .strip_prefix(owner.org())
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|original| has(owner, original)),
    };
    owners.is_empty()
        || owners.iter().any(|owner| owner.org() == org && has(owner, repo))
        || (org == PRIVATE && owners.iter().any(|owner| copied(owner)))
}

/// The tests that may use members of sets: patterns for `org/repo`, in each for the branch, the variant, the test.
#[derive(Debug, Default)]
struct Exceptions {
    repositories: Vec<(RegexSet, Vec<(RegexSet, Variants)>)>,
}

/// For variants of one branch, the tests.
type Variants = Vec<(RegexSet, RegexSet)>;

impl Exceptions {
    fn of(profiles: &ClusterProfiles) -> Self {
        let Some(sets) = &profiles.cluster_profile_sets_config else { return Self::default() };
        // Patterns that do not compile are findings about the file, and match nothing here.
        let one = |text: &String| compiled(std::slice::from_ref(text));
        let variants = |of: &BTreeMap<String, Vec<String>>| {
            of.iter().map(|(variant, tests)| (one(variant), compiled(tests))).collect()
        };
        let repositories = sets.tests_exceptions.iter().map(|(repository, branches)| {
            (one(repository), branches.iter().map(|(branch, of)| (one(branch), variants(of))).collect())
        });
        Self { repositories: repositories.collect() }
    }

    /// The reference takes the first pattern that matches, in an order of chance; here each that matches counts.
    fn has(&self, test: &str, metadata: &Metadata) -> bool {
        let name = metadata.org_repo();
        let repositories = self.repositories.iter().filter(|(pattern, _)| pattern.is_match(&name));
        let branches = repositories.flat_map(|(_, branches)| branches).filter(|(of, _)| of.is_match(&metadata.branch));
        let mut variants = branches.flat_map(|(_, of)| of).filter(|(of, _)| of.is_match(&metadata.variant));
        variants.any(|(_, tests)| tests.is_match(test))
    }
}

fn compiled(patterns: &[String]) -> RegexSet {
    let translated: Vec<String> = patterns.iter().filter_map(|text| pattern::translate(text).ok()).collect();
    pattern::set(&translated).unwrap_or_else(|_| RegexSet::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(org: &str, repos: Option<&[&str]>) -> ClusterProfileOwners {
        let repos = repos.map(|repos| repos.iter().map(ToString::to_string).collect()).unwrap_or_default();
        ClusterProfileOwners { org: org.into(), repos, ..ClusterProfileOwners::default() }
    }

    fn at(org: &str, repo: &str) -> Metadata {
        Metadata { org: org.into(), repo: repo.into(), ..Metadata::default() }
    }

    #[test]
    fn owners_have_all_their_repositories_or_those_they_name() {
        let owners = [owner("a", None), owner("b", Some(&["x"])), owner("c", Some(&[]))];
        assert!(may_use(&owners, &at("a", "any")) && may_use(&owners, &at("b", "x")));
        assert!(!may_use(&owners, &at("b", "y")) && !may_use(&owners, &at("c", "x")));
        assert!(may_use(&owners[..0], &at("d", "x")));
    }

    #[test]
    fn private_copies_are_owned_like_the_original() {
        let owners = [owner("openshift", Some(&["installer"])), owner("acme", Some(&["shop"]))];
        for repo in ["installer", "acme-shop"] {
            assert!(may_use(&owners, &at(PRIVATE, repo)), "{repo}");
        }
        for repo in ["api", "shop", "openshift-installer", "acme-other"] {
            assert!(!may_use(&owners, &at(PRIVATE, repo)), "{repo}");
        }
    }

    #[test]
    fn claims_are_a_list() {
        let owners = load_claim_owners("- claim: a\n- {Claim: b, owners: [{org: o, repos: []}]}\n", "f").unwrap();
        let clusters = Clusters::new(None, owners);
        let path = KeyPath::root();
        assert!(clusters.check_claim("a", &at("x", "y"), &path).is_none());
        assert!(clusters.check_claim("unlisted", &at("x", "y"), &path).is_none());
        assert!(clusters.check_claim("b", &at("o", "y"), &path).is_some());
        assert_eq!(load_claim_owners("a: b\n", "f").unwrap_err().len(), 1);
    }
}
