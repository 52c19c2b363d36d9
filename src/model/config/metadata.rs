//! Which repository, branch and variant a configuration is for, and what its jobs' generation is told.

use crate::record;

record! {
    /// A branch of a repository, and the variant where there is more than one configuration for it.
    pub struct Metadata {
        /// The GitHub organisation.
        pub org: String => "org" keep,
        /// The repository's name within the organisation.
        pub repo: String => "repo" keep,
        /// The branch; in rare files a regular expression for several.
        pub branch: String => "branch" keep,
        /// Tells apart several configurations of one branch; part of the file's name after `__`.
        pub variant: String => "variant" omit,
    }

    /// Switches for the generation of jobs from one configuration.
    pub struct ProwgenOverrides {
        /// No job of this file is tried out when the file changes.
        pub disable_rehearsals: bool => "disable_rehearsals" omit,
        /// No presubmits are made for operator bundles.
        pub skip_operator_presubmits: bool => "skip_operator_presubmits" omit,
        /// Secrets are mounted by the CSI driver of the secret store.
        pub enable_secrets_store_csi_driver: bool => "enable_secrets_store_csi_driver" omit,
        /// The jobs are hidden, and get credentials for cloning a private repository.
        pub private: bool => "private" omit,
        /// The jobs of a private repository are shown after all.
        pub expose: bool => "expose" omit,
        /// Jobs check out the repository whole, even where a few files would do.
        pub disable_sparse_checkout: bool => "disable_sparse_checkout" omit,
    }
}
