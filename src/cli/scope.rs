//! Which release repository, and which repositories in it: from the current directory and the paths given.
//!
//! Paths are understood by their text, so that a file that was just deleted still names its repository; only a path that
//! leads nowhere at all is refused. [`readings`] is how all of them are understood; start there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Error;
use crate::files::{self, path};
use crate::run::layout::{CLAIM_OWNERS, CONFIG, DISPATCHER, JOBS, PROW_CONFIG, REGISTRY};
use crate::run::options::{Repository, Scope};

/// The release repository: the one given, or the nearest directory with configs at or above the current one, or else
/// at or above the first path.
pub fn release_repo(here: &Path, given: Option<&Path>, paths: &[PathBuf]) -> Result<PathBuf, Error> {
    if let Some(given) = given {
        return if is_release_repo(given) {
            Ok(given.to_owned())
        } else {
            Err(Error::Usage(format!("{} is no release repository: it has no {CONFIG}", given.display())))
        };
    }
    let starts = std::iter::once(here.to_owned()).chain(paths.first().map(|first| here.join(first)));
    starts
        .flat_map(|start| start.ancestors().map(Path::to_owned).collect::<Vec<_>>())
        .find(|directory| is_release_repo(directory))
        .ok_or_else(|| {
            Error::Usage(format!(
                "no release repository at or above {}: no directory there has {CONFIG}; name one with --release-repo",
                here.display()
            ))
        })
}

fn is_release_repo(directory: &Path) -> bool {
    files::is_directory(&directory.join(CONFIG))
}

/// What the paths touch.
pub fn of_paths(here: &Path, root: &Path, paths: &[PathBuf]) -> Result<Scope, Error> {
    if paths.is_empty() {
        return Ok(Scope::Everything);
    }
    let mut repositories = BTreeSet::new();
    let mut registry = Vec::new();
    let mut prow_config = false;
    for given in paths {
        let relative = below(here, root, given)?;
        if relative == "." {
            return Ok(Scope::Everything);
        }
        let Some(touched) = touched(&relative) else {
            return Err(Error::Usage(format!("{} is not in {}", given.display(), places())));
        };
        if let Some(repository) = touched.repository {
            exists(root, &relative, &repository, given)?;
            repositories.insert(repository);
        }
        registry.extend(touched.registry);
        prow_config |= touched.prow_config;
    }
    registry.sort();
    registry.dedup();
    Ok(Scope::Touched { repositories, registry, prow_config })
}

/// What a change of these files touches, named by git below the release repository and there or not; whatever jobs have
/// nothing to do with is passed over. Nothing where it touches none of them.
pub fn of_changed(root: &Path, changed: &BTreeSet<String>) -> Option<Scope> {
    let all = Repository { org: String::new(), repo: String::new() };
    let (mut repositories, mut registry, mut prow_config) = (BTreeSet::new(), Vec::new(), false);
    for path in changed {
        let Some(touched) = touched(path) else { continue };
        repositories.extend(touched.repository.map(|named| match depth_in_tree(path) {
            // A file beside organisations or repositories is nobody's; what looks at it is the run over all of them.
            Some(1) if !files::is_directory(&root.join(path)) => all.clone(),
            Some(2) if !files::is_directory(&root.join(path)) => Repository { repo: String::new(), ..named },
            _ => named,
        }));
        registry.extend(touched.registry);
        prow_config |= touched.prow_config;
    }
    if repositories.contains(&all) {
        // Prow's configuration is one whole besides, and the registry's metadata are looked at where they changed.
        repositories.retain(|named| *named == all);
    }
    let is_touched = prow_config || !repositories.is_empty() || !registry.is_empty();
    is_touched.then_some(Scope::Touched { repositories, registry, prow_config })
}

/// Of changed files those that are there and may have a canonical form.
pub fn formed(root: &Path, changed: &BTreeSet<String>) -> BTreeSet<String> {
    let is_formed = |path: &&String| touched(path).is_some() && !path::is_within(path, DISPATCHER);
    changed.iter().filter(is_formed).filter(|path| files::is_there(&root.join(path))).cloned().collect()
}

/// How many names below the trees of configs and jobs a path has.
fn depth_in_tree(path: &str) -> Option<usize> {
    let rest = [CONFIG, JOBS].iter().find_map(|tree| path.strip_prefix(tree)?.strip_prefix('/'))?;
    Some(rest.split('/').count())
}

/// The paths as text below the release repository, for work on the files at them and nothing else.
pub fn files(here: &Path, root: &Path, paths: &[PathBuf]) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    for given in paths {
        let relative = below(here, root, given)?;
        if relative != "." && !files::is_there(&root.join(&relative)) {
            return Err(not_there(given));
        }
        found.insert(relative);
    }
    Ok(found)
}

/// The paths as text below the release repository, for findings about whatever is at them, or was until just now.
pub fn reported(here: &Path, root: &Path, paths: &[PathBuf]) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    for given in paths {
        let readings = readings(here, root, given);
        let there = readings.iter().find(|reading| files::is_there(&root.join(reading)));
        let Some(meant) = there.or_else(|| readings.iter().find(|reading| may_be_gone(root, reading))) else {
            return Err(match readings.is_empty() {
                true => outside(here, root, given, ""),
                false => not_there(given),
            });
        };
        // Findings name a file as the repository spells it, and a link may be another name of it.
        found.extend(resolved_below(&here.join(root), &here.join(root).join(meant)));
        found.insert(meant.clone());
    }
    Ok(found)
}

/// A path as text below the release repository, there or not: as spelled from the current directory, or from the release
/// repository where it is there, or leads to a place that is known.
pub fn file(here: &Path, root: &Path, given: &Path) -> Result<String, Error> {
    let readings = readings(here, root, given);
    let there = readings.iter().find(|reading| files::is_there(&root.join(reading)));
    let known = || readings.iter().rev().find(|reading| touched(reading).is_some());
    there.or_else(known).or(readings.first()).cloned().ok_or_else(|| outside(here, root, given, ""))
}

/// What one path touches.
#[derive(Debug, Default, PartialEq, Eq)]
struct Touched {
    /// A repository; an organisation where its name is empty, and all of them where both names are.
    repository: Option<Repository>,
    /// A path in the step registry.
    registry: Option<String>,
    /// Prow's configuration.
    prow_config: bool,
}

/// Where paths may lead.
fn places() -> String {
    format!("{CONFIG}, {JOBS}, {REGISTRY}, {DISPATCHER} or {PROW_CONFIG}")
}

/// Understands a path below the release repository.
fn touched(relative: &str) -> Option<Touched> {
    let holds = |place: &str| relative == "." || place == relative || place.starts_with(&format!("{relative}/"));
    let within = |place: &str| relative.strip_prefix(place).and_then(|rest| rest.strip_prefix('/'));
    let mut touched = Touched::default();
    // Which cluster a job goes to is decided for all of them together.
    if [CONFIG, JOBS, DISPATCHER].into_iter().any(holds) || within(DISPATCHER).is_some() {
        touched.repository = Some(Repository { org: String::new(), repo: String::new() });
    } else if let Some(rest) = within(CONFIG).or_else(|| within(JOBS)) {
        let (org, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let repo = rest.split('/').next().unwrap_or_default();
        touched.repository = Some(Repository { org: org.to_owned(), repo: repo.to_owned() });
    }
    if holds(REGISTRY) {
        touched.registry = Some(REGISTRY.to_owned());
    } else if within(REGISTRY).is_some() {
        touched.registry = Some(relative.to_owned());
    }
    touched.prow_config = holds(PROW_CONFIG) || within(PROW_CONFIG).is_some();
    (touched != Touched::default()).then_some(touched)
}

/// Every way to understand a path as text below the release repository, the likeliest first: as spelled from the current
/// directory, with links resolved, and as spelled from the release repository. None leads out of it.
fn readings(here: &Path, root: &Path, given: &Path) -> Vec<String> {
    let (whole, path) = (here.join(root), here.join(given));
    let spelled = text(&whole).and_then(|whole| inside(&text(&path)?, &whole));
    let leads_out = |path: &String| path == "." || path::is_within(path, "..");
    let from_root = text(given).filter(|path| given.is_relative() && !leads_out(path));
    let mut readings: Vec<String> = Vec::new();
    for reading in [spelled, resolved_below(&whole, &path), from_root].into_iter().flatten() {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

fn text(path: &Path) -> Option<String> {
    path.to_str().map(path::clean)
}

/// What is left of a path below a directory.
fn inside(path: &str, directory: &str) -> Option<String> {
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    if rest.is_empty() { Some(".".to_owned()) } else { rest.strip_prefix('/').map(str::to_owned) }
}

/// A path below a directory after links are resolved in both; what is not there is taken as spelled.
fn resolved_below(directory: &Path, path: &Path) -> Option<String> {
    let directory = files::resolved(directory)?;
    let (above, real) = path.ancestors().find_map(|above| Some((above, files::resolved(above)?)))?;
    inside(&text(&real.join(path.strip_prefix(above).ok()?))?, &text(&directory)?)
}

/// A path below the release repository that leads to where work is.
fn below(here: &Path, root: &Path, given: &Path) -> Result<String, Error> {
    let readings: Vec<_> =
        readings(here, root, given).into_iter().filter(|reading| touched(reading).is_some()).collect();
    let there = readings.iter().find(|reading| files::is_there(&root.join(reading)));
    let leads = |reading: &&String| {
        let repository = touched(reading).and_then(|touched| touched.repository);
        repository.is_none_or(|repository| has_directory(root, &repository))
    };
    let meant = there.or_else(|| readings.iter().find(leads)).or(readings.first());
    meant.cloned().ok_or_else(|| outside(here, root, given, &format!("{} of ", places())))
}

fn outside(here: &Path, root: &Path, given: &Path, places: &str) -> Error {
    let root = text(&here.join(root)).unwrap_or_default();
    Error::Usage(format!("{} is not in {places}{root}", given.display()))
}

fn not_there(given: &Path) -> Error {
    Error::Usage(format!("{} is not there", given.display()))
}

/// Whether a repository, or an organisation, has configs or jobs.
fn has_directory(root: &Path, Repository { org, repo }: &Repository) -> bool {
    [CONFIG, JOBS].iter().any(|place| files::is_directory(&root.join(place).join(org).join(repo)))
}

/// Refuses a path that is not there and whose repository is not there either: a typing error.
fn exists(root: &Path, relative: &str, repository: &Repository, given: &Path) -> Result<(), Error> {
    let is_known = files::is_there(&root.join(relative)) || has_directory(root, repository);
    if is_known { Ok(()) } else { Err(not_there(given)) }
}

/// Whether something that is not there may have been until just now, rather than be a typing error or a pattern that no
/// shell expanded: a file whose directory is there, or configs or jobs of a repository that has the other.
fn may_be_gone(root: &Path, relative: &str) -> bool {
    if relative.contains(['*', '?', '[', '{']) {
        return false;
    }
    let name = path::base(relative);
    let has_parent = files::is_directory(&root.join(path::directory(relative)));
    let within = |place: &str| relative.strip_prefix(place).and_then(|rest| rest.strip_prefix('/'));
    let Some(rest) = within(CONFIG).or_else(|| within(JOBS)) else {
        let is_file = name == "OWNERS" || !path::extension(name).is_empty();
        let is_known = touched(relative).is_some() || path::is_within(relative, path::directory(CLAIM_OWNERS));
        return relative == JOBS || (is_known && is_file && has_parent);
    };
    // Names of repositories have dots as well, so that not every extension makes a file.
    let is_file = name == "OWNERS" || matches!(path::extension(name), ".yaml" | ".yml" | ".md");
    let of = |org: &str, repo: &str| has_directory(root, &Repository { org: org.to_owned(), repo: repo.to_owned() });
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        _ if is_file && has_parent => true,
        [org] => of(org, ""),
        [org, repo] => of(org, repo),
        [org, repo, _] => is_file && of(org, repo),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_touch_what_lies_at_them() {
        let told = |path: &str| {
            let Touched { repository, registry, prow_config } = touched(path)?;
            let repository = repository.map(|Repository { org, repo }| format!("{org}/{repo}")).unwrap_or_default();
            Some(format!("{repository} {} {prow_config}", registry.unwrap_or_default()))
        };
        for (path, expected) in [
            ("ci-operator", "/ ci-operator/step-registry false"),
            ("ci-operator/config", "/  false"),
            ("ci-operator/jobs", "/  false"),
            ("ci-operator/config/openshift", "openshift/  false"),
            ("ci-operator/jobs/openshift/api/OWNERS", "openshift/api  false"),
            ("ci-operator/step-registry", " ci-operator/step-registry false"),
            ("ci-operator/step-registry/ipi/ipi-ref.yaml", " ci-operator/step-registry/ipi/ipi-ref.yaml false"),
            ("core-services/sanitize-prow-jobs/_config.yaml", "/  false"),
            ("core-services/prow", "  true"),
            ("core-services/prow/02_config/o/_prowconfig.yaml", "  true"),
            ("core-services", "/  true"),
        ] {
            assert_eq!(told(path).as_deref(), Some(expected), "{path}");
        }
        for path in ["core-services/prow/03_deployment", "ci-operator/configs", "README.md", "../ci-operator/config/a"]
        {
            assert_eq!(touched(path), None, "{path}");
        }
    }

    #[test]
    fn a_change_touches_repositories_and_passes_over_the_rest() {
        let of = |paths: &[&str]| {
            let paths = paths.iter().map(|path| (*path).to_owned()).collect();
            let Scope::Touched { repositories, registry, prow_config } = of_changed(Path::new("/nowhere"), &paths)?
            else {
                return Some("everything".to_owned());
            };
            let named = repositories.iter().map(|it| format!("{}/{}", it.org, it.repo)).collect::<Vec<_>>();
            Some(format!("{} {} {prow_config}", named.join(","), registry.join(",")))
        };
        assert_eq!(of(&["README.md", "clusters/x.yaml", "ci-operator/README.md"]), None);
        for (path, expected) in [
            ("ci-operator/config/a/b/a-b-main.yaml", "a/b  false"),
            ("ci-operator/jobs/a/b/OWNERS", "a/b  false"),
            ("ci-operator/jobs/a/b/deep/x.yaml", "a/b  false"),
            ("ci-operator/jobs/a/images.yaml", "a/  false"),
            ("ci-operator/jobs/infra-periodics.yaml", "/  false"),
            ("ci-operator/step-registry/x/x-ref.yaml", " ci-operator/step-registry/x/x-ref.yaml false"),
            ("core-services/sanitize-prow-jobs/_clusters.yaml", "/  false"),
            ("core-services/prow/02_config/_plugins.yaml", "  true"),
        ] {
            assert_eq!(of(&[path, "README.md"]).as_deref(), Some(expected), "{path}");
        }
        let all = ["ci-operator/config/a/b/a-b-main.yaml", "core-services/sanitize-prow-jobs/_config.yaml"];
        assert_eq!(of(&all).as_deref(), Some("/  false"));
    }

    #[test]
    fn a_path_is_found_as_spelled_or_below_the_release_repository() {
        let below = |here: &str, given: &str| below(Path::new(here), Path::new("/r"), Path::new(given)).ok();
        assert_eq!(below("/r", "ci-operator/config/o/p"), Some("ci-operator/config/o/p".into()));
        assert_eq!(below("/r/ci-operator/config/o", "p/../q"), Some("ci-operator/config/o/q".into()));
        assert_eq!(below("/elsewhere", "/r/ci-operator/jobs/o"), Some("ci-operator/jobs/o".into()));
        assert_eq!(below("/elsewhere", "ci-operator/jobs/o"), Some("ci-operator/jobs/o".into()));
        assert_eq!(below("/r/ci-operator/config", "../../../x"), None);
        assert_eq!(below("/r", "../r2/ci-operator/config/o"), None);
    }
}
