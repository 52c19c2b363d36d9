//! Which proxy leads to a server, by the rules of Go's HTTP client: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
//!
//! kube has rules of its own, asks the environment of the process and holds `NO_PROXY` against the proxy, not the server;
//! what is found here takes their place.

use std::collections::BTreeMap;
use std::net::IpAddr;

use http::Uri;

/// The proxy for a server, unless its kubeconfig names one. `None` inside for a variable that is no address.
pub(super) fn of_environment(server: &Uri, environment: &BTreeMap<String, String>) -> Option<Option<Uri>> {
    let host = server.host()?.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let is_plain = server.scheme_str() == Some("http");
    let port = server.port_u16().unwrap_or(if is_plain { 80 } else { 443 });
    let given = variable(environment, if is_plain { "HTTP_PROXY" } else { "HTTPS_PROXY" })?;
    let excepted = variable(environment, "NO_PROXY").unwrap_or_default();
    if is_here(&host) || excepted.split(',').any(|entry| excepts(entry.trim(), &host, port)) {
        return None;
    }
    Some(address(given))
}

/// A proxy's address; without a scheme it is HTTP.
pub(super) fn address(text: &str) -> Option<Uri> {
    if text.contains("://") { text.parse().ok() } else { format!("http://{text}").parse().ok() }
}

fn variable<'e>(environment: &'e BTreeMap<String, String>, name: &str) -> Option<&'e str> {
    let lower = name.to_ascii_lowercase();
    [name, &lower]
        .into_iter()
        .filter_map(|name| environment.get(name))
        .map(String::as_str)
        .find(|text| !text.is_empty())
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an entry of `NO_PROXY` excepts a host.
fn excepts(entry: &str, host: &str, port: u16) -> bool {
    let entry = entry.to_ascii_lowercase();
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return contains(network, bits, host);
    }
    if let Ok(address) = entry.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return host.parse() == Ok(address);
    }
    let (name, wanted) = match entry.rsplit_once(':').map(|(name, port)| (name, port.parse::<u16>())) {
        Some((name, Ok(wanted))) => (name.trim_start_matches('[').trim_end_matches(']'), wanted),
        _ => (entry.as_str(), port),
    };
    if wanted != port {
        return false;
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    match name.strip_prefix('.') {
        Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')),
    }
}

fn contains(network: &str, bits: &str, host: &str) -> bool {
    let (Ok(network), Ok(bits), Ok(host)) = (network.parse(), bits.parse::<u32>(), host.parse()) else { return false };
    let (network, host, width) = match (network, host) {
        (IpAddr::V4(network), IpAddr::V4(host)) => (u128::from(network.to_bits()), u128::from(host.to_bits()), 32),
        (IpAddr::V6(network), IpAddr::V6(host)) => (network.to_bits(), host.to_bits(), 128),
        _ => return false,
    };
    if bits > width {
        return false;
    }
    let rest = width - bits;
    network.checked_shr(rest).unwrap_or(0) == host.checked_shr(rest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(server: &str, environment: &[(&str, &str)]) -> Option<String> {
        let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        of_environment(&server.parse().unwrap(), &environment)
            .map(|uri| uri.map_or("wrong".into(), |uri| uri.to_string()))
    }

    #[test]
    fn the_scheme_of_the_server_chooses_the_variable() {
        let both = [("HTTPS_PROXY", "http://s:1"), ("http_proxy", "p:2")];
        assert_eq!(proxy("https://api.example:6443", &both).as_deref(), Some("http://s:1/"));
        assert_eq!(proxy("http://api.example", &both).as_deref(), Some("http://p:2/"));
        assert_eq!(
            proxy("https://api.example", &[("HTTPS_PROXY", ""), ("https_proxy", "x")]).as_deref(),
            Some("http://x/")
        );
        assert_eq!(proxy("https://api.example", &[]), None);
        assert_eq!(proxy("https://api.example", &[("HTTPS_PROXY", "http://a b")]).as_deref(), Some("wrong"));
    }

    #[test]
    fn this_machine_needs_no_proxy() {
        for server in ["https://localhost:6443", "https://127.0.0.1:6443", "https://127.9.9.9", "https://[::1]:6443"] {
            assert_eq!(proxy(server, &[("HTTPS_PROXY", "http://s:1")]), None, "{server}");
        }
    }

    #[test]
    fn exceptions_are_those_of_go() {
        // Server, NO_PROXY, whether it is excepted: answers of golang.org/x/net/http/httpproxy.
        for (server, entries, is_excepted) in [
            ("https://api.example:6443", "*", true),
            ("https://api.example:6443", "example", true),
            ("https://api.example:6443", ".example", true),
            ("https://api.example:6443", "*.example", true),
            ("https://example:6443", ".example", false),
            ("https://example:6443", "example", true),
            ("https://notexample:6443", "example", false),
            ("https://api.example:6443", "api.example:6443", true),
            ("https://api.example:6443", "api.example:443", false),
            ("https://api.example", "api.example:443", true),
            ("https://10.1.2.3:6443", "10.0.0.0/8", true),
            ("https://11.1.2.3:6443", "10.0.0.0/8", false),
            ("https://10.1.2.3:6443", " other , 10.1.2.3", true),
            ("https://10.1.2.3:6443", "0.0.0.0/0", true),
            ("https://10.1.2.3:6443", "10.1.2.3:6443", true),
            ("https://10.1.2.3:6443", "10.1.2.3:443", false),
            ("https://[fd00::1]:6443", "fd00::/8", true),
            ("https://API.Example:6443", "api.EXAMPLE", true),
            ("https://api.example:6443", "", false),
            ("https://api.example:6443", ",", false),
        ] {
            let answer = proxy(server, &[("HTTPS_PROXY", "http://s:1"), ("NO_PROXY", entries)]);
            assert_eq!(answer.is_none(), is_excepted, "{server} {entries}");
        }
    }
}
