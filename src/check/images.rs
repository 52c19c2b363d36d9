//! Images that can never be built: they need one that nobody makes, or each other. The reference does not look, and
//! ci-operator finds out when a job runs.

use std::collections::BTreeMap;

use super::finding::{Finding, Stage, Subject};
use super::graph::BuildGraph;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::{ProjectDirectoryImageBuildStepConfiguration, ReleaseBuildConfiguration};
use crate::validate::quoted;

rules! {
    MISSING_IMAGE_INPUT = warning "missing-image-input",
        "an image is built from one that the config does not make",
        "Every job that needs the image fails, because a part of its build graph is missing.",
        "name an image of base_images or images, or src, bin and so on where their field is set";
    CYCLIC_IMAGES = warning "cyclic-images",
        "images are built from each other",
        "None of them can be built first, so every job that needs one fails.",
        "let one of them be built from something else";
}

/// Where an image needs another, and by which name.
struct Need<'c> {
    image: &'c str,
    path: KeyPath,
}

/// Checks that the images of a config can be built.
pub(super) fn check_inputs(config: &ReleaseBuildConfiguration, graph: &BuildGraph<'_>, found: &mut Vec<Finding>) {
    let items = &config.images.items;
    if items.is_empty() {
        return;
    }
    let builders: BTreeMap<&str, usize> = items.iter().enumerate().map(|(at, image)| (&*image.to, at)).collect();
    // For each image, those that it is built from among the config's own.
    let mut edges: Vec<Vec<(usize, KeyPath)>> = Vec::with_capacity(items.len());
    for (index, image) in items.iter().enumerate() {
        let mut own = Vec::new();
        for need in needs(image, index) {
            if let Some(builder) = builders.get(need.image) {
                own.push((*builder, need.path));
            } else if !graph.images.contains(need.image) {
                let message =
                    format!("{} is built from {}, which nothing makes", quoted(&image.to), quoted(need.image));
                found.push(Finding::of_rule(Stage::Unseen, &MISSING_IMAGE_INPUT, need.path, message));
            }
        }
        edges.push(own);
    }
    found.extend(cycles(&edges).into_iter().map(|cycle| cyclic(&cycle, items)));
}

fn needs(image: &ProjectDirectoryImageBuildStepConfiguration, index: usize) -> Vec<Need<'_>> {
    let path = || KeyPath::root().key("images").key("items").item(index);
    let from = Some(image.from.as_str()).filter(|from| !from.is_empty());
    let from = from.map(|image| Need { image, path: path().key("from") });
    let inputs = image.project_directory_image_build_inputs.inputs.keys();
    from.into_iter().chain(inputs.map(|image| Need { image, path: path().key("inputs").key(image) })).collect()
}

/// A way from an image back to itself: each with the place where it needs the next.
type Cycle = Vec<(usize, KeyPath)>;

/// A cycle for every image that is on one which has not been told; beginning with the first image.
fn cycles(edges: &[Vec<(usize, KeyPath)>]) -> Vec<Cycle> {
    let mut told = vec![false; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        if told.get(start).copied().unwrap_or(true) {
            continue;
        }
        if let Some(cycle) = way_back(start, edges) {
            for (image, _) in &cycle {
                if let Some(told) = told.get_mut(*image) {
                    *told = true;
                }
            }
            found.push(cycle);
        }
    }
    found
}

/// The shortest way from an image to itself.
fn way_back(start: usize, edges: &[Vec<(usize, KeyPath)>]) -> Option<Cycle> {
    let mut came_from: Vec<Option<(usize, &KeyPath)>> = vec![None; edges.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(image) = queue.pop_front() {
        for (next, path) in edges.get(image).into_iter().flatten() {
            let slot = came_from.get_mut(*next)?;
            if slot.is_some() {
                continue;
            }
            *slot = Some((image, path));
            if *next == start {
                return Some(trace(start, &came_from));
            }
            queue.push_back(*next);
        }
    }
    None
}

fn trace(start: usize, came_from: &[Option<(usize, &KeyPath)>]) -> Cycle {
    let mut cycle = Vec::new();
    let mut at = start;
    while let Some((image, path)) = came_from.get(at).copied().flatten() {
        cycle.push((image, path.clone()));
        at = image;
        if at == start {
            break;
        }
    }
    cycle.reverse();
    cycle
}

fn cyclic(cycle: &Cycle, items: &[ProjectDirectoryImageBuildStepConfiguration]) -> Finding {
    let name = |index: usize| items.get(index).map_or("", |image| &*image.to);
    let names: Vec<&str> = cycle.iter().chain(cycle.first()).map(|(index, _)| name(*index)).collect();
    let message = format!("images are built from each other: {}", names.join(" from "));
    let path = cycle.first().map(|(_, path)| path.clone()).unwrap_or_default();
    let finding = Finding::of_rule(Stage::Unseen, &CYCLIC_IMAGES, path, message);
    cycle.iter().skip(1).fold(finding, |finding, (index, path)| {
        finding.and(Subject::SameConfig, path.clone(), format!("{} needs this", quoted(name(*index))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::ImageConfiguration;

    fn messages(images: &[(&str, &str)]) -> Vec<String> {
        let image = |(to, from): &(&str, &str)| ProjectDirectoryImageBuildStepConfiguration {
            to: (*to).into(),
            from: (*from).into(),
            ..ProjectDirectoryImageBuildStepConfiguration::default()
        };
        let images = ImageConfiguration { items: images.iter().map(image).collect(), ..ImageConfiguration::default() };
        let config = ReleaseBuildConfiguration { images, ..ReleaseBuildConfiguration::default() };
        let mut found = Vec::new();
        check_inputs(&config, &BuildGraph::of(&config), &mut found);
        found.into_iter().map(|finding| finding.violation.message).collect()
    }

    #[test]
    fn images_built_in_turn_are_fine() {
        assert!(messages(&[("a", "src"), ("b", "a"), ("c", "a"), ("d", "")]).is_empty());
    }

    #[test]
    fn a_cycle_is_told_once() {
        let found = messages(&[("x", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("self", "self")]);
        assert_eq!(
            found,
            [
                "images are built from each other: a from b from c from a",
                "images are built from each other: self from self"
            ]
        );
    }

    #[test]
    fn what_nobody_makes_is_missing() {
        assert_eq!(messages(&[("a", "bin")]), [r#""a" is built from "bin", which nothing makes"#]);
    }
}
