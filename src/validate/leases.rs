//! Rules for leased resources.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::StepLease;

rules! {
    LEASE_WITHOUT_TYPE = "lease-without-type",
        "a lease does not say what it leases",
        "Nobody knows what to lease, so the test could not start.",
        "set resource_type";
    LEASE_WITHOUT_VARIABLE = "lease-without-variable",
        "a lease has no environment variable",
        "Steps learn from the variable what was leased for them; without it they could not use it.",
        "set env";
    DUPLICATE_LEASE_VARIABLE = "duplicate-lease-variable",
        "two leases of a test share an environment variable",
        "One value would replace the other, and steps would use one leased resource twice.",
        "give each lease an env of its own";
}

/// Checks leases; `seen` are the variables of leases before, where they count.
pub fn check_leases<'a>(
    leases: impl IntoIterator<Item = &'a StepLease>,
    place: &Place<'_>,
    mut seen: Option<&mut BTreeSet<&'a str>>,
    out: &mut Findings,
) {
    for (index, lease) in leases.into_iter().enumerate() {
        let place = place.item(index);
        if lease.resource_type.is_empty() {
            out.at(
                &LEASE_WITHOUT_TYPE,
                &place.silent("resource_type"),
                format_args!("'resource_type' cannot be empty"),
            );
        }
        if lease.env.is_empty() {
            out.at(&LEASE_WITHOUT_VARIABLE, &place.silent("env"), format_args!("'env' cannot be empty"));
        } else if let Some(seen) = seen.as_deref_mut()
            && !seen.insert(&lease.env)
        {
            let message = format_args!("duplicate environment variable: {}", lease.env);
            out.at(&DUPLICATE_LEASE_VARIABLE, &place.silent("env"), message);
        }
    }
}
