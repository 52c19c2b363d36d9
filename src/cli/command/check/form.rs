//! Forms of findings.

use std::path::PathBuf;

use clap::ValueEnum;

/// Forms of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// One JSON array.
    Json,
    /// Annotations of GitHub Actions, ten errors and ten warnings.
    Github,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// JUnit, for pages of test results.
    Junit,
}

/// Reads `FORM=FILE`.
pub fn output_file(given: &str) -> Result<(Form, PathBuf), String> {
    let (form, path) = given.split_once('=').ok_or("write FORM=FILE, as in sarif=check.sarif")?;
    let form = Form::from_str(form, false)?;
    if path.is_empty() { Err("there is no file after the =".to_owned()) } else { Ok((form, PathBuf::from(path))) }
}
