//! A proxy before a server that makes trouble and keeps account of all that passes.
//!
//! It listens without TLS on loopback and passes tokens on. Each request is one of its records; the first rule that takes
//! it decides its fault, and without one it goes to the server and the answer comes back as it is.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

use super::api::{Sender, sender};
use super::{Fault, Head, RUNTIME, Server, When, wait};

type Body = BoxBody<Bytes, hyper::Error>;

/// A request that came to a proxy.
#[derive(Clone, Debug)]
pub struct Forwarded {
    pub head: Head,
    /// Since the proxy began.
    pub at: Duration,
    /// From its coming to the start of its answer; none while there is no answer, as after a reset.
    pub took: Option<Duration>,
    /// What the client was answered.
    pub status: Option<u16>,
    /// Whether the server was asked.
    pub reached_server: bool,
    /// How many others were under way when it came.
    pub others: usize,
    /// Nothing while it has not been read, as with a reset.
    pub body: Bytes,
    pub content_type: String,
    pub user_agent: String,
}

/// A proxy; its port is closed with the value.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    began: Instant,
    /// The address of the server.
    target: String,
    sender: Sender,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<(When, usize, Fault)>,
    requests: Vec<Forwarded>,
    in_flight: usize,
    peak: usize,
}

impl Proxy {
    pub fn start(server: &Server) -> Self {
        let state = Mutex::default();
        let sender = sender(server.trusted());
        let shared = Arc::new(Shared { began: Instant::now(), target: server.url(), sender, state });
        let listener = wait(async { TcpListener::bind("127.0.0.1:0").await }).unwrap();
        let address = listener.local_addr().unwrap();
        let task = RUNTIME.spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a rule. Of several that take a request the first decides; each counts the requests that it takes.
    pub fn rule(&self, when: When, fault: Fault) {
        self.shared.state().rules.push((when, 0, fault));
    }

    /// Takes all rules away.
    pub fn behave(&self) {
        self.shared.state().rules.clear();
    }

    /// All requests so far, in the order in which they came.
    pub fn requests(&self) -> Vec<Forwarded> {
        self.shared.state().requests.clone()
    }

    /// The requests that would change something.
    pub fn writes(&self) -> Vec<Forwarded> {
        self.requests().into_iter().filter(|request| request.head.is_write()).collect()
    }

    /// The largest number of requests under way at once.
    pub fn peak(&self) -> usize {
        self.shared.state().peak
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            let Ok(stream) = stream.into_std() else { return };
            let (Ok(held), Ok(stream)) = (stream.try_clone(), TcpStream::from_std(stream)) else { return };
            let reset = Arc::new(Notify::new());
            let service = {
                let reset = Arc::clone(&reset);
                service_fn(move |request| handle(Arc::clone(&shared), Arc::clone(&reset), request))
            };
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                _ = connection => {}
                () = reset.notified() => {
                    // Closed without a farewell.
                    let _ = TcpStream::from_std(held).and_then(|held| held.set_zero_linger());
                }
            }
        });
    }
}

async fn handle(
    shared: Arc<Shared>,
    reset: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let (passage, fault) = Passage::begin(&shared, &request);
    let cut = || async {
        reset.notify_one();
        std::future::pending().await
    };
    if matches!(fault, Some(Fault::Reset)) {
        return cut().await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return cut().await };
    let body = body.to_bytes();
    passage.note(|record| record.body = body.clone());
    match &fault {
        Some(Fault::Answer { status, headers, body }) => return Ok(passage.end(answer(*status, headers, body))),
        Some(Fault::Delay(duration)) => sleep(*duration).await,
        Some(Fault::Before(run)) => drop(
            spawn_blocking({
                let run = Arc::clone(run);
                move || run()
            })
            .await,
        ),
        _ => {}
    }
    // On its own, since the client may go away and the server has been asked nevertheless.
    passage.note(|record| record.reached_server = true);
    let response = tokio::spawn(forward(Arc::clone(&shared), head, body)).await;
    match &fault {
        Some(Fault::LoseAnswer) => return cut().await,
        Some(Fault::DelayAnswer(duration)) => sleep(*duration).await,
        Some(Fault::After(run)) => drop(
            spawn_blocking({
                let run = Arc::clone(run);
                move || run()
            })
            .await,
        ),
        _ => {}
    }
    // A server that is down resets connections, or has none; so does the proxy.
    let Ok(Ok(response)) = response else { return cut().await };
    Ok(passage.end(response))
}

/// Asks the server. An answer is read to its end first, unless it has none.
async fn forward(
    shared: Arc<Shared>,
    mut head: hyper::http::request::Parts,
    body: Bytes,
) -> Result<Response<Body>, String> {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    head.uri = format!("{}{path}", shared.target).parse().map_err(|error| format!("{path}: {error}"))?;
    for name in ["host", "connection", "content-length", "transfer-encoding"] {
        head.headers.remove(name);
    }
    let is_watch = path.contains("watch=1") || path.contains("watch=true");
    let request = Request::from_parts(head, Full::new(body));
    let response = shared.sender.request(request).await.map_err(|error| error.to_string())?;
    let (mut head, body) = response.into_parts();
    head.headers.remove("connection");
    if is_watch {
        return Ok(Response::from_parts(head, body.boxed()));
    }
    let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    Ok(Response::from_parts(head, whole(body)))
}

fn answer(status: u16, headers: &[(String, String)], body: &str) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(whole(Bytes::from(body.to_owned()))).expect("a fault's answer can be sent")
}

fn whole(body: Bytes) -> Body {
    Full::new(body).map_err(|never| match never {}).boxed()
}

/// A request under way: counted from its beginning until the value goes, in whichever way.
struct Passage {
    shared: Arc<Shared>,
    index: usize,
    began: Instant,
}

impl Passage {
    fn begin(shared: &Arc<Shared>, request: &Request<Incoming>) -> (Self, Option<Fault>) {
        let uri = request.uri();
        let head = Head {
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
        };
        let header = |name| {
            let value = request.headers().get(name);
            value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
        };
        let mut state = shared.state();
        let fault = state.fault(&head);
        state.in_flight += 1;
        state.peak = state.peak.max(state.in_flight);
        let record = Forwarded {
            head,
            at: shared.began.elapsed(),
            took: None,
            status: None,
            reached_server: false,
            others: state.in_flight - 1,
            body: Bytes::new(),
            content_type: header("content-type"),
            user_agent: header("user-agent"),
        };
        state.requests.push(record);
        let index = state.requests.len() - 1;
        (Self { shared: Arc::clone(shared), index, began: Instant::now() }, fault)
    }

    fn note(&self, change: impl FnOnce(&mut Forwarded)) {
        if let Some(record) = self.shared.state().requests.get_mut(self.index) {
            change(record);
        }
    }

    fn end(self, response: Response<Body>) -> Response<Body> {
        self.note(|record| {
            record.took = Some(self.began.elapsed());
            record.status = Some(response.status().as_u16());
        });
        response
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        self.shared.state().in_flight -= 1;
    }
}

impl State {
    /// The fault that the rules have for a request, which every rule that takes it counts.
    fn fault(&mut self, head: &Head) -> Option<Fault> {
        let mut fault = None;
        for (when, count, of_rule) in &mut self.rules {
            if (when.takes)(head) {
                *count += 1;
                if fault.is_none() && (when.is_due)(*count) {
                    fault = Some(of_rule.clone());
                }
            }
        }
        fault
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
