//! `cutwater man`: pages for `man`, made of the program's own description.

use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;

use crate::cli::{Ended, Error, terminal};
use crate::files;
use crate::run::options;

/// Write the manual: a page for the program and one for each command
///
/// Without DIR it prints the page of the program.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cutwater man ~/.local/share/man/man1    then: man cutwater-check
  cutwater man | man -l -

Exit status: 0 written, 2 bad usage or a run that failed.")]
pub struct Arguments {
    /// The directory for the pages
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// Runs `cutwater man` over the program's own description.
pub fn run(arguments: &Arguments, mut program: clap::Command) -> Result<Ended, Error> {
    program.build();
    let page = |command: &clap::Command| {
        let mut text = Vec::new();
        let failed = |cause| Error::Host("cannot make a page of the manual".to_owned(), Some(cause));
        Man::new(command.clone()).render(&mut text).map(|()| text).map_err(failed)
    };
    let Some(directory) = &arguments.directory else {
        terminal::print(&String::from_utf8_lossy(&page(&program)?))?;
        return Ok(Ended::Clean);
    };
    let mut open = vec![(program.get_name().to_owned(), &program)];
    while let Some((name, command)) = open.pop() {
        let text = page(&command.clone().name(name.clone()))?;
        files::write_given(&directory.join(format!("{name}.1")), &text).map_err(options::Error::from)?;
        open.extend(command.get_subcommands().map(|below| (format!("{name}-{}", below.get_name()), below)));
    }
    Ok(Ended::Clean)
}
