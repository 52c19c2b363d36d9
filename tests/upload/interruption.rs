//! Uploads that end in the middle, killed or asked to end: the next run finishes them, and no key is ever missing meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::kube::{Fault, Kubeconfig, Proxy, Server, State, Watch, When};
use crate::support::run::{Target, keys_of, pairs, texts_of};
use crate::support::upload::Repository;

const KILL: i32 = 9;
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// The files of a repository: by ConfigMap and key.
type Files = BTreeMap<(String, String), String>;

/// A repository whose ConfigMaps are [`NAMES`], with what it goes through and where its ConfigMaps are.
struct Lane<'s> {
    server: &'s Server,
    repository: Repository,
    proxy: Proxy,
    namespace: String,
    files: Files,
}

impl<'s> Lane<'s> {
    fn new(server: &'s Server) -> Self {
        let (proxy, namespace) = (Proxy::start(server), server.namespace());
        let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
        let repository = Repository::of_maps(&NAMES, &namespace, &kubeconfig);
        Self { server, repository, proxy, namespace, files: Files::new() }
    }

    /// Makes these all the files there are, and commits them.
    fn set(&mut self, files: Files) {
        for (map, key) in self.files.keys() {
            self.repository.remove(&format!("{map}/{key}"));
        }
        for ((map, key), value) in &files {
            self.repository.write(&format!("{map}/{key}"), value);
        }
        self.repository.commit();
        self.files = files;
    }

    /// What the ConfigMaps hold.
    fn live(&self) -> Files {
        let names = NAMES
            .iter()
            .filter(|name| self.server.api().find(&crate::support::kube::config_map(&self.namespace, name)).is_some());
        let keys = |name: &&str| {
            let name = (*name).to_owned();
            keys_of(&self.server.api(), &self.namespace, &name)
                .into_iter()
                .map(move |(key, value)| ((name.clone(), key), value))
        };
        names.flat_map(keys).collect()
    }

    /// A good run ends with everything as the files say, and another one has nothing to do.
    #[track_caller]
    fn finish(&self) {
        let ran = self.repository.upload(&["apply", "--allow-empty"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(self.live(), self.files);
        assert_eq!(self.repository.upload(&["check"]).status, 0);
    }
}

fn files(given: &[(&str, &str, &str)]) -> Files {
    given.iter().map(|(map, key, value)| (((*map).to_owned(), (*key).to_owned()), (*value).to_owned())).collect()
}

/// Every key that is in both, wherever it is, has to be somewhere in every state, with the value that it has in one of them.
#[track_caller]
fn nothing_is_ever_missing(states: &[State], old: &Files, new: &Files) {
    let keys = |files: &Files| files.keys().map(|(_, key)| key.clone()).collect::<BTreeSet<_>>();
    let both: Vec<String> = keys(old).intersection(&keys(new)).cloned().collect();
    let values: BTreeSet<(&String, &String)> = old.iter().chain(new).map(|((_, key), value)| (key, value)).collect();
    for (number, state) in states.iter().enumerate() {
        let held: Vec<BTreeMap<String, String>> = state.values().map(|object| texts_of(object)).collect();
        for key in &both {
            let found: Vec<&String> = held.iter().filter_map(|keys| keys.get(key)).collect();
            assert!(!found.is_empty(), "{key} is nowhere in state {number} of {}", states.len());
            assert!(found.iter().all(|value| values.contains(&(key, value))), "{key}: {found:?}");
        }
    }
}

/// Keys that stay, change, come, go, and move in a circle.
fn before_and_after() -> (Files, Files) {
    let before = files(&[
        ("a", "stays", "1"),
        ("a", "to-b", "1"),
        ("b", "to-c", "1"),
        ("b", "goes", "1"),
        ("c", "to-a", "1"),
        ("c", "changes", "1"),
        ("d", "to-d-renamed", "1"),
    ]);
    let after = files(&[
        ("a", "stays", "1"),
        ("b", "to-b", "1"),
        ("c", "to-c", "2"),
        ("a", "to-a", "1"),
        ("c", "changes", "2"),
        ("d", "renamed", "1"),
        ("d", "comes", "1"),
    ]);
    (before, after)
}

/// Case 55.
#[test]
fn a_run_killed_after_any_write_is_finished_by_the_next() {
    let Some(server) = Server::shared() else { return };
    let (before, after) = before_and_after();
    let mut killed = 0;
    for number in 1.. {
        let mut lane = Lane::new(server);
        lane.set(before.clone());
        lane.finish();
        lane.set(after.clone());
        let target = Target::default();
        let kill = target.clone();
        lane.proxy.rule(When::write().nth(number), Fault::after(move || kill.signal("KILL")));
        let watch = Watch::start(server, &lane.namespace);
        let running = lane.repository.start(&["apply", "--concurrency=1"]);
        target.set(&running);
        let (signal, output) = running.signal();
        lane.finish();
        nothing_is_ever_missing(&watch.finish(), &before, &after);
        if signal != Some(KILL) {
            assert!(output.status.success(), "{output:?}");
            break;
        }
        killed += 1;
    }
    assert_eq!(killed, 8, "all four get what comes, and then all four lose what goes");
}

/// Case 63.
#[test]
fn a_run_asked_to_end_begins_nothing_more() {
    let Some(server) = Server::shared() else { return };
    let (before, after) = before_and_after();
    for name in ["TERM", "INT"] {
        let mut lane = Lane::new(server);
        lane.set(before.clone());
        lane.finish();
        lane.set(after.clone());
        let asked = Target::default();
        let ask = {
            let asked = asked.clone();
            move || {
                asked.signal(name);
                // It has to come before the answer.
                thread::sleep(Duration::from_millis(300));
            }
        };
        lane.proxy.rule(When::write().nth(2), Fault::after(ask));
        let writes = lane.proxy.writes().len();
        let watch = Watch::start(server, &lane.namespace);
        let running = lane.repository.start(&["apply", "--concurrency=1", "--record=../record.json"]);
        asked.set(&running);
        let ran = running.end();
        assert_eq!(ran.status, 5, "{ran:?}");
        assert_eq!(lane.proxy.writes().len() - writes, 2, "{ran:?}");
        assert!(
            ran.stdout.contains("run again to finish") && ran.stdout.contains("pending: the run ended before"),
            "{ran:?}"
        );
        let live = lane.live();
        let gone: Vec<_> = before.keys().filter(|key| !live.contains_key(key)).collect();
        assert!(gone.is_empty(), "what goes is still there: {gone:?}");
        lane.finish();
        nothing_is_ever_missing(&watch.finish(), &before, &after);
    }
}

/// Numbers that look random; a failure says the seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// Some of twelve keys, each somewhere with some value.
    fn files(&mut self) -> Files {
        let mut files = Files::new();
        for key in 0..12 {
            if self.below(6) > 0 {
                let map = NAMES[usize::try_from(self.below(4)).unwrap()];
                files.insert((map.to_owned(), format!("k{key}.yaml")), self.below(3).to_string());
            }
        }
        files
    }
}

/// So many runs are killed, in so many repositories side by side; `CUTWATER_KILLS` says otherwise.
const KILLS: u64 = 200;
const LANES: u64 = 4;

#[test]
fn runs_killed_at_any_moment_are_finished_by_the_next() {
    let Some(server) = Server::shared() else { return };
    let kills = std::env::var("CUTWATER_KILLS").map_or(KILLS, |given| given.parse().unwrap());
    let seed = u64::from(std::process::id());
    let told: Vec<[usize; 3]> = thread::scope(|scope| {
        let lane = |number| scope.spawn(move || lane(server, seed + number, kills.div_ceil(LANES)));
        let lanes: Vec<_> = (0..LANES).map(lane).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| panic!("the first seed was {seed}"))).collect()
    });
    let [before, between, after] = [0, 1, 2].map(|at| told.iter().map(|lane| lane[at]).sum::<usize>());
    println!(
        "killed before anything was written: {before}, between the first write and the last: {between}; not killed: {after}"
    );
    assert!(between >= usize::try_from(kills).unwrap() / 10, "too few kills count: {before}, {between}, {after}");
}

/// Kills runs at random moments, each followed by a good one. The answer counts those killed before they wrote, those killed
/// when they had, and those that were through before.
fn lane(server: &Server, seed: u64, rounds: u64) -> [usize; 3] {
    let mut chance = Chance(seed);
    let mut lane = Lane::new(server);
    lane.set(chance.files());
    lane.finish();
    // Writes take long enough to be hit.
    lane.proxy.rule(When::write(), Fault::Delay(Duration::from_millis(30)));
    let mut usual = Duration::from_millis(500);
    let mut counts = [0; 3];
    for round in 0..rounds {
        let old = lane.files.clone();
        lane.set(chance.files());
        let watch = Watch::start(server, &lane.namespace);
        let writes = lane.proxy.writes().len();
        let began = Instant::now();
        let running = lane.repository.start(&["apply", "--allow-empty"]);
        let target = Target::default();
        target.set(&running);
        let moment =
            usual.mul_f64(0.2) + usual.mul_f64(0.9 * f64::from(u16::try_from(chance.below(1000)).unwrap()) / 1000.0);
        thread::sleep(moment.saturating_sub(began.elapsed()));
        target.signal("KILL");
        let (signal, _) = running.signal();
        let written = lane.proxy.writes().len() > writes;
        counts[if signal != Some(KILL) { 2 } else { usize::from(written) }] += 1;
        let began = Instant::now();
        lane.finish();
        usual = began.elapsed().mul_f64(0.6);
        let states = watch.finish();
        let new = &lane.files;
        let checked = std::panic::catch_unwind(|| nothing_is_ever_missing(&states, &old, new));
        assert!(checked.is_ok(), "seed {seed}, round {round}, killed after {moment:?}:\n{old:?}\n{new:?}");
    }
    counts
}

/// Beside case 63: who asks twice does not wait for the requests that are under way.
#[test]
fn a_run_asked_twice_ends_at_once() {
    let Some(server) = Server::shared() else { return };
    for name in ["TERM", "INT"] {
        let mut lane = Lane::new(server);
        lane.set(before_and_after().0);
        let (asked, is_answered) = (Target::default(), Arc::new(AtomicBool::new(false)));
        let ask = {
            let (asked, is_answered) = (asked.clone(), Arc::clone(&is_answered));
            move || {
                asked.signal(name);
                // Two signals that come at once are one.
                thread::sleep(Duration::from_millis(500));
                asked.signal(name);
                thread::sleep(Duration::from_secs(8));
                is_answered.store(true, Ordering::SeqCst);
            }
        };
        lane.proxy.rule(When::write().nth(1), Fault::before(ask));
        let running = lane.repository.start(&["apply", "--concurrency=1", "--record=../record.json"]);
        asked.set(&running);
        let ran = running.end();
        assert!(!is_answered.load(Ordering::SeqCst), "it has waited: {ran:?}");
        assert_eq!(ran.status, 5, "{ran:?}");
        lane.proxy.behave();
        lane.finish();
    }
}

/// Beside case 55: one after the other, writes come in the plan's order.
#[test]
fn one_at_a_time_writes_come_in_the_order_of_the_plan() {
    let Some(server) = Server::shared() else { return };
    let (proxy, namespace) = (Proxy::start(server), server.namespace());
    let kubeconfig = Kubeconfig::new().context_through("main", &proxy, server.admin_token());
    let names: Vec<String> = (10..40).map(|number| format!("m{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let repository = Repository::of_maps(&names, &namespace, &kubeconfig);
    for value in ["1", "2"] {
        names.iter().for_each(|name| repository.write(&format!("{name}/x.yaml"), value));
        repository.commit();
        let before = proxy.writes().len();
        let ran = repository.upload(&["apply", "--concurrency=1"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let writes = proxy.writes().split_off(before);
        let written: Vec<&str> = writes.iter().filter_map(|write| write.head.path.rsplit('/').next()).collect();
        assert_eq!(written, names);
    }
}

/// Beside case 55: what is asked of the checks above. A state without a key is one that they find.
#[test]
#[should_panic(expected = "k is nowhere in state 1 of 2")]
fn a_missing_key_is_found() {
    let there = serde_json::json!({ "data": { "k": "1" } });
    let states =
        [there, serde_json::json!({})].map(|object| State::from([("a".to_owned(), std::sync::Arc::new(object))]));
    nothing_is_ever_missing(&states, &files(&[("a", "k", "1")]), &files(&[("b", "k", "1")]));
}

/// Beside case 55: a run that has nothing to move writes each ConfigMap once.
#[test]
fn without_moves_each_config_map_is_written_once() {
    let Some(server) = Server::shared() else { return };
    let mut lane = Lane::new(server);
    lane.set(files(&[("a", "x", "1"), ("b", "y", "1")]));
    lane.finish();
    lane.set(files(&[("a", "x", "2"), ("b", "y", "1")]));
    let writes = lane.proxy.writes().len();
    lane.finish();
    assert_eq!(lane.proxy.writes().len() - writes, 1);
    assert_eq!(keys_of(&server.api(), &lane.namespace, "a"), pairs(&[("x", "2")]));
}
