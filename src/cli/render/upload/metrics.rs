//! Metrics of a run in the text format of Prometheus, for a node exporter's directory or a push gateway.

use std::fmt::Write;

use super::pages::Done;
use super::record::words;

/// The metrics.
pub fn text(done: &Done<'_>) -> String {
    let mut page = String::new();
    let source = escaped(&done.pages.source);
    let mut one = |name: &str, kind: &str, help: &str, value: f64| {
        let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name}{{source=\"{source}\"}} {value}");
    };
    let entries = &done.record.entries;
    let sum = |what: fn(&crate::run::upload::Entry) -> u32| entries.values().map(what).map(f64::from).sum::<f64>();
    one(
        "cutwater_upload_status",
        "gauge",
        "Exit status of the last run; 0 is success.",
        f64::from(done.record.status.code()),
    );
    #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
    let end = done.began as f64 + done.took.as_secs_f64();
    one("cutwater_upload_end_time_seconds", "gauge", "When the last run ended, in seconds since 1970.", end);
    one("cutwater_upload_duration_seconds", "gauge", "How long the last run took.", done.took.as_secs_f64());
    #[allow(clippy::cast_precision_loss, reason = "nobody has so many ConfigMaps")]
    one("cutwater_upload_config_maps", "gauge", "ConfigMaps that the last run looked at.", done.pages.looked_at as f64);
    one("cutwater_upload_writes", "gauge", "Writes of the last run that took place.", sum(|entry| entry.writes));
    one("cutwater_upload_attempts", "gauge", "Requests to write that the last run sent.", sum(|entry| entry.attempts));
    one(
        "cutwater_upload_conflicts",
        "gauge",
        "How often the last run planned a ConfigMap anew.",
        sum(|entry| entry.planned_again),
    );
    let size = "cutwater_upload_config_map_bytes";
    let _ = writeln!(page, "# HELP {size} Bytes of all values of a ConfigMap.\n# TYPE {size} gauge");
    for (id, planned) in &done.pages.maps {
        let is_through = entries.get(id).is_none_or(|entry| words(&entry.outcome).0 == "done");
        let load = if is_through { planned.after } else { planned.before };
        let (cluster, namespace, name) = (escaped(&id.cluster), escaped(&id.namespace), escaped(&id.name));
        let _ = writeln!(
            page,
            "{size}{{source=\"{source}\",cluster=\"{cluster}\",namespace=\"{namespace}\",name=\"{name}\"}} {}",
            load.values
        );
    }
    let failed = "cutwater_upload_config_map_failed";
    let _ = writeln!(page, "# HELP {failed} Whether the last run could not finish a ConfigMap.\n# TYPE {failed} gauge");
    for (id, entry) in entries {
        let (outcome, _) = words(&entry.outcome);
        let (cluster, namespace, name) = (escaped(&id.cluster), escaped(&id.namespace), escaped(&id.name));
        let _ = writeln!(
            page,
            "{failed}{{source=\"{source}\",cluster=\"{cluster}\",namespace=\"{namespace}\",name=\"{name}\",outcome=\"{outcome}\"}} {}",
            u8::from(outcome != "done")
        );
    }
    page
}

/// The value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
