//! Rules for pods and other Kubernetes objects in job files. Prow leaves most of this to the build cluster; an editor
//! can say it earlier.

use super::rules::Constraint::{AtLeast, Choice};
use super::rules::Rules;

/// Adds the rules.
pub fn add(rules: &mut Rules) {
    rules
        .of("pod.PodSpec")
        .require(&["containers"])
        .field("restartPolicy", Choice(&[("Always", ""), ("OnFailure", ""), ("Never", "")]))
        .field(
            "dnsPolicy",
            Choice(&[("ClusterFirst", ""), ("ClusterFirstWithHostNet", ""), ("Default", ""), ("None", "")]),
        )
        .field("terminationGracePeriodSeconds", AtLeast(0))
        .field("activeDeadlineSeconds", AtLeast(1));
    for container in ["pod.Container", "pod.EphemeralContainerCommon"] {
        rules
            .of(container)
            .field("imagePullPolicy", Choice(&[("Always", ""), ("IfNotPresent", ""), ("Never", "")]))
            .field("terminationMessagePolicy", Choice(&[("File", ""), ("FallbackToLogsOnError", "")]));
    }
    rules.of("pod.ContainerPort").field("protocol", Choice(&[("TCP", ""), ("UDP", ""), ("SCTP", "")]));
    rules
        .of("pod.EnvVar")
        .require(&["name"])
        .also_spelt("name", "NAME")
        .at_most_one(&["value", "valueFrom"], "A variable has either a value or something that it is taken from.");
    rules.of("pod.VolumeMount").require(&["name", "mountPath"]);
    rules.of("pod.Volume").require(&["name"]);
    rules
        .of("pod.Toleration")
        .field("operator", Choice(&[("Exists", ""), ("Equal", "")]))
        .field("effect", Choice(&[("NoSchedule", ""), ("PreferNoSchedule", ""), ("NoExecute", "")]));
    rules.of("pod.NodeSelectorRequirement").require(&["key", "operator"]).field(
        "operator",
        Choice(&[("In", ""), ("NotIn", ""), ("Exists", ""), ("DoesNotExist", ""), ("Gt", ""), ("Lt", "")]),
    );
    rules
        .of("meta.LabelSelectorRequirement")
        .require(&["key", "operator"])
        .field("operator", Choice(&[("In", ""), ("NotIn", ""), ("Exists", ""), ("DoesNotExist", "")]));
}
