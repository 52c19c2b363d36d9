//! Rights of containers.

use crate::record;

record! {
    /// Rights of a container.
    pub struct SecurityContext {
        pub capabilities: Option<Box<Capabilities>> => "capabilities" omit,
        pub privileged: Option<bool> => "privileged" omit,
        pub se_linux_options: Option<Box<SELinuxOptions>> => "seLinuxOptions" omit,
        pub windows_options: Option<Box<WindowsSecurityContextOptions>> => "windowsOptions" omit,
        pub run_as_user: Option<i64> => "runAsUser" omit,
        pub run_as_group: Option<i64> => "runAsGroup" omit,
        pub run_as_non_root: Option<bool> => "runAsNonRoot" omit,
        pub read_only_root_filesystem: Option<bool> => "readOnlyRootFilesystem" omit,
        pub allow_privilege_escalation: Option<bool> => "allowPrivilegeEscalation" omit,
        pub proc_mount: Option<String> => "procMount" omit,
        pub seccomp_profile: Option<Box<SeccompProfile>> => "seccompProfile" omit,
        pub app_armor_profile: Option<Box<AppArmorProfile>> => "appArmorProfile" omit,
    }

    /// Kernel capabilities that are added and dropped.
    pub struct Capabilities {
        pub add: Vec<String> => "add" omit,
        pub drop: Vec<String> => "drop" omit,
    }

    /// SELinux labels.
    pub struct SELinuxOptions {
        pub user: String => "user" omit,
        pub role: String => "role" omit,
        pub kind: String => "type" omit,
        pub level: String => "level" omit,
    }

    /// Rights on Windows.
    pub struct WindowsSecurityContextOptions {
        pub gmsa_credential_spec_name: Option<String> => "gmsaCredentialSpecName" omit,
        pub gmsa_credential_spec: Option<String> => "gmsaCredentialSpec" omit,
        pub run_as_user_name: Option<String> => "runAsUserName" omit,
        pub host_process: Option<bool> => "hostProcess" omit,
    }

    /// A filter of system calls.
    pub struct SeccompProfile {
        pub kind: String => "type" keep,
        pub localhost_profile: Option<String> => "localhostProfile" omit,
    }

    /// An AppArmor profile.
    pub struct AppArmorProfile {
        pub kind: String => "type" keep,
        pub localhost_profile: Option<String> => "localhostProfile" omit,
    }

    /// A kernel parameter.
    pub struct Sysctl {
        pub name: String => "name" keep,
        pub value: String => "value" keep,
    }
}
