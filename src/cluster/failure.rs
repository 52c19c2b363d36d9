//! What can become of a request, so that whoever sent it can decide what to do.
//!
//! The text of a [`Failure`] is for people: what, why, what to do. It never holds what a ConfigMap holds, nor a token: of
//! the server's words only those are passed on that are known to be free of both. [`Failure::class`] says which exit status
//! it asks for.

use std::fmt;
use std::time::Duration;

use super::object::{Object, RESOURCE};

/// Why a request did not do what it was to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No kubeconfig context has this name.
    NoCluster {
        /// The name.
        cluster: String,
    },
    /// This program failed at it, and nobody knows how far it got.
    Broken {
        /// What it was about.
        object: Object,
    },
    /// The run is ending, so the write was not sent.
    Stopped {
        /// What it was about.
        object: Object,
    },
    /// There was no connection, as often as it was tried.
    Unreachable {
        /// Which cluster.
        cluster: String,
        /// What the network said.
        cause: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// The server did not answer in time. Only of reads: a write that was sent is [`Failure::Unknown`].
    TimedOut {
        /// Which cluster.
        cluster: String,
        /// How long it took in all.
        waited: Duration,
        /// How often it was tried.
        attempts: u32,
    },
    /// A write was sent and nobody knows whether it took place: read again before deciding.
    Unknown {
        /// What it was about.
        object: Object,
        /// What happened to the answer.
        cause: String,
    },
    /// The server does not know who is asking, or the credentials could not be had.
    Unauthorized {
        /// Which cluster.
        cluster: String,
        /// What is wrong with the credentials, where that is known on this side.
        cause: Option<String>,
    },
    /// A role is missing.
    Forbidden {
        /// What it was about.
        object: Object,
        /// The verb that a role has to allow.
        verb: String,
    },
    /// The namespace does not exist, or is being removed.
    NoNamespace {
        /// What it was about.
        object: Object,
        /// Whether it still exists and is being removed.
        is_ending: bool,
    },
    /// Admission control of the cluster, or a quota, refused the write.
    Denied {
        /// What it was about.
        object: Object,
        /// Who refused.
        by: String,
    },
    /// The object is not the one, or not in the state, that was read: read again and decide again.
    Changed {
        /// What it was about.
        object: Object,
    },
    /// The object was to be new and is there.
    AlreadyExists {
        /// What it was about.
        object: Object,
    },
    /// Fields belong to other managers. Sending it again cannot help.
    FieldConflict {
        /// What it was about.
        object: Object,
        /// Each field, a key of the ConfigMap where it is one, with the manager it belongs to.
        fields: Vec<(String, String)>,
    },
    /// More than the server or its storage takes.
    TooLarge {
        /// What it was about.
        object: Object,
        /// Which limit.
        limit: String,
    },
    /// The server finds the object wrong.
    Invalid {
        /// What it was about.
        object: Object,
        /// What is wrong, without any content.
        reason: String,
    },
    /// The ConfigMap says `immutable: true`.
    Immutable {
        /// What it was about.
        object: Object,
    },
    /// The server asked to come back later, as often as it was tried.
    Overloaded {
        /// Which cluster.
        cluster: String,
        /// How long it took in all.
        waited: Duration,
        /// How often it was tried.
        attempts: u32,
    },
    /// The server failed, or something between here and there answered in its place.
    Server {
        /// Which cluster.
        cluster: String,
        /// The HTTP status.
        code: u16,
        /// What it said, as far as that can be passed on.
        reason: String,
        /// How often it was tried.
        attempts: u32,
    },
}

/// What a failure asks of the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A defect of this program.
    Defect,
    /// The name of a cluster is wrong.
    Usage,
    /// The target or the content is refused as it is.
    Refused,
    /// The run is ending.
    Stopped,
    /// Someone else's fields, or state that moves on.
    Conflict,
    /// Credentials or roles.
    Auth,
    /// Unreachable, timed out, overloaded, broken.
    Unavailable,
}

impl Class {
    /// The exit status when nothing was written.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Defect => 1,
            Self::Usage => 2,
            Self::Refused => 4,
            Self::Stopped => 5,
            Self::Conflict => 6,
            Self::Auth => 7,
            Self::Unavailable => 8,
        }
    }
}

impl Failure {
    /// What it asks of the whole run.
    pub fn class(&self) -> Class {
        match self {
            Self::Broken { .. } => Class::Defect,
            Self::NoCluster { .. } => Class::Usage,
            Self::NoNamespace { .. } | Self::Denied { .. } | Self::TooLarge { .. } | Self::Invalid { .. } => {
                Class::Refused
            }
            Self::Stopped { .. } => Class::Stopped,
            Self::Changed { .. } | Self::AlreadyExists { .. } | Self::FieldConflict { .. } | Self::Immutable { .. } => {
                Class::Conflict
            }
            Self::Unauthorized { .. } | Self::Forbidden { .. } => Class::Auth,
            Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Unknown { .. }
            | Self::Overloaded { .. }
            | Self::Server { .. } => Class::Unavailable,
        }
    }

    /// How often it was tried.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::NoCluster { .. } | Self::Broken { .. } | Self::Stopped { .. } => 0,
            Self::Unreachable { attempts, .. }
            | Self::TimedOut { attempts, .. }
            | Self::Overloaded { attempts, .. }
            | Self::Server { attempts, .. } => *attempts,
            _ => 1,
        }
    }

    /// What it was about, where it is not about a whole cluster.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Self::Broken { object }
            | Self::Stopped { object }
            | Self::Unknown { object, .. }
            | Self::Forbidden { object, .. }
            | Self::NoNamespace { object, .. }
            | Self::Denied { object, .. }
            | Self::Changed { object }
            | Self::AlreadyExists { object }
            | Self::FieldConflict { object, .. }
            | Self::TooLarge { object, .. }
            | Self::Invalid { object, .. }
            | Self::Immutable { object } => Some(object),
            Self::NoCluster { .. }
            | Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Unauthorized { .. }
            | Self::Overloaded { .. }
            | Self::Server { .. } => None,
        }
    }

    /// Whether reading the object again and deciding again may help.
    pub fn asks_to_read_again(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Changed { .. } | Self::AlreadyExists { .. })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCluster { cluster } => {
                write!(out, "no kubeconfig context is named {cluster}; add one, or correct the name in config_updater")
            }
            Self::Broken { object } => write!(
                out,
                "cutwater itself failed at {object}, which is a defect of it: report it with what stands above, and run again"
            ),
            Self::Stopped { object } => write!(out, "{object} was not written because the run was asked to stop"),
            Self::Unreachable { cluster, cause, attempts } => {
                write!(out, "cluster {cluster} cannot be reached: {cause} ({})", times(*attempts))
            }
            Self::TimedOut { cluster, waited, attempts } => write!(
                out,
                "cluster {cluster} did not answer in {} ({}); a longer timeout may help",
                seconds(*waited),
                times(*attempts)
            ),
            Self::Unknown { object, cause } => {
                write!(out, "nobody knows whether {object} was written: {cause}; the next run finds out and goes on")
            }
            Self::Unauthorized { cluster, cause: None } => {
                write!(out, "cluster {cluster} does not accept the credentials of its context; they may have expired")
            }
            Self::Unauthorized { cluster, cause: Some(cause) } => {
                write!(out, "there are no credentials for cluster {cluster}: {cause}")
            }
            Self::Forbidden { object, verb } => write!(
                out,
                "not allowed to {verb} {object}; a Role there has to have `{verb}` on {} with resourceName {}",
                RESOURCE, object.name
            ),
            Self::NoNamespace { object, is_ending: false } => write!(
                out,
                "{object} cannot be written because the namespace does not exist; create it, or correct its name"
            ),
            Self::NoNamespace { object, is_ending: true } => {
                write!(out, "{object} cannot be written because the namespace is being removed")
            }
            Self::Denied { object, by } => write!(out, "{object} was refused by {by}"),
            Self::Changed { object } => write!(out, "{object} was changed or removed by someone else meanwhile"),
            Self::AlreadyExists { object } => write!(out, "{object} was created by someone else meanwhile"),
            Self::FieldConflict { object, fields } => {
                write!(out, "{object} has keys that others have set: ")?;
                for (at, (field, manager)) in fields.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(out, "{comma}{field} (of {manager})")?;
                }
                write!(out, "; take them over, or leave them to their managers")
            }
            Self::TooLarge { object, limit } => {
                write!(out, "{object} is too large: {limit}; gzip it, spread it over partitions or split it")
            }
            Self::Invalid { object, reason } => write!(out, "the server finds {object} wrong: {reason}"),
            Self::Immutable { object } => write!(
                out,
                "{object} is immutable, so nobody can change it; delete it and run again, or use another name"
            ),
            Self::Overloaded { cluster, waited, attempts } => write!(
                out,
                "cluster {cluster} is overloaded: it asked to come back later for {} ({})",
                seconds(*waited),
                times(*attempts)
            ),
            Self::Server { cluster, code, reason, attempts } => {
                write!(out, "cluster {cluster} answers with status {code}: {reason} ({})", times(*attempts))
            }
        }
    }
}

impl std::error::Error for Failure {}

fn times(attempts: u32) -> String {
    match attempts {
        0 => "not tried again".to_owned(),
        1 => "tried once".to_owned(),
        _ => format!("tried {attempts} times"),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
