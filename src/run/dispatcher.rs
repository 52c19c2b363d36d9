//! The dispatcher from its two files: which build cluster runs what. What the files mean is in [`crate::dispatch`].

use std::path::Path;

use super::options::Error;
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
