use super::*;

fn written(build: impl FnOnce(&mut Emitter)) -> String {
    let mut out = Emitter::with_capacity(64);
    build(&mut out);
    out.finish().unwrap()
}

#[test]
fn collections_nest_as_go_writes_them() {
    let text = written(|out| {
        out.begin_map();
        out.key("a");
        out.begin_seq();
        out.begin_seq();
        out.int(1);
        out.begin_map();
        out.end_map();
        out.end_seq();
        out.begin_map();
        out.key("b");
        out.begin_seq();
        out.end_seq();
        out.key("c");
        out.null();
        out.end_map();
        out.end_seq();
        out.end_map();
    });
    assert_eq!(text, "a:\n- - 1\n  - {}\n- b: []\n  c: null\n");
}

#[test]
fn strings_are_quoted_where_they_would_mean_something_else() {
    let texts = ["x", "true", "12:30", "a: b", "-", "a b ", "é", "", "a\nb\n", "a\nb", "\tx", "# x"];
    let text = written(|out| {
        out.begin_seq();
        texts.iter().for_each(|text| out.str(text));
        out.end_seq();
    });
    let wanted = "- x\n- \"true\"\n- \"12:30\"\n- 'a: b'\n- '-'\n- 'a b '\n- é\n- \"\"\n- |\n  a\n  b\n- |-\n  a\n  b\n- \"\\tx\"\n- '# x'\n";
    assert_eq!(text, wanted);
}

#[test]
fn long_strings_go_on_in_the_next_line() {
    let words = "word ".repeat(20);
    let text = written(|out| {
        out.begin_map();
        out.key("a");
        out.str(words.trim_end());
        out.end_map();
    });
    let first = format!("a: {}", "word ".repeat(16));
    assert_eq!(text, format!("{}\n  word word word word\n", first.trim_end()));
}

#[test]
fn doubled_quotes_count_for_the_width() {
    let text = written(|out| out.str(&format!("- {} a", "'".repeat(38))));
    assert_eq!(text, format!("'- {} a'\n", "'".repeat(76)));
    let text = written(|out| out.str(&format!("- {} a b", "'".repeat(38))));
    assert_eq!(text, format!("'- {} a\n  b'\n", "'".repeat(76)));
}

#[test]
fn what_json_cannot_hold_is_an_error() {
    for text in ["\u{7f}", "\u{80}", "\u{fffe}", "\u{ffff}"] {
        let mut out = Emitter::with_capacity(8);
        out.str(text);
        assert!(out.finish().is_err(), "{text:?}");
    }
    for key in ["a\u{85}b", &"k".repeat(1023)] {
        let mut out = Emitter::with_capacity(8);
        out.begin_map();
        out.key(key);
        assert!(out.finish().is_err(), "{key:?}");
    }
}

#[test]
fn separators_keep_their_place() {
    let text = written(|out| {
        out.begin_map();
        out.key("a\n\u{2028}");
        out.str("it's\u{2028}b");
        out.key("b");
        out.str("\u{feff}a b");
        out.end_map();
    });
    assert_eq!(text, "? |+\n  a\n\u{2028}: 'it''s\u{2028}  b'\nb: \"\\uFEFF\\x61\\x20\\x62\"\n");
}

#[test]
fn a_document_mark_behind_a_folded_break_is_refused() {
    let verdict = |text: &str| {
        let mut out = Emitter::with_capacity(8);
        out.str(text);
        out.finish().ok()
    };
    assert_eq!(verdict("a\u{85}--- b"), None);
    assert_eq!(verdict("a\u{85} --- b").as_deref(), Some("a --- b\n"));
    assert_eq!(verdict("a\u{85}---").as_deref(), Some("a ---\n"));
}
