//! The writes there are, and what comes of one that succeeds.

use std::time::Duration;

/// One write. Bodies are JSON.
#[derive(Clone, Debug)]
pub enum Write {
    /// Server-side apply: creates the object where there is none.
    ///
    /// Always put `metadata.resourceVersion` and `metadata.uid` into the body for an object that was read: without them two
    /// writers under one manager's name undo each other's work without notice.
    Apply {
        /// Whose fields these are.
        manager: String,
        /// Whether fields of others are taken over.
        force: bool,
        /// The object, with the fields that the manager is to own and no others.
        body: Vec<u8>,
    },
    /// A new object; refused when there is one. Roles cannot limit it to a name.
    Create {
        /// The object.
        body: Vec<u8>,
    },
    /// The whole object in place of the one there.
    Replace {
        /// The object, with the resourceVersion that was read.
        body: Vec<u8>,
    },
    /// Single changes.
    Patch {
        /// A JSON patch; it should test the resourceVersion.
        json_patch: Vec<u8>,
    },
}

impl Write {
    /// The verb that a role has to allow.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Apply { .. } | Self::Patch { .. } => "patch",
            Self::Create { .. } => "create",
            Self::Replace { .. } => "update",
        }
    }

    /// What is sent.
    pub fn body(&self) -> &[u8] {
        match self {
            Self::Apply { body, .. } | Self::Create { body } | Self::Replace { body } => body,
            Self::Patch { json_patch } => json_patch,
        }
    }

    /// Whether sending it a second time is refused when the first time took place.
    pub(super) fn is_guarded(&self) -> bool {
        // Within text quotes have a backslash before them, so that content is not mistaken for this.
        let guard: &[u8] = match self {
            Self::Create { .. } => return true,
            Self::Apply { .. } | Self::Replace { .. } => b"\"resourceVersion\":",
            Self::Patch { .. } => b"\"/metadata/resourceVersion\"",
        };
        self.body().windows(guard.len()).any(|part| part == guard)
    }
}

/// What a write has led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The object's uid.
    pub uid: String,
    /// Its resourceVersion now.
    pub version: String,
    /// How often it was tried.
    pub attempts: u32,
    /// How long it took in all: requests, waits between them, and for its turn.
    pub waited: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_no_guard() {
        let apply = |body: &str| Write::Apply { manager: "m".into(), force: false, body: body.into() };
        assert!(apply(r#"{"metadata":{"name":"a","resourceVersion":"7"}}"#).is_guarded());
        assert!(!apply(r#"{"metadata":{"name":"a"},"data":{"a":"{\"resourceVersion\":\"7\"}"}}"#).is_guarded());
        assert!(Write::Create { body: b"{}".into() }.is_guarded());
        assert!(!Write::Replace { body: b"{}".into() }.is_guarded());
        let patch = |text: &str| Write::Patch { json_patch: text.into() };
        assert!(patch(r#"[{"op":"test","path":"/metadata/resourceVersion","value":"7"}]"#).is_guarded());
        assert!(!patch(r#"[{"op":"remove","path":"/data/a"}]"#).is_guarded());
    }
}
