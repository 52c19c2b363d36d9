//! What becomes of a jobs directory's OWNERS: it mirrors the config directory's, byte for byte.
//!
//! Only repositories with generated jobs are looked at, and only where the config directory has an OWNERS; elsewhere
//! the jobs directory keeps what it has. Files above the repositories (of an org, or of all jobs) are nobody's mirror.

/// What to do with a jobs directory's OWNERS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnersChange<'t> {
    /// It stays as it is.
    Keep,
    /// It becomes this text.
    Write(&'t [u8]),
    /// Nobody is named on either side: the owners of the directory above decide, which deserves a warning.
    Missing,
}

/// Decides about one repository with generated jobs, from the OWNERS of its config directory and its jobs directory.
pub fn mirror<'t>(config: Option<&'t [u8]>, jobs: Option<&[u8]>) -> OwnersChange<'t> {
    match (config, jobs) {
        (Some(config), Some(jobs)) if config == jobs => OwnersChange::Keep,
        (Some(config), _) => OwnersChange::Write(config),
        (None, Some(_)) => OwnersChange::Keep,
        (None, None) => OwnersChange::Missing,
    }
}

/// Whose approval reaches a repository without OWNERS: the nearest directory above that has one. `directories` holds
/// those directories, `""` being the root.
pub fn nearest_owners(directory: &str, has_owners: impl Fn(&str) -> bool) -> Option<&str> {
    let mut at = directory;
    loop {
        if has_owners(at) {
            return Some(at);
        }
        if at.is_empty() {
            return None;
        }
        at = at.rfind('/').map_or("", |slash| &at[..slash]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_config_side_wins() {
        assert_eq!(mirror(Some(b"a"), Some(b"a")), OwnersChange::Keep);
        assert_eq!(mirror(Some(b"a"), Some(b"b")), OwnersChange::Write(b"a"));
        assert_eq!(mirror(Some(b"a"), None), OwnersChange::Write(b"a"));
        assert_eq!(mirror(None, Some(b"b")), OwnersChange::Keep);
        assert_eq!(mirror(None, None), OwnersChange::Missing);
    }

    #[test]
    fn the_nearest_directory_is_asked() {
        let has = |directory: &str| matches!(directory, "ci-operator/jobs/acme" | "");
        assert_eq!(nearest_owners("ci-operator/jobs/acme/web", has), Some("ci-operator/jobs/acme"));
        assert_eq!(nearest_owners("ci-operator/jobs/umbrella/web", has), Some(""));
        assert_eq!(nearest_owners("a/b", |_| false), None);
    }
}
