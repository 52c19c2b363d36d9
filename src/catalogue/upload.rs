//! Rules about uploads, whose checks are in `run`: only there files and servers come together. Each is named where it is
//! reported. What is wrong with `config_updater` and with files whoever uploads them has its rules in [`crate::updater`].

use crate::diagnostic::rule::rules;

rules! {
    NOT_NAMED = "config-map-that-no-entry-names",
        "a ConfigMap is asked for that no entry of config_updater names",
        "Nothing is uploaded, and it looks as if all were well.",
        "correct the name";
    NO_TARGETS = warning "entry-without-targets",
        "an entry of config_updater names no namespace in any cluster",
        "Its files go nowhere, and nobody is told.",
        "name a cluster and a namespace: `clusters: {NAME: [NAMESPACE]}`";
    ILLEGAL_NAME = warning "illegal-config-map-name",
        "an entry of config_updater names a ConfigMap as Kubernetes names none",
        "Kubernetes refuses the ConfigMap, so that none of its files is ever uploaded.",
        "use lower-case letters, digits, dashes and dots, with a letter or digit at both ends";
    TWO_SOURCES = warning "file-in-two-sources",
        "two source directories have a file of the same path that is uploaded",
        "Only one of them can be in the ConfigMap, and Prow takes the first without a word.",
        "remove one of them, or upload the directories apart";
    NOT_ADMITTED = warning "entry-for-other-repositories",
        "an entry of config_updater takes files and is not for their repository",
        "They are not uploaded from here; whatever else the ConfigMap holds stays.",
        "add the repository to allowed_repos, or upload with `cutwater upload apply`, which knows it";
    UNKNOWN_CLUSTER = "cluster-without-context",
        "an entry of config_updater names a cluster that no kubeconfig has as context",
        "Its files would not be uploaded there, and the ConfigMap keeps its old content.",
        "add a context of that name, correct the name, or say --skip-unknown-clusters";
    EMPTIED = warning "emptied-config-map",
        "a ConfigMap would lose its last key",
        "Whatever reads it finds nothing any more; a glob that suddenly matches nothing is mostly a mistake.",
        "say --allow-empty when that is meant";
    ABANDONED = warning "abandoned-config-map",
        "config_updater no longer names a ConfigMap that was uploaded before",
        "It keeps the keys that were uploaded last, and whatever reads it goes on with them.",
        "say --allow-empty to have these keys removed, or delete the ConfigMap";
    UNCOMMITTED = warning "uncommitted-files",
        "files are uploaded that are not as the commit has them that is written with them",
        "`VERSION` and the records of the run name a commit that does not hold what was uploaded.",
        "commit them first, or put them back";
    LEFT_OUT = "files-left-out",
        "files that config_updater takes are left out of a sparse checkout",
        "They look as if they were removed, so that their keys would be removed from the ConfigMaps.",
        "get them with `git sparse-checkout add DIRECTORY`, or all files with `git sparse-checkout disable`";
    POD_AUTHORITY = warning "pod-without-authority",
        "the certificate authority of a pod's service account cannot be used",
        "Whom the system trusts counts instead, and that seldom knows the authority of the cluster.",
        "mount the file `ca.crt` beside the token, as Kubernetes does it by itself";
    WITHOUT_OWNERS = warning "saved-config-map-without-owners",
        "a saved ConfigMap does not say who wrote its keys",
        "Nothing tells which keys are ours: those that no file gives any more look like those of others, which stay.",
        "save it with `kubectl get configmap --show-managed-fields -o yaml`";
    STUCK = warning "no-order-of-writes",
        "keys move between ConfigMaps that have no room for them before others have left",
        "Some of them would be in no ConfigMap for a while, so nothing is written.",
        "move them in two commits, or pack the ConfigMaps";
}
