//! Values to canonical text: how many bytes a second, for a file of jobs.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod sample;
#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput};
use cutwater::yaml::codec::write;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let jobs = sample::job_file();
    let size = sample::job_text(&jobs).len();
    let mut group = criterion.benchmark_group("emitter");
    group.throughput(Throughput::BytesDecimal(size as u64));
    group.bench_function("job file", |bencher| bencher.iter(|| write(&jobs, size).unwrap()));
    group.finish();
    criterion.final_summary();
}
