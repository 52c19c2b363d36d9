//! Many uploaders at once on one ConfigMap: nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::kube::{Server, Watch};
use crate::support::run::{Running, keys_of, main_context, texts, texts_of};
use crate::support::upload::Repository;

const WRITERS: usize = 40;

fn key(number: usize) -> String {
    format!("k{number:02}.yaml")
}

/// Case 48.
#[test]
fn of_many_uploaders_of_one_source_the_newest_commit_wins() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let repository = Repository::of_maps(&["a"], &namespace, &main_context(server));
    let commits: Vec<String> = (0..WRITERS)
        .map(|number| {
            repository.write(&format!("a/{}", key(number)), number.to_string());
            repository.commit()
        })
        .collect();
    let checkouts: Vec<Repository> = commits
        .iter()
        .map(|commit| {
            let checkout = repository.copy();
            checkout.check_out(commit);
            checkout
        })
        .collect();
    let watch = Watch::start(server, &namespace);
    let running: Vec<Running> = checkouts.iter().map(|checkout| checkout.start(&["apply"])).collect();
    let ran: Vec<_> = running.into_iter().map(Running::end).collect();
    for (number, ran) in ran.iter().enumerate() {
        let is_late = ran.status == 6 && ran.stdout.contains("--allow-rollback");
        assert!(ran.status == 0 || is_late, "{number}: {ran:?}");
    }
    assert_eq!(ran.last().unwrap().status, 0);
    let wanted: BTreeMap<String, String> = (0..WRITERS).map(|number| (key(number), number.to_string())).collect();
    assert_eq!(keys_of(&server.api(), &namespace, "a"), wanted);
    assert_eq!(texts(&server.api(), &namespace, "a")["VERSION"], commits[WRITERS - 1]);
    // Each commit only adds: no write may take away what another has brought.
    let keys: Vec<BTreeSet<String>> = watch
        .finish()
        .iter()
        .map(|state| state.get("a").map(|object| texts_of(object).into_keys().collect()).unwrap_or_default())
        .collect();
    assert!(keys.windows(2).all(|pair| pair[0].is_subset(&pair[1])), "{keys:?}");
}

#[test]
fn of_many_uploaders_of_many_sources_nothing_is_lost() {
    let Some(server) = Server::shared() else { return };
    let namespace = server.namespace();
    let repositories: Vec<Repository> = (0..WRITERS)
        .map(|number| {
            let repository = Repository::of_maps(&["a"], &namespace, &main_context(server));
            repository.set_source(&format!("org/repo-{number}"));
            repository.write(&format!("a/{}", key(number)), number.to_string());
            repository.commit();
            repository
        })
        .collect();
    let running: Vec<Running> =
        repositories.iter().map(|repository| repository.start(&["apply", "--version-key=never"])).collect();
    for (number, running) in running.into_iter().enumerate() {
        let ran = running.end();
        assert_eq!(ran.status, 0, "{number}: {ran:?}");
    }
    let wanted: BTreeMap<String, String> = (0..WRITERS).map(|number| (key(number), number.to_string())).collect();
    assert_eq!(texts(&server.api(), &namespace, "a"), wanted);
    for repository in &repositories {
        assert_eq!(repository.upload(&["check"]).status, 0);
    }
}
