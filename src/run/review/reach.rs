//! How far a run has to look, so that all that is to be reported is found.

use std::collections::BTreeSet;

use crate::files::path;
use crate::run::layout::CONFIG;
use crate::run::options::{Repository, Scope};

/// How far a run has to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// At all files.
    Everything,
    /// At the configs of these repositories, the jobs that come from them, and what all configs promote.
    Configs(BTreeSet<Repository>),
}

impl Reach {
    /// What these paths below the release repository need. Job files are held against all others, what is in the registry
    /// may be used by any config, and the configuration of Prow is one whole.
    pub fn of(reported: Option<&BTreeSet<String>>) -> Self {
        let repositories = reported.and_then(|paths| paths.iter().map(|path| repository(path)).collect());
        repositories.map_or(Self::Everything, Self::Configs)
    }

    /// The directories of configs that are looked at, none within another; nothing where it is all of them.
    pub fn directories(&self) -> Option<Vec<String>> {
        let Self::Configs(repositories) = self else { return None };
        let whole = |org: &str| repositories.contains(&Repository { org: org.to_owned(), repo: String::new() });
        let outermost = repositories.iter().filter(|named| named.repo.is_empty() || !whole(&named.org));
        Some(outermost.map(|named| path::join(&named.org, &named.repo)).collect())
    }

    /// The repositories whose jobs are generated.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Everything => Scope::Everything,
            Self::Configs(repositories) => {
                Scope::Touched { repositories: repositories.clone(), registry: Vec::new(), prow_config: false }
            }
        }
    }
}

/// Whose configs a path leads to.
fn repository(path: &str) -> Option<Repository> {
    let mut names = path.strip_prefix(CONFIG)?.strip_prefix('/')?.split('/');
    let org = names.next().filter(|org| !org.is_empty())?.to_owned();
    Some(Repository { org, repo: names.next().unwrap_or_default().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configs_alone_need_less_than_everything() {
        let of = |paths: &[&str]| Reach::of(Some(&paths.iter().map(|path| (*path).to_owned()).collect()));
        let named = |org: &str, repo: &str| Repository { org: org.into(), repo: repo.into() };
        let two = of(&["ci-operator/config/a/b/a-b-main.yaml", "ci-operator/config/c"]);
        assert_eq!(two, Reach::Configs(BTreeSet::from([named("a", "b"), named("c", "")])));
        let directories = |paths: &[&str]| of(paths).directories();
        let within = ["ci-operator/config/a/b", "ci-operator/config/a", "ci-operator/config/ab/c/x.yaml"];
        assert_eq!(directories(&within), Some(vec!["a".to_owned(), "ab/c".to_owned()]));
        assert_eq!(directories(&["."]), None);
        for path in [".", "ci-operator/config", "ci-operator/jobs/a/b", "ci-operator/configuration/a", "README.md"] {
            assert_eq!(of(&["ci-operator/config/a/b", path]), Reach::Everything, "{path}");
        }
        assert_eq!(Reach::of(None), Reach::Everything);
    }
}
