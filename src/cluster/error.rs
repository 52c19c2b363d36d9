//! Why clusters cannot be loaded. Each variant names the file or context; none holds what a file says beyond names.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What is wrong with what says where clusters are.
#[derive(Debug)]
pub enum Error {
    /// The directory of kubeconfigs cannot be listed.
    Directory(PathBuf, io::Error),
    /// A kubeconfig cannot be read.
    Read(PathBuf, io::Error),
    /// A kubeconfig is no kubeconfig; the line, where it is known.
    Malformed(PathBuf, Option<usize>),
    /// Two files have a context of the same name.
    Twice {
        /// The context.
        context: String,
        /// The file that has it first.
        first: PathBuf,
        /// The file that has it again.
        second: PathBuf,
    },
    /// A context that cannot be used.
    Context {
        /// The context.
        context: String,
        /// The file that has it.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The program runs in a cluster whose service account cannot be used.
    InCluster {
        /// What is wrong with it.
        what: String,
    },
    /// There is no `default` cluster: nothing says which one Prow is in.
    NoDefault,
    /// A suffix of file names without a directory.
    SuffixAlone,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path, _) => write!(out, "cannot list {}", path.display()),
            Self::Read(path, _) => write!(out, "cannot read the kubeconfig {}", path.display()),
            Self::Malformed(path, None) => write!(out, "{} is no kubeconfig", path.display()),
            Self::Malformed(path, Some(line)) => write!(out, "{}:{line}: this is no kubeconfig", path.display()),
            Self::Twice { context, first, second } => write!(
                out,
                "the context {context} is in both {} and {}; a cluster may be in one file only",
                first.display(),
                second.display()
            ),
            Self::Context { context, file, what } => {
                write!(out, "{}: the context {context} cannot be used: {what}", file.display())
            }
            Self::InCluster { what } => write!(out, "the service account of this pod cannot be used: {what}"),
            Self::NoDefault => out.write_str(
                "nothing says which cluster is Prow's: this is no pod, and no kubeconfig has a current-context; set one, or \
                 say --no-in-cluster-config when `default` is not used",
            ),
            Self::SuffixAlone => out.write_str("--kubeconfig-suffix is about files in --kubeconfig-dir, which is not given"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Directory(_, cause) | Self::Read(_, cause) => Some(cause),
            _ => None,
        }
    }
}
