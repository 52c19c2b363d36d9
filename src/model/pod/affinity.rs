//! Which nodes a pod may run on.

use crate::model::meta::LabelSelector;
use crate::record;

record! {
    /// Rules about nodes and other pods.
    pub struct Affinity {
        /// Rules about the nodes that the pod may run on.
        pub node_affinity: Option<Box<NodeAffinity>> => "nodeAffinity" omit,
        /// Rules about pods that it wants to be near.
        pub pod_affinity: Option<Box<PodAffinity>> => "podAffinity" omit,
        /// Rules about pods that it wants to be away from.
        pub pod_anti_affinity: Option<Box<PodAntiAffinity>> => "podAntiAffinity" omit,
    }

    /// Rules about nodes.
    pub struct NodeAffinity {
        /// What a node must meet for the pod to be placed there; later changes of the node do not matter.
        pub required_during_scheduling_ignored_during_execution: Option<Box<NodeSelector>> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        /// What counts for a node when there is a choice, each with a weight.
        pub preferred_during_scheduling_ignored_during_execution: Vec<PreferredSchedulingTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    /// Rules about being near other pods.
    pub struct PodAffinity {
        /// Pods that must be near for the pod to be placed.
        pub required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        /// Pods that count for a node when they are near, each with a weight.
        pub preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    /// Rules about being apart from other pods.
    pub struct PodAntiAffinity {
        /// Pods that must not be near for the pod to be placed.
        pub required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        /// Pods that count against a node when they are near, each with a weight.
        pub preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    /// Alternatives of which a node must meet one.
    pub struct NodeSelector {
        /// The alternatives; a node that meets one of them will do.
        pub node_selector_terms: Option<Vec<NodeSelectorTerm>> => "nodeSelectorTerms" keep,
    }

    /// Requirements that a node must meet together.
    pub struct NodeSelectorTerm {
        /// Requirements on the node's labels.
        pub match_expressions: Vec<NodeSelectorRequirement> => "matchExpressions" omit,
        /// Requirements on the node's fields, such as `metadata.name`.
        pub match_fields: Vec<NodeSelectorRequirement> => "matchFields" omit,
    }

    /// A requirement on a label or field of a node.
    pub struct NodeSelectorRequirement {
        /// The label or field.
        pub key: String => "key" keep,
        /// How it is compared with the values.
        pub operator: String => "operator" keep,
        /// What it is compared with; none for `Exists` and `DoesNotExist`, one number for `Gt` and `Lt`.
        pub values: Vec<String> => "values" omit,
    }

    /// A preference for nodes and its weight.
    pub struct PreferredSchedulingTerm {
        /// How much it counts, from 1 to 100.
        pub weight: i32 => "weight" keep,
        /// What the node should meet.
        pub preference: NodeSelectorTerm => "preference" keep,
    }

    /// Which pods, and what counts as near.
    pub struct PodAffinityTerm {
        /// The pods, by their labels.
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        /// The namespaces that the pods are in; the pod's own when not given.
        pub namespaces: Vec<String> => "namespaces" omit,
        /// The label of nodes whose equal values make nodes near to each other, such as a host name or a zone.
        pub topology_key: String => "topologyKey" keep,
        /// Further namespaces that the pods are in, by their labels.
        pub namespace_selector: Option<Box<LabelSelector>> => "namespaceSelector" omit,
        /// Labels in which the pods must be equal to this one.
        pub match_label_keys: Vec<String> => "matchLabelKeys" omit,
        /// Labels in which the pods must differ from this one.
        pub mismatch_label_keys: Vec<String> => "mismatchLabelKeys" omit,
    }

    /// A preference about other pods and its weight.
    pub struct WeightedPodAffinityTerm {
        /// How much it counts, from 1 to 100.
        pub weight: i32 => "weight" keep,
        /// Which pods, and what counts as near.
        pub pod_affinity_term: PodAffinityTerm => "podAffinityTerm" keep,
    }

    /// A taint of nodes that does not matter.
    pub struct Toleration {
        /// The taint's key; all keys when not given.
        pub key: String => "key" omit,
        /// Whether the taint's value must be equal or only be there; `Equal` when not given.
        pub operator: String => "operator" omit,
        /// The taint's value, where it must be equal.
        pub value: String => "value" omit,
        /// The taint's effect; all effects when not given.
        pub effect: String => "effect" omit,
        /// How long the pod stays on a node that gets a `NoExecute` taint; for ever when not given.
        pub toleration_seconds: Option<i64> => "tolerationSeconds" omit,
    }

    /// How evenly pods are spread.
    pub struct TopologySpreadConstraint {
        /// By how many pods two places may differ.
        pub max_skew: i32 => "maxSkew" keep,
        /// The label of nodes whose values are the places.
        pub topology_key: String => "topologyKey" keep,
        /// Whether the pod waits or is placed all the same when it cannot be met.
        pub when_unsatisfiable: String => "whenUnsatisfiable" keep,
        /// The pods that are counted.
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        /// How many places there must be at least for them to be compared.
        pub min_domains: Option<i32> => "minDomains" omit,
        /// Whether nodes that the pod's affinity excludes are left out (`Honor`) or counted (`Ignore`).
        pub node_affinity_policy: Option<String> => "nodeAffinityPolicy" omit,
        /// Whether nodes with taints are left out (`Honor`) or counted (`Ignore`).
        pub node_taints_policy: Option<String> => "nodeTaintsPolicy" omit,
        /// Labels in which counted pods must be equal to this one.
        pub match_label_keys: Vec<String> => "matchLabelKeys" omit,
    }
}
