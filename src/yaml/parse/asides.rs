//! What a text has besides the document that is read: comments, and further documents.

use super::scanner::Scanner;
use super::token::TokenKind;

/// Byte offsets of what a tree does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asides {
    /// Where comments begin, up to the end of the first document.
    pub comments: Vec<usize>,
    /// Where a second document begins.
    pub second_document: Option<usize>,
}

/// Looks for comments and further documents in a text that [`super::parse`] takes.
pub fn asides(text: &str) -> Asides {
    let mut scanner = Scanner::new(text);
    let (mut has_content, mut has_ended, mut second_document) = (false, false, None);
    while let Ok(token) = scanner.take() {
        match token.kind {
            TokenKind::StreamEnd => break,
            TokenKind::DocumentStart if has_content => second_document = Some(token.start),
            TokenKind::DocumentStart | TokenKind::Version(..) | TokenKind::TagDirective(..) => {}
            TokenKind::DocumentEnd => has_ended = true,
            _ if has_ended => second_document = Some(token.start),
            _ => has_content = true,
        }
        if second_document.is_some() {
            break;
        }
    }
    let is_before = |comment: &usize| second_document.is_none_or(|start| *comment < start);
    let comments = scanner.comments.iter().copied().filter(is_before).collect();
    Asides { comments, second_document }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments(text: &str) -> Vec<&str> {
        asides(text).comments.into_iter().map(|at| text[at..].lines().next().unwrap()).collect()
    }

    #[test]
    fn comments_are_found_and_what_looks_like_them_is_not() {
        let text = "# one\na: b#c # two\nd: 'x # y'\ne: |  # three\n  # text\n  f\n# four\ng: [h, # five\n  i]\n";
        assert_eq!(comments(text), ["# one", "# two", "# three", "# four", "# five"]);
        assert!(comments("a: b#c\nd: |\n  # e\n").is_empty());
    }

    #[test]
    fn a_second_document_is_found() {
        assert_eq!(asides("a: b\n---\nc: d # e\n").second_document, Some(5));
        assert_eq!(asides("---\na: b\n...\n").second_document, None);
        assert_eq!(asides("a: |\n  ---\n").second_document, None);
        assert_eq!(asides("# a\n---\nb: c\n").second_document, None);
    }
}
