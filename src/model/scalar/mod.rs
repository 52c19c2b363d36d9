//! Values with a text form of their own: quantities, durations, times, numbers that may be text, untyped values.
//!
//! Each has rules for reading that its Go counterpart wrote by hand, so nothing below such a value is coerced, and
//! each keeps only what is written again.

pub mod duration;
pub mod int_or_string;
pub mod json;
pub mod param_value;
pub mod quantity;
pub mod raw;
pub mod time;
pub mod timestamp;
pub mod verbatim;

pub use duration::{Duration, TextDuration};
pub use int_or_string::IntOrString;
pub use param_value::ParamValue;
pub use quantity::Quantity;
pub use raw::Raw;
pub use time::Time;
pub use timestamp::Timestamp;
pub use verbatim::Verbatim;
