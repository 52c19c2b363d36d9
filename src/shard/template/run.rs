//! Fills a template in with a job that has nothing set, to see whether Go could.
//!
//! What is known to fail there fails here, with its words. What is not looked into (the results of methods, text that was
//! put together) is [`Value::Unknown`], with which everything goes well.

use super::job::Part;
use super::tree::{Base, Node, Pipe, Template, Term};

/// Templates may call each other this deep.
const MOST_CALLS: usize = 100;
/// And take this many steps in all.
const MOST_STEPS: usize = 100_000;

/// A value in a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A struct of the job.
    Part(Part),
    /// A pointer to nothing.
    Pointer,
    /// A list without items.
    List,
    /// A map without entries.
    Map,
    /// Text.
    Text(String),
    /// Text that is not looked into.
    AnyText,
    /// A number, and whether it is whole.
    Number(f64, bool),
    /// A truth value.
    Bool(bool),
    /// Nothing of no type: what is under a key that is not there.
    Nothing,
    /// Something that is not looked into.
    Unknown,
}

/// Fills in a template.
pub fn run(template: &Template) -> Result<(), String> {
    let mut run = Run { template, variables: vec![("$".into(), Value::Part(Part::Job))], calls: 0, steps: 0 };
    run.list(&template.body, &Value::Part(Part::Job))
}

struct Run<'t> {
    template: &'t Template,
    variables: Vec<(String, Value)>,
    calls: usize,
    steps: usize,
}

impl Run<'_> {
    fn list(&mut self, nodes: &[Node], dot: &Value) -> Result<(), String> {
        nodes.iter().try_for_each(|node| self.node(node, dot))
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Result<(), String> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err("the template takes too many steps".into());
        }
        match node {
            Node::Action(pipe) => self.pipe(pipe, dot).map(drop),
            Node::Leave => Ok(()),
            Node::If(pipe, list, otherwise) => self.branch(pipe, list, otherwise, dot, false),
            Node::With(pipe, list, otherwise) => self.branch(pipe, list, otherwise, dot, true),
            Node::Range(pipe, otherwise) => {
                let variables = self.variables.len();
                let result = match self.pipe(pipe, dot)? {
                    Value::List | Value::Map | Value::Nothing => self.list(otherwise, dot),
                    Value::Number(count, true) if count <= 0.0 => self.list(otherwise, dot),
                    Value::Unknown | Value::Number(_, true) => Ok(()),
                    other => Err(format!("range can't iterate over {}", shown(&other))),
                };
                self.variables.truncate(variables);
                result
            }
            Node::Call(name, pipe) => self.call(name, pipe.as_ref(), dot),
        }
    }

    fn branch(
        &mut self,
        pipe: &Pipe,
        list: &[Node],
        otherwise: &[Node],
        dot: &Value,
        is_with: bool,
    ) -> Result<(), String> {
        let variables = self.variables.len();
        let value = self.pipe(pipe, dot)?;
        let result = match truth(&value) {
            Some(true) => self.list(list, if is_with { &value } else { dot }),
            Some(false) => self.list(otherwise, dot),
            None => Ok(()),
        };
        self.variables.truncate(variables);
        result
    }

    fn call(&mut self, name: &str, pipe: Option<&Pipe>, dot: &Value) -> Result<(), String> {
        let Some(body) = self.template.defined.get(name) else { return Err(format!("template {name:?} not defined")) };
        let data = match pipe {
            Some(pipe) => self.pipe(pipe, dot)?,
            None => Value::Nothing,
        };
        if self.calls >= MOST_CALLS {
            return Err("exceeded maximum template depth".into());
        }
        self.calls += 1;
        let outer = std::mem::replace(&mut self.variables, vec![("$".into(), data.clone())]);
        let result = self.list(body, &data);
        self.variables = outer;
        self.calls -= 1;
        result
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Value) -> Result<Value, String> {
        let mut value = None;
        for command in &pipe.commands {
            value = Some(self.command(command, value, dot)?);
        }
        let value = value.unwrap_or(Value::Nothing);
        for name in &pipe.variables {
            let there = self.variables.iter_mut().rev().find(|(other, _)| other == name).filter(|_| pipe.assigns);
            match there {
                Some(variable) => variable.1 = value.clone(),
                None if pipe.assigns => return Err(format!("undefined variable: {name}")),
                None => self.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value)
    }

    fn command(&mut self, terms: &[Term], last: Option<Value>, dot: &Value) -> Result<Value, String> {
        let Some((first, arguments)) = terms.split_first() else { return Ok(Value::Nothing) };
        if let Base::Function(name) = &first.base {
            let value = self.function(name, arguments, last, dot)?;
            return fields(value, &first.fields, 0);
        }
        if matches!(first.base, Base::Nil) {
            return Err("nil is not a command".into());
        }
        let extra: Vec<Value> = self.values(arguments, dot)?.into_iter().chain(last).collect();
        if !extra.is_empty() && first.fields.is_empty() {
            return Err(format!("can't give argument to non-function {}", name_of(first)));
        }
        let value = self.base(&first.base, dot)?;
        fields(value, &first.fields, extra.len())
    }

    fn values(&mut self, terms: &[Term], dot: &Value) -> Result<Vec<Value>, String> {
        terms.iter().map(|term| self.value(term, dot)).collect()
    }

    fn value(&mut self, term: &Term, dot: &Value) -> Result<Value, String> {
        let value = match &term.base {
            Base::Function(name) => self.function(name, &[], None, dot)?,
            base => self.base(base, dot)?,
        };
        fields(value, &term.fields, 0)
    }

    fn base(&mut self, base: &Base, dot: &Value) -> Result<Value, String> {
        Ok(match base {
            Base::Dot => dot.clone(),
            Base::Nil => Value::Nothing,
            Base::Bool(value) => Value::Bool(*value),
            Base::Number(value, whole) => Value::Number(*value, *whole),
            Base::Text(text) => Value::Text(text.clone()),
            Base::Variable(name) => {
                let found = self.variables.iter().rev().find(|(other, _)| other == name);
                found.map_or(Value::Unknown, |(_, value)| value.clone())
            }
            Base::Function(_) => Value::Unknown,
            Base::Pipe(pipe) => self.pipe(pipe, dot)?,
        })
    }

    fn function(&mut self, name: &str, terms: &[Term], last: Option<Value>, dot: &Value) -> Result<Value, String> {
        let count = terms.len() + usize::from(last.is_some());
        let least = match name {
            "print" | "println" | "html" | "js" | "urlquery" => 0,
            "ge" | "gt" | "le" | "lt" | "ne" => 2,
            _ => 1,
        };
        let most = match name {
            "ge" | "gt" | "le" | "lt" | "ne" => 2,
            "len" | "not" => 1,
            "slice" => 4,
            _ => usize::MAX,
        };
        if count < least || count > most {
            return Err(format!("wrong number of args for {name}: want {least} got {count}"));
        }
        if matches!(name, "and" | "or") {
            // What decides is the last that is looked at.
            for (index, term) in terms.iter().enumerate() {
                let value = self.value(term, dot)?;
                let Some(truth) = truth(&value) else { return Ok(Value::Unknown) };
                if truth == (name == "or") || index + 1 == terms.len() && last.is_none() {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(Value::Unknown));
        }
        let values: Vec<Value> = self.values(terms, dot)?.into_iter().chain(last).collect();
        apply(name, &values)
    }
}

fn apply(name: &str, values: &[Value]) -> Result<Value, String> {
    match (name, values) {
        ("not", [value]) => Ok(truth(value).map_or(Value::Unknown, |truth| Value::Bool(!truth))),
        ("len", [value]) => match value {
            Value::Text(text) => Ok(Value::Number(text.len() as f64, true)),
            Value::List | Value::Map => Ok(Value::Number(0.0, true)),
            Value::Unknown | Value::AnyText => Ok(Value::Unknown),
            Value::Nothing | Value::Pointer => Err("error calling len: len of nil pointer".into()),
            other => Err(format!("error calling len: len of type {}", shown(other))),
        },
        ("index", [value, keys @ ..]) => index(value, keys),
        ("slice", [value, bounds @ ..]) => slice(value, bounds),
        ("printf", [format, ..]) if !matches!(format, Value::Text(_) | Value::AnyText | Value::Unknown) => {
            Err(format!("wrong type for value; expected string; got {}", shown(format)))
        }
        ("eq", [first, rest @ ..]) if !rest.is_empty() => equal(first, rest),
        ("eq", _) => Err("error calling eq: missing argument for comparison".into()),
        ("ne", [left, right]) => Ok(match equal(left, std::slice::from_ref(right))? {
            Value::Bool(same) => Value::Bool(!same),
            other => other,
        }),
        ("lt" | "le" | "gt" | "ge", [left, right]) => order(name, left, right),
        ("print" | "printf" | "println" | "html" | "js" | "urlquery", _) => Ok(Value::AnyText),
        ("call", [value, ..]) if *value != Value::Unknown => Err("error calling call: non-function".into()),
        _ => Ok(Value::Unknown),
    }
}

fn index(value: &Value, keys: &[Value]) -> Result<Value, String> {
    let Some(key) = keys.first() else { return Ok(value.clone()) };
    match (value, key) {
        (Value::Unknown, _) | (_, Value::Unknown) => Ok(Value::Unknown),
        (Value::List, Value::Number(at, true)) => Err(format!("error calling index: index out of range: {at}")),
        (Value::Text(text), Value::Number(at, true)) if *at < 0.0 || *at >= text.len() as f64 => {
            Err(format!("error calling index: index out of range: {at}"))
        }
        (Value::Text(_) | Value::AnyText, Value::Number(_, true)) => Ok(Value::Unknown),
        (Value::Map, Value::Text(_) | Value::AnyText) => Ok(Value::Text(String::new())),
        (Value::Nothing, _) => Err("error calling index: index of untyped nil".into()),
        (Value::Pointer, _) => Err("error calling index: index of nil pointer".into()),
        (Value::List | Value::Text(_) | Value::AnyText | Value::Map, key) => {
            Err(format!("error calling index: cannot index with type {}", shown(key)))
        }
        (other, _) => Err(format!("error calling index: can't index item of type {}", shown(other))),
    }
}

fn slice(value: &Value, bounds: &[Value]) -> Result<Value, String> {
    let length = match value {
        Value::Unknown | Value::AnyText => return Ok(Value::Unknown),
        Value::Text(text) => text.len() as f64,
        Value::List => 0.0,
        other => return Err(format!("error calling slice: can't slice item of type {}", shown(other))),
    };
    for bound in bounds {
        match bound {
            Value::Unknown => {}
            Value::Number(at, true) if (0.0..=length).contains(at) => {}
            Value::Number(at, true) => return Err(format!("error calling slice: index out of range: {at}")),
            other => return Err(format!("error calling slice: cannot index slice/array with type {}", shown(other))),
        }
    }
    Ok(if bounds.is_empty() { value.clone() } else { Value::Unknown })
}

fn equal(first: &Value, rest: &[Value]) -> Result<Value, String> {
    let mut same = false;
    for other in rest {
        same |= match (first, other) {
            (Value::Unknown, _) | (_, Value::Unknown) => return Ok(Value::Unknown),
            (Value::Part(_) | Value::List | Value::Map, Value::Part(_) | Value::List | Value::Map) => {
                return Ok(Value::Unknown);
            }
            (Value::Pointer | Value::Nothing, Value::Pointer | Value::Nothing) => true,
            (Value::Nothing, _) | (_, Value::Nothing) => false,
            (Value::Text(left), Value::Text(right)) => left == right,
            (Value::AnyText | Value::Text(_), Value::AnyText | Value::Text(_)) => return Ok(Value::Unknown),
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Number(left, kind), Value::Number(right, other)) if kind == other => left == right,
            _ => return Err("error calling eq: incompatible types for comparison".into()),
        };
    }
    Ok(Value::Bool(same))
}

fn order(name: &str, left: &Value, right: &Value) -> Result<Value, String> {
    let order = match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => return Ok(Value::Unknown),
        (Value::Text(left), Value::Text(right)) => left.partial_cmp(right),
        (Value::AnyText | Value::Text(_), Value::AnyText | Value::Text(_)) => return Ok(Value::Unknown),
        (Value::Number(left, kind), Value::Number(right, other)) if kind == other => left.partial_cmp(right),
        (Value::Text(_) | Value::AnyText | Value::Number(..), Value::Number(..) | Value::Text(_) | Value::AnyText) => {
            return Err(format!("error calling {name}: incompatible types for comparison"));
        }
        _ => return Err(format!("error calling {name}: invalid type for comparison")),
    };
    let Some(order) = order else { return Ok(Value::Unknown) };
    Ok(Value::Bool(match name {
        "lt" => order.is_lt(),
        "le" => order.is_le(),
        "gt" => order.is_gt(),
        _ => order.is_ge(),
    }))
}

/// Goes down the fields; `arguments` are for the last of them.
fn fields(mut value: Value, names: &[String], arguments: usize) -> Result<Value, String> {
    for (index, name) in names.iter().enumerate() {
        let arguments = if index + 1 == names.len() { arguments } else { 0 };
        value = match value {
            Value::Unknown => Value::Unknown,
            Value::Part(part) if part.method(name).is_some() => match part.method(name) {
                Some((wanted, _)) if wanted != arguments => {
                    return Err(format!("wrong number of args for {name}: want {wanted} got {arguments}"));
                }
                method => method.map_or(Value::Unknown, |(_, value)| value),
            },
            Value::Part(part) => match part.field(name) {
                Some(_) if arguments > 0 => {
                    return Err(format!("{name} has arguments but cannot be invoked as function"));
                }
                Some(value) => value,
                None => return Err(format!("can't evaluate field {name} in type v1.{}", part.name())),
            },
            Value::Map if arguments > 0 => return Err(format!("{name} is not a method but has arguments")),
            Value::Map | Value::Nothing => Value::Nothing,
            Value::Pointer => return Err(format!("nil pointer evaluating .{name}")),
            other => return Err(format!("can't evaluate field {name} in type {}", shown(&other))),
        };
    }
    Ok(value)
}

/// Whether a value counts as true.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Part(_) => Some(true),
        Value::Pointer | Value::List | Value::Map | Value::Nothing => Some(false),
        Value::Text(text) => Some(!text.is_empty()),
        Value::Number(number, _) => Some(*number != 0.0),
        Value::Bool(value) => Some(*value),
        Value::Unknown | Value::AnyText => None,
    }
}

fn shown(value: &Value) -> &'static str {
    match value {
        Value::Part(part) => part.name(),
        Value::Pointer => "nil pointer",
        Value::List => "list",
        Value::Map => "map",
        Value::Text(_) | Value::AnyText => "string",
        Value::Number(_, true) => "int",
        Value::Number(_, false) => "float64",
        Value::Bool(_) => "bool",
        Value::Nothing => "nil",
        Value::Unknown => "value",
    }
}

fn name_of(term: &Term) -> String {
    match &term.base {
        Base::Text(text) => format!("{text:?}"),
        Base::Number(number, _) => number.to_string(),
        Base::Bool(value) => value.to_string(),
        Base::Variable(name) => name.clone(),
        _ => ".".into(),
    }
}
