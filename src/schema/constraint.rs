//! What a constraint of [`mod@super::rules`] adds to the schema of a value.

use super::json::{Json, Object};
use super::rules::Constraint;
use super::together::without;
use crate::yaml::describe::{TextForm, Type};

/// Adds a type to those that a schema takes.
pub fn allow(schema: &mut Object, kind: &str) {
    if schema.get("$ref").is_some() {
        let inner = std::mem::take(schema);
        *schema = Object::of("anyOf", vec![inner, Object::of("type", kind)]);
        return;
    }
    let kinds = match schema.get("type") {
        Some(Json::List(kinds)) => kinds.clone(),
        Some(kind) => vec![kind.clone()],
        None => return,
    };
    let kinds = [kinds, vec![kind.into()]].concat();
    schema.set("type", Json::List(kinds));
}

/// Has editors warn of values of one type, which are taken.
pub fn warn(schema: &mut Object, kind: &str, warning: &str) {
    schema.set("if", Object::of("type", kind));
    schema.set("then", Object::of("deprecationMessage", warning));
}

/// Has a schema take texts of a form.
pub fn set_form(schema: &mut Object, form: &TextForm) {
    schema.set("pattern", form.pattern);
    schema.set("errorMessage", form.hint);
    if !form.examples.is_empty() {
        schema.set("examples", form.examples);
    }
}

/// Adds to a schema what a constraint says.
pub fn apply(schema: &mut Object, constraint: &Constraint) {
    if schema.get("$ref").is_some() && !matches!(constraint, Constraint::OrNull | Constraint::OrScalarUnder(_)) {
        // Beside a reference, constraints are not looked at.
        let mut inner = Object::default();
        apply(&mut inner, constraint);
        let referred = std::mem::take(schema);
        *schema = Object::of("allOf", vec![referred, inner]);
        return;
    }
    match constraint {
        Constraint::Require(keys) => {
            schema.set("required", *keys);
            // In a map, properties of their own would keep these keys from what holds of all values.
            if schema.get("additionalProperties").is_none() {
                let mut properties = Object::default();
                keys.iter().for_each(|key| properties.set(key, Object::of("minLength", 1)));
                schema.set("properties", properties);
            }
        }
        Constraint::Unique => schema.set("uniqueItems", true),
        Constraint::AlsoForm(form) => {
            let also = Object::of("pattern", form.pattern).with("errorMessage", form.hint);
            let all = match schema.get("allOf") {
                Some(Json::List(all)) => [all.clone(), vec![also.into()]].concat(),
                _ => vec![also.into()],
            };
            schema.set("allOf", Json::List(all));
        }
        Constraint::Forbid(keys, message) => {
            let keys = keys.iter().map(|key| (*key, Type::Any));
            schema.extend(without(keys, message));
        }
        Constraint::Form(form) => set_form(schema, form),
        Constraint::Choice(choices) => {
            let (names, docs): (Vec<&str>, Vec<&str>) = choices.iter().copied().unzip();
            schema.set("enum", names);
            if docs.iter().any(|doc| !doc.is_empty()) {
                schema.set("enumDescriptions", docs);
            }
        }
        Constraint::Examples(examples) => schema.set("examples", *examples),
        Constraint::AtLeast(least) => schema.set("minimum", *least),
        Constraint::NotEmpty => {
            let is_text = schema.get("type") == Some(&Json::from("string"));
            schema.set(if is_text { "minLength" } else { "minItems" }, 1);
        }
        Constraint::Longest(longest) => schema.set("maxLength", *longest),
        Constraint::OrNull => allow(schema, "null"),
        Constraint::OrScalar(warning) => {
            allow(schema, "number");
            allow(schema, "boolean");
            schema.set("if", Object::of("type", vec!["number", "boolean"]));
            schema.set("then", Object::of("deprecationMessage", *warning));
        }
        Constraint::OrScalarUnder(key) => {
            let scalar = Object::of(key, Object::of("type", vec!["number", "boolean"]));
            let loose = Object::of("type", "object").with("properties", scalar).with("required", vec![*key]);
            *schema = Object::of("anyOf", vec![std::mem::take(schema), loose]);
        }
        Constraint::EachValue(constraint) => {
            let mut value = match schema.get("additionalProperties") {
                Some(Json::Object(value)) => value.clone(),
                _ => Object::default(),
            };
            apply(&mut value, constraint);
            schema.set("additionalProperties", value);
        }
        Constraint::Entries(entries) => {
            let value = match schema.get("additionalProperties") {
                Some(Json::Object(value)) => value.clone(),
                _ => Object::default(),
            };
            let mut properties = Object::default();
            for entry in *entries {
                let mut property = Object::of("description", entry.doc);
                property.extend(value.clone());
                apply(&mut property, &entry.value);
                properties.set(entry.key, property);
            }
            schema.set("properties", properties);
            schema.set("additionalProperties", false);
        }
    }
}
