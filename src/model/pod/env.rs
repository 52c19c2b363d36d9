//! Environment variables of containers and where their values come from.

use super::spec::LocalObjectReference;
use crate::model::scalar::Quantity;
use crate::record;

record! {
    /// An environment variable.
    pub struct EnvVar {
        pub name: String => "name" keep,
        pub value: String => "value" omit,
        pub value_from: Option<Box<EnvVarSource>> => "valueFrom" omit,
    }

    /// Where a variable's value comes from.
    pub struct EnvVarSource {
        pub field_ref: Option<Box<ObjectFieldSelector>> => "fieldRef" omit,
        pub resource_field_ref: Option<Box<ResourceFieldSelector>> => "resourceFieldRef" omit,
        pub config_map_key_ref: Option<Box<ConfigMapKeySelector>> => "configMapKeyRef" omit,
        pub secret_key_ref: Option<Box<SecretKeySelector>> => "secretKeyRef" omit,
    }

    /// An object whose entries all become variables.
    pub struct EnvFromSource {
        pub prefix: String => "prefix" omit,
        pub config_map_ref: Option<Box<ConfigMapEnvSource>> => "configMapRef" omit,
        pub secret_ref: Option<Box<SecretEnvSource>> => "secretRef" omit,
    }

    /// A config map whose entries become variables.
    pub struct ConfigMapEnvSource {
        pub local_object_reference: LocalObjectReference => embed,
        pub optional: Option<bool> => "optional" omit,
    }

    /// A secret whose entries become variables.
    pub struct SecretEnvSource {
        pub local_object_reference: LocalObjectReference => embed,
        pub optional: Option<bool> => "optional" omit,
    }

    /// A field of the pod itself.
    pub struct ObjectFieldSelector {
        pub api_version: String => "apiVersion" omit,
        pub field_path: String => "fieldPath" keep,
    }

    /// A resource of a container.
    pub struct ResourceFieldSelector {
        pub container_name: String => "containerName" omit,
        pub resource: String => "resource" keep,
        pub divisor: Quantity => "divisor" keep,
    }

    /// An entry of a config map.
    pub struct ConfigMapKeySelector {
        pub local_object_reference: LocalObjectReference => embed,
        pub key: String => "key" keep,
        pub optional: Option<bool> => "optional" omit,
    }

    /// An entry of a secret.
    pub struct SecretKeySelector {
        pub local_object_reference: LocalObjectReference => embed,
        pub key: String => "key" keep,
        pub optional: Option<bool> => "optional" omit,
    }
}
