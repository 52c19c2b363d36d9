//! Text to tree (for now through a crate; our own reader replaces it).

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::tree::{Kind, Raw, Style, Tree};

/// Why a text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in words a person can act on.
    pub message: String,
    /// Byte offset in the text where it shows.
    pub offset: usize,
}

/// Parses the first document of `text`.
pub fn parse(text: &str) -> Result<Tree<'_>, SyntaxError> {
    let mut tree = Tree::default();
    let mut open = Vec::new();
    let mut anchors = std::collections::BTreeMap::new();
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error| SyntaxError { message: error.info().to_owned(), offset: error.marker().index() })?;
        let at = u32::try_from(tree.nodes.len()).unwrap_or(u32::MAX);
        let mut node = |kind, style, text: Cow<'_, str>, end| {
            tree.nodes.push(Raw { kind, style, tagged: false, start: span.start.index() as u32, end, text: text.into_owned().into() });
        };
        let mut anchor = 0;
        match event {
            Event::Scalar(text, style, id, tag) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                // An absent node comes as a plain `~`.
                let text = if style == Style::Plain && span.start.index() == span.end.index() { "".into() } else { text };
                node(Kind::Scalar, style, text, at + 1);
                anchor = id;
                let _ = tag;
            }
            Event::SequenceStart(id, _) => {
                node(Kind::Sequence, Style::Plain, "".into(), 0);
                open.push(at);
                anchor = id;
            }
            Event::MappingStart(id, _) => {
                node(Kind::Mapping, Style::Plain, "".into(), 0);
                open.push(at);
                anchor = id;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(start) = open.pop() {
                    tree.nodes[start as usize].end = at;
                }
            }
            Event::Alias(id) => node(Kind::Alias, Style::Plain, "".into(), anchors.get(&id).copied().unwrap_or(0)),
            Event::DocumentEnd => break,
            _ => {}
        }
        if anchor > 0 {
            anchors.insert(anchor, at);
        }
    }
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::job::JobConfig;
    use crate::yaml::codec::{Strictness, read};

    #[test]
    fn reads_a_job_file() {
        let text = "presubmits:\n  o/r:\n  - name: a\n    labels:\n      k: v\n    spec:\n      containers:\n      - args: [x]\n";
        let tree = parse(text).unwrap();
        let jobs: JobConfig = read(&tree, Strictness::Lenient).unwrap();
        assert_eq!(jobs.presubmits["o/r"][0].job_base.name, "a");
    }
}
