//! Every state that the ConfigMaps of a namespace go through, in the order of the server's own history.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::BodyExt;
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::{Api, RUNTIME, Server, config_map, config_maps, until};

/// The ConfigMaps of a namespace at one moment, by name.
pub type State = BTreeMap<String, Arc<Json>>;

/// A watch. It goes on when the server is stopped and started again, and misses nothing.
#[derive(Debug)]
pub struct Watch {
    api: Api,
    namespace: String,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Seen {
    states: Vec<State>,
    /// The name of an object that was there for the watch alone.
    marks: Vec<String>,
    broken: Option<String>,
}

impl Watch {
    /// Watches from now on.
    pub fn start(server: &Server, namespace: &str) -> Self {
        let api = server.api();
        let list = api.get(&config_maps(namespace));
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let first: State = items.into_iter().map(|item| (name_of(&item), Arc::new(item))).collect();
        let seen = Arc::new(Mutex::new(Seen { states: vec![first], ..Seen::default() }));
        let version = list["metadata"]["resourceVersion"].as_str().expect("a version").to_owned();
        let task = RUNTIME.spawn(follow(api.clone(), config_maps(namespace), version, Arc::clone(&seen)));
        Self { api, namespace: namespace.to_owned(), seen, task }
    }

    /// Every state from the first to the one that is there now. The server has to run.
    #[track_caller]
    pub fn finish(self) -> Vec<State> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        // When the watch has seen this come, it has seen all that was before.
        let mark = format!("end-of-watch-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.api.create(&config_maps(&self.namespace), &json!({ "metadata": { "name": mark } }));
        until("the watch catches up", || {
            let seen = self.seen.lock().unwrap();
            assert!(seen.broken.is_none(), "the watch has a gap: {:?}", seen.broken);
            seen.marks.contains(&mark).then_some(())
        });
        self.task.abort();
        self.api.delete(&config_map(&self.namespace, &mark));
        std::mem::take(&mut self.seen.lock().unwrap().states)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn name_of(object: &Json) -> String {
    object["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

/// Watches, and watches again from the last seen version when the connection ends.
async fn follow(api: Api, path: String, mut version: String, seen: Arc<Mutex<Seen>>) {
    loop {
        let from = format!("{path}?watch=1&resourceVersion={version}");
        if let Ok(response) = api.stream(&from).await
            && response.status().is_success()
        {
            let mut body = response.into_body();
            let mut held = Vec::new();
            while let Some(Ok(frame)) = body.frame().await {
                held.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
                while let Some(end) = held.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = held.drain(..=end).collect();
                    match note(&line, &seen) {
                        Some(next) => version = next,
                        None => return,
                    }
                }
            }
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Adds the state after an event and gives the version of it; nothing when the watch is broken.
fn note(line: &[u8], seen: &Mutex<Seen>) -> Option<String> {
    let event: Json = serde_json::from_slice(line).unwrap_or_default();
    let mut seen = seen.lock().unwrap();
    let Seen { states, marks, broken } = &mut *seen;
    let object = &event["object"];
    let name = name_of(object);
    let mut state = states.last().cloned().unwrap_or_default();
    match event["type"].as_str() {
        Some("ADDED" | "MODIFIED") => state.insert(name.clone(), Arc::new(object.clone())),
        Some("DELETED") => state.remove(&name),
        _ => {
            *broken = Some(event.to_string());
            return None;
        }
    };
    if name.starts_with("end-of-watch-") {
        marks.push(name);
    } else {
        states.push(state);
    }
    object["metadata"]["resourceVersion"].as_str().map(str::to_owned)
}
