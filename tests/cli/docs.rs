//! The pages say what is there: the files that they name exist, and so do the tests. Links are the matter of `site::links`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name)).into();
    below(&root().join("docs"), "md", &mut found);
    found
}

fn below(directory: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, extension, found);
        } else if path.extension().is_some_and(|has| has == extension) {
            found.push(path);
        }
    }
}

#[test]
fn paths_in_the_pages_exist() {
    let mut gone = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for (at, code) in text.split('`').enumerate() {
            let ours = ["src/", "tests/", "testdata/", "docs/", "benches/"].iter().any(|start| code.starts_with(start));
            let pattern = code.contains(['*', '<', ' ', '…', '{', '\n']) || code.chars().any(char::is_uppercase);
            if at % 2 == 1 && ours && !pattern && !root().join(code.split(':').next().unwrap()).exists() {
                gone.push(format!("{}: {code}", page.display()));
            }
        }
    }
    assert!(gone.is_empty(), "{}", gone.join("\n"));
}

#[test]
fn every_row_on_compatibility_names_tests_that_exist() {
    let mut sources = Vec::new();
    below(&root().join("src"), "rs", &mut sources);
    below(&root().join("tests"), "rs", &mut sources);
    let tests: BTreeSet<String> = sources
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let names = text.split("#[test]").skip(1).filter_map(|rest| rest.split("fn ").nth(1)?.split('(').next());
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let page = fs::read_to_string(root().join("docs/compatibility.md")).unwrap();
    let rows = |mark: &str| -> Vec<String> {
        let table = page.split(mark).nth(1).expect("the tables are marked");
        let rows: Vec<_> = table.lines().filter(|line| line.starts_with("| ")).skip(1).map(str::to_owned).collect();
        assert!(rows.len() > 5, "the table was not found");
        rows
    };
    for row in [rows("<!-- differences -->"), rows("<!-- agreements -->")].concat() {
        let cell = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        let named: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test in: {row}");
        for name in named {
            let name = name.rsplit("::").next().unwrap();
            assert!(tests.contains(name), "there is no test `{name}`, named in: {row}");
        }
    }
}
