//! Text to tree to values: how many bytes a second, for the text of job files and of configs.
//!
//! `canonical` is read line by line; `scanned` is the same text behind a comment, which the short cut for canonical
//! text does not take. `decoded` adds the step from tree to values.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod sample;
#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput};
use cutwater::model::config::ReleaseBuildConfiguration;
use cutwater::model::job::JobConfig;
use cutwater::yaml::codec::{Strictness, read};
use cutwater::yaml::parse::parse;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    job_file(&mut criterion);
    configs(&mut criterion);
    criterion.final_summary();
}

fn job_file(criterion: &mut Criterion) {
    let text = sample::job_text(&sample::job_file());
    let commented = format!("# The short cut ends here.\n{text}");
    let mut group = criterion.benchmark_group("parser/job file");
    group.throughput(Throughput::BytesDecimal(text.len() as u64));
    group.bench_function("canonical", |bencher| bencher.iter(|| drop(parse(&text).unwrap())));
    group.bench_function("scanned", |bencher| bencher.iter(|| drop(parse(&commented).unwrap())));
    group.bench_function("decoded", |bencher| {
        bencher.iter(|| read::<JobConfig>(&parse(&text).unwrap(), Strictness::Lenient).unwrap());
    });
}

fn configs(criterion: &mut Criterion) {
    let configs = sample::configs();
    let size: usize = configs.iter().map(|config| config.text.len()).sum();
    let mut group = criterion.benchmark_group("parser/configs");
    group.throughput(Throughput::BytesDecimal(size as u64));
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| configs.iter().for_each(|config| drop(parse(&config.text).unwrap())));
    });
    group.bench_function("decoded", |bencher| {
        let decode = |text| read::<ReleaseBuildConfiguration>(&parse(text).unwrap(), Strictness::Lenient).unwrap();
        bencher.iter(|| configs.iter().for_each(|config| drop(decode(&config.text))));
    });
}
