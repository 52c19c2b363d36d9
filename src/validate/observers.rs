//! Rules for observers, which run beside a test's steps.

use super::findings::Findings;
use super::names::{is_object_name, quoted};
use super::place::Place;
use super::resources::check_requirements;
use super::steps::{StepContext, check_image};
use crate::diagnostic::rule::rules;
use crate::model::config::Observer;

rules! {
    INVALID_OBSERVER_NAME = "invalid-observer-name",
        "an observer's name cannot be the name of a Kubernetes object",
        "The observer's pod is named after it, and Kubernetes would refuse the pod.",
        "use lower-case letters, digits and dashes in the name, and rename directory and files with it";
    OBSERVER_WITHOUT_COMMANDS = "observer-without-commands",
        "an observer has no commands",
        "Its pod would run and observe nothing.",
        "write the commands into the script";
}

/// Checks an observer of the registry.
pub fn check_observer(observer: &Observer, out: &mut Findings) {
    let title = format!("observer {}: ", quoted(&observer.name));
    let root = Place::named(&title);
    let place = root.silent("observer");
    if !is_object_name(&observer.name) {
        let name = place.key("name");
        out.says(&INVALID_OBSERVER_NAME, &name, format_args!("{name} is not a valid Kubernetes object identifier"));
    }
    if observer.commands.is_empty() {
        let commands = place.key("commands");
        out.says(&OBSERVER_WITHOUT_COMMANDS, &commands, format_args!("{commands} cannot be empty"));
    }
    check_requirements(&observer.resources, &place.key("resources"), out);
    let unnamed = Place::ROOT.silent("observer");
    check_image(&observer.from, observer.from_image.as_ref(), &mut StepContext::unknown(), &unnamed, out);
}
