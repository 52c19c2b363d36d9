//! Clusters: the one layer that talks to API servers.
//!
//! It knows nothing of plans; it carries out single requests well. [`Clusters::load`] finds the clusters that kubeconfigs
//! name, by Prow's rules (`contexts.rs`); [`Clusters::get`] and [`Clusters::write`] do one thing to one ConfigMap, with as
//! many attempts as a [`Policy`] allows (`attempts.rs`). What comes back is what was asked for or a [`Failure`] that says what
//! can be done (`answer.rs` tells them apart). Requests are made as values in `request.rs` and sent in `connection.rs`, behind
//! a gate. Who one is to a server is made out in `context.rs`. Neither tokens nor what ConfigMaps hold ever get into a message:
//! `words.rs` is the place to see why.

mod answer;
mod attempts;
mod clusters;
mod connection;
mod context;
mod contexts;
mod convert;
mod credentials;
mod error;
mod failure;
mod gate;
mod object;
mod plugin;
mod policy;
mod proxy;
mod request;
mod saved;
mod settings;
mod token;
mod words;
mod written;

pub use clusters::Clusters;
pub use error::Error;
pub use failure::{Class, Failure};
pub use object::Object;
pub use policy::{Decision, Policy, chance};
pub use saved::{NotSaved, Saved, saved};
pub use settings::Settings;
pub use written::Written;
