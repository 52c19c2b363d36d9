//! From types and rules to a schema: one definition for each record and each form of text, by a stable name.
//!
//! Read [`Builder::record`] first. Embedded records are spliced in where they stand, with their rules.

use std::collections::BTreeMap;

use super::json::{Json, Object};
use super::rules::{Constraint, Part, RecordRules, Rules, Together};
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
        for (of, _, rules) in &sets {
            let together = rules.together.iter().flat_map(Together::fields);
            for key in rules.fields.keys().chain(&rules.required).chain(&rules.present).copied().chain(together) {
                if !fields.iter().any(|field| field.key == key) {
                    self.defects.push(format!("{of} has no field {key}, and a rule is about it"));
                }
            }
        }
        let mut properties = Object::default();
        for field in &fields {
            properties.set(field.key, self.property(&name, field, &sets));
        }
        let words = words(record.doc);
        if words.is_empty() {
            self.defects.push(format!("{name} has no description"));
        }
        let mut schema = Object::of("title", title(record.name)).with("description", words).with("type", "object");
        let required: Vec<&str> = fields
            .iter()
            .map(|field| field.key)
            .filter(|key| own(&sets).any(|rules| rules.required.contains(key) || rules.present.contains(key)))
            .collect();
        let spellings: Vec<_> = own(&sets).flat_map(|rules| rules.spellings.iter().copied()).collect();
        for (key, spelling) in &spellings {
            let message = format!("Write {key}.");
            properties.set(spelling, Object::of("deprecationMessage", message).with("doNotSuggest", true));
        }
        schema.set("properties", properties);
        let (varied, required): (Vec<&str>, Vec<&str>) =
            required.into_iter().partition(|key| spellings.iter().any(|(field, _)| field == key));
        if !required.is_empty() {
            schema.set("required", required);
        }
        schema.set("additionalProperties", false);
        if own(&sets).any(|rules| rules.blank) {
            allow(&mut schema, "null");
        }
        let together: Vec<Json> =
            sets.iter().flat_map(|(_, _, rules)| &rules.together).flat_map(|rule| together(rule, &fields)).collect();
        let varied = varied.into_iter().map(|key| {
            let other = spellings.iter().filter(|(field, _)| *field == key).map(|(_, spelling)| *spelling);
            let ways = [key].into_iter().chain(other).map(|way| Object::of("required", vec![way]));
            Json::from(Object::of("anyOf", ways.collect::<Vec<_>>()))
        });
        let together: Vec<Json> = together.into_iter().chain(varied).collect();
        if !together.is_empty() {
            schema.set("allOf", Json::List(together));
        }
        schema
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
                match required_type((declared.holds)()) {
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
        let nullable = match required_type(holds) {
            Type::List(_) | Type::Map(_) => !must_say_something,
            _ => field.declared.kept && matches!(holds, Type::Optional(_)),
        };
        let mut schema = self.value(required_type(holds));
        for (part, constraint) in &field.constraints {
            self.constrain(&mut schema, *part, constraint);
        }
        let is_text = matches!(required_type(holds), Type::Text);
        if must_say_something && is_text && schema.get("pattern").is_none() && schema.get("enum").is_none() {
            schema.set("minLength", 1);
        }
        if must_say_something && matches!(required_type(holds), Type::List(_)) {
            schema.set("minItems", 1);
        }
        if must_say_something && matches!(required_type(holds), Type::Map(_)) {
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
                let mut schema = self.value(required_type(inner()));
                allow(&mut schema, "null");
                schema
            }
            Type::List(item) => Object::of("type", "array").with("items", self.value(required_type(item()))),
            Type::Map(value) => {
                Object::of("type", "object").with("additionalProperties", self.value(required_type(value())))
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

/// What a rule about several fields adds to the schema of their record.
fn together(rule: &Together, fields: &[Field]) -> Vec<Json> {
    let find = |key: &str| {
        let field = fields.iter().find(|field| field.key == key);
        field.map_or(Type::Any, |field| (field.declared.holds)())
    };
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

/// The type of a value that is there and not null.
fn required_type(kind: Type) -> Type {
    match kind {
        Type::Optional(inner) => required_type(inner()),
        other => other,
    }
}

fn reference(name: &str) -> Object {
    Object::of("$ref", format!("#/definitions/{name}"))
}

/// A record's name within its schemas: the area of the model and the type.
pub fn definition_name(record: &RecordType) -> String {
    let area = record.module.split("::").skip_while(|part| *part != "model").nth(1);
    format!("{}.{}", area.unwrap_or_default(), record.name)
}

/// A type's name in words: `HTTPGetAction` is `HTTP get action`.
fn title(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && letters.get(at - 1).is_some_and(|before| !before.is_uppercase());
        let before_lower = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() || !(after_lower || before_lower) => word.push(*letter),
            _ => words.push(letter.to_string()),
        }
    }
    let is_acronym = |word: &str| word.len() > 1 && !word.chars().any(char::is_lowercase);
    for word in words.iter_mut().skip(1).filter(|word| !is_acronym(word)) {
        *word = word.to_lowercase();
    }
    words.join(" ").replace("Git hub", "GitHub")
}

/// A doc comment as running text: lines joined, paragraphs kept, links to items made plain.
fn words(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.trim();
        if line.is_empty() {
            out.push_str("\n\n");
        } else {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push(' ');
            }
            out.push_str(line);
        }
    }
    out.replace("[`", "`").replace("`]", "`").trim().to_owned()
}

/// Adds a type to those that a schema takes.
fn allow(schema: &mut Object, kind: &str) {
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
fn warn(schema: &mut Object, kind: &str, warning: &str) {
    schema.set("if", Object::of("type", kind));
    schema.set("then", Object::of("deprecationMessage", warning));
}

fn set_form(schema: &mut Object, form: &TextForm) {
    schema.set("pattern", form.pattern);
    schema.set("errorMessage", form.hint);
    if !form.examples.is_empty() {
        schema.set("examples", form.examples);
    }
}

fn apply(schema: &mut Object, constraint: &Constraint) {
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

/// A schema of objects in which the field is given, as the reference counts it.
fn given(key: &'static str, kind: Type) -> Object {
    let condition = Object::of("required", vec![key]);
    let value = match kind {
        Type::Text => Object::of("type", "string").with("minLength", 1),
        // Without a type of their own, lest editors offer their values.
        Type::List(_) => Object::of("minItems", 1).with("not", Object::of("type", "null")),
        Type::Map(_) => Object::of("minProperties", 1).with("not", Object::of("type", "null")),
        _ if matches!(required_type(kind), Type::Bool) => Object::of("const", true),
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
fn without(fields: impl Iterator<Item = (&'static str, Type)>, message: &str) -> Object {
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
