//! What a run says about clusters: where their kubeconfigs are, and how patient and how polite to be.

use std::path::PathBuf;
use std::time::Duration;

/// Where clusters are found and how they are spoken to. The first five fields are Prow's flags of the same names.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A kubeconfig file. Without it and [`Settings::kubeconfig_dir`] the files of `KUBECONFIG` count, or `~/.kube/config`.
    pub kubeconfig: Option<PathBuf>,
    /// A directory of kubeconfig files, read in the order of their names.
    pub kubeconfig_dir: Option<PathBuf>,
    /// How names of files in that directory end; others are passed over.
    pub kubeconfig_suffix: String,
    /// A file with the token for the cluster that the program runs in, in place of the service account's.
    pub projected_token_file: Option<PathBuf>,
    /// Whether there is no `default` cluster but a context of that name.
    pub no_in_cluster_config: bool,
    /// Where a pod finds its service account: `token` and `ca.crt`.
    pub service_account: PathBuf,
    /// How long one request may take, answer included.
    pub request_timeout: Duration,
    /// How long one operation may take with all its retries. A request that is under way is not cut short by it.
    pub timeout: Duration,
    /// The most requests in flight to one cluster.
    pub per_cluster: usize,
    /// The most requests in flight to all clusters.
    pub overall: usize,
    /// What requests say they come from.
    pub user_agent: String,
    /// Whose write a create, replace or patch is; an apply names its manager itself.
    pub field_manager: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kubeconfig: None,
            kubeconfig_dir: None,
            kubeconfig_suffix: String::new(),
            projected_token_file: None,
            no_in_cluster_config: false,
            service_account: PathBuf::from("/var/run/secrets/kubernetes.io/serviceaccount"),
            request_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(120),
            per_cluster: 4,
            overall: 16,
            user_agent: concat!("cutwater/", env!("CARGO_PKG_VERSION")).to_owned(),
            field_manager: "cutwater".to_owned(),
        }
    }
}
