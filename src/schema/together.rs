//! What the rules about several fields add to the schema of their record: conditions, each with a sentence for people.

use super::constraint::apply;
use super::json::{Json, Object};
use super::rules::Together;
use crate::yaml::describe::Type;

/// What a rule about several fields adds to the schema of their record.
pub fn together(rule: &Together, kind: impl Fn(&str) -> Type) -> Vec<Json> {
    let find = kind;
    let given = |key: &'static str| given(key, find(key));
    match rule {
        Together::AnyOf(keys, message) => vec![any_of(keys.iter().map(|key| given(key)), message).into()],
        Together::AtMostOne(keys, message) => (0..keys.len().saturating_sub(1))
            .map(|at| {
                let condition = given(keys[at]);
                let rest = &keys[at + 1..];
                when(condition, without(rest.iter().map(|key| (*key, find(key))), message))
            })
            .collect(),
        Together::Excludes(key, others, message) => {
            let condition = given(key);
            vec![when(condition, without(others.iter().map(|key| (*key, find(key))), message))]
        }
        Together::ExcludesUnless(key, exception, others, message) => {
            let condition = vec![given(key), Object::of("not", given(exception))];
            let then = without(others.iter().map(|key| (*key, find(key))), message);
            vec![when(Object::of("allOf", condition), then)]
        }
        Together::WithinUnless(key, other, constraint) => {
            let mut value = Object::default();
            apply(&mut value, constraint);
            vec![when(Object::of("not", given(key)), Object::of("properties", Object::of(other, value)))]
        }
        Together::Choice(key, value, other, choices, message) => {
            let is_value =
                Object::of("required", vec![*key]).with("properties", Object::of(key, Object::of("const", *value)));
            let is_choice = Object::of("enum", *choices).with("errorMessage", *message);
            vec![when(is_value, Object::of("properties", Object::of(other, is_choice)))]
        }
        Together::Within(key, other, constraint) => {
            let mut value = Object::default();
            apply(&mut value, constraint);
            vec![when(given(key), Object::of("properties", Object::of(other, value)))]
        }
        Together::Forbids(key, message) => vec![without([(*key, find(key))].into_iter(), message).into()],
        Together::Needs(key, others, message) => {
            let condition = given(key);
            others.iter().map(|other| when(condition.clone(), given(other).with("errorMessage", *message))).collect()
        }
        Together::NeedsOneOf(key, others, message) => {
            let condition = given(key);
            vec![when(condition, any_of(others.iter().map(|key| given(key)), message))]
        }
    }
}

/// A schema of objects in which the field is given, as the reference counts it.
fn given(key: &'static str, kind: Type) -> Object {
    let condition = Object::of("required", vec![key]);
    let value = match kind {
        Type::Text => Object::of("type", "string").with("minLength", 1),
        // Without a type of their own, lest editors offer their values.
        Type::List(_) => Object::of("minItems", 1).with("not", Object::of("type", "null")),
        Type::Map(_) => Object::of("minProperties", 1).with("not", Object::of("type", "null")),
        _ if matches!(kind.required(), Type::Bool) => Object::of("const", true),
        _ => Object::of("not", Object::of("type", "null")),
    };
    condition.with("properties", Object::of(key, value))
}

/// A schema of objects in which one of the alternatives holds: unless the others do, the first must. Said so, editors
/// show the message once and do not offer the alternatives as texts to insert.
fn any_of(alternatives: impl Iterator<Item = Object>, message: &str) -> Object {
    let mut alternatives: Vec<Object> = alternatives.collect();
    if alternatives.is_empty() {
        return Object::default();
    }
    let first = alternatives.remove(0).with("errorMessage", message);
    let none: Vec<Object> = alternatives.into_iter().map(|other| Object::of("not", other)).collect();
    if none.is_empty() { first } else { Object::of("if", Object::of("allOf", none)).with("then", first) }
}

/// A schema of objects in which none of the fields is given.
pub fn without(fields: impl Iterator<Item = (&'static str, Type)>, message: &str) -> Object {
    let mut properties = Object::default();
    for (key, kind) in fields {
        let empty = match kind {
            Type::Text | Type::Form(_) => Json::from(""),
            Type::Bool => Json::Bool(false),
            _ => {
                properties.set(key, false);
                continue;
            }
        };
        properties.set(key, Object::of("const", empty).with("errorMessage", message).with("doNotSuggest", true));
    }
    Object::of("properties", properties).with("errorMessage", message)
}

fn when(condition: Object, then: Object) -> Json {
    Object::of("if", condition).with("then", then).into()
}
