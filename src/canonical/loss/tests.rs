use super::*;
use crate::model::config::ReleaseBuildConfiguration;
use crate::record;
use crate::yaml::codec::write;
use crate::yaml::value::Value;
use std::collections::BTreeMap;

record! {
    /// Something with all kinds of fields.
    pub struct Sample {
        pub name: String => "as" omit,
        pub commands: String => "commands" omit,
        pub count: i64 => "count" omit,
        pub flag: bool => "optional" omit,
        pub list: Vec<String> => "list" omit,
        pub labels: BTreeMap<String, String> => "labels" omit,
        pub timeout: Option<crate::model::scalar::Duration> => "timeout" omit,
        pub amount: Option<crate::model::scalar::Quantity> => "cpu" omit,
        pub any: Option<crate::model::scalar::Raw> => "any" omit,
        pub tests: Vec<Sample> => "tests" omit,
        pub inner: Option<Inner> => "inner" omit,
    }

    /// Something below it.
    pub struct Inner {
        pub image: String => "image" omit,
        pub by_name: BTreeMap<String, Inner> => "by_name" omit,
        pub deeper: Option<Deeper> => "deeper" omit,
    }

    /// Something further below.
    pub struct Deeper {
        pub depth: i64 => "depth" omit,
    }
}

/// Rule, line and column of what is lost of a text.
fn told(text: &str) -> Vec<(&'static str, usize, usize)> {
    let findings = lost::<Sample>("f.yaml", text);
    assert!(findings.iter().all(|finding| !finding.is_error() && finding.fix.is_some() && finding.snippet.is_some()));
    findings.iter().map(|finding| (finding.rule, finding.line, finding.column)).collect()
}

fn only(text: &str) -> Diagnostic {
    let mut findings = lost::<Sample>("f.yaml", text);
    assert_eq!(findings.len(), 1, "{text}: {findings:?}");
    findings.remove(0)
}

fn fix(text: &str) -> String {
    only(text).fix.unwrap_or_default()
}

#[test]
fn numbers_and_booleans_that_were_meant_as_text_are_losses() {
    for (text, line, column) in [
        ("as: 4.10\n", 1, 5),
        ("as: yes\n", 1, 5),
        ("as: 010\n", 1, 5),
        ("as: 1_000\n", 1, 5),
        ("list: [a, 4.10]\n", 1, 11),
        ("list:\n- ~\n", 2, 3),
        ("labels: {a: null}\n", 1, 13),
        ("labels: {on: b}\n", 1, 10),
        ("labels: {a: 4.10}\n", 1, 13),
        ("inner: {by_name: {4.10: {}}}\n", 1, 19),
        ("any: {4.10: a}\n", 1, 7),
        ("tests: [{tests: [{as: 4.10}]}]\n", 1, 23),
    ] {
        assert_eq!(told(text), [("text-changes", line, column)], "{text}");
    }
    assert_eq!(only("as: 4.10\n").message, "`4.10` becomes \"4.1\"");
}

#[test]
fn numbers_that_are_others_than_they_look_are_losses() {
    for text in ["count: 010\n", "cpu: 010\n", "any: 010\n", "count: -010\n"] {
        assert_eq!(only(text).rule, "octal-number", "{text}");
    }
    assert_eq!(fix("count: -010\n"), "write -8, or -10 if that is meant");
    for (text, message) in [("timeout: 4\n", "`4` becomes 4ns"), ("timeout: 3600\n", "`3600` becomes 3.6µs")] {
        let finding = only(text);
        assert_eq!((finding.rule, finding.message.as_str()), ("nanoseconds", message), "{text}");
    }
}

#[test]
fn another_spelling_is_no_loss() {
    for text in [
        "as: 4.19\n",
        "as: \"4.10\"\n",
        "as: !!str 4.10\n",
        "optional: yes\n",
        "cpu: 0.1\n",
        "timeout: 60m\n",
        "timeout: 3600000000000\n",
        "timeout: 0\n",
        "as: 2001-12-14\n",
        "labels: {2001-12-14: a}\n",
        "AS: b\n",
        "Commands: b\n",
        "count: 0x10\n",
        "count: 07\n",
        "any: {defaultMode: 0400}\n",
        "any: [4.10, yes, ~, {a: 2001-12-14}]\n",
        "optional: false\nlist: []\nlabels: {a: '', b: }\nas:\ncount: 0\ncommands: null\n",
        "zz_generated_metadata: &z {variant: x}\nas: *z\n",
        "tests:\n- as: b\n  count: 1\n- as: a\n  count: 2\n",
        "as: b\n---\n",
    ] {
        assert_eq!(told(text), [], "{text}");
    }
}

#[test]
fn what_is_dropped_is_a_loss() {
    assert_eq!(told("as: a\nb: 2\n"), [("dropped-field", 2, 1)]);
    assert_eq!(told("tests:\n- as: x\n  c: 1\n"), [("dropped-field", 3, 3)]);
    assert_eq!(told("as: a # why\n# what\n"), [("lost-comment", 1, 7)]);
    assert_eq!(told("as: a\n---\nas: b\n"), [("lost-document", 2, 1)]);
    for nothing in ["{}", "[]", "''", "~", "", "false", "0", "0s"] {
        assert_eq!(told(&format!("nobody: {nothing}\n")), [("dropped-field", 1, 1)], "{nothing}");
    }
    let unread = "nobody: {a: 4.10, a: 010, b: [yes]}\n";
    assert_eq!(told(unread), [("dropped-field", 1, 1)], "of what is dropped no more is said");
}

#[test]
fn a_dropped_field_comes_with_what_may_have_been_meant() {
    for (text, meant) in [
        ("comands: x\n", "did you mean `commands`?"),
        ("inner: {depth: 1}\n", "did you mean it below `deeper`?"),
        ("image: x\n", "did you mean it below `inner`?"),
        ("inner: {commands: x}\n", "did you mean it one level up, beside `inner`?"),
        ("tests: [{inner: {commands: x}}]\n", "did you mean it one level up, beside `inner`?"),
        ("commands: a\ncomands: x\n", "did you mean `commands`?"),
        ("colour: x\n", "check its spelling"),
    ] {
        assert!(fix(text).starts_with(meant), "{text}: {}", fix(text));
    }
}

#[test]
fn keys_given_twice_are_losses_with_both_places() {
    for (text, column, other) in [
        ("as: a\ncount: 2\nas: b\n", (1, 1), (3, 1)),
        ("commands: 5\nCommands: other\n", (2, 1), (1, 1)),
        ("labels:\n  a: b\n  a: c\n", (2, 3), (3, 3)),
        ("any: {a: b, a: c}\n", (1, 7), (1, 13)),
        ("x-as: &x {as: b}\nas: a\n<<: *x\n", (2, 1), (3, 1)),
    ] {
        let finding = only(text);
        assert_eq!((finding.rule, (finding.line, finding.column)), ("duplicate-key", column), "{text}");
        let related: Vec<_> = finding.related.iter().map(|place| (place.line, place.column)).collect();
        assert_eq!(related, [other], "{text}");
    }
    assert_eq!(told("as: a\nas: b\nas: c\n"), [("duplicate-key", 1, 1), ("duplicate-key", 2, 1)]);
    assert_eq!(told("inner: {image: a}\nInner: {deeper: {depth: 1}}\n"), [], "they are joined");
}

#[test]
fn what_is_merged_or_aliased_is_told_once_and_where_it_stands() {
    let text = "inner: &x {image: 4.10}\ntests: [{inner: *x}, {inner: {<<: *x, image: b}}]\n";
    assert_eq!(told(text), [("text-changes", 1, 19)]);
    let used = "x-shared: &x {as: 4.10}\ntests: [*x]\n";
    assert_eq!(told(used), [("text-changes", 1, 19)], "what stands under the unknown key is used");
    let merged = "inner: &x {image: a}\ntests:\n- <<: *x\n  as: b\n";
    assert_eq!(told(merged), [("dropped-field", 3, 3)], "`image` is dropped there, and nowhere else");
}

#[test]
fn notes_leave_out_what_only_writing_drops() {
    let text = "as: 4.10 # why\n---\nas: b\n";
    let found = notes::<Sample>("f.yaml", text, &parse(text).unwrap());
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["text-changes"]);
}

#[test]
fn metadata_are_written_anew() {
    let text = "zz_generated_metadata: {branch: 4.10, bogus: 1}\nbuild_rot: {}\n";
    let found = lost::<ReleaseBuildConfiguration>("f.yaml", text);
    assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
}

/// Whoever writes what was read has what was written, unless something was told.
#[test]
fn a_canonical_text_loses_nothing() {
    let text = "any:\n  a: [1, x]\nas: \"4.10\"\nlabels:\n  \"true\": \"010\"\ntimeout: 1h0m0s\n";
    let value: Sample = crate::yaml::codec::read(&parse(text).unwrap(), Strictness::Strict).unwrap();
    assert_eq!(lost::<Sample>("f.yaml", &write(&value, 0).unwrap()), []);
    assert_eq!(lost::<Value>("f.yaml", text), []);
}

#[test]
fn there_is_an_end_to_telling() {
    let text: String = (0..5_000).map(|at| format!("nobody{at}: 1\n")).collect();
    assert_eq!(told(&text).len(), 1000);
}
