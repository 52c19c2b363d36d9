//! A real Kubernetes API server for tests, with a real etcd behind it, and what tests do with it.
//!
//! [`Server`] starts and stops one; [`Api`] speaks to it, blocking, JSON in and out; [`Kubeconfig`] writes contexts for the
//! program under test; [`Watch`] keeps every state of a namespace's ConfigMaps; [`Proxy`] stands before a server and makes
//! trouble. Read `server` first; `tests/upload/harness.rs` shows each of them at work.
//!
//! The programs come from `tests/kube/prepare`. A machine that cannot have them fails these tests; only
//! `CUTWATER_WITHOUT_KUBE=1` leaves them out, and they say so: [`Server::start`] and [`Server::shared`] then answer `None`.

#![allow(unused_imports, reason = "each test file uses its share")]

mod api;
mod audit;
mod authority;
mod fault;
mod kubeconfig;
mod manifest;
mod object;
mod process;
mod programs;
mod proxy;
mod server;
mod watch;

use std::future::Future;
use std::sync::LazyLock;
use std::sync::mpsc::channel;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

pub use api::{Answer, Api};
pub use audit::Audited;
pub use fault::{Fault, Head, When};
pub use kubeconfig::Kubeconfig;
pub use object::{config_map, config_maps, contents, lease, namespace, role, role_binding};
pub use proxy::{Forwarded, Proxy};
pub use server::{Options, Server, User};
pub use watch::{State, Watch};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Where everything here that waits for the network runs. It is never dropped, so no test has to keep it.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap());

/// Waits for a future, in tests that have a runtime of their own and in those that have none.
fn wait<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = channel();
    RUNTIME.spawn(async move {
        // Nobody waits any more where the test has failed meanwhile.
        let _ = sender.send(future.await);
    });
    receiver.recv().expect("the future panics")
}

/// Asks again and again until there is an answer. RBAC, for one, takes a moment to learn of a new role.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "not within {} s: {what}", PATIENCE.as_secs());
        sleep(Duration::from_millis(20));
    }
}
