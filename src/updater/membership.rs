//! Configs and job files against the ConfigMap that their names ask for.
//!
//! Prow, ci-operator's resolver and rehearsals compute a ConfigMap's name from that of the file, so the entries of `maps`
//! have to agree, with one entry for each file: [`check`] looks at one.

use super::glob::Glob;
use super::page::{Page, field};
use super::placement::{Mapping, Placement};
use crate::diagnostic::rule::rules;
use crate::diagnostic::{Diagnostic, Rule};

rules! {
    NO_CONFIG_MAP = "file-in-no-config-map",
        "no entry of config_updater takes a config or job file",
        "What is in no ConfigMap is never seen by Prow or ci-operator: the jobs of the file do not exist.",
        "add an entry to config_updater.maps in _plugins.yaml whose glob matches the file";
    WRONG_CONFIG_MAP = "file-in-wrong-config-map",
        "a config or job file goes into another ConfigMap than its name asks for",
        "Jobs and rehearsals find the ConfigMap by the branch in the file's name, and look in vain in the other one.",
        "let the entry name the other ConfigMap, or let another entry take the file";
    SEVERAL_ENTRIES = "file-in-several-entries",
        "more than one entry of config_updater takes a config or job file",
        "Prow goes by any one of them, by chance, and may choose another the next time.",
        "narrow the globs until one of them matches";
}

/// What is wrong with where a config or job file goes, that belongs into the ConfigMap `wanted`; nothing when it is not
/// known where files go.
pub fn check(placement: &Placement, page: &Page<'_>, path: &str, wanted: &str) -> Vec<Diagnostic> {
    let found = placement.of(path);
    let entries: Vec<(&Glob, &Mapping)> = found.iter().filter_map(|at| placement.get(*at)).collect();
    let mut findings = Vec::new();
    for (glob, mapping) in &entries {
        let pattern = glob.pattern();
        let finding = |rule: &Rule, message: String, reference: String| {
            let entry = page.entry(rule, pattern, "this entry takes it");
            Diagnostic::of_rule(rule, path, message).related(entry).as_reference(reference)
        };
        if mapping.spec.name != wanted {
            let detail = unexpected(path, mapping, wanted);
            let reference = format!("{}: Invalid value: \"\": {detail}", field(pattern, ""));
            findings.push(finding(&WRONG_CONFIG_MAP, wrong(pattern, mapping, wanted), reference));
        }
        let others = entries.iter().map(|(glob, _)| glob.pattern()).filter(|other| *other != pattern);
        let others: Vec<&str> = others.collect();
        if !others.is_empty() {
            let message = format!("{pattern} takes this file, and so {}", also(&others));
            let detail = format!("File {path:?} matches glob from more than one ConfigMap");
            let reference = format!("config_updater.maps: Invalid value: {pattern:?}: {detail}");
            let several = finding(&SEVERAL_ENTRIES, message, reference);
            let places = others.iter().map(|other| page.entry(&SEVERAL_ENTRIES, other, "and so does this one"));
            findings.push(places.fold(several, Diagnostic::related));
        }
    }
    if found.is_empty() && !placement.is_empty() {
        let message = format!("this file belongs into the ConfigMap {wanted}, and no entry of config_updater takes it");
        let detail = format!("Config file does not belong to any auto-updating config: {path}");
        let reference = format!("config_updater.maps: Invalid value: \"\": {detail}");
        findings.push(Diagnostic::of_rule(&NO_CONFIG_MAP, path, message).as_reference(reference));
    }
    findings
}

fn wrong(pattern: &str, mapping: &Mapping, wanted: &str) -> String {
    let belongs = format!("this file belongs into the ConfigMap {wanted}");
    match mapping.names() {
        [name] => format!("{belongs}, and {pattern} puts it into {name}"),
        names => format!("{belongs} whole, and {pattern} spreads its files over {}", names.join(", ")),
    }
}

/// The reference's words. Of an entry with several ConfigMaps it takes the name that is not there.
fn unexpected(path: &str, mapping: &Mapping, wanted: &str) -> String {
    let name = &mapping.spec.name;
    format!("File {path:?} matches glob from unexpected ConfigMap {name} instead of {wanted}.")
}

fn also(others: &[&str]) -> String {
    match others {
        [other] => format!("does {other}"),
        others => format!("do {}", others.join(" and ")),
    }
}
