//! Rules for the secrets of container tests.
//!
//! A secret is named in one of two ways: `name` is a Kubernetes secret, and `bundle`, or `collection` with `group` and
//! perhaps `field`, is something in the secret manager. The latter have rules in common with the credentials of steps:
//! see `ManagedSecret`.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::names::{is_collection_name, is_group_name, is_object_name, mount_file_name_problem, quoted};
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::{Secret, TestStepConfiguration};

rules! {
    SECRET_AND_SECRETS = "secret-and-secrets",
        "a test has both secret and secrets",
        "One of them would be forgotten.",
        "move secret into the list of secrets";
    SECRETS_WITHOUT_CONTAINER = "secrets-without-container",
        "secrets are given to a test that is not a container",
        "Steps of multi-stage tests do not get them; they would look for files that are not there.",
        "list the secrets as credentials of the steps that need them";
    NULL_SECRET = "null-secret",
        "an item of secrets is empty",
        "There is nothing to mount, and ci-operator crashes on it.",
        "remove the item, or fill it";
    SECRET_NAMED_TWICE = "secret-named-twice",
        "a secret of the secret manager also has the name of a Kubernetes secret",
        "The secret is either in the secret manager or in a cluster; only one of the two could be mounted.",
        "keep name, or bundle, collection, group and field";
    SECRET_BUNDLE_WITH_PARTS = "secret-bundle-with-parts",
        "a bundle of secrets also has collection, group or field",
        "A bundle says itself what is in it, so the rest would be ignored.",
        "keep bundle, or collection, group and field";
    SECRET_ALIAS_WITHOUT_FIELD = "secret-alias-without-field",
        "`as` is set, and no field that it could rename",
        "`as` renames the file of one field; without a field it renames nothing.",
        "add field, or remove as";
    INCOMPLETE_SECRET = "incomplete-secret",
        "a secret of the secret manager is not fully named",
        "The secret manager finds it by bundle, or by collection and group; the pod would never start.",
        "set bundle, or collection and group";
    INVALID_SECRET_NAME = "invalid-secret-name",
        "a collection, group, field, alias or secret cannot have this name",
        "Nothing of this name can exist, so the pod would never start.",
        "correct the name; lower-case letters, digits and dashes are always right";
    DUPLICATE_SECRET = "duplicate-secret",
        "a secret is mounted twice",
        "Both mounts would have the same name, and the pod would be refused.",
        "keep one of the two";
    RELATIVE_SECRET_PATH = "relative-secret-path",
        "a secret's mount path does not begin at the root",
        "There is no directory that it could be relative to, and the pod would be refused.",
        "begin mount_path with a slash";
}

/// Checks `secret` and `secrets` of a test.
pub fn check_secrets(test: &TestStepConfiguration, place: &Place<'_>, out: &mut Findings) {
    let (single, list) = (place.key("secret"), place.key("secrets"));
    let has_list = test.secrets.as_option().is_some();
    if test.secret.is_some() && has_list {
        out.says(&SECRET_AND_SECRETS, &single, format_args!("test.Secret and test.Secrets cannot both be set"));
    }
    if (test.secret.is_some() || has_list) && test.container.is_none() {
        let message = format_args!(
            "secret/secrets can be only used with container-based tests (use credentials in multi-stage tests)"
        );
        let field = if has_list { "secrets" } else { "secret" };
        out.at(&SECRETS_WITHOUT_CONTAINER, &place.silent(field), message);
    }
    let mut seen = Seen::default();
    for (index, secret) in test.secrets.iter().enumerate() {
        let place = list.item(index);
        match secret {
            Some(secret) => check_secret(secret, &place, &mut seen, out),
            None => out.at(&NULL_SECRET, &place, format_args!("value required but not provided")),
        }
    }
    if let Some(secret) = &test.secret {
        // The reference numbers it as if it were the last of the list.
        let shown = format!("secrets[{}]", test.secrets.len());
        check_secret(secret, &place.renamed("secret", &shown), &mut seen, out);
    }
}

#[derive(Default)]
struct Seen<'a> {
    names: BTreeSet<&'a str>,
    bundles: BTreeSet<&'a str>,
}

fn check_secret<'a>(secret: &'a Secret, place: &Place<'_>, seen: &mut Seen<'a>, out: &mut Findings) {
    let parts = ManagedSecret {
        bundle: &secret.bundle,
        collection: &secret.collection,
        group: &secret.group,
        field: &secret.field,
        alias: &secret.alias,
    };
    if parts.is_empty() && secret.alias.is_empty() {
        check_plain(&secret.name, place, seen, out);
    } else {
        check_managed(secret, parts, place, seen, out);
    }
    if !secret.mount_path.is_empty() && !secret.mount_path.starts_with('/') {
        let message = format_args!("{} is not an absolute path", quoted(&secret.mount_path));
        out.at(&RELATIVE_SECRET_PATH, &place.key("mount_path"), message);
    }
}

fn check_plain<'a>(name: &'a str, place: &Place<'_>, seen: &mut Seen<'a>, out: &mut Findings) {
    if !is_object_name(name) {
        let message = format_args!("{} is not a valid Kubernetes object name", quoted(name));
        out.at(&INVALID_SECRET_NAME, &place.key("name"), message);
    }
    if !seen.names.insert(name) {
        out.at(&DUPLICATE_SECRET, &place.silent("name"), format_args!("duplicate secret name {}", quoted(name)));
    }
}

fn check_managed<'a>(
    secret: &'a Secret,
    parts: ManagedSecret<'a>,
    place: &Place<'_>,
    seen: &mut Seen<'a>,
    out: &mut Findings,
) {
    if !secret.name.is_empty() {
        let message = format_args!("`name` cannot be used with `bundle`, `collection`, `group`, or `field`");
        out.at(&SECRET_NAMED_TWICE, &place.silent("name"), message);
    }
    if !parts.alias.is_empty() && parts.field.is_empty() {
        out.at(
            &SECRET_ALIAS_WITHOUT_FIELD,
            &place.silent("as"),
            format_args!("`field` is required when `as` is specified"),
        );
    }
    if !parts.bundle.is_empty() {
        if parts.is_more_than_bundle() {
            let message = format_args!("`bundle` cannot be used with `collection`, `group`, or `field`");
            out.at(&SECRET_BUNDLE_WITH_PARTS, &place.silent("bundle"), message);
        }
        if !seen.bundles.insert(parts.bundle) {
            out.at(
                &DUPLICATE_SECRET,
                &place.silent("bundle"),
                format_args!("duplicate bundle reference {}", quoted(parts.bundle)),
            );
        }
    } else if parts.names_group() {
        parts.check_names(place, out);
    } else if !parts.collection.is_empty() {
        out.at(&INCOMPLETE_SECRET, &place.key("group"), format_args!("is required when `collection` is set"));
    } else if !parts.group.is_empty() {
        out.at(&INCOMPLETE_SECRET, &place.key("collection"), format_args!("is required when `group` is set"));
    } else if !parts.field.is_empty() {
        out.at(
            &INCOMPLETE_SECRET,
            &place.silent("field"),
            format_args!("`field` requires `collection` and `group` to be set"),
        );
    } else {
        out.at(&INCOMPLETE_SECRET, place, format_args!("must specify `bundle` or `collection`+`group`"));
    }
}

/// How something in the secret manager is named.
#[derive(Clone, Copy)]
pub struct ManagedSecret<'a> {
    /// A set of secrets defined elsewhere.
    pub bundle: &'a str,
    /// Who it belongs to.
    pub collection: &'a str,
    /// What it is for.
    pub group: &'a str,
    /// One field of it; all when empty.
    pub field: &'a str,
    /// The name of the file that the field becomes.
    pub alias: &'a str,
}

impl ManagedSecret<'_> {
    /// Whether nothing but perhaps the alias is given.
    pub fn is_empty(&self) -> bool {
        self.bundle.is_empty() && !self.is_more_than_bundle()
    }

    /// Whether collection, group or field is given.
    pub fn is_more_than_bundle(&self) -> bool {
        !self.collection.is_empty() || !self.group.is_empty() || !self.field.is_empty()
    }

    /// Whether collection and group are given.
    pub fn names_group(&self) -> bool {
        !self.collection.is_empty() && !self.group.is_empty()
    }

    /// Checks collection, group, field and alias as names.
    pub fn check_names(&self, place: &Place<'_>, out: &mut Findings) {
        if !is_collection_name(self.collection) {
            let message = format_args!("{} is not a valid collection name", quoted(self.collection));
            out.at(&INVALID_SECRET_NAME, &place.key("collection"), message);
        }
        if !is_group_name(self.group) {
            let message = format_args!("{} is not a valid group name", quoted(self.group));
            out.at(&INVALID_SECRET_NAME, &place.key("group"), message);
        }
        for (key, name) in [("field", self.field), ("as", self.alias)] {
            if !name.is_empty()
                && let Some(problem) = mount_file_name_problem(name)
            {
                out.at(&INVALID_SECRET_NAME, &place.key(key), format_args!("{problem}"));
            }
        }
    }
}
