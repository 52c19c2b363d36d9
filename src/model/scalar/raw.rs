//! Fields that take anything, which is kept and written again.

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::tree::Node;
use crate::yaml::value::Value;

/// A value that is not looked into. Unlike a whole document of no type, its integers keep all their digits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raw(pub Value);

impl Decode for Raw {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        match Value::of(node, reader) {
            Value::Null => {}
            value => self.0 = value,
        }
    }
}

impl Encode for Raw {
    fn encode(&self, out: &mut Emitter) {
        self.0.encode(out);
    }
}

impl Describe for Raw {
    fn describe() -> Type {
        Type::Any
    }
}
