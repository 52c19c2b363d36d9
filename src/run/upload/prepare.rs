//! What should be where, and everything that can be wrong with that before any server is asked.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::admission;
use super::checkout;
use super::options::{Manner, UploadOptions};
use super::status::Status;
use crate::canonical::notes;
use crate::catalogue::upload::{ILLEGAL_NAME, NO_TARGETS, TWO_SOURCES};
use crate::diagnostic::{Diagnostic, KeyPath, Severity};
use crate::files::{self, Entry, Tree};
use crate::model::plugins::Configuration;
use crate::model::plugins::updater::ClusterGroup;
use crate::run::plugin_config::PluginConfig;
use crate::updater::glob::Glob;
use crate::updater::page::entry;
use crate::updater::placement::Taken;
use crate::updater::{Groups, Mapping, Page, Placement, keys, misread, overlap, untaken};
use crate::upload::{Desired, File, Scope, Value};
use crate::yaml::parse::parse;

/// What should be where.
pub struct Prepared {
    /// Where files go.
    pub placement: Placement,
    /// The text that says so, and its name.
    pub plugins: (String, String),
    /// What should be there.
    pub desired: Desired,
    /// What is wrong, in order.
    pub findings: Vec<Diagnostic>,
    /// Whether that stands against going on.
    pub status: Status,
    /// The content of the file `VERSION` of the first source that has one, for who uploads as config-bootstrapper does.
    pub version: Option<Value>,
    /// Clusters under the names that entries may refer to.
    groups: BTreeMap<String, ClusterGroup>,
}

impl Prepared {
    /// Where a cluster is named that entries go to.
    pub fn place_of_cluster(&self, cluster: &str) -> KeyPath {
        let goes_there = |(_, mapping): &(_, &Mapping)| mapping.targets.iter().any(|(target, _)| target == cluster);
        let Some((glob, mapping)) = self.placement.iter().find(goes_there) else { return KeyPath::root() };
        let in_group = |name: &String| {
            let at = self.groups.get(name)?.clusters.iter().position(|it| it == cluster)?;
            Some(KeyPath::root().key("config_updater").key("cluster_groups").key(name).key("clusters").item(at))
        };
        let in_entry = || entry(glob.pattern()).key("clusters").name(cluster);
        mapping.spec.cluster_groups.iter().find_map(in_group).unwrap_or_else(in_entry)
    }

    /// The first entry that names a ConfigMap.
    pub fn entry_of(&self, config_map: &str) -> Option<(&Glob, &Mapping)> {
        self.placement.iter().find(|(_, mapping)| mapping.names().iter().any(|name| name == config_map))
    }

    /// The file that `config_updater` stands in.
    pub fn page(&self) -> Page<'_> {
        Page::new(&self.plugins.0, &self.plugins.1)
    }
}

/// Reads everything and looks at it.
pub fn prepare(options: &UploadOptions) -> Result<Prepared, files::Error> {
    let trees = options.sources.iter().map(Tree::open).collect::<Result<Vec<_>, _>>()?;
    let loaded = PluginConfig::of(&options.plugins);
    let environment = |name: &str| options.environment.get(name).cloned();
    let updater = loaded.updater.unwrap_or_default();
    let groups = if options.manner == Manner::Bootstrap { Groups::AsReference } else { Groups::Whole };
    let placement = Placement::new(&updater, groups, &environment);
    let plugins = (options.plugins.shown.clone(), loaded.text);
    let page = Page::new(&plugins.0, &plugins.1);
    let is_strict = options.manner.is_strict();

    // What is wrong with the configuration, and with what it makes of the files.
    let (mut wrong, mut content) = (loaded.findings, Vec::new());
    // Whoever uploads need not know every plugin that Prow has, nor does config-bootstrapper.
    wrong.iter_mut().filter(|finding| finding.rule == "unknown-plugin").for_each(|it| it.severity = Severity::Warning);
    wrong.extend(unread(&plugins.0, &plugins.1).into_iter().map(|finding| as_asked(finding, is_strict)));
    wrong.extend(misread::check(&placement, &page));
    wrong.extend(targets(&placement, &page).into_iter().map(|finding| as_asked(finding, is_strict)));

    let AllFiles { files, origins, twice, unreadable } = all_files(options, &trees, &placement);
    wrong.extend(twice.into_iter().map(|finding| as_asked(finding, is_strict)));
    content.extend(unreadable.iter().cloned());
    let mut taken: Vec<Taken<'_>> = files.iter().map(|file| placement.taken(&file.path)).collect();
    wrong.extend(untaken::without_files(&placement, &page, &taken));
    wrong.extend(admission::check(&placement, &page, options.manner.source(), &taken));
    // What an entry for another repository takes goes nowhere from here.
    let admits = |at: &mut u32| placement.get(*at).is_some_and(|(_, it)| it.admits(options.manner.source()));
    taken.iter_mut().for_each(|file| file.by.retain(admits));
    wrong.extend(overlaps(&placement, &page, &taken));
    let taking = checkout::Taking { options, placement: &placement, origins: &origins };
    wrong.extend(taking.uncommitted(&unreadable));
    wrong.extend(taking.left_out());
    let clashes = keys::check(&placement, &page, &placement.contents(&taken));
    content.extend(clashes.into_iter().map(|finding| as_asked(finding, is_strict)));

    let scope = Scope {
        repository: options.manner.source().to_owned(),
        namespace: options.namespace.clone(),
        only: options.only.clone(),
    };
    let desired = Desired::of(&placement, &files, &scope);
    let is_wrong = |findings: &[Diagnostic]| findings.iter().any(|finding| finding.severity == Severity::Error);
    let status = match (is_wrong(&wrong), is_wrong(&content)) {
        (true, _) => Status::Usage,
        (false, true) => Status::Refused,
        (false, false) => Status::Done,
    };
    wrong.extend(content);
    let version = options.sources.iter().find_map(|source| version_file(source));
    Ok(Prepared { desired, findings: wrong, status, version, placement, plugins, groups: updater.cluster_groups })
}

/// The files of all sources.
struct AllFiles {
    files: Vec<File>,
    /// Which source each file is of, by its path.
    origins: BTreeMap<String, usize>,
    /// Files that two sources have.
    twice: Vec<Diagnostic>,
    /// Files that cannot be read.
    unreadable: Vec<Diagnostic>,
}

fn all_files(options: &UploadOptions, trees: &[Tree], placement: &Placement) -> AllFiles {
    let mut origins: BTreeMap<String, usize> = BTreeMap::new();
    let (mut files, mut twice, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    let shown = |number: usize| options.sources.get(number).map(|source| source.display().to_string());
    for (number, tree) in trees.iter().enumerate() {
        let (read, problems) = read_all(tree, placement);
        unreadable.extend(problems);
        for file in read {
            match origins.get(&file.path) {
                Some(first) => {
                    let (first, second) = (shown(*first).unwrap_or_default(), shown(number).unwrap_or_default());
                    let message = format!("it is in both {first} and {second}");
                    twice.push(Diagnostic::of_rule(&TWO_SOURCES, &*file.path, message));
                }
                None => {
                    origins.insert(file.path.clone(), number);
                    files.push(file);
                }
            }
        }
    }
    // The order of a walk, directory by directory: of two files with one key the last has it.
    files.sort_by(|left, right| left.path.split('/').cmp(right.path.split('/')));
    AllFiles { files, origins, twice, unreadable }
}

/// What Prow's updater takes is an error for us, unless we are to take it too.
fn as_asked(finding: Diagnostic, is_strict: bool) -> Diagnostic {
    Diagnostic { severity: if is_strict { Severity::Error } else { Severity::Warning }, ..finding }
}

/// What of `config_updater` nobody reads: fields that Prow does not know, or no longer, and values whose key comes again.
fn unread(file: &str, text: &str) -> Vec<Diagnostic> {
    let Ok(tree) = parse(text) else { return Vec::new() };
    let line = |offset: usize| Diagnostic::of_file(file, "", "").at(text, offset).line;
    let mut keys = tree.root().into_iter().flat_map(|root| root.entries()).map(|(key, _)| key);
    let section = keys.by_ref().find(|key| key.text().eq_ignore_ascii_case("config_updater"));
    let lines = section.map(|key| line(key.offset())..keys.next().map_or(usize::MAX, |next| line(next.offset())));
    let is_in_section = |finding: &Diagnostic| lines.as_ref().is_some_and(|lines| lines.contains(&finding.line));
    let is_section = |finding: &Diagnostic| finding.fix.as_ref().is_some_and(|fix| fix.contains("`config_updater`"));
    let found = notes::<Configuration>(file, text, &tree).into_iter();
    let found = found.filter(|finding| ["dropped-field", "duplicate-key"].contains(&finding.rule));
    let found = found.filter(|finding| is_in_section(finding) || is_section(finding));
    let removed = |finding: &Diagnostic| REMOVED.iter().any(|name| finding.message == format!("`{name}` is dropped"));
    found.map(|finding| if removed(&finding) { finding.fix(NAMESPACES) } else { finding }).collect()
}

/// Fields that said in which namespaces a ConfigMap is.
const REMOVED: [&str; 2] = ["namespace", "additional_namespaces"];
/// What to write instead.
const NAMESPACES: &str =
    "Prow no longer knows this field: name the namespaces by cluster, `clusters: {NAME: [NAMESPACE]}`";

/// Files that several entries take. Which of them Prow goes by is chance, so that no manner of uploading has an answer, but
/// where all of them say the same.
fn overlaps(placement: &Placement, page: &Page<'_>, taken: &[Taken<'_>]) -> Vec<Diagnostic> {
    let says = |file: &Taken<'_>, at: u32| {
        let (_, mapping) = placement.get(at)?;
        let key = mapping.key(file.path).into_owned();
        Some((mapping.config_maps(&key).collect::<Vec<_>>(), mapping.is_packed, key))
    };
    let differ = |file: &&Taken<'_>| {
        let mut all = file.by.iter().map(|at| says(file, *at));
        let first = all.next();
        all.any(|other| Some(other) != first)
    };
    let findings = overlap::check(placement, page, taken.iter().filter(differ));
    findings.into_iter().map(|finding| as_asked(finding, true)).collect()
}

/// Entries whose targets are no targets.
fn targets(placement: &Placement, page: &Page<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (glob, mapping) in placement.iter() {
        let place = entry(glob.pattern());
        if mapping.targets.is_empty() {
            let message = "its files go nowhere: no cluster, or none with a namespace";
            findings.push(page.finding(&NO_TARGETS, &place, message));
        }
        for name in mapping.names().iter().filter(|name| !is_name(name)) {
            let message = format!("{name:?} cannot be the name of a ConfigMap");
            findings.push(page.finding(&ILLEGAL_NAME, &place.key("name"), message));
        }
    }
    findings
}

/// Whether Kubernetes takes a text for the name of a ConfigMap: labels of lower-case letters, digits and dashes with dots
/// between them.
fn is_name(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let is_letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_letter)
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// The files below a source that any entry may take, with what cannot be read.
fn read_all(tree: &Tree, placement: &Placement) -> (Vec<File>, Vec<Diagnostic>) {
    let mut found: BTreeMap<String, Entry> = BTreeMap::new();
    let mut problems = Vec::new();
    // What git keeps is nobody's configuration; in a worktree `.git` is a file.
    let wanted = |name: &str, _| name != ".git";
    for place in untaken::trees(placement) {
        let is_there = tree.join(&place).is_ok_and(|path| files::is_directory(&path));
        match files::walk(tree, &place, &wanted) {
            Ok(walked) => {
                problems.extend(walked.problems.iter().map(|problem| problem.finding(&place)));
                found.extend(walked.files.into_iter().map(|entry| (entry.relative.clone(), entry)));
            }
            // An entry may be for another source.
            Err(_) if !is_there => {}
            Err(error) => problems.push(error.finding(&*place)),
        }
    }
    let read = |(path, entry): (String, Entry)| {
        if placement.of(&path).is_empty() {
            return None;
        }
        let content = files::read_as_it_stands(tree, &entry).map_err(|error| error.finding(&*path));
        Some(content.map(|content| File { path, content: content.into() }))
    };
    let read: Vec<Result<File, Diagnostic>> = found.into_par_iter().filter_map(read).collect();
    let mut all = Vec::with_capacity(read.len());
    for file in read {
        match file {
            Ok(file) => all.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    (all, problems)
}

/// The content of a source's file `VERSION`.
fn version_file(source: &Path) -> Option<Value> {
    files::read_plain(&source.join(keys::VERSION)).ok().flatten().map(|text| Value::Text(text.into()))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_are_what_kubernetes_takes() {
        for name in ["a", "job-config-4.10", "ci-operator-master-configs", "0.a"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "A", "a_b", "-a", "a-", "a..b", ".a", "a b", &"a".repeat(254)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
