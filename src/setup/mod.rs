//! What puts Cutwater to use in a release repository: files to write, and how they get along with what is there.
//!
//! Each [`Piece`] is a file of its own, a few lines in a file of somebody else's, or an entry in one. [`Piece::settle`] takes
//! what is there and says what becomes of it. What we wrote carries a mark with a digest of itself, so that it is brought up to
//! date as long as nobody changed it, and left alone from then on; see [`mark`]. Nothing here knows paths of a machine, git or
//! who asks.

pub mod entry;
pub mod mark;
pub mod presubmit;

/// What `make` needs, a file of its own.
pub const MAKEFILE_FRAGMENT: &str = include_str!("../../integrations/release-repo/cutwater.mk");
/// The hook of git that runs before a commit.
pub const PRE_COMMIT: &str = include_str!("../../integrations/release-repo/pre-commit");
/// The hook of git that runs when a merge without conflicts is about to be committed.
pub const PRE_MERGE_COMMIT: &str = include_str!("../../integrations/release-repo/pre-merge-commit");
/// A job file with the presubmit that checks changes.
pub const PRESUBMIT: &str = include_str!("../../integrations/release-repo/presubmit.yaml");

/// Something to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The file, below the release repository; for hooks, below the directory of git's hooks.
    pub path: String,
    /// What of it is ours.
    pub content: Content,
}

/// What of a file is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole(String),
    /// These lines; nothing is written when one of the file's own lines says the same already.
    Lines {
        /// The lines, each with its end.
        lines: String,
        /// Words of a line that makes ours needless.
        unless: &'static [&'static str],
    },
    /// A hook in the configuration of pre-commit.
    PreCommitHook {
        /// Where the release repository lies in its checkout; empty for the top.
        below: String,
    },
    /// A presubmit in a job file.
    Presubmit(presubmit::Presubmit),
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is as it should be.
    Same,
    /// It gets this text.
    Written(String),
    /// It stays as it is; what is missing, and why it is not written.
    Kept(String),
}

impl Piece {
    /// A file that is ours.
    pub fn whole(path: impl Into<String>, text: &str) -> Self {
        Self { path: path.into(), content: Content::Whole(text.to_owned()) }
    }

    /// Lines in a file of somebody else's.
    pub fn lines(path: impl Into<String>, lines: impl Into<String>, unless: &'static [&'static str]) -> Self {
        Self { path: path.into(), content: Content::Lines { lines: lines.into(), unless } }
    }

    /// What becomes of a file with this text, or of none.
    pub fn settle(&self, there: Option<&str>) -> Settled {
        match &self.content {
            Content::Whole(text) => mark::file(text, there),
            Content::Lines { lines, unless } => mark::block(lines, unless, there),
            Content::PreCommitHook { below } => entry::pre_commit_hook(below, there),
            Content::Presubmit(presubmit) => presubmit.settle(there),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Vec<Piece> {
        vec![
            Piece::whole("cutwater.mk", MAKEFILE_FRAGMENT),
            Piece::whole("pre-commit", PRE_COMMIT),
            Piece::lines("Makefile", "include cutwater.mk\n", &["include cutwater.mk"]),
            Piece { path: ".pre-commit-config.yaml".into(), content: Content::PreCommitHook { below: String::new() } },
            Piece {
                path: "jobs.yaml".into(),
                content: Content::Presubmit(presubmit::Presubmit {
                    org: "acme".into(),
                    repo: "release".into(),
                    branch: "main".into(),
                    image: "example.com/cutwater:1".into(),
                    below: String::new(),
                }),
            },
        ]
    }

    #[test]
    fn what_was_written_is_written_once() {
        for piece in pieces() {
            let Settled::Written(text) = piece.settle(None) else { panic!("{}", piece.path) };
            assert_eq!(piece.settle(Some(&text)), Settled::Same, "{}: {text}", piece.path);
        }
    }

    #[test]
    fn what_was_changed_by_hand_stays() {
        for piece in pieces() {
            let Settled::Written(text) = piece.settle(None) else { panic!("{}", piece.path) };
            let changed = text.replacen('\n', "\n# mine\n", 1);
            assert!(!matches!(piece.settle(Some(&changed)), Settled::Written(_)), "{}: {changed}", piece.path);
        }
    }
}
