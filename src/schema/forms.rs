//! Texts with a form that has a name: what they match and what to say when they do not.
//!
//! The patterns are of the kind that JavaScript and Rust read alike, look-ahead included, and anchored.

use crate::yaml::describe::TextForm;

macro_rules! forms {
    ($($(#[doc = $doc:literal])* $name:ident = $title:literal, $pattern:expr, $hint:literal, [$($example:literal),*];)*) => {$(
        $(#[doc = $doc])*
        pub static $name: TextForm = TextForm {
            name: $title,
            doc: concat!($($doc),*),
            pattern: $pattern,
            hint: $hint,
            also: &[],
            examples: &[$($example),*],
        };
    )*};
}

macro_rules! label {
    () => {
        "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    };
}

macro_rules! object_name {
    () => {
        concat!(label!(), "(\\.", label!(), ")*")
    };
}

/// A part of a regular expression: a character, an escape or a class.
macro_rules! item {
    () => {
        "[^\\\\\\[]|\\\\[\\s\\S]|\\[\\^?\\]?([^\\]\\\\]|\\\\[\\s\\S])*\\]"
    };
}

forms! {
    /// The name of a test.
    TEST_NAME = "Test name",
        concat!("^(?!images$)(?!ci-index)(?!.*-[0-9]+of[0-9]+$)", object_name!(), "$"),
        "A test's name is made of lower case letters, digits, dashes and dots, begins and ends with a letter or digit, \
         is not `images`, does not begin with `ci-index` and does not end like a shard (`-1of2`).",
        ["unit", "e2e-aws"];
    /// The name of a Kubernetes object.
    OBJECT_NAME = "Object name",
        concat!("^", object_name!(), "$"),
        "A name is made of lower case letters, digits, dashes and dots, and begins and ends with a letter or digit.",
        [];
    /// An image, by its tag in the pipeline or as `stream:tag`.
    IMAGE = "Image",
        concat!("^", object_name!(), "(:", object_name!(), ")?$"),
        "An image is named by its tag in the pipeline, such as `src`, or as `stream:tag`, such as `stable:cli`.",
        ["src", "bin", "cli"];
    /// An image that a step depends on.
    DEPENDENCY = "Dependency",
        "^[^:]+(:[^:]*)?$",
        "A dependency is named by its tag in the pipeline, such as `src`, or as `stream:tag`, such as `release:latest`.",
        ["release:latest", "release:initial"];
    /// The key of a base image.
    BASE_IMAGE_NAME = "Base image name",
        "^(?!root$)(?!src-bundle$)(?!ci-bundle)(?!ci-index)",
        "An imported image cannot be called `root` or `src-bundle`, and its name cannot begin with `ci-bundle` or \
         `ci-index`.",
        [];
    /// The name of a release.
    RELEASE_NAME = "Release name",
        "^[^.]*$",
        "A release's name becomes part of the name of an image stream and has no dots.",
        [];
    /// A minor version, perhaps with more around it.
    MINOR_VERSION = "Minor version",
        "[0-9]\\.[0-9]+",
        "A version is at least major and minor version, such as \"4.20\" (in quotes, or it is a number).",
        ["4.20"];
    /// A namespace that images may be promoted to.
    PROMOTION_NAMESPACE = "Promotion namespace",
        "^(?!kube)(?!redhat)(?!default$)(?!openshift.).",
        "Images are not promoted to `default` or to namespaces that begin with `kube`, `openshift` or `redhat`.",
        ["ocp", "ci"];
    /// The value of a label.
    LABEL_VALUE = "Label value",
        "^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
        "It becomes the value of a label: at most 63 letters, digits, dashes, underscores and dots, with a letter or \
         digit at both ends.",
        [];
    /// A path that begins at the root.
    ABSOLUTE_PATH = "Absolute path",
        "^/",
        "The path has to begin with a slash.",
        [];
    /// A path that begins at the root, or nothing.
    MOUNT_PATH = "Mount path",
        "^(/|$)",
        "The path has to begin with a slash.",
        [];
    /// A secret manager's collection.
    COLLECTION = "Collection",
        "^((?!_)(?!.*__)[-a-z0-9_]{0,49}[a-z0-9])?$",
        "A collection's name is at most 50 lower case letters, digits, dashes and single underscores, with a letter or \
         digit at its end.",
        [];
    /// A group within a collection.
    GROUP = "Group",
        "^((--dot--)?(?!.*__)[A-Za-z0-9]([-A-Za-z0-9_]*[A-Za-z0-9])?(/[A-Za-z0-9]([-A-Za-z0-9_]*[A-Za-z0-9])?)*)?$",
        "A group's name is made of letters, digits, dashes and single underscores, in one or more levels with slashes \
         between.",
        [];
    /// A schedule.
    CRON = "Schedule",
        CRON_PATTERN,
        "A schedule is five fields (minute, hour, day, month, weekday), such as `0 6 * * 1-5`, or a word: @hourly, @daily, \
         @weekly, @monthly, @yearly, or `@every 6h`.",
        ["0 6 * * *", "@daily"];
    /// A span of time that is kept as written.
    SPAN = "Span",
        "^[-+]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$",
        "A span of time is numbers with units, such as 30m, 24h or 1h30m.",
        ["24h", "6h"];
    /// An amount above zero.
    AMOUNT = "Amount",
        "^(?=.*[1-9])\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$",
        "An amount is a number above zero with or without a suffix, such as 2, 100m, 1.5Gi or 500M.",
        ["100m", "1", "500Mi", "4Gi"];
    /// A size.
    SIZE = "Size",
        "^[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$",
        "A size is a number with or without a suffix, such as 500Mi or 4Gi.",
        ["500Mi", "4Gi"];
    /// A number of devices.
    ONE = "One", "^1$", "Exactly one can be had: \"1\".", ["1"];
    /// A build cluster.
    CLUSTER = "Cluster",
        "^(|app\\.ci|arm01|vsphere02|.*build[0-9][0-9].*)$",
        "The build clusters are called app.ci, arm01, vsphere02 and buildNN.",
        ["build01", "build02"];
    /// The name of a test made of steps.
    NO_DOT = "Test name without dots",
        "^[^.]*$",
        "The name of a test made of steps has no dots.",
        [];
    /// Commands that do not mention the shell's trap.
    NO_TRAP = "Commands without trap",
        "^(?![\\s\\S]*(^|[^A-Za-z0-9_])trap)",
        "Commands with `trap` need a grace_period, or the pod is killed before the trap has done its work.",
        [];
    /// A job's timeout.
    JOB_TIMEOUT = "Job timeout",
        "^(?!0*([1-9][0-9]{2,}|[89][0-9]|7[3-9])h)",
        "A job may take three days (72h) at most.",
        [];
    /// An amount of shared memory.
    SHARED_MEMORY = "Shared memory",
        "^(?!([3-9]|[1-9][0-9]+|2\\.0*[1-9])[0-9.]*G$)(?!([2-9]|[1-9][0-9]+)[0-9.]*Gi$)\
         (?=.*[1-9])\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$",
        "Shared memory is an amount of 2G at most, such as 500M or 1Gi.",
        ["1G", "500M"];
    /// The name of a file that a secret's field becomes.
    FILE_NAME = "File name",
        "^(?!\\.\\.$)[-A-Za-z0-9._]*$",
        "It becomes the name of a file: letters, digits, dashes, dots and underscores.",
        [];
    /// A key of a label that a claim's fields do not fill.
    CLAIM_LABEL = "Claim label",
        "^(?!(architecture|cloud|owner|product|version)$)",
        "These labels are made from the claim's fields: architecture, cloud, owner, product, version.",
        [];
    /// The script of a step of the registry.
    SCRIPT = "Script",
        "-commands(\\.[^./]*)?$",
        "The script has the name of its directory, then `-commands`, then an extension: ipi-install-commands.sh.",
        [];
    /// The name of a job.
    JOB_NAME = "Job name",
        "^[-A-Za-z0-9._]+$",
        "A job's name is made of letters, digits, dashes, dots and underscores.",
        [];
    /// A repository with its organisation.
    ORG_REPO = "Organisation and repository",
        "^[^/\\s]+(/[^/\\s]+)?$",
        "A repository is named as `org/repo`.",
        ["openshift/release"];
    /// A repository, with its organisation.
    REPO = "Repository",
        "^[^/\\s]+/[^/\\s]+$",
        "A repository is named as `org/repo`.",
        ["openshift/release"];
    /// A name without organisation, or of an organisation.
    NO_SLASH = "Name without slash",
        "^[^/]*$",
        "The name of an organisation, or of a repository without its organisation, has no slash.",
        [];
    /// An organisation.
    ORG = "Organisation",
        "^[^/]+$",
        "An organisation's name has no slash; repositories stand under `repos`.",
        ["openshift"];
    /// A number that is written as text.
    DIGITS = "Number as text",
        "^[0-9]+$",
        "A number, in quotes.",
        ["123456789"];
    /// A regular expression. Items are single characters, escapes and classes.
    EXPRESSION = "Regular expression",
        concat!("^(?![*+?])(?!(", item!(), ")*\\(\\?(=|!|<=|<!))(", item!(), ")*$"),
        "A regular expression of Go: without look-around, classes closed, nothing repeated at its start, no backslash \
         at its end.",
        ["^release-.*$"];
}

/// A field of a schedule: items between commas, each a star, a number or a range, perhaps with a step.
macro_rules! clock_field {
    ($number:expr) => {
        concat!(
            "(\\*|\\?|(",
            $number,
            ")(-(",
            $number,
            "))?)(/0*[1-9][0-9]*)?",
            "(,(\\*|\\?|(",
            $number,
            ")(-(",
            $number,
            "))?)(/0*[1-9][0-9]*)?)*"
        )
    };
}

/// Numbers within their bounds, names of months and days, seconds as a sixth field in front.
const CRON_PATTERN: &str = concat!(
    "^(TZ=\\S* +)?\\s*(",
    "@(yearly|annually|monthly|weekly|daily|midnight|hourly)",
    "|@every [-+]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)",
    "|(",
    clock_field!("0*[0-5]?[0-9]"),
    "\\s+)?",
    clock_field!("0*[0-5]?[0-9]"),
    "\\s+",
    clock_field!("0*(1?[0-9]|2[0-3])"),
    "\\s+",
    clock_field!("0*([1-9]|[12][0-9]|3[01])"),
    "\\s+",
    clock_field!(
        "0*([1-9]|1[0-2])|[Jj][Aa][Nn]|[Ff][Ee][Bb]|[Mm][Aa][Rr]|[Aa][Pp][Rr]|[Mm][Aa][Yy]|[Jj][Uu][Nn]|[Jj][Uu][Ll]|[Aa][Uu][Gg]|[Ss][Ee][Pp]|[Oo][Cc][Tt]|[Nn][Oo][Vv]|[Dd][Ee][Cc]"
    ),
    "\\s+",
    clock_field!("0*[0-6]|[Ss][Uu][Nn]|[Mm][Oo][Nn]|[Tt][Uu][Ee]|[Ww][Ee][Dd]|[Tt][Hh][Uu]|[Ff][Rr][Ii]|[Ss][Aa][Tt]"),
    ")\\s*$"
);
