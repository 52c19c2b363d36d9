//! Rules for the credentials of steps: what they name, and that their mounts do not get in each other's way.

use super::findings::Findings;
use super::mounts::relative_path;
use super::names::quoted;
use super::place::Place;
use super::secrets::ManagedSecret;
use crate::diagnostic::rule::rules;
use crate::model::config::CredentialReference;

rules! {
    CREDENTIAL_NAMED_TWICE = "credential-named-twice",
        "a credential of the secret manager also has the name or namespace of a Kubernetes secret",
        "The secret is either in the secret manager or in a cluster; only one of the two could be mounted.",
        "keep name and namespace, or bundle, collection, group and field";
    CREDENTIAL_ALIAS_WITHOUT_FIELD = "credential-alias-without-field",
        "`as` is set, and no field that it could rename",
        "`as` renames the file of one field; without a field it renames nothing.",
        "add field, or remove as";
    CREDENTIAL_BUNDLE_WITH_PARTS = "credential-bundle-with-parts",
        "a bundle of credentials also has collection, group or field",
        "A bundle says itself what is in it, so the rest would be ignored.",
        "keep bundle, or collection, group and field";
    INCOMPLETE_CREDENTIAL = "incomplete-credential",
        "a credential is not fully named",
        "The secret could not be found, so the pod of the step would never start.",
        "set name and namespace, or bundle, or collection and group";
    CREDENTIAL_WITHOUT_PATH = "credential-without-path",
        "a credential has no mount path",
        "There is no directory to mount the secret at, so the step could not read it.",
        "set mount_path to an absolute directory";
    RELATIVE_CREDENTIAL_PATH = "relative-credential-path",
        "a credential's mount path does not begin at the root",
        "There is no directory that it could be relative to, and the pod would be refused.",
        "begin mount_path with a slash";
    COLLIDING_CREDENTIALS = "colliding-credentials",
        "a credential is mounted at or under another's path",
        "One mount would hide the other, and the step would miss its files.",
        "give each credential a mount_path outside of the others'";
    DUPLICATE_CREDENTIAL = "duplicate-credential",
        "a credential is mounted twice",
        "Both volumes would have the same name, and the pod would be refused.",
        "keep one of the two";
}

/// Checks the credentials of the step at `place`.
pub fn check_credentials(credentials: &[CredentialReference], place: &Place<'_>, out: &mut Findings) {
    let list = place.key("credentials");
    for (index, credential) in credentials.iter().enumerate() {
        let place = list.item(index);
        check_source(credential, &place, out);
        check_path(credential, &place, out);
        for (other, later) in credentials.iter().enumerate().skip(index + 1) {
            check_pair((index, credential), (other, later), &list, out);
        }
    }
}

fn check_source(credential: &CredentialReference, place: &Place<'_>, out: &mut Findings) {
    let parts = ManagedSecret {
        bundle: &credential.bundle,
        collection: &credential.collection,
        group: &credential.group,
        field: &credential.field,
        alias: &credential.alias,
    };
    if parts.is_empty() {
        for (key, value) in [("name", &credential.name), ("namespace", &credential.namespace)] {
            if value.is_empty() {
                out.at(&INCOMPLETE_CREDENTIAL, &place.silent(key), format_args!("`{key}` is required"));
            }
        }
        return;
    }
    if !credential.name.is_empty() {
        let message = format_args!("`name` cannot be used with `bundle`, `collection`, `group`, or `field`");
        out.at(&CREDENTIAL_NAMED_TWICE, &place.silent("name"), message);
    }
    if !parts.alias.is_empty() && parts.field.is_empty() {
        let message = format_args!("`field` is required when `as` is specified");
        out.at(&CREDENTIAL_ALIAS_WITHOUT_FIELD, &place.silent("as"), message);
    } else if !parts.bundle.is_empty() {
        if parts.is_more_than_bundle() {
            let message = format_args!("`bundle` cannot be used with `collection`, `group`, or `field`");
            out.at(&CREDENTIAL_BUNDLE_WITH_PARTS, &place.silent("bundle"), message);
        }
    } else if parts.names_group() {
        if !credential.namespace.is_empty() {
            let message = format_args!("`namespace` cannot be used with `collection`, `group`, or `field`");
            out.at(&CREDENTIAL_NAMED_TWICE, &place.silent("namespace"), message);
        }
        parts.check_names(place, out);
    } else {
        let message = format_args!("must specify `bundle`, `collection`+`group`, or `collection`+`group`+`field`");
        out.at(&INCOMPLETE_CREDENTIAL, place, message);
    }
}

fn check_path(credential: &CredentialReference, place: &Place<'_>, out: &mut Findings) {
    if credential.mount_path.is_empty() {
        out.at(&CREDENTIAL_WITHOUT_PATH, &place.silent("mount_path"), format_args!("`mountPath` is required"));
    } else if !credential.mount_path.starts_with('/') {
        let message = format_args!("{place}.mountPath is not absolute: {}", credential.mount_path);
        out.says(&RELATIVE_CREDENTIAL_PATH, &place.key("mount_path"), message);
    }
}

type Numbered<'a> = (usize, &'a CredentialReference);

fn check_pair(first: Numbered<'_>, second: Numbered<'_>, list: &Place<'_>, out: &mut Findings) {
    let ((index, credential), (other, later)) = (first, second);
    let place = list.item(index);
    if credential.mount_path == later.mount_path {
        let message = format_args!(
            "{place} and credentials[{other}] mount to the same location ({}), which would result in a collision",
            credential.mount_path
        );
        return out.says(&COLLIDING_CREDENTIALS, &place.silent("mount_path"), message);
    }
    if !credential.bundle.is_empty() && credential.bundle == later.bundle {
        let message =
            format_args!("{place} and credentials[{other}] reference the same bundle {}", quoted(&credential.bundle));
        return out.says(&DUPLICATE_CREDENTIAL, &place.silent("bundle"), message);
    }
    let is_secret = !credential.namespace.is_empty() && !credential.name.is_empty();
    if is_secret && credential.namespace == later.namespace && credential.name == later.name {
        let message = format_args!(
            "{place} and credentials[{other}] reference the same secret ({}/{}), which would create a duplicate \
             Kubernetes volume name",
            credential.namespace, credential.name
        );
        return out.says(&DUPLICATE_CREDENTIAL, &place.silent("name"), message);
    }
    if check_nesting(first, second, list, out) {
        check_nesting(second, first, list, out);
    }
}

/// Reports when the first credential is mounted under the second; false when the paths cannot be compared.
fn check_nesting(inner: Numbered<'_>, outer: Numbered<'_>, list: &Place<'_>, out: &mut Findings) -> bool {
    let ((index, inner), (other, outer)) = (inner, outer);
    let place = list.item(index);
    match relative_path(&outer.mount_path, &inner.mount_path) {
        Err(problem) => {
            let message = format_args!("{place} could not check relative path to credentials[{other}] ({problem})");
            out.says(&COLLIDING_CREDENTIALS, &place.silent("mount_path"), message);
            false
        }
        Ok(path) => {
            if !path.contains("..") {
                let message = format_args!(
                    "{place} mounts at {}, which is under credentials[{other}] ({})",
                    inner.mount_path, outer.mount_path
                );
                out.says(&COLLIDING_CREDENTIALS, &place.silent("mount_path"), message);
            }
            true
        }
    }
}
