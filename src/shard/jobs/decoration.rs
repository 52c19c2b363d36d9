//! Decoration of a job over the default one: what is not set comes from the default, part by part.

use crate::model::decoration::{
    CensoringOptions, DecorationConfig, GCSConfiguration, Resources, SchedulingOptions, UtilityImages,
};
use crate::yaml::codec::Encode;

/// Takes the default for a field that is empty.
macro_rules! default_for {
    ($config:ident, $default:ident: $($field:ident)*) => {$(
        if Encode::is_empty(&$config.$field) {
            $config.$field = $default.$field;
        }
    )*};
}

/// Both where there are both, else the one that is there.
fn both<T>(config: Option<T>, default: Option<T>, merge: impl FnOnce(T, T) -> T) -> Option<T> {
    match (config, default) {
        (Some(config), Some(default)) => Some(merge(config, default)),
        (config, default) => config.or(default),
    }
}

/// A decoration with what is not set from the default.
pub fn apply(config: Option<DecorationConfig>, default: Option<DecorationConfig>) -> Option<DecorationConfig> {
    both(config, default, |mut config, default| {
        config.utility_images = both(config.utility_images, default.utility_images, images);
        config.resources = both(config.resources, default.resources, resources);
        config.gcs_configuration = both(config.gcs_configuration, default.gcs_configuration, storage);
        config.censoring_options = both(config.censoring_options, default.censoring_options, censoring);
        config.scheduling_options = both(config.scheduling_options, default.scheduling_options, scheduling);
        default_for!(config, default: timeout grace_period gcs_credentials_secret s3_credentials_secret
            default_service_account_name ssh_key_secrets ssh_host_fingerprints skip_cloning cookiefile_secret
            oauth_token_secret github_api_endpoints github_app_id github_app_private_key_secret censor_secrets
            upload_ignores_interrupts set_limit_equals_memory_request default_memory_request pod_pending_timeout
            pod_running_timeout pod_unscheduled_timeout run_as_user run_as_group fs_group blobless_fetch
            sparse_checkout_files);
        config
    })
}

fn images(mut config: UtilityImages, default: UtilityImages) -> UtilityImages {
    default_for!(config, default: clonerefs initupload entrypoint sidecar);
    config
}

fn resources(mut config: Resources, default: Resources) -> Resources {
    default_for!(config, default: clonerefs initupload place_entrypoint sidecar);
    config
}

fn storage(mut config: GCSConfiguration, default: GCSConfiguration) -> GCSConfiguration {
    // Of media types the default's count, unlike everything else.
    config.media_types.extend(default.media_types);
    default_for!(config, default: bucket path_prefix path_strategy default_org default_repo job_url_prefix
        local_output_dir compress_file_types);
    config
}

fn censoring(mut config: CensoringOptions, default: CensoringOptions) -> CensoringOptions {
    default_for!(config, default: censoring_concurrency censoring_buffer_size include_directories exclude_directories
        minimum_secret_length);
    config
}

fn scheduling(mut config: SchedulingOptions, default: SchedulingOptions) -> SchedulingOptions {
    default_for!(config, default: affinity tolerations);
    config
}
