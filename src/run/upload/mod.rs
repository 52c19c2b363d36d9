//! `cutwater upload` and `config-uploader`: files of a repository to ConfigMaps on clusters.
//!
//! [`options`] says what is asked for. [`prepare`] reads plugins.yaml and the files and looks for what is wrong with them
//! before any server is asked (with `checkout`, what git says of them); [`observe`] reads what is there, from clusters or from saved objects; [`mod@survey`] makes the plan
//! of both and weighs it (`sizes`); [`mod@carry`] carries it out, wave by wave, one `delivery` a write, and keeps a [`record`].
//! [`mod@adopt`] hands keys over that another program wrote.

mod admission;
pub mod adopt;
pub mod carry;
mod checkout;
mod delivery;
pub mod observe;
pub mod options;
pub mod prepare;
pub mod record;
mod sizes;
pub mod status;
pub mod survey;

pub use adopt::{Adoption, adopt};
pub use carry::{Pace, carry};
pub use options::{Against, Manner, UploadOptions};
pub use record::{Entry, Outcome, Record};
pub use status::Status;
pub use survey::{Survey, survey};

use std::path::Path;

use crate::files;
use crate::yaml::codec::{Strictness, read};
use crate::yaml::parse::parse;
use crate::yaml::value::Value;

/// The namespace of Prow itself, as its configuration says; nothing when that does not say.
pub fn prow_namespace(config: &Path) -> Result<Option<String>, String> {
    let text = files::read_given(config).map_err(|error| error.to_string())?;
    let malformed = || format!("{} is no configuration of Prow", config.display());
    let tree = parse(&text).map_err(|error| format!("{}: {}", config.display(), error.message))?;
    match read::<Value>(&tree, Strictness::Lenient) {
        Ok(Value::Map(fields)) => match fields.into_iter().find(|(name, _)| name == "prowjob_namespace") {
            None | Some((_, Value::Null)) => Ok(None),
            Some((_, Value::Text(namespace))) => Ok(Some(namespace).filter(|namespace| !namespace.is_empty())),
            Some(_) => Err(format!("prowjob_namespace in {} is no text", config.display())),
        },
        Ok(Value::Null) => Ok(None),
        _ => Err(malformed()),
    }
}
