//! Links in the pages lead somewhere: to a file that is there and to a heading in it, and on the site to a page of the site.

use std::path::{Path, PathBuf};

use super::{files, markdown, root, text};

/// Pages that are read in the sources only, where links may lead to any file.
const BESIDE_THE_SITE: [&str; 4] = ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "deploy/README.md"];

fn pages() -> Vec<String> {
    let mut pages = files("docs", ".md");
    pages.extend(BESIDE_THE_SITE.map(str::to_owned));
    pages.extend(files("integrations", ".md"));
    pages
}

/// Why a link leads nowhere, if it does.
fn dead(page: &str, link: &str) -> Option<String> {
    if link.starts_with("https://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => PathBuf::from(page),
        _ => folded(&Path::new(page).parent().unwrap().join(path)),
    };
    let name = target.to_str().unwrap();
    if path.starts_with('/') || link.contains("://") {
        Some("is neither relative nor https".to_owned())
    } else if !root().join(&target).exists() {
        Some("is not there".to_owned())
    } else if page.starts_with("docs/") && !(name.starts_with("docs/") && name.ends_with(".md")) {
        Some("is no page of the site; name the file as code".to_owned())
    } else if !anchor.is_empty() && !markdown::anchors(&text(name)).iter().any(|heading| heading == anchor) {
        Some("has no such heading".to_owned())
    } else {
        None
    }
}

/// A path without `..`.
fn folded(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            std::path::Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

#[test]
fn links_lead_somewhere() {
    let mut found = Vec::new();
    let mut looked_at = 0;
    for page in pages() {
        for link in markdown::links(&text(&page)) {
            looked_at += 1;
            found.extend(dead(&page, &link).map(|why| format!("{page}: {link} {why}")));
        }
    }
    assert!(looked_at > 400, "only {looked_at} links were found");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn dead_links_are_found() {
    for (link, why) in [
        ("nowhere.md", "is not there"),
        ("check.md#nothing-of-the-kind", "has no such heading"),
        ("#nothing-of-the-kind", "has no such heading"),
        ("../Cargo.toml", "is no page of the site"),
        ("http://example.com", "is neither"),
    ] {
        assert!(dead("docs/tour.md", link).is_some_and(|said| said.contains(why)), "{link}");
    }
    for link in ["check.md#settings", "rules/README.md", "#in-ci", "https://example.com"] {
        assert_eq!(dead("docs/tour.md", link), None);
    }
}
