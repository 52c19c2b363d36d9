//! Which plugins run where.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use crate::record;
use crate::yaml::codec::{Decode, Encode, Reader, Strictness};
use crate::yaml::describe::{Describe, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

record! {
    /// The plugins of an organisation or repository.
    pub struct OrgPlugins {
        /// Repositories of the organisation that do not get them, by name without the organisation.
        pub excluded_repos: Vec<String> => "excluded_repos" omit,
        /// Their names. A repository gets those of its organisation as well.
        pub plugins: Vec<String> => "plugins" omit,
    }

    /// A program that gets events from GitHub.
    pub struct ExternalPlugin {
        /// Its name.
        pub name: String => "name" keep,
        /// Its address; `http://` and the name unless set.
        pub endpoint: String => "endpoint" omit,
        /// The kinds of events it gets; all when empty.
        pub events: Vec<String> => "events" omit,
    }
}

/// The plugins that run, by `org/repo` or organisation.
///
/// In an old form the names stand right under the organisation. A file is in the one form or the other: the reference
/// tries the old, and where that fails, the new. Both read numbers as text, which nothing else below a type of its own
/// does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plugins(pub BTreeMap<String, OrgPlugins>);

impl Deref for Plugins {
    type Target = BTreeMap<String, OrgPlugins>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Plugins {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// The old form: names of plugins right under the organisation or repository.
type OldPlugins = BTreeMap<String, Vec<String>>;

fn is_old_form<'a, 't>(node: Node<'a, 't>, reader: &mut Reader<'a, 't>) -> bool {
    reader.sorted_entries(node).into_iter().all(|(_, _, value)| {
        let value = value.resolved();
        match value.kind() {
            Kind::Sequence => value.items().all(|item| item.resolved().kind() == Kind::Scalar),
            Kind::Scalar => reader.scalar(value) == Scalar::Null,
            _ => false,
        }
    })
}

impl Decode for Plugins {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        self.0.clear();
        let mark = reader.mark();
        let old_form = node.kind() == Kind::Mapping && is_old_form(node, reader);
        reader.forget_since(mark);
        if old_form {
            let mut old = OldPlugins::default();
            reader.apart(Strictness::Lenient, OldPlugins::shape(), |reader| old.decode(node, reader));
            self.0 = old
                .into_iter()
                .map(|(name, plugins)| (name, OrgPlugins { plugins, ..OrgPlugins::default() }))
                .collect();
        } else {
            let shape = BTreeMap::<String, OrgPlugins>::shape();
            reader.apart(Strictness::Lenient, shape, |reader| self.0.decode(node, reader));
        }
    }
}

impl Encode for Plugins {
    fn encode(&self, out: &mut Emitter) {
        self.0.encode(out);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Describe for Plugins {
    fn describe() -> Type {
        Type::Either(&[BTreeMap::<String, OrgPlugins>::describe, BTreeMap::<String, Vec<String>>::describe])
    }
}
