//! The one safe answer to a finding, and carrying answers out in a text.
//!
//! [`REMEDIES`] lists the rules that have one, with what is done and why it is safe; everything else needs a person.
//! [`Answers`] gives the answer to a finding about a text, [`apply()`] makes the edits of several answers, [`is_sound`] says
//! whether the result is the document that was meant and nothing else. Files are chosen and written by `run`.

mod answers;
mod apply;

pub use answers::Answers;
pub use apply::{Applied, apply, is_sound};

/// What is done about the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Part of the text is replaced.
    Edit,
    /// The file is generated again, or written in canonical form.
    Rewrite,
}

/// A rule whose findings have one safe answer, all or some of them.
#[derive(Clone, Copy, Debug)]
pub struct Remedy {
    /// The rule's id.
    pub rule: &'static str,
    /// See the type.
    pub kind: Kind,
    /// What is done, and when it is not; a sentence without its beginning, "`cutwater check --fix`".
    pub how: &'static str,
}

const fn edit(rule: &'static str, how: &'static str) -> Remedy {
    Remedy { rule, kind: Kind::Edit, how }
}

const fn rewrite(rule: &'static str, how: &'static str) -> Remedy {
    Remedy { rule, kind: Kind::Rewrite, how }
}

/// All rules with an answer, by id.
pub const REMEDIES: &[Remedy] = &[
    rewrite(
        "copied-metadata",
        "writes the metadata anew, by the path of the file, with the rest of it in canonical form",
    ),
    edit(
        "duplicate-key",
        "removes the value that has no effect, so that the file means what it means now; not where the two keys are spelt \
         differently, a comment would go with it, or it does not stand on lines of its own",
    ),
    rewrite("edited-job", "generates the file again; not where that would drop something else that its author wrote"),
    rewrite("missing-job", "generates the file again; not where that would drop something that its author wrote"),
    edit(
        "needless-go-repository",
        "removes the field, which changes nothing; not where a comment would go with it, or it does not stand on lines of \
         its own",
    ),
    rewrite(
        "stale-job",
        "generates the file again, without the job; not where that would drop something else that its author wrote",
    ),
    edit(
        "text-changes",
        "puts quotes around a number, as its author wrote it; not around booleans and nulls, which may be meant as what \
         they become",
    ),
    rewrite(
        "unformed-file",
        "writes the file in canonical form; not where that would drop something that its author wrote",
    ),
    rewrite("unformed-jobs", "generates the file again; not where that would drop something that its author wrote"),
    rewrite(
        "unplaced-job",
        "writes the file again, as tools make it; not where that would drop something that its author wrote",
    ),
    edit("yaml-type", "puts quotes around a number where a text has to be, as its author wrote it; nothing else"),
];

/// Rules about what canonical form does not keep. A file with such findings is not rewritten before a person, or an edit,
/// has seen to them.
pub const LOSSES: &[&str] =
    &["dropped-field", "duplicate-key", "lost-comment", "lost-document", "nanoseconds", "octal-number", "text-changes"];

/// What is done about findings of a rule; nothing where they need a person.
pub fn remedy(rule: &str) -> Option<&'static Remedy> {
    REMEDIES.iter().find(|remedy| remedy.rule == rule)
}
