//! The real server that other tests run against.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::kube::Server;

#[test]
fn a_server_starts() {
    let Some(server) = Server::shared() else { return };
    server.namespace();
}
