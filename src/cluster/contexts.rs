//! Which clusters there are, by Prow's rules: contexts of kubeconfigs, and `default`.
//!
//! Files are given one by one or as a directory; when there are none those of `KUBECONFIG` count, taken together as one.
//! The same context in two given files is an error. `default` is the cluster that the program runs in or else the current
//! context of the file that was read last; as in Prow's updater that goes before a context which is named `default`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use kube::config::{Kubeconfig, KubeconfigError};

use super::context::{self, Access, OfPod};
use super::error::Error;
use super::settings::Settings;

/// What Prow calls the cluster that it runs in itself.
pub(super) const DEFAULT: &str = "default";

/// What was found.
pub(super) struct Contexts {
    /// Each cluster by the name of its context.
    pub named: BTreeMap<String, Access>,
    /// The cluster called `default`.
    pub default: Option<Default>,
    /// The file that has each context that cannot be used, with what is wrong with it, under the names of the clusters.
    pub unusable: BTreeMap<String, Unusable>,
    /// Why the certificate authority of the pod does not count.
    pub without_authority: Option<String>,
}

/// A context that cannot be used.
#[derive(Clone, Debug)]
pub(super) struct Unusable {
    pub context: String,
    pub file: PathBuf,
    pub what: String,
}

/// What `default` is.
pub(super) enum Default {
    /// The cluster that the program runs in.
    Pod(Box<Access>),
    /// A context.
    Context(String),
}

/// Finds all clusters.
pub(super) fn find(settings: &Settings, environment: &BTreeMap<String, String>) -> Result<Contexts, Error> {
    let what = match context::of_pod(settings, environment) {
        Ok(pod) => return find_with(settings, environment, pod),
        Err(what) => what,
    };
    // A pod without a service account of its own is as good as none, if there are kubeconfigs.
    match find_with(settings, environment, None) {
        Err(Error::NoDefault) => Err(Error::InCluster { what }),
        found => found,
    }
}

fn find_with(
    settings: &Settings,
    environment: &BTreeMap<String, String>,
    pod: Option<OfPod>,
) -> Result<Contexts, Error> {
    let mut found = Found { settings, environment, named: BTreeMap::new(), current: None };
    let files = files(settings)?;
    if !files.is_empty() {
        for file in files {
            let kubeconfig = read(&file)?;
            found.take(&kubeconfig, &[(file, kubeconfig.clone())])?;
        }
    } else {
        match found.take_usual() {
            Ok(()) => {}
            // In a pod nobody expects a kubeconfig.
            Err(_) if pod.is_some() => {}
            Err(error) => return Err(error),
        }
    }
    let Found { named, current, .. } = found;
    let mut without_authority = None;
    let default = match (settings.no_in_cluster_config, pod, current) {
        (true, _, _) => named.contains_key(DEFAULT).then(|| Default::Context(DEFAULT.to_owned())),
        (false, Some(pod), _) => {
            without_authority = pod.without_authority;
            Some(Default::Pod(Box::new(pod.access)))
        }
        (false, None, Some((context, _))) if named.contains_key(&context) => Some(Default::Context(context)),
        (false, None, Some((context, file))) => {
            let what = "it is the current-context, and there is no such context".to_owned();
            return Err(Error::Context { context, file, what });
        }
        (false, None, None) => return Err(Error::NoDefault),
    };
    let unusable = unusable(&named, default.as_ref());
    let named = named.into_iter().map(|(name, (_, access))| (name, access)).collect();
    Ok(Contexts { named, default, unusable, without_authority })
}

fn unusable(named: &BTreeMap<String, (PathBuf, Access)>, default: Option<&Default>) -> BTreeMap<String, Unusable> {
    let of = |(context, (file, access)): (&String, &(PathBuf, Access))| {
        let what = access.problem.clone()?;
        Some((context.clone(), Unusable { context: context.clone(), file: file.clone(), what }))
    };
    let mut unusable: BTreeMap<String, Unusable> = named.iter().filter_map(of).collect();
    let of_default = match default {
        Some(Default::Context(context)) => unusable.get(context).cloned(),
        Some(Default::Pod(_)) => None,
        None => return unusable,
    };
    // It goes before a context that is named so.
    unusable.remove(DEFAULT);
    unusable.extend(of_default.map(|one| (DEFAULT.to_owned(), one)));
    unusable
}

struct Found<'s> {
    settings: &'s Settings,
    environment: &'s BTreeMap<String, String>,
    /// Each context with the file that has it.
    named: BTreeMap<String, (PathBuf, Access)>,
    /// The current context, with the file that says so.
    current: Option<(String, PathBuf)>,
}

impl Found<'_> {
    /// Takes the contexts of a kubeconfig that was made of `parts`.
    fn take(&mut self, kubeconfig: &Kubeconfig, parts: &[(PathBuf, Kubeconfig)]) -> Result<(), Error> {
        let file_of = |context: &str| {
            let has_it = |part: &Kubeconfig| part.contexts.iter().any(|named| named.name == context);
            let says_it = |part: &Kubeconfig| part.current_context.as_deref() == Some(context);
            let of = |test: &dyn Fn(&Kubeconfig) -> bool| {
                parts.iter().find(|(_, part)| test(part)).map(|(file, _)| file.clone())
            };
            of(&has_it).or_else(|| of(&says_it)).unwrap_or_default()
        };
        // The last file decides, even when it does not say.
        let current = kubeconfig.current_context.as_deref().filter(|context| !context.is_empty());
        self.current = current.map(|context| (context.to_owned(), file_of(context)));
        let mut seen = Vec::new();
        for named in &kubeconfig.contexts {
            let name = &named.name;
            let file = file_of(name);
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            if let Some((first, _)) = self.named.get(name) {
                return Err(Error::Twice { context: name.clone(), first: first.clone(), second: file });
            }
            match context::access(kubeconfig, name, self.settings, self.environment) {
                Ok(access) => self.named.insert(name.clone(), (file, access)),
                Err(what) => return Err(Error::Context { context: name.clone(), file, what }),
            };
        }
        Ok(())
    }

    /// Takes the files of `KUBECONFIG`, or the one at its usual place. Those that are not there are passed over.
    fn take_usual(&mut self) -> Result<(), Error> {
        let list = self.environment.get("KUBECONFIG").filter(|list| !list.is_empty());
        let files: Vec<PathBuf> = match (list, self.environment.get("HOME").filter(|home| !home.is_empty())) {
            (Some(list), _) => list.split(':').filter(|file| !file.is_empty()).map(PathBuf::from).collect(),
            (None, Some(home)) => vec![Path::new(home).join(".kube/config")],
            (None, None) => Vec::new(),
        };
        let mut parts = Vec::new();
        let mut whole = Kubeconfig::default();
        for file in files {
            let part = match read(&file) {
                Err(Error::Read(_, cause)) if cause.kind() == io::ErrorKind::NotFound => continue,
                part => part?,
            };
            whole = whole.merge(part.clone()).map_err(|_| Error::Malformed(file.clone(), None))?;
            parts.push((file, part));
        }
        self.take(&whole, &parts)
    }
}

/// The given files, in the order in which they are read.
fn files(settings: &Settings) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::from_iter(settings.kubeconfig.clone());
    let Some(directory) = &settings.kubeconfig_dir else {
        return if settings.kubeconfig_suffix.is_empty() { Ok(files) } else { Err(Error::SuffixAlone) };
    };
    let names = list(directory).map_err(|error| Error::Directory(directory.clone(), error))?;
    let is_wanted = |name: &OsString| {
        let name = name.as_encoded_bytes();
        // Kubernetes mounts what it mounts behind names like `..data`.
        !name.starts_with(b"..") && name.ends_with(settings.kubeconfig_suffix.as_bytes())
    };
    files.extend(names.into_iter().filter(is_wanted).map(|name| directory.join(name)));
    Ok(files)
}

/// What is in a directory and no directory itself, in order.
#[expect(clippy::disallowed_methods, reason = "kubeconfigs are the matter of this layer")]
fn list(directory: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            names.push(entry.file_name());
        }
    }
    names.sort();
    Ok(names)
}

fn read(file: &Path) -> Result<Kubeconfig, Error> {
    Kubeconfig::read_from(file).map_err(|error| match error {
        KubeconfigError::ReadConfig(cause, path) => Error::Read(path, cause),
        // The words of the parser quote the file, which holds tokens.
        other => Error::Malformed(file.to_owned(), line(&other.to_string())),
    })
}

/// The first line number in a parser's words.
fn line(text: &str) -> Option<usize> {
    let rest = text.split("line ").nth(1)?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests;
