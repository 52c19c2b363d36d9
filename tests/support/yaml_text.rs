//! YAML texts and values to try things on: values of all kinds, what is written of them, and texts that somebody has
//! been at with small changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cutwater::yaml::codec::write;
use cutwater::yaml::value::Value;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

/// So many cases, the same in every run, unless `PROPTEST_CASES` and `PROPTEST_RNG_SEED` say otherwise.
pub fn cases(count: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let is_asked = std::env::var_os("PROPTEST_CASES").is_some();
    let rng_seed = if given.rng_seed == RngSeed::Random && !is_asked { RngSeed::Fixed(2026) } else { given.rng_seed };
    let cases = if is_asked { given.cases } else { count };
    ProptestConfig { cases, rng_seed, failure_persistence: None, max_shrink_iters: 2000, ..given }
}

/// Pieces of text that mean something to YAML.
const PIECES: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    ":",
    ": ",
    "- ",
    "-",
    "? ",
    "?",
    ",",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    "#",
    " #",
    "&a ",
    "*a",
    "!",
    "!!str ",
    "!t ",
    "|",
    ">",
    "|\n",
    ">-\n",
    "|+\n",
    "|2\n",
    "'",
    "\"",
    "''",
    "\\",
    "\\n",
    "\\x41",
    "%",
    "@",
    "`",
    "---",
    "---\n",
    "...\n",
    "--- ",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
    "é",
    "🎉",
    "a",
    "b",
    "a: b",
    "k:\n",
    "\n- ",
    "\n  ",
    "<<: *a\n",
    "~",
    "null",
    "yes",
    "1",
    "1.5",
    ".inf",
    "0x1F",
    "1_0",
    "2001-01-01",
    "12:30",
    "\u{feff}",
    "\u{1}",
    "\u{7f}",
    "=",
    "!!binary ",
    "!!float ",
    "%YAML 1.1\n",
    "name",
    "word word word",
];

/// Characters that the writer has to think about, and some it has not. Breaks other than the newline are not among
/// them: the reference writes those so that they do not read back.
const CHARACTERS: &[char] = &[
    'a', 'b', 'Z', '0', '1', '9', ' ', ' ', '\n', '\t', '-', '.', ':', '#', '\'', '"', '\\', '{', '}', '[', ']', ',',
    '&', '*', '!', '|', '>', '%', '@', '`', '?', '~', '=', '<', '_', '+', 'e', 'x', 'é', 'ﬀ', '日', '😀', '\u{a0}',
    '\0', '\u{7}', '\u{1b}', '\r',
];

/// Words that are something else when they stand plain.
const WORDS: &[&str] = &[
    "yes",
    "No",
    "on",
    "true",
    "null",
    "~",
    ".inf",
    ".nan",
    "0x1F",
    "0o17",
    "017",
    "1_000",
    "4.10",
    "1e3",
    "12:30",
    "2001-01-01",
    "<<",
    "---",
    "...",
    "- a",
    "a: b",
    "# a",
    "word",
    "",
];

/// Text as a program holds it.
pub fn held_text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(WORDS).prop_map(str::to_owned),
        "[a-z0-9./_-]{1,12}",
        vec(select(CHARACTERS), 0..12).prop_map(String::from_iter),
        vec("[a-z',:\"#]{1,9}", 8..40).prop_map(|words| words.join(" ")),
        vec("[a-z '\"\t]{0,30}", 1..6).prop_map(|lines| lines.join("\n")),
    ]
}

/// A key. `<<` is written as it stands, and would merge something when it is read; the reference has it so.
fn key() -> impl Strategy<Value = String> {
    held_text().prop_filter("no merge", |text| text != "<<")
}

fn number() -> impl Strategy<Value = Value> {
    let whole = (-(1_i64 << 53)..1 << 53).prop_map(Value::Int);
    let fraction = any::<f64>().prop_filter_map("a float", |number| {
        (number.is_finite() && (number.fract() != 0.0 || number.abs() >= 1e21)).then_some(Value::Float(number))
    });
    prop_oneof![whole, fraction]
}

/// A value of any kind, as reading would give it.
pub fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => number(),
        6 => held_text().prop_map(Value::Text),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Value::List), btree_map(key(), inner, 0..6).prop_map(Value::Map),]
    })
}

/// Canonical text.
pub fn canonical() -> impl Strategy<Value = String> {
    btree_map("[a-z]{1,3}", value(), 1..5)
        .prop_filter_map("can be written", |entries: BTreeMap<_, _>| write(&Value::Map(entries), 0).ok())
}

/// A small change to a text: a piece put in, characters taken out, a line doubled or moved sideways.
#[derive(Clone, Debug)]
pub enum Change {
    Insert(Index, &'static str),
    Remove(Index, usize),
    Double(Index),
    Indent(Index, usize),
    Outdent(Index, usize),
}

pub fn changes(count: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Change>> {
    let place = any::<Index>;
    vec(
        prop_oneof![
            4 => (place(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
            2 => (place(), 1..6_usize).prop_map(|(at, count)| Change::Remove(at, count)),
            1 => place().prop_map(Change::Double),
            1 => (place(), 1..4_usize).prop_map(|(at, count)| Change::Indent(at, count)),
            1 => (place(), 1..4_usize).prop_map(|(at, count)| Change::Outdent(at, count)),
        ],
        count,
    )
}

/// The text after the changes.
pub fn changed(text: &str, changes: &[Change]) -> String {
    changes.iter().fold(text.to_owned(), |text, change| match change {
        Change::Insert(at, piece) => {
            let at = boundary(&text, at.index(text.len() + 1));
            format!("{}{piece}{}", &text[..at], &text[at..])
        }
        Change::Remove(at, count) => {
            let at = boundary(&text, at.index(text.len() + 1));
            let rest = text[at..].char_indices().nth(*count).map_or("", |(count, _)| &text[at + count..]);
            format!("{}{rest}", &text[..at])
        }
        Change::Double(at) => at_line(&text, at, |line| vec![line.to_owned(), line.to_owned()]),
        Change::Indent(at, count) => at_line(&text, at, |line| vec![format!("{}{line}", " ".repeat(*count))]),
        Change::Outdent(at, count) => at_line(&text, at, |line| {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            vec![line[spaces.min(*count)..].to_owned()]
        }),
    })
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn at_line(text: &str, at: &Index, change: impl Fn(&str) -> Vec<String>) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let chosen = at.index(lines.len());
    let changed = |(number, line): (usize, &&str)| match number == chosen {
        true => change(line),
        false => vec![(*line).to_owned()],
    };
    lines.iter().enumerate().flat_map(changed).collect::<Vec<_>>().join("\n")
}

/// Nothing but pieces.
pub fn pieces() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..20).prop_map(|pieces| pieces.concat())
}

/// The YAML files of the sample repository and the other cases whose path has `part` in it.
pub fn samples(part: &str) -> Vec<String> {
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata"), &mut files);
    files.sort();
    let of_part = files.iter().filter(|path| path.to_string_lossy().contains(part));
    let texts: Vec<String> = of_part.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    assert!(!texts.is_empty(), "testdata has no YAML file with {part} in its path");
    texts
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("testdata can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
}
