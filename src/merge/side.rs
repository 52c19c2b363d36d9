//! One side of a merge: the jobs of a file as values, in the spelling of canonical form.

use std::fmt;

use crate::canonical::lost;
use crate::model::job::JobConfig;
use crate::model::scalar::Raw;
use crate::yaml::codec::{Strictness, read as decode, write};
use crate::yaml::parse::parse;
use crate::yaml::value::Value;

/// What a job file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Jobs(pub(super) Value);

/// Why a text is not merged as jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no YAML, or not that of jobs.
    NoJobs,
    /// It says something that a job file in canonical form does not keep: a comment, a field that is none.
    Loses(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJobs => out.write_str("it is no file of jobs"),
            Self::Loses(what) => write!(out, "it has something that a merged file would not keep: {what}"),
        }
    }
}

impl Jobs {
    /// The jobs as text, in no final form.
    pub fn text(&self) -> Option<String> {
        write(&self.0, 4096).ok()
    }

    /// Whether there is nothing in the file.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Value::Map(entries) if entries.is_empty())
    }
}

/// Reads a side. Of what both began with nothing can be lost: neither side may have it any more.
pub fn read(text: &str, side: super::Side) -> Result<Jobs, Unreadable> {
    let config: JobConfig = decode_text(text)?;
    let canonical = write(&config, text.len()).map_err(|_| Unreadable::NoJobs)?;
    if side != super::Side::Base && canonical != text && !text.is_empty() {
        // Which name the findings give the file is not told.
        if let Some(loss) = lost::<JobConfig>("", text).into_iter().next() {
            return Err(Unreadable::Loses(format!("{} (line {})", loss.message, loss.line)));
        }
    }
    let Raw(value) = decode_text(&canonical)?;
    match value {
        Value::Null => Ok(Jobs(Value::Map(Default::default()))),
        Value::Map(_) => Ok(Jobs(value)),
        _ => Err(Unreadable::NoJobs),
    }
}

fn decode_text<T: crate::yaml::codec::Decode>(text: &str) -> Result<T, Unreadable> {
    let tree = parse(text).map_err(|_| Unreadable::NoJobs)?;
    decode(&tree, Strictness::Lenient).map_err(|_| Unreadable::NoJobs)
}
