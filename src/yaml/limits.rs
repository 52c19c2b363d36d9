//! Every bound on a document, in one place.
//!
//! Where the reference has a bound, ours is the same. The others are ours: they keep hostile text from taking all memory
//! or the whole stack, lie far beyond what any release repository holds, and `docs/compatibility.md` names them.

/// Lists and maps in each other, of both spellings together and through aliases. The reference turns every document into
/// JSON, and its JSON decoder takes this many.
pub const NESTING: usize = 10_000;

/// Values with a type in each other, so that reading, writing and dropping them never runs out of stack. Ours: real files
/// have less than thirty.
pub const TYPED_NESTING: usize = 250;

/// Maps that are merged (`<<`) into each other. Ours.
pub const MERGES: usize = 200;

/// Lists, maps and scalars in one document, which take 40 bytes each, and twice that while their number grows. Ours: the
/// largest job file known has a tenth of it.
pub const NODES: usize = 1 << 20;

/// Characters of a key without a question mark before it. The reference's.
pub const SIMPLE_KEY: usize = 1024;

/// Bytes of a text, because places in it are 32-bit numbers. Files are bounded well below, by [`crate::files`].
pub const TEXT: usize = 1 << 31;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse::parse;

    fn flow(levels: usize) -> String {
        format!("{}{}", "[".repeat(levels), "]".repeat(levels))
    }

    /// A map, in it a list, and so on, all in block form, and then whatever is given.
    fn block(levels: usize, inner: &str) -> String {
        format!("{}{inner}\n", "- ".repeat(levels))
    }

    fn refused(text: &str) -> bool {
        parse(text)
            .is_err_and(|error| error.message.contains("more than 10000 levels") || error.message.contains("max depth"))
    }

    #[test]
    fn nesting_counts_both_spellings_together() {
        let cases: [(&str, &dyn Fn(usize) -> String); 6] = [
            ("flow", &flow),
            ("flow below a key", &|levels| format!("a: {}\n", flow(levels - 1))),
            ("maps in lists", &|levels| {
                let levels = levels - 1;
                let (pairs, rest) = (levels / 2, levels % 2);
                format!("a: {}{}{}\n", "[{b: ".repeat(pairs), flow(rest), "}]".repeat(pairs))
            }),
            ("block", &|levels| block(levels, "x")),
            ("flow in block", &|levels| block(2_500, &flow(levels - 2_500))),
            ("aliases", &|levels| {
                let (outer, inner) = (levels - 4_001, 4_000);
                format!("a: &a {}\nb: {}*a{}\n", flow(inner), "[".repeat(outer), "]".repeat(outer))
            }),
        ];
        for (case, text) in cases {
            assert!(parse(&text(NESTING)).is_ok(), "{case}: {:?}", parse(&text(NESTING)).err());
            assert!(refused(&text(NESTING + 1)), "{case}");
        }
    }

    #[test]
    fn a_document_has_so_many_nodes_and_no_more() {
        let flow = |items: usize| format!("a: [{}]\n", "x,".repeat(items));
        let block = |items: usize| format!("a:\n{}", "- x\n".repeat(items));
        let pairs = |items: usize| format!("a: {{{}}}\n", "b,".repeat(items / 2));
        for text in [flow, block, pairs] {
            // The map, its key and its value come first.
            assert!(parse(&text(NODES - 4)).is_ok());
            assert!(parse(&text(NODES)).is_err_and(|error| error.message.contains("more than 1048576")));
        }
    }
}
