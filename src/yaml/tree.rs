//! The spanned tree of one YAML document: what the text says, before any type is wanted of it.
//!
//! Nodes lie in one vector in document order (a container before its children), so a tree costs one allocation,
//! walking is a scan and skipping a subtree is one step. Scalars borrow from the text wherever the text can be
//! used as it stands. Read [`Node::entries`] and [`Node::items`] first.

use std::borrow::Cow;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, number and the like.
    Scalar,
    /// Items in order.
    Sequence,
    /// Keys with values.
    Mapping,
    /// A reference to an anchored node elsewhere in the tree; [`Node::resolved`] follows it.
    Alias,
}

/// How a scalar was written. Only plain scalars are resolved to numbers, booleans and nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it stands.
    Plain,
    /// Between `'`.
    SingleQuoted,
    /// Between `"`.
    DoubleQuoted,
    /// Line by line after `|`.
    Literal,
    /// In folded lines after `>`.
    Folded,
}

/// One entry of the tree's vector.
#[derive(Debug)]
pub(super) struct Raw<'t> {
    pub kind: Kind,
    pub style: Style,
    /// Whether the tree's tag table has an entry for this node.
    pub tagged: bool,
    /// Byte offset of the node's first character in the text.
    pub start: u32,
    /// Index just past the node's last descendant; for an alias, the index of the node it stands for.
    pub end: u32,
    /// The scalar's content after unescaping and folding; empty for containers.
    pub text: Cow<'t, str>,
}

/// One document.
#[derive(Debug, Default)]
pub struct Tree<'t> {
    pub(super) nodes: Vec<Raw<'t>>,
    /// Resolved tags (`tag:yaml.org,2002:str`, `!local`, `!` …) by node index, ascending.
    pub(super) tags: Vec<(u32, Box<str>)>,
    /// Whether any node is an alias.
    pub(super) aliased: bool,
}

impl<'t> Tree<'t> {
    /// The root node, or `None` for a text without a document (empty, or comments only).
    pub fn root(&self) -> Option<Node<'_, 't>> {
        (!self.nodes.is_empty()).then_some(Node { tree: self, index: 0 })
    }

    /// Whether any node is an alias.
    pub fn has_aliases(&self) -> bool {
        self.aliased
    }

    /// The node of this number.
    pub fn node(&self, index: u32) -> Option<Node<'_, 't>> {
        ((index as usize) < self.nodes.len()).then_some(Node { tree: self, index })
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the text held no document.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// A place in a [`Tree`].
#[derive(Clone, Copy)]
pub struct Node<'a, 't> {
    tree: &'a Tree<'t>,
    index: u32,
}

impl<'a, 't> Node<'a, 't> {
    fn raw(self) -> &'a Raw<'t> {
        &self.tree.nodes[self.index as usize]
    }

    /// The node's number in document order: its identity within the tree.
    pub fn index(self) -> u32 {
        self.index
    }

    /// What the node is. An alias says [`Kind::Alias`]; see [`Node::resolved`].
    pub fn kind(self) -> Kind {
        self.raw().kind
    }

    /// How a scalar was written.
    pub fn style(self) -> Style {
        self.raw().style
    }

    /// The scalar's content (empty for containers).
    pub fn text(self) -> &'a Cow<'t, str> {
        &self.raw().text
    }

    /// The node's tag in long form, where the text gives one.
    pub fn tag(self) -> Option<&'a str> {
        if !self.raw().tagged {
            return None;
        }
        let tags = &self.tree.tags;
        tags.binary_search_by_key(&self.index, |(node, _)| *node).ok().map(|at| &*tags[at].1)
    }

    /// Byte offset of the node's first character in the text that was parsed.
    pub fn offset(self) -> usize {
        self.raw().start as usize
    }

    /// The node itself, or for an alias the node it stands for.
    pub fn resolved(self) -> Self {
        match self.kind() {
            Kind::Alias => Self { tree: self.tree, index: self.raw().end },
            _ => self,
        }
    }

    /// The numbers of the node and all nodes within it.
    pub fn indices(self) -> std::ops::Range<u32> {
        match self.kind() {
            Kind::Scalar | Kind::Alias => self.index..self.index + 1,
            Kind::Sequence | Kind::Mapping => self.index..self.raw().end,
        }
    }

    fn after(self) -> u32 {
        match self.kind() {
            Kind::Alias => self.index + 1,
            _ => self.raw().end,
        }
    }

    /// The children of a sequence, in order.
    pub fn items(self) -> Items<'a, 't> {
        let end = if self.kind() == Kind::Sequence { self.raw().end } else { 0 };
        Items { tree: self.tree, next: self.index + 1, end }
    }

    /// The key and value of each entry of a mapping, in order.
    pub fn entries(self) -> Entries<'a, 't> {
        let end = if self.kind() == Kind::Mapping { self.raw().end } else { 0 };
        Entries { tree: self.tree, next: self.index + 1, end }
    }
}

/// See [`Node::items`].
pub struct Items<'a, 't> {
    tree: &'a Tree<'t>,
    next: u32,
    end: u32,
}

impl<'a, 't> Iterator for Items<'a, 't> {
    type Item = Node<'a, 't>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, index: self.next };
        self.next = node.after();
        Some(node)
    }
}

/// See [`Node::entries`].
pub struct Entries<'a, 't> {
    tree: &'a Tree<'t>,
    next: u32,
    end: u32,
}

impl<'a, 't> Iterator for Entries<'a, 't> {
    type Item = (Node<'a, 't>, Node<'a, 't>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let key = Node { tree: self.tree, index: self.next };
        let value = Node { tree: self.tree, index: key.after() };
        self.next = value.after();
        Some((key, value))
    }
}
