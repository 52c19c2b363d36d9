//! Rules for the file of cluster profiles, which is brought into canonical form only when it keeps them.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::{ClusterProfile, ClusterProfiles};

rules! {
    PROFILE_OWNED_BY_NOBODY = "profile-owned-by-nobody",
        "an owner of a cluster profile is neither an organisation nor a Konflux tenant",
        "Nobody would be let in by it.",
        "set org, or konflux.tenant";
    PROFILE_OWNER_OF_TWO_KINDS = "profile-owner-of-two-kinds",
        "an owner of a cluster profile is both an organisation and a Konflux tenant",
        "It is not clear which of the two is let in.",
        "make an owner of each";
    PROFILE_OWNED_TWICE = "profile-owned-twice",
        "an organisation or a Konflux tenant owns a cluster profile twice",
        "Only one of the two entries would count.",
        "put everything into one entry";
    REPEATED_PROFILE = "repeated-profile",
        "two cluster profiles have the same name",
        "Tests find profiles by name, so only one of the two would ever be used.",
        "rename or remove one of the two";
}

/// Checks the cluster profiles and who owns them.
pub fn check_profiles(profiles: &ClusterProfiles, out: &mut Findings) {
    let list = Place::ROOT.key("cluster_profiles");
    let mut names = BTreeSet::new();
    for (number, profile) in profiles.cluster_profiles.iter().enumerate() {
        let place = list.item(number);
        check_owners(profile, &place, out);
        if !names.insert(&profile.name) {
            let message = format_args!("cluster profile '{}' already exists in the configuration file", profile.name);
            out.says(&REPEATED_PROFILE, &place.key("name"), message);
        }
    }
}

fn check_owners(profile: &ClusterProfile, place: &Place<'_>, out: &mut Findings) {
    let (name, list) = (&profile.name, place.key("owners"));
    let (mut orgs, mut tenants) = (BTreeSet::new(), BTreeSet::new());
    for (number, owner) in profile.owners.iter().enumerate() {
        let place = list.item(number);
        let tenant = owner.konflux.as_ref().map_or("", |konflux| &konflux.tenant);
        match (owner.org.as_str(), tenant) {
            ("", "") => {
                out.says(
                    &PROFILE_OWNED_BY_NOBODY,
                    &place,
                    format_args!("cluster profile '{name}' has an invalid owner"),
                );
            }
            ("", tenant) if !tenants.insert(tenant) => {
                let message = format_args!("cluster profile '{name}' has duplicate tenant \"{tenant}\"");
                out.says(&PROFILE_OWNED_TWICE, &place.key("konflux").key("tenant"), message);
            }
            (org, "") if !orgs.insert(org) => {
                let message = format_args!("cluster profile '{name}' has duplicate org \"{org}\"");
                out.says(&PROFILE_OWNED_TWICE, &place.key("org"), message);
            }
            ("", _) | (_, "") => {}
            _ => {
                let message = format_args!("cluster profile '{name}' has both org and tenant set");
                out.says(&PROFILE_OWNER_OF_TWO_KINDS, &place, message);
            }
        }
    }
}
