//! Patterns that Prow reads in another way than most programs do.

use super::glob::variable;
use super::page::{Page, entry};
use super::placement::Placement;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::rule::rules;

rules! {
    MISREAD = warning "misread-glob",
        "a glob of config_updater means something else to Prow than to shells and most programs",
        "It takes other files than its author thinks, or none.",
        "write it with `*`, `**/` and `{x,y}` only, one entry for each further choice";
}

/// Where patterns mean something else than they seem to.
pub fn check(placement: &Placement, page: &Page<'_>) -> Vec<Diagnostic> {
    let all = placement.iter().flat_map(|(glob, _)| {
        let pattern = glob.pattern();
        differences(pattern).into_iter().map(move |difference| (pattern, difference))
    });
    all.map(|(pattern, difference)| page.finding(&MISREAD, &entry(pattern), difference)).collect()
}

/// What of a pattern is read in another way than usual.
pub fn differences(pattern: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |is_so: bool, what: &str| found.extend(is_so.then(|| what.to_owned()));
    let is_wild = pattern.contains('*');
    let braces = pattern.contains('{');
    say(braces && !is_wild, "braces mean themselves in a pattern without a star");
    say(pattern.contains('?'), "`?` means itself and not any letter");
    let bracket = pattern.find('[').is_some_and(|open| pattern[open..].contains(']'));
    say(bracket, "`[…]` means itself and not one of the letters in it");
    say(pattern.contains('\\'), "a backslash means itself and takes nothing's meaning away");
    say(double_stars(pattern), "`**` that no slash follows is a star and enters no directory");
    say(
        inner_directories(pattern),
        "`**/` goes on within a name: what stands before it may be the beginning of a name",
    );
    if braces && is_wild {
        choices(pattern, &mut say);
    }
    let mut segments = pattern.split('/');
    let is_home = segments.next() == Some("~");
    say(
        is_wild && (is_home || pattern.split('/').any(|part| variable(part).is_some())),
        "the environment of Prow is put in for `~` and `$NAME`",
    );
    let is_odd = pattern.split('/').any(|part| matches!(part, "" | "." | ".."));
    say(is_odd && !is_wild, "a path that begins with a slash or has empty, `.` or `..` segments is that of no file");
    say(is_wild && pattern.starts_with('/'), "paths of files do not begin with a slash, so that this matches none");
    found
}

fn double_stars(pattern: &str) -> bool {
    // A third star is the beginning of the next pair.
    pattern.match_indices("**").any(|(at, _)| !pattern[at + 2..].starts_with('/'))
}

fn inner_directories(pattern: &str) -> bool {
    pattern.match_indices("**/").any(|(at, _)| !pattern[..at].is_empty() && !pattern[..at].ends_with(['/', '*']))
}

/// Choices in braces that are no choices, or none of what they seem to be.
fn choices(pattern: &str, say: &mut impl FnMut(bool, &str)) {
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let inner = &rest[open + 1..];
        let Some(end) = inner.find('}') else {
            say(true, "a brace that is not closed makes a choice between all that comes after it");
            return;
        };
        let choice = &inner[..end];
        say(choice.is_empty(), "`{}` means a closing brace");
        say(choice.contains('{'), "braces within braces mean themselves");
        say(choice.contains('*'), "a star within braces means itself");
        rest = &inner[end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn the_usual_patterns_are_read_as_usual() {
        for pattern in ["a/b.yaml", "a/*.yaml", "a/**/*.yaml", "a/**/*-{b,c}*.yaml", "**/x", "*", "a/$b*/c"] {
            assert_eq!(differences(pattern), [""; 0], "{pattern}");
        }
    }

    #[test]
    fn what_is_read_otherwise_is_told() {
        let cases = [
            ("a/{b,c}.yaml", "braces"),
            ("a/?*", "`?`"),
            ("a/*[0-9]", "`[…]`"),
            ("a\\*", "backslash"),
            ("a/**", "no slash follows"),
            ("a/**.yaml", "no slash follows"),
            ("a**/x", "within a name"),
            ("*{a", "not closed"),
            ("*{}", "closing brace"),
            ("*{{a,b},c}", "within braces mean"),
            ("{a*,b}", "star within"),
            ("~/*", "environment"),
            ("a/$HOME/*", "environment"),
            ("./a", "no file"),
            ("/a/*", "slash"),
        ];
        for (pattern, words) in cases {
            let said = differences(pattern);
            assert!(said.iter().any(|said| said.contains(words)), "{pattern}: {said:?}");
        }
    }
}
