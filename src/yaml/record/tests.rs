//! How records read: keys, coercion, duplicates, merges, embedding; and how they are written.

use std::collections::BTreeMap;

use crate::yaml::codec::{Decode, Encode, Problem, Strictness, read, write};
use crate::yaml::given::Given;
use crate::yaml::parse::parse;

record! {
    /// What the tests read.
    pub struct Outer {
        /// Direct text: numbers become text.
        pub name: String => "name" keep,
        /// Direct texts.
        pub texts: Vec<String> => "texts" omit,
        /// Text by name.
        pub table: BTreeMap<String, String> => "table" omit,
        /// A record within.
        pub part: Part => "part" omitzero,
        /// Records within.
        pub parts: Vec<Part> => "parts" omit,
        /// A number that may be missing.
        pub count: Option<i64> => "count" omit,
        /// Lists by name.
        pub lists: BTreeMap<String, Given<Vec<String>>> => "lists" omit,
        /// Embedded.
        pub inner: Inner => embed,
        /// Embedded once one of its fields is there.
        pub maybe: Option<Box<Maybe>> => embed,
    }

    /// A record within another.
    pub struct Part {
        /// Text.
        pub text: String => "text" omit,
        /// Items.
        pub items: Given<Vec<String>> => "items" omit,
    }

    /// A record embedded in another.
    pub struct Inner {
        /// Hidden by a field of the same key further out.
        pub name: String => "name" keep,
        /// Text that is reached through embedding.
        pub note: String => "note" omit,
        /// A record that is reached through embedding.
        pub place: Part => "place" omitzero,
    }

    /// A record that may be missing.
    pub struct Maybe {
        /// Written whenever the record is there.
        pub always: bool => "always" keep,
        /// Left out when empty.
        pub extra: String => "extra" omit,
    }
}

fn attempt<T: Decode>(text: &str, strictness: Strictness) -> Result<T, Vec<Problem>> {
    read(&parse(text).unwrap(), strictness)
}

/// What a text becomes when it is read leniently and written again.
fn rewritten(text: &str) -> String {
    write(&attempt::<Outer>(text, Strictness::Lenient).unwrap(), 0).unwrap()
}

fn complaints(text: &str, strictness: Strictness) -> Vec<String> {
    let problems = attempt::<Outer>(text, strictness).expect_err(text);
    problems.into_iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

#[test]
fn direct_text_takes_numbers() {
    assert_eq!(
        rewritten("name: 4.10\ntexts: [1, yes]\ntable: {a: 1e3, 2: 3}\npart: {text: 7}\nparts: [{text: off}]\n"),
        "name: \"4.1\"\npart:\n  text: \"7\"\nparts:\n- text: \"false\"\ntable:\n  \"2\": \"3\"\n  a: \"1000\"\ntexts:\n- \"1\"\n- \"true\"\n"
    );
}

/// See the reference's `convertToJSONableObject`: it goes into an embedded struct itself, not into its field.
#[test]
fn coercion_stops_at_embedded_structs() {
    assert_eq!(complaints("note: 1\n", Strictness::Lenient), ["note: cannot unmarshal number into a string"]);
    assert_eq!(
        complaints("place: {text: 1}\n", Strictness::Lenient),
        ["place.text: cannot unmarshal number into a string"]
    );
    // One level down it looks for fields of the embedding struct, and finds text under a name that happens to be one.
    assert_eq!(
        complaints("place: {name: {text: 1}}\nnote: []\n", Strictness::Lenient),
        ["note: cannot unmarshal array into a string"]
    );
}

record! {
    /// A record that embeds one with fields that may be missing.
    pub struct Embedding {
        /// Its own.
        pub own: BTreeMap<String, String> => "own" omit,
        /// Embedded.
        pub embedded: Embedded => embed,
    }

    /// See [`Embedding`].
    pub struct Embedded {
        /// Texts by name.
        pub table: BTreeMap<String, String> => "table" omit,
        /// May be missing.
        pub part: Option<Holder> => "part" omit,
    }

    /// A record within a record that may be missing.
    pub struct Holder {
        /// May be missing.
        pub count: Option<i64> => "count" omit,
        /// Within itself.
        pub holder: Option<Box<Holder>> => "holder" omit,
    }
}

/// See the reference's `indirect`: looking for texts to convert, it makes what its pointers are to point to.
#[test]
fn passing_by_leaves_values_behind() {
    let rewritten = |text: &str| write(&attempt::<Embedding>(text, Strictness::Lenient).unwrap(), 0).unwrap();
    assert_eq!(rewritten("table: {part: x}\n"), "part: {}\ntable:\n  part: x\n");
    assert_eq!(rewritten("TABLE: {PART: x}\n"), "part: {}\ntable:\n  PART: x\n");
    assert_eq!(rewritten("a: &a {part: x}\ntable: {<<: *a}\n"), "part: {}\ntable:\n  part: x\n");
    assert_eq!(rewritten("part: {part: {count: ~, other: 1}}\n"), "part:\n  count: 0\n");
    assert_eq!(rewritten("part: {count: 2}\ntable: {part: x}\n"), "part:\n  count: 2\ntable:\n  part: x\n");
    // What the document says of the field itself is decoded later, null included.
    assert_eq!(rewritten("part: ~\ntable: {part: x}\n"), "table:\n  part: x\n");
    assert_eq!(rewritten("own: {part: x}\n"), "own:\n  part: x\n");
    // What another value with the same key replaces is not passed; reading anew does not forget what was.
    assert_eq!(rewritten("table: {part: x}\ntable: {other: x}\n"), "table:\n  other: x\n");
    assert_eq!(rewritten("part: {part: {holder: 1}, part: x}\n"), "part: {}\n");
    assert_eq!(rewritten("table: {part: {count: 1}}\npart: {}\ntable: {part: x}\n"), "part: {}\ntable:\n  part: x\n");
    assert_eq!(rewritten("part: {part: {count: ~}}\nx: {a: .inf, A: 1}\nx: 1\n"), "part:\n  count: 0\n");
    assert_eq!(rewritten("table: {other: x}\n"), "table:\n  other: x\n");
}

#[test]
fn records_within_themselves_are_passed_to_a_bounded_depth() {
    let text = format!("part: {{part: {}{{}}{}}}\n", "{holder: ".repeat(5_000), "}".repeat(5_000));
    assert!(attempt::<Embedding>(&text, Strictness::Lenient).is_ok());
}

#[test]
fn keys_that_become_one_are_a_problem() {
    let text = "table:\n  1: a\n  '1': b\n";
    let problems = attempt::<Outer>(text, Strictness::Lenient).unwrap_err();
    assert_eq!((problems[0].offset, problems[0].other), (16, Some(9)));
    for text in ["table: {true: a, 'true': b}", "table: {1.0: a, 1: b}", "table: {1.23456789: a, 1.23456788: b}"] {
        assert_eq!(complaints(text, Strictness::Lenient).len(), 1, "{text}");
    }
    // The same key twice is no matter of chance, and nobody reads what is no field.
    for text in ["table: {1: a, 0x1: b}", "table: {1.0: a, 1.00: b}", "1: a\n'1': b", "stranger: {1: a, '1': b}"] {
        assert!(attempt::<Outer>(text, Strictness::Lenient).is_ok(), "{text}");
    }
}

#[test]
fn an_outer_field_hides_an_embedded_one() {
    let outer: Outer = attempt("name: a\n", Strictness::Lenient).unwrap();
    assert_eq!((outer.name.as_str(), outer.inner.name.as_str()), ("a", ""));
    assert_eq!(write(&outer, 0).unwrap(), "name: a\n");
}

#[test]
fn an_embedded_option_is_there_once_a_field_is() {
    assert_eq!(rewritten("name: a\n"), "name: a\n");
    assert_eq!(rewritten("extra: x\n"), "always: false\nextra: x\nname: \"\"\n");
    assert_eq!(rewritten("extra: null\n"), "always: false\nname: \"\"\n");
}

#[test]
fn the_last_of_equal_keys_counts() {
    assert_eq!(rewritten("count: [not, a, number]\nname: a\ncount: 2\n"), "count: 2\nname: a\n");
    let repeated = "key \"name\" is given more than once";
    assert!(complaints("name: a\nname: b\n", Strictness::Strict)[0].ends_with(repeated));
}

#[test]
fn keys_match_in_other_capitals() {
    assert_eq!(rewritten("NAME: a\n"), "name: a\n");
    assert_eq!(rewritten("part: {text: a}\nPart: {items: [b]}\n"), "name: \"\"\npart:\n  items:\n  - b\n  text: a\n");
    assert!(attempt::<Outer>("NAME: a\nname: b\n", Strictness::Strict).is_ok());
}

#[test]
fn merged_entries_replace_earlier_ones() {
    let base = "part: &p {text: merged}\nparts:\n";
    assert_eq!(
        rewritten(&format!("{base}- {{text: a, <<: *p}}\n- {{<<: *p, text: b}}\n- {{<<: [{{text: c}}, *p]}}\n")),
        "name: \"\"\npart:\n  text: merged\nparts:\n- text: merged\n- text: b\n- text: c\n"
    );
    assert!(complaints("part: {<<: 1}\n", Strictness::Lenient)[0].contains("a merge needs a mapping"));
}

#[test]
fn merges_within_merges_have_an_end() {
    let chain = |length: usize| format!("table: {}{{a: x}}{}\n", "{<<: ".repeat(length), "}".repeat(length));
    assert_eq!(attempt::<Outer>(&chain(200), Strictness::Lenient).unwrap().table["a"], "x");
    let refused = complaints(&chain(300), Strictness::Lenient);
    assert!(refused.iter().any(|said| said.contains("mappings are merged into each other too deeply")), "{refused:?}");
}

#[test]
fn unknown_fields_are_dropped_but_must_convert() {
    assert_eq!(rewritten("stranger: {a: [1]}\nname: a\n"), "name: a\n");
    assert_eq!(complaints("stranger: 1\n", Strictness::Strict), [": unknown field \"stranger\""]);
    for text in ["stranger: {~: 1}\n", "stranger: .inf\n", "stranger: [{[a]: 1}]\n", "stranger: !!int x\n"] {
        assert_eq!(complaints(text, Strictness::Lenient).len(), 1, "{text}");
    }
}

/// What the reference says of each: it drops a replaced value before it looks for a JSON form.
#[test]
fn replaced_values_need_no_json_form() {
    for text in [
        "x: .inf\nx: 1\n",
        "x: {a: .inf, a: 1}\n",
        "x: {a: .inf, <<: {a: 1}}\n",
        "x: {<<: [{a: 1}, {a: .inf}]}\n",
        "x: {~: 1}\nx: 1\n",
        "x: {1.0: .inf, 1: x, 1.0: y}\n",
    ] {
        assert!(attempt::<Outer>(text, Strictness::Lenient).is_ok(), "{text}");
    }
    for text in ["x: {a: !!int x}\nx: 1\n", "x: {a: .inf, A: 1}\n", "x: &a .inf\ny: *a\nx: 1\n"] {
        assert_eq!(complaints(text, Strictness::Lenient).len(), 1, "{text}");
    }
}

#[test]
fn duplicates_are_told_from_keys_that_become_one() {
    let told = |text| attempt::<crate::yaml::value::Value>(text, Strictness::Strict).unwrap_err().remove(0).message;
    for text in ["1: a\n0x1: b\n", "1: a\n'1': b\n1: c\n", "'1': {b: 1, b: 2}\n1: a\n"] {
        assert!(told(text).contains("given more than once"), "{text}: {}", told(text));
    }
    for text in ["1: a\n'1': b\n", "0.1: a\n0.10000000001: b\n"] {
        assert!(told(text).contains("become one key"), "{text}: {}", told(text));
    }
}

#[test]
fn surrogates_are_refused() {
    assert!(parse("name: \"\\U0001F600\"\n").is_ok());
    assert!(parse("name: \"\\uD83D\\uDE00\"\n").is_err());
}

#[test]
fn a_tag_on_nothing_is_empty_text() {
    assert_eq!(rewritten("name: !x\n"), "name: \"\"\n");
}

#[test]
fn null_leaves_values_and_clears_options() {
    assert_eq!(rewritten("name: ~\ncount: ~\nparts: ~\ntable: ~\n"), "name: \"\"\n");
    assert_eq!(rewritten("lists: {a: ~, b: []}\n"), "lists:\n  a: null\n  b: []\nname: \"\"\n");
}

#[test]
fn an_empty_list_keeps_its_record() {
    assert_eq!(rewritten("part: {items: []}\n"), "name: \"\"\npart: {}\n");
    assert_eq!(rewritten("part: {items: ~}\n"), "name: \"\"\n");
}

#[test]
fn integers_come_as_json_has_them() {
    assert_eq!(rewritten("count: 2.0\n"), "count: 2\nname: \"\"\n");
    assert_eq!(rewritten("count: 1e3\n"), "count: 1000\nname: \"\"\n");
    // The shortest digits of the float, and zeros.
    assert_eq!(rewritten("count: 1152921504606846976.0\n"), "count: 1152921504606847000\nname: \"\"\n");
    for text in ["count: 2.5\n", "count: 1e19\n", "count: '2'\n", "count: true\n", "count: 9223372036854775808\n"] {
        assert_eq!(complaints(text, Strictness::Lenient).len(), 1, "{text}");
    }
    // The nearest float is the least integer, and its shortest digits are less than that.
    assert_eq!(complaints("count: -9223372036854775809\n", Strictness::Lenient).len(), 1);
}

#[test]
fn all_problems_are_found_in_one_reading() {
    let text = "count: x\nparts:\n- text: []\n- 1\ntable: [a]\n";
    assert_eq!(
        complaints(text, Strictness::Lenient),
        [
            "count: cannot unmarshal string into an integer",
            "parts[0].text: cannot unmarshal array into a string",
            "parts[1]: cannot unmarshal number into an object",
            "table: cannot unmarshal array into a map"
        ]
    );
}

#[test]
fn deep_nesting_is_refused() {
    let text = format!("{}1{}\n", "[".repeat(5_000), "]".repeat(5_000));
    assert!(attempt::<crate::yaml::value::Value>(&text, Strictness::Lenient).is_err());
    let text = format!("stranger: {}{{}}{}\n", "{tasks: [{more: ".repeat(2_000), "}]}".repeat(2_000));
    assert!(attempt::<Outer>(&text, Strictness::Lenient).is_ok());
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let alias = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
    }
    assert_eq!(complaints(&text, Strictness::Lenient), [": the document consists of too many aliases"]);
}

#[test]
fn empty_says_what_is_left_out() {
    assert!(Encode::is_empty(&String::new()) && Encode::is_empty(&false) && Encode::is_empty(&None::<i64>));
    assert!(!Encode::is_empty(&Some(0_i64)));
}
