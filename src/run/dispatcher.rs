//! The dispatcher from its two files: which build cluster runs what. What the files mean is in [`crate::dispatch`].

use std::path::Path;

use super::layout::{CLUSTERS, DISPATCHER_CONFIG};
use super::options::Error;
use crate::catalogue::tree::MISSING_DISPATCHER;
use crate::diagnostic::Diagnostic;
use crate::dispatch::{Dispatcher, Source};
use crate::files;

/// The dispatcher from its two files, with what it warns of; findings instead when it cannot be made.
pub fn load_dispatcher(config: &Path, clusters: &Path) -> Result<Result<Dispatcher, Vec<Diagnostic>>, Error> {
    let names = [config, clusters].map(|path| path.to_string_lossy().into_owned());
    let texts = (files::read_given(config)?, files::read_given_as_it_stands(clusters)?);
    let source = |file, text| Source { file, text };
    Ok(Dispatcher::new(source(&names[0], &texts.0), source(&names[1], &texts.1)))
}

/// The same for files below a release repository, under the names they have there.
pub fn load_dispatcher_below(
    root: &Path,
    config: &str,
    clusters: &str,
) -> Result<Result<Dispatcher, Vec<Diagnostic>>, Error> {
    let texts = (files::read_given(&root.join(config))?, files::read_given_as_it_stands(&root.join(clusters))?);
    Ok(Dispatcher::new(Source { file: config, text: &texts.0 }, Source { file: clusters, text: &texts.1 }))
}

/// The same for the files of a release repository, and whatever keeps it from being made is a finding, be it that a file
/// is not there.
pub fn load_dispatcher_or_tell(root: &Path) -> Result<Dispatcher, Vec<Diagnostic>> {
    let texts = [
        (DISPATCHER_CONFIG, files::read_given(&root.join(DISPATCHER_CONFIG))),
        (CLUSTERS, files::read_given_as_it_stands(&root.join(CLUSTERS))),
    ];
    match texts {
        [(config, Ok(of_config)), (clusters, Ok(of_clusters))] => {
            Dispatcher::new(Source { file: config, text: &of_config }, Source { file: clusters, text: &of_clusters })
        }
        texts => Err(untold(texts)),
    }
}

/// What is told of files that cannot be read; those that are missing are missing together.
fn untold(texts: [(&str, Result<String, files::Error>); 2]) -> Vec<Diagnostic> {
    let (mut findings, mut missing) = (Vec::new(), Vec::new());
    for (shown, text) in texts {
        match text {
            Err(error) if error.is_missing() => missing.push(shown),
            Err(error) => findings.push(error.finding(shown)),
            Ok(_) => {}
        }
    }
    if let [first, rest @ ..] = &*missing {
        let others: String = rest.iter().map(|other| format!(", and so is {other}")).collect();
        findings.push(Diagnostic::of_rule(&MISSING_DISPATCHER, *first, format!("this file is missing{others}")));
    }
    findings
}
