//! Rights of containers.

use crate::record;

record! {
    /// Rights of a container.
    pub struct SecurityContext {
        /// Capabilities that its processes get or lose.
        pub capabilities: Option<Box<Capabilities>> => "capabilities" omit,
        /// Its processes may do whatever root may on the node.
        pub privileged: Option<bool> => "privileged" omit,
        /// The SELinux labels of its processes.
        pub se_linux_options: Option<Box<SELinuxOptions>> => "seLinuxOptions" omit,
        /// Settings for containers on Windows.
        pub windows_options: Option<Box<WindowsSecurityContextOptions>> => "windowsOptions" omit,
        /// The number of the user that it runs as; the image's own when not given.
        pub run_as_user: Option<i64> => "runAsUser" omit,
        /// The number of the group that it runs as.
        pub run_as_group: Option<i64> => "runAsGroup" omit,
        /// It is refused when it would run as root.
        pub run_as_non_root: Option<bool> => "runAsNonRoot" omit,
        /// Its root file system cannot be written to.
        pub read_only_root_filesystem: Option<bool> => "readOnlyRootFilesystem" omit,
        /// Whether a process may get more rights than its parent.
        pub allow_privilege_escalation: Option<bool> => "allowPrivilegeEscalation" omit,
        /// How much of `/proc` shows: `Default` or `Unmasked`.
        pub proc_mount: Option<String> => "procMount" omit,
        /// Which system calls its processes may make.
        pub seccomp_profile: Option<Box<SeccompProfile>> => "seccompProfile" omit,
        /// What AppArmor lets its processes do.
        pub app_armor_profile: Option<Box<AppArmorProfile>> => "appArmorProfile" omit,
    }

    /// Kernel capabilities that are added and dropped.
    pub struct Capabilities {
        /// Those that they get.
        pub add: Vec<String> => "add" omit,
        /// Those that they lose; `ALL` is all of them.
        pub drop: Vec<String> => "drop" omit,
    }

    /// SELinux labels.
    pub struct SELinuxOptions {
        /// The user part of the label.
        pub user: String => "user" omit,
        /// The role part of the label.
        pub role: String => "role" omit,
        /// The type part of the label.
        pub kind: String => "type" omit,
        /// The level part of the label.
        pub level: String => "level" omit,
    }

    /// Rights on Windows.
    pub struct WindowsSecurityContextOptions {
        /// The name of the credential specification of a group managed service account.
        pub gmsa_credential_spec_name: Option<String> => "gmsaCredentialSpecName" omit,
        /// The text of that specification.
        pub gmsa_credential_spec: Option<String> => "gmsaCredentialSpec" omit,
        /// The user that it runs as.
        pub run_as_user_name: Option<String> => "runAsUserName" omit,
        /// It runs as a process of the node.
        pub host_process: Option<bool> => "hostProcess" omit,
    }

    /// A filter of system calls.
    pub struct SeccompProfile {
        /// Where the profile comes from: `Localhost`, `RuntimeDefault` or `Unconfined`.
        pub kind: String => "type" keep,
        /// The profile's file on the node, for `Localhost`.
        pub localhost_profile: Option<String> => "localhostProfile" omit,
    }

    /// An AppArmor profile.
    pub struct AppArmorProfile {
        /// Where the profile comes from: `Localhost`, `RuntimeDefault` or `Unconfined`.
        pub kind: String => "type" keep,
        /// The profile loaded on the node, for `Localhost`.
        pub localhost_profile: Option<String> => "localhostProfile" omit,
    }

    /// A kernel parameter.
    pub struct Sysctl {
        /// The kernel parameter.
        pub name: String => "name" keep,
        /// Its value.
        pub value: String => "value" keep,
    }
}
