//! A template as a tree: parts, pipes of commands, terms.

use std::collections::BTreeMap;

/// A template with those it defines.
#[derive(Debug, Default)]
pub struct Template {
    /// What is filled in.
    pub body: Vec<Node>,
    /// What `template` calls, by name.
    pub defined: BTreeMap<String, Vec<Node>>,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub enum Node {
    /// A value that is written.
    Action(Pipe),
    /// `if`, with its `else`.
    If(Pipe, Vec<Node>, Vec<Node>),
    /// `with`, with its `else`.
    With(Pipe, Vec<Node>, Vec<Node>),
    /// `range`, with its `else` alone: in a job with nothing set there is nothing to go through.
    Range(Pipe, Vec<Node>),
    /// `template`.
    Call(String, Option<Pipe>),
    /// `break` or `continue`.
    Leave,
}

/// Commands, each with the result of the one before as its last argument.
#[derive(Clone, Debug, Default)]
pub struct Pipe {
    /// Variables that get the result.
    pub variables: Vec<String>,
    /// They are there already.
    pub assigns: bool,
    /// In order; at least one.
    pub commands: Vec<Vec<Term>>,
}

/// A value, and fields to go down from it.
#[derive(Clone, Debug)]
pub struct Term {
    /// Where it begins.
    pub base: Base,
    /// Names of fields, methods or keys.
    pub fields: Vec<String>,
}

/// Where a term begins.
#[derive(Clone, Debug)]
pub enum Base {
    /// The data, with fields of it.
    Dot,
    /// `nil`.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A number, and whether it is whole.
    Number(f64, bool),
    /// Text.
    Text(String),
    /// A variable.
    Variable(String),
    /// A function.
    Function(String),
    /// A pipe in parentheses.
    Pipe(Box<Pipe>),
}
