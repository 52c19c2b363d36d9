//! A whole release repository with what the reference makes of it, unpacked from its archive.
//!
//! Archives lie in the folder that `CUTWATER_CORPORA` names, by default `../shared/corpora` beside the package. Each is
//! unpacked once, into the build directory under a name that tells its content, and never changed there: tests work on
//! copies. Read [`Corpus::unpack`].

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tempfile::TempDir;

use super::roomy_threads;
use super::tally::Tally;

/// Archives are packed with a long window, of 2^27 bytes.
const WINDOW_LOG: u32 = 27;
/// What a run reads and writes, below the release repository.
const NEEDED: [&str; 5] = [
    "ci-operator/config",
    "ci-operator/jobs",
    "ci-operator/step-registry",
    "core-services/prow/02_config",
    "core-services/sanitize-prow-jobs",
];

/// An unpacked archive.
#[derive(Debug)]
pub struct Corpus {
    name: String,
    root: PathBuf,
}

impl Corpus {
    /// Unpacks an archive, or finds it unpacked. Several tests and test runs may ask at once.
    pub fn unpack(name: &str) -> Self {
        roomy_threads();
        let archive = folder().join(format!("{name}.tar.zst"));
        let packed = fs::read(&archive).unwrap_or_else(|error| {
            let archive = archive.display();
            panic!("{archive}: {error}\nPut the archive there, or set CUTWATER_CORPORA to the folder that holds {name}.tar.zst")
        });
        let mut hasher = DefaultHasher::new();
        packed.hash(&mut hasher);
        let store = build_directory().join("corpora");
        fs::create_dir_all(&store).unwrap();
        let root = store.join(format!("{name}-{:016x}", hasher.finish()));
        let lock = File::create(store.join(format!("{name}.lock"))).unwrap();
        lock.lock().unwrap();
        if !root.exists() {
            // Under another name until all of it is there.
            let part = store.join(format!("{name}.part"));
            if part.exists() {
                fs::remove_dir_all(&part).unwrap();
            }
            extract(&packed, &part).unwrap_or_else(|error| panic!("{}: {error}", archive.display()));
            fs::rename(&part, &root).unwrap();
        }
        let root = root.join(name);
        assert!(root.join("input").is_dir(), "{}: there is no {name}/input in it", archive.display());
        Self { name: name.to_owned(), root }
    }

    /// What a test on this corpus is called.
    pub fn what(&self, test: &str) -> String {
        format!("{}, {test}", self.name)
    }

    /// A path below the archive's folder.
    pub fn join(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A copy of the input, as far as runs touch it, gone with the value.
    pub fn copy_input(&self) -> TempDir {
        self.copy_of(&NEEDED)
    }

    /// A copy of the input's job files alone.
    pub fn copy_jobs(&self) -> TempDir {
        self.copy_of(&["ci-operator/jobs"])
    }

    fn copy_of(&self, parts: &[&str]) -> TempDir {
        let copy = TempDir::new_in(build_directory()).unwrap();
        for part in parts {
            overlay(&self.join("input").join(part), &copy.path().join(part));
        }
        copy
    }

    /// The verdict on every job file below `jobs`: the set of files and all bytes have to be what `stage` left.
    pub fn compare_jobs(&self, what: &str, stage: &str, jobs: &Path) {
        self.compare_yaml(what, &format!("{stage}/jobs"), jobs);
    }

    /// The same for every YAML file below a directory and the one of this name among what is expected.
    pub fn compare_yaml(&self, what: &str, expected: &str, directory: &Path) {
        self.verdict(what, &yaml_files(&self.join("expected").join(expected)), &yaml_files(directory));
    }

    /// The verdict on every file below a directory.
    pub fn compare(&self, what: &str, expected: &Path, found: &Path) {
        self.verdict(what, &files_below(expected, |_| true), &files_below(found, |_| true));
    }

    fn verdict(&self, what: &str, expected: &BTreeMap<String, PathBuf>, found: &BTreeMap<String, PathBuf>) {
        let mut tally = Tally::of(self.what(what));
        let absent = |path: &str| (!found.contains_key(path)).then(|| format!("{path}: is not there"));
        tally.extend(
            expected
                .par_iter()
                .map(|(path, wanted)| {
                    absent(path).or_else(|| {
                        first_difference(path, &fs::read(wanted).unwrap(), &fs::read(&found[path]).unwrap())
                    })
                })
                .collect::<Vec<_>>(),
        );
        let extra = found.keys().filter(|path| !expected.contains_key(*path));
        tally.extend(extra.map(|path| Some(format!("{path}: ought not to be there"))));
        tally.conclude();
    }
}

fn folder() -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    std::env::var_os("CUTWATER_CORPORA").map_or_else(default, PathBuf::from)
}

fn build_directory() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn extract(packed: &[u8], to: &Path) -> std::io::Result<()> {
    let mut decoder = zstd::Decoder::new(packed)?;
    decoder.window_log_max(WINDOW_LOG)?;
    tar::Archive::new(decoder).unpack(to)
}

/// Puts a copy of all files below `from` below `to`, on top of what is there.
pub fn overlay(from: &Path, to: &Path) {
    let files = files_below(from, |_| true);
    let directories: std::collections::BTreeSet<_> =
        files.keys().filter_map(|path| to.join(path).parent().map(Path::to_owned)).collect();
    directories.iter().for_each(|directory| fs::create_dir_all(directory).unwrap());
    files.par_iter().for_each(|(path, source)| {
        fs::copy(source, to.join(path)).unwrap();
    });
}

/// Configs or job files below a directory, by relative path.
pub fn yaml_files(root: &Path) -> BTreeMap<String, PathBuf> {
    files_below(root, |path| path.ends_with(".yaml"))
}

/// The files below a directory that a predicate takes, by relative path.
pub fn files_below(root: &Path, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        for entry in entries.map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
                continue;
            }
            let relative = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if wanted(&relative) {
                found.insert(relative, entry.path());
            }
        }
    }
    found
}

/// Where two files part, with the line of each.
fn first_difference(path: &str, wanted: &[u8], found: &[u8]) -> Option<String> {
    if wanted == found {
        return None;
    }
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).split('\n').map(str::to_owned).collect::<Vec<_>>();
    let (wanted, found) = (lines(wanted), lines(found));
    let at = wanted.iter().zip(&found).take_while(|(wanted, found)| wanted == found).count();
    Some(format!("{path}:{}: {:?}, not {:?}", at + 1, found.get(at), wanted.get(at)))
}
