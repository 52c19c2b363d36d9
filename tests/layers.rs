//! The layers point one way: a module uses only what stands above it in this table.
//!
//! The test reads every `crate::NAME` in the sources. A new module has to be put into the table, and into the one in
//! `src/lib.rs`; one that needs its neighbour has to move, or what both need moves up.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer and what it may use. Order is from the ground up.
const LAYERS: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("pattern", &["diagnostic"]),
    ("yaml", &["diagnostic"]),
    ("model", &["diagnostic", "yaml"]),
    ("validate", &["diagnostic", "yaml", "model"]),
    ("registry", &["diagnostic", "pattern", "yaml", "model", "validate"]),
    ("check", &["diagnostic", "pattern", "yaml", "model", "validate", "registry"]),
    ("lint", &["diagnostic", "pattern", "yaml", "model", "validate", "registry"]),
    ("generate", &["diagnostic", "yaml", "model", "validate", "registry"]),
    ("dispatch", &["diagnostic", "pattern", "yaml", "model"]),
    ("sanitize", &["diagnostic", "yaml", "model", "dispatch"]),
    ("shard", &["diagnostic", "pattern", "yaml", "model", "validate"]),
    ("prowcheck", &["diagnostic", "pattern", "yaml", "model", "generate", "shard"]),
    ("updater", &["diagnostic", "yaml", "model"]),
    ("upload", &["diagnostic", "yaml", "model", "updater"]),
    ("schema", &["yaml", "model"]),
    ("canonical", &["diagnostic", "yaml", "model"]),
    ("drift", &["diagnostic", "yaml"]),
    ("compare", &["diagnostic", "yaml", "model", "generate"]),
    ("merge", &["diagnostic", "yaml", "model", "generate", "canonical"]),
    ("fix", &["diagnostic", "yaml"]),
    ("settings", &["diagnostic"]),
    ("setup", &["model"]),
    ("files", &["diagnostic"]),
    ("cluster", &["diagnostic", "yaml", "updater", "upload"]),
    (
        "catalogue",
        &[
            "diagnostic",
            "pattern",
            "yaml",
            "validate",
            "registry",
            "check",
            "generate",
            "dispatch",
            "sanitize",
            "shard",
            "prowcheck",
            "updater",
            "canonical",
            "drift",
            "fix",
            "lint",
            "settings",
            "files",
        ],
    ),
    (
        "run",
        &[
            "diagnostic",
            "yaml",
            "model",
            "validate",
            "registry",
            "check",
            "generate",
            "dispatch",
            "sanitize",
            "shard",
            "prowcheck",
            "updater",
            "files",
            "canonical",
            "drift",
            "compare",
            "merge",
            "fix",
            "lint",
            "upload",
            "cluster",
            "catalogue",
        ],
    ),
    (
        "cli",
        &[
            "diagnostic",
            "compare",
            "schema",
            "merge",
            "settings",
            "setup",
            "files",
            "updater",
            "upload",
            "cluster",
            "catalogue",
            "run",
        ],
    ),
];

#[test]
fn no_module_uses_what_stands_below_it() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, layer) in sources() {
        let may = allowed.get(layer.as_str()).unwrap_or_else(|| panic!("{layer} is not in the table of layers"));
        for used in uses(&fs::read_to_string(&file).unwrap()) {
            if used != layer && !may.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}, and {layer} may not", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_exists_or_is_announced_nowhere() {
    let there: BTreeSet<String> = sources().into_iter().map(|(_, layer)| layer).collect();
    assert!(there.contains("cli") && there.contains("model"), "the sources were not found: {there:?}");
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for layer in &there {
        assert!(map.contains(&format!("pub mod {layer};")), "src/lib.rs does not declare {layer}");
        assert!(map.contains(&format!("[`{layer}`]")), "the map in src/lib.rs does not name {layer}");
    }
}

#[test]
fn the_table_has_no_way_back() {
    for (at, (layer, may)) in LAYERS.iter().enumerate() {
        for used in *may {
            assert!(
                LAYERS[..at].iter().any(|(lower, _)| lower == used),
                "{layer} may use {used}, which is not under it"
            );
        }
    }
}

#[test]
fn only_the_yaml_layer_names_a_yaml_crate_and_only_cli_names_clap() {
    for (file, layer) in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let names = |krate: &str| text.contains(&format!("use {krate}")) || text.contains(&format!("{krate}::"));
        for krate in ["saphyr", "saphyr_parser", "serde_yaml", "yaml_rust2"] {
            assert!(layer == "yaml" || !names(krate), "{} names {krate}", file.display());
        }
        assert!(layer == "cli" || !names("clap"), "{} names clap", file.display());
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file of the library but its root, with the layer it is in.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join("src")];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(root().join("src")).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if relative != "bin" {
                    open.push(path);
                }
            } else if relative.ends_with(".rs") && relative != "lib.rs" {
                let layer = relative.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
                found.push((path, layer));
            }
        }
    }
    found.sort();
    found
}

/// The modules named after `crate::` in the code, comments left out.
fn uses(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(top_level_names(group));
        } else {
            found.extend(name(rest));
        }
    }
    // Macros are exported at the root and belong to the layer that defines them.
    if found.remove("record") {
        found.insert("yaml".to_owned());
    }
    found
}

/// The first names of the items of `{a::b, c::{d, e}}`.
fn top_level_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            letter if start && !letter.is_whitespace() => {
                names.extend(name(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    names
}

fn name(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

#[test]
fn uses_are_found_in_every_spelling() {
    let text =
        "use crate::yaml::tree;\nuse crate::{model::{a, b}, registry};\n// crate::cli\nlet x = crate::run::jobs();";
    assert_eq!(Vec::from_iter(uses(text)), ["model", "registry", "run", "yaml"]);
}
