//! A field that is written as it was read, null included.

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::tree::Node;
use crate::yaml::value::Value;

/// A value that is not looked into, or nothing where the field was not given. A [`super::Raw`] forgets a null; this
/// does not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verbatim(Option<Value>);

impl Decode for Verbatim {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        self.0 = Some(Value::of(node, reader));
    }
}

impl Encode for Verbatim {
    fn encode(&self, out: &mut Emitter) {
        self.0.encode(out);
    }

    fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Describe for Verbatim {
    fn describe() -> Type {
        Type::Any
    }
}
