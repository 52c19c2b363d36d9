//! Who a context says one is: what of it is taken from kube's hands, and what can be seen to be wrong before it is used.
//!
//! Tokens, files with tokens, client certificates, name and password, credential plugins and the old provider `oidc` (with a
//! token that is there) work. Nothing here runs a plugin, see [`super::plugin`].

use std::path::PathBuf;

use kube::config::{AuthInfo, AuthProviderConfig};
use secrecy::{ExposeSecret, SecretString};

use super::connection::plain;
use super::token::{TokenFile, header};

/// Checks what a user has to show, and takes its token file, which then is all that counts. `name` is the user's.
pub(super) fn of(name: &str, user: &mut AuthInfo) -> Result<Option<TokenFile>, String> {
    drop_empty(user);
    certificate(user)?;
    if user.token.is_some() && (user.username.is_some() || user.password.is_some()) {
        return Err("its user has both a token and a password".to_owned());
    }
    if let Some(provider) = &user.auth_provider
        && provider.name != "oidc"
    {
        return Err(format!("the auth-provider {} is not known; use a credential plugin (exec)", provider.name));
    }
    let file = token_file(user)?;
    // kube panics at what no header can hold.
    let of_provider =
        user.auth_provider.as_ref().and_then(|provider| provider.config.get("id-token").map(String::as_str));
    let token = user.token.as_ref().map(ExposeSecret::expose_secret);
    if token.into_iter().chain(of_provider).any(|token| header(token).is_none()) {
        return Err(format!("the token of its user {name} holds a line break or another control character"));
    }
    Ok(file)
}

/// Takes out what is there and empty: to Kubernetes' own clients that is nothing, and a plugin beside it counts.
fn drop_empty(user: &mut AuthInfo) {
    fn text(field: &mut Option<String>) {
        field.take_if(|text| text.is_empty());
    }
    // An empty path is taken for one relative to the kubeconfig's directory when that is read.
    fn path(field: &mut Option<String>) {
        field.take_if(|path| path.is_empty() || path.ends_with('/'));
    }
    fn secret(field: &mut Option<SecretString>) {
        field.take_if(|secret| secret.expose_secret().is_empty());
    }
    text(&mut user.username);
    path(&mut user.token_file);
    path(&mut user.client_certificate);
    text(&mut user.client_certificate_data);
    path(&mut user.client_key);
    text(&mut user.impersonate);
    secret(&mut user.token);
    secret(&mut user.client_key_data);
    // Somebody may have a name and the empty password.
    if user.username.is_none() {
        secret(&mut user.password);
    }
    if user.exec.is_some() {
        let token =
            |provider: &AuthProviderConfig| provider.config.get("id-token").is_some_and(|token| !token.is_empty());
        user.auth_provider.take_if(|provider| provider.name == "oidc" && !token(provider));
    }
}

/// Whether it is known who somebody is, so that no plugin needs to say it.
pub(super) fn is_known(user: &AuthInfo, token: Option<&TokenFile>) -> bool {
    let has_password = user.username.is_some() && user.password.is_some();
    token.is_some() || user.token.is_some() || user.auth_provider.is_some() || has_password
}

/// A client certificate needs its key, and files have to be there.
fn certificate(user: &AuthInfo) -> Result<(), String> {
    let is_given = |data: bool, file: &Option<String>| data || file.as_deref().is_some_and(|path| !path.is_empty());
    let has_certificate = is_given(user.client_certificate_data.is_some(), &user.client_certificate);
    let has_key = is_given(user.client_key_data.is_some(), &user.client_key);
    if has_certificate != has_key {
        let missing = if has_key { "client certificate" } else { "client key" };
        return Err(format!("its user has no {missing}"));
    }
    let of_files = [
        ("client certificate", &user.client_certificate, user.client_certificate_data.is_none()),
        ("client key", &user.client_key, user.client_key_data.is_none()),
    ];
    for (what, path, counts) in of_files {
        let Some(path) = path.as_deref().filter(|path| counts && !path.is_empty()) else { continue };
        #[expect(clippy::disallowed_methods, reason = "credentials are the matter of this layer")]
        std::fs::read(path).map_err(|error| format!("its {what} {path} cannot be read: {}", plain(&error)))?;
    }
    Ok(())
}

/// A token file counts before a token, which then is what the file held once; and before a plugin.
fn token_file(user: &mut AuthInfo) -> Result<Option<TokenFile>, String> {
    let Some(path) = user.token_file.take().filter(|path| !path.is_empty()) else { return Ok(None) };
    let file = TokenFile::new(PathBuf::from(path));
    match file.header() {
        Err(_) if user.token.is_some() => return Ok(None),
        Err(problem) => return Err(problem),
        Ok(_) => {}
    }
    user.token = None;
    user.exec = None;
    user.auth_provider = None;
    user.username = None;
    user.password = None;
    Ok(Some(file))
}
