//! As much of Markdown as the pages are read for: headings, links, fences, tables.

use regex::Regex;

/// A block of code.
pub struct Fence<'t> {
    /// What stands behind the backticks: `console`, `sh`, `text`, or nothing.
    pub kind: &'t str,
    pub body: &'t str,
}

/// The blocks of code in a page.
pub fn fences(page: &str) -> Vec<Fence<'_>> {
    let pattern = Regex::new(r"(?ms)^```(\w*)\n(.*?)^```$").unwrap();
    let fence = |found: regex::Captures<'_>| (found.get(1).unwrap().range(), found.get(2).unwrap().range());
    let ranges = pattern.captures_iter(page).map(fence);
    ranges.map(|(kind, body)| Fence { kind: &page[kind], body: &page[body] }).collect()
}

/// A page without its blocks of code and without code in lines.
pub fn prose(page: &str) -> String {
    let blocks = Regex::new(r"(?ms)^```.*?^```$").unwrap();
    let code = Regex::new("`[^`\n]*`").unwrap();
    let page = blocks.replace_all(page, "");
    code.replace_all(&page, "code").into_owned()
}

/// Where the links and pictures of a page lead.
pub fn links(page: &str) -> Vec<String> {
    let inline = Regex::new(r#"\]\(\s*<?([^)>\s]+)>?(?:\s+"[^"]*")?\s*\)"#).unwrap();
    let reference = Regex::new(r"(?m)^\[[^\]]+\]:\s*(\S+)").unwrap();
    let prose = prose(page);
    let mut found: Vec<String> = inline.captures_iter(&prose).map(|link| link[1].to_owned()).collect();
    found.extend(reference.captures_iter(&prose).map(|link| link[1].to_owned()));
    found
}

/// The names of the headings, as GitHub and mdBook make them for links.
pub fn anchors(page: &str) -> Vec<String> {
    let blocks = Regex::new(r"(?ms)^```.*?^```$").unwrap();
    let heading = Regex::new(r"(?m)^#{1,6} +(.*?)\s*$").unwrap();
    let page = blocks.replace_all(page, "");
    let mut found: Vec<String> = Vec::new();
    for title in heading.captures_iter(&page) {
        let kept = title[1].to_lowercase();
        let kept: String = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect();
        let name = kept.replace(' ', "-");
        let before = found.iter().filter(|other| **other == name).count();
        found.push(if before == 0 { name } else { format!("{name}-{before}") });
    }
    found
}

/// The part of a page from a heading of the second rank to the next one.
#[track_caller]
pub fn section<'p>(page: &'p str, title: &str) -> &'p str {
    let start = format!("\n## {title}\n");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no heading `## {title}`"));
    rest.split("\n## ").next().unwrap()
}

/// The cells of the rows of the tables in a part of a page, without their heads.
pub fn rows(part: &str) -> Vec<Vec<&str>> {
    let mut rows = Vec::new();
    let mut lines = part.lines().peekable();
    while let Some(line) = lines.next() {
        let head = lines.peek().is_some_and(|next| next.starts_with("|--"));
        if line.starts_with("| ") && !head {
            rows.push(line.trim_matches('|').split('|').map(str::trim).collect());
        }
    }
    rows
}

/// What stands between backticks.
pub fn code(part: &str) -> Vec<&str> {
    part.split('`').skip(1).step_by(2).collect()
}

#[test]
fn anchors_are_those_of_github() {
    let page = "# A `b`: c\n\n```sh\n# not one\n```\n## What it's for?\n## A b c\n";
    assert_eq!(anchors(page), ["a-b-c", "what-its-for", "a-b-c-1"]);
}

#[test]
fn links_in_code_are_none() {
    let page = "[a](b.md#c) `[d](e)`\n```text\n[f](g)\n```\n[h]: i.md\n";
    assert_eq!(links(page), ["b.md#c", "i.md"]);
}
