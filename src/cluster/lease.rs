//! A Lease, by which a second uploader sees that a first one is at work.
//!
//! Here are only its reading and writing: who may take it and when is for whoever holds the clock to say. Every write says
//! which state it stands on, so that of two who take it at once one is told [`Failure::Changed`] or
//! [`Failure::AlreadyExists`].

use std::time::{Duration, SystemTime};

use k8s_openapi::api::coordination::v1::{Lease as Given, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use k8s_openapi::jiff::Timestamp;

use super::clusters::{Clusters, not_an_object, stamp};
use super::failure::Failure;
use super::object::{Kind, Object};
use super::request::Request;
use super::write::Write;
use crate::updater::ConfigMapId;

/// Who is at work, since when, and how long that counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lease {
    /// Which object this is; empty for one that is to be created.
    pub uid: String,
    /// Which state of it; empty for one that is to be created.
    pub version: String,
    /// Who holds it; nobody when empty.
    pub holder: String,
    /// How long it counts after it was renewed.
    pub duration: Duration,
    /// When its holder took it.
    pub acquired: Option<SystemTime>,
    /// When its holder renewed it last.
    pub renewed: Option<SystemTime>,
    /// How often its holder changed.
    pub transitions: u32,
}

impl Clusters {
    /// Reads a Lease, named like a ConfigMap by cluster, namespace and name; nothing when there is none.
    pub async fn lease(&self, id: &ConfigMapId) -> Result<Option<Lease>, Failure> {
        let request = Request::get(Object::new(Kind::Lease, id))?;
        match self.send(&request).await?.body {
            None => Ok(None),
            Some(body) => match serde_json::from_slice(&body) {
                Ok(given) => Ok(Some(read(given))),
                Err(_) => Err(not_an_object(&request)),
            },
        }
    }

    /// Creates a Lease that has no version, or replaces the one of just this version. Answers it with the version it has
    /// now.
    pub async fn put_lease(&self, id: &ConfigMapId, lease: &Lease) -> Result<Lease, Failure> {
        let object = Object::new(Kind::Lease, id);
        let body = serde_json::to_vec(&written(id, lease)).map_err(|_| Failure::Invalid {
            object: object.clone(),
            reason: "one of its times is beyond all calendars".to_owned(),
        })?;
        let write = if lease.version.is_empty() { Write::Create { body } } else { Write::Replace { body } };
        let request = Request::write(object, write, self.field_manager())?;
        let (uid, version) = stamp(&request, &self.send(&request).await?)?;
        Ok(Lease { uid, version, ..lease.clone() })
    }
}

fn read(given: Given) -> Lease {
    let spec = given.spec.unwrap_or_default();
    let seconds = u64::try_from(spec.lease_duration_seconds.unwrap_or_default()).unwrap_or_default();
    Lease {
        uid: given.metadata.uid.unwrap_or_default(),
        version: given.metadata.resource_version.unwrap_or_default(),
        holder: spec.holder_identity.unwrap_or_default(),
        duration: Duration::from_secs(seconds),
        acquired: spec.acquire_time.map(|time| time.0.into()),
        renewed: spec.renew_time.map(|time| time.0.into()),
        transitions: u32::try_from(spec.lease_transitions.unwrap_or_default()).unwrap_or_default(),
    }
}

fn written(id: &ConfigMapId, lease: &Lease) -> Given {
    let time = |time: Option<SystemTime>| time.and_then(|time| Timestamp::try_from(time).ok()).map(MicroTime);
    let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
    Given {
        metadata: ObjectMeta {
            name: Some(id.name.clone()),
            namespace: Some(id.namespace.clone()),
            uid: filled(&lease.uid),
            resource_version: filled(&lease.version),
            ..ObjectMeta::default()
        },
        spec: Some(LeaseSpec {
            holder_identity: filled(&lease.holder),
            // Servers refuse zero.
            lease_duration_seconds: i32::try_from(lease.duration.as_secs()).ok().filter(|seconds| *seconds > 0),
            acquire_time: time(lease.acquired),
            renew_time: time(lease.renewed),
            lease_transitions: i32::try_from(lease.transitions).ok(),
            ..LeaseSpec::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let id = ConfigMapId { cluster: "c".into(), namespace: "ns".into(), name: "cutwater".into() };
        let lease = Lease {
            uid: "u".into(),
            version: "7".into(),
            holder: "me".into(),
            duration: Duration::from_secs(60),
            acquired: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)),
            renewed: Some(SystemTime::UNIX_EPOCH + Duration::from_micros(1_700_000_001_000_002)),
            transitions: 3,
        };
        let text = serde_json::to_string(&written(&id, &lease)).unwrap();
        assert!(text.contains("2023-11-14T22:13:21.000002Z"), "{text}");
        assert_eq!(read(serde_json::from_str(&text).unwrap()), lease);
        let free = serde_json::to_value(written(&id, &Lease::default())).unwrap();
        assert_eq!(free["spec"], serde_json::json!({ "leaseTransitions": 0 }));
        assert_eq!(free["metadata"], serde_json::json!({ "name": "cutwater", "namespace": "ns" }));
    }
}
