//! What a type looks like from outside: keys, kinds of values and words about them, for schemas and documentation.
//!
//! The `record!` macro implements [`Describe`] for structs from what it is given anyway, doc comments included; this
//! module does so for what fields are made of. Everything is constant data behind function pointers: reading and
//! writing never touch it, and types may contain themselves.

use std::collections::BTreeMap;

use super::container::Uncoerced;
use super::given::Given;
use super::value::Value;

/// A type that can say what it looks like.
pub trait Describe {
    /// What values of the type look like in a file.
    fn describe() -> Type;
}

/// A type of values, yet to be described: what a field or a collection holds.
pub type Lazy = fn() -> Type;

/// What values look like in a file.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A text.
    Text,
    /// A text in a form of its own.
    Form(&'static TextForm),
    /// True or false.
    Bool,
    /// A whole number, between these where there are bounds.
    Integer(Option<i64>, Option<i64>),
    /// A number.
    Number,
    /// Anything.
    Any,
    /// A value of one of several types.
    Either(&'static [Lazy]),
    /// A value, or null.
    Optional(Lazy),
    /// A sequence of values.
    List(Lazy),
    /// Values by name.
    Map(Lazy),
    /// A struct.
    Record(&'static RecordType),
}

impl Type {
    /// The type of a value that is there and not null.
    pub fn required(self) -> Self {
        match self {
            Self::Optional(inner) => inner().required(),
            other => other,
        }
    }
}

/// Texts in a form that has a name.
#[derive(Debug)]
pub struct TextForm {
    /// What such texts are called, in words.
    pub name: &'static str,
    /// What they say.
    pub doc: &'static str,
    /// What they match, as a regular expression of the kind that all engines read alike.
    pub pattern: &'static str,
    /// What to say of a text that does not match.
    pub hint: &'static str,
    /// Types of values that do as well, each with a warning where it hardly ever means what it says.
    pub also: &'static [(&'static str, &'static str)],
    /// Some such texts.
    pub examples: &'static [&'static str],
}

/// A struct made by `record!`.
#[derive(Debug)]
pub struct RecordType {
    /// Its name.
    pub name: &'static str,
    /// The module it stands in.
    pub module: &'static str,
    /// The lines of its doc comment.
    pub doc: &'static [&'static str],
    /// Its fields, in the order of the declaration.
    pub fields: &'static [FieldType],
}

/// A field of such a struct.
#[derive(Debug)]
pub struct FieldType {
    /// Its key; nothing where the fields of an embedded record stand in its place.
    pub key: Option<&'static str>,
    /// The lines of its doc comment.
    pub doc: &'static [&'static str],
    /// Whether it is written even when empty.
    pub kept: bool,
    /// What it holds.
    pub holds: Lazy,
}

macro_rules! describe {
    ($($type:ty => $described:expr;)*) => {$(
        impl Describe for $type {
            fn describe() -> Type {
                $described
            }
        }
    )*};
}

describe! {
    String => Type::Text;
    bool => Type::Bool;
    i32 => Type::Integer(Some(i32::MIN as i64), Some(i32::MAX as i64));
    i64 => Type::Integer(None, None);
    u64 => Type::Integer(Some(0), None);
    f64 => Type::Number;
    Value => Type::Any;
}

macro_rules! describe_container {
    ($($type:ty => $described:expr;)*) => {$(
        impl<T: Describe> Describe for $type {
            fn describe() -> Type {
                $described
            }
        }
    )*};
}

describe_container! {
    Option<T> => Type::Optional(T::describe);
    Box<T> => T::describe();
    Vec<T> => Type::List(T::describe);
    Given<T> => T::describe();
    Uncoerced<T> => T::describe();
    BTreeMap<String, T> => Type::Map(T::describe);
}
