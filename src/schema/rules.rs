//! What a schema says beyond the types: which fields must be there, which go together, what a text may be.
//!
//! [`Rules`] is a table by record and field, filled by one function for each area of the model (`config.rs`, `steps.rs`,
//! `jobs.rs` …). A record is named by the area of the model it stands in and its type: `config.Bundle`. A rule about a
//! record or field that does not exist is a defect of the table, which [`super::build`] reports.

use std::collections::BTreeMap;

use crate::yaml::describe::{TextForm, Type};

/// What a value may be, beyond its type.
#[derive(Clone, Copy, Debug)]
pub enum Constraint {
    /// A text of this form.
    Form(&'static TextForm),
    /// A text of this form, besides one that it has already.
    AlsoForm(&'static TextForm),
    /// A list without equal items.
    Unique,
    /// One of these texts, each with a word about it.
    Choice(&'static [(&'static str, &'static str)]),
    /// Any text; these are good ones.
    Examples(&'static [&'static str]),
    /// A number of at least so much.
    AtLeast(i64),
    /// A text or list that is not empty.
    NotEmpty,
    /// A text of at most so many characters.
    Longest(i64),
    /// Null will do as well.
    OrNull,
    /// A number or boolean will do for a text, with a warning.
    OrScalar(&'static str),
    /// A number or boolean will do for the text under this key.
    OrScalarUnder(&'static str),
    /// A map whose values are so.
    EachValue(&'static Constraint),
    /// A map or record in which these keys are there.
    Require(&'static [&'static str]),
    /// A map or record in which these keys are not there, and why.
    Forbid(&'static [&'static str], &'static str),
    /// A map with no other keys than these.
    Entries(&'static [Entry]),
}

/// A key that a map may have.
#[derive(Debug)]
pub struct Entry {
    /// The key.
    pub key: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What its value may be.
    pub value: Constraint,
}

/// The part of a field's value that a constraint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// The items of a list.
    Items,
    /// The keys of a map.
    Keys,
    /// The values of a map.
    Values,
}

/// How fields of a record go together. A field counts as given as the reference counts it: texts that are not empty,
/// true booleans, everything else when it is there. Each comes with what to say when it does not hold.
#[derive(Clone, Debug)]
pub enum Together {
    /// At least one is given.
    AnyOf(&'static [&'static str], &'static str),
    /// No two are given.
    AtMostOne(&'static [&'static str], &'static str),
    /// Where the first is given, the others must be.
    Needs(&'static str, &'static [&'static str], &'static str),
    /// Where the first is given, at least one of the others must be.
    NeedsOneOf(&'static str, &'static [&'static str], &'static str),
    /// Where the first is given, none of the others is.
    Excludes(&'static str, &'static [&'static str], &'static str),
    /// Where the first is given and the second is not, none of the others is.
    ExcludesUnless(&'static str, &'static str, &'static [&'static str], &'static str),
    /// Where the first has this value, the other has one of those.
    Choice(&'static str, &'static str, &'static str, &'static [&'static str], &'static str),
    /// Where the first is given, the other's value is so.
    Within(&'static str, &'static str, Constraint),
    /// Where the first is not given, the other's value is so.
    WithinUnless(&'static str, &'static str, Constraint),
    /// It is not given.
    Forbids(&'static str, &'static str),
}

impl Together {
    /// The fields that it is about.
    pub fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::AnyOf(fields, _) | Self::AtMostOne(fields, _) => fields.to_vec(),
            Self::Needs(field, others, _) | Self::NeedsOneOf(field, others, _) | Self::Excludes(field, others, _) => {
                [&[*field], *others].concat()
            }
            Self::ExcludesUnless(field, exception, others, _) => [&[*field, *exception], *others].concat(),
            Self::Choice(field, _, other, ..) | Self::Within(field, other, _) | Self::WithinUnless(field, other, _) => {
                vec![field, other]
            }
            Self::Forbids(field, _) => vec![field],
        }
    }
}

/// The rules of one record.
#[derive(Debug, Default)]
pub struct RecordRules {
    /// Fields that must be there, and not be empty.
    pub required: Vec<&'static str>,
    /// Fields that must be there, perhaps empty.
    pub present: Vec<&'static str>,
    /// What the values of fields may be.
    pub fields: BTreeMap<&'static str, Vec<(Part, Constraint)>>,
    /// How fields go together.
    pub together: Vec<Together>,
    /// Null will do as well: a file without content.
    pub blank: bool,
    /// Fields that are known to be spelt in another way, too.
    pub spellings: Vec<(&'static str, &'static str)>,
}

impl RecordRules {
    /// These fields must be there, and not be empty.
    pub fn require(&mut self, fields: &[&'static str]) -> &mut Self {
        self.required.extend(fields);
        self
    }

    /// These fields must be there, even if empty.
    pub fn keep(&mut self, fields: &[&'static str]) -> &mut Self {
        self.present.extend(fields);
        self
    }

    /// The values of these fields are more than their type says.
    pub fn each(&mut self, fields: &[&'static str], constraint: Constraint) -> &mut Self {
        for field in fields {
            self.part(field, Part::Whole, constraint);
        }
        self
    }

    /// The value of this field is more than its type says.
    pub fn field(&mut self, field: &'static str, constraint: Constraint) -> &mut Self {
        self.part(field, Part::Whole, constraint)
    }

    /// The items of this list are more than their type says.
    pub fn items(&mut self, field: &'static str, constraint: Constraint) -> &mut Self {
        self.part(field, Part::Items, constraint)
    }

    /// The keys of this map are more than texts.
    pub fn keys(&mut self, field: &'static str, constraint: Constraint) -> &mut Self {
        self.part(field, Part::Keys, constraint)
    }

    /// The values of this map are more than their type says.
    pub fn values(&mut self, field: &'static str, constraint: Constraint) -> &mut Self {
        self.part(field, Part::Values, constraint)
    }

    fn part(&mut self, field: &'static str, part: Part, constraint: Constraint) -> &mut Self {
        self.fields.entry(field).or_default().push((part, constraint));
        self
    }

    /// Where the first field is given, the other's value is more than its type says.
    pub fn within(&mut self, field: &'static str, other: &'static str, constraint: Constraint) -> &mut Self {
        self.together.push(Together::Within(field, other, constraint));
        self
    }

    /// Where the first field is not given, the other's value is more than its type says.
    pub fn within_unless(&mut self, field: &'static str, other: &'static str, constraint: Constraint) -> &mut Self {
        self.together.push(Together::WithinUnless(field, other, constraint));
        self
    }

    /// At least one of these fields is given.
    pub fn any_of(&mut self, fields: &'static [&'static str], message: &'static str) -> &mut Self {
        self.together.push(Together::AnyOf(fields, message));
        self
    }

    /// No two of these fields are given.
    pub fn at_most_one(&mut self, fields: &'static [&'static str], message: &'static str) -> &mut Self {
        self.together.push(Together::AtMostOne(fields, message));
        self
    }

    /// Exactly one of these fields is given.
    pub fn one_of(&mut self, fields: &'static [&'static str], message: &'static str) -> &mut Self {
        self.any_of(fields, message).at_most_one(fields, message)
    }

    /// A field is of use only with all of the others.
    pub fn needs(&mut self, field: &'static str, others: &'static [&'static str], message: &'static str) -> &mut Self {
        self.together.push(Together::Needs(field, others, message));
        self
    }

    /// A field is of use only with one of the others.
    pub fn needs_one_of(
        &mut self,
        field: &'static str,
        others: &'static [&'static str],
        message: &'static str,
    ) -> &mut Self {
        self.together.push(Together::NeedsOneOf(field, others, message));
        self
    }

    /// A field does not go with any of the others.
    pub fn excludes(
        &mut self,
        field: &'static str,
        others: &'static [&'static str],
        message: &'static str,
    ) -> &mut Self {
        self.together.push(Together::Excludes(field, others, message));
        self
    }

    /// A field does not go with any of the others, unless the exception is given.
    pub fn excludes_unless(
        &mut self,
        field: &'static str,
        exception: &'static str,
        others: &'static [&'static str],
        message: &'static str,
    ) -> &mut Self {
        self.together.push(Together::ExcludesUnless(field, exception, others, message));
        self
    }

    /// A field with this value leaves another these.
    pub fn choice(
        &mut self,
        (field, value): (&'static str, &'static str),
        other: &'static str,
        choices: &'static [&'static str],
        message: &'static str,
    ) -> &mut Self {
        self.together.push(Together::Choice(field, value, other, choices, message));
        self
    }

    /// A field is not for people to set.
    pub fn forbid(&mut self, field: &'static str, message: &'static str) -> &mut Self {
        self.together.push(Together::Forbids(field, message));
        self
    }

    /// No fields of this type but these are for people to set.
    pub fn forbid_others(&mut self, kind: Type, allowed: &[&str], message: &'static str) -> &mut Self {
        if let Type::Record(record) = kind {
            let keys = record.fields.iter().filter_map(|field| field.key);
            for key in keys.filter(|key| !allowed.contains(key)) {
                self.forbid(key, message);
            }
        }
        self
    }

    /// The file may be empty.
    pub fn or_blank(&mut self) -> &mut Self {
        self.blank = true;
        self
    }

    /// A field is spelt in another way somewhere. Keys are read without regard to case; schemas take only the spelling
    /// that is written, but for these.
    pub fn also_spelt(&mut self, field: &'static str, spelling: &'static str) -> &mut Self {
        self.spellings.push((field, spelling));
        self
    }
}

/// The rules of all records.
#[derive(Debug, Default)]
pub struct Rules(BTreeMap<&'static str, RecordRules>);

impl Rules {
    /// The rules of a record, to be added to.
    pub fn of(&mut self, record: &'static str) -> &mut RecordRules {
        self.0.entry(record).or_default()
    }

    /// The rules of a record, if it has any.
    pub fn get(&self, record: &str) -> Option<&RecordRules> {
        self.0.get(record)
    }

    /// All records with rules.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &RecordRules)> {
        self.0.iter().map(|(name, rules)| (*name, rules))
    }
}
