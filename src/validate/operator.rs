//! Rules for operator bundles and their indices.

use super::changes;
use super::findings::Findings;
use super::place::Place;
use super::subject::{BUNDLE, BUNDLE_SOURCE, INDEX, Subject};
use super::tags::{Origin, Tags};
use crate::diagnostic::rule::rules;
use crate::model::config::{Bundle, OperatorStepConfiguration, PullSpecSubstitution};

rules! {
    UNNAMED_BUNDLE_WITH_OPTIONS = "unnamed-bundle-with-options",
        "a bundle without name sets what only named bundles can have",
        "All bundles without a name share one index and one job, so these options could not be for one of them.",
        "set as, or remove the option that the message names";
    UPDATE_GRAPH_WITHOUT_BASE_INDEX = "update-graph-without-base-index",
        "update_graph is set, and there is no index to update",
        "It says how the bundle goes into an existing index; without one it has no effect.",
        "add base_index, or remove update_graph";
    UNKNOWN_UPDATE_GRAPH = "unknown-update-graph",
        "update_graph is none of the three modes",
        "The index builder knows no other mode and would fail.",
        "write semver, semver-skippatch or replaces";
    INCOMPLETE_SUBSTITUTION = "incomplete-substitution",
        "a substitution lacks what to replace or what to replace it with",
        "Nothing would be replaced, and the bundle would name the image that users get, not the one under test.",
        "set pullspec and with";
    UNKNOWN_SUBSTITUTION_IMAGE = "unknown-substitution-image",
        "a substitution puts in an image of a stream that there is not",
        "The image could not be found, so the bundle could not be built.",
        "name an image of this config, or write stable:TAG for one of the release";
}

const UPDATE_MODES: [&str; 3] = ["semver", "semver-skippatch", "replaces"];

/// Checks `operator`.
pub fn check_operator<'a>(
    operator: &'a OperatorStepConfiguration,
    subject: &Subject<'a>,
    tags: &mut Tags<'a>,
    out: &mut Findings,
) {
    let root = Place::ROOT;
    let place = root.key("operator");
    tags.claim(BUNDLE_SOURCE, Origin::Field("operator"), &place, out);
    let bundles = place.key("bundles");
    for (index, bundle) in operator.bundles.iter().enumerate() {
        check_bundle(bundle, index, &bundles.item(index), tags, out);
    }
    let substitutions = place.renamed("substitutions", "substitute");
    for (index, substitution) in operator.substitutions.iter().enumerate() {
        check_substitution(substitution, subject, &substitutions.item(index), out);
    }
}

fn check_bundle<'a>(bundle: &'a Bundle, index: usize, place: &Place<'_>, tags: &mut Tags<'a>, out: &mut Findings) {
    if bundle.name.is_empty() {
        let name = format!("{BUNDLE}{index}");
        let origin = Origin::Item("operator.bundles", index);
        let index_name = format!("{INDEX}-{name}");
        tags.claim(name, origin, place, out);
        tags.claim(index_name, origin, place, out);
        check_unnamed(bundle, place, out);
    } else {
        let name_place = place.key("as");
        tags.claim(bundle.name.as_str(), Origin::BundleName(index), &name_place, out);
        tags.claim(format!("{INDEX}-{}", bundle.name), Origin::BundleName(index), &name_place, out);
    }
    let filters = [bundle.run_if_changed.as_str(), &bundle.skip_if_only_changed];
    changes::check_filters(&["run_if_changed", "skip_if_only_changed"], &filters, place, out);
    if bundle.update_graph.is_empty() {
        return;
    }
    let place = place.key("update_graph");
    if bundle.base_index.is_empty() {
        let message = format_args!("update_graph requires base_index to be set");
        out.at(&UPDATE_GRAPH_WITHOUT_BASE_INDEX, &place, message);
    }
    if !UPDATE_MODES.contains(&bundle.update_graph.as_str()) {
        let [first, second, third] = UPDATE_MODES;
        out.at(&UNKNOWN_UPDATE_GRAPH, &place, format_args!("update_graph must be {first}, {second}, or {third}"));
    }
}

fn check_unnamed(bundle: &Bundle, place: &Place<'_>, out: &mut Findings) {
    let options = [
        ("base_index", !bundle.base_index.is_empty()),
        ("skip_building_index", bundle.skip_building_index),
        ("run_if_changed", !bundle.run_if_changed.is_empty()),
        ("skip_if_only_changed", !bundle.skip_if_only_changed.is_empty()),
    ];
    for (option, is_set) in options {
        if is_set {
            let message = format_args!("{option} requires 'as' to be set");
            out.at(&UNNAMED_BUNDLE_WITH_OPTIONS, &place.key(option), message);
        }
    }
}

fn check_substitution(
    substitution: &PullSpecSubstitution,
    subject: &Subject<'_>,
    place: &Place<'_>,
    out: &mut Findings,
) {
    if substitution.pullspec.is_empty() {
        return out.at(&INCOMPLETE_SUBSTITUTION, &place.key("pullspec"), format_args!("must be set"));
    }
    let place = place.key("with");
    if substitution.with.is_empty() {
        return out.at(&INCOMPLETE_SUBSTITUTION, &place, format_args!("must be set"));
    }
    if !subject.image_source(&substitution.with, None).is_known() {
        let message = format_args!("could not resolve '{}' to an image involved in the config", substitution.with);
        out.at(&UNKNOWN_SUBSTITUTION_IMAGE, &place, message);
    }
}
