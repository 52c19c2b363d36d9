//! The ways to write a ConfigMap, each with what is sent.
//!
//! A [`MapPlan`](super::MapPlan) makes one of itself (see [`super::body`]); who talks to servers sends it.

/// One way to write. Bodies are JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
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

impl Edit {
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
    pub fn is_guarded(&self) -> bool {
        // Within text quotes have a backslash before them, so that content is not mistaken for this.
        let guard: &[u8] = match self {
            Self::Create { .. } => return true,
            Self::Apply { .. } | Self::Replace { .. } => b"\"resourceVersion\":",
            Self::Patch { .. } => b"\"/metadata/resourceVersion\"",
        };
        self.body().windows(guard.len()).any(|part| part == guard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_no_guard() {
        let apply = |body: &str| Edit::Apply { manager: "m".into(), force: false, body: body.into() };
        assert!(apply(r#"{"metadata":{"name":"a","resourceVersion":"7"}}"#).is_guarded());
        assert!(!apply(r#"{"metadata":{"name":"a"},"data":{"a":"{\"resourceVersion\":\"7\"}"}}"#).is_guarded());
        assert!(Edit::Create { body: b"{}".into() }.is_guarded());
        assert!(!Edit::Replace { body: b"{}".into() }.is_guarded());
        let patch = |text: &str| Edit::Patch { json_patch: text.into() };
        assert!(patch(r#"[{"op":"test","path":"/metadata/resourceVersion","value":"7"}]"#).is_guarded());
        assert!(!patch(r#"[{"op":"remove","path":"/data/a"}]"#).is_guarded());
    }
}
