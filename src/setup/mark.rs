//! Marks of what we wrote: a digest, by which it is known whether somebody changed it since.
//!
//! A whole file ends with a comment that has the digest of all lines above it; lines in a file of somebody else's stand
//! between two comments, the second of which has the digest of the lines between them. Both are comments in every file that
//! is written: Makefiles, shell scripts, YAML, `.gitattributes`.

use sha2::{Digest, Sha256};

use super::Settled;

const FILE: &str = "# written by `cutwater init`, which brings it up to date unless it was changed: ";
const BEGIN: &str = "# >>> cutwater init >>>\n";
const END: &str = "# <<< cutwater init <<< ";

/// Enough to tell a change from none.
fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What becomes of a file that is all ours.
pub fn file(text: &str, there: Option<&str>) -> Settled {
    let ours = format!("{text}{FILE}{}\n", digest(text));
    match there {
        None => Settled::Written(ours),
        Some(there) if there == ours => Settled::Same,
        Some(there) if is_unchanged(there) => Settled::Written(ours),
        Some(_) => Settled::Kept("it is not what `cutwater init` wrote, or was changed since".to_owned()),
    }
}

/// Whether a file is as some version of ours wrote it.
fn is_unchanged(there: &str) -> bool {
    there.rsplit_once(FILE).is_some_and(|(text, mark)| mark.trim_end() == digest(text))
}

/// What becomes of a file that has lines of ours, or is to get them at its end.
pub fn block(lines: &str, unless: &[&str], there: Option<&str>) -> Settled {
    let ours = format!("{BEGIN}{lines}{END}{}\n", digest(lines));
    let there = there.unwrap_or_default();
    let Some((before, rest)) = there.split_once(BEGIN) else {
        if there.lines().any(|line| unless.iter().any(|words| says(line, words))) {
            return Settled::Same;
        }
        let gap = match there {
            "" => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return Settled::Written(format!("{there}{gap}{ours}"));
    };
    let Some((old, after)) = rest.split_once(END) else {
        return Settled::Kept("the end of what `cutwater init` wrote is gone".to_owned());
    };
    let (mark, after) = after.split_once('\n').unwrap_or((after, ""));
    match () {
        () if old == lines => Settled::Same,
        () if mark.trim_end() == digest(old) => Settled::Written(format!("{before}{ours}{after}")),
        () => Settled::Kept("what `cutwater init` wrote was changed since".to_owned()),
    }
}

/// Whether a line says this and is no comment.
fn says(line: &str, words: &str) -> bool {
    !line.trim_start().starts_with('#') && line.contains(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(settled: Settled) -> String {
        match settled {
            Settled::Written(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_brought_up_to_date_until_it_is_changed() {
        let old = written(file("one\n", None));
        let new = written(file("two\n", Some(&old)));
        assert!(new.starts_with("two\n"));
        assert_eq!(file("two\n", Some(&new)), Settled::Same);
        assert!(matches!(file("three\n", Some(&new.replace("two", "2"))), Settled::Kept(_)));
        assert!(matches!(file("three\n", Some("somebody's\n")), Settled::Kept(_)));
    }

    #[test]
    fn lines_are_brought_up_to_date_where_they_are() {
        let first = written(block("a\n", &[], Some("all:\n")));
        assert!(first.starts_with("all:\n\n# >>>"), "{first}");
        let more = format!("{first}\nmore:\n");
        let second = written(block("b\n", &[], Some(&more)));
        assert_eq!(second, more.replace("\na\n", "\nb\n").replace(&digest("a\n"), &digest("b\n")));
        assert!(matches!(block("c\n", &[], Some(&second.replace("\nb\n", "\nmine\n"))), Settled::Kept(_)));
        assert!(matches!(block("c\n", &[], Some(BEGIN)), Settled::Kept(_)));
    }

    #[test]
    fn what_says_the_same_is_enough() {
        let unless = ["include cutwater.mk"];
        assert_eq!(block("include cutwater.mk\n", &unless, Some("-include cutwater.mk\n")), Settled::Same);
        assert!(matches!(block("x\n", &unless, Some("# include cutwater.mk\n")), Settled::Written(_)));
    }

    #[test]
    fn a_file_without_an_end_gets_one() {
        assert!(written(block("a\n", &[], Some("all:"))).starts_with("all:\n\n# >>>"));
        assert!(written(block("a\n", &[], None)).starts_with("# >>>"));
    }
}
