//! A kube-apiserver with its etcd on loopback, with RBAC, known tokens and an audit log.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::process::{Directory, Process};
use super::programs::{Programs, programs};
use super::{Api, PATIENCE, audit, authority, role, role_binding};

/// Users without any rights that every server knows besides those asked for.
const SPARE_USERS: usize = 200;
const ADMIN_TOKEN: &str = "token-of-admin";

/// A user with the token that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub token: String,
    pub groups: Vec<String>,
}

impl User {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), token: format!("token-of-{name}"), groups: Vec::new() }
    }
}

/// What a server is started with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Users with names that matter; for others see [`Server::user`].
    pub users: Vec<User>,
    /// Further flags of the API server, such as `--max-mutating-requests-inflight=1`.
    pub flags: Vec<String>,
}

/// A server; stopped with the value, with the test process in any case.
#[derive(Debug)]
pub struct Server {
    // First: programs end before their directory goes.
    running: Mutex<Running>,
    directory: Directory,
    options: Options,
    programs: &'static Programs,
    trusted: String,
    port: u16,
    etcd_port: u16,
    users_given: AtomicUsize,
    namespaces_given: AtomicUsize,
}

#[derive(Debug, Default)]
struct Running {
    apiserver: Option<Process>,
    etcd: Option<Process>,
    /// Length of the audit log when the server was killed last.
    lost: usize,
}

impl Server {
    /// A server of one's own, ready; nothing where the machine is to do without (see [`super`]).
    pub fn start() -> Option<Self> {
        Self::start_with(Options::default())
    }

    pub fn start_with(options: Options) -> Option<Self> {
        let programs = programs()?;
        // Between choosing a port and taking it another process may take it.
        for _ in 0..5 {
            match Self::try_start(programs, options.clone()) {
                Ok(server) => return Some(server),
                Err(error) if error.contains("address already in use") => {}
                Err(error) => panic!("{error}"),
            }
        }
        panic!("there are no free ports");
    }

    /// The server that tests of one program share. Each works in a namespace of its own and stops nothing.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    fn try_start(programs: &'static Programs, options: Options) -> Result<Self, String> {
        let directory = Directory::new();
        let trusted = authority::establish(&directory);
        fs::write(directory.join("audit-policy.yaml"), audit::POLICY).unwrap();
        fs::write(directory.join("tokens.csv"), tokens(&options.users)).unwrap();
        let server = Self {
            running: Mutex::default(),
            directory,
            options,
            programs,
            trusted,
            port: free_port(),
            etcd_port: free_port(),
            users_given: AtomicUsize::new(0),
            namespaces_given: AtomicUsize::new(0),
        };
        server.try_start_etcd()?;
        server.try_restart()?;
        Ok(server)
    }

    /// The address.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// The certificate that clients trust, as PEM; also the file `authority.crt` in the directory.
    pub fn trusted(&self) -> &str {
        &self.trusted
    }

    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The token of a user who may do everything.
    pub fn admin_token(&self) -> &'static str {
        ADMIN_TOKEN
    }

    /// The server as that user sees it.
    pub fn api(&self) -> Api {
        self.api_as(ADMIN_TOKEN)
    }

    /// The server as the user with this token sees it.
    pub fn api_as(&self, token: &str) -> Api {
        Api::new(&self.url(), &self.trusted, token)
    }

    /// A user whom nobody else uses and who may do nothing yet.
    pub fn user(&self) -> User {
        let number = self.users_given.fetch_add(1, Ordering::Relaxed);
        assert!(number < SPARE_USERS, "more than {SPARE_USERS} users are asked for");
        User::new(&spare(number))
    }

    /// A new namespace that nobody else uses.
    pub fn namespace(&self) -> String {
        let name = format!("ns-{}", self.namespaces_given.fetch_add(1, Ordering::Relaxed) + 1);
        self.api().ensure_namespace(&name);
        name
    }

    /// Lets a user do things in a namespace, by the rules of a Role, and waits until the server knows.
    #[track_caller]
    pub fn grant(&self, user: &User, namespace: &str, rules: &Json) {
        let (api, name) = (self.api(), user.name.as_str());
        let collection = |path: String| path.rsplit_once('/').map(|(path, _)| path.to_owned()).unwrap();
        let group = "rbac.authorization.k8s.io";
        api.create(&collection(role(namespace, name)), &json!({ "metadata": { "name": name }, "rules": rules }));
        let binding = json!({
            "metadata": { "name": name },
            "roleRef": { "apiGroup": group, "kind": "Role", "name": name },
            "subjects": [{ "apiGroup": group, "kind": "User", "name": name }],
        });
        api.create(&collection(role_binding(namespace, name)), &binding);
        let first = |rule: &Json, field: &str| rule[field][0].as_str().unwrap_or_default().to_owned();
        for rule in rules.as_array().expect("rules are a list") {
            let field = |name| first(rule, name);
            let (verb, group, resource, object) =
                (field("verbs"), field("apiGroups"), field("resources"), field("resourceNames"));
            self.api_as(&user.token).until_may(&verb, &group, &resource, namespace, &object);
        }
    }

    /// A token of a service account, which is made unless it is there; its user is `system:serviceaccount:NAMESPACE:NAME`.
    #[track_caller]
    pub fn service_account_token(&self, namespace: &str, name: &str) -> String {
        let (api, accounts) = (self.api(), format!("/api/v1/namespaces/{namespace}/serviceaccounts"));
        if api.find(&format!("{accounts}/{name}")).is_none() {
            api.create(&accounts, &json!({ "metadata": { "name": name } }));
        }
        let granted = api.create(&format!("{accounts}/{name}/token"), &json!({ "spec": {} }));
        granted["status"]["token"].as_str().expect("a token").to_owned()
    }

    /// Kills the API server at once, in the middle of whatever it does. Its memory, etcd, stays.
    pub fn stop(&self) {
        let mut running = self.running();
        running.apiserver = None;
        let log = fs::metadata(self.audit_log()).map_or(0, |about| about.len());
        running.lost = usize::try_from(log).unwrap();
    }

    /// Kills the API server if it runs and starts it with the same address and data; waits until it is ready.
    pub fn restart(&self) {
        self.try_restart().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Kills etcd: the API server then answers with a 5xx, and only after its `--request-timeout`, a minute unless a flag
    /// says otherwise.
    pub fn stop_etcd(&self) {
        self.running().etcd = None;
    }

    /// Starts etcd again with its data.
    pub fn start_etcd(&self) {
        self.try_start_etcd().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Halts the API server: connections are taken, and nothing is said until [`Server::resume`].
    pub fn halt(&self) {
        self.running().apiserver.as_ref().expect("the server runs").halt();
    }

    pub fn resume(&self) {
        self.running().apiserver.as_ref().expect("the server runs").resume();
    }

    pub(super) fn audit_log(&self) -> PathBuf {
        self.directory.join("audit.jsonl")
    }

    pub(super) fn audit_lost(&self) -> usize {
        self.running().lost
    }

    /// A test that fails elsewhere while it holds this leaves nothing half done.
    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_start_etcd(&self) -> Result<(), String> {
        let log = self.directory.join("etcd.log");
        let from = length(&log);
        let address = format!("http://127.0.0.1:{}", self.etcd_port);
        let flags = [
            format!("--data-dir={}", self.directory.join("etcd").display()),
            format!("--listen-client-urls={address}"),
            format!("--advertise-client-urls={address}"),
            "--listen-peer-urls=http://127.0.0.1:0".to_owned(),
            "--logger=zap".to_owned(),
            "--unsafe-no-fsync".to_owned(),
            format!("--quota-backend-bytes={}", 8_u64 << 30),
        ];
        let etcd = Process::start(&self.programs.etcd, &flags, &log);
        // Its log and not its address: at that, another etcd might answer.
        let etcd = ready("etcd", etcd, &log, || tail(&log, from).contains("serving client traffic"))?;
        self.running().etcd = Some(etcd);
        Ok(())
    }

    fn try_restart(&self) -> Result<(), String> {
        self.stop();
        let log = self.directory.join("apiserver.log");
        let apiserver = Process::start(&self.programs.apiserver, &self.flags(), &log);
        let api = self.api();
        // Ready is said before the first namespace is there.
        let answers = |path: &str| api.send("GET", path, "", "").is_ok_and(|answer| answer.status == 200);
        let apiserver =
            ready("kube-apiserver", apiserver, &log, || answers("/readyz") && answers("/api/v1/namespaces/default"))?;
        self.running().apiserver = Some(apiserver);
        Ok(())
    }

    fn flags(&self) -> Vec<String> {
        let file = |name: &str| self.directory.join(name).display().to_string();
        let own = [
            ("bind-address", "127.0.0.1".to_owned()),
            ("secure-port", self.port.to_string()),
            ("etcd-servers", format!("http://127.0.0.1:{}", self.etcd_port)),
            ("tls-cert-file", file("server.crt")),
            ("tls-private-key-file", file("server.key")),
            ("token-auth-file", file("tokens.csv")),
            ("authorization-mode", "RBAC".to_owned()),
            ("service-account-issuer", "https://kubernetes.default.svc".to_owned()),
            ("service-account-key-file", file("accounts.pub")),
            ("service-account-signing-key-file", file("accounts.key")),
            ("service-cluster-ip-range", "10.0.0.0/24".to_owned()),
            ("audit-policy-file", file("audit-policy.yaml")),
            ("audit-log-path", file("audit.jsonl")),
            ("audit-log-maxsize", "10000".to_owned()),
            // Nobody but tests and the server itself is there to be told of endpoints and speed.
            ("endpoint-reconciler-type", "none".to_owned()),
            ("profiling", "false".to_owned()),
        ];
        let own = own.into_iter().map(|(name, value)| format!("--{name}={value}"));
        own.chain(self.options.flags.iter().cloned()).collect()
    }
}

/// The file of tokens: token, user, number, groups.
fn tokens(asked: &[User]) -> String {
    let admin = User { token: ADMIN_TOKEN.to_owned(), groups: vec!["system:masters".to_owned()], ..User::new("admin") };
    let spare = (0..SPARE_USERS).map(|number| User::new(&spare(number)));
    let users = [admin].into_iter().chain(asked.iter().cloned()).chain(spare);
    let line = |(number, user): (usize, User)| {
        // No column at all for no groups: an empty one is a group without a name.
        let groups = if user.groups.is_empty() { String::new() } else { format!(",\"{}\"", user.groups.join(",")) };
        format!("{},{},{number}{groups}\n", user.token, user.name)
    };
    users.enumerate().map(line).collect()
}

fn spare(number: usize) -> String {
    format!("user-{}", number + 1)
}

/// A port below those that the system gives away, so that a server that is down does not lose it to a client.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    const FIRST: u32 = 12_000;
    const COUNT: u32 = 20_000;
    let began = process::id().wrapping_mul(97);
    let candidates =
        std::iter::repeat_with(|| began.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT + FIRST);
    let mut candidates = candidates.take(2000).filter_map(|port| u16::try_from(port).ok());
    candidates.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

/// Waits until a program says that it is ready; the error has the end of its log.
fn ready(what: &str, mut process: Process, log: &Path, mut is_ready: impl FnMut() -> bool) -> Result<Process, String> {
    let began = Instant::now();
    loop {
        let is_running = process.is_running();
        if is_running && is_ready() {
            return Ok(process);
        }
        if !is_running || began.elapsed() > PATIENCE {
            let text = tail(log, length(log).saturating_sub(4000));
            let state = if is_running { "is not ready" } else { "has ended" };
            return Err(format!(
                "{what} {state} after {:.1} s; the end of its log:\n{text}",
                began.elapsed().as_secs_f64()
            ));
        }
        sleep(Duration::from_millis(25));
    }
}

fn length(log: &Path) -> usize {
    fs::metadata(log).map_or(0, |about| usize::try_from(about.len()).unwrap())
}

/// What a log has from a place on.
fn tail(log: &Path, from: usize) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    String::from_utf8_lossy(bytes.get(from..).unwrap_or_default()).into_owned()
}
