//! One context of a kubeconfig, made into what a client needs.
//!
//! Beside what kube reads from it, this takes token files ([`TokenFile`]) and proxies ([`super::proxy`]) into its own hands,
//! and looks at once at what kube would only find out with the first request.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderValue, Uri};
use kube::client::{ConfigExt, RustlsTlsError};
use kube::config::{Cluster, Context, Kubeconfig, KubeconfigError, LoadDataError, NamedCluster, NamedContext};
use kube::{Config, Error};

use super::connection::plain;
use super::credentials;
use super::plugin::Plugin;
use super::proxy;
use super::settings::Settings;
use super::token::TokenFile;

/// What a client is made of.
pub(super) struct Access {
    pub config: Config,
    pub token: Option<TokenFile>,
    pub plugin: Option<Plugin>,
    /// Why no client can be made of it, though Prow's updater takes it: that matters only to who uses it.
    pub problem: Option<String>,
}

/// What a context says. `kubeconfig` is that of its file.
pub(super) fn access(
    kubeconfig: &Kubeconfig,
    context: &str,
    settings: &Settings,
    environment: &BTreeMap<String, String>,
) -> Result<Access, String> {
    let mut single = single(kubeconfig, context)?;
    let user = single.auth_infos.first_mut();
    let user = user.and_then(|user| Some((user.name.as_str(), user.auth_info.as_mut()?)));
    let name = user.as_ref().map_or_else(String::new, |(name, _)| (*name).to_owned());
    let token = user.map(|(name, user)| credentials::of(name, user)).transpose()?.flatten();
    let given_proxy = single.clusters.first().and_then(|cluster| cluster.cluster.as_ref()?.proxy_url.clone());
    let mut config = Config::try_from(single).map_err(|error| of_kubeconfig(&error))?;
    let plugin = config.auth_info.exec.take().filter(|_| !credentials::is_known(&config.auth_info, token.as_ref()));
    let plugin = plugin.map(|exec| Plugin::new(&name, context, exec));
    let problem = can_be_used(&config, &name)?;
    let given_proxy = given_proxy.filter(|url| !url.is_empty());
    let config = finish(config, given_proxy.as_deref(), settings, environment)?;
    Ok(Access { config, token, plugin, problem })
}

/// What a pod has.
pub(super) struct OfPod {
    pub access: Access,
    /// Why its certificate authority does not count.
    pub without_authority: Option<String>,
}

/// What a pod has: its service account, and where the environment says that the server is.
pub(super) fn of_pod(settings: &Settings, environment: &BTreeMap<String, String>) -> Result<Option<OfPod>, String> {
    let variable = |name| environment.get(name).filter(|text| !text.is_empty());
    let (Some(host), Some(port)) = (variable("KUBERNETES_SERVICE_HOST"), variable("KUBERNETES_SERVICE_PORT")) else {
        return Ok(None);
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let server: Uri = format!("https://{host}:{port}")
        .parse()
        .map_err(|_| "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address".to_owned())?;
    let token = TokenFile::new(settings.service_account.join("token"));
    token.header()?;
    let token = settings.projected_token_file.clone().map_or(token, TokenFile::new);
    // As to Kubernetes' own clients, the system says whom to trust where the authority cannot be used.
    let (config, without_authority) = match trusting(&server, settings.service_account.join("ca.crt")) {
        Ok(config) => (config, None),
        Err(what) => (Config::new(server), Some(what)),
    };
    let config = finish(config, None, settings, environment)?;
    let access = Access { config, token: Some(token), plugin: None, problem: None };
    Ok(Some(OfPod { access, without_authority }))
}

/// A server whose certificate authority is in a file, which is read again when it has changed.
fn trusting(server: &Uri, authority: PathBuf) -> Result<Config, String> {
    let cluster = Cluster {
        server: Some(server.to_string()),
        certificate_authority: Some(authority.display().to_string()),
        ..Cluster::default()
    };
    let name = "pod".to_owned();
    let context = Context { cluster: name.clone(), ..Context::default() };
    let kubeconfig = Kubeconfig {
        clusters: vec![NamedCluster { name: name.clone(), cluster: Some(cluster), ..NamedCluster::default() }],
        contexts: vec![NamedContext { name: name.clone(), context: Some(context), ..NamedContext::default() }],
        current_context: Some(name),
        ..Kubeconfig::default()
    };
    let mut config = Config::try_from(kubeconfig).map_err(|error| of_kubeconfig(&error))?;
    config.root_cert_file = Some(authority);
    config.rustls_client_config().map_err(|_| "it holds something that is no certificate".to_owned())?;
    Ok(config)
}

fn finish(
    mut config: Config,
    given_proxy: Option<&str>,
    settings: &Settings,
    environment: &BTreeMap<String, String>,
) -> Result<Config, String> {
    let proxy = match given_proxy {
        Some(url) => Some(proxy::address(url).ok_or("its proxy-url is no address")?),
        None => match proxy::of_environment(&config.cluster_url, environment) {
            Some(found) => Some(found.ok_or("the proxy in the environment is no address")?),
            None => None,
        },
    };
    config.proxy_url = proxy.map(|proxy| as_socks5(proxy).ok_or("its proxy is of an unknown kind")).transpose()?;
    // Retries are made here, where it is known what a second write does.
    config.default_retry = false;
    // Shorter than a whole request, so that what was not sent is told apart from what was.
    config.connect_timeout = Some((settings.request_timeout / 2).max(Duration::from_millis(1)));
    config.write_timeout = None;
    config.read_timeout = None;
    let agent = HeaderValue::from_str(&settings.user_agent).map_err(|_| "the user agent is no header")?;
    config.headers.push((USER_AGENT, agent));
    Ok(config)
}

/// `socks5h` and `socks5` are the same here: names are always left to the proxy.
fn as_socks5(proxy: Uri) -> Option<Uri> {
    match proxy.scheme_str() {
        Some("http" | "https" | "socks5") => Some(proxy),
        Some("socks5h") => proxy.to_string().replacen("socks5h", "socks5", 1).parse().ok(),
        _ => None,
    }
}

/// A kubeconfig with this context alone, so that nothing else in it matters.
fn single(kubeconfig: &Kubeconfig, context: &str) -> Result<Kubeconfig, String> {
    let named = kubeconfig.contexts.iter().find(|named| named.name == context).ok_or("it is not there")?;
    let inner = named.context.as_ref().ok_or("it is empty")?;
    let mut cluster = kubeconfig
        .clusters
        .iter()
        .find(|cluster| cluster.name == inner.cluster)
        .cloned()
        .ok_or_else(|| format!("there is no cluster {}", inner.cluster))?;
    // One that is named and not there is nobody, as to Kubernetes' own clients.
    let user = kubeconfig.auth_infos.iter().find(|user| Some(&user.name) == inner.user.as_ref()).cloned();
    complete(cluster.cluster.as_mut().ok_or("its cluster is empty")?)?;
    Ok(Kubeconfig {
        clusters: vec![cluster],
        auth_infos: user.into_iter().collect(),
        contexts: vec![named.clone()],
        current_context: Some(context.to_owned()),
        ..Kubeconfig::default()
    })
}

/// Reads an address without a scheme as Kubernetes' own clients do, and refuses what they refuse.
fn complete(cluster: &mut Cluster) -> Result<(), String> {
    let is_insecure = cluster.insecure_skip_tls_verify == Some(true);
    let has_authority = cluster.certificate_authority.is_some() || cluster.certificate_authority_data.is_some();
    if is_insecure && has_authority {
        return Err("its cluster has a certificate authority and is not to be verified; only one can be".to_owned());
    }
    match &mut cluster.server {
        Some(server) if server.is_empty() => cluster.server = None,
        Some(server) if !server.contains("://") => {
            server.insert_str(0, if is_insecure || has_authority { "https://" } else { "http://" });
        }
        _ => {}
    }
    Ok(())
}

/// Makes what each client will be made of, so that what cannot work is told before anything is asked: as an error what Prow's
/// updater does not take either. `user` is the user's name. Whom the system trusts matters only where it is not said.
fn can_be_used(config: &Config, user: &str) -> Result<Option<String>, String> {
    if let Err(error) = config.extra_headers_layer() {
        return Ok(Some(of_client(&error, user)));
    }
    let is_certified =
        config.auth_info.client_certificate.is_some() || config.auth_info.client_certificate_data.is_some();
    if !is_certified && config.root_cert.is_none() {
        return Ok(None);
    }
    match config.rustls_client_config() {
        Ok(_) => Ok(None),
        Err(Error::RustlsTls(RustlsTlsError::AddRootCertificate(_))) if config.root_cert.is_some() => Ok(Some(
            "its certificate-authority, or certificate-authority-data, holds something that is no certificate"
                .to_owned(),
        )),
        Err(error) if is_taken(&error) => Ok(Some(of_client(&error, user))),
        Err(error) => Err(of_client(&error, user)),
    }
}

/// Whether Go would go on where this is wrong: it knows more kinds of keys, and passes over certificates that it cannot read.
fn is_taken(error: &Error) -> bool {
    match error {
        Error::RustlsTls(RustlsTlsError::InvalidPrivateKey(cause)) => !cause.to_string().starts_with(MISMATCH),
        Error::RustlsTls(error) => {
            matches!(error, RustlsTlsError::AddRootCertificate(_) | RustlsTlsError::InvalidServerName(_))
        }
        _ => false,
    }
}

/// How the words begin about a key that is that of another certificate.
const MISMATCH: &str = "keys may not be consistent";

/// Why no client can be made, without what a kubeconfig or a plugin holds.
pub(super) fn of_client(error: &Error, user: &str) -> String {
    match error {
        Error::InferKubeconfig(error) => of_kubeconfig(error),
        Error::HttpError(_) => {
            format!("whom its user {user} acts as (`as`, `as-groups` and the like) is nothing that a header can hold")
        }
        Error::RustlsTls(error) => of_tls(error, user),
        _ => "no client can be made of what it says".to_owned(),
    }
}

/// The words of TLS about a key or a certificate know nothing of what is in it.
fn of_tls(error: &RustlsTlsError, user: &str) -> String {
    let (certificate, key) =
        (format!("the client certificate of its user {user}"), format!("the client key of its user {user}"));
    match error {
        RustlsTlsError::InvalidIdentityPem(_) => format!("{certificate}, or its key, is not in PEM"),
        RustlsTlsError::MissingCertificate => format!("{certificate} is no certificate in PEM"),
        RustlsTlsError::MissingPrivateKey | RustlsTlsError::UnknownPrivateKeyFormat => {
            format!("{key} is no private key in PEM")
        }
        RustlsTlsError::InvalidPrivateKey(cause) => {
            format!("{key} cannot be used with its client certificate: {cause}")
        }
        RustlsTlsError::AddRootCertificate(_) | RustlsTlsError::NoValidNativeRootCA(_) => {
            "its certificate authority, or the system's where it names none, has no certificate that can be used"
                .to_owned()
        }
        RustlsTlsError::InvalidServerName(_) => "its tls-server-name is no name of a server".to_owned(),
    }
}

/// What is wrong with a kubeconfig, without what it holds.
pub(super) fn of_kubeconfig(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::MissingClusterUrl => "its cluster has no server".to_owned(),
        KubeconfigError::ParseClusterUrl(_) => "the server of its cluster is no address".to_owned(),
        KubeconfigError::ParseProxyUrl(_) => "its proxy is no address".to_owned(),
        KubeconfigError::LoadCertificateAuthority(cause) => of_data("certificate authority", cause),
        KubeconfigError::LoadClientCertificate(cause) => of_data("client certificate", cause),
        KubeconfigError::LoadClientKey(cause) => of_data("client key", cause),
        KubeconfigError::ParseCertificates(_) => "its certificate authority is no certificate in PEM".to_owned(),
        _ => "it cannot be read".to_owned(),
    }
}

fn of_data(what: &str, error: &LoadDataError) -> String {
    match error {
        LoadDataError::DecodeBase64(_) => format!("its {what} is not in base 64"),
        LoadDataError::ReadFile(cause, path) => {
            format!("its {what} {} cannot be read: {}", path.display(), plain(cause))
        }
        LoadDataError::NoBase64DataOrFile => format!("it has no {what}"),
    }
}
