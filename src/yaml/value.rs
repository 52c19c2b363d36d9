//! Values of no particular type: whatever a document says.
//!
//! [`Value::of`] takes a subtree as it is. As a type to read, a [`Value`] is what the reference makes of a whole
//! document that it knows nothing about, where every number passes through a 64-bit float.

use std::collections::BTreeMap;

use super::codec::{Decode, Encode, Reader};
use super::emit::Emitter;
use super::scalar::Scalar;
use super::tree::{Kind, Node};

/// A value of no particular type.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    /// Any other number; never infinite.
    Float(f64),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Values by key.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// What a node says, with integers in full.
    pub fn of<'a, 't>(node: Node<'a, 't>, reader: &mut Reader<'a, 't>) -> Self {
        let node = node.resolved();
        match node.kind() {
            Kind::Sequence => {
                let mut items = Vec::new();
                for (index, item) in node.items().enumerate() {
                    reader.under_item(index, |reader| items.push(Self::of(item, reader)));
                }
                Self::List(items)
            }
            Kind::Mapping => {
                let mut entries = BTreeMap::new();
                for (text, key, value) in reader.sorted_entries(node) {
                    reader.note_key(key, &text);
                    reader.under_key(key, |reader| {
                        entries.insert(text.into_owned(), Self::of(value, reader));
                    });
                }
                Self::Map(entries)
            }
            _ => Self::of_scalar(node, reader),
        }
    }

    fn of_scalar<'a, 't>(node: Node<'a, 't>, reader: &mut Reader<'a, 't>) -> Self {
        match reader.scalar(node) {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Int(number) => {
                reader.note_octal(node, number.into());
                Self::Int(number)
            }
            Scalar::Uint(number) => Self::Uint(number),
            Scalar::Float(number) if number.is_finite() => Self::of_float(number),
            Scalar::Float(_) => {
                reader.problem(node, "infinity and not-a-number have no JSON form");
                Self::Null
            }
            Scalar::Str(text) => Self::Text(text.into_owned()),
        }
    }

    /// A float as it comes out of JSON, which writes a whole number by its shortest digits and zeros after them.
    pub(super) fn of_float(number: f64) -> Self {
        if number == 0.0 {
            return Self::Int(0);
        }
        if number.fract() != 0.0 || number.abs() >= 1e21 {
            return Self::Float(number);
        }
        let text = number.to_string();
        let signed = text.parse().map(Self::Int);
        signed.or_else(|_| text.parse().map(Self::Uint)).unwrap_or(Self::Float(number))
    }

    /// The value with every number passed through a 64-bit float.
    fn rounded(self) -> Self {
        match self {
            Self::Int(number) => Self::of_float(number as f64),
            Self::Uint(number) => Self::of_float(number as f64),
            Self::List(items) => Self::List(items.into_iter().map(Self::rounded).collect()),
            Self::Map(entries) => Self::Map(entries.into_iter().map(|(key, value)| (key, value.rounded())).collect()),
            other => other,
        }
    }
}

impl Decode for Value {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        *self = Self::of(node, reader).rounded();
    }
}

impl Encode for Value {
    fn encode(&self, out: &mut Emitter) {
        match self {
            Self::Null => out.null(),
            Self::Bool(value) => out.bool(*value),
            Self::Int(number) => out.int(*number),
            Self::Uint(number) => out.uint(*number),
            Self::Float(number) => out.float(*number),
            Self::Text(text) => out.str(text),
            Self::List(items) => items.encode(out),
            Self::Map(entries) => entries.encode(out),
        }
    }
}
