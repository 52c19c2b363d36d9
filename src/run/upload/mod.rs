//! `cutwater upload` and `config-uploader`: files of a repository to ConfigMaps on clusters.
//!
//! [`options`] says what is asked for. [`prepare`] reads plugins.yaml and the files and looks for what is wrong with them
//! before any server is asked; [`observe`] reads what is there, from clusters or from saved objects; [`survey`] makes the plan
//! of both and weighs it; [`carry`] carries it out, wave by wave, and keeps a [`record`]. [`adopt`] hands keys over that
//! another program wrote.

pub mod adopt;
pub mod carry;
pub mod observe;
pub mod options;
pub mod prepare;
pub mod record;
pub mod status;
pub mod survey;

pub use adopt::{Adoption, adopt};
pub use carry::carry;
pub use options::{Against, Manner, UploadOptions};
pub use record::{Entry, Outcome, Record};
pub use status::Status;
pub use survey::{Survey, survey};
