//! The way to one server: its client, made when it is first needed, its credentials and its gate.
//!
//! A server that has done nothing for us for as long as one operation may take is given up. Otherwise hundreds of requests
//! would wait in vain one after the other, each for its own time.

use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, RETRY_AFTER};
use kube::client::AuthError;
use kube::{Client, Config};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::{Instant, timeout};

use super::answer::Sent;
use super::attempts::{Attempt, Stop};
use super::context::{Access, of_client};
use super::gate::{Gate, Load};
use super::plugin::Plugin;
use super::request::Request;
use super::token::TokenFile;

/// The way to one server.
pub(super) struct Connection {
    config: Config,
    token: Option<TokenFile>,
    plugin: Option<Plugin>,
    /// What went wrong is kept as well: a credential plugin that fails is not run for each request.
    client: OnceCell<Result<Client, Sent>>,
    gate: Gate,
    overall: Arc<Semaphore>,
    request_timeout: Duration,
    patience: Duration,
    trouble: Trouble,
}

impl Connection {
    pub(super) fn new(
        Access { config, token, plugin, problem: _ }: Access,
        per_cluster: usize,
        overall: Arc<Semaphore>,
        request_timeout: Duration,
        patience: Duration,
    ) -> Self {
        let (client, gate) = (OnceCell::new(), Gate::new(per_cluster));
        Self { config, token, plugin, client, gate, overall, request_timeout, patience, trouble: Trouble::default() }
    }

    /// Sends a request when it is its turn, unless writes have stopped until then. Nothing is held while nothing is sent.
    pub(super) async fn attempt(&self, request: &Request, stop: &Stop) -> Attempt {
        let start = Instant::now();
        let place = self.gate.enter().await;
        // It is never closed.
        let overall = self.overall.acquire().await.ok();
        let queued = start.elapsed();
        let sent = match self.trouble.lasts() {
            _ if request.is_write() && stop.is_set() => Sent::Stopped,
            Some(time) if time >= self.patience => Sent::GivenUp(time),
            _ => {
                let began = Instant::now();
                let sent = self.send(request).await;
                self.trouble.note(&sent, began);
                sent
            }
        };
        drop(overall);
        place.leave(load(&sent));
        Attempt { sent, queued }
    }

    async fn send(&self, request: &Request) -> Sent {
        let client = match self.client.get_or_init(|| self.connect()).await {
            Ok(client) => client,
            Err(sent) => return sent.clone(),
        };
        let mut http = match request.http() {
            Ok(http) => http,
            Err(error) => return Sent::NoConnection(format!("the request cannot be made: {error}")),
        };
        match self.authorization().await {
            Ok(header) => http.headers_mut().extend(header.map(|header| (AUTHORIZATION, header))),
            Err(problem) => return Sent::NoCredentials(problem),
        }
        timeout(self.request_timeout, answer(client, http)).await.unwrap_or(Sent::TooSlow)
    }

    /// The header `Authorization`, of those who do not leave it to the client.
    async fn authorization(&self) -> Result<Option<HeaderValue>, String> {
        match (&self.token, &self.plugin) {
            (Some(token), _) => token.header().map(Some),
            (None, Some(plugin)) => plugin.header(self.patience).await,
            (None, None) => Ok(None),
        }
    }

    /// Makes the client. What can be seen to be wrong before has been told when the kubeconfig was read.
    async fn connect(&self) -> Result<Client, Sent> {
        let mut config = self.config.clone();
        let user = self.plugin.as_ref().map_or("", Plugin::user);
        if let Some(plugin) = &self.plugin {
            plugin.certify(&mut config, self.patience).await.map_err(Sent::NoCredentials)?;
        }
        // It reads whom the system trusts, so elsewhere than where requests are served.
        match tokio::task::spawn_blocking(move || Client::try_from(config)).await {
            Ok(Ok(client)) => Ok(client),
            Ok(Err(kube::Error::Auth(error))) => Err(Sent::NoCredentials(of_credentials(&error))),
            Ok(Err(error)) => Err(Sent::NoCredentials(of_client(&error, user))),
            Err(_) => Err(Sent::NoCredentials("no client can be made of what its context says".to_owned())),
        }
    }
}

/// Since when a server has done nothing of what it was asked, if it does not.
#[derive(Debug, Default)]
struct Trouble(Mutex<Option<Instant>>);

impl Trouble {
    fn lasts(&self) -> Option<Duration> {
        self.since().map(|since| since.elapsed())
    }

    fn note(&self, sent: &Sent, began: Instant) {
        let mut since = self.since();
        match sent {
            Sent::Answer { code: 429 | 500.., .. } | Sent::NoConnection(_) | Sent::Lost(_) | Sent::TooSlow => {
                since.get_or_insert(began);
            }
            Sent::Answer { .. } => *since = None,
            Sent::NoCredentials(_) | Sent::GivenUp(_) | Sent::Stopped => {}
        }
    }

    fn since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(client: &Client, http: http::Request<kube::client::Body>) -> Sent {
    let response = match client.send(http).await {
        Ok(response) => response,
        Err(error) => return failed(&error),
    };
    let code = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    match response.into_body().collect_bytes().await {
        Ok(body) => Sent::Answer { code, retry_after, body: body.to_vec() },
        Err(error) => Sent::Lost(innermost(&error)),
    }
}

fn load(sent: &Sent) -> Load {
    match sent {
        Sent::Answer { code: 429, .. } => Load::TooMuch,
        Sent::Answer { code: 200..=499, .. } => Load::Fine,
        _ => Load::Unknown,
    }
}

/// What an error of the client means for the request.
fn failed(error: &kube::Error) -> Sent {
    for cause in chain(error) {
        if let Some(error) = cause.downcast_ref::<AuthError>() {
            return Sent::NoCredentials(of_credentials(error));
        }
        if let Some(error) = cause.downcast_ref::<hyper_util::client::legacy::Error>()
            && error.is_connect()
        {
            return Sent::NoConnection(innermost(error));
        }
    }
    Sent::Lost(innermost(error))
}

/// What is wrong with credentials, without them.
fn of_credentials(error: &AuthError) -> String {
    match error {
        AuthError::InvalidBasicAuth(_) | AuthError::InvalidBearerToken(_) => {
            "they hold what no header can hold, such as a line break".to_owned()
        }
        _ => "its way of authentication does not work here".to_owned(),
    }
}

fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// What is at the bottom of a failed connection: words of the system or of TLS, which know no requests.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let Some(last) = chain(error).last() else { return "no connection".to_owned() };
    match last.downcast_ref::<io::Error>() {
        Some(error) => plain(error),
        None => last.to_string(),
    }
}

/// The words of the operating system without their number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}
