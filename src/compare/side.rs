//! The jobs of one side, found in the trees of job files.
//!
//! [`canonical`] makes two texts that say the same the same text, so that whatever differs afterwards differs in meaning;
//! [`jobs`] then finds the jobs without decoding anything. [`Job`] is one of them.

use crate::diagnostic::Diagnostic;
use crate::generate::labels::{CAN_BE_REHEARSED_LABEL, GENERATOR_LABEL};
use crate::model::identity::{JobFile, JobKind};
use crate::model::job::JobConfig;
use crate::yaml::codec::{Decode, Encode, write};
use crate::yaml::locate::{UNWRITABLE_TEXT, decoded};
use crate::yaml::tree::{Kind, Node, Tree};

use super::change::JobRef;

/// The canonical text of a file.
pub fn canonical<T: Decode + Encode>(file: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    let value: T = decoded(file, text)?;
    let unwritable =
        |error: &dyn std::fmt::Display| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, file, error.to_string())];
    write(&value, text.len() + 1024).map_err(|error| unwritable(&error))
}

/// The canonical text of a job file.
pub fn canonical_jobs(file: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    canonical::<JobConfig>(file, text)
}

/// The value of a key.
pub fn under<'a, 't>(node: Node<'a, 't>, key: &str) -> Option<Node<'a, 't>> {
    node.resolved().entries().find(|(name, _)| **name.text() == *key).map(|(_, value)| value.resolved())
}

/// The text of a key; empty where it is not there.
pub fn text_under<'a>(node: Node<'a, '_>, key: &str) -> &'a str {
    under(node, key).map_or("", |value| &**value.text())
}

/// Values are nested less deeply than this by far.
const MAX_DEPTH: usize = 200;

/// Whether two nodes say the same.
pub fn is_same(old: Node<'_, '_>, new: Node<'_, '_>) -> bool {
    is_same_below(old, new, 0)
}

fn is_same_below(old: Node<'_, '_>, new: Node<'_, '_>, depth: usize) -> bool {
    let (old, new) = (old.resolved(), new.resolved());
    if depth > MAX_DEPTH || old.kind() != new.kind() {
        return false;
    }
    match old.kind() {
        Kind::Scalar | Kind::Alias => old.text() == new.text(),
        Kind::Sequence => {
            let (mut olds, mut news) = (old.items(), new.items());
            loop {
                match (olds.next(), news.next()) {
                    (None, None) => return true,
                    (Some(old), Some(new)) if is_same_below(old, new, depth + 1) => {}
                    _ => return false,
                }
            }
        }
        // Canonical text has keys in order.
        Kind::Mapping => {
            let (mut olds, mut news) = (old.entries(), new.entries());
            loop {
                match (olds.next(), news.next()) {
                    (None, None) => return true,
                    (Some((key, old)), Some((other, new)))
                        if key.text() == other.text() && is_same_below(old, new, depth + 1) => {}
                    _ => return false,
                }
            }
        }
    }
}

/// The keys that differ between two mappings, with both values, in the order of the alphabet.
pub fn differing<'a>(old: Node<'a, 'a>, new: Node<'a, 'a>) -> Vec<Differing<'a>> {
    let mut found = Vec::new();
    for (key, value) in old.resolved().entries() {
        let other = under(new, key.text());
        if !other.is_some_and(|other| is_same(value, other)) {
            found.push(Differing { key: key.text(), old: Some(value.resolved()), new: other });
        }
    }
    for (key, value) in new.resolved().entries() {
        if under(old, key.text()).is_none() {
            found.push(Differing { key: key.text(), old: None, new: Some(value.resolved()) });
        }
    }
    found.sort_by(|left, right| left.key.cmp(right.key));
    found
}

/// A key with another value than before.
pub struct Differing<'a> {
    /// The key.
    pub key: &'a str,
    /// What it was.
    pub old: Option<Node<'a, 'a>>,
    /// What it is.
    pub new: Option<Node<'a, 'a>>,
}

/// A job in the tree of its file.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// When it runs.
    pub kind: JobKind,
    /// The file that it is in.
    pub file: &'a str,
    /// The repository that it stands under in the file; empty for periodics.
    pub listed_under: &'a str,
    /// What it says.
    pub node: Node<'a, 'a>,
}

/// The jobs of a file, in its order.
pub fn jobs<'a>(file: &'a str, tree: &'a Tree<'a>) -> Vec<Job<'a>> {
    let mut found = Vec::new();
    for (key, value) in tree.root().into_iter().flat_map(Node::entries) {
        let Some(kind) = JobKind::ALL.into_iter().find(|kind| kind.plural() == &**key.text()) else { continue };
        let mut add = |listed_under, list: Node<'a, 'a>| {
            found.extend(list.items().map(|node| Job { kind, file, listed_under, node: node.resolved() }));
        };
        match value.kind() {
            Kind::Sequence => add("", value),
            _ => value.entries().for_each(|(repository, list)| add(repository.text(), list)),
        }
    }
    found
}

impl<'a> Job<'a> {
    /// Its name.
    pub fn name(&self) -> &'a str {
        text_under(self.node, "name")
    }

    /// A label.
    pub fn label(&self, name: &str) -> &'a str {
        under(self.node, "labels").map_or("", |labels| text_under(labels, name))
    }

    /// Whether it was made of a config.
    pub fn is_generated(&self) -> bool {
        !self.label(GENERATOR_LABEL).is_empty()
    }

    /// Whether it has the label that lets it be rehearsed.
    pub fn is_rehearsable(&self) -> bool {
        self.label(CAN_BE_REHEARSED_LABEL) == "true"
    }

    /// The pod's containers.
    pub fn containers(&self) -> impl Iterator<Item = Node<'a, 'a>> {
        let containers = under(self.node, "spec").and_then(|spec| under(spec, "containers"));
        containers.into_iter().flat_map(Node::items).map(Node::resolved)
    }

    /// What follows this in an argument of the first container.
    pub fn argument(&self, start: &str) -> Option<&'a str> {
        let arguments = under(self.containers().next()?, "args")?;
        arguments.items().find_map(|text| text.text().strip_prefix(start))
    }

    /// The patterns of branches that it is for.
    pub fn branches(&self) -> Vec<&'a str> {
        under(self.node, "branches").into_iter().flat_map(Node::items).map(|branch| &**branch.text()).collect()
    }

    /// What people know it by.
    pub fn reference(&self) -> JobRef {
        JobRef {
            repository: self.repository(),
            kind: self.kind,
            branch: self.branch(),
            name: self.name().to_owned(),
            file: self.file.to_owned(),
        }
    }

    /// The repository that it is about.
    pub fn repository(&self) -> String {
        if !self.listed_under.is_empty() {
            return self.listed_under.to_owned();
        }
        if let Ok(file) = JobFile::from_path(self.file) {
            return format!("{}/{}", file.org, file.repo);
        }
        self.first_extra_ref()
            .map_or_else(String::new, |refs| format!("{}/{}", text_under(refs, "org"), text_under(refs, "repo")))
    }

    fn first_extra_ref(&self) -> Option<Node<'a, 'a>> {
        under(self.node, "extra_refs")?.items().next().map(Node::resolved)
    }

    /// The branch, or else the first pattern of branches.
    pub fn branch(&self) -> String {
        let patterns = self.branches();
        let plain = patterns.iter().map(|pattern| plain_branch(pattern)).find(|branch| is_plain(branch));
        if let Some(branch) = plain.or_else(|| patterns.first().map(|pattern| (*pattern).to_owned())) {
            return branch;
        }
        self.first_extra_ref().map_or_else(String::new, |refs| text_under(refs, "base_ref").to_owned())
    }
}

/// A branch without what makes its name a pattern of it alone.
pub fn plain_branch(pattern: &str) -> String {
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    pattern.strip_suffix('$').unwrap_or(pattern).replace('\\', "")
}

fn is_plain(branch: &str) -> bool {
    crate::model::identity::is_simple_branch(branch)
}
