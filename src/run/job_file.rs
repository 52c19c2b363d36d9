//! An existing job file, read no further than needed.
//!
//! Most jobs in a release repository were generated and are about to be generated again: of those only what
//! [`Facts`] holds is decoded, and only that gets into the tree. A job that stays is decoded whole by [`WholeJobs`],
//! from a second tree, and only then.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::generate::labels::{GENERATOR, GENERATOR_LABEL};
use crate::generate::merge::{ExistingFile, ExistingJob, Facts, Origin, Recover};
use crate::model::decoration::ReporterConfig;
use crate::model::job::{JobConfig, Periodic, Postsubmit, Presubmit};
use crate::record;
use crate::yaml::codec::{Decode, Problem, Reader, Strictness, read, read_node};
use crate::yaml::locate;
use crate::yaml::parse::{Selection, parse, parse_selected};
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

    /// The file's tree with what [`outline`] looks at.
    pub fn parse_outline(&self) -> Result<Tree<'_>, Diagnostic> {
        parse_selected(&self.text, &OUTLINE).map_err(|error| locate::syntax_finding(error, &self.shown, &self.text))
    }

    /// As [`findings`](Self::findings), of a job that was decoded by itself: paths begin at the top of the file again.
    pub fn findings_of_whole(&self, of_job: Vec<Problem>) -> Vec<Diagnostic> {
        let whole = self.parse().ok().and_then(|tree| read::<JobConfig>(&tree, Strictness::Lenient).err());
        self.findings(whole.unwrap_or(of_job))
    }

    /// Decoding problems as findings.
    pub fn findings(&self, problems: Vec<Problem>) -> Vec<Diagnostic> {
        locate::type_findings(problems, &self.shown, &self.text)
    }
}

/// The keys of [`Outline`].
static OUTLINE: Selection = Selection::Keys(&[
    ("presubmits", Selection::Each(&Selection::Each(&MERGE_FIELDS))),
    ("postsubmits", Selection::Each(&Selection::Each(&MERGE_FIELDS))),
    ("periodics", Selection::Each(&MERGE_FIELDS)),
]);

/// The keys of [`MergeFields`].
static MERGE_FIELDS: Selection = Selection::Keys(&[
    ("name", Selection::All),
    ("labels", Selection::All),
    ("cluster", Selection::All),
    ("max_concurrency", Selection::All),
    ("skip_report", Selection::All),
    ("reporter_config", Selection::All),
]);

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

impl crate::yaml::describe::Describe for JobOutline {
    fn describe() -> crate::yaml::describe::Type {
        MergeFields::describe()
    }
}

impl JobOutline {
    fn into_existing(self) -> ExistingJob<'static, u32> {
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
        ExistingJob { facts, job: self.node }
    }
}

/// The jobs of a file as merging wants them, each with the number of its node; nothing for a file that says nothing.
pub fn outline(path: &str, tree: &Tree<'_>) -> Result<Option<ExistingFile<'static, u32>>, Vec<Problem>> {
    let Some(outline) = read::<Option<Outline>>(tree, Strictness::Outline)? else { return Ok(None) };
    let list = |jobs: Vec<JobOutline>| jobs.into_iter().map(JobOutline::into_existing).collect();
    let by_repo =
        |jobs: BTreeMap<String, Vec<JobOutline>>| jobs.into_iter().map(|(repo, jobs)| (repo, list(jobs))).collect();
    Ok(Some(ExistingFile {
        path: path.to_owned(),
        presubmits: by_repo(outline.presubmits),
        postsubmits: by_repo(outline.postsubmits),
        periodics: list(outline.periodics),
    }))
}

/// Whether a file has jobs that merging may keep. Of a file without, only the outline is ever needed.
pub fn may_keep_jobs(file: &ExistingFile<'_, u32>) -> bool {
    let lists = file.presubmits.values().chain(file.postsubmits.values()).chain([&file.periodics]);
    lists.flatten().any(|job| job.facts.origin != Origin::Generated)
}

/// Decodes the jobs that stay, from the tree they were outlined from.
pub struct WholeJobs<'a>(pub Option<&'a Tree<'a>>);

impl WholeJobs<'_> {
    fn whole<T: Decode>(&self, job: u32) -> Result<T, Vec<Problem>> {
        match self.0.and_then(|tree| tree.node(job)) {
            Some(node) => read_node(node, Strictness::Lenient),
            None => Ok(T::default()),
        }
    }
}

impl Recover<u32> for WholeJobs<'_> {
    type Error = Vec<Problem>;

    fn presubmit(&mut self, job: u32) -> Result<Presubmit, Self::Error> {
        self.whole(job)
    }

    fn postsubmit(&mut self, job: u32) -> Result<Postsubmit, Self::Error> {
        self.whole(job)
    }

    fn periodic(&mut self, job: u32) -> Result<Periodic, Self::Error> {
        self.whole(job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::record::Record;

    fn names(selection: &Selection) -> Vec<&str> {
        let Selection::Keys(keys) = selection else { return Vec::new() };
        let mut names: Vec<_> = keys.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }

    fn fields<R: Record>() -> Vec<&'static str> {
        let mut names: Vec<_> = R::order().fields.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_is_decoded_is_selected() {
        assert_eq!(names(&OUTLINE), fields::<Outline>());
        assert_eq!(names(&MERGE_FIELDS), fields::<MergeFields>());
    }
}
