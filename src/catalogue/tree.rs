//! Rules about files and trees as a whole, whose checks are in `run`: it stands above, and only it knows which files there
//! are. Each is named where it is reported.

use crate::diagnostic::rule::rules;

rules! {
    MISPLACED_CONFIG = "misplaced-config",
        "a config's path names no organisation and repository",
        "Organisation, repository, branch and variant are taken from the path, so nothing is made of this config.",
        "move it to ORG/REPO/ORG-REPO-BRANCH.yaml below the directory of configs";
    SAME_CONFIG = "same-config",
        "two files are the config of the same branch and variant",
        "Both make the same jobs, and which of them counts is left to chance.",
        "remove one of them";
    UNKNOWN_JOB_FILE = warning "unknown-job-file",
        "a job file's name does not say whose jobs are in it",
        "Generated jobs are never merged into it, and stale ones in it are never removed.",
        "name it ORG-REPO-BRANCH-presubmits.yaml, -postsubmits.yaml or -periodics.yaml";
    BLANK_JOB_FILE = warning "blank-job-file",
        "a job file says nothing",
        "It is read with every run and does nothing.",
        "remove it";
    DIRECTORY_FOR_FILE = "directory-for-job-file",
        "a directory has the name of a job file",
        "The jobs that belong into the file cannot be written, and no tool looks for jobs in its place.",
        "remove or rename the directory, and run `cutwater jobs`";
    UNPLACEABLE_JOB = "unplaceable-job",
        "a job that was generated or kept has no build cluster that it could run on",
        "The job file that it belongs to is not written.",
        "ask for capabilities that one cluster of _clusters.yaml has together, and let one entry of _config.yaml claim the file";
    MISSING_DISPATCHER = "missing-dispatcher-file",
        "a file that says which jobs run on which build cluster is missing",
        "No job can be given a cluster, so no job file is written, nor compared with what its configs give.",
        "restore the file from git, or add it: _clusters.yaml lists the clusters, _config.yaml says what runs where";
    LINKED_DIRECTORY = "linked-directory",
        "a directory is a symbolic link",
        "It is not entered, and jobs whose config is not seen are removed as stale.",
        "put the directory itself here";
    MISSING_OWNERS = warning "missing-owners",
        "a repository has jobs and no OWNERS",
        "Changes of its jobs wait for the approval of people who do not know them.",
        "add an OWNERS file beside its configs";
    OWNERLESS_REGISTRY_FILE = warning "ownerless-registry-file",
        "a file of the step registry has no OWNERS beside it",
        "Its metadata name its owners, so it has none, and nobody is asked about changes of it.",
        "add one: every part of the step registry has owners";
    UNSETTLED = "unsettled-configuration",
        "Prow's configuration would change again, or be refused, once it is in canonical form",
        "The reference writes it all the same, and what it says then counts twice, or not at all.",
        "move what a file says about an organisation or repository into the file of that, and replace deprecated fields";
    MISSING_MAIN = "missing-main-file",
        "there are supplemental files of a configuration whose main file is missing",
        "Nothing reads them.",
        "add the main file, be it with nothing in it but {}";
    UNFORMED_FILE = "unformed-file",
        "a file is not what tools write in its place",
        "The next run of `cutwater update` changes it, in somebody else's change.",
        "run `cutwater update`";
    INTERNAL_ERROR = "internal-error",
        "cutwater itself fails on a file",
        "Nothing is made of this file; others are not concerned.",
        "report it, with the text above and the files";
}
