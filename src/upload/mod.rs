//! Files to ConfigMaps: what should be in them, what is, and the steps from one to the other. All of it values.
//!
//! [`Desired`] is made of a repository's files and where [`crate::updater`] places them, [`Live`] is what a server answered.
//! A [`MapPlan`] says what it takes for one ConfigMap and what stands in the way, the [`Plan`] holds all of them and orders
//! the writes so that nothing is ever missing, [`body`] makes an [`Edit`] of each. [`Writer`] is who writes. [`beside`] finds
//! ConfigMaps again that are no longer named.
//! Nothing here opens a file or talks to a server.

pub mod beside;
pub mod body;
pub mod change;
pub mod content;
pub mod desired;
pub mod edit;
pub mod handover;
pub mod live;
pub mod map_plan;
pub mod marks;
pub mod obstacle;
pub mod plan;
pub mod rbac;
pub mod value;
pub mod writer;

pub use content::Content;
pub use desired::{Desired, File, Item, Scope};
pub use edit::Edit;
pub use live::{Live, Manager, Operation};
pub use map_plan::MapPlan;
pub use obstacle::{Ancestry, Obstacle};
pub use plan::Plan;
pub use value::Value;
pub use writer::{Commit, TakeOver, VersionPolicy, Writer};
