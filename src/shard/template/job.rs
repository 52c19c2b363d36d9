//! A job with nothing set, as far as templates can see it.

use super::run::Value;

/// A struct of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The job.
    Job,
    /// Its kind and API version.
    TypeMeta,
    /// Its name, labels and the like.
    ObjectMeta,
    /// What is to be done.
    Spec,
    /// What became of it.
    Status,
    /// A point in time.
    Time,
}

const META_TEXTS: &[&str] = &["Name", "GenerateName", "Namespace", "SelfLink", "UID", "ResourceVersion"];
const SPEC_TEXTS: &[&str] =
    &["Type", "Agent", "Cluster", "Namespace", "Job", "Context", "RerunCommand", "JobQueueName"];
const SPEC_POINTERS: &[&str] = &[
    "Refs",
    "PodSpec",
    "JenkinsSpec",
    "PipelineRunSpec",
    "TektonPipelineRunSpec",
    "DecorationConfig",
    "ReporterConfig",
    "RerunAuthConfig",
    "ProwJobDefault",
];
const STATUS_TEXTS: &[&str] = &["State", "Description", "URL", "PodName", "BuildID", "JenkinsBuildID"];

impl Part {
    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "ProwJob",
            Self::TypeMeta => "TypeMeta",
            Self::ObjectMeta => "ObjectMeta",
            Self::Spec => "ProwJobSpec",
            Self::Status => "ProwJobStatus",
            Self::Time => "Time",
        }
    }

    /// The value of a field.
    pub fn field(self, name: &str) -> Option<Value> {
        let text = || Some(Value::Text(String::new()));
        match (self, name) {
            (Self::Job, "TypeMeta") => Some(Value::Part(Self::TypeMeta)),
            (Self::Job, "ObjectMeta") => Some(Value::Part(Self::ObjectMeta)),
            (Self::Job, "Spec") => Some(Value::Part(Self::Spec)),
            (Self::Job, "Status") => Some(Value::Part(Self::Status)),
            (Self::Job | Self::TypeMeta, "Kind" | "APIVersion") => text(),
            (Self::Job | Self::ObjectMeta, name) if META_TEXTS.contains(&name) => text(),
            (Self::Job | Self::ObjectMeta, "Generation") => Some(Value::Number(0.0, true)),
            (Self::Job | Self::ObjectMeta, "CreationTimestamp") => Some(Value::Part(Self::Time)),
            (Self::Job | Self::ObjectMeta, "DeletionTimestamp" | "DeletionGracePeriodSeconds") => Some(Value::Pointer),
            (Self::Job | Self::ObjectMeta, "Labels" | "Annotations") => Some(Value::Map),
            (Self::Job | Self::ObjectMeta, "OwnerReferences" | "Finalizers" | "ManagedFields") => Some(Value::List),
            (Self::Spec, name) if SPEC_TEXTS.contains(&name) => text(),
            (Self::Spec, name) if SPEC_POINTERS.contains(&name) => Some(Value::Pointer),
            (Self::Spec, "ExtraRefs") => Some(Value::List),
            (Self::Spec, "Report" | "ErrorOnEviction" | "Hidden") => Some(Value::Bool(false)),
            (Self::Spec, "MaxConcurrency") => Some(Value::Number(0.0, true)),
            (Self::Status, name) if STATUS_TEXTS.contains(&name) => text(),
            (Self::Status, "StartTime") => Some(Value::Part(Self::Time)),
            (Self::Status, "PendingTime" | "CompletionTime") => Some(Value::Pointer),
            (Self::Status, "PodRevivalCount") => Some(Value::Number(0.0, true)),
            (Self::Status, "PrevReportStates") => Some(Value::Map),
            (Self::Time, "Time") => Some(Value::Part(Self::Time)),
            _ => None,
        }
    }

    /// A method of this name: how many arguments it takes, and what it gives as far as it is looked into.
    pub fn method(self, name: &str) -> Option<(usize, Value)> {
        if !self.has_method(name) {
            return None;
        }
        let arguments = match (self, name) {
            (Self::Time, "AddDate") => 3,
            (
                Self::Time,
                "Add" | "After" | "Before" | "Compare" | "Equal" | "Format" | "In" | "Round" | "Sub" | "Truncate",
            ) => 1,
            _ => 0,
        };
        let value = match name {
            "Complete" | "HasPipelineRunSpec" | "IsDST" => Value::Bool(false),
            "IsZero" => Value::Bool(true),
            _ => Value::Unknown,
        };
        Some((arguments, value))
    }

    fn has_method(self, name: &str) -> bool {
        let of_meta = |name: &str| {
            let getters = ["Annotations", "CreationTimestamp", "DeletionGracePeriodSeconds", "DeletionTimestamp"];
            let more = ["Finalizers", "Generation", "Labels", "ManagedFields", "OwnerReferences", "ObjectMeta"];
            let got = name.strip_prefix("Get").unwrap_or_default();
            getters.contains(&got) || more.contains(&got) || META_TEXTS.contains(&got)
        };
        match self {
            Self::Job => {
                let own =
                    ["ClusterAlias", "Complete", "DeepCopy", "DeepCopyObject", "GetObjectKind", "GroupVersionKind"];
                own.contains(&name) || of_meta(name)
            }
            Self::ObjectMeta => of_meta(name) || matches!(name, "DeepCopy" | "Size" | "String"),
            Self::TypeMeta => matches!(name, "GetObjectKind" | "GroupVersionKind" | "Size" | "String"),
            Self::Spec => matches!(name, "DeepCopy" | "HasPipelineRunSpec"),
            Self::Status => name == "DeepCopy",
            Self::Time => {
                let numbers = ["Day", "Hour", "Minute", "Month", "Nanosecond", "Second", "Weekday", "Year", "YearDay"];
                let unix = ["Unix", "UnixMicro", "UnixMilli", "UnixNano"];
                let made = ["Add", "AddDate", "In", "Local", "Round", "Rfc3339Copy", "Sub", "Truncate", "UTC"];
                let asked = ["After", "Before", "Compare", "Equal", "IsDST", "IsZero"];
                let texts = ["Format", "GoString", "Location", "String", "ToUnstructured", "DeepCopy", "Size"];
                [&numbers[..], &unix, &made, &asked, &texts].concat().contains(&name)
            }
        }
    }
}
