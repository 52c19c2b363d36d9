//! Values with a text form of their own: quantities, durations, times, numbers that may be text, untyped values.
//!
//! Each has rules for reading that its Go counterpart wrote by hand, so nothing below such a value is coerced, and
//! each keeps only what is written again.

pub mod duration;
pub mod int_or_string;
pub mod json;
pub mod quantity;
pub mod time;

pub use duration::{Duration, TextDuration};
pub use int_or_string::IntOrString;
pub use quantity::Quantity;
pub use time::Time;

use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::emit::Emitter;
use crate::yaml::tree::Node;

macro_rules! placeholder {
    ($($name:ident),*) => {$(
        /// Placeholder.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name(String);
        impl Decode for $name {
            fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
                self.0.decode(node, reader);
            }
        }
        impl Encode for $name {
            fn encode(&self, out: &mut Emitter) {
                out.str(&self.0);
            }
        }
    )*};
}
placeholder!(Raw, ParamValue);
