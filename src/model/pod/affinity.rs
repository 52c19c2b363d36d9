//! Which nodes a pod may run on.

use crate::model::meta::LabelSelector;
use crate::record;

record! {
    /// Rules about nodes and other pods.
    pub struct Affinity {
        pub node_affinity: Option<Box<NodeAffinity>> => "nodeAffinity" omit,
        pub pod_affinity: Option<Box<PodAffinity>> => "podAffinity" omit,
        pub pod_anti_affinity: Option<Box<PodAntiAffinity>> => "podAntiAffinity" omit,
    }

    /// Rules about nodes.
    pub struct NodeAffinity {
        pub required_during_scheduling_ignored_during_execution: Option<Box<NodeSelector>> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        pub preferred_during_scheduling_ignored_during_execution: Vec<PreferredSchedulingTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    /// Rules about being near other pods.
    pub struct PodAffinity {
        pub required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        pub preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    /// Rules about being apart from other pods.
    pub struct PodAntiAffinity {
        pub required_during_scheduling_ignored_during_execution: Vec<PodAffinityTerm> => "requiredDuringSchedulingIgnoredDuringExecution" omit,
        pub preferred_during_scheduling_ignored_during_execution: Vec<WeightedPodAffinityTerm> => "preferredDuringSchedulingIgnoredDuringExecution" omit,
    }

    /// Alternatives of which a node must meet one.
    pub struct NodeSelector {
        pub node_selector_terms: Option<Vec<NodeSelectorTerm>> => "nodeSelectorTerms" keep,
    }

    /// Requirements that a node must meet together.
    pub struct NodeSelectorTerm {
        pub match_expressions: Vec<NodeSelectorRequirement> => "matchExpressions" omit,
        pub match_fields: Vec<NodeSelectorRequirement> => "matchFields" omit,
    }

    /// A requirement on a label or field of a node.
    pub struct NodeSelectorRequirement {
        pub key: String => "key" keep,
        pub operator: String => "operator" keep,
        pub values: Vec<String> => "values" omit,
    }

    /// A preference for nodes and its weight.
    pub struct PreferredSchedulingTerm {
        pub weight: i32 => "weight" keep,
        pub preference: NodeSelectorTerm => "preference" keep,
    }

    /// Which pods, and what counts as near.
    pub struct PodAffinityTerm {
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        pub namespaces: Vec<String> => "namespaces" omit,
        pub topology_key: String => "topologyKey" keep,
        pub namespace_selector: Option<Box<LabelSelector>> => "namespaceSelector" omit,
        pub match_label_keys: Vec<String> => "matchLabelKeys" omit,
        pub mismatch_label_keys: Vec<String> => "mismatchLabelKeys" omit,
    }

    /// A preference about other pods and its weight.
    pub struct WeightedPodAffinityTerm {
        pub weight: i32 => "weight" keep,
        pub pod_affinity_term: PodAffinityTerm => "podAffinityTerm" keep,
    }

    /// A taint of nodes that does not matter.
    pub struct Toleration {
        pub key: String => "key" omit,
        pub operator: String => "operator" omit,
        pub value: String => "value" omit,
        pub effect: String => "effect" omit,
        pub toleration_seconds: Option<i64> => "tolerationSeconds" omit,
    }

    /// How evenly pods are spread.
    pub struct TopologySpreadConstraint {
        pub max_skew: i32 => "maxSkew" keep,
        pub topology_key: String => "topologyKey" keep,
        pub when_unsatisfiable: String => "whenUnsatisfiable" keep,
        pub label_selector: Option<Box<LabelSelector>> => "labelSelector" omit,
        pub min_domains: Option<i32> => "minDomains" omit,
        pub node_affinity_policy: Option<String> => "nodeAffinityPolicy" omit,
        pub node_taints_policy: Option<String> => "nodeTaintsPolicy" omit,
        pub match_label_keys: Vec<String> => "matchLabelKeys" omit,
    }
}
