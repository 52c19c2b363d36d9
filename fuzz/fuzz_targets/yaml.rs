//! Any text: nothing panics, both ways to parse agree, and what was written stays the same when it is read again.
#![no_main]

use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::parse::{parse, parse_any};
use cutwater::yaml::value::Value;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (Ok(tree), Ok(full)) = (parse(text), parse_any(text)) else {
        assert_eq!(parse(text).err(), parse_any(text).err());
        return;
    };
    let nodes = |index| (tree.node(index), full.node(index));
    for (left, right) in (0..tree.len().max(full.len()) as u32).map(nodes) {
        let (Some(left), Some(right)) = (left, right) else { panic!("a node is missing") };
        assert_eq!((left.kind(), left.style(), left.offset()), (right.kind(), right.style(), right.offset()));
        assert_eq!((left.text(), left.tag()), (right.text(), right.tag()));
        assert_eq!((left.items().count(), left.entries().count()), (right.items().count(), right.entries().count()));
    }
    let _ = read::<Value>(&tree, Strictness::Strict);
    let Some(once) = read::<Value>(&tree, Strictness::Lenient).ok().and_then(|value| write(&value, 0).ok()) else {
        return;
    };
    // The reference writes other breaks than the newline so that some do not read back, and `<<` so that it merges.
    if once.contains(['\u{85}', '\u{2028}', '\u{2029}']) || once.contains("<<") {
        return;
    }
    let tree = parse(&once).expect("what was written can be parsed");
    let value = read::<Value>(&tree, Strictness::Lenient).expect("what was written can be read");
    assert_eq!(write(&value, 0).as_ref(), Ok(&once));
});
