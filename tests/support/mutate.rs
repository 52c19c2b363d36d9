//! What may be written in place of the value at a line and column of a YAML text.
//!
//! The tree knows where a node begins; where it ends follows from how it is written. [`at`] gives texts in which exactly
//! what begins at a place is another: the value replaced, its entry or item removed, its key renamed, or (where something
//! is missing there) a field added. The document as a whole is never replaced: that proves nothing.

use cutwater::yaml::parse::parse;
use cutwater::yaml::tree::{Kind, Node, Style};

/// What is written instead of a value. Rules want different things, so there is something for each.
const VALUES: &[&str] = &[
    "changed",
    "''",
    "null",
    "3",
    "true",
    "false",
    "{}",
    "[]",
    "'4.12'",
    "'1'",
    "a",
    "build01",
    "1h",
    "'@daily'",
    "/changed",
    "[changed]",
    "{changed: changed}",
    "changed/changed",
    "{limits: {cpu: '1'}}",
    "{ref: changed}",
    "{as: changed, commands: changed, from: src, resources: {limits: {cpu: '1'}}}",
];

/// What is written as the value of a field that is added.
const ADDED: &[&str] = &[
    "changed",
    "true",
    "1h",
    "3",
    "[changed]",
    "{}",
    "'*'",
    "{changed: changed}",
    "{limits: {cpu: '1'}}",
    "{'*': {limits: {cpu: '1'}}}",
    "{name: changed, namespace: changed, tag: changed}",
    "{lower: changed, upper: changed}",
    "'4.12'",
    "{from: src}",
    "{items: [{to: changed}]}",
    "[{as: changed, commands: changed, container: {from: src}}]",
    "{project_image: {dockerfile_path: changed}}",
    "{build01: [changed]}",
];

/// How a node hangs in its parent.
#[derive(Clone, Copy)]
enum Place<'a, 't> {
    Root,
    Key { mapping: Node<'a, 't>, number: usize },
    Value,
    Item { sequence: Node<'a, 't>, number: usize },
}

/// Byte offset of a line and column, both from one; nothing where the text does not reach so far.
pub fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?.split('\n').next()?;
    let is_there = line <= text.split_inclusive('\n').count();
    let within = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(column.checked_sub(1)?)?;
    is_there.then_some(start + within)
}

/// The texts that have something else at a byte offset; `words` are some more values to try.
pub fn at(text: &str, offset: usize, words: &[&str]) -> Vec<String> {
    let Ok(tree) = parse(text) else { return unreadable(text, offset) };
    let Some(root) = tree.root() else { return Vec::new() };
    let mut found = Vec::new();
    find(root, Place::Root, offset, &mut found);
    let mut texts = Vec::new();
    for (node, place) in found.into_iter().rev() {
        changes(text, node, place, words, &mut texts);
    }
    texts.retain(|changed| changed != text);
    texts
}

/// The texts that have one field more at a byte offset, in the mapping that begins there or that is under the key there;
/// `words` are names of fields that may be missing.
pub fn with_more(text: &str, offset: usize, words: &[&str]) -> Vec<String> {
    let Ok(tree) = parse(text) else { return Vec::new() };
    let Some(root) = tree.root() else { return fields(words).map(|entry| entry + "\n").collect() };
    let mut found = Vec::new();
    find(root, Place::Root, offset, &mut found);
    let mut texts = Vec::new();
    for (node, place) in found {
        additions(text, node, place, words, &mut texts);
    }
    texts
}

/// Whether it is a key at a byte offset that makes what `is_right` looks for, not its value: it goes with another key.
pub fn is_about_key(text: &str, offset: usize, is_right: impl Fn(String) -> bool) -> bool {
    let Ok(tree) = parse(text) else { return false };
    let mut found = Vec::new();
    if let Some(root) = tree.root() {
        find(root, Place::Root, offset, &mut found);
    }
    let keys = found.iter().filter(|(_, place)| matches!(place, Place::Key { .. }));
    keys.map(|(key, _)| replaced(text, key.offset(), end(text, *key), "changed")).any(is_right)
}

/// The scalars within the list or mapping at a byte offset, or under the key there: each with texts that have something
/// else in its place.
pub fn within(text: &str, offset: usize) -> Vec<(usize, Vec<String>)> {
    let Ok(tree) = parse(text) else { return Vec::new() };
    let Some(root) = tree.root() else { return Vec::new() };
    let mut found = Vec::new();
    find(root, Place::Root, offset, &mut found);
    let outer = match found.as_slice() {
        [(_, Place::Root), ..] | [] => return Vec::new(),
        [(_, Place::Key { mapping, number }), ..] => mapping.entries().nth(*number).map(|(_, value)| value),
        [(node, _), ..] => Some(*node),
    };
    let mut scalars = Vec::new();
    if let Some(outer) = outer.filter(|node| node.kind() != Kind::Scalar) {
        leaves(text, outer, &mut scalars);
    }
    scalars
}

fn leaves(text: &str, node: Node<'_, '_>, scalars: &mut Vec<(usize, Vec<String>)>) {
    let values = node.items().chain(node.entries().map(|(_, value)| value));
    for (number, value) in values.enumerate() {
        match value.kind() {
            // What has no text has its key's place.
            Kind::Scalar if value.text().is_empty() => {}
            Kind::Scalar => {
                let replace = |with| replaced(text, value.offset(), end(text, value), with);
                let mut texts = ["changed", "''", "null"].map(replace).to_vec();
                match node.kind() {
                    // Without its only item or entry the whole is another.
                    _ if node.indices().len() <= 3 => {}
                    Kind::Sequence => texts.push(without_item(text, node, number)),
                    _ => texts.push(without_entry(text, node, number)),
                }
                scalars.push((value.offset(), texts));
            }
            _ => leaves(text, value, scalars),
        }
    }
}

/// The nodes that begin at an offset, outer ones first.
fn find<'a, 't>(
    node: Node<'a, 't>,
    place: Place<'a, 't>,
    offset: usize,
    found: &mut Vec<(Node<'a, 't>, Place<'a, 't>)>,
) {
    if node.offset() == offset {
        found.push((node, place));
    }
    for (number, item) in node.items().enumerate() {
        find(item, Place::Item { sequence: node, number }, offset, found);
    }
    for (number, (key, value)) in node.entries().enumerate() {
        find(key, Place::Key { mapping: node, number }, offset, found);
        find(value, Place::Value, offset, found);
    }
}

fn changes(text: &str, node: Node<'_, '_>, place: Place<'_, '_>, words: &[&str], texts: &mut Vec<String>) {
    match place {
        // A document that is no mapping is what is wrong with it.
        Place::Root if node.kind() == Kind::Mapping => {}
        Place::Root => replacements(text, node, words, texts),
        Place::Value => {
            replacements(text, node, words, texts);
        }
        Place::Item { sequence, number } => {
            replacements(text, node, words, texts);
            texts.push(without_item(text, sequence, number));
        }
        Place::Key { mapping, number } => {
            texts.push(replaced(text, node.offset(), end(text, node), "changed"));
            texts.push(without_entry(text, mapping, number));
            if let Some((_, value)) = mapping.entries().nth(number) {
                replacements(text, value, words, texts);
            }
        }
    }
}

fn replacements(text: &str, node: Node<'_, '_>, words: &[&str], texts: &mut Vec<String>) {
    let (start, end) = (node.offset(), end(text, node));
    // A value that is not there has no place of its own.
    let space = if start == end && !text[..start].ends_with(' ') { " " } else { "" };
    let values = VALUES.iter().chain(words);
    texts.extend(values.map(|value| replaced(text, start, end, &format!("{space}{value}"))));
}

fn replaced(text: &str, start: usize, end: usize, with: &str) -> String {
    format!("{}{with}{}", &text[..start], &text[end..])
}

fn without_item(text: &str, sequence: Node<'_, '_>, number: usize) -> String {
    let items: Vec<_> = sequence.items().collect();
    let item = items[number];
    match items.get(number + 1) {
        Some(next) => replaced(text, item.offset(), next.offset(), ""),
        None if number == 0 => replaced(text, sequence.offset(), end(text, sequence), "[]"),
        None if is_flow(text, sequence) => replaced(text, item.offset(), end(text, item), ""),
        None => {
            let dash = text[..item.offset()].rfind('-').unwrap();
            replaced(text, dash, end(text, item), "")
        }
    }
}

fn without_entry(text: &str, mapping: Node<'_, '_>, number: usize) -> String {
    let entries: Vec<_> = mapping.entries().collect();
    let (key, value) = entries[number];
    match entries.get(number + 1) {
        Some((next, _)) => replaced(text, key.offset(), next.offset(), ""),
        None if number == 0 => {
            replaced(text, key.offset(), end(text, value), if is_flow(text, mapping) { "" } else { "{}" })
        }
        None => replaced(text, key.offset(), end(text, value), ""),
    }
}

/// Adds fields to a mapping that begins here, or that is the value of the key here.
fn additions(text: &str, node: Node<'_, '_>, place: Place<'_, '_>, words: &[&str], texts: &mut Vec<String>) {
    let mapping = match place {
        Place::Key { mapping, number } => mapping.entries().nth(number).map_or(node, |(_, value)| value),
        _ => node,
    };
    let (start, end) = (mapping.offset(), end(text, mapping));
    let has = |word: &str| mapping.entries().any(|(key, _)| **key.text() == *word);
    let is_null = mapping.kind() == Kind::Scalar && matches!(&**mapping.text(), "" | "~" | "null");
    let missing: Vec<&str> = words.iter().copied().filter(|word| !has(word)).collect();
    for entry in fields(&missing) {
        texts.push(match mapping.kind() {
            Kind::Mapping if is_flow(text, mapping) => replaced(text, start + 1, start + 1, &format!("{entry}, ")),
            Kind::Mapping => {
                let indent = " ".repeat(column(text, start));
                replaced(text, start, start, &format!("{entry}\n{indent}"))
            }
            _ if is_null => replaced(text, start, end, &format!(" {{{entry}}}")),
            _ => return,
        });
    }
}

fn fields(words: &[&str]) -> impl Iterator<Item = String> {
    let all = |values: &'static [&str]| {
        words.iter().flat_map(move |word| values.iter().map(move |value| format!("{word}: {value}")))
    };
    let of_words = words.iter().flat_map(|word| words.iter().map(move |value| format!("{word}: {value}")));
    all(ADDED).chain(of_words)
}

fn column(text: &str, offset: usize) -> usize {
    offset - text[..offset].rfind('\n').map_or(0, |newline| newline + 1)
}

fn is_flow(text: &str, node: Node<'_, '_>) -> bool {
    text[node.offset()..].starts_with(['{', '['])
}

/// Byte offset after the last character of a node.
fn end(text: &str, node: Node<'_, '_>) -> usize {
    let start = node.offset();
    let rest = &text[start..];
    let length = match (node.kind(), node.style()) {
        (Kind::Scalar, Style::SingleQuoted) => quoted(rest, '\''),
        (Kind::Scalar, Style::DoubleQuoted) => quoted(rest, '"'),
        (Kind::Scalar, Style::Plain) if rest.starts_with(&**node.text()) => node.text().len(),
        (Kind::Scalar, _) => lines(rest, above(text, start), false),
        (Kind::Alias, _) => rest.find([' ', ',', '\n', '}', ']']).unwrap_or(rest.len()),
        _ if is_flow(text, node) => bracketed(rest),
        (kind, _) => {
            // One less, as a line at the very column still belongs to the container.
            let column = column(text, start);
            match column.checked_sub(1) {
                Some(outer) => lines(rest, outer, kind == Kind::Sequence),
                None => rest.len(),
            }
        }
    };
    start + rest[..length].trim_end().len()
}

/// Length of a first line and those below it that are indented by more than `outer`. In a sequence those only that go on
/// with it: what is indented as deep as its dashes comes after it otherwise.
fn lines(rest: &str, outer: usize, is_sequence: bool) -> usize {
    let mut length = 0;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        let inner = line.trim_start_matches(' ');
        let indent = line.len() - inner.len();
        let is_next = is_sequence && indent == outer + 1 && !inner.starts_with("- ") && inner.trim_end() != "-";
        if number > 0 && !inner.trim().is_empty() && (indent <= outer || is_next) {
            break;
        }
        length += line.len();
    }
    length
}

/// How deep the parent of the scalar at an offset is indented, whose text goes on below it.
fn above(text: &str, offset: usize) -> usize {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..offset];
    let mut key = line.len() - line.trim_start_matches(' ').len();
    let mut dash = key;
    while line[key..].starts_with("- ") {
        dash = key;
        key += line[key..].len() - line[key + 1..].trim_start_matches(' ').len();
    }
    if key >= line.len() { dash } else { key }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if quote == '"' => _ = characters.next(),
            _ if character == quote && quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                _ = characters.next();
            }
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn bracketed(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(character) = rest[at..].chars().next() {
        let is_value = rest[..at].trim_end().ends_with([',', '[', '{', ':']);
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            '\'' | '"' if is_value => {
                at += quoted(&rest[at..], character);
                continue;
            }
            _ => {}
        }
        at += character.len_utf8();
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// Texts with another string at a place of a settings file.
pub fn in_settings(text: &str, offset: usize) -> Vec<String> {
    let end = offset + quoted(&text[offset..], '"');
    ["\"error\"", "\"missing-owners\""].map(|value| replaced(text, offset, end, value)).to_vec()
}

/// Of a text that is no YAML, or of what is no value in it: without the rest of the line, without the line, without the
/// character.
pub fn unreadable(text: &str, offset: usize) -> Vec<String> {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
    let character = text[offset..].chars().next().map_or(0, char::len_utf8);
    let mut texts = vec![replaced(text, offset, line_end, ""), replaced(text, start, line_end, "")];
    texts.push(replaced(text, offset, offset + character, ""));
    texts.push(replaced(text, offset, line_end, "changed"));
    texts
}
