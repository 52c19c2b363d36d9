//! What holds of the YAML layer whatever the text: written values read back, writing settles, the short cut for canonical
//! text reads as the scanner does, a selection reads as it does in the whole, and nothing panics, overflows the stack or
//! takes more than its share of time.
//!
//! The cases are made by proptest, the same in every run. `PROPTEST_CASES=100000 cargo test --test yaml_properties` tries
//! others, as many; a failure is shown at its smallest, to be kept as a case of its own in `src/yaml`.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "support/yaml_text.rs"]
mod yaml_text;

use std::collections::BTreeMap;

use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::model::job::JobConfig;
use cutwater::yaml::codec::{Decode, Encode, Strictness, read, write};
use cutwater::yaml::parse::{Selection, parse, parse_any, parse_selected};
use cutwater::yaml::tree::{Node, Tree};
use cutwater::yaml::value::Value;
use proptest::prelude::*;
use proptest::sample::select;
use yaml_text::{canonical, cases, changed, changes, pieces, samples, value};

fn outline(tree: &Tree<'_>) -> Vec<String> {
    let line = |node: Node<'_, '_>| {
        let (kind, style, text) = (node.kind(), node.style(), node.text());
        let end = node.items().chain(node.entries().map(|(key, _)| key)).count();
        format!("{kind:?} {style:?} at {} tag {:?} children {end} {text:?}", node.offset(), node.tag())
    };
    (0..tree.len()).filter_map(|index| tree.node(index as u32)).map(line).collect()
}

/// Where the short cut has an answer, it is the scanner's.
fn reads_alike(text: &str) -> Result<(), TestCaseError> {
    let short = parse(text).map(|tree| outline(&tree));
    let long = parse_any(text).map(|tree| outline(&tree));
    prop_assert_eq!(short, long, "{:?}", text);
    Ok(())
}

/// Reads a text as a type and writes it, in all ways; whatever comes of it, nothing panics, and places are in the text.
fn survives<T: Decode + Encode>(text: &str) -> Result<Option<String>, TestCaseError> {
    let tree = match parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            prop_assert!(text.is_char_boundary(error.offset), "{:?} of {:?}", error, text);
            return Ok(None);
        }
    };
    for strictness in [Strictness::Strict, Strictness::Outline] {
        if let Err(problems) = read::<T>(&tree, strictness) {
            prop_assert!(problems.iter().all(|problem| text.is_char_boundary(problem.offset)), "{:?}", text);
        }
    }
    Ok(read::<T>(&tree, Strictness::Lenient).ok().and_then(|value| write(&value, 0).ok()))
}

/// What was written can be read, and is the same once it was read and written once more: `images: {items: []}` is
/// written `images: {}` at first, as the reference has it, and that not at all.
fn settles<T: Decode + Encode>(text: &str) -> Result<(), TestCaseError> {
    // Of other breaks than the newline the reference writes some so that they do not read back.
    let Some(once) = survives::<T>(text)?.filter(|text| !text.contains(['\u{85}', '\u{2028}', '\u{2029}'])) else {
        return Ok(());
    };
    let twice = survives::<T>(&once)?;
    let thrice = twice.as_deref().map(survives::<T>).transpose()?.flatten();
    prop_assert!(twice.is_some() && twice == thrice, "{:?} was written {:?}, {:?}, {:?}", text, once, twice, thrice);
    Ok(())
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn what_is_written_reads_back(value in value()) {
        // Keys may be too long to be written.
        if let Ok(text) = write(&value, 0) {
            let tree = parse(&text).map_err(|error| TestCaseError::fail(format!("{error:?} in {text:?}")))?;
            let again = read::<Value>(&tree, Strictness::Strict);
            prop_assert_eq!(again, Ok(value), "{:?}", text);
        }
    }

    #[test]
    fn the_short_cut_reads_as_the_scanner_does(text in canonical(), changes in changes(0..4)) {
        reads_alike(&changed(&text, &changes))?;
    }

    #[test]
    fn texts_of_pieces_settle(text in pieces()) {
        reads_alike(&text)?;
        settles::<Value>(&text)?;
    }
}

cutwater::record! {
    /// A little of a job file.
    pub struct SomeJobs {
        /// As the selection has it.
        pub presubmits: BTreeMap<String, Vec<SomeOfJob>> => "presubmits" omit,
        /// As the selection has it.
        pub periodics: Vec<SomeOfJob> => "periodics" omit,
    }

    /// A little of a job.
    pub struct SomeOfJob {
        /// As the selection has it.
        pub name: Value => "name" keep,
        /// As the selection has it.
        pub labels: BTreeMap<String, Value> => "labels" omit,
    }
}

static SOME: Selection = Selection::Keys(&[
    ("presubmits", Selection::Each(&Selection::Each(&SOME_OF_JOB))),
    ("periodics", Selection::Each(&SOME_OF_JOB)),
]);
static SOME_OF_JOB: Selection = Selection::Keys(&[("name", Selection::All), ("labels", Selection::All)]);

/// What is selected of a text reads as it does in the whole.
fn selects(text: &str) -> Result<(), TestCaseError> {
    let read_some =
        |tree: Tree<'_>| read::<SomeJobs>(&tree, Strictness::Outline).map_err(|problems| problems[0].clone());
    let of_all = parse(text).map(read_some);
    let of_some = parse_selected(text, &SOME).map(read_some);
    prop_assert_eq!(of_all, of_some, "{:?}", text);
    Ok(())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn changed_samples_settle(text in select(samples("")), changes in changes(0..5)) {
        let text = changed(&text, &changes);
        reads_alike(&text)?;
        settles::<Value>(&text)?;
    }

    #[test]
    fn changed_job_files_settle(text in select(samples("jobs")), changes in changes(0..5)) {
        let text = changed(&text, &changes);
        settles::<JobConfig>(&text)?;
        selects(&text)?;
    }

    #[test]
    fn changed_configs_settle(text in select(samples("config")), changes in changes(0..5)) {
        settles::<ReleaseBuildConfiguration>(&changed(&text, &changes))?;
    }
}

/// Three lines of every kind in every order.
#[test]
fn short_texts_read_as_the_scanner_does() {
    let lines = [
        "a: b",
        "a:",
        "- a",
        "-",
        "- a: b",
        "- a:",
        "  a: b",
        "  - a",
        "a: 'b'",
        "a: b c",
        "a: b # c",
        "a: b:c",
        "a: b: c",
        "",
        "  b",
        "a : b",
        "- - a",
        "a: -b",
        "a: --b",
        "a: - b",
        "---",
        "a: é",
        "a: b\t",
        "\ta: b",
        "a: [b]",
        "a: b\r",
        "a: |",
        "? a",
        "a: \u{2028}b",
        "'a\u{2028}': b",
        "a: []",
        "a: \"\\x41\"",
        "a: >-",
        "\"a\": b",
        "'b'",
        "b",
    ];
    for first in lines {
        for second in lines {
            for third in lines {
                reads_alike(&format!("{first}\n{second}\n{third}\n")).unwrap();
            }
        }
    }
}

/// Runs on a stack on which recursion over the input would not get far.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}

fn refusal<T: Decode>(text: &str) -> String {
    let tree = match parse(text) {
        Ok(tree) => tree,
        Err(error) => return error.message,
    };
    let problems = read::<T>(&tree, Strictness::Lenient).err().unwrap_or_default();
    problems.first().map_or_else(String::new, |problem| problem.message.clone())
}

#[test]
fn deep_nesting_is_refused() {
    on_a_small_stack(|| {
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[a: ", "]"), ("[? ],", "")] {
            for depth in [9_999, 100_000] {
                let text = format!("{}x{}", open.repeat(depth), close.repeat(depth));
                assert_ne!(refusal::<Value>(&text), "", "{open:?} {depth} times");
                // What nobody asks for may be nested as deep as the reference has it.
                assert_eq!(refusal::<JobConfig>(&text).is_empty(), open == "{a: " && depth < 10_000, "{open:?}");
            }
        }
        let fits = |depth| refusal::<Value>(&format!("{}x{}", "[".repeat(depth), "]".repeat(depth)));
        assert_eq!(fits(250), "");
        assert_ne!(fits(252), "");
    });
}

/// Nine anchors, each of which stands for nine of the one before, in lists and by merging.
#[test]
fn aliases_that_multiply_are_refused() {
    let bomb = |first: &str, line: &dyn Fn(char, String) -> String| {
        let mut text = first.to_owned();
        for (name, inner) in ('b'..='j').zip('a'..) {
            text += &line(name, vec![format!("*{inner}"); 9].join(", "));
        }
        text
    };
    let lists = bomb("a: &a [x, x, x, x, x, x, x, x, x]\n", &|name, all| format!("{name}: &{name} [{all}]\n"));
    let merges = bomb("a: &a {k: v}\n", &|name, all| format!("{name}: &{name} {{<<: [{all}]}}\n"));
    for text in [lists, merges] {
        for told in [refusal::<Value>(&text), refusal::<JobConfig>(&text), refusal::<ReleaseBuildConfiguration>(&text)]
        {
            assert!(told.contains("too many aliases"), "{told:?}");
        }
    }
}

/// If time grew with the square of a line's length, this would take minutes.
#[test]
fn long_lines_take_linear_time() {
    let starts = ["", "a\n", "a: b\n", "'", "\"", "[", "{", "- |\n ", "k: >\n", "k: b", "a: &a [1]\n", "!<", "&", "#"];
    let units = [
        "a ", " ", "\t", "a\t", "é", "\n", " \n", "x: 1\n", "- ", "? ", "[", "[? ],", "[a], ", "\"a\" ", "a: b, ", "'",
        "\\x41", "b: *a\n", "&a ", "!t ", "%41", "---\n", ", ",
    ];
    for start in starts {
        for unit in units {
            let text = format!("{start}{}c", unit.repeat(100_000 / unit.len()));
            let _ = parse(&text).map(|tree| read::<Value>(&tree, Strictness::Strict).is_ok());
        }
    }
}
