//! One file of the registry: what its name makes it, and what is wrong with it by itself.
//!
//! A definition lies in the directory that spells its name: `a/b/a-b-ref.yaml` defines step `a-b`, and its script is
//! `a-b-commands` with any extension. Definitions are read strictly, the cluster profiles file leniently.
//! Findings that need other files are made in `assemble.rs`. Read [`file_kind`], then [`parse_file`].

use crate::diagnostic::rule::{Rule, rules};
use crate::diagnostic::{Diagnostic, KeyPath};
use crate::model::config::{
    ClusterProfiles, RegistryChain, RegistryChainConfig, RegistryInfo, RegistryObserver, RegistryObserverConfig,
    RegistryReference, RegistryReferenceConfig, RegistryWorkflow, RegistryWorkflowConfig,
};
use crate::yaml::codec::{Decode, Strictness, read};
use crate::yaml::locate::{locate, syntax_finding, type_findings};
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

rules! {
    MISPLACED_REGISTRY_FILE = "misplaced-registry-file",
        "a file of the step registry does not have the prefix that its directory spells",
        "The registry finds what it defines by directory and name, and refuses to load when they disagree.",
        "begin the file's name with its directories joined by dashes, or move it to where its name says";
    UNKNOWN_REGISTRY_FILE = "unknown-registry-file",
        "a file of the step registry has a name of no kind that belongs there",
        "The registry refuses to load with it.",
        "name it -ref.yaml, -chain.yaml, -workflow.yaml, -observer.yaml or -commands.sh, or remove it";
    BROKEN_REGISTRY_FILE = "broken-registry-file",
        "a file of the step registry is not UTF-8 text",
        "What it defines does not exist for those who use it.",
        "save the file as UTF-8";
    WRONG_SCRIPT_NAME = "wrong-script-name",
        "a step or observer names another script than the one that belongs to it",
        "The registry takes commands from a script named after the step, and refuses to load otherwise.",
        "set commands to the name that the message gives, and name the script so";
    NESTED_WORKFLOW = "nested-workflow",
        "a workflow uses a workflow",
        "Workflows are what tests use; the inner one would never be looked at.",
        "copy the steps of the other workflow, or make a chain of what both have in common";
    MISNAMED_REGISTRY_ENTRY = "misnamed-registry-entry",
        "a step, chain, workflow or observer has another name than its directory spells",
        "Nobody finds where it is defined by its name, so the registry refuses to load.",
        "set the name to the directories joined by dashes";
    MISNAMED_REGISTRY_FILE = "misnamed-registry-file",
        "a file of the step registry has another name than what it defines",
        "Nobody finds the file by the name of what it defines, so the registry refuses to load.",
        "rename the file to what the message says";
}

const SCRIPT_SUFFIX: &str = "-commands";
/// Where cluster profiles are defined, below whichever directory.
pub(super) const PROFILES_DIR: &str = "cluster-profiles";
const PROFILES_FILE: &str = "cluster-profiles-config.yaml";

/// A file under the registry's root.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Path below the root, with `/`.
    pub path: &'a str,
    /// Content, unpacked where the file is gzipped. May be empty where [`FileKind::is_read`] is false.
    pub text: &'a [u8],
}

/// What to keep beyond what job generation needs. The reference's flags for metadata and documentation, used by the
/// registry's web pages and config resolver, are these; generation and checkconfig use none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// `documentation` fields.
    pub documentation: bool,
    /// `.metadata.json` files.
    pub metadata: bool,
}

/// What a file's name and place make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `-ref.yaml`.
    Step,
    /// `-chain.yaml`.
    Chain,
    /// `-workflow.yaml`.
    Workflow,
    /// `-observer.yaml`.
    Observer,
    /// `-commands` with any extension.
    Script,
    /// `cluster-profiles/cluster-profiles-config.yaml`.
    Profiles,
    /// `.metadata.json`.
    Metadata,
    /// Written by Prow beside mounted files; its name must fit the place as a definition's must.
    Version,
    /// OWNERS, documentation, names with two leading dots, what else lies beside the profiles.
    Ignored,
    /// Anything else: refused.
    Unknown,
}

impl FileKind {
    /// Whether [`parse_file`] looks at the content.
    pub fn is_read(self, wanted: Wanted) -> bool {
        match self {
            Self::Ignored | Self::Unknown | Self::Version => false,
            Self::Metadata => wanted.metadata,
            _ => true,
        }
    }

    /// What definitions of this kind are called in messages.
    fn noun(self) -> &'static str {
        match self {
            Self::Step => "reference",
            Self::Chain => "chain",
            Self::Workflow => "workflow",
            _ => "observer",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Step => "-ref.yaml",
            Self::Chain => "-chain.yaml",
            Self::Workflow => "-workflow.yaml",
            _ => "-observer.yaml",
        }
    }
}

/// What the file at `path`, relative to the registry's root, is.
pub fn file_kind(path: &str) -> FileKind {
    let (directory, base) = path.rsplit_once('/').unwrap_or(("", path));
    if path.contains("..") && path.split('/').any(|part| part.starts_with("..")) {
        return FileKind::Ignored;
    }
    if directory.contains(PROFILES_DIR)
        && let Some(above) = directory.split('/').position(|part| part == PROFILES_DIR)
    {
        let is_config = base == PROFILES_FILE && directory.split('/').nth(above + 1).is_none();
        return if is_config { FileKind::Profiles } else { FileKind::Ignored };
    }
    if base.strip_suffix(extension(base)).is_some_and(|stem| stem.ends_with(SCRIPT_SUFFIX)) {
        return FileKind::Script;
    }
    if base == "OWNERS" || extension(base) == ".md" {
        return FileKind::Ignored;
    }
    for kind in [FileKind::Step, FileKind::Chain, FileKind::Workflow, FileKind::Observer] {
        if base.ends_with(kind.suffix()) {
            return kind;
        }
    }
    match base {
        _ if base.ends_with(".metadata.json") => FileKind::Metadata,
        "VERSION" => FileKind::Version,
        _ => FileKind::Unknown,
    }
}

/// The name that a file of this path defines, or a script belongs to.
pub fn stem(path: &str) -> &str {
    let base = path.rsplit_once('/').map_or(path, |(_, base)| base);
    let kind = file_kind(path);
    match kind {
        FileKind::Step | FileKind::Chain | FileKind::Workflow | FileKind::Observer => {
            base.strip_suffix(kind.suffix()).unwrap_or(base)
        }
        FileKind::Script => {
            base.strip_suffix(extension(base)).and_then(|stem| stem.strip_suffix(SCRIPT_SUFFIX)).unwrap_or(base)
        }
        _ => base,
    }
}

/// From the last dot of a file name on.
fn extension(base: &str) -> &str {
    base.rfind('.').map_or("", |dot| &base[dot..])
}

/// What a file says.
#[derive(Debug)]
pub(super) enum Content {
    Step(Box<RegistryReference>),
    Chain(Box<RegistryChain>),
    Workflow(Box<RegistryWorkflow>),
    Observer(Box<RegistryObserver>),
    Profiles(Box<ClusterProfiles>),
    /// Bytes that are not UTF-8 are replaced. Copied here, as this part of loading is spread over threads.
    Script(String),
    Metadata(Box<RegistryInfo>),
    Nothing,
}

impl Content {
    /// The name of what it defines; cluster profiles have none.
    pub(super) fn defines(&self) -> Option<&str> {
        match self {
            Self::Step(step) => Some(&step.literal_test_step.name),
            Self::Chain(chain) => Some(&chain.name),
            Self::Workflow(workflow) => Some(&workflow.name),
            Self::Observer(observer) => Some(&observer.observer.name),
            Self::Profiles(_) => Some(""),
            Self::Script(_) | Self::Metadata(_) | Self::Nothing => None,
        }
    }

    fn drop_documentation(&mut self) {
        let documentation = match self {
            Content::Step(step) => &mut step.documentation,
            Content::Chain(chain) => &mut chain.documentation,
            Content::Workflow(workflow) => &mut workflow.documentation,
            Content::Observer(observer) => &mut observer.documentation,
            _ => return,
        };
        *documentation = String::new();
    }
}

/// One file after [`parse_file`].
#[derive(Debug)]
pub struct Parsed<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) kind: FileKind,
    pub(super) content: Content,
    pub(super) findings: Vec<Diagnostic>,
}

impl<'a> Parsed<'a> {
    /// The file's path, as given.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// What is wrong with the file by itself.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    fn refuse(&mut self, rule: &Rule, message: impl Into<String>) {
        self.findings.push(Diagnostic::of_file(self.path, rule.id, message));
    }

    fn refuse_at(&mut self, tree: &Tree<'_>, keys: &[&str], rule: &Rule, message: impl Into<String>) {
        let path = keys.iter().fold(KeyPath::root(), |path, key| path.key(*key));
        let finding = Diagnostic::of_file(self.path, rule.id, message).at(self.text, locate(tree, &path));
        self.findings.push(finding);
    }
}

/// The name that the directory of `path` spells.
pub(super) fn directory_name(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((directory, _)) => directory.replace('/', "-"),
        None => ".".into(),
    }
}

/// The path of a file beside `path`.
pub(super) fn beside(path: &str, base: &str) -> String {
    match path.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{base}"),
        None => base.into(),
    }
}

/// Reads one file by itself.
pub fn parse_file<'a>(path: &'a str, bytes: &'a [u8], wanted: Wanted) -> Parsed<'a> {
    let kind = file_kind(path);
    let mut parsed = Parsed { path, text: "", kind, content: Content::Nothing, findings: Vec::new() };
    let base = path.rsplit_once('/').map_or(path, |(_, base)| base);
    let prefix = directory_name(path);
    let is_named = !matches!(kind, FileKind::Ignored | FileKind::Profiles);
    if is_named && !base.starts_with(&prefix) && !(kind == FileKind::Script && extension(base) == ".md") {
        parsed.refuse(&MISPLACED_REGISTRY_FILE, format!("file {path} has incorrect prefix. Prefix should be {prefix}"));
        return parsed;
    }
    match kind {
        FileKind::Script => parsed.content = Content::Script(String::from_utf8_lossy(bytes).into_owned()),
        FileKind::Unknown => parsed.refuse(&UNKNOWN_REGISTRY_FILE, format!("invalid file name: {path}")),
        kind if kind.is_read(wanted) => match std::str::from_utf8(bytes) {
            Ok(text) => {
                parsed.text = text;
                parse_text(&mut parsed, &prefix);
                if !wanted.documentation {
                    parsed.content.drop_documentation();
                }
            }
            Err(error) => {
                let message = format!("not UTF-8 from byte {} on", error.valid_up_to());
                parsed.refuse(&BROKEN_REGISTRY_FILE, message);
            }
        },
        _ => {}
    }
    parsed
}

fn parse_text(parsed: &mut Parsed<'_>, prefix: &str) {
    let tree = match parse(parsed.text) {
        Ok(tree) => tree,
        Err(error) => {
            return parsed.findings.push(syntax_finding(error, parsed.path, parsed.text));
        }
    };
    match parsed.kind {
        FileKind::Step => parse_step(parsed, &tree, prefix),
        FileKind::Chain => parse_chain(parsed, &tree, prefix),
        FileKind::Workflow => parse_workflow(parsed, &tree, prefix),
        FileKind::Observer => parse_observer(parsed, &tree, prefix),
        FileKind::Profiles => {
            if let Some(profiles) = decode::<ClusterProfiles>(parsed, &tree, Strictness::Lenient) {
                parsed.content = Content::Profiles(Box::new(profiles));
            }
        }
        FileKind::Metadata => {
            if let Some(info) = decode::<RegistryInfo>(parsed, &tree, Strictness::Lenient) {
                parsed.content = Content::Metadata(Box::new(info));
            }
        }
        FileKind::Script | FileKind::Version | FileKind::Ignored | FileKind::Unknown => {}
    }
}

fn decode<T: Decode>(parsed: &mut Parsed<'_>, tree: &Tree<'_>, strictness: Strictness) -> Option<T> {
    match read::<T>(tree, strictness) {
        Ok(value) => Some(value),
        Err(problems) => {
            let (path, text) = (parsed.path, parsed.text);
            parsed.findings.extend(type_findings(problems, path, text));
            None
        }
    }
}

fn parse_step(parsed: &mut Parsed<'_>, tree: &Tree<'_>, prefix: &str) {
    let Some(config) = decode::<RegistryReferenceConfig>(parsed, tree, Strictness::Strict) else { return };
    let step = &config.reference.literal_test_step;
    if !is_script_name(&step.commands, prefix) {
        let message = format!(
            "reference {} has invalid command file path; command should be set to {prefix}{SCRIPT_SUFFIX} (with an optional extension like .sh)",
            step.name
        );
        return parsed.refuse_at(tree, &["ref", "commands"], &WRONG_SCRIPT_NAME, message);
    }
    if !check_name(parsed, tree, prefix, "ref", &step.name) {
        return;
    }
    parsed.content = Content::Step(Box::new(config.reference));
}

fn parse_chain(parsed: &mut Parsed<'_>, tree: &Tree<'_>, prefix: &str) {
    let Some(config) = decode::<RegistryChainConfig>(parsed, tree, Strictness::Strict) else { return };
    if check_name(parsed, tree, prefix, "chain", &config.chain.name) {
        parsed.content = Content::Chain(Box::new(config.chain));
    }
}

fn parse_workflow(parsed: &mut Parsed<'_>, tree: &Tree<'_>, prefix: &str) {
    let Some(config) = decode::<RegistryWorkflowConfig>(parsed, tree, Strictness::Strict) else { return };
    if config.workflow.steps.workflow.is_some() {
        let message = "workflows cannot contain other workflows";
        return parsed.refuse_at(tree, &["workflow", "steps", "workflow"], &NESTED_WORKFLOW, message);
    }
    if check_name(parsed, tree, prefix, "workflow", &config.workflow.name) {
        parsed.content = Content::Workflow(Box::new(config.workflow));
    }
}

fn parse_observer(parsed: &mut Parsed<'_>, tree: &Tree<'_>, prefix: &str) {
    let Some(config) = decode::<RegistryObserverConfig>(parsed, tree, Strictness::Strict) else { return };
    let observer = &config.observer.observer;
    if !check_name(parsed, tree, prefix, "observer", &observer.name) {
        return;
    }
    if !is_script_name(&observer.commands, prefix) {
        let message = format!(
            "observer {} has invalid command file path; command should be set to {prefix}{SCRIPT_SUFFIX} (with an optional extension like .sh)",
            observer.name
        );
        return parsed.refuse_at(tree, &["observer", "commands"], &WRONG_SCRIPT_NAME, message);
    }
    parsed.content = Content::Observer(Box::new(config.observer));
}

/// Whether `commands` is the one script name allowed in the directory, with any extension.
fn is_script_name(commands: &str, prefix: &str) -> bool {
    let base = commands.rsplit_once('/').map_or(commands, |(_, base)| base);
    let stem = &commands[..commands.len() - extension(base).len()];
    stem.strip_suffix(SCRIPT_SUFFIX) == Some(prefix)
}

/// Whether a definition has the name that its directory and its file spell.
fn check_name(parsed: &mut Parsed<'_>, tree: &Tree<'_>, prefix: &str, root: &str, name: &str) -> bool {
    let kind = parsed.kind;
    let key = if kind == FileKind::Observer { "name" } else { "as" };
    if name != prefix {
        let message = format!("name of {} in file {} should be {prefix}", kind.noun(), parsed.path);
        parsed.refuse_at(tree, &[root, key], &MISNAMED_REGISTRY_ENTRY, message);
        return false;
    }
    let base = parsed.path.rsplit_once('/').map_or(parsed.path, |(_, base)| base);
    if base.strip_suffix(kind.suffix()) != Some(name) {
        let message = format!(
            "filename {base} does not match name of {}; filename should be {prefix}{}",
            kind.noun(),
            kind.suffix()
        );
        parsed.refuse_at(tree, &[root, key], &MISNAMED_REGISTRY_FILE, message);
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_from_names_and_places() {
        let cases = [
            ("a/b/a-b-ref.yaml", FileKind::Step),
            ("a/b/a-b-chain.yaml", FileKind::Chain),
            ("a/b/a-b-workflow.yaml", FileKind::Workflow),
            ("a/b/a-b-observer.yaml", FileKind::Observer),
            ("a/b/a-b-commands.sh", FileKind::Script),
            ("a/b/a-b-commands", FileKind::Script),
            ("a/b/a-b-commands.tar.gz", FileKind::Unknown),
            ("a/b/a-b-ref.metadata.json", FileKind::Metadata),
            ("a/b/OWNERS", FileKind::Ignored),
            ("a/README.md", FileKind::Ignored),
            ("..data/a/x.txt", FileKind::Ignored),
            ("cluster-profiles/cluster-profiles-config.yaml", FileKind::Profiles),
            ("cluster-profiles/deeper/cluster-profiles-config.yaml", FileKind::Ignored),
            ("cluster-profiles/anything.txt", FileKind::Ignored),
            ("a/b/VERSION", FileKind::Version),
            ("a/b/a-b-notes.txt", FileKind::Unknown),
        ];
        for (path, kind) in cases {
            assert_eq!(file_kind(path), kind, "{path}");
        }
    }

    #[test]
    fn script_names_are_the_directory_with_any_extension() {
        assert!(is_script_name("a-b-commands.sh", "a-b"));
        assert!(is_script_name("a-b-commands", "a-b"));
        assert!(!is_script_name("a-b-commands.tar.gz", "a-b"));
        assert!(!is_script_name("a-b.sh", "a-b"));
        assert!(!is_script_name("", "a-b"));
        assert!(!is_script_name("../x/a-b-commands.sh", "a-b"));
    }
}
