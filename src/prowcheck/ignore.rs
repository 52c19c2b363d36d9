//! Job files that Prow passes over: those that a `.prowignore` names, in the way of `.gitignore`.

/// The name of files that say what is passed over.
pub const FILE_NAME: &str = ".prowignore";

/// What is passed over.
#[derive(Debug, Default)]
pub struct Ignored {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    /// The directory that the rule stands in, with a slash at its end unless it is the top.
    directory: String,
    pattern: Vec<String>,
    is_negated: bool,
}

impl Ignored {
    /// Adds what a file in a directory says. Directories above have to come first: the last rule that matches counts.
    pub fn add(&mut self, directory: &str, text: &str) {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let (is_negated, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
            let line = line.trim_end_matches('/');
            let is_anchored = line.contains('/');
            let mut pattern: Vec<String> = Vec::new();
            if !is_anchored {
                pattern.push("**".into());
            }
            pattern.extend(line.trim_start_matches('/').split('/').map(str::to_owned));
            let directory = if directory.is_empty() { String::new() } else { format!("{directory}/") };
            self.rules.push(Rule { directory, pattern, is_negated });
        }
    }

    /// Whether a file, by its path, is passed over.
    pub fn has(&self, path: &str) -> bool {
        let matches = |rule: &&Rule| {
            let Some(below) = path.strip_prefix(&rule.directory) else { return false };
            let parts: Vec<&str> = below.split('/').collect();
            // What is in a directory goes with it.
            (1..=parts.len()).any(|count| parts.get(..count).is_some_and(|parts| path_matches(&rule.pattern, parts)))
        };
        self.rules.iter().rev().find(matches).is_some_and(|rule| !rule.is_negated)
    }
}

/// Whether a path is one of a pattern, part by part. Tried from every place where `**` may end.
fn path_matches(pattern: &[String], parts: &[&str]) -> bool {
    // The positions in the pattern that the parts so far can have led to.
    let mut open = vec![0];
    for part in parts.iter().map(Some).chain([None]) {
        let mut at = 0;
        while let Some(position) = open.get(at).copied() {
            // Nothing at all may stand for `**`.
            if pattern.get(position).is_some_and(|word| word == "**") && !open.contains(&(position + 1)) {
                open.push(position + 1);
            }
            at += 1;
        }
        let Some(part) = part else { break };
        let mut next = Vec::new();
        for position in open {
            match pattern.get(position) {
                Some(word) if word == "**" => next.push(position),
                Some(word) if word_matches(word.as_bytes(), part.as_bytes()) => next.push(position + 1),
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        open = next;
    }
    open.contains(&pattern.len())
}

/// Whether a word is one of a pattern with `*` and `?`.
fn word_matches(pattern: &[u8], word: &[u8]) -> bool {
    let (mut at, mut in_word, mut star) = (0, 0, None);
    while in_word < word.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, in_word));
                at += 1;
            }
            Some(letter) if *letter == b'?' || word.get(in_word) == Some(letter) => {
                at += 1;
                in_word += 1;
            }
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                (at, in_word) = (back + 1, from + 1);
            }
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::Ignored;

    #[test]
    fn files_are_passed_over_as_git_would() {
        let mut ignored = Ignored::default();
        ignored.add("", "# words\n*.tmp.yaml\n/top.yaml\nold/\na/**/z.yaml\n");
        ignored.add("sub", "default.yaml\n!keep.tmp.yaml\n");
        for path in ["x.tmp.yaml", "a/x.tmp.yaml", "top.yaml", "old/x.yaml", "b/old/c/x.yaml", "sub/b/default.yaml"] {
            assert!(ignored.has(path), "{path}");
        }
        for path in ["default.yaml", "a/top.yaml", "older/x.yaml", "sub/keep.tmp.yaml", "z.yaml"] {
            assert!(!ignored.has(path), "{path}");
        }
        assert!(ignored.has("a/z.yaml") && ignored.has("a/b/c/z.yaml"));
    }
}
