//! Uploads, and the clusters that they go to: one program for all of them, and with it one Kubernetes server.
//!
//! `harness` shows the server at work, `cluster` and `cluster_faults` single requests to it; `uploader` is `config-uploader`,
//! all others `cutwater upload`. Each test works in a namespace of its own on the server that all share, or starts one.
#![cfg(feature = "upload")]
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(clippy::print_stderr, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod adopt;
mod bootstrap;
mod checkouts;
mod cluster;
mod cluster_faults;
mod config;
mod conflict;
mod corpora;
mod credentials;
mod deploy;
mod docs;
mod faults;
mod harness;
mod harness_proxy;
mod in_cluster;
mod interruption;
mod keys;
mod limits;
mod moves;
mod names;
mod outage;
mod records;
mod rights;
mod saved_plan;
mod targets;
mod uploader;
mod usage;
mod values;
mod warnings;
mod writers;
