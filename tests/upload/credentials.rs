//! Credentials that a kubeconfig has and that nobody can use: `cutwater upload` says so, without them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use serde_json::{Value as Json, json};

use crate::support::kube::{Kubeconfig, Options, Server};
use crate::support::run::main_context;
use crate::support::upload::Repository;
use crate::support::{Sandbox, testdata};

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

/// A credential plugin beside the checkout that prints this.
fn plugin(repository: &Repository, prints: &str) -> Json {
    let plugin = repository.beside("plugin");
    fs::write(&plugin, format!("#!/bin/sh\ncat <<'END'\n{prints}\nEND\n")).unwrap();
    exec(&plugin)
}

fn exec(plugin: &Path) -> Json {
    fs::set_permissions(plugin, fs::Permissions::from_mode(0o755)).unwrap();
    let exec =
        json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": plugin, "interactiveMode": "Never" });
    json!({ "exec": exec })
}

/// Lets the only user of the kubeconfig show this.
fn show(repository: &Repository, user: &Json) {
    let mut kubeconfig: Json = serde_json::from_slice(&fs::read(repository.beside("kubeconfig")).unwrap()).unwrap();
    kubeconfig["users"][0]["user"] = user.clone();
    fs::write(repository.beside("kubeconfig"), kubeconfig.to_string()).unwrap();
}

/// Each command ends with this status and says all of this; nothing is secret of what is said, and nothing panics.
#[track_caller]
fn refused(repository: &Repository, status: i32, words: &[&str]) {
    for verb in ["plan", "apply", "check", "adopt"] {
        let ran = repository.upload(&[verb]);
        assert_eq!(ran.status, status, "{ran:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(words.iter().all(|words| said.contains(words)), "{words:?}: {said}");
        assert!(!said.contains("hunter") && !said.contains("panicked"), "{said}");
        assert!(!said.contains("cannot be reached"), "{said}");
    }
}

#[test]
fn a_plugin_whose_token_no_request_can_carry_is_told() {
    let repository = repository(&json!({}));
    let ends = json!("2999-01-01T00:00:00Z");
    for token in ["hunter2\n", "hunter2\r\nhunter3: x", "hunter2\u{0}"] {
        for ends in [&Json::Null, &ends] {
            let prints = json!({ "status": { "token": token, "expirationTimestamp": ends } }).to_string();
            show(&repository, &plugin(&repository, &prints));
            refused(&repository, 7, &["cluster main", "the credential plugin", "of its user main", "line break"]);
        }
    }
    for (prints, words) in [
        ("hunter2", "neither a token nor"),
        ("{\"status\": {\"token\": 2}}", "something else than credentials"),
        ("{\"status\": {}}", "neither a token nor"),
        ("{\"status\": {\"clientCertificateData\": \"hunter2\"}}", "without its key"),
        (
            "{\"status\": {\"clientCertificateData\": \"hunter2\", \"clientKeyData\": \"hunter3\"}}",
            "is no private key in PEM",
        ),
    ] {
        show(&repository, &plugin(&repository, prints));
        refused(&repository, 7, &["cluster main", "its user main", words]);
    }
    let exec = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "/nonexistent/plugin",
        "args": ["hunter2"],
        "installHint": "Get it\nfrom the shelf.\n",
    });
    show(&repository, &json!({ "exec": exec }));
    let said = "the credential plugin /nonexistent/plugin of its user main cannot be started: no such file or directory (Get it \
                from the shelf.); run the plugin by hand, or `kubectl --context main auth whoami`";
    refused(&repository, 7, &[said]);
}

#[test]
fn what_a_plugin_complains_of_is_shown() {
    let repository = repository(&json!({}));
    let plugin = repository.beside("plugin");
    fs::write(&plugin, "#!/bin/sh\necho 'log in first' >&2\nexit 3\n").unwrap();
    show(&repository, &exec(&plugin));
    let ran = repository.upload(&["plan"]);
    assert!(ran.status == 7 && ran.stderr.contains("log in first\n"), "{ran:?}");
    let said = format!("the credential plugin {} of its user main failed with exit status 3; run", plugin.display());
    assert!(ran.stdout.contains(&said), "{ran:?}");
}

/// Credentials that are there and empty are none, and the plugin beside them counts.
#[test]
fn a_plugin_counts_beside_empty_credentials() {
    let repository = repository(&json!({}));
    let plugin = repository.beside("plugin");
    fs::write(&plugin, "#!/bin/sh\nexit 3\n").unwrap();
    for empty in [
        json!({ "token": "" }),
        json!({ "username": "", "password": "" }),
        json!({ "auth-provider": { "name": "oidc", "config": { "id-token": "" } } }),
        json!({ "tokenFile": "" }),
        json!({ "client-certificate-data": "", "client-key-data": "", "client-certificate": "" }),
    ] {
        let mut user = exec(&plugin);
        user.as_object_mut().unwrap().extend(empty.as_object().unwrap().clone());
        show(&repository, &user);
        refused(&repository, 7, &["of its user main failed with exit status 3"]);
    }
}

/// What only we cannot use matters where somebody uses it; what nobody can use is told at once.
#[test]
fn a_context_that_nobody_uses_may_be_odd() {
    let repository = Repository::of_maps(&["a"], "ci", &Kubeconfig::new());
    let (certificate, _) = identity(&issuer(), "ada", "nobody");
    let (_, other) = identity(&issuer(), "ada", "nobody");
    // A key of the curve P-521.
    let case = testdata("cluster/contexts/odd-client-key/one.yaml");
    let text = fs::read_to_string(case).unwrap();
    let user = text.lines().find_map(|line| line.strip_prefix("  user: ")).unwrap();
    let odd_key: Json = serde_json::from_str(user).unwrap();
    let data = |text: &str| STANDARD.encode(text);
    let show = |user: &Json, authority: &str| {
        let both = Kubeconfig::new().refusing("main").refusing("odd").text();
        let mut kubeconfig: Json = serde_json::from_str(&both).unwrap();
        let number = kubeconfig["users"].as_array().unwrap().iter().position(|user| user["name"] == "odd").unwrap();
        kubeconfig["users"][number]["user"] = user.clone();
        if !authority.is_empty() {
            kubeconfig["clusters"][number]["cluster"]["server"] = json!("https://127.0.0.1:1");
            kubeconfig["clusters"][number]["cluster"]["certificate-authority-data"] = json!(data(authority));
        }
        repository.write("../kubeconfig", kubeconfig.to_string());
    };
    let pair = |key: &str| json!({ "client-certificate-data": data(&certificate), "client-key-data": data(key) });
    let bundle = format!("{certificate}{}", pem("CERTIFICATE", b"none"));
    repository.write_all(["a/x.yaml", "b/y.yaml"]);
    repository.commit();
    let plan = |flags: &[&str]| repository.upload(&[&["plan", "--timeout=1", "--request-timeout=1"], flags].concat());
    for (user, authority, words) in [
        (odd_key, "", "the client key of its user odd cannot be used"),
        (json!({ "token": "x" }), &*bundle, "certificate-authority-data, holds something that is no certificate"),
        (json!({ "token": "x", "as": "a\nb" }), "", "whom its user odd acts as"),
    ] {
        repository.updater("maps:\n  a/*: {name: a, clusters: {main: [ci]}}\n");
        show(&user, authority);
        let ran = plan(&[]);
        assert!(ran.status == 8 && !ran.stderr.contains("odd"), "nobody goes there: {ran:?}");
        repository.updater(
            "maps:\n  a/*: {name: a, clusters: {main: [ci]}}\n  b/*: {name: b, clusters: {main: [ci], odd: [ci]}}\n",
        );
        for verb in ["plan", "apply", "check", "adopt"] {
            let ran = repository.upload(&[verb]);
            assert!(ran.status == 2 && ran.stderr.contains("the context odd cannot be used: "), "{ran:?}");
            assert!(ran.stderr.contains(words), "{words}: {ran:?}");
        }
        let ran = plan(&["--only=a"]);
        assert!(ran.status == 8 && !ran.stderr.contains("odd"), "{ran:?}");
    }
    repository.updater("maps:\n  a/*: {name: a, clusters: {main: [ci]}}\n");
    for key in [&*other, "no key"] {
        show(&pair(key), "");
        let ran = plan(&[]);
        assert!(ran.status == 2 && ran.stderr.contains("the context odd cannot be used: "), "{ran:?}");
    }
}

/// Something in PEM.
fn pem(label: &str, bytes: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(bytes))
}

/// What of a kubeconfig cannot work whatever a server says: nothing is asked.
#[test]
fn what_no_client_can_be_made_of_is_bad_configuration() {
    let repository = repository(&json!({}));
    let (certificate, key) = identity(&issuer(), "ada", "nobody");
    let (_, other) = identity(&issuer(), "ada", "nobody");
    let data = |text: &str| STANDARD.encode(text);
    let pair = |certificate: &str, key: &str| json!({ "client-certificate-data": data(certificate), "client-key-data": data(key) });
    let file = repository.beside("token");
    for text in ["hunter2\u{1}hunter3", "hunter2\nhunter3\n", "\n"] {
        fs::write(&file, text).unwrap();
        show(&repository, &json!({ "tokenFile": file }));
        refused(&repository, 2, &["kubeconfig: the context main cannot be used", "the token file"]);
    }
    let provider = json!({ "name": "oidc", "config": { "id-token": "hunter2\n" } });
    for (user, words) in [
        (pair("hunter2", &key), "the client certificate of its user main is no certificate in PEM"),
        (pair(&certificate, "hunter2"), "the client key of its user main is no private key in PEM"),
        (pair(&certificate, &other), "the client key of its user main cannot be used with its client certificate"),
        (pair(&certificate, &certificate), "the client key of its user main is no private key in PEM"),
        (json!({ "token": "x", "as": "hunter2\n" }), "whom its user main acts as"),
        (json!({ "token": "x", "as": "ada", "as-groups": ["hunter2\u{1}"] }), "whom its user main acts as"),
        (json!({ "auth-provider": provider }), "the token of its user main holds a line break"),
    ] {
        show(&repository, &user);
        refused(&repository, 2, &["kubeconfig: the context main cannot be used", words]);
    }
    // What looks like it and works ends at the door of the server that is not there.
    for user in [pair(&certificate, &key), json!({ "username": "a\nb", "password": "hunter2\n" })] {
        show(&repository, &user);
        let ran = repository.upload(&["plan", "--timeout=1", "--request-timeout=1"]);
        assert!(ran.status == 8 && ran.stdout.contains("cannot be reached"), "{ran:?}");
    }
}

fn issuer() -> Issuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    Issuer::new(params, KeyPair::generate().unwrap())
}

/// A client certificate with its key.
fn identity(issuer: &Issuer<'_, KeyPair>, user: &str, group: &str) -> (String, String) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, user);
    params.distinguished_name.push(DnType::OrganizationName, group);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem())
}

/// Certificates, and what plugins print, are taken by a real server as those of whom they name.
#[test]
fn certificates_and_plugins_are_taken() {
    let sandbox = Sandbox::new();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "clients");
    let key = KeyPair::generate().unwrap();
    sandbox.write("clients.crt", params.self_signed(&key).unwrap().pem());
    let issuer = Issuer::new(params, key);
    let flags = vec![format!("--client-ca-file={}", sandbox.join("clients.crt").display())];
    let Some(server) = Server::start_with(Options { flags, ..Options::default() }) else { return };
    let namespace = server.namespace();
    let repository = Repository::of_maps(&["a"], &namespace, &main_context(&server));
    let (certificate, key) = identity(&issuer, "ada", "system:masters");
    let of_plugin =
        |status: Json| plugin(&repository, &json!({ "kind": "ExecCredential", "status": status }).to_string());
    let of_files =
        json!({ "client-certificate-data": STANDARD.encode(&certificate), "client-key-data": STANDARD.encode(&key) });
    type User<'a> = &'a dyn Fn() -> Json;
    let users: [(&str, User<'_>); 4] = [
        ("ada", &|| of_files.clone()),
        ("ada", &|| of_plugin(json!({ "clientCertificateData": certificate, "clientKeyData": key }))),
        ("admin", &|| of_plugin(json!({ "token": server.admin_token() }))),
        ("admin", &|| {
            of_plugin(json!({ "token": server.admin_token(), "expirationTimestamp": "2999-01-01T00:00:00Z" }))
        }),
    ];
    for (number, (name, user)) in users.into_iter().enumerate() {
        show(&repository, &user());
        repository.write("a/x.yaml", number.to_string());
        repository.commit();
        let ran = repository.upload(&["apply"]);
        assert_eq!(ran.status, 0, "{number}: {ran:?}");
        let audit = server.audit_in(&namespace);
        let last = audit.iter().rfind(|request| request.is_write()).unwrap();
        assert_eq!(last.user, name, "{number}");
    }
}

#[test]
fn a_credential_plugin_that_never_ends_is_given_up() {
    let repository = repository(&json!({}));
    let plugin = repository.beside("plugin");
    let pid = repository.beside("pid");
    fs::write(&plugin, format!("#!/bin/sh\necho $$ >{}\nexec sleep 60\n", pid.display())).unwrap();
    show(&repository, &exec(&plugin));
    let began = Instant::now();
    let ran = repository.upload(&["apply", "--timeout=2"]);
    assert_eq!(ran.status, 7, "{ran:?}");
    assert!(ran.stdout.contains("of its user main has not answered for 2 s"), "{ran:?}");
    let pid = fs::read_to_string(pid).unwrap();
    // Of who has ended and was not waited for nothing is there but the number.
    let command = fs::read_to_string(format!("/proc/{}/cmdline", pid.trim())).unwrap_or_default();
    assert_eq!(command, "", "it does not outlive us");
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}
