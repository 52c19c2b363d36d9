//! Which jobs pj-rehearse can run for a change, by its rules.
//!
//! It looks at presubmits and periodics that are new, whose pod, cluster or agent is otherwise, that become required or run
//! always, or that [`super::choice`] names; and of those it takes what bears the label and is not hidden. The cases in
//! `testdata/diff` hold what the reference says.

use super::change::{Change, Refusal, Rehearsal, Trigger};
use super::config::Standing;
use super::side::{Job, plain_branch, text_under, under};
use crate::model::identity::{JobKind, is_simple_branch};
use crate::yaml::tree::Node;

/// Whether it can run a job that is otherwise in this way.
pub fn rehearsal(job: Job<'_>, changes: &[Change], standing: Standing) -> Rehearsal {
    if changes.iter().any(|change| matches!(change, Change::Removed(_))) {
        return Rehearsal::Refused(Refusal::Gone);
    }
    let is_pod = matches!(text_under(job.node, "agent"), "" | "kubernetes");
    let is_chosen = is_pod && standing.is_chosen;
    if !is_chosen && !changes.iter().any(|change| is_looked_at(change, job.kind, is_pod)) {
        return Rehearsal::Unneeded;
    }
    let refusals = [
        (job.kind == JobKind::Postsubmit, Refusal::Postsubmit),
        (text_under(job.node, "hidden") == "true", Refusal::Hidden),
        (!job.is_rehearsable(), Refusal::Unlabelled),
        (job.kind == JobKind::Presubmit && !names_branch(job), Refusal::WithoutBranches),
        (standing.is_unapproved, Refusal::Network),
        (lacks_config(job), Refusal::WithoutConfig),
    ];
    let refusal = refusals.into_iter().find(|(applies, _)| *applies);
    refusal.map_or(Rehearsal::Possible, |(_, refusal)| Rehearsal::Refused(refusal))
}

/// Whether one of the branches that a job is for is no pattern for several.
fn names_branch(job: Job<'_>) -> bool {
    job.branches().into_iter().any(|pattern| is_simple_branch(&plain_branch(pattern)))
}

/// Whether a job runs ci-operator and nothing says with which config: neither its environment, nor what it checks out, nor its
/// arguments. A presubmit has its own repository and branch.
fn lacks_config(job: Job<'_>) -> bool {
    let Some(container) = job.containers().next() else { return false };
    let command = under(container, "command").and_then(|command| command.items().next());
    if command.is_none_or(|command| &**command.text() != "ci-operator") {
        return false;
    }
    for variable in under(container, "env").into_iter().flat_map(Node::items).map(Node::resolved) {
        let is_config = matches!(text_under(variable, "name"), "CONFIG_SPEC" | "UNRESOLVED_CONFIG");
        let is_elsewhere = under(variable, "valueFrom").is_some();
        if is_config && (is_elsewhere || !text_under(variable, "value").is_empty()) {
            return is_elsewhere;
        }
    }
    let is_whole = |names: [&str; 3]| names.iter().all(|name| !name.is_empty());
    let first = under(job.node, "extra_refs").and_then(|refs| refs.items().next());
    let checked_out = first.is_some_and(|refs| is_whole(["org", "repo", "base_ref"].map(|key| text_under(refs, key))));
    job.kind == JobKind::Periodic
        && !checked_out
        && !is_whole(["org", "repo", "branch"].map(|flag| given(container, flag)))
}

/// The value of a flag in a container's arguments, with one dash or two, after an equals sign or as the next argument.
fn given<'a>(container: Node<'a, 'a>, flag: &str) -> &'a str {
    let mut arguments = under(container, "args").into_iter().flat_map(Node::items).map(|argument| &**argument.text());
    let mut found = "";
    while let Some(argument) = arguments.next() {
        match argument.trim_start_matches('-').strip_prefix(flag) {
            Some("") if argument.starts_with('-') => found = arguments.next().unwrap_or_default(),
            Some(value) if argument.starts_with('-') => found = value.strip_prefix('=').unwrap_or(found),
            _ => {}
        }
    }
    found
}

fn is_looked_at(change: &Change, kind: JobKind, is_pod: bool) -> bool {
    match change {
        Change::Added(_) | Change::Renamed(_) => true,
        Change::Optional(turn) => kind == JobKind::Presubmit && !turn.to,
        Change::Trigger(turn) => kind == JobKind::Presubmit && turn.to == Trigger::Always,
        Change::Cluster(_)
        | Change::Command(_)
        | Change::Target(_)
        | Change::Arguments(_)
        | Change::Image(_)
        | Change::Resources(_)
        | Change::Secrets(_)
        | Change::Environment(_) => is_pod,
        Change::Other(fields) => is_pod && fields.iter().any(|field| field == "agent" || is_within_spec(field)),
        Change::Removed(_)
        | Change::Schedule(_)
        | Change::Branches(_)
        | Change::MaxConcurrency(_)
        | Change::Labels(_)
        | Change::Rehearsable(_)
        // Not told of in the job: whether it looks at these depends on names.
        | Change::Commands(_)
        | Change::Test(_)
        | Change::Config(_)
        | Change::Steps(_) => false,
    }
}

fn is_within_spec(field: &str) -> bool {
    field == "spec" || field.starts_with("spec.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::change::{Running, Start, Turn};
    use crate::compare::side::jobs;
    use crate::yaml::parse::parse;

    /// What is said of the first job of a text that is otherwise in this way.
    fn said(text: &str, change: Change, standing: Standing) -> Rehearsal {
        let tree = parse(text).unwrap();
        let jobs = jobs("f.yaml", &tree);
        rehearsal(jobs[0], &[change], standing)
    }

    const PRESUBMIT: &str = "presubmits:\n  o/r:\n  - branches: [main]\n    labels:\n      \
        pj-rehearse.openshift.io/can-be-rehearsed: \"true\"\n    name: a\n";

    fn cluster() -> Change {
        Change::Cluster(Turn { from: "a".into(), to: "b".into() })
    }

    fn running() -> Running {
        Running { start: Start::Trigger(Trigger::Always), is_optional: Some(false), cluster: "a".into() }
    }

    #[test]
    fn only_what_may_break_the_job_is_rehearsed() {
        let optional = |to: bool| Change::Optional(Turn { from: !to, to });
        let trigger = |from, to| Change::Trigger(Turn { from, to });
        for (change, expected) in [
            (Change::Added(running()), Rehearsal::Possible),
            (cluster(), Rehearsal::Possible),
            (Change::Config(vec!["images".into()]), Rehearsal::Unneeded),
            (Change::Other(vec!["spec.serviceAccountName".into()]), Rehearsal::Possible),
            (optional(false), Rehearsal::Possible),
            (optional(true), Rehearsal::Unneeded),
            (trigger(Trigger::OnRequest, Trigger::Always), Rehearsal::Possible),
            (trigger(Trigger::Always, Trigger::OnRequest), Rehearsal::Unneeded),
            (Change::MaxConcurrency(Turn { from: 1, to: 2 }), Rehearsal::Unneeded),
            (Change::Other(vec!["annotations".into()]), Rehearsal::Unneeded),
            (Change::Removed(running()), Rehearsal::Refused(Refusal::Gone)),
        ] {
            assert_eq!(said(PRESUBMIT, change.clone(), Standing::default()), expected, "{change:?}");
        }
    }

    #[test]
    fn jobs_that_are_not_to_be_rehearsed_are_not() {
        for (text, expected) in [
            (PRESUBMIT.replace("\"true\"", "\"yes\""), Refusal::Unlabelled),
            (PRESUBMIT.replace("    name", "    hidden: true\n    name"), Refusal::Hidden),
            (PRESUBMIT.replace("branches: [main]", "optional: true"), Refusal::WithoutBranches),
            (PRESUBMIT.replace("[main]", "['release-.*']"), Refusal::WithoutBranches),
            (PRESUBMIT.replace("presubmits", "postsubmits"), Refusal::Postsubmit),
        ] {
            assert_eq!(said(&text, cluster(), Standing::default()), Rehearsal::Refused(expected));
        }
        let unapproved = Standing { is_unapproved: true, ..Standing::default() };
        assert_eq!(said(PRESUBMIT, cluster(), unapproved), Rehearsal::Refused(Refusal::Network));
        let chosen = Standing { is_chosen: true, ..Standing::default() };
        let limit = Change::MaxConcurrency(Turn { from: 1, to: 2 });
        assert_eq!(said(PRESUBMIT, limit.clone(), chosen), Rehearsal::Possible);
        let jenkins = PRESUBMIT.replace("    name", "    agent: jenkins\n    name");
        assert_eq!(said(&jenkins, cluster(), chosen), Rehearsal::Unneeded);
        let periodic = "periodics:\n- labels: {pj-rehearse.openshift.io/can-be-rehearsed: \"true\"}\n  name: a\n";
        let ci_operator = |more: &str| {
            format!("{periodic}  spec: {{containers: [{{command: [ci-operator], {more}}}]}}\n  cluster: a\n")
        };
        let without = Rehearsal::Refused(Refusal::WithoutConfig);
        for (more, expected) in [
            ("args: []", without),
            ("args: [--org=o, --repo, r]", without),
            ("args: [--org=o, --repo, r, -branch=main]", Rehearsal::Possible),
            ("env: [{name: CONFIG_SPEC, value: x}]", Rehearsal::Possible),
            ("env: [{name: CONFIG_SPEC, valueFrom: {}}]", without),
        ] {
            assert_eq!(said(&ci_operator(more), cluster(), Standing::default()), expected, "{more}");
        }
        assert_eq!(said(periodic, cluster(), Standing::default()), Rehearsal::Possible, "a periodic needs no branches");
    }
}
