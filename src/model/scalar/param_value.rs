//! Values of Tekton parameters: a text, a list of texts or texts by name. Anything else becomes a text: its JSON.

use std::collections::BTreeMap;

use super::json;
use crate::yaml::codec::{Decode, Encode, Reader};
use crate::yaml::describe::{Describe, Type};
use crate::yaml::emit::Emitter;
use crate::yaml::tree::{Kind, Node};
use crate::yaml::value::Value;

/// The value of a parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ParamValue {
    /// None was given. The reference reads that and then cannot write it.
    #[default]
    Missing,
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// Texts by name.
    Map(BTreeMap<String, String>),
}

/// The text of a value that is one; null passes for an empty text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        _ => None,
    }
}

impl From<Value> for ParamValue {
    fn from(value: Value) -> Self {
        let typed = match &value {
            Value::List(items) => items.iter().map(text).collect::<Option<_>>().map(Self::List),
            Value::Map(entries) => entries
                .iter()
                .map(|(key, value)| Some((key.clone(), text(value)?)))
                .collect::<Option<_>>()
                .map(Self::Map),
            other => text(other).map(Self::Text),
        };
        typed.unwrap_or_else(|| Self::Text(json::text(&value)))
    }
}

impl Decode for ParamValue {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        let notes = reader.note_count();
        let value = Value::of(node, reader);
        let is_text = matches!(value, Value::Text(_) | Value::Null);
        *self = value.into();
        if let Self::Text(text) = self
            && !is_text
        {
            reader.forget_notes_after(notes);
            match node.resolved() {
                scalar if scalar.kind() == Kind::Scalar => reader.note_text(scalar, text),
                other => reader.note_json(other, text),
            }
        }
    }
}

impl Encode for ParamValue {
    fn encode(&self, out: &mut Emitter) {
        match self {
            Self::Missing => out.fail("a parameter without a value cannot be written"),
            Self::Text(text) => out.str(text),
            Self::List(items) => items.encode(out),
            Self::Map(entries) => entries.encode(out),
        }
    }
}

/// Other values become text as well, their JSON; whoever writes one means something else.
impl Describe for ParamValue {
    fn describe() -> Type {
        Type::Either(&[String::describe, Vec::<String>::describe, BTreeMap::<String, String>::describe])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_all_text_becomes_json() {
        let list = |items: Vec<Value>| ParamValue::from(Value::List(items));
        let a = || Value::Text("a<".into());
        assert_eq!(list(vec![a(), Value::Null]), ParamValue::List(vec!["a<".into(), String::new()]));
        assert_eq!(list(vec![a(), Value::Int(1)]), ParamValue::Text(r#"["a\u003c",1]"#.into()));
        assert_eq!(ParamValue::from(Value::Float(1e21)), ParamValue::Text("1e+21".into()));
        assert_eq!(ParamValue::from(Value::Null), ParamValue::Text(String::new()));
        let nested = Value::Map([("k".to_owned(), Value::List(Vec::new()))].into());
        assert_eq!(ParamValue::from(nested), ParamValue::Text(r#"{"k":[]}"#.into()));
    }
}
