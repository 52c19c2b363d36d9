//! Where a check is looking, as a chain of borrowed links on the stack.
//!
//! Checks walk a good configuration far more often than a bad one, so a [`Place`] costs nothing until a violation is
//! found: then it becomes the key path of the value ([`Place::path`]) and the text the reference uses for the place
//! (its `Display`). The two differ in a few places, because the reference leaves out or renames some keys in its texts;
//! the links that do so are [`Place::silent`] and [`Place::renamed`].

use std::fmt;

use crate::diagnostic::{KeyPath, Segment};

/// A place in a configuration.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    outer: Option<&'a Place<'a>>,
    link: Link<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Link<'a> {
    /// Where the path begins; the text may begin with a name of its own.
    Root(&'a str),
    Key(&'a str),
    /// A key of a map whose keys are the author's, in brackets in the text.
    Entry(&'a str),
    Item(usize),
    /// A position that the text does not show.
    SilentItem(usize),
    /// A key that the text does not show.
    Silent(&'a str),
    /// A key itself, which the text does not show.
    Name(&'a str),
    /// A key that the text shows under another name.
    Renamed {
        key: &'a str,
        shown: &'a str,
    },
}

impl<'a> Place<'a> {
    /// The whole document.
    pub const ROOT: Place<'static> = Place { outer: None, link: Link::Root("") };

    /// The whole document, called `name` in texts.
    pub fn named(name: &'a str) -> Self {
        Self { outer: None, link: Link::Root(name) }
    }

    /// Under a key.
    pub fn key<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { outer: Some(self), link: Link::Key(key) }
    }

    /// Under a key the author chose.
    pub fn entry<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { outer: Some(self), link: Link::Entry(key) }
    }

    /// At a position of a list.
    pub fn item(&self, index: usize) -> Place<'_> {
        Place { outer: Some(self), link: Link::Item(index) }
    }

    /// At a position that texts leave out.
    pub fn silent_item(&self, index: usize) -> Place<'_> {
        Place { outer: Some(self), link: Link::SilentItem(index) }
    }

    /// Under a key that texts leave out.
    pub fn silent<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { outer: Some(self), link: Link::Silent(key) }
    }

    /// At a key itself, where that is what is wrong; texts leave it out.
    pub fn name<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { outer: Some(self), link: Link::Name(key) }
    }

    /// Under a key that texts call `shown`.
    pub fn renamed<'b>(&'b self, key: &'b str, shown: &'b str) -> Place<'b> {
        Place { outer: Some(self), link: Link::Renamed { key, shown } }
    }

    /// The key path of the place.
    pub fn path(&self) -> KeyPath {
        let mut segments = Vec::new();
        let mut next = Some(self);
        while let Some(place) = next {
            match place.link {
                Link::Root(_) => {}
                Link::Key(key) | Link::Entry(key) | Link::Silent(key) | Link::Renamed { key, .. } => {
                    segments.push(Segment::Key(key.to_owned()));
                }
                Link::Name(key) => segments.push(Segment::Name(key.to_owned())),
                Link::Item(index) | Link::SilentItem(index) => segments.push(Segment::Item(index)),
            }
            next = place.outer;
        }
        segments.reverse();
        KeyPath(segments)
    }

    fn shows_nothing(&self) -> bool {
        match self.link {
            Link::Root(name) => name.is_empty(),
            Link::Silent(_) | Link::SilentItem(_) | Link::Name(_) => self.outer.is_none_or(Place::shows_nothing),
            _ => false,
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            outer.fmt(out)?;
        }
        let first = self.outer.is_none_or(Place::shows_nothing);
        match self.link {
            Link::Root(name) => out.write_str(name),
            Link::Key(key) | Link::Renamed { shown: key, .. } if first => out.write_str(key),
            Link::Key(key) | Link::Renamed { shown: key, .. } => write!(out, ".{key}"),
            Link::Entry(key) => write!(out, "[{key}]"),
            Link::Item(index) => write!(out, "[{index}]"),
            Link::Silent(_) | Link::SilentItem(_) | Link::Name(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn text_and_path_differ_only_where_asked() {
        let root = Place::ROOT;
        let (tests, images) = (root.key("tests"), root.key("images"));
        let test = tests.item(2);
        let (steps, literal) = (test.silent("steps"), test.renamed("literal_steps", "steps"));
        assert_eq!(steps.key("pre").item(0).to_string(), "tests[2].pre[0]");
        assert_eq!(steps.key("pre").item(0).path().to_string(), "tests[2].steps.pre[0]");
        assert_eq!(literal.key("pre").to_string(), "tests[2].steps.pre");
        assert_eq!(literal.key("pre").path().to_string(), "tests[2].literal_steps.pre");
        assert_eq!(images.silent("items").item(1).to_string(), "images[1]");
        assert_eq!(root.key("base_images").entry("a.b").to_string(), "base_images[a.b]");
        assert_eq!(Place::named("my-step").key("leases").to_string(), "my-step.leases");
        assert_eq!(root.silent("ref").key("from").to_string(), "from");
    }
}
