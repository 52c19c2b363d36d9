//! Plans and drift, for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{bytes, shown};
use crate::cli::render::summary::count;
use crate::cli::terminal::Paint;
use crate::run::upload::{Adoption, Status, Survey};
use crate::updater::ConfigMapId;
use crate::updater::keys::VERSION;
use crate::upload::change::{Change, Kind};
use crate::upload::handover::UPLOADERS;
use crate::upload::{MapPlan, Obstacle};

/// So many keys of a ConfigMap are named unless all are asked for.
const NAMED: usize = 8;

/// What would be done.
pub fn plan(survey: &Survey, paint: Paint, names_all: bool) -> String {
    if was_not_made(survey) {
        return String::new();
    }
    let mut page = String::new();
    let pending = survey.plan.maps.iter().filter(|(_, map)| map.is_pending());
    for (id, map) in pending {
        config_map(&mut page, survey, id, map, paint, names_all);
    }
    for (id, failure) in &survey.unread {
        let _ = writeln!(page, "! {}: {failure}", shown(id));
    }
    page.push_str(&totals(survey));
    page
}

/// Whether findings kept the plan from being made, so that it says nothing: not that all is well.
fn was_not_made(survey: &Survey) -> bool {
    survey.refused != Status::Done && survey.plan.maps.is_empty()
}

fn config_map(page: &mut String, survey: &Survey, id: &ConfigMapId, map: &MapPlan, paint: Paint, names_all: bool) {
    let verb = if map.basis.is_some() { "change" } else { "create" };
    let (limit, used) = map.after.tightest();
    let percent = used * 100 / limit.most;
    let _ = writeln!(
        page,
        "{} {}: {} -> {} ({percent}% of the limit on {})",
        if verb == "create" { '+' } else { '~' },
        paint.strong(&shown(id)),
        bytes(map.before.values),
        bytes(map.after.values),
        limit.of,
    );
    let most = if names_all { usize::MAX } else { NAMED };
    for (key, change) in map.changes.iter().take(most) {
        let _ = writeln!(page, "    {}", key_line(key, change));
    }
    if let Some(more) = map.changes.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(page, "    … and {} more (--verbose names all)", count(more, "key"));
    }
    for obstacle in &map.obstacles {
        let _ = writeln!(page, "    ! {}", obstacle_line(obstacle));
    }
    if survey.plan.held.contains(id) {
        let _ = writeln!(page, "    ! what goes stays: it moves to a ConfigMap that cannot be written");
    }
}

fn key_line(key: &str, change: &Change) -> String {
    let sizes = match (&change.before, &change.after) {
        (Some(before), Some(after)) if before.bytes != after.bytes => {
            format!(" ({} -> {})", bytes(before.bytes), bytes(after.bytes))
        }
        (_, Some(after)) => format!(" ({})", bytes(after.bytes)),
        (Some(before), None) => format!(" ({})", bytes(before.bytes)),
        (None, None) => String::new(),
    };
    let elsewhere = change.elsewhere.as_ref().map(|id| id.name.as_str());
    let sign = match change.kind {
        Kind::Add => '+',
        Kind::Change => '~',
        Kind::Claim => '=',
        Kind::Remove | Kind::Release => '-',
    };
    let why = match (change.kind, elsewhere, &change.path) {
        (Kind::Remove, Some(to), _) => format!(" moves to {to}"),
        (Kind::Remove, None, _) if key == VERSION => " goes, since --version-key is never".to_owned(),
        (Kind::Remove, None, _) => " no file has it any more".to_owned(),
        (Kind::Release, ..) => format!(" stays, since {} has it too", change.owners.join(", ")),
        (Kind::Claim, _, Some(path)) => format!(" from {path}, is as it should be and becomes ours"),
        (_, Some(from), Some(path)) => format!(" from {path}, moves here from {from}"),
        (_, None, Some(path)) => format!(" from {path}"),
        (_, _, None) => String::new(),
    };
    let over = match change.kind {
        Kind::Change if !change.owners.is_empty() => format!(", written by {}", change.owners.join(", ")),
        _ => String::new(),
    };
    format!("{sign} {key}{sizes}{why}{over}")
}

/// Why a ConfigMap cannot be written, and what to do.
pub fn obstacle_line(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Foreign { key, owners } => {
            let is_upload = owners.iter().all(|owner| UPLOADERS.contains(&&**owner));
            let adopt = if is_upload { ", or take over all that it uploaded with `cutwater upload adopt`" } else { "" };
            let owners = owners.join(", ");
            format!(
                "the key {key} has another value, written by {owners}: put that into the file, or say --take-over {key}{adopt}"
            )
        }
        Obstacle::OtherBag { key, owners } => {
            let from: String = owners.iter().map(|owner| format!(" --from {owner}")).collect();
            format!(
                "the key {key} changes between text and bytes, and is others' as well: run `cutwater upload adopt{from} --confirm` first"
            )
        }
        Obstacle::Newer(commit) => format!(
            "it holds commit {}, which is later than this one or not in its history: update the checkout, or say --allow-rollback",
            commit.id
        ),
        Obstacle::Unknown(commit) => format!(
            "it holds commit {}, and nothing says of which commit these files are: say --commit and --commit-time, or --allow-rollback",
            commit.id
        ),
        Obstacle::Immutable => "it is immutable: delete it and run again, or use another name".to_owned(),
    }
}

fn totals(survey: &Survey) -> String {
    let maps = &survey.plan.maps;
    let pending = maps.values().filter(|map| map.is_pending()).count();
    let created = maps.values().filter(|map| map.is_pending() && map.basis.is_none()).count();
    let mut kinds = [0_usize; 3];
    let mut moved = 0;
    for change in maps.values().flat_map(|map| map.changes.values()) {
        moved += usize::from(change.kind == Kind::Remove && change.elsewhere.is_some());
        match change.kind {
            Kind::Add => kinds[0] += 1,
            Kind::Change | Kind::Claim => kinds[1] += 1,
            Kind::Remove | Kind::Release => kinds[2] += 1,
        }
    }
    let unchanged: usize = maps.values().map(|map| map.unchanged).sum();
    let foreign: usize = maps.values().map(|map| map.foreign).sum();
    let [added, changed, removed] = kinds;
    if maps.is_empty() && survey.refused != Status::Done {
        return "nothing is planned while there are errors\n".to_owned();
    }
    if pending == 0 {
        let in_sync = format!("{}, {} in sync", count(maps.len(), "ConfigMap"), count(unchanged, "key"));
        return match not_looked_at(survey) {
            not if !not.is_empty() => format!("{in_sync}, but {not}\n"),
            _ => format!("{in_sync}: nothing to do\n"),
        };
    }
    let writes: usize = survey.plan.waves.iter().map(Vec::len).sum();
    let parts = [
        (added, format!("{} to add", count(added, "key"))),
        (changed, format!("{} to change", count(changed, "key"))),
        (removed, format!("{} to remove", count(removed, "key"))),
        (moved, format!("{moved} of them by moving")),
        (unchanged, format!("{unchanged} as they are")),
        (foreign, format!("{foreign} of others")),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, part)| part).collect();
    let new = if created > 0 { format!(" ({created} new)") } else { String::new() };
    format!(
        "{pending} of {} to write{new}: {}; {} in {}\n",
        count(maps.len(), "ConfigMap"),
        parts.join(", "),
        count(writes, "write"),
        count(survey.plan.waves.len(), "wave"),
    )
}

/// What kept parts of the work from being looked at; empty when all of it was.
fn not_looked_at(survey: &Survey) -> String {
    let named = |clusters: &BTreeSet<String>| clusters.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let skipped = match survey.skipped.len() {
        0 => String::new(),
        1 => format!("1 cluster was not looked at: {}", named(&survey.skipped)),
        many => format!("{many} clusters were not looked at: {}", named(&survey.skipped)),
    };
    let unread = match survey.unread.len() {
        0 => String::new(),
        many => format!("{} could not be read", count(many, "ConfigMap")),
    };
    [unread, skipped].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", and ")
}

/// How what is there differs from the files.
pub fn drift(survey: &Survey, paint: Paint, shows_content: bool) -> String {
    if was_not_made(survey) {
        return String::new();
    }
    let mut page = String::new();
    for (id, map) in survey.plan.maps.iter().filter(|(_, map)| map.is_pending()) {
        config_map(&mut page, survey, id, map, paint, true);
        if shows_content {
            for (key, (before, after)) in map.texts() {
                let name = format!("{}/{key}", shown(id));
                let diff = similar::TextDiff::from_lines(&before, &after);
                let _ =
                    write!(page, "{}", diff.unified_diff().header(&format!("live/{name}"), &format!("files/{name}")));
            }
        }
    }
    for (id, failure) in &survey.unread {
        let _ = writeln!(page, "! {}: {failure}", shown(id));
    }
    page.push_str(&totals(survey));
    page
}

/// What changes hands.
pub fn adoption(adoption: &Adoption, was_to_be_done: bool) -> String {
    let mut page = String::new();
    for (id, (handover, done)) in &adoption.maps {
        for (manager, keys) in &handover.from {
            let _ = writeln!(page, "{}: {} of {manager}", shown(id), count(keys.len(), "key"));
            for key in keys {
                let _ = writeln!(page, "    {key}");
            }
        }
        match done {
            Some(Ok(())) => page.push_str("    taken over\n"),
            Some(Err(failure)) => drop(writeln!(page, "    ! {failure}")),
            None => {}
        }
    }
    for (id, failure) in &adoption.unread {
        let _ = writeln!(page, "! {}: {failure}", shown(id));
    }
    let maps = count(adoption.maps.len(), "ConfigMap");
    page.push_str(&match (adoption.maps.is_empty(), was_to_be_done) {
        (true, _) => "nothing to take over\n".to_owned(),
        (false, false) => format!("{maps} would be taken over; say --confirm to do it\n"),
        (false, true) => format!("{maps}\n"),
    });
    page
}
