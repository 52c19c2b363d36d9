//! From tree to typed values and back, with the meaning Go's JSON decoding gives to YAML.
//!
//! [`read`] fills a value that implements [`Decode`] from a tree and collects every [`Problem`] on the way; [`write`]
//! turns a value that implements [`Encode`] into canonical text. The `record!` macro (see `record.rs`) writes both
//! for structs; the impls here are for what structs are made of. Rules worth knowing:
//! null leaves a plain value as it is and clears an optional one; a number where text is wanted is an error unless
//! the reference coerces at that very place ([`Shape`] says where); the last of duplicate keys wins.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::emit::{EmitError, Emitter};
use super::order::natural_cmp;
use super::scalar::{self, Scalar};
use super::tree::{Kind, Node, Tree};

/// How unknown fields and duplicate keys are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Unknown fields are dropped, the last of duplicate keys wins.
    Lenient,
    /// Both are problems.
    Strict,
    /// As lenient, and what nobody asked for is not looked at: for a first look at a file whose interesting parts are
    /// read again in full.
    Outline,
}

/// Something in a text that its type does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Byte offset of the offending node.
    pub offset: usize,
    /// Where it is, as a key path such as `tests[3].as`; empty for the whole document.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// What a type looks like to the coercion of scalars: the reference turns a number or boolean into text only where
/// it can see, walking down from the root by key, that a string is wanted. It looks through embedded structs
/// wrongly (it takes the embedding struct's first field index), and so do we: see `ghodss/yaml` and the test
/// `coercion_stops_at_embedded_structs`.
#[derive(Clone, Copy)]
pub enum Shape {
    /// A string: scalars are converted.
    Text,
    /// A struct: the shape the reference sees under a key, if any.
    Struct(fn(&str) -> Option<Shape>),
    /// A map: the shape of its values.
    Map(fn() -> Shape),
    /// A sequence: the shape of its items.
    Sequence(fn() -> Shape),
    /// Everything else, custom decoders included: nothing below is converted.
    Opaque,
}

#[derive(Clone, Copy)]
enum Step<'a, 't> {
    Key(Node<'a, 't>),
    Item(usize),
}

/// Carries the state of one [`read`].
pub struct Reader<'a, 't> {
    strictness: Strictness,
    root: Shape,
    path: Vec<Step<'a, 't>>,
    problems: Vec<Problem>,
}

impl<'a, 't> Reader<'a, 't> {
    /// Notes a problem at `node`.
    pub fn problem(&mut self, node: Node<'a, 't>, message: impl Into<String>) {
        let path = self.path_text();
        self.problems.push(Problem { offset: node.offset(), path, message: message.into() });
    }

    /// Notes that `node` is not what the type wants.
    pub fn mismatch(&mut self, node: Node<'a, 't>, wanted: &str) {
        let found = self.describe(node);
        self.problem(node, format!("cannot unmarshal {found} into {wanted}"));
    }

    /// The value of a scalar node; a problem and null where it has none.
    pub fn scalar(&mut self, node: Node<'a, 't>) -> Scalar<'a> {
        match scalar::resolve(node.text(), node.style(), node.tag()) {
            Ok(value) => value,
            Err(message) => {
                self.problem(node, message);
                Scalar::Null
            }
        }
    }

    /// Whether unknown fields and duplicates are problems.
    pub fn is_strict(&self) -> bool {
        self.strictness == Strictness::Strict
    }

    /// The text of a mapping key, converted as the reference converts keys; a problem where it cannot be one.
    pub fn key_text(&mut self, key: Node<'a, 't>) -> Option<Cow<'a, str>> {
        let key = key.resolved();
        match super::value::key_text(key) {
            Ok(text) => Some(text),
            Err(message) => {
                self.problem(key, message);
                None
            }
        }
    }

    /// Walks a mapping's entries after merges, giving each key's text.
    pub fn entries(&mut self, node: Node<'a, 't>, mut each: impl FnMut(&mut Self, Cow<'a, str>, Node<'a, 't>, Node<'a, 't>)) {
        match super::value::merged_entries(node) {
            Ok(None) => {
                for (key, value) in node.entries() {
                    if let Some(text) = self.key_text(key) {
                        each(self, text, key, value);
                    }
                }
            }
            Ok(Some(entries)) => {
                for (key, value) in entries {
                    if let Some(text) = self.key_text(key) {
                        each(self, text, key, value);
                    }
                }
            }
            Err((place, message)) => self.problem(place, message),
        }
    }

    /// Runs `inner` with `key` on the path.
    pub fn under_key(&mut self, key: Node<'a, 't>, inner: impl FnOnce(&mut Self)) {
        self.path.push(Step::Key(key));
        inner(self);
        self.path.pop();
    }

    /// Runs `inner` with item number `index` on the path.
    pub fn under_item(&mut self, index: usize, inner: impl FnOnce(&mut Self)) {
        self.path.push(Step::Item(index));
        inner(self);
        self.path.pop();
    }

    /// Looks through a value nobody wants: the reference converts the whole document before it drops unknown
    /// fields, so a key or scalar without a JSON form is an error there too.
    pub fn ignore(&mut self, node: Node<'a, 't>) {
        if self.strictness == Strictness::Outline {
            return;
        }
        for (place, message) in super::value::check(node) {
            self.problem(place, message);
        }
    }

    /// The text the reference makes of a number or boolean at the current place, where it does.
    fn coerced(&self, value: &Scalar<'_>) -> Option<String> {
        let mut shape = self.root;
        for step in &self.path {
            shape = match (shape, step) {
                (Shape::Struct(field), Step::Key(key)) => field(&super::value::key_text(key.resolved()).ok()?)?,
                (Shape::Map(inner), Step::Key(_)) => inner(),
                (Shape::Sequence(inner), Step::Item(_)) => inner(),
                _ => return None,
            };
        }
        match shape {
            Shape::Text => super::number::coerced_text(value),
            _ => None,
        }
    }

    fn describe(&mut self, node: Node<'a, 't>) -> &'static str {
        match node.kind() {
            Kind::Mapping => "object",
            Kind::Sequence => "array",
            Kind::Alias => "alias",
            Kind::Scalar => match self.scalar(node) {
                Scalar::Null => "null",
                Scalar::Bool(_) => "bool",
                Scalar::Int(_) | Scalar::Uint(_) | Scalar::Float(_) => "number",
                Scalar::Str(_) => "string",
            },
        }
    }

    fn path_text(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(key.resolved().text());
                }
                Step::Item(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

/// A type that can be filled from a tree.
pub trait Decode: Default {
    /// Puts what `node` says into `self`, which holds what an earlier key of the same field left.
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>);

    /// How the type looks to coercion.
    fn shape() -> Shape {
        Shape::Opaque
    }
}

/// A type that has canonical text.
pub trait Encode {
    /// Writes the value.
    fn encode(&self, out: &mut Emitter);

    /// Whether Go's `omitempty` leaves the value out: false, zero, empty text, nothing, no items.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Reads a value of type `T` from a tree. A text without a document gives the default value.
pub fn read<T: Decode>(tree: &Tree<'_>, strictness: Strictness) -> Result<T, Vec<Problem>> {
    let Some(root) = tree.root() else { return Ok(T::default()) };
    if let Some(message) = super::value::excessive_aliasing(tree) {
        return Err(vec![Problem { offset: root.offset(), path: String::new(), message }]);
    }
    read_node(root, strictness)
}

/// Reads a value of type `T` from one node of a tree that was read before.
pub fn read_node<'a, 't, T: Decode>(node: Node<'a, 't>, strictness: Strictness) -> Result<T, Vec<Problem>> {
    let mut value = T::default();
    let mut reader = Reader { strictness, root: T::shape(), path: Vec::new(), problems: Vec::new() };
    value.decode(node, &mut reader);
    if reader.problems.is_empty() { Ok(value) } else { Err(reader.problems) }
}

/// The canonical text of a value.
pub fn write<T: Encode + ?Sized>(value: &T, capacity: usize) -> Result<String, EmitError> {
    let mut out = Emitter::with_capacity(capacity);
    value.encode(&mut out);
    out.finish()
}

impl Decode for String {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a string");
        }
        match reader.scalar(node) {
            Scalar::Null => {}
            Scalar::Str(text) => *self = text.into_owned(),
            other => match reader.coerced(&other) {
                Some(text) => *self = text,
                None => reader.mismatch(node, "a string"),
            },
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Emitter) {
        out.str(self);
    }

    fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }
}

impl Decode for bool {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a boolean");
        }
        match reader.scalar(node) {
            Scalar::Null => {}
            Scalar::Bool(value) => *self = value,
            _ => reader.mismatch(node, "a boolean"),
        }
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut Emitter) {
        out.bool(*self);
    }

    fn is_empty(&self) -> bool {
        !*self
    }
}

/// The integer a scalar holds once it has been through JSON: `2.0` and `1e3` are integers there.
fn integer(value: &Scalar<'_>) -> Option<i128> {
    match *value {
        Scalar::Int(number) => Some(number.into()),
        Scalar::Uint(number) => Some(number.into()),
        // JSON writes a float below 1e21 without exponent, so a whole one reads back as an integer.
        Scalar::Float(number) if number.fract() == 0.0 && number.abs() < 1e21 => Some(number as i128),
        _ => None,
    }
}

macro_rules! integer_codec {
    ($($type:ty, $write:ident;)*) => {$(
        impl Decode for $type {
            fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
                let node = node.resolved();
                if node.kind() != Kind::Scalar {
                    return reader.mismatch(node, "an integer");
                }
                match reader.scalar(node) {
                    Scalar::Null => {}
                    value => match integer(&value).and_then(|number| <$type>::try_from(number).ok()) {
                        Some(number) => *self = number,
                        None => reader.mismatch(node, "an integer"),
                    },
                }
            }
        }

        impl Encode for $type {
            fn encode(&self, out: &mut Emitter) {
                out.$write((*self).into());
            }

            fn is_empty(&self) -> bool {
                *self == 0
            }
        }
    )*};
}

integer_codec! { i32, int; i64, int; u64, uint; }

impl Decode for f64 {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a number");
        }
        match reader.scalar(node) {
            Scalar::Null => {}
            Scalar::Int(value) => *self = value as f64,
            Scalar::Uint(value) => *self = value as f64,
            Scalar::Float(value) => *self = value,
            _ => reader.mismatch(node, "a number"),
        }
    }
}

impl Encode for f64 {
    fn encode(&self, out: &mut Emitter) {
        out.float(*self);
    }

    fn is_empty(&self) -> bool {
        *self == 0.0
    }
}

/// Whether a node is a null scalar.
fn is_null<'a>(node: Node<'a, '_>) -> bool {
    node.kind() == Kind::Scalar
        && matches!(scalar::resolve(node.text(), node.style(), node.tag()), Ok(Scalar::Null))
}

impl<T: Decode> Decode for Option<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if is_null(node) {
            *self = None;
        } else {
            self.get_or_insert_with(T::default).decode(node, reader);
        }
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Emitter) {
        match self {
            Some(value) => value.encode(out),
            None => out.null(),
        }
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        (**self).decode(node, reader);
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, out: &mut Emitter) {
        (**self).encode(out);
    }

    fn is_empty(&self) -> bool {
        (**self).is_empty()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Sequence {
            self.clear();
            if !is_null(node) {
                reader.mismatch(node, "a list");
            }
            return;
        }
        self.clear();
        for (index, item) in node.items().enumerate() {
            let mut value = T::default();
            reader.under_item(index, |reader| value.decode(item, reader));
            self.push(value);
        }
    }

    fn shape() -> Shape {
        Shape::Sequence(T::shape)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Emitter) {
        out.begin_seq();
        for item in self {
            item.encode(out);
        }
        out.end_seq();
    }

    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Mapping {
            self.clear();
            if !is_null(node) {
                reader.mismatch(node, "a map");
            }
            return;
        }
        reader.entries(node, |reader, text, key, value| {
            let mut item = T::default();
            reader.under_key(key, |reader| item.decode(value, reader));
            if self.insert(text.clone().into_owned(), item).is_some() && reader.is_strict() {
                reader.problem(key, format!("key {text:?} is already set in this map"));
            }
        });
    }

    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, out: &mut Emitter) {
        out.begin_map();
        if self.keys().is_sorted_by(|left, right| natural_cmp(left, right).is_le()) {
            for (key, value) in self {
                out.key(key);
                value.encode(out);
            }
        } else {
            let mut entries: Vec<_> = self.iter().collect();
            entries.sort_by(|left, right| natural_cmp(left.0, right.0));
            for (key, value) in entries {
                out.key(key);
                value.encode(out);
            }
        }
        out.end_map();
    }

    fn is_empty(&self) -> bool {
        BTreeMap::is_empty(self)
    }
}
