//! Where in several files of configuration a value stands.
//!
//! Files are parsed when the first place is asked for: mostly there is nothing to report.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, KeyPath};
use crate::shard::Source;
use crate::yaml::locate::{find, locate};
use crate::yaml::parse::parse;
use crate::yaml::tree::{Node, Tree};

/// The files of Prow's configuration or of that of its plugins, the main one first.
#[derive(Debug)]
pub struct Places<'a> {
    sources: &'a [Source<'a>],
    trees: OnceCell<Vec<(Source<'a>, Tree<'a>)>>,
    queries: OnceCell<BTreeMap<String, (usize, usize)>>,
    plugins: OnceCell<BTreeMap<String, usize>>,
}

impl<'a> Places<'a> {
    /// Places in these files.
    pub fn new(sources: &'a [Source<'a>]) -> Self {
        Self { sources, trees: OnceCell::new(), queries: OnceCell::new(), plugins: OnceCell::new() }
    }

    fn trees(&self) -> &[(Source<'a>, Tree<'a>)] {
        self.trees.get_or_init(|| {
            let tree = |source: &Source<'a>| Some((*source, parse(source.text).ok()?));
            self.sources.iter().filter_map(tree).collect()
        })
    }

    /// The files.
    pub fn sources(&self) -> &'a [Source<'a>] {
        self.sources
    }

    /// The name of the main file.
    pub fn main(&self) -> &'a str {
        self.sources.first().map_or("", |source| source.file)
    }

    /// Puts a finding at the first value with one of these paths, or as near to the first path as the main file has it.
    pub fn put(&self, finding: Diagnostic, paths: &[KeyPath]) -> Diagnostic {
        for path in paths {
            for (source, tree) in self.trees() {
                if let Some(offset) = find(tree, path) {
                    return Diagnostic { file: source.file.to_owned(), ..finding }.at(source.text, offset);
                }
            }
        }
        let (Some((source, tree)), Some(path)) = (self.trees().first(), paths.first()) else { return finding };
        Diagnostic { file: source.file.to_owned(), ..finding }.at(source.text, locate(tree, path))
    }

    /// Puts a finding at an item that satisfies the condition, of the lists at any of the paths.
    pub fn put_at_node(&self, finding: Diagnostic, search: impl Fn(Node<'_, '_>) -> Option<usize>) -> Diagnostic {
        for (source, tree) in self.trees() {
            if let Some(offset) = tree.root().and_then(&search) {
                return Diagnostic { file: source.file.to_owned(), ..finding }.at(source.text, offset);
            }
        }
        finding
    }

    /// Puts a finding at an organisation or repository that a Tide query names.
    pub fn put_at_query(&self, finding: Diagnostic, name: &str) -> Diagnostic {
        let known = self.queries.get_or_init(|| {
            let mut known = BTreeMap::new();
            for (index, (_, tree)) in self.trees().iter().enumerate() {
                let queries = tree.root().and_then(|root| under(root, "tide")).and_then(|tide| under(tide, "queries"));
                for query in queries.into_iter().flat_map(Node::items) {
                    let lists = ["orgs", "repos"].into_iter().filter_map(|key| under(query.resolved(), key));
                    for item in lists.flat_map(Node::items) {
                        known.entry(item.resolved().text().to_string()).or_insert((index, item.offset()));
                    }
                }
            }
            known
        });
        let place = known.get(name).and_then(|(index, offset)| Some((self.trees().get(*index)?, *offset)));
        match place {
            Some(((source, _), offset)) => {
                Diagnostic { file: source.file.to_owned(), ..finding }.at(source.text, offset)
            }
            None => finding,
        }
    }

    /// Puts a finding at a plugin that an organisation or repository names, or at the organisation or repository.
    pub fn put_at_plugin(&self, finding: Diagnostic, section: &str, name: &str, plugin: &str) -> Diagnostic {
        let known = self.plugins.get_or_init(|| {
            let mut known = BTreeMap::new();
            for (index, (_, tree)) in self.trees().iter().enumerate() {
                for section in ["plugins", "external_plugins"] {
                    let entries = tree.root().and_then(|root| under(root, section));
                    for (key, _) in entries.into_iter().flat_map(Node::entries) {
                        known.entry(format!("{section}.{}", key.resolved().text())).or_insert(index);
                    }
                }
            }
            known
        });
        let place = known.get(&format!("{section}.{name}")).and_then(|index| self.trees().get(*index));
        let Some((source, tree)) = place else { return finding };
        let path = KeyPath::root().key(section).key(name);
        let offset = plugin_item(tree, section, name, plugin).unwrap_or_else(|| locate(tree, &path));
        Diagnostic { file: source.file.to_owned(), ..finding }.at(source.text, offset)
    }
}

fn plugin_item(tree: &Tree<'_>, section: &str, name: &str, plugin: &str) -> Option<usize> {
    let value = under(under(tree.root()?, section)?, name)?;
    let list = under(value, "plugins").unwrap_or(value);
    let is_it = |item: &Node<'_, '_>| {
        let item = item.resolved();
        item.text() == plugin || under(item, "name").is_some_and(|name| name.text() == plugin)
    };
    list.items().find(is_it).map(Node::offset)
}

/// The value under a key.
pub fn under<'a, 't>(node: Node<'a, 't>, key: &str) -> Option<Node<'a, 't>> {
    let entry = node.resolved().entries().filter(|(name, _)| name.resolved().text() == key).last();
    entry.map(|(_, value)| value.resolved())
}
