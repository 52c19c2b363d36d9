//! Releases: where the payloads and image streams that tests use come from.
//! A release is one of four kinds, see [`UnresolvedRelease`]; `tag_specification` is the older way to name a stream.

use crate::record;

record! {
    /// The image stream from which a release is put together.
    pub struct ReleaseTagConfiguration {
        /// The namespace of the stream.
        pub namespace: String => "namespace" keep,
        /// The name of the stream.
        pub name: String => "name" keep,
        /// Images that this configuration builds replace those of the stream.
        pub include_built_images: bool => "include_built_images" omit,
        /// Whether images are pulled from where they come from or through the cluster's registry.
        pub reference_policy: Option<String> => "reference_policy" omit,
    }

    /// A release payload, by exactly one of four descriptions.
    pub struct UnresolvedRelease {
        /// A payload put together from a stream of development builds.
        pub integration: Option<Integration> => "integration" omit,
        /// The newest payload of a stream of release candidates.
        pub candidate: Option<Candidate> => "candidate" omit,
        /// A payload within bounds that is not yet published.
        pub prerelease: Option<Prerelease> => "prerelease" omit,
        /// A published payload.
        pub release: Option<Release> => "release" omit,
    }

    /// The image stream of development builds from which a payload is put together.
    pub struct Integration {
        /// The namespace of the stream.
        pub namespace: String => "namespace" keep,
        /// The name of the stream.
        pub name: String => "name" keep,
        /// Images that this configuration builds replace those of the stream.
        pub include_built_images: bool => "include_built_images" omit,
        /// Whether images are pulled from where they come from or through the cluster's registry.
        pub reference_policy: Option<String> => "reference_policy" omit,
    }

    /// The newest, or an older, candidate of a stream.
    pub struct Candidate {
        /// Product, architecture and age.
        pub release_descriptor: ReleaseDescriptor => embed,
        /// The stream, such as `nightly`.
        pub stream: String => "stream" keep,
        /// The minor version, such as `4.19`.
        pub version: String => "version" keep,
    }

    /// A payload whose version lies within bounds.
    pub struct Prerelease {
        /// Product, architecture and age.
        pub release_descriptor: ReleaseDescriptor => embed,
        /// Between which versions the payload is.
        pub version_bounds: VersionBounds => "version_bounds" keep,
    }

    /// A published payload.
    pub struct Release {
        /// The version, minor or exact.
        pub version: String => "version" keep,
        /// The update channel it is looked up in.
        pub channel: String => "channel" keep,
        /// The architecture; amd64 when not given.
        pub architecture: String => "architecture" omit,
        /// How many releases before the newest.
        pub relative: i64 => "relative" omit,
    }

    /// What candidates and prereleases have in common.
    pub struct ReleaseDescriptor {
        /// The product, such as `ocp`.
        pub product: String => "product" keep,
        /// The architecture; amd64 when not given.
        pub architecture: String => "architecture" omit,
        /// How many accepted payloads before the newest.
        pub relative: i64 => "relative" omit,
    }

    /// Between which versions a prerelease is looked up.
    pub struct VersionBounds {
        /// The version it must be above.
        pub lower: String => "lower" keep,
        /// The version it must be below.
        pub upper: String => "upper" keep,
        /// The stream to search.
        pub stream: String => "stream" omit,
    }

    /// A release with its name, as a step of the build graph.
    pub struct ReleaseConfiguration {
        /// The release's name.
        pub name: String => "name" keep,
        /// How it is found.
        pub unresolved_release: UnresolvedRelease => embed,
    }
}
