//! Ports: a number, or the name of one.

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Kind, Node};

/// A number or a text, kept as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrString {
    /// A number.
    Int(i32),
    /// A name, or a percentage.
    Text(String),
}

impl Default for IntOrString {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl Decode for IntOrString {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a number or a string");
        }
        match reader.scalar(node) {
            Scalar::Str(text) => *self = Self::Text(text.into_owned()),
            _ => {
                let mut number = 0;
                i32::decode(&mut number, node, reader);
                *self = Self::Int(number);
            }
        }
    }
}

impl Encode for IntOrString {
    fn encode(&self, out: &mut Emitter) {
        match self {
            Self::Int(number) => out.int((*number).into()),
            Self::Text(text) => out.str(text),
        }
    }
}

impl Describe for IntOrString {
    fn describe() -> Type {
        Type::Either(&[i32::describe, String::describe])
    }
}
