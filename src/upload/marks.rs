//! What a ConfigMap says besides its keys: labels, the commit under `VERSION` and in an annotation, and what these forbid.

use super::change::Kind;
use super::live::Live;
use super::map_plan::MapPlan;
use super::obstacle::{Ancestry, Obstacle, fence};
use super::value::Value;
use super::writer::{Commit, VersionPolicy, Writer};
use crate::updater::keys::VERSION;

/// The labels of every ConfigMap that has no others, those of Prow's updater.
pub const LABELS: [(&str, &str); 2] =
    [("app.kubernetes.io/component", "updateconfig-plugin"), ("app.kubernetes.io/name", "prow")];

impl MapPlan {
    /// Labels, the commit, and what of the object as a whole stands in the way.
    pub(super) fn mark(&mut self, live: Option<&Live>, writer: &Writer, ancestry: &Ancestry<'_>) {
        let labels = live.map(|live| &live.labels).filter(|labels| !labels.is_empty());
        let is_kept = |(name, value): &(&str, &str)| {
            labels.is_none_or(|labels| labels.get(*name).is_some_and(|there| there == value))
        };
        self.labels = LABELS.into_iter().filter(is_kept).map(|(name, value)| (name.into(), value.into())).collect();

        let annotation = writer.annotation();
        let last = live.and_then(|live| live.annotations.get(&annotation));
        let manager = writer.manager();
        let version = live.and_then(|live| live.values.get(VERSION));
        let is_ours = live.is_some_and(|live| live.is_applied_by(&manager, VERSION));
        // A file that is called so takes its place.
        let is_file = self.values.contains_key(VERSION);
        let wanted = writer.commit.as_ref().filter(|_| writer.version != VersionPolicy::Never && !is_file);
        if let Some(commit) = wanted {
            let is_always = writer.version == VersionPolicy::Always;
            self.set_version(version, Value::Text((&*commit.id).into()), is_always);
            self.is_forced |= version.is_some() && !is_ours;
        } else if let Some(version) = version.filter(|_| is_ours && !is_file && writer.version != VersionPolicy::Never)
        {
            self.values.insert(VERSION.to_owned(), version.clone());
        }
        let commit = writer.commit.as_ref().map(Commit::to_annotation);
        if let Some(text) = commit.or_else(|| last.cloned()) {
            self.annotations.insert(annotation, text);
        }
        let others = writer.annotation_of_others();
        if let Some(text) = live.and_then(|live| live.annotations.get(&others)) {
            self.annotations.insert(others, text.clone());
        }
        if !self.is_pending() {
            return;
        }
        // What an apply does not send it gives up.
        if let Some(version) = version.filter(|_| is_ours && !self.values.contains_key(VERSION)) {
            let owners = live.map(|live| live.other_owners(&manager, VERSION)).unwrap_or_default();
            let kind = if owners.is_empty() { Kind::Remove } else { Kind::Release };
            let after = Some(version).filter(|_| kind == Kind::Release);
            self.note(VERSION, kind, None, Some(version), after, owners.into_iter().map(str::to_owned).collect());
        }
        if live.is_some_and(|live| live.is_immutable) {
            self.obstacles.push(Obstacle::Immutable);
        }
        if let Some(last) = last.and_then(|text| Commit::from_annotation(text)).filter(|_| !writer.allow_rollback) {
            self.obstacles.extend(fence(last, writer.commit.as_ref(), ancestry));
        }
    }

    /// Puts the commit under `VERSION`. By itself it is a change only when asked for.
    pub(super) fn set_version(&mut self, before: Option<&Value>, version: Value, is_always: bool) {
        if before != Some(&version) && (is_always || self.is_pending()) {
            let kind = if before.is_some() { Kind::Change } else { Kind::Add };
            self.note(VERSION, kind, None, before, Some(&version), Vec::new());
        }
        if self.others.remove(VERSION).is_some() {
            self.foreign = self.foreign.saturating_sub(1);
        }
        self.values.insert(VERSION.to_owned(), version);
    }
}
