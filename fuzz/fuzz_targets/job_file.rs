//! Any text as a job file: nothing panics, in whatever way it is read, and what was written can be read again and settles.
#![no_main]

use cutwater::model::job::JobConfig;
use cutwater::yaml::codec::{Strictness, read, write};
use cutwater::yaml::parse::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(tree) = parse(text) else { return };
    let _ = read::<JobConfig>(&tree, Strictness::Strict);
    let _ = read::<JobConfig>(&tree, Strictness::Outline);
    let Some(mut text) = read::<JobConfig>(&tree, Strictness::Lenient).ok().and_then(|read| write(&read, 0).ok())
    else {
        return;
    };
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) || text.contains("<<") {
        return;
    }
    // `images: {items: []}` is written `images: {}`, and that not at all; then it is settled.
    for round in 0..3 {
        let tree = parse(&text).expect("what was written can be parsed");
        let again = read::<JobConfig>(&tree, Strictness::Lenient).expect("what was written can be read");
        let again = write(&again, 0).expect("what was written can be written");
        assert!(round < 2 || again == text);
        text = again;
    }
});
