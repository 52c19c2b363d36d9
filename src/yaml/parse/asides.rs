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
    // Where a document begins that may turn out to be empty.
    let (mut has_begun, mut has_ended, mut next, mut second_document) = (false, false, None, None);
    while let Ok(token) = scanner.take() {
        match token.kind {
            TokenKind::StreamEnd => break,
            TokenKind::DocumentStart if has_begun => next = next.or(Some(token.start)),
            TokenKind::DocumentStart => has_begun = true,
            TokenKind::Version(..) | TokenKind::TagDirective(..) => {}
            TokenKind::DocumentEnd => has_ended = true,
            _ if has_ended || next.is_some() => {
                second_document = next.or(Some(token.start));
                break;
            }
            _ => has_begun = true,
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
        assert_eq!(asides("---\n---\nb: c\n").second_document, Some(4));
        assert_eq!(asides("a: b\n---\n---\nc: d\n").second_document, Some(5));
        assert_eq!(asides("a: b\n...\n---\nc: d\n").second_document, Some(9));
    }

    #[test]
    fn an_empty_document_is_none() {
        for text in ["a: b\n---\n", "a: b\n---", "a: b\n---\n...\n", "a: b\n...\n---\n---\n", "---\n", "---\n---\n"] {
            assert_eq!(asides(text).second_document, None, "{text:?}");
        }
        assert_eq!(comments("a: b\n---\n# what\n"), ["# what"]);
    }
}
