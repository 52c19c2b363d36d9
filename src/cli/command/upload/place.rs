//! Where files come from and where they go: the flags that all of `cutwater upload` shares.

use std::collections::BTreeSet;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::terminal::Style;
use crate::cli::{Error, history, host, scope};
use crate::cluster::Settings;
use crate::files;
use crate::run::layout::{PLUGINS, PROW_CONFIG};
use crate::run::plugin_config::{PluginFiles, SUPPLEMENT};
use crate::run::upload::{Against, Manner, UploadOptions, prow_namespace};
use crate::upload::{Ancestry, Commit, TakeOver, VersionPolicy, Writer};

/// Flags of every command of `cutwater upload`.
#[derive(Debug, Args)]
pub struct Place {
    /// The release repository, whose files are uploaded [default: found from the current directory upward]
    #[arg(long, value_name = "DIR")]
    release_repo: Option<PathBuf>,
    /// A repository's root to upload from instead; may be repeated
    #[arg(long, value_name = "DIR", conflicts_with = "release_repo")]
    source_path: Vec<PathBuf>,
    /// Where config_updater stands [default: core-services/prow/02_config/_plugins.yaml of the repository]
    #[arg(long, value_name = "FILE")]
    plugin_config: Option<PathBuf>,
    /// A directory with further plugin configuration; may be repeated
    #[arg(long, value_name = "DIR")]
    supplemental_plugin_config_dir: Vec<PathBuf>,
    /// How names of files in these directories end
    #[arg(long, value_name = "SUFFIX", default_value = SUPPLEMENT)]
    supplemental_plugin_configs_filename_suffix: String,
    /// Prow's configuration, for the namespace of entries that name none [default: _config.yaml of the repository]
    #[arg(long, value_name = "FILE")]
    config_path: Option<PathBuf>,
    /// Whose files these are; it owns the keys [default: the last two parts of git's remote `origin`]
    #[arg(long, value_name = "ORG/REPO")]
    source: Option<String>,
    /// The commit of the files, if not git's HEAD; needs --commit-time
    #[arg(long, value_name = "HASH", requires = "commit_time")]
    commit: Option<String>,
    /// When that commit was made, in seconds since 1970: an older one is never written over a newer one
    #[arg(long, value_name = "SECONDS", requires = "commit")]
    commit_time: Option<u64>,
    /// Only ConfigMaps of this name; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Take what Prow's updater takes: keys given twice, unknown fields and the like are warnings
    #[arg(long)]
    compat: bool,
    /// Leave out clusters that no kubeconfig has
    #[arg(long)]
    skip_unknown_clusters: bool,
    /// A kubeconfig file; clusters are its contexts [default: $KUBECONFIG or ~/.kube/config, `default` being the pod's own]
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// A directory of kubeconfig files
    #[arg(long, value_name = "DIR")]
    kubeconfig_dir: Option<PathBuf>,
    /// How names of files in that directory end
    #[arg(long, value_name = "SUFFIX", default_value = "", hide_default_value = true)]
    kubeconfig_suffix: String,
    /// A file with the token for the cluster that this runs in
    #[arg(long, value_name = "FILE")]
    projected_token_file: Option<PathBuf>,
    /// Do not take the cluster that this runs in for `default`
    #[arg(long)]
    no_in_cluster_config: bool,
    /// How long one request may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    request_timeout: NonZeroU32,
    /// How long one operation may take with all its retries, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "120")]
    timeout: NonZeroU32,
    /// The most requests at once to one cluster; four times as many to all. With 1, writes follow each other in the plan's order
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
    /// Worker threads, at most 256 [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Style::Automatic)]
    pub color: Style,
    /// Form of what is printed on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// No progress, no summary on standard error
    #[arg(short, long)]
    pub quiet: bool,
}

/// Forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// Prow's own namespace.
pub fn namespace(config: Option<&Path>) -> Result<String, Error> {
    let said = config.map(prow_namespace).transpose().map_err(Error::Usage)?;
    Ok(said.flatten().unwrap_or_else(|| "default".to_owned()))
}

/// The files that git leaves out of the checkout of each source. A git that cannot tell is no reason not to upload.
pub fn left_out(sources: &[PathBuf]) -> Vec<BTreeSet<String>> {
    let of = |source: &PathBuf| {
        let mut files = host::left_out(source, &[]).unwrap_or_default();
        // What somebody has put there all the same is there.
        files.retain(|file| !files::is_there(&source.join(file)));
        files
    };
    sources.iter().map(of).collect()
}

/// What commands add to the flags that they share.
#[derive(Clone, Debug, Default)]
pub struct Further {
    /// What is there, when clusters are not asked.
    pub against: Option<Against>,
    /// When the commit is written.
    pub version: VersionPolicy,
    /// Keys of others that may be written over.
    pub take_over: TakeOver,
    /// Whether an older commit may be written over a newer one.
    pub allow_rollback: bool,
    /// Whether ConfigMaps may be left without any key.
    pub allow_empty: bool,
    /// Whether ConfigMaps that no entry names any more lose what is ours in them.
    pub drops_former: bool,
    /// Whether the commit is written, so that files which it does not have deserve a word.
    pub writes_commit: bool,
}

impl Place {
    /// The options of a run.
    pub fn options(&self, further: Further) -> Result<UploadOptions, Error> {
        let here = host::current_dir()?;
        let sources = match self.source_path.as_slice() {
            [] => vec![scope::release_repo(&here, self.release_repo.as_deref(), &[])?],
            given => given.to_vec(),
        };
        let root = sources.first().cloned().unwrap_or_default();
        if let Some(missing) = sources.iter().find(|source| !files::is_directory(source)) {
            return Err(Error::Usage(format!("{} is no directory", missing.display())));
        }
        let writer = Writer {
            source: self.source(&root)?,
            commit: self.commit(&root),
            version: further.version,
            take_over: further.take_over,
            allow_rollback: further.allow_rollback,
        };
        let uncommitted = match self.commit {
            None if further.writes_commit && writer.commit.is_some() => {
                // A git that cannot tell is no reason not to upload.
                sources.iter().map(|source| history::uncommitted(source).unwrap_or_default()).collect()
            }
            _ => Vec::new(),
        };
        let seconds = |seconds: NonZeroU32| Duration::from_secs(seconds.get().into());
        let settings = Settings {
            kubeconfig: self.kubeconfig.clone(),
            kubeconfig_dir: self.kubeconfig_dir.clone(),
            kubeconfig_suffix: self.kubeconfig_suffix.clone(),
            projected_token_file: self.projected_token_file.clone(),
            no_in_cluster_config: self.no_in_cluster_config,
            request_timeout: seconds(self.request_timeout),
            timeout: seconds(self.timeout),
            per_cluster: self.concurrency.into(),
            overall: usize::from(self.concurrency) * 4,
            field_manager: writer.manager(),
            ..Settings::default()
        };
        let config = self
            .config_path
            .clone()
            .or_else(|| Some(root.join(PROW_CONFIG).join("_config.yaml")).filter(|path| files::is_there(path)));
        Ok(UploadOptions {
            plugins: self.plugins(&root),
            namespace: namespace(config.as_deref())?,
            environment: host::environment(),
            manner: Manner::Careful {
                writer,
                is_lenient: self.compat,
                allow_empty: further.allow_empty,
                drops_former: further.drops_former,
            },
            only: self.only.iter().cloned().collect::<BTreeSet<_>>(),
            skip_unknown_clusters: self.skip_unknown_clusters,
            against: further.against.unwrap_or(Against::Clusters(settings)),
            uncommitted,
            left_out: left_out(&sources),
            threads: self.jobs,
            sources,
        })
    }

    /// Whether a commit is in the history of what is uploaded.
    pub fn ancestry(&self) -> Result<Arc<Ancestry<'static>>, Error> {
        let here = host::current_dir()?;
        let root = match self.source_path.first() {
            Some(source) => source.clone(),
            None => scope::release_repo(&here, self.release_repo.as_deref(), &[])?,
        };
        let ours = self.commit.clone().unwrap_or_else(|| "HEAD".to_owned());
        Ok(Arc::new(move |commit: &str| host::is_ancestor(&root, commit, &ours)))
    }

    fn plugins(&self, root: &Path) -> PluginFiles {
        let shown = |path: &Path| path.display().to_string();
        if self.plugin_config.is_none()
            && self.supplemental_plugin_config_dir.is_empty()
            && files::is_there(&root.join(PLUGINS))
        {
            return PluginFiles {
                suffix: self.supplemental_plugin_configs_filename_suffix.clone(),
                ..PluginFiles::of_release_repo(root)
            };
        }
        let main = self.plugin_config.clone().unwrap_or_else(|| root.join(PLUGINS));
        let directory = |path: &PathBuf| (path.clone(), shown(path), path.clone());
        PluginFiles {
            shown: shown(&main),
            main,
            directories: self.supplemental_plugin_config_dir.iter().map(directory).collect(),
            suffix: self.supplemental_plugin_configs_filename_suffix.clone(),
        }
    }

    fn source(&self, root: &Path) -> Result<String, Error> {
        let given = self.source.clone().or_else(|| host::remote(root));
        let is_source = |name: &String| {
            let parts: Vec<&str> = name.split('/').collect();
            parts.len() == 2 && parts.iter().all(|part| !part.is_empty()) && !name.contains(char::is_whitespace)
        };
        match given {
            Some(name) if is_source(&name) => Ok(name),
            Some(name) => Err(Error::Usage(format!("--source {name:?} is not of the form ORG/REPO"))),
            None => Err(Error::Usage(
                "nothing says whose files these are: git names no remote `origin` here; say --source ORG/REPO".into(),
            )),
        }
    }

    fn commit(&self, root: &Path) -> Option<Commit> {
        match (&self.commit, self.commit_time) {
            (Some(id), Some(ordinal)) => Some(Commit { id: id.clone(), ordinal }),
            _ => host::head(root).map(|(id, ordinal)| Commit { id, ordinal }),
        }
    }
}
