//! Go templates: whether one can be read, and whether the one for Slack can be filled in.
//!
//! Prow keeps the address of a job, comments, merge messages and Slack messages as templates and refuses those that do not
//! parse ([`problem`]). Slack's it also tries on a job with nothing in it ([`problem_with_empty_job`]), so that
//! `{{.Spec.Refs.Org}}` is refused there: such a job has no refs. `lex.rs` makes tokens, `parse.rs` the tree (`tree.rs`),
//! `run.rs` fills it in, as far as to see whether Go would.

mod job;
mod lex;
mod literal;
mod parse;
mod run;
mod tree;

/// Why Go cannot read a template; `functions` are those beside the usual ones.
pub fn problem(text: &str, functions: &[&str]) -> Option<String> {
    parse::parse(text, functions).err()
}

/// Why a template cannot be read, or not be filled in with a job that has nothing set.
pub fn problem_with_empty_job(text: &str) -> Option<String> {
    match parse::parse(text, &[]) {
        Err(why) => Some(format!("failed to parse template: {why}")),
        Ok(template) => run::run(&template).err().map(|why| format!("failed to execute report_template: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{problem, problem_with_empty_job};

    #[test]
    fn good_templates_are_taken() {
        for text in [
            "",
            "plain } }} text",
            "{{.}}",
            "{{- .Spec.Job -}}",
            "{{/* a comment */}}x{{- /* b */ -}}",
            "{{if .A}}a{{else if eq .B \"x\"}}b{{else}}c{{end}}",
            "{{with index .Spec.Refs.Pulls 0}}{{.Number}}{{else with .X}}y{{end}}",
            "{{range $i, $e := .L}}{{$i}}{{$e.X}}{{break}}{{continue}}{{else}}none{{end}}",
            "{{$x := 1}}{{$x = 2}}{{printf \"%d\" $x | print}}",
            "{{define \"t\"}}x{{end}}{{template \"t\" .}}{{block \"b\" .}}y{{end}}",
            "{{(index .M \"k\").F.G}}",
            "{{1}}{{1.5e3}}{{0x1F}}{{'a'}}{{`raw`}}{{-1}}{{true}}{{1i}}{{1_000}}",
            "{{.A.B | len | eq 1}}",
            "{{and .A (or .B (not .C))}}",
            "{{.F \"x\" 1 nil}}",
        ] {
            assert_eq!(problem(text, &[]), None, "{text}");
        }
        assert_eq!(problem("{{replace \"a\" \"b\" .X}}", &["replace"]), None);
    }

    #[test]
    fn bad_templates_are_refused() {
        for (text, why) in [
            ("{{", "unclosed action"),
            ("{{.A", "unclosed action"),
            ("{{.A\n}", "unexpected"),
            ("{{}}", "missing value for command"),
            ("{{replace .X}}", "function \"replace\" not defined"),
            ("{{end}}", "unexpected {{end}}"),
            ("{{else}}", "unexpected {{else}}"),
            ("{{if .A}}", "unexpected EOF"),
            ("{{if}}{{end}}", "missing value for if"),
            ("{{if .A}}{{else}}{{else}}{{end}}", "expected end; found {{else}}"),
            ("{{range .A}}{{else if .B}}{{end}}", "unexpected"),
            ("{{$x}}", "undefined variable \"$x\""),
            ("{{if .A}}{{$x := 1}}{{end}}{{$x}}", "undefined variable"),
            ("{{\"a}}", "unterminated quoted string"),
            ("{{`a}}", "unterminated raw quoted string"),
            ("{{/* a}}", "unclosed comment"),
            ("{{/* a */ x}}", "comment ends before closing delimiter"),
            ("{{(.A}}", "unclosed left paren"),
            ("{{.A)}}", "unexpected right paren"),
            ("{{.A | }}", "missing value for command"),
            ("{{.A | 1}}", "non executable command in pipeline stage 2"),
            ("{{1.x}}", "bad number syntax"),
            ("{{.A!}}", "bad character"),
            ("{{template}}", "unexpected"),
            ("{{break}}", "{{break}} outside {{range}}"),
            ("{{1 .A.B c}}", "function \"c\" not defined"),
            ("{{\"x\".A}}", "unexpected . after term"),
            ("{{range $a, $b, $c := .L}}{{end}}", "too many declarations in range"),
            ("{{$a, $b := .L}}", "too many declarations in command"),
            ("{{define x}}{{end}}", "in define clause"),
            ("{{ % }}", "unexpected \"%\" in command"),
        ] {
            let said = problem(text, &[]).unwrap_or_default();
            assert!(said.contains(why), "{text}: {said:?}");
        }
        let deep = format!("{}.A{}", "{{if .A}}".repeat(5_000), "{{end}}".repeat(5_000));
        assert!(problem(&deep, &[]).is_some());
    }

    #[test]
    fn an_empty_job_has_no_refs() {
        for text in [
            "Job {{.Spec.Job}} of type {{.Spec.Type}} ended with state {{.Status.State}}. <{{.Status.URL}}|View logs>",
            "{{if .Spec.Refs}}{{.Spec.Refs.Org}}{{end}}",
            "{{with .Spec.Refs}}{{.Org}}{{else}}none{{end}}",
            "{{range .Spec.ExtraRefs}}{{.Whatever}}{{end}}",
            "{{if eq .Status.State \"success\"}}:ok:{{else}}:no:{{end}}",
            "{{.ObjectMeta.Name}}{{.Name}}{{index .Labels \"a\"}}{{.Labels.x}}",
            "{{.Status.CompletionTime}}{{.Status.StartTime.Unix}}{{.Complete}}",
            "{{$job := .}}{{range $k, $v := .Labels}}{{$k}}{{end}}{{$job.Spec.Job}}{{$.Spec.Job}}",
            "{{len .Spec.ExtraRefs}}{{if gt (len .Spec.ExtraRefs) 0}}{{(index .Spec.ExtraRefs 0).Org}}{{end}}",
            "{{if and .Spec.Refs (eq .Spec.Refs.Org \"a\")}}x{{end}}",
            "{{printf \"%s-%d\" .Spec.Job 1}}{{if not .Spec.Report}}x{{end}}",
            "{{define \"t\"}}{{.Job}}{{end}}{{template \"t\" .Spec}}",
        ] {
            assert_eq!(problem_with_empty_job(text), None, "{text}");
        }
        for (text, why) in [
            ("{{.Spec.Refs.Org}}", "nil pointer evaluating"),
            ("{{.Spec.Jobs}}", "can't evaluate field Jobs"),
            ("{{.Colour}}", "can't evaluate field Colour"),
            ("{{index .Spec.ExtraRefs 0}}", "index out of range"),
            ("{{(index .Spec.ExtraRefs 0).Org}}", "index out of range"),
            ("{{if eq .Spec.Job 1}}{{end}}", "incompatible types for comparison"),
            ("{{.Spec.Job.X}}", "can't evaluate field X"),
            ("{{template \"t\"}}", "template \"t\" not defined"),
            ("{{.Spec.Job \"x\"}}", "has arguments but cannot be invoked"),
            ("{{range .Spec.Job}}{{end}}", "can't iterate over"),
            ("{{with $x := .Spec}}{{$x.Nope}}{{end}}", "can't evaluate field Nope"),
            ("{{nil}}", "nil is not a command"),
            ("{{.SetComplete}}", "SetComplete"),
        ] {
            let said = problem_with_empty_job(text).unwrap_or_default();
            assert!(said.contains(why), "{text}: {said:?}");
        }
    }
}
