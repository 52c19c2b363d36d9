//! Changed files as unified differences, the form that `git apply` and reviewers read.

use std::fmt::Write;
use std::io;

use rayon::prelude::*;
use similar::{Algorithm, ChangeTag, TextDiff};

use crate::cli::terminal::Paint;
use crate::run::options::{Change, ChangeKind};

/// Lines shown around a difference.
const CONTEXT: usize = 3;
/// Files rendered at a time, so that a whole repository's differences are never in memory at once.
const BATCH: usize = 64;

/// Renders the changes that have texts, in order, and hands them on as they come.
pub fn each(changes: &[Change], paint: Paint, mut print: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    for batch in changes.chunks(BATCH) {
        let rendered: Vec<String> = batch.par_iter().map(|change| unified(change, paint)).collect();
        for text in rendered.iter().filter(|text| !text.is_empty()) {
            print(text)?;
        }
    }
    Ok(())
}

/// One change as a unified difference; nothing when its texts were not kept.
pub fn unified(change: &Change, paint: Paint) -> String {
    let Some((old, new)) = &change.texts else { return String::new() };
    let names = match change.kind {
        ChangeKind::Created => ("/dev/null".to_owned(), format!("b/{}", change.path)),
        ChangeKind::Rewritten => (format!("a/{}", change.path), format!("b/{}", change.path)),
        ChangeKind::Removed => (format!("a/{}", change.path), "/dev/null".to_owned()),
    };
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(old, new);
    let mut out = String::new();
    line(&mut out, paint, BOLD, &format!("--- {}\n+++ {}\n", names.0, names.1));
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        line(&mut out, paint, CYAN, &format!("{}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let (sign, colour) = match change.tag() {
                ChangeTag::Equal => (' ', ""),
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
            };
            line(&mut out, paint, colour, &format!("{sign}{}", change.value()));
            if change.missing_newline() {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    out
}

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const RESET: &str = "\x1b[0m";

/// Adds text in a colour; the colour ends before the line does, for pagers.
fn line(out: &mut String, paint: Paint, colour: &str, text: &str) {
    if paint == Paint::Plain || colour.is_empty() {
        out.push_str(text);
        return;
    }
    for part in text.split_inclusive('\n') {
        let body = part.strip_suffix('\n').unwrap_or(part);
        // Writing to a string does not fail.
        let _ = write!(out, "{colour}{body}{RESET}");
        out.push_str(&part[body.len()..]);
    }
}
