//! What `cutwater explain` says of a file or a job, for people.
//!
//! A page is a title, what the subject is, and sections with a heading each. A job is two or three lines; the questions that
//! led to its cluster stand once below for all jobs that went the same way.

use std::collections::BTreeMap;

use super::Level;
use super::summary::count;
use super::text::{findings, visible};
use crate::cli::terminal::Paint;
use crate::run::explain::QUESTIONS;
use crate::run::explain::page::{
    Approvers, Decision, Destination, FilePage, Job, Origin, Place, Placement, RegistryFile, Source, What,
};

/// So many names of a list are shown.
const MOST: usize = 12;

/// A page about a file.
pub fn file(page: &FilePage, paint: Paint) -> String {
    let mut out = Sheet { text: String::new(), paint };
    out.title(&page.file, &what(page));
    if !page.is_there {
        out.line(0, "The file is not there; this is where it would go.");
    }
    match &page.what {
        What::Config { sources, .. } => sources_of(&mut out, sources),
        What::Jobs(jobs) => jobs_of(&mut out, jobs),
        What::Registry(file) => users(&mut out, file),
        What::Other(_) => {}
    }
    config_maps(&mut out, &page.config_maps, page);
    approvers(&mut out, page.owners.as_ref());
    if !page.findings.is_empty() {
        out.heading("What is wrong here");
        out.text.push_str(&findings(&page.findings, Level::Warning, paint));
    }
    out.finished()
}

/// A page about the jobs of a name.
pub fn jobs(jobs: &[Job], paint: Paint) -> String {
    let mut out = Sheet { text: String::new(), paint };
    for job in jobs {
        out.title(&job.name, &kind(job));
        out.heading("Where it comes from");
        match &job.origin {
            Origin::Config { what, place } => {
                out.line(1, &at(place));
                out.line(1, what);
            }
            Origin::ByHand => out.line(1, "no config: it was written by hand"),
            Origin::Stale => {
                out.line(1, "no config gives it any more, though it was generated; `cutwater jobs` removes it")
            }
        }
        out.heading("Where it stands");
        match &job.place {
            Some(place) => out.line(1, &at(place)),
            None => out.line(1, &format!("not yet in {}: run `cutwater jobs`", job.file)),
        }
        if let Some(placement) = &job.placement {
            out.heading("Where it runs");
            placed(&mut out, placement);
        } else {
            out.heading("Where it runs");
            out.line(1, "not known: the configuration of the dispatcher cannot be read");
        }
    }
    out.finished()
}

/// When a job runs, in words.
fn kind(job: &Job) -> String {
    let when = match job.kind.name() {
        "presubmit" => "runs on pull requests",
        "postsubmit" => "runs on merges",
        _ => "runs by the clock",
    };
    format!("{}: {when}", job.kind.name())
}

/// Text with headings.
struct Sheet {
    text: String,
    paint: Paint,
}

impl Sheet {
    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(&visible(text));
        self.text.push('\n');
    }

    fn title(&mut self, name: &str, what: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let name = self.strong(&visible(name));
        self.text.push_str(&name);
        self.text.push('\n');
        self.line(0, what);
    }

    fn heading(&mut self, text: &str) {
        let text = match self.paint {
            Paint::Colours => format!("\n\u{1b}[1;36m{text}\u{1b}[0m\n"),
            Paint::Plain => format!("\n{text}\n"),
        };
        self.text.push_str(&text);
    }

    /// A name among other text.
    fn strong(&self, text: &str) -> String {
        match self.paint {
            Paint::Colours => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Paint::Plain => text.to_owned(),
        }
    }

    /// A line that begins with a name.
    fn named(&mut self, depth: usize, name: &str, rest: &str) {
        let name = self.strong(&visible(name));
        let line = format!("{}{name}{}\n", "  ".repeat(depth), visible(rest));
        self.text.push_str(&line);
    }

    fn finished(self) -> String {
        let mut text = self.text;
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

fn what(page: &FilePage) -> String {
    match &page.what {
        What::Config { identity, .. } => {
            let variant = match identity.variant.as_str() {
                "" => String::new(),
                variant => format!(", variant {variant}"),
            };
            format!("ci-operator config of {}, branch {}{variant}", identity.org_repo(), identity.branch)
        }
        What::Jobs(jobs) => {
            let generated = jobs.iter().filter(|job| job.origin != Origin::ByHand).count();
            format!(
                "job file with {}: {generated} generated, {} written by hand",
                count(jobs.len(), "job"),
                jobs.len() - generated
            )
        }
        What::Registry(file) => format!("step registry: {} {}", file.kind, file.name),
        What::Other(Some(purpose)) => (*purpose).to_owned(),
        What::Other(None) => "neither config nor jobs nor part of the step registry".to_owned(),
    }
}

fn at(place: &Place) -> String {
    match place.line {
        0 => place.file.clone(),
        line => format!("{}:{line}:{}", place.file, place.column),
    }
}

fn sources_of(out: &mut Sheet, sources: &[Source]) {
    if sources.is_empty() {
        return;
    }
    let number: usize = sources.iter().map(|source| source.jobs.len()).sum();
    out.heading(&format!("Jobs ({number})"));
    let mut ways = Ways::default();
    for source in sources {
        out.line(1, &format!("{}, line {}", source.what, source.place.line));
        for job in &source.jobs {
            out.named(2, &job.name, "");
            out.line(3, &standing(job));
            out.line(3, &ways.runs(job));
        }
    }
    ways.tell(out);
}

fn jobs_of(out: &mut Sheet, jobs: &[Job]) {
    if jobs.is_empty() {
        return;
    }
    out.heading(&format!("Jobs ({})", jobs.len()));
    let mut ways = Ways::default();
    for job in jobs {
        let line = job.place.as_ref().map_or(0, |place| place.line);
        out.named(1, &job.name, &format!("  {}, line {line}", job.kind.name()));
        out.line(
            2,
            &match &job.origin {
                Origin::Config { what, place } => format!("from {}, {what}", at(place)),
                Origin::ByHand => "written by hand".to_owned(),
                Origin::Stale => "no config gives it any more; `cutwater jobs` removes it".to_owned(),
            },
        );
        out.line(2, &ways.runs(job));
    }
    ways.tell(out);
}

fn standing(job: &Job) -> String {
    match &job.place {
        Some(place) => format!("{} in {}", job.kind.name(), at(place)),
        None => format!("{} for {}, not there yet: run `cutwater jobs`", job.kind.name(), job.file),
    }
}

/// The ways that jobs came by their clusters, each told once.
#[derive(Default)]
struct Ways {
    seen: BTreeMap<Way, usize>,
    /// Whether a job keeps a cluster.
    any_kept: bool,
}

/// A decision, as far as it is told of many jobs.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    cluster: Option<String>,
    why: String,
    notable: Vec<String>,
}

impl Way {
    fn of(decision: &Decision) -> Self {
        let notable = decision.passed.iter().filter(|answer| answer.is_notable);
        Self {
            cluster: decision.cluster.clone(),
            why: decision.why.clone(),
            notable: notable.map(|answer| answer.text.clone()).collect(),
        }
    }
}

impl Ways {
    /// Where a job runs, in a line that names its way.
    fn runs(&mut self, job: &Job) -> String {
        let Some(placement) = &job.placement else { return "where it runs is not known".to_owned() };
        let decision = placement.anew.as_ref().unwrap_or(&placement.decision);
        let next = self.seen.len() + 1;
        let number = *self.seen.entry(Way::of(decision)).or_insert(next);
        self.any_kept |= placement.anew.is_some();
        let runs = match (&placement.decision.cluster, &placement.anew) {
            (None, _) => format!("has no build cluster: {}", placement.decision.why),
            (Some(cluster), None) => format!("runs on {cluster}"),
            (Some(cluster), Some(anew)) if anew.cluster.as_ref() == Some(cluster) => format!("runs on {cluster}"),
            (Some(cluster), Some(anew)) => {
                let anew = anew.cluster.as_deref().unwrap_or("none");
                format!("keeps {cluster}, which its file says; anew it would be {anew}")
            }
        };
        let stated = placement.stated.as_ref().map_or(String::new(), |old| format!("; the file still says {old}"));
        format!("{runs}{stated} [{number}]")
    }

    /// The ways by number.
    fn tell(self, out: &mut Sheet) {
        if self.seen.is_empty() {
            return;
        }
        out.heading("Why these clusters");
        let mut ways: Vec<(usize, Way)> = self.seen.into_iter().map(|(way, number)| (number, way)).collect();
        ways.sort_unstable();
        for (number, Way { cluster, why, notable }) in ways {
            let cluster = cluster.as_deref().unwrap_or("no build cluster");
            out.named(1, &format!("[{number}] {cluster}"), &format!(": {why}"));
            if !notable.is_empty() {
                out.line(3, &format!("before that: {}", notable.join("; ")));
            }
        }
        if self.any_kept {
            out.line(0, "");
            paragraph(out, 1, "A job keeps the build cluster that its file says; this is what chose it, or would now.");
        }
        out.line(0, "");
        paragraph(out, 1, &format!("The first that applies decides: {}.", QUESTIONS.join("; ")));
        paragraph(out, 1, "`cutwater explain JOB` has every question with its answer.");
    }
}

/// A text in lines that fit.
fn paragraph(out: &mut Sheet, depth: usize, text: &str) {
    const WIDTH: usize = 100;
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && depth * 2 + line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.line(depth, &line);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out.line(depth, &line);
}

/// The decisions about one job, step by step.
fn placed(out: &mut Sheet, placement: &Placement) {
    steps(out, &placement.decision);
    if let Some(stated) = &placement.stated {
        out.line(1, &format!("The file still says {stated}; `cutwater jobs` changes that."));
    }
    if let Some(anew) = &placement.anew {
        let same = anew.cluster == placement.decision.cluster;
        out.heading(if same { "Why that cluster" } else { "Where it would go if it had none yet" });
        steps(out, anew);
    }
}

fn steps(out: &mut Sheet, decision: &Decision) {
    out.named(1, decision.cluster.as_deref().unwrap_or("no build cluster"), "");
    let last = decision.passed.len() + 1;
    for (at, passed) in decision.passed.iter().enumerate() {
        out.line(2, &format!("{:>2}. {}", at + 1, passed.text));
    }
    let arrow = if last > 1 { format!("{last:>2}. so: ") } else { String::new() };
    out.line(2, &format!("{arrow}{}", decision.why));
}

fn users(out: &mut Sheet, file: &RegistryFile) {
    if file.by_all {
        out.heading("Used by");
        out.line(1, "every test may use cluster profiles");
        return;
    }
    if !file.definitions.is_empty() {
        out.heading("Part of");
        let names: Vec<String> = file.definitions.iter().map(|(kind, name)| format!("{kind} {name}")).collect();
        list(out, &names, |out, name| out.line(1, name));
    }
    let tests: usize = file.configs.iter().map(|(_, tests)| tests.len()).sum();
    let (configs, repositories) = (count(file.configs.len(), "config"), many(file.repositories));
    out.heading(&format!("Used by {} in {configs} of {repositories}", count(tests, "test")));
    list(out, &file.configs, |out, (config, tests)| {
        let more = if tests.len() > 3 { format!(" and {} more", tests.len() - 3) } else { String::new() };
        let named: Vec<&str> = tests.iter().take(3).map(String::as_str).collect();
        out.named(1, config, &format!("  {}{more}", named.join(", ")));
    });
}

fn many(repositories: usize) -> String {
    if repositories == 1 { "1 repository".to_owned() } else { format!("{repositories} repositories") }
}

fn list<T>(out: &mut Sheet, items: &[T], show: impl Fn(&mut Sheet, &T)) {
    items.iter().take(MOST).for_each(|item| show(out, item));
    if items.len() > MOST {
        out.line(1, &format!("… and {} more (--format json has all)", items.len() - MOST));
    }
}

fn config_maps(out: &mut Sheet, all: &[Destination], page: &FilePage) {
    out.heading(if all.len() > 1 { "ConfigMaps" } else { "ConfigMap" });
    if all.is_empty() {
        let is_known = page.findings.iter().all(|finding| finding.file != crate::run::layout::PLUGINS);
        let none = match page.what {
            What::Other(_) => "none: no entry of config_updater takes the file",
            _ => "none: no entry of config_updater takes the file, so no cluster ever sees it",
        };
        out.line(1, if is_known { none } else { "not known: config_updater cannot be read" });
    }
    for Destination { name, key, is_packed, targets, pattern, place } in all {
        let packed = if *is_packed { ", packed" } else { "" };
        out.named(1, name, &format!(", key {key}{packed}"));
        if !targets.is_empty() {
            out.line(2, &format!("in cluster {}", targets.join(", ")));
        }
        out.line(2, &format!("by {pattern}, {}", at(place)));
    }
    if all.len() > 1 {
        out.line(1, "Prow goes by any one of the entries, by chance.");
    }
}

fn approvers(out: &mut Sheet, owners: Option<&Approvers>) {
    let Some(Approvers { file, names }) = owners else { return };
    out.heading("Approvers");
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    let named: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    paragraph(out, 1, &format!("{}{more}", named.join(", ")));
    out.line(1, &format!("by {file}"));
}
