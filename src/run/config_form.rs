//! Configs in canonical form: what becomes of the file of each.
//!
//! A config goes to the path that its identity names, which is where it was found unless the file bears another name: the
//! reference then makes a second file and leaves the first, and so do we. Files of one identity may not differ, since the
//! reference keeps either by chance. [`Form::of`] does one file, [`settle`] puts all together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::config_file::{ConfigFile, LoadedConfig};
use super::options::ChangeKind;
use super::plan::Planned;
use crate::canonical::{determinize, losses};
use crate::catalogue::tree::SAME_CONFIG;
use crate::diagnostic::Diagnostic;
use crate::files::{self, Tree, Unpacked, path};
use crate::validate::load_config;
use crate::yaml::codec::write;
use crate::yaml::locate::UNWRITABLE_TEXT;
use crate::yaml::parse::parse;

/// Where configs go, and what is wanted of them besides.
#[derive(Clone, Copy)]
pub struct Target<'t> {
    /// The tree of configs.
    pub tree: &'t Tree,
    /// What it is called in findings and changes.
    pub shown: &'t str,
    /// Identities that several files have.
    pub contested: &'t BTreeSet<String>,
    /// Whether old texts are kept for showing differences.
    pub keep_old: bool,
    /// Whether what the author wrote and canonical form does not keep is told.
    pub losses: bool,
}

/// The canonical form of one config.
#[derive(Debug)]
pub struct Form {
    /// The name that findings give the file it was read from.
    shown: String,
    /// Where it goes, below the tree.
    relative: String,
    /// The text, where another file may claim its place.
    text: Option<String>,
    /// The change, where there is one.
    planned: Option<Planned>,
    /// What the change loses.
    losses: Vec<Diagnostic>,
}

/// Everything that changes among a number of configs.
#[derive(Debug, Default)]
pub struct Settled {
    /// The changes.
    pub plan: Vec<Planned>,
    /// Configs that have the right bytes already.
    pub unchanged: usize,
    /// What keeps them from being written, and what they lose by it.
    pub findings: Vec<Diagnostic>,
}

/// The identities, as paths, that more than one of the files has.
pub fn contested<'f>(files: impl IntoIterator<Item = &'f ConfigFile>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    files.into_iter().map(|file| file.identity.relative_path()).filter(|path| !seen.insert(path.clone())).collect()
}

impl Form {
    /// Brings a config that may be used into canonical form.
    pub fn of(loaded: LoadedConfig<'_>, target: &Target<'_>) -> Result<Self, Vec<Diagnostic>> {
        let (file, mut config, Unpacked { text: old, was_packed }) = loaded.into_parts();
        determinize(&mut config, &file.identity);
        let text = write(&config, old.len() + 512)
            .map_err(|error| vec![Diagnostic::of_rule(&UNWRITABLE_TEXT, &*file.shown, error.to_string())])?;
        let relative = file.identity.relative_path();
        let losses = if target.losses && text != old { lost(&file.shown, &old, &text) } else { Vec::new() };
        let kept = target.contested.contains(&relative).then(|| text.clone());
        let planned = if relative == file.entry.relative {
            let is_right = !was_packed && text == old;
            let old = target.keep_old.then_some(old);
            (!is_right).then(|| planned(file.entry.path.clone(), file.shown.clone(), ChangeKind::Rewritten, text, old))
        } else {
            under_another_name(file, &relative, text, target)?
        };
        Ok(Self { shown: file.shown.clone(), relative, text: kept, planned, losses })
    }
}

/// The change of the file that a config goes to when that is not the one it came from.
fn under_another_name(
    file: &ConfigFile,
    relative: &str,
    text: String,
    target: &Target<'_>,
) -> Result<Option<Planned>, Vec<Diagnostic>> {
    let unplaced = |error: files::Error| vec![error.finding(&*file.shown)];
    let path = target.tree.join(relative).map_err(unplaced)?;
    let shown = path::join(target.shown, relative);
    if !files::is_there(&path) {
        target.tree.check_place(&path).map_err(unplaced)?;
        let old = target.keep_old.then(String::new);
        return Ok(Some(planned(path, shown, ChangeKind::Created, text, old)));
    }
    let old = files::read_given_as_it_stands(&path).map_err(unplaced)?;
    // Not among the files of the run, so nobody has compared the two.
    if !target.contested.contains(relative) && canonical(&old, &shown, file).as_ref() != Some(&text) {
        return Err(vec![twice(&file.shown, &shown, relative)]);
    }
    let old_kept = target.keep_old.then(|| old.clone());
    Ok((old != text).then(|| planned(path, shown, ChangeKind::Rewritten, text, old_kept)))
}

/// The canonical form of a text that is the config of the same identity as a file's; nothing where it is broken.
fn canonical(text: &str, shown: &str, file: &ConfigFile) -> Option<String> {
    let mut config = load_config(text, shown, &file.identity.org, &file.identity.repo).ok()?;
    determinize(&mut config, &file.identity);
    write(&config, text.len() + 512).ok()
}

/// What of a text that was read its canonical form does not keep.
pub fn lost(shown: &str, old: &str, new: &str) -> Vec<Diagnostic> {
    match (parse(old), parse(new)) {
        (Ok(tree), Ok(canonical)) => losses(shown, old, &tree, &canonical),
        _ => Vec::new(),
    }
}

fn planned(path: PathBuf, shown: String, kind: ChangeKind, text: String, old: Option<String>) -> Planned {
    Planned { path, shown, kind, bytes: text.into_bytes(), old: old.map(String::into_bytes) }
}

/// Puts the forms of files together: one change a place, and a finding where two files want different ones.
pub fn settle(forms: Vec<Form>) -> Settled {
    let mut settled = Settled::default();
    let mut places: BTreeMap<String, Vec<Form>> = BTreeMap::new();
    for mut form in forms {
        settled.findings.append(&mut form.losses);
        places.entry(form.relative.clone()).or_default().push(form);
    }
    for (relative, forms) in places {
        let mut forms = forms.into_iter();
        let Some(first) = forms.next() else { continue };
        let others: Vec<Form> = forms.filter(|other| other.text != first.text).collect();
        settled.findings.extend(others.iter().map(|other| twice(&other.shown, &first.shown, &relative)));
        match first.planned {
            // With one text they have one change, too; with several, none of them is the one.
            Some(planned) if others.is_empty() => settled.plan.push(planned),
            _ => settled.unchanged += 1,
        }
    }
    settled
}

fn twice(shown: &str, first: &str, relative: &str) -> Diagnostic {
    Diagnostic::of_rule(&SAME_CONFIG, shown, format!("this is the config of {relative}, and so is {first}"))
        .because("the reference keeps either, by chance")
}
