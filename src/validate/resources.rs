//! Rules for what builds and steps ask of the machine they run on.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::findings::Findings;
use super::place::Place;
use super::quantity::{is_above_2g, parse_amount};
use crate::diagnostic::rule::rules;
use crate::model::config::ResourceRequirements;
use crate::model::labels::KVM_LABEL;

rules! {
    NO_RESOURCES = "no-resources",
        "the configuration does not say what its builds need",
        "Builds and tests would be put on any machine, starve each other there and fail at random.",
        "add resources with an entry '*'";
    NO_DEFAULT_RESOURCES = "no-default-resources",
        "resources has no entry `*`",
        "Whatever has no entry of its own would get no resources and fail at random on a full machine.",
        "add an entry '*' with the requests that most builds and tests need";
    EMPTY_RESOURCES = "empty-resources",
        "there is neither a request nor a limit",
        "The pod would be put on any machine, starve there and fail at random.",
        "add a request for cpu or memory";
    INVALID_QUANTITY = "invalid-quantity",
        "an amount is not a Kubernetes quantity",
        "Kubernetes would refuse the pod.",
        "write a number and a unit: 100m of cpu, 2Gi of memory";
    ZERO_QUANTITY = "zero-quantity",
        "an amount is zero",
        "Kubernetes reads zero as no request or limit at all.",
        "write what is needed, or remove the line";
    NEGATIVE_QUANTITY = "negative-quantity",
        "an amount is below zero",
        "Kubernetes would refuse the pod.",
        "write what is needed, as a number above zero";
    EXCESSIVE_SHARED_MEMORY = "excessive-shared-memory",
        "more than 2G of shared memory is asked for",
        "No machine gives more, so the pod could not start.",
        "ask for 2G or less";
    SEVERAL_KVM_DEVICES = "several-kvm-devices",
        "not exactly one KVM device is asked for",
        "The device is there once or not at all, so the pod would never be scheduled.",
        "write \"1\"";
    UNKNOWN_RESOURCE = "unknown-resource",
        "something is asked for that machines do not give",
        "No machine gives it, so the pod would never be scheduled.",
        "correct the name, or remove the line";
}

const SHARED_MEMORY: &str = "ci-operator.openshift.io/shm";

/// Checks `resources` of a configuration.
pub fn check_resources(resources: &BTreeMap<String, ResourceRequirements>, out: &mut Findings) {
    let root = Place::ROOT;
    let place = root.key("resources");
    if resources.is_empty() {
        let message = format_args!("'resources' should be specified to provide resource requests");
        return out.says(&NO_RESOURCES, &place, message);
    }
    if !resources.contains_key("*") {
        let message = format_args!("'resources' must specify a blanket policy for '*'");
        out.says(&NO_DEFAULT_RESOURCES, &place, message);
    }
    for (name, requirements) in resources {
        check_requirements(requirements, &place.key(name), out);
    }
}

/// Checks the requests and limits of one thing.
pub fn check_requirements(requirements: &ResourceRequirements, place: &Place<'_>, out: &mut Findings) {
    check_list(&requirements.limits, &place.key("limits"), out);
    check_list(&requirements.requests, &place.key("requests"), out);
    if requirements.requests.is_empty() && requirements.limits.is_empty() {
        out.says(&EMPTY_RESOURCES, place, format_args!("'{place}' should have at least one request or limit"));
    }
}

fn check_list(list: &BTreeMap<String, String>, place: &Place<'_>, out: &mut Findings) {
    for (name, amount) in list {
        match name.as_str() {
            "cpu" | "memory" | "ephemeral-storage" | SHARED_MEMORY | "nvidia.com/gpu" => {
                check_amount(name, amount, &place.key(name), out);
            }
            KVM_LABEL if amount == "1" => {}
            KVM_LABEL => out.at(&SEVERAL_KVM_DEVICES, &place.key(name), format_args!("must be 1")),
            _ => {
                let message = format_args!("'{place}' specifies an invalid key {name}");
                out.says(&UNKNOWN_RESOURCE, &place.name(name), message);
            }
        }
    }
}

fn check_amount(name: &str, amount: &str, place: &Place<'_>, out: &mut Findings) {
    match parse_amount(amount).map(|quantity| quantity.sign()) {
        Err(problem) => out.at(&INVALID_QUANTITY, place, format_args!("invalid quantity: {problem}")),
        Ok(Ordering::Equal) => out.at(&ZERO_QUANTITY, place, format_args!("quantity cannot be zero")),
        Ok(Ordering::Less) => out.at(&NEGATIVE_QUANTITY, place, format_args!("quantity cannot be negative")),
        Ok(Ordering::Greater) if name == SHARED_MEMORY && is_above_2g(amount) => {
            out.at(&EXCESSIVE_SHARED_MEMORY, place, format_args!("quantity cannot be greater than 2G"));
        }
        Ok(Ordering::Greater) => {}
    }
}
