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

use std::collections::BTreeMap;

use super::codec::{Reader, Shape, SortedEntries};
use super::describe::{Describe, Lazy};
use super::emit::Emitter;
use super::order::sort_by_key;
use super::scalar::Scalar;
use super::tree::{Kind, Node};

/// Most fields one record may declare itself; positions are numbers in this base.
pub const SLOTS: u32 = 64;

/// Most fields a record may have in all: one bit each in a `u128`.
const MOST_FIELDS: usize = 128;

/// A field of a record in its canonical order: its key and its position.
pub type Field = (&'static str, u32);

/// A struct made by `record!`, as a value: what reading and writing do with its fields. A *position* names a field,
/// embedded ones included: its digit of least value in base [`SLOTS`] is the slot here, the rest the position within
/// the embedded record.
///
/// Reading and writing are written once for all records, over this trait object: one call per field costs little, and
/// a copy of that code for each of some 250 types would cost much to compile.
pub trait Fields {
    /// See [`Record::order`].
    fn layout(&self) -> &'static Order;
    /// Decodes into a field.
    fn decode_at<'a, 't>(&mut self, position: u32, node: Node<'a, 't>, reader: &mut Reader<'a, 't>);
    /// See [`super::codec::Decode::pass`].
    fn pass_at(&mut self, position: u32, node: Node<'_, '_>, depth: u8);
    /// Sets a field to its empty value.
    fn reset_at(&mut self, position: u32);
    /// Notes for each field, in the order of [`Record::visit_fields`], whether it is written.
    fn note_present(&self, present: &mut Present);
    /// Writes a field with its key.
    fn encode_at(&self, position: u32, key: &'static str, out: &mut Emitter);
    /// Whether every field is empty.
    fn is_zero(&self) -> bool;
}

/// Which fields of a record are written: most are empty, and asking each by its position costs more than writing the
/// others.
pub struct Present {
    ranks: &'static [u8],
    next: usize,
    mask: u128,
}

/// The rank of a field that another of the same key hides.
const HIDDEN: u8 = u8::MAX;

impl Present {
    /// What of a record is written, as a bit for each rank.
    fn of(record: &dyn Fields) -> u128 {
        let mut present = Self { ranks: &record.layout().ranks, next: 0, mask: 0 };
        record.note_present(&mut present);
        present.mask
    }

    /// Notes whether the next field is written.
    #[inline]
    pub fn note(&mut self, is_written: bool) {
        if is_written && let Some(rank) = self.ranks.get(self.next) {
            self.mask |= 1u128.checked_shl(u32::from(*rank)).unwrap_or(0);
        }
        self.next += 1;
    }
}

/// A struct made by `record!`, as a type.
pub trait Record: Fields + Default + Describe {
    /// The position of the field with exactly this key; a field here hides one of the same key further in.
    fn position(key: &str) -> Option<u32>;
    /// Calls `visit` with the depth of embedding, position and key of each field.
    fn visit_fields(depth: u32, visit: &mut dyn FnMut(u32, u32, &'static str));
    /// The order in which its fields are written.
    fn order() -> &'static Order;
    /// The shape coercion sees under a key.
    fn shape_under(key: &str) -> Option<Shape>;
}

/// An embedded record that is there only once one of its fields is (Go's embedded pointers).
impl<R: Record> Fields for Option<Box<R>> {
    fn layout(&self) -> &'static Order {
        R::order()
    }

    fn decode_at<'a, 't>(&mut self, position: u32, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        self.get_or_insert_default().decode_at(position, node, reader);
    }

    fn pass_at(&mut self, position: u32, node: Node<'_, '_>, depth: u8) {
        self.get_or_insert_default().pass_at(position, node, depth);
    }

    fn reset_at(&mut self, position: u32) {
        if let Some(record) = self {
            record.reset_at(position);
        }
    }

    fn note_present(&self, present: &mut Present) {
        match self {
            Some(record) => record.note_present(present),
            None => R::order().ranks.iter().for_each(|_| present.note(false)),
        }
    }

    fn encode_at(&self, position: u32, key: &'static str, out: &mut Emitter) {
        if let Some(record) = self {
            record.encode_at(position, key, out);
        }
    }

    fn is_zero(&self) -> bool {
        self.is_none()
    }
}

impl<R: Record> Record for Option<Box<R>> {
    fn position(key: &str) -> Option<u32> {
        R::position(key)
    }

    fn visit_fields(depth: u32, visit: &mut dyn FnMut(u32, u32, &'static str)) {
        R::visit_fields(depth, visit);
    }

    fn order() -> &'static Order {
        R::order()
    }

    fn shape_under(key: &str) -> Option<Shape> {
        R::shape_under(key)
    }
}

/// The order in which the fields of a type are written, computed once.
#[derive(Debug)]
pub struct Order {
    /// All fields, by [`super::order::natural_cmp`] of their keys.
    pub fields: Vec<Field>,
    /// Where each field stands there, in the order of [`Record::visit_fields`]: [`HIDDEN`] when nowhere.
    pub ranks: Vec<u8>,
    /// What the type looks like from outside.
    pub described: Lazy,
}

impl Order {
    /// The order of a type.
    pub fn of<R: Record>() -> Self {
        let mut declared = Vec::new();
        R::visit_fields(0, &mut |depth, position, key| declared.push((key, depth, position)));
        Self::arrange(declared, R::describe)
    }

    /// From keys, depths of embedding and positions as they were declared. Of two fields with one key, that further
    /// out counts. Not generic: some 250 copies of sorting took most of the time that compiling took.
    fn arrange(declared: Vec<(&'static str, u32, u32)>, described: Lazy) -> Self {
        let mut fields = declared.clone();
        fields.sort_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
        fields.dedup_by(|next, kept| next.0 == kept.0);
        sort_by_key(&mut fields, |field| field.0);
        debug_assert!(fields.len() <= MOST_FIELDS, "too many fields in one record");
        let fields: Vec<Field> = fields.into_iter().map(|(key, _, position)| (key, position)).collect();
        let rank = |position| {
            let rank = fields.iter().position(|(_, other)| *other == position);
            rank.and_then(|rank| u8::try_from(rank).ok()).unwrap_or(HIDDEN)
        };
        let ranks = declared.iter().map(|(_, _, position)| rank(*position)).collect();
        Self { fields, ranks, described }
    }
}

/// Fills a record from a mapping.
pub fn decode_record<'a, 't>(record: &mut dyn Fields, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
    let node = node.resolved();
    match node.kind() {
        Kind::Mapping => {}
        Kind::Scalar if reader.scalar(node) == Scalar::Null => return,
        _ => return reader.mismatch(node, "an object"),
    }
    let mark = reader.mark();
    reader.enter_record(record.layout(), node);
    if let Err(decoded) = decode_plain(record, node, reader) {
        reader.forget_since(mark);
        for (index, (_, position)) in record.layout().fields.iter().enumerate() {
            if decoded & (1 << index) != 0 {
                record.reset_at(*position);
            }
        }
        if reader.has_passed() {
            pass_record(record, node, 0);
        }
        decode_sorted(record, node, reader);
    }
    reader.leave_record();
}

/// See [`super::codec::Decode::pass`]. Of an embedded record's field it is the record that is passed, not the field.
pub fn pass_record(record: &mut dyn Fields, node: Node<'_, '_>, depth: u8) {
    /// Deeper than any record goes without a list or map in between, but for those within themselves.
    const MOST_DEPTH: u8 = 16;
    if depth == MOST_DEPTH {
        return;
    }
    let node = node.resolved();
    let order = &record.layout().fields;
    let entries = super::convert::merged_entries(node).unwrap_or_default().unwrap_or_else(|| node.entries().collect());
    // Only the last of equal keys is there to be passed.
    let mut last = BTreeMap::new();
    for (key, value) in entries {
        let Ok(text) = super::convert::key_text(key.resolved()) else { continue };
        if let Some(position) = field_of(order, &text) {
            last.insert(text, (position, value));
        }
    }
    for (position, value) in last.into_values() {
        record.pass_at(position, value, depth + 1);
    }
}

/// Decodes entry by entry, which is right unless keys are merged, repeated or spelt with other capitals. Then it
/// stops and says which fields it has touched.
fn decode_plain<'a, 't>(record: &mut dyn Fields, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) -> Result<(), u128> {
    let order = &record.layout().fields;
    let mut decoded: u128 = 0;
    let mut cursor = 0;
    for (key, value) in node.entries() {
        let key_node = key.resolved();
        let Some(index) = plain_field(order, cursor, key_node) else {
            decode_stranger(order, key, value, reader).map_err(|()| decoded)?;
            continue;
        };
        if decoded & (1 << index) != 0 {
            return Err(decoded);
        }
        decoded |= 1 << index;
        // Canonical text has its keys in canonical order, so the next key is mostly a few places on.
        cursor = index + 1;
        let position = order[index].1;
        reader.under_key(key, |reader| record.decode_at(position, value, reader));
    }
    Ok(())
}

/// The field that a key names letter by letter. The names of fields are words that mean themselves however they are
/// quoted, so only a tag could change what the key is.
fn plain_field(order: &[Field], cursor: usize, key: Node<'_, '_>) -> Option<usize> {
    if key.kind() != Kind::Scalar || key.tag().is_some() {
        return None;
    }
    let text: &str = key.text();
    let (behind, ahead) = order.split_at_checked(cursor)?;
    match ahead.iter().position(|field| field.0 == text) {
        Some(skipped) => Some(cursor + skipped),
        None => behind.iter().position(|field| field.0 == text),
    }
}

/// Takes note of an entry that is no field by its letters; fails where the entries must be looked at together.
fn decode_stranger<'a, 't>(
    order: &[Field],
    key: Node<'a, 't>,
    value: Node<'a, 't>,
    reader: &mut Reader<'a, 't>,
) -> Result<(), ()> {
    if super::convert::is_merge(key) {
        return Err(());
    }
    let Some(text) = reader.key_text(key) else {
        reader.ignore(value);
        return Ok(());
    };
    if field_of(order, &text).is_some() {
        return Err(());
    }
    let problems = reader.problem_count();
    refuse_stranger(key, &text, value, reader);
    // Some of what is wrong with a value does not matter where the same key comes again.
    if reader.problem_count() > problems { Err(()) } else { Ok(()) }
}

fn refuse_stranger<'a, 't>(key: Node<'a, 't>, text: &str, value: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
    if reader.wants_known_fields() {
        reader.problem(key, format!("unknown field {text:?}"));
    }
    reader.note_unknown(key, value);
    reader.ignore(value);
}

/// The field whose key is this one but for capitals.
pub fn folded_key(order: &[Field], key: &str) -> Option<&'static str> {
    order.iter().find(|(name, _)| super::convert::equal_fold(name, key)).map(|(name, _)| *name)
}

/// The position of the field with this key, or else of one with the key in other capitals.
fn field_of(order: &[Field], key: &str) -> Option<u32> {
    let exact = order.iter().find(|(name, _)| *name == key);
    exact
        .or_else(|| order.iter().find(|(name, _)| super::convert::equal_fold(name, key)))
        .map(|(_, position)| *position)
}

/// Decodes as the reference does in full: the last of equal keys counts, and the entries are taken in byte order of
/// their keys, so that of two spellings of one field the later is decoded over the earlier.
fn decode_sorted<'a, 't>(record: &mut dyn Fields, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
    let order = &record.layout().fields;
    let entries = reader.sorted_entries(node);
    if reader.takes_notes() {
        note_spellings(order, node, &entries, reader);
    }
    for (text, key, value) in entries {
        match field_of(order, &text) {
            Some(position) => reader.under_key(key, |reader| record.decode_at(position, value, reader)),
            None => refuse_stranger(key, &text, value, reader),
        }
    }
}

/// Notes entries whose field has another entry, spelt with other capitals, that is decoded over them.
fn note_spellings<'a, 't>(
    order: &[Field],
    node: Node<'a, 't>,
    entries: &SortedEntries<'a, 't>,
    reader: &mut Reader<'a, 't>,
) {
    let mut last = BTreeMap::new();
    for entry in entries {
        let Some(position) = field_of(order, &entry.0) else { continue };
        if let Some(earlier) = last.insert(position, entry) {
            reader.note_respelt(node, earlier, entry);
        }
    }
}

/// Writes a record as a mapping in canonical order.
pub fn encode_record(record: &dyn Fields, out: &mut Emitter) {
    out.begin_map();
    let (fields, mut left) = (&record.layout().fields, Present::of(record));
    while left != 0 {
        if let Some((key, position)) = fields.get(left.trailing_zeros() as usize) {
            record.encode_at(*position, key, out);
        }
        left &= left - 1;
    }
    out.end_map();
}

/// Declares structs that read and write themselves; see the module's documentation.
#[macro_export]
macro_rules! record {
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])* pub $field:ident : $type:ty => $($spec:ident)? $($key:literal $mode:ident)? , )*
        }
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $type, )*
        }

        const _: () = {
            use $crate::yaml::codec::{Decode, Encode, Reader, Shape};
            use $crate::yaml::describe::{Describe, FieldType, RecordType, Type};
            use $crate::yaml::emit::Emitter;
            use $crate::yaml::record::{self, Fields, Order, Present, Record, SLOTS};
            use $crate::yaml::tree::Node;

            #[allow(non_camel_case_types, dead_code)]
            #[repr(u32)]
            enum Slot { $($field,)* Count }
            const _: () = assert!((Slot::Count as u32) <= SLOTS, "too many fields in one record");

            impl Fields for $name {
                fn layout(&self) -> &'static Order {
                    <$name as Record>::order()
                }

                #[allow(unused_variables)]
                fn decode_at<'a, 't>(&mut self, position: u32, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
                    let slot = position % SLOTS;
                    $( if slot == Slot::$field as u32 {
                        return $crate::record!(@decode self.$field, position, node, reader, $($spec)? $($key $mode)?);
                    } )*
                }

                #[allow(unused_variables)]
                fn pass_at(&mut self, position: u32, node: Node<'_, '_>, depth: u8) {
                    let slot = position % SLOTS;
                    $( if slot == Slot::$field as u32 {
                        return Decode::pass(&mut self.$field, node, depth);
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
                fn note_present(&self, present: &mut Present) {
                    $( $crate::record!(@present self.$field, present, $($spec)? $($key $mode)?); )*
                }

                #[allow(unused_variables)]
                fn encode_at(&self, position: u32, key: &'static str, out: &mut Emitter) {
                    let slot = position % SLOTS;
                    $( if slot == Slot::$field as u32 {
                        return $crate::record!(@encode self.$field, position, key, out, $($spec)? $($key $mode)?);
                    } )*
                }

                fn is_zero(&self) -> bool {
                    true $( && $crate::record!(@zero self.$field, $($spec)? $($key $mode)?) )*
                }
            }

            impl Record for $name {
                #[allow(unused_variables)]
                fn position(key: &str) -> Option<u32> {
                    $( $crate::record!(@own_position Slot::$field, key, $($spec)? $($key $mode)?); )*
                    $( $crate::record!(@embedded_position Slot::$field, $type, key, $($spec)? $($key $mode)?); )*
                    None
                }

                #[allow(unused_variables)]
                fn visit_fields(depth: u32, visit: &mut dyn FnMut(u32, u32, &'static str)) {
                    $( $crate::record!(@visit Slot::$field, $type, depth, visit, $($spec)? $($key $mode)?); )*
                }

                fn order() -> &'static Order {
                    static ORDER: std::sync::OnceLock<Order> = std::sync::OnceLock::new();
                    ORDER.get_or_init(Order::of::<$name>)
                }

                #[allow(unused_variables)]
                fn shape_under(key: &str) -> Option<Shape> {
                    $( $crate::record!(@own_shape $type, key, $($spec)? $($key $mode)?); )*
                    $( $crate::record!(@embedded_shape $type, key, $($spec)? $($key $mode)?); )*
                    match record::folded_key(&<Self as Record>::order().fields, key) {
                        Some(name) if name != key => Self::shape_under(name),
                        _ => None,
                    }
                }
            }

            impl Decode for $name {
                fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
                    record::decode_record(self, node, reader);
                }

                fn pass(&mut self, node: Node<'_, '_>, depth: u8) {
                    record::pass_record(self, node, depth);
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

            static TYPE: RecordType = RecordType {
                name: stringify!($name),
                module: module_path!(),
                doc: &[$($doc),*],
                fields: &[$( FieldType {
                    key: $crate::record!(@key $($spec)? $($key $mode)?),
                    doc: &[$($field_doc),*],
                    kept: $crate::record!(@kept $($spec)? $($key $mode)?),
                    holds: <$type as Describe>::describe,
                } ),*],
            };

            impl Describe for $name {
                fn describe() -> Type {
                    Type::Record(&TYPE)
                }
            }
        };
    )*};

    (@key embed) => { None };
    (@key $key:literal $mode:ident) => { Some($key) };
    (@kept $key:literal keep) => { true };
    (@kept $($other:tt)*) => { false };
    (@own_position $slot:path, $arg:ident, embed) => {};
    (@own_position $slot:path, $arg:ident, $key:literal $mode:ident) => {
        if $arg == $key {
            return Some($slot as u32);
        }
    };
    (@embedded_position $slot:path, $type:ty, $arg:ident, embed) => {
        if let Some(inner) = <$type as Record>::position($arg) {
            return Some(inner * SLOTS + $slot as u32);
        }
    };
    (@embedded_position $slot:path, $type:ty, $arg:ident, $key:literal $mode:ident) => {};
    (@visit $slot:path, $type:ty, $depth:ident, $arg:ident, embed) => {
        <$type as Record>::visit_fields($depth + 1, &mut |depth, inner, key| $arg(depth, inner * SLOTS + $slot as u32, key));
    };
    (@visit $slot:path, $type:ty, $depth:ident, $arg:ident, $key:literal $mode:ident) => {
        $arg($depth, $slot as u32, $key);
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
    (@encode $self:ident . $field:ident, $position:ident, $name:ident, $out:ident, $key:literal $mode:ident) => {{
        $out.field($name);
        $self.$field.encode($out);
    }};
    (@present $self:ident . $field:ident, $present:ident, embed) => { $self.$field.note_present($present) };
    (@present $self:ident . $field:ident, $present:ident, $key:literal keep) => { $present.note(true) };
    (@present $self:ident . $field:ident, $present:ident, $key:literal omit) => {
        $present.note(!Encode::is_empty(&$self.$field))
    };
    (@present $self:ident . $field:ident, $present:ident, $key:literal omitzero) => {
        $present.note(!Fields::is_zero(&$self.$field))
    };
    (@own_shape $type:ty, $arg:ident, embed) => {};
    (@own_shape $type:ty, $arg:ident, $key:literal $mode:ident) => {
        if $arg == $key {
            return Some(<$type as Decode>::shape());
        }
    };
    (@embedded_shape $type:ty, $arg:ident, embed) => {
        if <$type as Record>::position($arg).is_some() {
            return Some(<$type as Decode>::shape());
        }
    };
    (@embedded_shape $type:ty, $arg:ident, $key:literal $mode:ident) => {};
    (@zero $self:ident . $field:ident, embed) => { Fields::is_zero(&$self.$field) };
    (@zero $self:ident . $field:ident, $key:literal $mode:ident) => { $crate::yaml::record::is_default(&$self.$field) };
}

/// Whether a value is its type's default; used for Go's `omitzero`.
pub fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
