//! Findings for people: what, where with the line, why, and what to do.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Element, Group, Level as Mark, Origin, Renderer, Snippet as Source};

use super::Level;
use crate::cli::terminal::Paint;
use crate::diagnostic::{Diagnostic, Related, Severity, Snippet};

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
    let message = visible(&finding.message);
    let place = Place::of(&finding.file, finding.line, finding.column, finding.snippet.as_ref());
    let mut group = Group::with_title(mark.primary_title(&*message).id(finding.rule))
        .element(place.element(AnnotationKind::Primary));
    let why = finding.why.as_deref().map(visible);
    let fix = finding.fix.as_deref().map(visible);
    if let Some(why) = &why {
        group = group.element(Mark::NOTE.message(&**why));
    }
    if let Some(fix) = &fix {
        group = group.element(Mark::HELP.message(&**fix));
    }
    if finding.answer.is_some() {
        group = group.element(Mark::HELP.message("`cutwater check --fix` does it"));
    }
    let related: Vec<_> =
        finding.related.iter().map(|other| (visible(&other.message), Place::of_related(other))).collect();
    let others = related
        .iter()
        .map(|(message, place)| Mark::NOTE.secondary_title(&**message).element(place.element(AnnotationKind::Context)));
    let rendered = renderer.render(&std::iter::once(group).chain(others).collect::<Vec<_>>()).to_string();
    let places = std::iter::once(&place).chain(related.iter().map(|(_, place)| place));
    places.fold(rendered, |rendered, place| place.in_whole_line(rendered))
}

/// A place as it is shown.
struct Place<'f> {
    file: Cow<'f, str>,
    line: usize,
    column: usize,
    text: Option<(String, std::ops::Range<usize>)>,
}

impl<'f> Place<'f> {
    fn of(file: &'f str, line: usize, column: usize, snippet: Option<&Snippet>) -> Self {
        Self { file: visible(file), line, column, text: snippet.map(shown) }
    }

    fn of_related(related: &'f Related) -> Self {
        Self::of(&related.file, related.line, related.column, related.snippet.as_ref())
    }

    /// With the column in the line as it is in the file, where only a part of it is shown.
    fn in_whole_line(&self, rendered: String) -> String {
        let Some((text, span)) = &self.text else { return rendered };
        let shown = text.get(..span.start).map_or(0, |before| before.chars().count()) + 1;
        if shown == self.column {
            return rendered;
        }
        let place = |column: usize| format!("{}:{}:{column}", self.file, self.line);
        rendered.replacen(&place(shown), &place(self.column), 1)
    }

    fn element(&self, kind: AnnotationKind) -> Element<'_> {
        match &self.text {
            Some((text, span)) => Element::from(
                Source::source(text.as_str())
                    .line_start(self.line)
                    .path(&*self.file)
                    .annotation(kind.span(span.clone())),
            ),
            None if self.line == 0 => Element::from(Origin::path(&*self.file)),
            None => Element::from(Origin::path(&*self.file).line(self.line).char_column(self.column)),
        }
    }
}

/// Control characters spelt out: what a file or its name holds must not reach the terminal as a command.
pub fn visible(text: &str) -> Cow<'_, str> {
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
    fn a_second_place_is_shown_below_the_first() {
        let at = |file: &str, message: &str| Diagnostic::of_file(file, "tag-promoted-twice", message).at("to: a\n", 4);
        let finding = at("a.yaml", "promoted twice").related(at("b.yaml", "promoted here as well")).fix("keep one");
        let expected = "\
error[tag-promoted-twice]: promoted twice
 --> a.yaml:1:5
  |
1 | to: a
  |     ^
  |
  = help: keep one
note: promoted here as well
 --> b.yaml:1:5
  |
1 | to: a
  |     -

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
        assert!(shown.contains("f.yaml:1:1048580\n"), "{shown}");
    }

    #[test]
    fn terminal_codes_in_a_file_do_not_reach_the_terminal() {
        let text = "a: \u{1b}[31mred\u{7}\n";
        let finding = Diagnostic::of_file("f\u{1b}[2J.yaml", "syntax", "bad \u{1b}[2J text").at(text, 3);
        let shown = findings(&[finding], Level::Warning, Paint::Plain);
        assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
    }
}
