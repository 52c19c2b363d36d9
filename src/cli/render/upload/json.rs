//! Plans as JSON, to read by machine and to carry out later.

use serde_json::{Value, json};

use crate::cli::render::json::finding;
use crate::run::upload::{Adoption, Manner, Survey, UploadOptions};
use crate::updater::ConfigMapId;
use crate::updater::load::Load;
use crate::upload::change::{Change, Stored};
use crate::upload::{MapPlan, Obstacle, TakeOver, VersionPolicy};

/// The version of this form.
const FORM: u32 = 1;

/// A survey: the plan, what it is for, and what was found.
pub fn survey(survey: &Survey, options: &UploadOptions) -> String {
    let mut page = serde_json::to_string_pretty(&whole(survey, options)).unwrap_or_default();
    page.push('\n');
    page
}

fn whole(survey: &Survey, options: &UploadOptions) -> Value {
    let (source, commit) = match &options.manner {
        Manner::Careful { writer, .. } => (writer.source.as_str(), writer.commit.as_ref().map(|commit| &*commit.id)),
        Manner::Bootstrap => ("", None),
    };
    let pending = survey.plan.maps.iter().filter(|(_, map)| map.is_pending());
    json!({
        "form": FORM,
        "source": source,
        "commit": commit,
        "flags": flags(options),
        "status": survey.refused.code(),
        "in_sync": survey.is_in_sync(),
        "config_maps": pending.map(|(id, map)| config_map(id, map, survey.plan.held.contains(id))).collect::<Vec<_>>(),
        "waves": survey.plan.waves.iter().map(|wave| wave.iter().map(|write| json!({
            "config_map": named(&write.id),
            "kept": write.kept,
            "after": write.after.iter().map(named).collect::<Vec<_>>(),
        })).collect::<Vec<_>>()).collect::<Vec<_>>(),
        "unread": survey.unread.iter().map(|(id, failure)| json!({
            "config_map": named(id),
            "error": failure.to_string(),
        })).collect::<Vec<_>>(),
        "skipped_clusters": survey.skipped,
        "unchanged_config_maps": survey.plan.maps.values().filter(|map| !map.is_pending()).count(),
        "findings": survey.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// What was said on how far writing may go.
fn flags(options: &UploadOptions) -> Value {
    let Manner::Careful { writer, allow_empty, is_lenient, .. } = &options.manner else { return Value::Null };
    json!({
        "take_over": match &writer.take_over {
            TakeOver::Nothing => json!([]),
            TakeOver::All => json!("all"),
            TakeOver::Keys(keys) => json!(keys),
        },
        "allow_rollback": writer.allow_rollback,
        "allow_empty": allow_empty,
        "compat": is_lenient,
        "version_key": match writer.version {
            VersionPolicy::OnChange => "on-change",
            VersionPolicy::Always => "always",
            VersionPolicy::Never => "never",
        },
        "only": options.only,
    })
}

/// A ConfigMap's place.
pub(super) fn named(id: &ConfigMapId) -> Value {
    json!({"cluster": id.cluster, "namespace": id.namespace, "name": id.name})
}

fn config_map(id: &ConfigMapId, map: &MapPlan, is_held: bool) -> Value {
    let mut page = named(id);
    page["action"] = json!(if map.basis.is_some() { "change" } else { "create" });
    page["uid"] = json!(map.basis.as_ref().map(|basis| &basis.uid));
    page["resource_version"] = json!(map.basis.as_ref().map(|basis| &basis.version));
    page["before"] = load(&map.before);
    page["after"] = load(&map.after);
    page["unchanged_keys"] = json!(map.unchanged);
    page["foreign_keys"] = json!(map.foreign);
    page["held"] = json!(is_held);
    page["obstacles"] = map.obstacles.iter().map(obstacle).collect();
    page["keys"] = map.changes.iter().map(|(key, it)| change(key, it)).collect();
    page
}

fn load(load: &Load) -> Value {
    let (limit, used) = load.tightest();
    json!({"values": load.values, "request": load.request, "stored": load.stored,
        "tightest": {"of": limit.of, "used": used, "most": limit.most}})
}

fn change(key: &str, change: &Change) -> Value {
    let stored =
        |stored: &Option<Stored>| stored.as_ref().map(|stored| json!({"bytes": stored.bytes, "sha256": stored.digest}));
    json!({
        "key": key,
        "action": change.kind.word(),
        "file": change.path,
        "before": stored(&change.before),
        "after": stored(&change.after),
        "elsewhere": change.elsewhere.as_ref().map(named),
        "owners": change.owners,
    })
}

fn obstacle(obstacle: &Obstacle) -> Value {
    match obstacle {
        Obstacle::Foreign { key, owners } => json!({"kind": "foreign", "key": key, "owners": owners}),
        Obstacle::OtherBag { key, owners } => json!({"kind": "other-bag", "key": key, "owners": owners}),
        Obstacle::Newer(commit) => json!({"kind": "newer", "commit": commit.id}),
        Obstacle::Unknown(commit) => json!({"kind": "unknown-commit", "commit": commit.id}),
        Obstacle::Immutable => json!({"kind": "immutable"}),
    }
}

/// How a saved plan differs from the one just made, in one line; an error when it is no plan.
pub fn difference(saved: &str, survey: &Survey, options: &UploadOptions) -> Result<Option<String>, String> {
    let saved: Value = serde_json::from_str(saved).map_err(|error| error.to_string())?;
    if saved.get("form").and_then(Value::as_u64) != Some(u64::from(FORM)) {
        return Err("its form is another one".into());
    }
    if saved["source"].as_str().is_none() || saved["config_maps"].as_array().is_none() {
        return Err("it says nothing of ConfigMaps".into());
    }
    let now = whole(survey, options);
    if let (Some(then), Some(given)) = (saved["flags"].as_object(), now["flags"].as_object())
        && let Some(flag) = given.iter().find(|(flag, value)| then.get(*flag) != Some(value)).map(|(flag, _)| flag)
    {
        return Err(format!("it was made with another --{}: say the same here", flag.replace('_', "-")));
    }
    if saved["source"] != now["source"] {
        return Ok(Some(format!("the plan is for the files of {}", saved["source"])));
    }
    for (what, field) in
        [("what is there", "config_maps"), ("what is there", "unread"), ("the order of writes", "waves")]
    {
        if saved[field] != now[field] {
            let list = |page: &Value| page[field].as_array().cloned().unwrap_or_default();
            let (before, after) = (list(&saved), list(&now));
            let changed = after
                .iter()
                .find(|one| !before.contains(one))
                .or_else(|| before.iter().find(|one| !after.contains(one)));
            let place =
                changed.map(|one| format!("{}/{}/{}", one["cluster"], one["namespace"], one["name"]).replace('"', ""));
            return Ok(Some(match place {
                Some(place) if field == "config_maps" => {
                    format!("{what}, or the files, have changed since the plan was made: {place}")
                }
                _ => format!("{what} has changed since the plan was made"),
            }));
        }
    }
    Ok(None)
}

/// What changes hands.
pub fn adoption(adoption: &Adoption) -> String {
    let maps = adoption.maps.iter().map(|(id, (handover, done))| {
        let mut page = named(id);
        page["from"] = handover.from.iter().map(|(manager, keys)| json!({"manager": manager, "keys": keys})).collect();
        page["done"] = match done {
            None => Value::Null,
            Some(Ok(())) => json!(true),
            Some(Err(failure)) => json!(failure.to_string()),
        };
        page
    });
    let unread =
        adoption.unread.iter().map(|(id, failure)| json!({"config_map": named(id), "error": failure.to_string()}));
    let page = json!({"form": FORM, "config_maps": maps.collect::<Vec<_>>(), "unread": unread.collect::<Vec<_>>()});
    format!("{}\n", serde_json::to_string_pretty(&page).unwrap_or_default())
}
