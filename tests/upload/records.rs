//! What a run leaves for machines: the record and the metrics, however it ends.

use std::fs;

use serde_json::{Value as Json, json};

use crate::support::Ran;
use crate::support::upload::{Repository, Site};

/// Applies with `--record` and `--metrics`, and gives both.
#[track_caller]
fn applied(repository: &Repository, arguments: &[&str]) -> (Ran, Json, String) {
    let both = ["apply", "--record=../record.json", "--metrics=../run.prom"];
    let ran = repository.upload(&[&both[..], arguments].concat());
    let read = |name: &str| {
        fs::read_to_string(repository.beside(name)).unwrap_or_else(|error| panic!("{name}: {error}: {ran:?}"))
    };
    let (record, metrics) = (serde_json::from_str(&read("record.json")).unwrap(), read("run.prom"));
    for name in ["record.json", "run.prom"] {
        fs::remove_file(repository.beside(name)).unwrap();
    }
    (ran, record, metrics)
}

#[track_caller]
fn is_noted(repository: &Repository, arguments: &[&str], status: i32) {
    let (ran, record, metrics) = applied(repository, arguments);
    assert_eq!(ran.status, status, "{ran:?}");
    assert_eq!((&record["status"], &record["source"]), (&json!(status), &json!("acme/release")), "{record:#}");
    let line = format!("\ncutwater_upload_status{{source=\"acme/release\"}} {status}\n");
    assert!(metrics.contains(&line), "{metrics}");
}

#[test]
fn a_run_that_is_refused_leaves_its_record_and_metrics() {
    let Some(site) = Site::simple() else { return };
    site.write_all(["etc/a"]);
    site.commit();
    is_noted(&site, &["--only=other"], 2);
    site.write("etc/a b", "x");
    site.commit();
    is_noted(&site, &[], 4);
    site.remove("etc/a b");
    site.write("etc/large", "x".repeat((1 << 20) + 1));
    site.commit();
    is_noted(&site, &[], 4);
    site.remove("etc/large");
    site.commit();
    assert_eq!(site.writes(), []);
    assert_eq!(site.upload(&["plan", "--out=../plan.json"]).status, 0);
    site.applied();
    is_noted(&site, &["--plan=../plan.json"], 6);
    is_noted(&site, &[], 0);
}

#[test]
fn what_was_done_counts_though_it_cannot_be_written_down() {
    let Some(site) = Site::simple() else { return };
    // A directory is no file.
    fs::create_dir(site.beside("gone")).unwrap();
    for (number, flags) in [["--record=../gone"], ["--metrics=../gone"]].iter().enumerate() {
        site.write("etc/a", number.to_string());
        let ran = site.apply(flags);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(
            ran.stderr.contains("error: what is told above stands, but ") && ran.stderr.contains("../gone"),
            "{ran:?}"
        );
        assert_eq!(site.texts("config")["a"], number.to_string());
    }
    site.write("etc/a b", "x");
    assert_eq!(site.apply(&["--record=../gone"]).status, 4);
}
