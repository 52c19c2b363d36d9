//! Environment variables of containers and where their values come from.

use super::spec::LocalObjectReference;
use crate::model::scalar::Quantity;
use crate::record;

record! {
    /// An environment variable.
    pub struct EnvVar {
        /// The variable.
        pub name: String => "name" keep,
        /// Its value; `$(OTHER)` is replaced by the value of a variable before it.
        pub value: String => "value" omit,
        /// Where its value comes from, in place of `value`.
        pub value_from: Option<Box<EnvVarSource>> => "valueFrom" omit,
    }

    /// Where a variable's value comes from.
    pub struct EnvVarSource {
        /// A field of the pod.
        pub field_ref: Option<Box<ObjectFieldSelector>> => "fieldRef" omit,
        /// A resource of a container.
        pub resource_field_ref: Option<Box<ResourceFieldSelector>> => "resourceFieldRef" omit,
        /// An entry of a config map.
        pub config_map_key_ref: Option<Box<ConfigMapKeySelector>> => "configMapKeyRef" omit,
        /// An entry of a secret.
        pub secret_key_ref: Option<Box<SecretKeySelector>> => "secretKeyRef" omit,
    }

    /// An object whose entries all become variables.
    pub struct EnvFromSource {
        /// What is put before the name of each variable.
        pub prefix: String => "prefix" omit,
        /// A config map.
        pub config_map_ref: Option<Box<ConfigMapEnvSource>> => "configMapRef" omit,
        /// A secret.
        pub secret_ref: Option<Box<SecretEnvSource>> => "secretRef" omit,
    }

    /// A config map whose entries become variables.
    pub struct ConfigMapEnvSource {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// A secret whose entries become variables.
    pub struct SecretEnvSource {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// A field of the pod itself.
    pub struct ObjectFieldSelector {
        /// The API version that the path is written for; `v1` when not given.
        pub api_version: String => "apiVersion" omit,
        /// The path of the field, such as `metadata.name`.
        pub field_path: String => "fieldPath" keep,
    }

    /// A resource of a container.
    pub struct ResourceFieldSelector {
        /// The container; needed for volumes, the container itself for variables.
        pub container_name: String => "containerName" omit,
        /// The resource, such as `limits.cpu`.
        pub resource: String => "resource" keep,
        /// The unit that the value is given in.
        pub divisor: Quantity => "divisor" keep,
    }

    /// An entry of a config map.
    pub struct ConfigMapKeySelector {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// The entry's key.
        pub key: String => "key" keep,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }

    /// An entry of a secret.
    pub struct SecretKeySelector {
        /// The object's name.
        pub local_object_reference: LocalObjectReference => embed,
        /// The entry's key.
        pub key: String => "key" keep,
        /// It need not exist.
        pub optional: Option<bool> => "optional" omit,
    }
}
