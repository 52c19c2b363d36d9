//! Structs that read and write themselves: the `record!` macro and the trait behind it.
//!
//! A record lists its fields once, each with its key and what happens to an empty value:
//!
//! ```
//! cutwater::record! {
//!     /// One step of a walk.
//!     pub struct Step {
//!         /// Written even when empty.
//!         pub name: String => "name" keep,
//!         /// Left out when empty (Go's `omitempty`).
//!         pub length: i64 => "length" omit,
//!         /// Left out when all of it is empty (Go's `omitzero`).
//!         pub place: Place => "place" omitzero,
//!         /// Its fields appear among ours (Go's embedding).
//!         pub extra: Extra => embed,
//!     }
//! }
//! cutwater::record! { pub struct Place { pub x: i64 => "x" omit, } }
//! cutwater::record! { pub struct Extra { pub note: String => "note" omit, } }
//! ```
//!
//! Keys are matched exactly first and without regard to case second, as Go's JSON does; text is written in canonical
//! key order whatever the order of the declaration.

use super::codec::{Reader, Shape};
use super::emit::Emitter;
use super::order::natural_cmp;
use super::tree::{Kind, Node};
use super::scalar::Scalar;

/// Most fields one record may declare itself; positions are numbers in this base.
pub const SLOTS: u32 = 64;

/// A struct made by `record!`. A *position* names a field, embedded ones included: its digit of least value in base
/// [`SLOTS`] is the slot here, the rest the position within the embedded record.
pub trait Record: Default {
    /// The position of the field with exactly this key.
    fn position(key: &str) -> Option<u32>;
    /// Calls `visit` with the position and key of each field.
    fn visit_fields(visit: &mut dyn FnMut(u32, &'static str));
    /// All fields in canonical order.
    fn order() -> &'static [(&'static str, u32)];
    /// Decodes into a field.
    fn decode_at<'a, 't>(&mut self, position: u32, node: Node<'a, 't>, reader: &mut Reader<'a, 't>);
    /// Sets a field to its empty value.
    fn reset_at(&mut self, position: u32);
    /// Writes a field with its key, or nothing where it is left out.
    fn encode_at(&self, position: u32, key: &'static str, out: &mut Emitter);
    /// The shape coercion sees under a key.
    fn shape_under(key: &str) -> Option<Shape>;
    /// Whether every field is empty.
    fn is_zero(&self) -> bool;
}

/// An embedded record that is there only once one of its fields is (Go's embedded pointers).
impl<R: Record> Record for Option<Box<R>> {
    fn position(key: &str) -> Option<u32> {
        R::position(key)
    }

    fn visit_fields(visit: &mut dyn FnMut(u32, &'static str)) {
        R::visit_fields(visit);
    }

    fn order() -> &'static [(&'static str, u32)] {
        R::order()
    }

    fn decode_at<'a, 't>(&mut self, position: u32, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        self.get_or_insert_default().decode_at(position, node, reader);
    }

    fn reset_at(&mut self, position: u32) {
        if let Some(record) = self {
            record.reset_at(position);
        }
    }

    fn encode_at(&self, position: u32, key: &'static str, out: &mut Emitter) {
        if let Some(record) = self {
            record.encode_at(position, key, out);
        }
    }

    fn shape_under(key: &str) -> Option<Shape> {
        R::shape_under(key)
    }

    fn is_zero(&self) -> bool {
        self.is_none()
    }
}

/// The fields of a record in canonical order, computed once per type.
pub fn ordered_fields<R: Record>() -> Vec<(&'static str, u32)> {
    let mut fields = Vec::new();
    R::visit_fields(&mut |position, key| fields.push((key, position)));
    fields.sort_by(|left, right| natural_cmp(left.0, right.0));
    fields
}

/// Fills a record from a mapping.
pub fn decode_record<'a, 't, R: Record>(record: &mut R, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
    let node = node.resolved();
    match node.kind() {
        Kind::Mapping => {}
        Kind::Scalar if reader.scalar(node) == Scalar::Null => return,
        _ => return reader.mismatch(node, "an object"),
    }
    let order = R::order();
    let mut cursor = 0;
    let mut seen: smallvec::SmallVec<[u32; 32]> = smallvec::SmallVec::new();
    let mut folded = Vec::new();
    reader.entries(node, |reader, text, key, value| {
        // Canonical text has its keys in canonical order, so the next key is mostly a few places on.
        let ahead = order[cursor..].iter().position(|(name, _)| *name == text);
        let position = match ahead {
            Some(skip) => {
                cursor += skip + 1;
                Some(order[cursor - 1].1)
            }
            None => R::position(&text),
        };
        let Some(position) = position else {
            match folded_position::<R>(&text) {
                Some(position) => folded.push((position, text, key, value)),
                None => {
                    if reader.is_strict() {
                        reader.problem(key, format!("unknown field {text:?}"));
                    }
                    reader.ignore(value);
                }
            }
            return;
        };
        if seen.contains(&position) {
            if reader.is_strict() {
                reader.problem(key, format!("key {text:?} is already set in this map"));
            }
            record.reset_at(position);
        } else {
            seen.push(position);
        }
        reader.under_key(key, |reader| record.decode_at(position, value, reader));
    });
    if !folded.is_empty() {
        decode_folded(record, node, folded, reader);
    }
}

type FoldedEntry<'a, 't> = (u32, std::borrow::Cow<'a, str>, Node<'a, 't>, Node<'a, 't>);

/// Fields whose keys match only without regard to case. The reference decodes all keys in byte order, so where two
/// spellings name one field the later in that order is decoded over the earlier.
fn decode_folded<'a, 't, R: Record>(
    record: &mut R,
    node: Node<'a, 't>,
    mut folded: Vec<FoldedEntry<'a, 't>>,
    reader: &mut Reader<'a, 't>,
) {
    let positions: Vec<u32> = folded.iter().map(|entry| entry.0).collect();
    reader.entries(node, |_, text, key, value| {
        if let Some(position) = R::position(&text)
            && positions.contains(&position)
        {
            folded.push((position, text, key, value));
        }
    });
    folded.sort_by(|left, right| left.1.cmp(&right.1));
    for (position, _, _, _) in &folded {
        record.reset_at(*position);
    }
    for (position, _, key, value) in folded {
        reader.under_key(key, |reader| record.decode_at(position, value, reader));
    }
}

fn folded_position<R: Record>(key: &str) -> Option<u32> {
    R::order().iter().find(|(name, _)| super::value::equal_fold(name, key)).map(|(_, position)| *position)
}

/// Writes a record as a mapping in canonical order.
pub fn encode_record<R: Record>(record: &R, out: &mut Emitter) {
    out.begin_map();
    for (key, position) in R::order() {
        record.encode_at(*position, key, out);
    }
    out.end_map();
}

/// Declares structs that read and write themselves; see the module's documentation.
#[macro_export]
macro_rules! record {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $type:ty => $($spec:ident)? $($key:literal $mode:ident)? , )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        const _: () = {
            use $crate::yaml::codec::{Decode, Encode, Reader, Shape};
            use $crate::yaml::emit::Emitter;
            use $crate::yaml::record::{self, Record, SLOTS};
            use $crate::yaml::tree::Node;

            #[allow(non_camel_case_types, dead_code)]
            #[repr(u32)]
            enum Slot { $($field,)* Count }
            const _: () = assert!((Slot::Count as u32) <= SLOTS, "too many fields in one record");

            impl Record for $name {
                #[allow(unused_variables)]
                fn position(key: &str) -> Option<u32> {
                    $( $crate::record!(@position Slot::$field, $type, key, $($spec)? $($key $mode)?); )*
                    None
                }

                #[allow(unused_variables)]
                fn visit_fields(visit: &mut dyn FnMut(u32, &'static str)) {
                    $( $crate::record!(@visit Slot::$field, $type, visit, $($spec)? $($key $mode)?); )*
                }

                fn order() -> &'static [(&'static str, u32)] {
                    static ORDER: std::sync::OnceLock<Vec<(&'static str, u32)>> = std::sync::OnceLock::new();
                    ORDER.get_or_init(record::ordered_fields::<$name>)
                }

                #[allow(unused_variables)]
                fn decode_at<'a, 't>(&mut self, position: u32, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
                    let slot = position % SLOTS;
                    $( if slot == Slot::$field as u32 {
                        return $crate::record!(@decode self.$field, position, node, reader, $($spec)? $($key $mode)?);
                    } )*
                }

                #[allow(unused_variables)]
                fn reset_at(&mut self, position: u32) {
                    let slot = position % SLOTS;
                    $( if slot == Slot::$field as u32 {
                        return $crate::record!(@reset self.$field, position, $($spec)? $($key $mode)?);
                    } )*
                }

                #[allow(unused_variables)]
                fn encode_at(&self, position: u32, key: &'static str, out: &mut Emitter) {
                    let slot = position % SLOTS;
                    $( if slot == Slot::$field as u32 {
                        return $crate::record!(@encode self.$field, position, key, out, $($spec)? $($key $mode)?);
                    } )*
                }

                #[allow(unused_variables)]
                fn shape_under(key: &str) -> Option<Shape> {
                    $( $crate::record!(@shape $type, key, $($spec)? $($key $mode)?); )*
                    let folded = Self::order().iter().find(|(name, _)| $crate::yaml::value::equal_fold(name, key));
                    match folded {
                        Some((name, _)) if *name != key => Self::shape_under(name),
                        _ => None,
                    }
                }

                fn is_zero(&self) -> bool {
                    true $( && $crate::record!(@zero self.$field, $($spec)? $($key $mode)?) )*
                }
            }

            impl Decode for $name {
                fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
                    record::decode_record(self, node, reader);
                }

                fn shape() -> Shape {
                    Shape::Struct(<$name as Record>::shape_under)
                }
            }

            impl Encode for $name {
                fn encode(&self, out: &mut Emitter) {
                    record::encode_record(self, out);
                }
            }
        };
    )*};

    (@position $slot:path, $type:ty, $arg:ident, embed) => {
        if let Some(inner) = <$type as Record>::position($arg) {
            return Some(inner * SLOTS + $slot as u32);
        }
    };
    (@position $slot:path, $type:ty, $arg:ident, $key:literal $mode:ident) => {
        if $arg == $key {
            return Some($slot as u32);
        }
    };
    (@visit $slot:path, $type:ty, $arg:ident, embed) => {
        <$type as Record>::visit_fields(&mut |inner, key| $arg(inner * SLOTS + $slot as u32, key));
    };
    (@visit $slot:path, $type:ty, $arg:ident, $key:literal $mode:ident) => {
        $arg($slot as u32, $key);
    };
    (@decode $self:ident . $field:ident, $position:ident, $node:ident, $reader:ident, embed) => {
        $self.$field.decode_at($position / SLOTS, $node, $reader)
    };
    (@decode $self:ident . $field:ident, $position:ident, $node:ident, $reader:ident, $key:literal $mode:ident) => {
        $self.$field.decode($node, $reader)
    };
    (@reset $self:ident . $field:ident, $position:ident, embed) => {
        $self.$field.reset_at($position / SLOTS)
    };
    (@reset $self:ident . $field:ident, $position:ident, $key:literal $mode:ident) => {
        $self.$field = Default::default()
    };
    (@encode $self:ident . $field:ident, $position:ident, $name:ident, $out:ident, embed) => {
        $self.$field.encode_at($position / SLOTS, $name, $out)
    };
    (@encode $self:ident . $field:ident, $position:ident, $name:ident, $out:ident, $key:literal keep) => {{
        $out.key($name);
        $self.$field.encode($out);
    }};
    (@encode $self:ident . $field:ident, $position:ident, $name:ident, $out:ident, $key:literal omit) => {
        if !Encode::is_empty(&$self.$field) {
            $out.key($name);
            $self.$field.encode($out);
        }
    };
    (@encode $self:ident . $field:ident, $position:ident, $name:ident, $out:ident, $key:literal omitzero) => {
        if !Record::is_zero(&$self.$field) {
            $out.key($name);
            $self.$field.encode($out);
        }
    };
    (@shape $type:ty, $arg:ident, embed) => {
        if <$type as Record>::position($arg).is_some() {
            return Some(<$type as Decode>::shape());
        }
    };
    (@shape $type:ty, $arg:ident, $key:literal $mode:ident) => {
        if $arg == $key {
            return Some(<$type as Decode>::shape());
        }
    };
    (@zero $self:ident . $field:ident, embed) => { Record::is_zero(&$self.$field) };
    (@zero $self:ident . $field:ident, $key:literal $mode:ident) => { $crate::yaml::record::is_default(&$self.$field) };
}

/// Whether a value is its type's default; used for Go's `omitzero`.
pub fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
