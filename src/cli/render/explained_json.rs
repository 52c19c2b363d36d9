//! What `cutwater explain` says, as one JSON document, for other programs.

use serde_json::{Value, json};

use super::json::finding;
use crate::diagnostic::{Rule, Severity};
use crate::run::explain::page::{Decision, FilePage, Job, Origin, Place, What};

/// A rule.
pub fn rule(rule: &Rule) -> Value {
    json!({
        "subject": "rule",
        "id": rule.id,
        "severity": match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "summary": rule.summary,
        "why": rule.why,
        "fix": rule.fix,
    })
}

/// A file.
pub fn file(page: &FilePage) -> Value {
    let mut document = json!({
        "subject": "file",
        "file": page.file,
        "is_there": page.is_there,
        "config_maps": page.config_maps.iter().map(|it| json!({
            "name": it.name,
            "key": it.key,
            "packed": it.is_packed,
            "targets": it.targets,
            "pattern": it.pattern,
            "place": place(&it.place),
        })).collect::<Vec<_>>(),
        "owners": page.owners.as_ref().map(|owners| json!({ "file": owners.file, "approvers": owners.names })),
        "findings": page.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    let (kind, told) = what(&page.what);
    if let Value::Object(fields) = &mut document {
        fields.insert("kind".to_owned(), kind.into());
        if let Value::Object(more) = told {
            fields.extend(more);
        }
    }
    document
}

fn what(what: &What) -> (&'static str, Value) {
    match what {
        What::Config { identity, sources } => (
            "config",
            json!({
                "org": identity.org,
                "repo": identity.repo,
                "branch": identity.branch,
                "variant": identity.variant,
                "jobs": sources.iter().flat_map(|source| &source.jobs).map(job).collect::<Vec<_>>(),
            }),
        ),
        What::Jobs(jobs) => ("jobs", json!({ "jobs": jobs.iter().map(job).collect::<Vec<_>>() })),
        What::Registry(file) => (
            "registry",
            json!({
                "defines": { "kind": file.kind, "name": file.name },
                "used_by_all": file.by_all,
                "part_of": file.definitions.iter().map(|(kind, name)| json!({ "kind": kind, "name": name }))
                    .collect::<Vec<_>>(),
                "configs": file.configs.iter().map(|(file, tests)| json!({ "file": file, "tests": tests }))
                    .collect::<Vec<_>>(),
                "repositories": file.repositories,
            }),
        ),
        What::Other(purpose) => ("other", json!({ "purpose": purpose })),
    }
}

/// The jobs of a name.
pub fn jobs(jobs: &[Job]) -> Value {
    json!({ "subject": "job", "jobs": jobs.iter().map(job).collect::<Vec<_>>() })
}

fn job(job: &Job) -> Value {
    json!({
        "name": job.name,
        "kind": job.kind.name(),
        "file": job.file,
        "place": job.place.as_ref().map(place),
        "origin": match &job.origin {
            Origin::Config { what, place: at } => json!({ "kind": "config", "what": what, "place": place(at) }),
            Origin::ByHand => json!({ "kind": "by-hand" }),
            Origin::Stale => json!({ "kind": "stale" }),
        },
        "cluster": job.placement.as_ref().and_then(|placement| placement.decision.cluster.clone()),
        "decision": job.placement.as_ref().map(|placement| decision(&placement.decision)),
        "stated_cluster": job.placement.as_ref().and_then(|placement| placement.stated.clone()),
        "without_cluster": job.placement.as_ref().and_then(|placement| placement.anew.as_ref().map(decision)),
    })
}

fn decision(decision: &Decision) -> Value {
    json!({
        "cluster": decision.cluster,
        "reason": decision.reason,
        "why": decision.why,
        "passed": decision.passed.iter().map(|answer| &*answer.text).collect::<Vec<_>>(),
    })
}

fn place(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "column": place.column })
}
