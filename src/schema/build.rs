//! From types and rules to a schema: one definition for each record and each form of text, by a stable name.
//!
//! Read [`Builder::record`] first. Embedded records are spliced in where they stand, with their rules.

use std::collections::BTreeMap;

use super::constraint::{allow, apply, set_form, warn};
use super::json::{Json, Object};
use super::rules::{Constraint, Part, RecordRules, Rules, Together};
use super::together::together;
use super::words::{title, words};
use crate::yaml::describe::{FieldType, RecordType, TextForm, Type};

/// Records may be embedded in each other this deep.
const MOST_EMBEDDING: usize = 8;

/// Makes one schema.
pub struct Builder<'r> {
    rules: &'r Rules,
    definitions: BTreeMap<String, Json>,
    /// Records that are referred to and not defined yet.
    open: Vec<&'static RecordType>,
    /// Where the record of a name was declared, to notice two of one name.
    homes: BTreeMap<String, &'static RecordType>,
    defects: Vec<String>,
}

/// A field of a record or of one embedded in it.
struct Field {
    key: &'static str,
    declared: &'static FieldType,
    constraints: Vec<(Part, Constraint)>,
}

/// The rules of a record, by its name and by how deeply it is embedded.
type RuleSet<'r> = (String, usize, &'r RecordRules);

/// What must be there is for the outermost record to say.
fn own<'s>(sets: &'s [RuleSet<'_>]) -> impl Iterator<Item = &'s RecordRules> {
    sets.iter().filter(|(_, depth, _)| *depth == 0).map(|(_, _, rules)| *rules)
}

/// The fields that must be there.
fn required<'f>(fields: &'f [Field], sets: &'f [RuleSet<'_>]) -> impl Iterator<Item = &'static str> + 'f {
    let is_required =
        |key: &&'static str| own(sets).any(|rules| rules.required.contains(key) || rules.present.contains(key));
    fields.iter().map(|field| field.key).filter(is_required)
}

/// Fields with another way to spell them.
fn spellings<'s>(sets: &'s [RuleSet<'_>]) -> impl Iterator<Item = (&'static str, &'static str)> + 's {
    own(sets).flat_map(|rules| rules.spellings.iter().copied())
}

/// A schema of objects in which the field is there, however it is spelt.
fn in_some_spelling(key: &'static str, sets: &[RuleSet<'_>]) -> Json {
    let others = spellings(sets).filter(|(field, _)| *field == key).map(|(_, spelling)| spelling);
    let ways = [key].into_iter().chain(others).map(|way| Object::of("required", vec![way]));
    Object::of("anyOf", ways.collect::<Vec<_>>()).into()
}

impl<'r> Builder<'r> {
    /// A builder with nothing in it yet.
    pub fn new(rules: &'r Rules) -> Self {
        let (definitions, open, homes, defects) = Default::default();
        Self { rules, definitions, open, homes, defects }
    }

    /// The schema of a root record: its own keywords, then the definitions that it leads to. Besides, what is wrong
    /// with types and rules.
    pub fn schema(mut self, root: &'static RecordType, head: Object) -> (Json, Vec<String>) {
        let mut schema = head;
        let mut body = self.record(root);
        if schema.get("description").is_some() {
            body.set("title", schema.get("title").cloned().unwrap_or(Json::Null));
            body.set("description", schema.get("description").cloned().unwrap_or(Json::Null));
        }
        schema.extend(body);
        while let Some(record) = self.open.pop() {
            let name = definition_name(record);
            if !self.definitions.contains_key(&name) {
                let definition = self.record(record);
                self.definitions.insert(name, definition.into());
            }
        }
        let mut definitions = Object::default();
        for (name, definition) in std::mem::take(&mut self.definitions) {
            definitions.set(&name, definition);
        }
        schema.set("definitions", definitions);
        (schema.into(), self.defects)
    }

    /// The schema of a record's values, without title where it has no words of its own.
    fn record(&mut self, record: &'static RecordType) -> Object {
        let name = definition_name(record);
        let home = *self.homes.entry(name.clone()).or_insert(record);
        if !std::ptr::eq(home, record) {
            self.defects.push(format!("{name} is both in {} and in {}", home.module, record.module));
        }
        let mut fields = Vec::new();
        let mut sets = Vec::new();
        self.gather(record, 0, &mut fields, &mut sets);
        self.look_for_strangers(&fields, &sets);
        let mut properties = Object::default();
        for field in &fields {
            properties.set(field.key, self.property(&name, field, &sets));
        }
        let words = words(record.doc);
        if words.is_empty() {
            self.defects.push(format!("{name} has no description"));
        }
        let mut schema = Object::of("title", title(record.name)).with("description", words).with("type", "object");
        for (key, spelling) in spellings(&sets) {
            let message = format!("Write {key}.");
            properties.set(spelling, Object::of("deprecationMessage", message).with("doNotSuggest", true));
        }
        schema.set("properties", properties);
        let (varied, required): (Vec<&str>, Vec<&str>) =
            required(&fields, &sets).partition(|key| spellings(&sets).any(|(field, _)| field == *key));
        if !required.is_empty() {
            schema.set("required", required);
        }
        schema.set("additionalProperties", false);
        if own(&sets).any(|rules| rules.blank) {
            allow(&mut schema, "null");
        }
        let kind = |key: &str| {
            let field = fields.iter().find(|field| field.key == key);
            field.map_or(Type::Any, |field| (field.declared.holds)())
        };
        let rules = sets.iter().flat_map(|(_, _, rules)| &rules.together);
        let conditions = rules.flat_map(|rule| together(rule, kind));
        let conditions: Vec<Json> =
            conditions.chain(varied.into_iter().map(|key| in_some_spelling(key, &sets))).collect();
        if !conditions.is_empty() {
            schema.set("allOf", Json::List(conditions));
        }
        schema
    }

    /// Notes rules about fields that the record does not have.
    fn look_for_strangers(&mut self, fields: &[Field], sets: &[RuleSet<'_>]) {
        for (of, _, rules) in sets {
            let together = rules.together.iter().flat_map(Together::fields);
            for key in rules.fields.keys().chain(&rules.required).chain(&rules.present).copied().chain(together) {
                if !fields.iter().any(|field| field.key == key) {
                    self.defects.push(format!("{of} has no field {key}, and a rule is about it"));
                }
            }
        }
    }

    /// Collects the fields of a record and of those embedded in it, of which the outermost counts, and their rules.
    fn gather(
        &mut self,
        record: &'static RecordType,
        depth: usize,
        fields: &mut Vec<Field>,
        sets: &mut Vec<RuleSet<'r>>,
    ) {
        let name = definition_name(record);
        let start = fields.len();
        let rules = self.rules.get(&name);
        sets.extend(rules.map(|rules| (name.clone(), depth, rules)));
        for declared in record.fields {
            let Some(key) = declared.key else {
                match (declared.holds)().required() {
                    Type::Record(inner) if depth < MOST_EMBEDDING => self.gather(inner, depth + 1, fields, sets),
                    _ => self.defects.push(format!("{name} embeds what is no record")),
                }
                continue;
            };
            if let Some(earlier) = fields.iter_mut().find(|field| field.key == key) {
                let own = record.fields.iter().any(|field| std::ptr::eq(field, earlier.declared));
                if depth == 0 && !own {
                    earlier.declared = declared;
                }
                continue;
            }
            fields.push(Field { key, declared, constraints: Vec::new() });
        }
        for field in fields.iter_mut().skip(start) {
            let own = rules.and_then(|rules| rules.fields.get(field.key));
            field.constraints.extend(own.into_iter().flatten());
        }
    }

    fn property(&mut self, record: &str, field: &Field, sets: &[RuleSet<'_>]) -> Object {
        let holds = (field.declared.holds)();
        let must_say_something = own(sets).any(|rules| rules.required.contains(&field.key));
        // A list or map whose entries are all commented out is null, which the reference takes for nothing.
        let nullable = match holds.required() {
            Type::List(_) | Type::Map(_) => !must_say_something,
            _ => field.declared.kept && matches!(holds, Type::Optional(_)),
        };
        let mut schema = self.value(holds.required());
        for (part, constraint) in &field.constraints {
            self.constrain(&mut schema, *part, constraint);
        }
        let is_text = matches!(holds.required(), Type::Text);
        if must_say_something && is_text && schema.get("pattern").is_none() && schema.get("enum").is_none() {
            schema.set("minLength", 1);
        }
        if must_say_something && matches!(holds.required(), Type::List(_)) {
            schema.set("minItems", 1);
        }
        if must_say_something && matches!(holds.required(), Type::Map(_)) {
            schema.set("minProperties", 1);
        }
        if nullable {
            allow(&mut schema, "null");
        }
        let words = words(field.declared.doc);
        if words.is_empty() {
            self.defects.push(format!("{record} has no description of {}", field.key));
        }
        let is_for_tools = |rule: &Together| matches!(rule, Together::Forbids(key, _) if *key == field.key);
        if sets.iter().any(|(_, _, rules)| rules.together.iter().any(is_for_tools)) {
            schema.set("doNotSuggest", true);
        }
        let mut described = Object::of("description", words);
        described.extend(schema);
        described
    }

    /// The schema of a type's values.
    fn value(&mut self, kind: Type) -> Object {
        match kind {
            Type::Text => Object::of("type", "string"),
            Type::Bool => Object::of("type", "boolean"),
            Type::Integer(least, most) => {
                let mut schema = Object::of("type", "integer");
                least.into_iter().for_each(|least| schema.set("minimum", least));
                most.into_iter().for_each(|most| schema.set("maximum", most));
                schema
            }
            Type::Number => Object::of("type", "number"),
            Type::Any => Object::default(),
            Type::Form(form) => self.form_reference(form),
            Type::Either(kinds) => self.either(kinds.iter().map(|kind| kind()).collect()),
            Type::Optional(inner) => {
                let mut schema = self.value(inner().required());
                allow(&mut schema, "null");
                schema
            }
            Type::List(item) => Object::of("type", "array").with("items", self.value(item().required())),
            Type::Map(value) => {
                Object::of("type", "object").with("additionalProperties", self.value(value().required()))
            }
            Type::Record(record) => {
                self.open.push(record);
                reference(&definition_name(record))
            }
        }
    }

    fn form_reference(&mut self, form: &'static TextForm) -> Object {
        self.definitions.entry(form.name.to_owned()).or_insert_with(|| {
            let mut schema = Object::of("title", form.name).with("description", form.doc).with("type", "string");
            set_form(&mut schema, form);
            let warnings = form.also.iter().map(|(kind, warning)| {
                allow(&mut schema, kind);
                (kind, warning)
            });
            let warned: Vec<_> = warnings.filter(|(_, warning)| !warning.is_empty()).collect();
            for (kind, warning) in warned {
                warn(&mut schema, kind, warning);
            }
            schema.into()
        });
        reference(form.name)
    }

    /// A form that may be a number too keeps one definition of its own; types that need one word each share a list.
    fn either(&mut self, kinds: Vec<Type>) -> Object {
        let mut alternatives: Vec<Object> = kinds.into_iter().map(|kind| self.value(kind)).collect();
        // What the types say beside their names is about values of each alone.
        let is_simple = |schema: &Object| {
            ["$ref", "items", "properties", "additionalProperties"].iter().all(|key| schema.get(key).is_none())
        };
        if !alternatives.iter().all(is_simple) {
            return Object::of("anyOf", alternatives);
        }
        let names: Vec<Json> = alternatives.iter().filter_map(|schema| schema.get("type").cloned()).collect();
        let mut merged = Object::of("type", Json::List(names.clone()));
        for alternative in &mut alternatives {
            alternative.set("type", Json::List(names.clone()));
            merged.extend(std::mem::take(alternative));
        }
        merged
    }

    fn constrain(&mut self, schema: &mut Object, part: Part, constraint: &Constraint) {
        let key = match part {
            Part::Whole => return apply(schema, constraint),
            Part::Items => "items",
            Part::Values => "additionalProperties",
            Part::Keys => "propertyNames",
        };
        let mut inner = match schema.get(key) {
            Some(Json::Object(inner)) => inner.clone(),
            _ => Object::default(),
        };
        apply(&mut inner, constraint);
        schema.set(key, inner);
    }
}

/// All records that a type leads to.
pub fn records(root: Type) -> Vec<&'static RecordType> {
    let mut found: Vec<&'static RecordType> = Vec::new();
    let mut open = vec![root];
    while let Some(kind) = open.pop() {
        match kind {
            Type::Optional(inner) | Type::List(inner) | Type::Map(inner) => open.push(inner()),
            Type::Either(kinds) => open.extend(kinds.iter().map(|kind| kind())),
            Type::Record(record) if !found.iter().any(|known| std::ptr::eq(*known, record)) => {
                found.push(record);
                open.extend(record.fields.iter().map(|field| (field.holds)()));
            }
            _ => {}
        }
    }
    found
}

fn reference(name: &str) -> Object {
    Object::of("$ref", format!("#/definitions/{name}"))
}

/// A record's name within its schemas: the area of the model and the type.
pub fn definition_name(record: &RecordType) -> String {
    let area = record.module.split("::").skip_while(|part| *part != "model").nth(1);
    format!("{}.{}", area.unwrap_or_default(), record.name)
}
