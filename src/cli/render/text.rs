//! Findings for people: what, where with the line, why, and what to do.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Element, Group, Level as Mark, Origin, Renderer, Snippet as Source};

use super::Level;
use crate::cli::terminal::Paint;
use crate::diagnostic::{Diagnostic, Severity, Snippet};

/// Characters of a line that are shown; some generated files have lines of megabytes.
const WIDTH: usize = 140;

/// The findings that the level shows, one after another.
pub fn findings(findings: &[Diagnostic], level: Level, paint: Paint) -> String {
    let renderer = match paint {
        Paint::Colours => Renderer::styled(),
        Paint::Plain => Renderer::plain(),
    };
    let mut out = String::new();
    for finding in findings.iter().filter(|finding| level.shows(finding)) {
        out.push_str(&one(finding, &renderer));
        out.push_str("\n\n");
    }
    out
}

fn one(finding: &Diagnostic, renderer: &Renderer) -> String {
    let mark = match finding.severity {
        Severity::Error => Mark::ERROR,
        Severity::Warning => Mark::WARNING,
    };
    let line = finding.snippet.as_ref().map(shown);
    let file = visible(&finding.file);
    let message = visible(&finding.message);
    let place = match (&line, finding.line) {
        (Some((text, span)), number) => Element::from(
            Source::source(text.as_str())
                .line_start(number)
                .path(&*file)
                .annotation(AnnotationKind::Primary.span(span.clone())),
        ),
        (None, 0) => Element::from(Origin::path(&*file)),
        (None, number) => Element::from(Origin::path(&*file).line(number).char_column(finding.column)),
    };
    let mut group = Group::with_title(mark.primary_title(&*message).id(finding.rule)).element(place);
    let why = finding.why.as_deref().map(visible);
    let fix = finding.fix.as_deref().map(visible);
    if let Some(why) = &why {
        group = group.element(Mark::NOTE.message(&**why));
    }
    if let Some(fix) = &fix {
        group = group.element(Mark::HELP.message(&**fix));
    }
    renderer.render(&[group]).to_string()
}

/// Control characters spelt out: what a file or its name holds must not reach the terminal as a command.
fn visible(text: &str) -> Cow<'_, str> {
    let harmful = |letter: char| letter.is_control() && letter != '\n';
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if harmful(letter) { out.extend(letter.escape_default()) } else { out.push(letter) }
    }
    Cow::Owned(out)
}

/// The part of a line to show, and where the offending part is in it.
fn shown(snippet: &Snippet) -> (String, std::ops::Range<usize>) {
    let text = &snippet.text;
    let floor = |at: usize| text.floor_char_boundary(at.min(text.len()));
    let (start, end) = (floor(snippet.start), floor(snippet.end.max(snippet.start)));
    let from = if start > WIDTH / 2 && text.len() > WIDTH { floor(start - WIDTH / 2) } else { 0 };
    let to = floor(from + WIDTH);
    let (start, end) = (start.max(from), end.clamp(start, to.max(start)));
    (text[from..to.max(end)].to_owned(), start - from..end - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "tests:\n- as: unit\n  comands: make test\n";

    #[test]
    fn a_finding_shows_its_line() {
        let finding =
            Diagnostic::of_file("ci-operator/config/o/r/o-r-main.yaml", "unknown-field", "unknown field `comands`")
                .at(TEXT, TEXT.find("comands").unwrap())
                .because("the reference ignores it, so the test has no commands")
                .fix("did you mean `commands`?");
        let expected = "\
error[unknown-field]: unknown field `comands`
 --> ci-operator/config/o/r/o-r-main.yaml:3:3
  |
3 |   comands: make test
  |   ^^^^^^^^^^^^^^^^^^
  |
  = note: the reference ignores it, so the test has no commands
  = help: did you mean `commands`?

";
        assert_eq!(findings(&[finding], Level::Warning, Paint::Plain), expected);
    }

    #[test]
    fn a_finding_about_a_whole_file_shows_its_name() {
        let mut finding =
            Diagnostic::of_file("ci-operator/jobs/o/r/x.yaml", "unknown-file-name", "the name says nothing");
        finding.severity = Severity::Warning;
        let shown = findings(std::slice::from_ref(&finding), Level::Warning, Paint::Plain);
        assert_eq!(shown, "warning[unknown-file-name]: the name says nothing\n--> ci-operator/jobs/o/r/x.yaml\n\n");
        assert_eq!(findings(&[finding], Level::Error, Paint::Plain), "");
    }

    #[test]
    fn a_line_of_megabytes_is_cut_around_the_place() {
        let text = format!("{}é: [{}", "k".repeat(1 << 20), "x".repeat(1 << 20));
        let finding = Diagnostic::of_file("f.yaml", "syntax", "here").at(&text, (1 << 20) + 4);
        let shown = findings(&[finding], Level::Warning, Paint::Plain);
        assert!(shown.len() < 1000, "{} bytes", shown.len());
        assert!(shown.contains("é: [x"), "{shown}");
    }

    #[test]
    fn terminal_codes_in_a_file_do_not_reach_the_terminal() {
        let text = "a: \u{1b}[31mred\u{7}\n";
        let finding = Diagnostic::of_file("f\u{1b}[2J.yaml", "syntax", "bad \u{1b}[2J text").at(text, 3);
        let shown = findings(&[finding], Level::Warning, Paint::Plain);
        assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
    }
}
