//! Findings for people: what, where with the line, why, and what to do.

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
    let place = match (&line, finding.line) {
        (Some((text, span)), number) => Element::from(
            Source::source(text.as_str())
                .line_start(number)
                .path(finding.file.as_str())
                .annotation(AnnotationKind::Primary.span(span.clone())),
        ),
        (None, 0) => Element::from(Origin::path(finding.file.as_str())),
        (None, number) => Element::from(Origin::path(finding.file.as_str()).line(number).char_column(finding.column)),
    };
    let mut group = Group::with_title(mark.primary_title(finding.message.as_str()).id(finding.rule)).element(place);
    if let Some(why) = &finding.why {
        group = group.element(Mark::NOTE.message(why.as_str()));
    }
    if let Some(fix) = &finding.fix {
        group = group.element(Mark::HELP.message(fix.as_str()));
    }
    renderer.render(&[group]).to_string()
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
