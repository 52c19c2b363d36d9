//! Paths as text, joined and cleaned without looking at the disk.
//!
//! The reference spells every path the way Go's `filepath.Join` does, and the drop-in programs compare such spellings
//! with what git prints, so the spelling matters.

/// Joins two parts and cleans the result: no doubled slash, no `.`, no `..` that can be taken back.
pub fn join(left: &str, right: &str) -> String {
    match (left, right) {
        ("", "") => String::new(),
        ("", only) | (only, "") => clean(only),
        // Nearly all are made of names that a walk found, tens of thousands of times.
        _ if are_names(left.strip_prefix('/').unwrap_or(left)) && are_names(right) => [left, "/", right].concat(),
        _ => clean(&format!("{left}/{right}")),
    }
}

/// Whether there is nothing to clean.
fn are_names(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The shortest spelling of a path; `.` for nothing.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The last element of a path.
pub fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Everything before the last element; nothing for a path of one.
pub fn directory(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..slash])
}

/// Whether a path is a directory or lies below it; everything lies below the empty one.
pub fn is_within(path: &str, directory: &str) -> bool {
    directory.is_empty() || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The extension with its dot: everything from the last dot of the last element, so `.yaml` is all extension.
pub fn extension(path: &str) -> &str {
    let base = base(path);
    base.rfind('.').map_or("", |dot| &base[dot..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_as_the_reference_spells_paths() {
        for (path, expected) in [
            ("", "."),
            ("a//b/./c/", "a/b/c"),
            ("./a", "a"),
            ("a/../..", ".."),
            ("../../x", "../../x"),
            ("/../x", "/x"),
            ("/", "/"),
        ] {
            assert_eq!(clean(path), expected, "{path:?}");
        }
    }

    #[test]
    fn joins_like_the_reference() {
        assert_eq!(join("config", ""), "config");
        assert_eq!(join("./config/", "/openshift"), "config/openshift");
        assert_eq!(join("", "openshift/"), "openshift");
        assert_eq!(join("", ""), "");
        assert_eq!(join("a/b", "../c"), "a/c");
        assert_eq!(join("/a/b", "c"), "/a/b/c");
        assert_eq!(join("/", "c"), "/c");
        assert_eq!(join("//a", "c"), "/a/c");
        assert_eq!(join("a/.", "c/./d"), "a/c/d");
        assert_eq!(join("a", "c/"), "a/c");
    }

    #[test]
    fn what_lies_within_a_directory_has_its_whole_name() {
        for (path, directory, expected) in
            [("a/b", "", true), ("a/b", "a", true), ("a/b", "a/b", true), ("a/bc", "a/b", false), ("a", "a/b", false)]
        {
            assert_eq!(is_within(path, directory), expected, "{path:?} in {directory:?}");
        }
        assert_eq!((directory("a/b/c"), directory("a")), ("a/b", ""));
    }

    #[test]
    fn an_extension_starts_at_the_last_dot_of_the_name() {
        assert_eq!(extension("a.b/c"), "");
        assert_eq!(extension("a/.yaml"), ".yaml");
        assert_eq!(extension("a/b-4.10.yaml"), ".yaml");
    }
}
