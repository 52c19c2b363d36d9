//! How pull requests are merged: one word, or a map of words further down.
//!
//! Under an organisation stands a method or a map of repositories; under a repository a method or a map of branches, as
//! regular expressions. The reference reads each level by trying text first, without its usual coercion of numbers.

use std::collections::BTreeMap;

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, Lazy, TextForm, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

/// A method for everything, or one for each name below. `T` is what stands below.
#[derive(Clone, Debug, PartialEq)]
pub enum MergeMethod<T> {
    /// `merge`, `squash` or `rebase`; empty where nothing was said.
    All(String),
    /// By name.
    Each(BTreeMap<String, T>),
}

/// What is said of an organisation.
pub type OrgMergeMethod = MergeMethod<RepoMergeMethod>;

/// What is said of a repository.
pub type RepoMergeMethod = MergeMethod<Word>;

/// A merge method by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word(pub String);

impl<T> Default for MergeMethod<T> {
    fn default() -> Self {
        Self::All(String::new())
    }
}

impl<T> MergeMethod<T> {
    /// The method for everything; empty where there is none.
    pub fn all(&self) -> &str {
        match self {
            Self::All(method) => method,
            Self::Each(_) => "",
        }
    }

    /// What is said by name.
    pub fn each(&self) -> impl Iterator<Item = (&String, &T)> {
        match self {
            Self::All(_) => None,
            Self::Each(entries) => Some(entries.iter()),
        }
        .into_iter()
        .flatten()
    }
}

/// The text of a scalar that is text, or nothing for null.
fn word<'a, 't>(node: Node<'a, 't>, reader: &mut Reader<'a, 't>) -> Option<String> {
    match reader.scalar(node) {
        Scalar::Str(text) => Some(text.into_owned()),
        Scalar::Null => Some(String::new()),
        _ => None,
    }
}

impl<T: Decode> Decode for MergeMethod<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        *self = match node.kind() {
            Kind::Mapping => {
                let mut entries = BTreeMap::new();
                entries.decode(node, reader);
                Self::Each(entries)
            }
            Kind::Scalar => match word(node, reader) {
                Some(method) => Self::All(method),
                None => return reader.mismatch(node, "a merge method or a map of them"),
            },
            _ => return reader.mismatch(node, "a merge method or a map of them"),
        };
    }
}

impl<T: Encode> Encode for MergeMethod<T> {
    fn encode(&self, out: &mut Emitter) {
        match self {
            Self::All(method) => out.str(method),
            Self::Each(entries) if entries.is_empty() => out.str(""),
            Self::Each(entries) => entries.encode(out),
        }
    }
}

impl Decode for Word {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a merge method");
        }
        match word(node, reader) {
            Some(method) => self.0 = method,
            None => reader.mismatch(node, "a merge method"),
        }
    }
}

impl Encode for Word {
    fn encode(&self, out: &mut Emitter) {
        out.str(&self.0);
    }
}

impl Describe for Word {
    fn describe() -> Type {
        Type::Form(&FORM)
    }
}

/// The words that there are.
static FORM: TextForm = TextForm {
    name: "MergeMethod",
    doc: "How a pull request is merged.",
    pattern: "^(merge|squash|rebase)$",
    hint: "The methods are merge, squash and rebase.",
    also: &[],
    examples: &["merge", "squash", "rebase"],
};

impl<T: Describe> MergeMethod<T> {
    const FORMS: &'static [Lazy] = &[Word::describe, BTreeMap::<String, T>::describe];
}

impl<T: Describe> Describe for MergeMethod<T> {
    fn describe() -> Type {
        Type::Either(Self::FORMS)
    }
}
