//! An existing job file, read no further than needed.
//!
//! Most jobs in a release repository were generated and are about to be generated again: of those only what
//! [`Facts`] holds is decoded. A job that stays is decoded whole by [`WholeJobs`], and only then.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::generate::merge::{ExistingFile, ExistingJob, Facts, Origin, Recover};
use crate::generate::names::{GENERATOR, GENERATOR_LABEL};
use crate::model::decoration::ReporterConfig;
use crate::model::job::{Periodic, Postsubmit, Presubmit};
use crate::record;
use crate::yaml::codec::{Decode, Problem, Reader, Strictness, read, read_node};
use crate::yaml::locate;
use crate::yaml::parse::parse;
use crate::yaml::tree::{Node, Tree};

/// The text of a job file with the name that findings give it.
#[derive(Debug)]
pub struct JobText {
    /// Path below the directory of job files.
    pub relative: String,
    /// See the type.
    pub shown: String,
    /// The content.
    pub text: String,
}

impl JobText {
    /// The file's tree.
    pub fn parse(&self) -> Result<Tree<'_>, Diagnostic> {
        parse(&self.text).map_err(|error| locate::syntax_finding(error, &self.shown, &self.text))
    }

    /// Decoding problems as findings.
    pub fn findings(&self, problems: Vec<Problem>) -> Vec<Diagnostic> {
        problems.into_iter().map(|problem| locate::type_finding(problem, &self.shown, &self.text)).collect()
    }
}

record! {
    /// The jobs of a file without what is in them.
    pub struct Outline {
        /// Jobs on pull requests.
        pub presubmits: BTreeMap<String, Vec<JobOutline>> => "presubmits" omit,
        /// Jobs on merges.
        pub postsubmits: BTreeMap<String, Vec<JobOutline>> => "postsubmits" omit,
        /// Jobs by the clock.
        pub periodics: Vec<JobOutline> => "periodics" omit,
    }

    /// The fields of a job that merging looks at.
    pub struct MergeFields {
        /// See [`Facts`].
        pub name: String => "name" omit,
        /// Among them those that say who made the job.
        pub labels: BTreeMap<String, String> => "labels" omit,
        /// See [`Facts`].
        pub cluster: String => "cluster" omit,
        /// See [`Facts`].
        pub max_concurrency: i64 => "max_concurrency" omit,
        /// See [`Facts`].
        pub skip_report: bool => "skip_report" omit,
        /// See [`Facts`].
        pub reporter_config: Option<ReporterConfig> => "reporter_config" omit,
    }
}

/// One job: the fields that merging looks at, and where the rest is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobOutline {
    fields: MergeFields,
    node: u32,
}

impl Decode for JobOutline {
    fn decode<'a, 't>(&mut self, node: Node<'a, 't>, reader: &mut Reader<'a, 't>) {
        self.node = node.index();
        self.fields.decode(node, reader);
    }
}

impl crate::yaml::codec::Encode for JobOutline {
    /// An outline is never written; `record!` asks for both directions.
    fn encode(&self, out: &mut crate::yaml::emit::Emitter) {
        out.null();
    }
}

impl JobOutline {
    fn into_existing<'a>(self, tree: &'a Tree<'a>) -> Option<ExistingJob<'a, Node<'a, 'a>>> {
        let label = |key: &str| self.fields.labels.get(key).map(String::as_str);
        let origin = Origin::of(label(GENERATOR_LABEL), label(GENERATOR));
        let MergeFields { name, cluster, max_concurrency, skip_report, reporter_config, .. } = self.fields;
        let facts = Facts {
            name: name.into(),
            origin,
            cluster: cluster.into(),
            max_concurrency,
            skip_report,
            reporter: reporter_config.map(Box::new),
        };
        Some(ExistingJob { facts, job: tree.node(self.node)? })
    }
}

/// The jobs of a file as merging wants them.
pub fn outline<'a>(path: &str, tree: &'a Tree<'a>) -> Result<ExistingFile<'a, Node<'a, 'a>>, Vec<Problem>> {
    let outline: Outline = read(tree, Strictness::Outline)?;
    let list = |jobs: Vec<JobOutline>| jobs.into_iter().filter_map(|job| job.into_existing(tree)).collect();
    let by_repo =
        |jobs: BTreeMap<String, Vec<JobOutline>>| jobs.into_iter().map(|(repo, jobs)| (repo, list(jobs))).collect();
    Ok(ExistingFile {
        path: path.to_owned(),
        presubmits: by_repo(outline.presubmits),
        postsubmits: by_repo(outline.postsubmits),
        periodics: list(outline.periodics),
    })
}

/// Decodes the jobs that stay.
pub struct WholeJobs;

impl Recover<Node<'_, '_>> for WholeJobs {
    type Error = Vec<Problem>;

    fn presubmit(&mut self, job: Node<'_, '_>) -> Result<Presubmit, Self::Error> {
        read_node(job, Strictness::Lenient)
    }

    fn postsubmit(&mut self, job: Node<'_, '_>) -> Result<Postsubmit, Self::Error> {
        read_node(job, Strictness::Lenient)
    }

    fn periodic(&mut self, job: Node<'_, '_>) -> Result<Periodic, Self::Error> {
        read_node(job, Strictness::Lenient)
    }
}
