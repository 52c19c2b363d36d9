//! Paths inside a pod, compared without any file system.

/// The path from one directory to another, by names alone; an error where that cannot be said.
pub fn relative_path(from: &str, to: &str) -> Result<String, String> {
    let impossible = || format!("Rel: can't make {to} relative to {from}");
    let (start, target) = (parts(from), parts(to));
    if from.starts_with('/') != to.starts_with('/') {
        // Two paths that clean to the same are only possible here when both are relative.
        return Err(impossible());
    }
    let common = start.iter().zip(&target).take_while(|(left, right)| left == right).count();
    let (rest, way) = (start.get(common..).unwrap_or_default(), target.get(common..).unwrap_or_default());
    if rest.first() == Some(&"..") {
        return Err(impossible());
    }
    let steps: Vec<&str> = rest.iter().map(|_| "..").chain(way.iter().copied()).collect();
    Ok(if steps.is_empty() { ".".to_owned() } else { steps.join("/") })
}

/// The names of a path after `.` and `..` have been worked out where they can be.
fn parts(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            _ => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::relative_path;

    #[test]
    fn ways() {
        for (from, to, way) in [
            ("/a", "/a/b", "b"),
            ("/a/b", "/a", ".."),
            ("/a/b", "/a/c", "../c"),
            ("/a/", "/a/./b/../c//d", "c/d"),
            ("/", "/a", "a"),
            ("/../a", "/a", "."),
            ("a", "a/b", "b"),
            ("", "a", "a"),
            (".", "..", ".."),
            ("/a", "/a/..b", "..b"),
        ] {
            assert_eq!(relative_path(from, to).as_deref(), Ok(way), "{from} {to}");
        }
    }

    #[test]
    fn no_way() {
        for (from, to) in [("/a", "b"), ("a", "/b"), ("..", "a"), ("", "/a")] {
            assert!(relative_path(from, to).is_err(), "{from} {to}");
        }
    }
}
