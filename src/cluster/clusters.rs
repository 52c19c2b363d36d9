//! All clusters of a run, and what can be asked of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tokio::sync::Semaphore;

use super::attempts::{Reply, Stop, persist};
use super::connection::Connection;
use super::context::Access;
use super::contexts::{self, DEFAULT, Default, Unusable};
use super::convert;
use super::error::Error;
use super::failure::Failure;
use super::object::Object;
use super::policy::Policy;
use super::request::Request;
use super::settings::Settings;
use super::written::Written;
use crate::updater::ConfigMapId;
use crate::upload::{Edit, Live};

/// The clusters that the kubeconfigs of a run name.
///
/// Connections are made when they are needed first, within the runtime of whoever asks. All methods can be called from many
/// tasks at once: more than [`Settings::per_cluster`] and [`Settings::overall`] requests are never under way.
pub struct Clusters {
    connections: BTreeMap<String, Arc<Connection>>,
    unusable: BTreeMap<String, Unusable>,
    without_authority: Option<(PathBuf, String)>,
    policy: Policy,
    stop: Stop,
    field_manager: String,
}

impl Clusters {
    /// Reads the kubeconfigs. `environment` is where `KUBECONFIG`, `HOME`, proxies and, in a pod, the address of the server
    /// are looked up. Nothing is sent, and no credential plugin runs.
    pub fn load(settings: &Settings, environment: &BTreeMap<String, String>) -> Result<Self, Error> {
        let found = contexts::find(settings, environment)?;
        let overall = Arc::new(Semaphore::new(settings.overall.max(1)));
        let connect = |access: Access| {
            Arc::new(Connection::new(
                access,
                settings.per_cluster,
                Arc::clone(&overall),
                settings.request_timeout,
                settings.timeout,
            ))
        };
        let mut connections: BTreeMap<_, _> =
            found.named.into_iter().map(|(name, access)| (name, connect(access))).collect();
        let default = match found.default {
            Some(Default::Pod(access)) => Some(connect(*access)),
            // One gate for one server, whatever it is called.
            Some(Default::Context(name)) => connections.get(&name).map(Arc::clone),
            None => None,
        };
        connections.extend(default.map(|connection| (DEFAULT.to_owned(), connection)));
        Ok(Self {
            connections,
            unusable: found.unusable,
            without_authority: found.without_authority.map(|what| (settings.service_account.join("ca.crt"), what)),
            policy: Policy::within(settings.timeout),
            stop: Stop::new(),
            field_manager: settings.field_manager.clone(),
        })
    }

    /// Whether there is a cluster of this name.
    pub fn has(&self, name: &str) -> bool {
        self.connections.contains_key(name)
    }

    /// Refuses clusters of which it is known already that they cannot be asked. What is wrong with others is their matter.
    pub fn can_be_asked<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<(), Error> {
        match names.into_iter().find_map(|name| self.unusable.get(name)).cloned() {
            Some(Unusable { context, file, what }) => Err(Error::Context { context, file, what }),
            None => Ok(()),
        }
    }

    /// The file with the certificate authority of the pod that this runs in, and why it does not count.
    pub fn without_authority(&self) -> Option<(&Path, &str)> {
        self.without_authority.as_ref().map(|(file, what)| (file.as_path(), what.as_str()))
    }

    /// Lets requests end that are under way and sends no more writes; those answer [`Failure::Stopped`]. Reads go on, so
    /// that the outcome of a write can be found out.
    pub fn stop(&self) {
        self.stop.set();
    }

    /// Whether [`Clusters::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_set()
    }

    /// Reads a ConfigMap; nothing when there is none.
    pub async fn get(&self, id: &ConfigMapId) -> Result<Option<Live>, Failure> {
        let request = Request::get(Object::new(id))?;
        match self.send(&request).await?.body {
            None => Ok(None),
            Some(body) => {
                let object = serde_json::from_slice(&body).ok();
                object
                    .and_then(convert::live)
                    .map(convert::with_owners)
                    .map(Some)
                    .ok_or_else(|| not_an_object(&request))
            }
        }
    }

    /// Writes a ConfigMap. `id` says which one and where; the body has to agree.
    pub async fn write(&self, id: &ConfigMapId, edit: Edit) -> Result<Written, Failure> {
        let request = Request::write(Object::new(id), edit, &self.field_manager)?;
        let reply = self.send(&request).await?;
        let (uid, version) = stamp(&request, &reply)?;
        Ok(Written { uid, version, attempts: reply.attempts, waited: reply.waited })
    }

    /// Carries out a request.
    async fn send(&self, request: &Request) -> Result<Reply, Failure> {
        let cluster = &request.object.cluster;
        let Some(connection) = self.connections.get(cluster) else {
            return Err(Failure::NoCluster { cluster: cluster.clone() });
        };
        persist(request, &self.policy, &self.stop, || connection.attempt(request, &self.stop)).await
    }
}

/// Whatever answers 200 with something else is no API server.
fn not_an_object(request: &Request) -> Failure {
    let reason = "the answer is no such object; is this the address of an API server?".to_owned();
    Failure::Server { cluster: request.object.cluster.clone(), code: 200, reason, attempts: 1 }
}

/// Which object a write has led to, and which state of it.
fn stamp(request: &Request, reply: &Reply) -> Result<(String, String), Failure> {
    let body = reply.body.as_deref().unwrap_or_default();
    let metadata: Option<ObjectMeta> = serde_json::from_slice(body)
        .ok()
        .and_then(|mut whole: serde_json::Value| serde_json::from_value(whole.get_mut("metadata")?.take()).ok());
    match metadata {
        Some(ObjectMeta { uid: Some(uid), resource_version: Some(version), .. }) => Ok((uid, version)),
        // It was taken, but by whom?
        _ => Err(Failure::Unknown {
            object: request.object.clone(),
            cause: "the answer is no object; is this the address of an API server?".to_owned(),
        }),
    }
}
