//! Where results are reported: statuses and comments on GitHub, messages on Slack.

use crate::model::decoration::SlackReporterConfig;
use crate::record;

record! {
    /// How results are reported on GitHub.
    pub struct GitHubReporter {
        /// The kinds of jobs that are reported, `presubmit` and `postsubmit`; both unless set.
        pub job_types_to_report: Vec<String> => "job_types_to_report" omit,
        /// Organisations and repositories that get statuses but no comments.
        pub no_comment_repos: Vec<String> => "no_comment_repos" omit,
        /// Organisations and repositories that get one comment when all jobs are done.
        pub summary_comment_repos: Vec<String> => "summary_comment_repos" omit,
    }

    /// How results of an organisation or repository are reported on Slack.
    pub struct SlackReporter {
        /// The kinds of jobs that are reported.
        pub job_types_to_report: Vec<String> => "job_types_to_report" omit,
        /// What is reported where; a job may say otherwise.
        pub slack: SlackReporterConfig => embed,
    }
}
