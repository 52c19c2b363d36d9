//! The site has every page: `docs/SUMMARY.md`, from which mdBook makes the table of contents, leaves none out.
//!
//! The pages of rules are listed in the order of `docs/rules/README.md`; `UPDATE_DOCS=1 cargo test --test cli site::` writes them anew.

use std::collections::BTreeSet;

use super::{files, markdown, root, text};

/// Before the list of rules, and after it.
const MARKS: (&str, &str) = ("- [Rules](rules/README.md)\n", "\n# Inside\n");

#[test]
fn the_rules_are_those_of_their_list() {
    let summary = text("docs/SUMMARY.md");
    let (before, rest) = summary.split_once(MARKS.0).expect("the entry of the list of rules");
    let (_, after) = rest.split_once(MARKS.1).expect("the heading after the rules");
    let rules = text("docs/rules/README.md");
    let mut listed = BTreeSet::new();
    let entries: String = markdown::rows(&rules)
        .into_iter()
        .filter_map(|row| Some(row[0].split_once("](")?.1.trim_end_matches(')').to_owned()))
        .filter(|page| listed.insert(page.clone()))
        .map(|page| format!("  - [{}](rules/{page})\n", page.trim_end_matches(".md")))
        .collect();
    let current = format!("{before}{}{entries}{}{after}", MARKS.0, MARKS.1);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join("docs/SUMMARY.md"), &current).unwrap();
    }
    assert!(listed.len() > 300, "{} rules", listed.len());
    assert!(summary == current, "docs/SUMMARY.md is out of date: UPDATE_DOCS=1 cargo test --test cli site::");
}

#[test]
fn every_page_is_in_it_once() {
    let listed = markdown::links(&text("docs/SUMMARY.md"));
    let mut left: BTreeSet<String> = files("docs", ".md").into_iter().collect();
    left.remove("docs/SUMMARY.md");
    for page in listed {
        assert!(left.remove(&format!("docs/{page}")), "{page} is not there, or listed twice");
    }
    assert!(left.is_empty(), "docs/SUMMARY.md lacks {left:?}");
}

/// mdBook calls a page `README.md` index.html, and links to it lead there only by a redirect.
#[test]
fn links_to_a_readme_are_redirected() {
    let book: toml::Value = toml::from_str(&text("book.toml")).unwrap();
    let redirects = book["output"]["html"]["redirect"].as_table().unwrap();
    let pages = files("docs", "README.md");
    assert_eq!(redirects.len(), pages.len(), "{redirects:?}");
    for page in pages {
        let from = page.replace("docs/", "/").replace(".md", ".html");
        assert_eq!(redirects[&from].as_str(), Some("index.html"), "{page}");
    }
}
