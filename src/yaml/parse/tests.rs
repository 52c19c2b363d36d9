//! Each case is a text and what it says, in a notation of its own: plain scalars as they are, others with their
//! indicator, `_` for what is not written, `*3` for an alias to node 3, `<tag>` before what has one.

use super::*;
use crate::yaml::tree::{Kind, Node, Style};

fn show(text: &str) -> String {
    match parse(text) {
        Ok(tree) => tree.root().map_or_else(|| "nothing".to_owned(), outline),
        Err(error) => format!("{}: {}", error.offset, error.message),
    }
}

fn outline(node: Node<'_, '_>) -> String {
    let tag = node.tag().map(|tag| format!("<{tag}>")).unwrap_or_default();
    let pair = |(key, value)| format!("{}: {}", outline(key), outline(value));
    let content = match node.kind() {
        Kind::Alias => format!("*{}", node.resolved().index()),
        Kind::Sequence => format!("[{}]", node.items().map(outline).collect::<Vec<_>>().join(", ")),
        Kind::Mapping => format!("{{{}}}", node.entries().map(pair).collect::<Vec<_>>().join(", ")),
        Kind::Scalar => {
            let text = node.text().escape_debug();
            match node.style() {
                Style::Plain if node.text().is_empty() => "_".to_owned(),
                Style::Plain => text.to_string(),
                Style::SingleQuoted => format!("'{text}'"),
                Style::DoubleQuoted => format!("\"{text}\""),
                Style::Literal => format!("|{text}|"),
                Style::Folded => format!(">{text}>"),
            }
        }
    };
    tag + &content
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(show(text), *expected, "{text:?}");
    }
}

/// Only the beginning of the message has to agree.
fn refuse(cases: &[(&str, &str)]) {
    for (text, message) in cases {
        let error = parse(text).err().unwrap_or_else(|| panic!("accepted: {text:?}"));
        assert!(error.message.starts_with(message), "{text:?}: {}", error.message);
        assert!(text.is_char_boundary(error.offset), "{text:?}: {}", error.offset);
    }
}

#[test]
fn block_collections() {
    check(&[
        ("", "nothing"),
        ("# only a comment\n", "nothing"),
        ("a: 1\nb:\n  c: d e\n  f:\n  - g\n  - h: i\n    j: k\n", "{a: 1, b: {c: d e, f: [g, {h: i, j: k}]}}"),
        ("a:\nb:\n- \n-\n", "{a: _, b: [_, _]}"),
        ("- - a\n  - b\n-\n  - c\n", "[[a, b], [c]]"),
        ("? a\n: b\n? - c\n: - d\n?\n- e\n:\n- f\n", "{a: b, [c]: [d], [e]: [f]}"),
        ("? a\nb: c\n?\n", "{a: _, b: c, _: _}"),
        ("? a: b\n: c: d\n", "{{a: b}: {c: d}}"),
        ("a : b\n\"c\" : d\n", "{a: b, \"c\": d}"),
        ("a:\n|\n b\nc:\n-\n>\n d\n", "{a: |b\\n|, c: [>d\\n>]}"),
        ("[a]: b\n{c: d}: e\n", "{[a]: b, {c: d}: e}"),
        ("a:\tb\t# c\n", "{a: b}"),
    ]);
}

#[test]
fn block_collections_that_are_none() {
    refuse(&[
        ("a: b: c\n", "mapping values are not allowed in this context"),
        ("a: - b\n", "block sequence entries are not allowed"),
        ("a: ? b\n", "mapping keys are not allowed"),
        ("a: 'b'\n  c: d\n", "did not find expected key"),
        ("- a\nb: c\n", "did not find expected '-' indicator"),
        ("a: b\n- c\n", "did not find expected key"),
        ("a: b\nc\nd: e\n", "could not find expected ':'"),
        (": a\n", "did not find expected key"),
        ("a: b\n\tc: d\n", "found a tab character that violates indentation"),
        ("a:\n\tb: c\n", "found character that cannot start any token"),
        ("a: @b\n", "found character that cannot start any token"),
        ("--- a: b\n", "mapping values are not allowed"),
        ("...\n", "did not find expected node content"),
    ]);
}

#[test]
fn brackets() {
    check(&[
        ("[]", "[]"),
        ("{}", "{}"),
        ("[a, b: c, ? d, \"f\":g,]", "[a, {b: c}, {d: _}, {\"f\": g}]"),
        ("{a, b: , ? c : d, ?, e:f, [g]: h,}", "{a: _, b: _, c: d, _: _, e:f: _, [g]: h}"),
        ("[a\n  b,\n# c\n 'd\n  e']", "[a b, 'd e']"),
        ("[-, -a, a-b]", "[-, -a, a-b]"),
        ("[[[]: a]: b]", "[{[{[]: a}]: b}]"),
    ]);
    refuse(&[
        ("[? : e]", "did not find expected ',' or ']'"),
        ("[\n- a]", "did not find expected node content"),
        ("[a, , b]", "did not find expected node content"),
        ("[a b", "did not find expected ',' or ']'"),
        ("{a: b]", "did not find expected ',' or '}'"),
        ("[a?b]", "did not find expected ',' or ']'"),
        ("{a\n: b}", "did not find expected ',' or '}'"),
        ("[\n---\n]", "did not find expected node content"),
        ("x: [|]", "found character that cannot start any token"),
    ]);
}

#[test]
fn brackets_that_the_reference_reads_oddly() {
    check(&[
        ("[? ]]", "[{_: _}]"),
        ("[? ], \"a\" ]", "[{_: _}, \"a\"]"),
        ("x: [? ],\n\"a\": \"b\" ]", "{x: [{_: _}, {\"a\": \"b\"}]}"),
        ("[]: x", "[]"),
        ("{? a}: x", "{a: _}"),
        ("a:\n[]: b\nc: d", "{a: [], _: b, c: d}"),
        ("[ []: x ]", "[{[]: x}]"),
        ("! []: x", "{<!>[]: x}"),
        ("&a {? b}: x", "{{b: _}: x}"),
    ]);
    refuse(&[
        ("[? , b]", "did not find expected ',' or ']'"),
        ("x: 1\n[]: y", "did not find expected key"),
        ("[\n[]: x]", "did not find expected ',' or ']'"),
        ("''[]:", "did not find expected key"),
        ("[?]]:", "mapping values are not allowed"),
    ]);
}

#[test]
fn plain_scalars() {
    check(&[
        ("a\n b\n\n c\n", "a b\\nc"),
        ("a: b\n  c # d\n", "{a: b c}"),
        ("a: b#c:d::e\n", "{a: b#c:d::e}"),
        ("a: -b\nc: ?d\ne: :f\n", "{a: -b, c: ?d, e: :f}"),
        ("a: b  \nc: d\t\n", "{a: b, c: d}"),
        ("a: b\n --- c\n", "{a: b --- c}"),
        ("a\r\n b\u{85} c\u{2028} d\n", "a b c\\u{2028}d"),
        ("a\n\u{2029}b", "a\\u{2029}b"),
        ("a:\u{a0}b", "a:\\u{a0}b"),
    ]);
}

#[test]
fn quoted_scalars() {
    check(&[
        ("'it''s'", "'it\\'s'"),
        (r#""\x41\u00e9\U0001F600\t\N\_\L\P\e""#, "\"Aé😀\\t\\u{85}\\u{a0}\\u{2028}\\u{2029}\\u{1b}\""),
        ("\"a\\\n  b\\\n\n  c\"", "\"ab\\nc\""),
        ("'a \n\n  b\n c '", "'a\\nb c '"),
        ("\"a\u{2028}\n b\"", "\"a\\u{2028}\\nb\""),
        ("\"a\"#b", "\"a\""),
    ]);
    refuse(&[
        ("\"\\y\"", "found unknown escape character"),
        ("\"\\x4\"", "did not find expected hexadecimal number"),
        ("\"\\ud83d\\ude00\"", "found invalid Unicode character escape code"),
        ("'a\n---\n'", "found unexpected document indicator"),
        ("'a", "found unexpected end of stream"),
    ]);
}

#[test]
fn block_scalars() {
    check(&[
        ("|\n a\n  b\n\n c\n\n", "|a\\n b\\n\\nc\\n|"),
        ("|-\n a\n\n", "|a|"),
        ("|+\n a\n\n", "|a\\n\\n|"),
        ("|2-\n   a\n", "| a|"),
        (">\n a\n b\n\n c\n  d\n e\n", ">a b\\nc\\n d\\ne\\n>"),
        ("|", "||"),
        ("a: |\n\n  b\nc: d\n", "{a: |\\nb\\n|, c: d}"),
        ("|\r\n a\r\n b", "|a\\nb|"),
        ("- |\n a\n- b\n", "[|a\\n|, b]"),
    ]);
    refuse(&[
        ("|0\n a", "found an indentation indicator equal to 0"),
        ("| a\n", "did not find expected comment or line break"),
        ("a: |\n  b\n \tc\n", "found a tab character where an indentation space is expected"),
    ]);
}

#[test]
fn one_line_scalars_borrow() {
    for text in ["a b", "'a b'", "\"a b\"", "a b\n"] {
        let tree = parse(text).expect(text);
        let root = tree.root().expect(text);
        assert!(matches!(root.text(), std::borrow::Cow::Borrowed(_)), "{text:?}");
    }
}

#[test]
fn properties() {
    check(&[
        ("a: &x b\nc: *x\n", "{a: b, c: *2}"),
        ("&x a: b\nc: *x\n", "{a: b, c: *1}"),
        ("&x\na: b\n", "{a: b}"),
        ("&x\n!t a: b\n", "{<!t>a: b}"),
        ("!t\n!u a: b\n", "<!t>{<!u>a: b}"),
        ("!t\n&x\n- a\n", "<!t>[a]"),
        ("k: !t\n- a\n", "{k: <!t>[a]}"),
        ("- !t\n- a\n", "[<!t>_, a]"),
        ("? !t\n: &x\n", "{<!t>_: _}"),
        ("!t : b", "{<!t>_: b}"),
        ("- &x a\n- &x b\n- *x\n", "[a, b, *2]"),
        ("- &x [a]: b\n- *x\n", "[{[a]: b}, *2]"),
        ("!!str a", "<tag:yaml.org,2002:str>a"),
        ("! a", "<!>a"),
        ("!<x:%41> a", "<x:A>a"),
        ("%YAML 1.1\n%TAG !e! tag:e,2000:\n--- !e!x a", "<tag:e,2000:x>a"),
        ("[&x a: b, *x]", "[{a: b}, *2]"),
        ("[!t , !u ]", "[<!t>_, <!u>_]"),
    ]);
    refuse(&[
        ("*x", "unknown anchor 'x' referenced"),
        ("&x [*x]", "anchor 'x' value contains itself"),
        ("&x\n*x : a", "anchor 'x' value contains itself"),
        ("!e!x a", "found undefined tag handle"),
        ("a: &", "did not find expected alphabetic or numeric character"),
        ("[&x[]]", "did not find expected alphabetic or numeric character"),
        ("{!t}", "did not find expected whitespace or line break"),
        ("a: &x &y b", "did not find expected key"),
        ("a: &x *x", "did not find expected key"),
        ("%YAML 1.2\n--- a", "found incompatible YAML document"),
        ("%YAML 1.1\na", "did not find expected <document start>"),
    ]);
}

#[test]
fn behind_the_first_document() {
    check(&[
        ("a: b\n---\n]\n", "{a: b}"),
        ("a: b\n...\n]\n", "{a: b}"),
        ("---\n---\na", "_"),
        ("  a: b\nc: d\n", "{a: b}"),
        ("    a: \"x\ny\" b", "{a: \"x y\"}"),
        ("a\n: b", "a"),
        ("\"a\" ]", "\"a\""),
        ("\"a\"\n\"b\" \"c\"\n\"d\"\n@", "\"a\""),
        ("&a &b c", "_"),
        ("a: b\n%YAML 1.1\n", "{a: b}"),
        ("a: b\n%TAG ! x\n@", "{a: b}"),
    ]);
    refuse(&[
        ("\"a\"\n\"b\"\n@", "found character that cannot start any token"),
        ("\"a\" \"b\": c", "did not find expected key"),
        ("&a &b c: d", "did not find expected key"),
        ("a: b\n%FOO\n", "found unknown directive name"),
        ("\"a\" - b", "block sequence entries are not allowed"),
    ]);
}

#[test]
fn characters() {
    check(&[("\u{feff}a: b", "{a: b}"), ("a: \u{feff}b", "{a: \\u{feff}b}"), ("\n\u{feff}", "\\u{feff}")]);
    refuse(&[("'\u{2028}': b", "mapping values are not allowed"), ("a:\n\u{feff}", "could not find expected ':'")]);
    refuse(&[("a: \u{1}", "control characters"), ("a: b\u{7f}", "control characters"), ("\0", "control")]);
}

#[test]
fn byte_order_marks_begin_a_text_once() {
    check(&[
        ("\u{feff}# a\n- b", "[b]"),
        ("- a\n- \u{feff}b\n", "[a, \\u{feff}b]"),
        ("\n\u{feff}: a", "{\\u{feff}: a}"),
    ]);
    refuse(&[("\u{feff}\u{feff}a: b", "the text begins with two byte order marks")]);
}

#[test]
fn what_follows_the_first_document_is_text_too() {
    let text = format!("a: b\n---\n{}\u{1}", "x".repeat(2000));
    refuse(&[(&text, "control characters are not allowed")]);
}

#[test]
fn keys_have_a_longest() {
    let key = |length: usize| format!("{}: v", "k".repeat(length));
    assert!(show(&key(1024)).starts_with("{kkk"));
    refuse(&[(&key(1025), "mapping values are not allowed")]);
    assert!(show(&format!("\"{}\": v", "é".repeat(1022))).starts_with('{'));
}

#[test]
fn nesting_is_bounded() {
    for unit in ["[", "{a: ", "[a: ", "- ", "? "] {
        let error = parse(&unit.repeat(100_000)).expect_err(unit);
        let said = &error.message;
        assert!(said.starts_with("exceeded max depth") || said.contains("are nested more than"), "{unit:?}: {said}");
    }
    assert_eq!(parse(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).map(|tree| tree.len()), Ok(10_000));
}
