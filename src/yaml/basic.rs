//! Text, booleans and integers, read by Go's JSON rules and written as canonical text.

use super::codec::{Decode, Encode, Reader, Shape};
use super::emit::Emitter;
use super::scalar::Scalar;
use super::tree::{Kind, Node};
use super::value::Value;

impl Decode for String {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a string");
        }
        match reader.scalar(node) {
            Scalar::Null => reader.note_null_text(node),
            Scalar::Str(text) => *self = text.into_owned(),
            other => match reader.coerced(&other) {
                Some(text) => {
                    reader.note_text(node, &text);
                    *self = text;
                }
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
        // JSON writes a float below 1e21 without exponent, so a whole one reads back as an integer: that of its shortest
        // digits, with zeros after them.
        Scalar::Float(number) if number.fract() == 0.0 && number.abs() < 1e21 => number.to_string().parse().ok(),
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
                        Some(number) => {
                            reader.note_octal(node, number.into());
                            *self = number;
                        }
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

impl Decode for f64 {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let node = node.resolved();
        if node.kind() != Kind::Scalar {
            return reader.mismatch(node, "a number");
        }
        match reader.scalar(node) {
            Scalar::Null => {}
            Scalar::Int(number) => {
                reader.note_octal(node, number.into());
                *self = number as f64;
            }
            Scalar::Uint(number) => *self = number as f64,
            Scalar::Float(number) if number.is_finite() => *self = number,
            _ => reader.mismatch(node, "a number"),
        }
    }
}

impl Encode for f64 {
    fn encode(&self, out: &mut Emitter) {
        Value::of_float(*self).encode(out);
    }

    fn is_empty(&self) -> bool {
        *self == 0.0
    }
}

integer_codec! { i32, int; i64, int; u64, uint; }
