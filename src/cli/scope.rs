//! Which release repository, and which repositories in it: from the current directory and the paths given.
//!
//! Paths are understood by their text, so that a file that was just deleted still names its repository; only a path that
//! leads nowhere at all is refused.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Error;
use crate::files::{self, path};
use crate::run::layout::{CONFIG, DISPATCHER, JOBS, PROW_CONFIG, REGISTRY};
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

/// The paths as text below the release repository, for work on the files at them and nothing else.
pub fn files(here: &Path, root: &Path, paths: &[PathBuf]) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    for given in paths {
        let relative = below(here, root, given)?;
        if relative != "." && !files::is_there(&root.join(&relative)) {
            return Err(Error::Usage(format!("{} is not there", given.display())));
        }
        found.insert(relative);
    }
    Ok(found)
}

/// The paths as text below the release repository, for findings about whatever is at them, there or not.
pub fn reported(here: &Path, root: &Path, paths: &[PathBuf]) -> Result<BTreeSet<String>, Error> {
    let text = |path: &Path| path.to_str().map(path::clean);
    let root_text = text(&here.join(root)).unwrap_or_default();
    let one = |given: &PathBuf| {
        let inside = text(&here.join(given)).and_then(|path| {
            let rest = path.strip_prefix(root_text.trim_end_matches('/'))?.to_owned();
            if rest.is_empty() { Some(".".to_owned()) } else { rest.strip_prefix('/').map(str::to_owned) }
        });
        let named = || text(given).filter(|path| given.is_relative() && files::is_there(&root.join(path)));
        inside.or_else(named).ok_or_else(|| Error::Usage(format!("{} is not in {root_text}", given.display())))
    };
    paths.iter().map(one).collect()
}

/// A path as text below the release repository, there or not: as spelled from the current directory, or from the release
/// repository where it is there, or leads to a place that is known.
pub fn file(here: &Path, root: &Path, given: &Path) -> Result<String, Error> {
    let spelled = reported(here, root, &[given.to_owned()]);
    let spelled = spelled.map(|found| found.into_iter().next().unwrap_or_default());
    let from_root = || given.to_str().filter(|_| given.is_relative()).map(path::clean);
    let is_meant = |path: &String| files::is_there(&root.join(path)) || touched(path).is_some();
    match spelled {
        Ok(spelled) if files::is_there(&root.join(&spelled)) => Ok(spelled),
        Ok(spelled) => Ok(from_root().filter(is_meant).unwrap_or(spelled)),
        Err(error) => from_root().filter(is_meant).or_else(|| below(here, root, given).ok()).ok_or(error),
    }
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

/// A path as text below the release repository.
fn below(here: &Path, root: &Path, given: &Path) -> Result<String, Error> {
    let text = |path: &Path| path.to_str().map(path::clean);
    let root = text(&here.join(root));
    let direct = text(&here.join(given));
    let real = files::resolved(&here.join(given)).as_deref().and_then(text);
    let real_root = root.as_deref().and_then(|root| files::resolved(Path::new(root))).as_deref().and_then(text);
    let inside = |path: Option<&str>, root: Option<&str>| {
        let rest = path?.strip_prefix(root?.trim_end_matches('/'))?;
        if rest.is_empty() { Some(".".to_owned()) } else { rest.strip_prefix('/').map(str::to_owned) }
    };
    // As spelled; with links resolved; and relative to the release repository rather than to the current directory.
    let spelled = inside(direct.as_deref(), root.as_deref());
    let found = spelled.or_else(|| inside(real.as_deref(), real_root.as_deref()));
    found
        .filter(|relative| touched(relative).is_some())
        .or_else(|| {
            text(given).filter(|relative| given.is_relative() && touched(relative).is_some() && relative != ".")
        })
        .ok_or_else(|| {
            let root = root.unwrap_or_default();
            Error::Usage(format!("{} is not in {} of {root}", given.display(), places()))
        })
}

/// Refuses a path that is not there and whose repository is not there either: a typing error.
fn exists(root: &Path, relative: &str, repository: &Repository, given: &Path) -> Result<(), Error> {
    let there = |place: &str| files::is_directory(&root.join(place).join(&repository.org).join(&repository.repo));
    if files::is_there(&root.join(relative)) || there(CONFIG) || there(JOBS) {
        Ok(())
    } else {
        Err(Error::Usage(format!("{} is not there", given.display())))
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
