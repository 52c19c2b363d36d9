//! Credentials that a kubeconfig has and that nobody can use: `cutwater upload` says so, without them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::support::kube::Kubeconfig;
use crate::support::upload::Repository;

/// A repository for a cluster at whose address nobody listens, whose user shows this.
fn repository(user: &Json) -> Repository {
    let repository = Repository::of_maps(&["a"], "ci", &Kubeconfig::new());
    let mut kubeconfig: Json = serde_json::from_str(&Kubeconfig::new().refusing("main").text()).unwrap();
    kubeconfig["users"][0] = json!({ "name": "main", "user": user });
    repository.write("../kubeconfig", kubeconfig.to_string());
    repository.write("a/x.yaml", "1");
    repository.commit();
    repository
}

#[test]
fn a_token_with_a_line_break_is_told_without_it() {
    for token in ["hunter2\nhunter3", "hunter2\n", "hunter2\u{1}"] {
        let repository = repository(&json!({ "token": token }));
        for verb in ["plan", "apply", "check", "adopt"] {
            let ran = repository.upload(&[verb]);
            assert_eq!(ran.status, 2, "{ran:?}");
            for words in ["kubeconfig: the context main", "the token of its user main", "line break"] {
                assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
            }
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!said.contains("hunter") && !said.contains("panicked"), "{said}");
        }
    }
}

#[test]
fn a_credential_plugin_that_never_ends_is_given_up() {
    let repository = repository(&json!({}));
    let plugin = repository.beside("plugin");
    fs::write(&plugin, "#!/bin/sh\nexec sleep 60\n").unwrap();
    fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
    let exec =
        json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": plugin, "interactiveMode": "Never" });
    let mut kubeconfig: Json = serde_json::from_slice(&fs::read(repository.beside("kubeconfig")).unwrap()).unwrap();
    kubeconfig["users"][0]["user"] = json!({ "exec": exec });
    fs::write(repository.beside("kubeconfig"), kubeconfig.to_string()).unwrap();
    let began = Instant::now();
    let ran = repository.upload(&["apply", "--timeout=2"]);
    assert_eq!(ran.status, 7, "{ran:?}");
    assert!(ran.stdout.contains("the credential plugin has not answered for 2 s"), "{ran:?}");
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}
