//! Who writes: the name that a server records, the commit, and how far the writer may go.

use std::collections::BTreeSet;

use super::value::digest;

/// Who writes, and what for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// Whose files these are, `org/repo`. Two repositories may fill one ConfigMap.
    pub source: String,
    /// The commit that the files are of, when it is known.
    pub commit: Option<Commit>,
    /// When the commit is written under the key `VERSION`.
    pub version: VersionPolicy,
    /// Keys of others that may be written over.
    pub take_over: TakeOver,
    /// Whether an older commit may be written over a newer one.
    pub allow_rollback: bool,
}

/// A commit and its place in history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// When it was made, in seconds since 1970: of two of one branch the later has more.
    pub ordinal: u64,
}

/// When `VERSION` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersionPolicy {
    /// With any other change of the ConfigMap.
    #[default]
    OnChange,
    /// Whenever the commit is another, so that every commit writes every ConfigMap.
    Always,
    /// Not at all.
    Never,
}

/// Keys of others that may be written over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TakeOver {
    /// None.
    #[default]
    Nothing,
    /// Any.
    All,
    /// These.
    Keys(BTreeSet<String>),
}

impl TakeOver {
    /// Whether a key may be written over.
    pub fn covers(&self, key: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Keys(keys) => keys.contains(key),
        }
    }
}

/// The longest name of a field manager that Kubernetes takes.
const LONGEST_MANAGER: usize = 128;
/// So many digits tell sources apart whose names look alike.
const MARK: usize = 10;
/// The longest name of an annotation, without its prefix.
const LONGEST_NAME: usize = 63;

impl Writer {
    /// The field manager: what the server records as owner of our keys.
    pub fn manager(&self) -> String {
        let mut manager = format!("cutwater/{}", self.source);
        while manager.len() > LONGEST_MANAGER {
            manager.pop();
        }
        manager
    }

    /// The annotation that holds the commit of the last write from this source.
    pub fn annotation(&self) -> String {
        format!("upload.cutwater.dev/{}", self.annotation_name())
    }

    /// The annotation that names the ConfigMaps beside, see [`super::beside`].
    pub fn annotation_of_others(&self) -> String {
        format!("beside.upload.cutwater.dev/{}", self.annotation_name())
    }

    fn annotation_name(&self) -> String {
        let letter = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '.' };
        let name: String = self.source.chars().map(letter).collect();
        let name = name.trim_matches(['.', '-']);
        if name.len() <= LONGEST_NAME && name == self.source.replacen('/', ".", 1) {
            return name.to_owned();
        }
        // Two sources that are spelled alike but for letters that no name may have are two.
        let (kept, digits) = (LONGEST_NAME - MARK - 1, digest(self.source.as_bytes()));
        let name: String = name.chars().take(kept).collect();
        format!("{}.{}", name.trim_matches(['.', '-']), digits.get(..MARK).unwrap_or_default())
    }
}

impl Commit {
    /// A commit as the annotation has it.
    pub fn to_annotation(&self) -> String {
        format!("{} {}", self.ordinal, self.id)
    }

    /// Reads an annotation; nothing for one that is not ours.
    pub fn from_annotation(text: &str) -> Option<Self> {
        let (ordinal, id) = text.split_once(' ')?;
        Some(Self { id: id.to_owned(), ordinal: ordinal.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_what_kubernetes_takes() {
        let writer = |source: &str| Writer { source: source.into(), ..Writer::default() };
        assert_eq!(writer("openshift/release").manager(), "cutwater/openshift/release");
        assert_eq!(writer("openshift/release").annotation(), "upload.cutwater.dev/openshift.release");
        assert_eq!(writer(&"é".repeat(200)).manager().len(), 127);
        let alike = [writer("_o/r_"), writer("o/r"), writer("o/r_")].map(|writer| writer.annotation());
        assert_eq!(BTreeSet::from(alike.clone()).len(), 3, "{alike:?}");
        assert!(alike[0].starts_with("upload.cutwater.dev/o.r."), "{alike:?}");
        assert!(writer(&"long/".repeat(30)).annotation().len() <= "upload.cutwater.dev/".len() + 63);
    }

    #[test]
    fn commits_come_back_from_annotations() {
        let commit = Commit { id: "abc".into(), ordinal: 7 };
        assert_eq!(Commit::from_annotation(&commit.to_annotation()), Some(commit));
        assert_eq!(Commit::from_annotation("hand-written"), None);
    }
}
