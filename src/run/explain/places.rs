//! Places in one text, many of them: where its lines begin is found out once.

use super::page::Place;
use crate::diagnostic::KeyPath;
use crate::yaml::locate::locate;
use crate::yaml::parse::parse;
use crate::yaml::tree::Tree;

/// A file's text and tree.
pub struct Places<'t> {
    file: &'t str,
    text: &'t str,
    tree: Tree<'t>,
    /// Where lines begin.
    lines: Vec<usize>,
}

impl<'t> Places<'t> {
    /// Of a text; of one that is not YAML every place is its beginning.
    pub fn new(file: &'t str, text: &'t str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { file, text, tree: parse(text).unwrap_or_default(), lines: std::iter::once(0).chain(newlines).collect() }
    }

    /// The place of a value, or of the last on the way to it that is there.
    pub fn of(&self, path: &KeyPath) -> Place {
        let offset = self.text.floor_char_boundary(locate(&self.tree, path));
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|before| self.lines.get(before)).copied().unwrap_or_default();
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        Place { file: self.file.to_owned(), line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_where_findings_would_be() {
        let text = "a:\n- é: x\n  b: y\nc: 1";
        let places = Places::new("f", text);
        let tree = parse(text).unwrap();
        let root = KeyPath::root();
        for path in [root.key("a").item(0).key("é"), root.key("a").item(0).key("b"), root.key("c"), root.key("d")] {
            let finding = crate::diagnostic::Diagnostic::of_file("f", "", "").at(text, locate(&tree, &path));
            let place = places.of(&path);
            assert_eq!((place.line, place.column), (finding.line, finding.column), "{path}");
        }
    }
}
