//! Which files differ from which, as git says: those of a branch, of a commit on its way, of a checkout that is not whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::git::{
    commit, fed, first_line, git, git_command, git_fed, git_in, git_prefix, git_setting, is_repository, listed,
    merge_base, ran, top, without_merge_base, words,
};
use crate::cli::Error;
use crate::files::path;

/// The files that differ from the upstream branch, when all differences are modifications; nothing when there is
/// another kind of difference, or none, because then everything is worked on.
pub fn modified_files() -> Result<Option<BTreeSet<String>>, Error> {
    let branch = upstream_branch()?;
    let output = git(&["diff", "--name-status", &branch])?;
    if !output.status.success() {
        return Err(Error::Host(format!("git cannot compare with {branch}: {}", words(&output)), None));
    }
    Ok(only_modified(&String::from_utf8_lossy(&output.stdout)))
}

/// The files below a directory that differ from where its branch left a revision, those that git does not know yet among
/// them.
pub fn changed_since(directory: &Path, revision: &str) -> Result<BTreeSet<String>, Error> {
    let tip = commit(directory, revision)?;
    let base = merge_base(directory, &tip)?;
    let base = base.ok_or_else(|| Error::Host(without_merge_base(directory, revision), None))?;
    differing_from(directory, &base)
}

/// The files below a directory that differ from a commit, those that git does not know yet among them.
pub fn differing_from(directory: &Path, commit: &str) -> Result<BTreeSet<String>, Error> {
    let what = format!("what changed since {commit}");
    let mut changed = listed(directory, &[&["diff"], &NAMES[..], &[commit, "--"]].concat(), &what)?;
    changed.extend(listed(directory, &UNKNOWN, &what)?);
    Ok(changed)
}

/// The files below a directory that differ between what would be committed and the last commit.
pub fn staged(directory: &Path) -> Result<BTreeSet<String>, Error> {
    is_repository(directory)?;
    listed(directory, &[&["diff", "--cached"], &NAMES[..], &["--"]].concat(), "what is staged")
}

/// The files below these places in a directory that are not as they would be committed, those that git does not know yet
/// among them; those that it is told to ignore only where they would be read.
pub fn unstaged(directory: &Path, places: &[String]) -> Result<BTreeSet<String>, Error> {
    let places = literal(places);
    let with = |arguments: &[&str]| -> Result<BTreeSet<String>, Error> {
        let arguments: Vec<&str> = arguments.iter().copied().chain(places.iter().map(String::as_str)).collect();
        listed(directory, &arguments, "what is not staged")
    };
    // Each looks at every file, and a commit waits for both.
    let (differ, others) = rayon::join(
        || with(&[&["diff"], &NAMES[..], &["--"]].concat()),
        || with(&["ls-files", "--others", "-z", "--"]),
    );
    let (mut differ, others) = (differ?, others?);
    let (read, rest): (BTreeSet<String>, BTreeSet<String>) = others.into_iter().partition(|path| is_input(path));
    if !rest.is_empty() {
        differ.extend(with(&[&UNKNOWN[..], &["--"]].concat())?);
    }
    differ.extend(read);
    Ok(differ)
}

/// Whether a file below the trees of a release repository is read because of its name.
fn is_input(file: &str) -> bool {
    let name = path::base(file);
    name == "OWNERS" || (!name.starts_with('.') && matches!(path::extension(name), ".yaml" | ".yml" | ".sh" | ".toml"))
}

/// Places as patterns that match nothing else.
fn literal(places: &[String]) -> Vec<String> {
    places.iter().map(|place| format!(":(literal){place}")).collect()
}

/// Whether the checkout that a directory is in is a sparse one, as far as there is git.
fn is_sparse(directory: &Path) -> bool {
    let set = git_in(directory, &["config", "--type=bool", "--get", "core.sparseCheckout"]);
    set.is_ok_and(|output| words(&output) == "true") && is_repository(directory).is_ok()
}

/// The files at these places that git knows and leaves out of a sparse checkout; none where there is no git.
pub fn left_out(directory: &Path, places: &[String]) -> Result<BTreeSet<String>, Error> {
    if !is_sparse(directory) {
        return Ok(BTreeSet::new());
    }
    let places = literal(places);
    let arguments: Vec<&str> =
        ["ls-files", "-t", "-z", "--"].into_iter().chain(places.iter().map(String::as_str)).collect();
    let entries = listed(directory, &arguments, "what is checked out")?;
    Ok(entries.iter().filter_map(|entry| entry.strip_prefix("S ")).map(str::to_owned).collect())
}

/// What somebody types to have these directories below a directory in a sparse checkout, from wherever this runs.
pub fn way_into_checkout(directory: &Path, wanted: &[&str]) -> Result<String, Error> {
    let is_here = crate::files::resolved(directory) == crate::files::resolved(&super::current_dir()?);
    let git = if is_here { "git".to_owned() } else { format!("git -C '{}'", directory.display()) };
    // Where single files are left out, no directory brings them back.
    let has_directories = git_setting(directory, "core.sparseCheckoutCone")?.is_some_and(|value| value == "true");
    Ok(match has_directories && !wanted.contains(&"") {
        true => format!("{git} sparse-checkout add {}", wanted.join(" ")),
        false => format!("{git} sparse-checkout disable"),
    })
}

/// Makes files below a directory, there or not any more, part of what will be committed.
pub fn stage(directory: &Path, files: &[&str]) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    let mut command = git_command(directory);
    command.env("GIT_LITERAL_PATHSPECS", "1");
    command.args(["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"]);
    let output = ran(fed(command, files.join("\0").as_bytes()))?;
    if output.status.success() {
        return Ok(());
    }
    let ignored = ignored(directory, files)?;
    if !ignored.is_empty() {
        return Err(Error::Usage(format!(
            "these files belong to the commit and are written, but git is told to ignore them:\n{}add them with \
             git add --force, or take the pattern out, and commit again",
            ignored.into_values().collect::<String>()
        )));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = said.lines().filter(|line| !line.starts_with("hint:")).collect();
    let refused: BTreeSet<&str> =
        files.iter().filter(|file| said.contains(file)).map(|file| path::directory(file)).collect();
    if is_sparse(directory) && !refused.is_empty() {
        let refused: Vec<&str> = refused.into_iter().collect();
        let way = way_into_checkout(directory, &refused)?;
        return Err(Error::Usage(format!(
            "job files of the commit are written, but lie outside of this sparse checkout: get what is beside them with `{way}`, \
             add them with git add, and commit again:\n  {}",
            refused.join("\n  ")
        )));
    }
    Err(Error::Host(format!("git cannot stage what was written: {}", said.join("\n")), None))
}

/// Which of these files git is told to ignore though it does not know them yet, each with a line that says by what.
pub fn ignored(directory: &Path, files: &[&str]) -> Result<BTreeMap<String, String>, Error> {
    let output = git_fed(directory, &["check-ignore", "--verbose", "-z", "--stdin"], files.join("\0").as_bytes())?;
    let said = String::from_utf8_lossy(&output.stdout);
    let fields: Vec<&str> = said.split('\0').collect();
    let line = |entry: &[&str]| match entry {
        // A pattern with this sign takes a file out of those that are ignored.
        [source, line, pattern, file] if !pattern.starts_with('!') => {
            Some(((*file).to_owned(), format!("  {file} ({source}:{line} says {pattern})\n")))
        }
        _ => None,
    };
    Ok(fields.chunks(4).filter_map(line).collect())
}

/// Writes all files that a commit has below a directory into another directory. Neither the index nor the files of the
/// repository are touched.
pub fn checkout(directory: &Path, commit: &str, into: &Path) -> Result<(), Error> {
    let (place, top) = (git_prefix(directory)?, top(directory)?);
    let (index, prefix) = (into.join(".index"), format!("--prefix={}/", into.display()));
    let tree = format!("{commit}:{place}");
    for arguments in [&["read-tree", &tree][..], &["checkout-index", "--all", "--quiet", &prefix]] {
        // From the top, or entries above the directory are passed over.
        let mut command = git_command(&top);
        command.env("GIT_INDEX_FILE", &index);
        // Hooks of an index are about that of the repository.
        command.args(["-c", "core.hooksPath=/dev/null"]).args(arguments);
        let output = ran(command.output())?;
        if !output.status.success() {
            return Err(Error::Host(format!("git cannot show {commit}: {}", first_line(&output)), None));
        }
    }
    Ok(())
}

/// Names of files that differ, below the directory that is asked about.
const NAMES: [&str; 4] = ["--name-only", "--no-renames", "-z", "--relative"];

/// Files that git does not know and is not told to ignore.
pub const UNKNOWN: [&str; 4] = ["ls-files", "--others", "--exclude-standard", "-z"];

/// The upstream of the current branch; `main` when it has none.
fn upstream_branch() -> Result<String, Error> {
    let output = git(&["rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}"])?;
    let said = words(&output);
    match output.status.success() {
        true if !said.is_empty() => Ok(said),
        true => Ok("main".into()),
        false if said.starts_with("fatal: no upstream configured for branch") => Ok("main".into()),
        false => Err(Error::Host(format!("git cannot name the upstream branch: {said}"), None)),
    }
}

/// Reads `git diff --name-status`.
fn only_modified(listing: &str) -> Option<BTreeSet<String>> {
    let listing = listing.strip_suffix('\n').unwrap_or(listing);
    listing
        .split('\n')
        .map(|line| {
            let mut fields = line.split_whitespace();
            match (fields.next(), fields.next()) {
                (Some("M"), Some(file)) => Some(file.to_owned()),
                _ => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_limits_only_when_everything_is_a_modification() {
        let both = BTreeSet::from(["a/b.yaml".to_owned(), "c.yaml".to_owned()]);
        assert_eq!(only_modified("M\ta/b.yaml\nM\tc.yaml\n"), Some(both));
        assert_eq!(only_modified("M\ta/b.yaml\nD\tc.yaml\n"), None);
        assert_eq!(only_modified("R100\told.yaml\tnew.yaml\n"), None);
        assert_eq!(only_modified(""), None, "nothing changed: everything is worked on");
    }

    #[test]
    fn a_name_with_a_space_is_cut_as_the_reference_cuts_it() {
        assert_eq!(only_modified("M\ta b.yaml\n"), Some(BTreeSet::from(["a".to_owned()])));
    }
}
