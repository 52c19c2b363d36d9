//! What the layer that opens paths promises: one order, bounds, no way out of the tree, files old or new.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use crate::support::Sandbox;
use cutwater::files::{self, Entry, Error, Kind, Lock, MAX_BYTES, Obstacle, Tree, Written};

fn open(sandbox: &Sandbox) -> Tree {
    Tree::open(sandbox.path()).unwrap()
}

fn yaml(name: &str, kind: Kind) -> bool {
    kind == Kind::Directory || name.ends_with(".yaml")
}

fn listed(sandbox: &Sandbox) -> Vec<String> {
    files::walk(&open(sandbox), "", &yaml).unwrap().files.into_iter().map(|entry| entry.relative).collect()
}

fn entry(sandbox: &Sandbox, relative: &str) -> Entry {
    let found = files::walk(&open(sandbox), "", &yaml).unwrap().files;
    found.into_iter().find(|entry| entry.relative == relative).unwrap_or_else(|| panic!("{relative} was not found"))
}

fn read(sandbox: &Sandbox, relative: &str) -> Result<String, Error> {
    files::read_text(&open(sandbox), &entry(sandbox, relative))
}

#[test]
fn a_walk_goes_through_names_in_the_order_of_their_bytes() {
    let sandbox = Sandbox::new();
    for name in ["b/x.yaml", "a-b.yaml", "a/z.yaml", "a/B.yaml", "a.yaml", "é.yaml", "a/b/c.yaml", "a/notes.md"] {
        sandbox.write(name, "");
    }
    // `a` stands before `a-b.yaml`, so what is in it does too.
    let expected = ["a/B.yaml", "a/b/c.yaml", "a/z.yaml", "a-b.yaml", "a.yaml", "b/x.yaml", "é.yaml"];
    assert_eq!(listed(&sandbox), expected);
}

#[test]
fn a_walk_can_start_at_a_directory_or_a_file_below() {
    let sandbox = Sandbox::new();
    sandbox.write("o/r/a.yaml", "");
    sandbox.write("p/b.yaml", "");
    let below = |directory: &str| files::walk(&open(&sandbox), directory, &yaml).map(|walked| walked.files);
    assert_eq!(below("o/").unwrap()[0].relative, "o/r/a.yaml");
    assert_eq!(below("p/b.yaml").unwrap()[0].relative, "p/b.yaml");
    assert!(matches!(below("q"), Err(Error::Walk(..))));
    assert!(matches!(below("../x"), Err(Error::Outside(_))));
}

#[test]
fn links_to_directories_are_not_entered() {
    let sandbox = Sandbox::new();
    sandbox.write("real/a.yaml", "");
    symlink(sandbox.join("real"), sandbox.join("linked")).unwrap();
    symlink("..", sandbox.join("real/up")).unwrap();
    assert_eq!(listed(&sandbox), ["real/a.yaml"]);
    let walked = files::walk(&open(&sandbox), "", &yaml).unwrap();
    assert_eq!(walked.links, ["linked", "real/up"]);
}

#[test]
fn the_tree_itself_may_be_a_link() {
    let sandbox = Sandbox::new();
    sandbox.write("real/a.yaml", "a: 1");
    symlink(sandbox.join("real"), sandbox.join("linked")).unwrap();
    let tree = Tree::open(sandbox.join("linked")).unwrap();
    let found = files::walk(&tree, "", &yaml).unwrap().files;
    assert_eq!(files::read_text(&tree, &found[0]).unwrap(), "a: 1");
}

#[test]
fn a_link_is_read_when_it_stays_in_the_tree() {
    let outside = Sandbox::new();
    let secret = outside.write("secret.yaml", "secret: 1");
    let sandbox = Sandbox::new();
    sandbox.write("data/a.yaml", "a: 1");
    symlink("data/a.yaml", sandbox.join("inside.yaml")).unwrap();
    symlink(secret, sandbox.join("outside.yaml")).unwrap();
    symlink("nowhere", sandbox.join("dangling.yaml")).unwrap();
    symlink("loop.yaml", sandbox.join("loop.yaml")).unwrap();
    symlink("data", sandbox.join("directory.yaml")).unwrap();
    symlink("/dev/zero", sandbox.join("zero.yaml")).unwrap();
    assert_eq!(read(&sandbox, "inside.yaml").unwrap(), "a: 1");
    assert!(matches!(read(&sandbox, "outside.yaml"), Err(Error::Outside(_))));
    assert!(matches!(read(&sandbox, "dangling.yaml"), Err(Error::Read(..))));
    assert!(matches!(read(&sandbox, "loop.yaml"), Err(Error::Read(..))));
    assert!(matches!(read(&sandbox, "directory.yaml"), Err(Error::Read(..))));
    assert!(matches!(read(&sandbox, "zero.yaml"), Err(Error::Outside(_))));
}

#[test]
fn a_link_may_use_a_wider_tree_that_holds_this_one() {
    let sandbox = Sandbox::new();
    sandbox.write("shared/a.yaml", "a: 1");
    sandbox.write("config/b.yaml", "");
    symlink("../shared/a.yaml", sandbox.join("config/a.yaml")).unwrap();
    let read = |tree: Tree| {
        let found = files::walk(&tree, "", &yaml).unwrap().files;
        files::read_text(&tree, &found[0])
    };
    assert!(read(Tree::open(sandbox.join("config")).unwrap()).is_err());
    assert_eq!(read(Tree::within(sandbox.join("config"), sandbox.path()).unwrap()).unwrap(), "a: 1");
    let elsewhere = Sandbox::new();
    assert!(read(Tree::within(sandbox.join("config"), elsewhere.path()).unwrap()).is_err());
}

#[test]
fn pipes_and_names_that_are_not_text_are_problems() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let made = std::process::Command::new("mkfifo").arg(sandbox.join("pipe.yaml")).status().unwrap();
    assert!(made.success());
    fs::write(sandbox.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.yaml")), "").unwrap();
    let walked = files::walk(&open(&sandbox), "", &yaml).unwrap();
    assert!(walked.files.is_empty());
    let findings = walked.problems.iter().map(|problem| problem.finding("jobs"));
    let mut problems: Vec<_> = findings.map(|finding| (finding.rule, finding.file)).collect();
    problems.sort_unstable();
    let expected = [("name-not-text", "jobs/caf\u{fffd}.yaml"), ("not-a-file", "jobs/pipe.yaml")];
    assert_eq!(problems, expected.map(|(rule, file)| (rule, file.to_owned())));
}

#[test]
fn nesting_has_an_end() {
    let sandbox = Sandbox::new();
    let mut deep = String::from("a.yaml");
    for _ in 0..100 {
        deep.insert_str(0, "d/");
    }
    sandbox.write(&deep, "");
    let walked = files::walk(&open(&sandbox), "", &yaml).unwrap();
    assert!(walked.files.is_empty());
    assert!(matches!(&walked.problems[..], [Obstacle { error: Error::TooDeep(_), .. }]));
}

#[test]
fn a_huge_file_is_refused_unread() {
    let sandbox = Sandbox::new();
    fs::File::create(sandbox.join("huge.yaml")).unwrap().set_len(100 << 20).unwrap();
    let error = read(&sandbox, "huge.yaml").unwrap_err();
    assert!(matches!(error, Error::TooLarge(_)));
    assert_eq!(error.finding("huge.yaml").message, "the file is larger than 8 MiB");
}

#[test]
fn packed_files_are_unpacked_within_bounds() {
    let sandbox = Sandbox::new();
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    sandbox.write("packed.yaml", pack(b"a: 1\n"));
    sandbox.write("twice.yaml", [pack(b"a: 1\n"), pack(b"b: 2\n")].concat());
    sandbox.write("bomb.yaml", pack(&vec![b'#'; usize::try_from(MAX_BYTES).unwrap() + 1]));
    sandbox.write("torn.yaml", &pack(b"a: 1\n")[..12]);
    assert_eq!(read(&sandbox, "packed.yaml").unwrap(), "a: 1\n");
    assert_eq!(read(&sandbox, "twice.yaml").unwrap(), "a: 1\nb: 2\n");
    assert!(matches!(read(&sandbox, "bomb.yaml"), Err(Error::TooLarge(_))));
    assert!(matches!(read(&sandbox, "torn.yaml"), Err(Error::Read(..))));
}

#[test]
fn text_is_utf_8_or_utf_16_with_its_mark() {
    let sandbox = Sandbox::new();
    let wide = |order: fn(u16) -> [u8; 2]| "\u{feff}a: é😀\n".encode_utf16().flat_map(order).collect::<Vec<_>>();
    sandbox.write("little.yaml", wide(u16::to_le_bytes));
    sandbox.write("big.yaml", wide(u16::to_be_bytes));
    sandbox.write("latin.yaml", b"a: caf\xe9\n");
    sandbox.write("half.yaml", b"\xff\xfea");
    // The mark stays, as it does in UTF-8.
    assert_eq!(read(&sandbox, "little.yaml").unwrap(), "\u{feff}a: é😀\n");
    assert_eq!(read(&sandbox, "big.yaml").unwrap(), "\u{feff}a: é😀\n");
    assert!(matches!(read(&sandbox, "latin.yaml"), Err(Error::NotText(_, 6))));
    assert!(matches!(read(&sandbox, "half.yaml"), Err(Error::NotText(..))));
}

#[test]
fn permissions_stay_and_new_files_may_be_shared_with_the_group() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("a.yaml", "old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    files::replace(&open(&sandbox), &path, b"new").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);

    let fresh = sandbox.join("o/r/new.yaml");
    assert_eq!(files::replace(&open(&sandbox), &fresh, b"new").unwrap(), Written::Created);
    let umask = umask();
    assert_eq!(fs::metadata(&fresh).unwrap().mode() & 0o7777, 0o664 & !umask);
}

/// The bits that this process takes from new files.
fn umask() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("Umask:")).unwrap();
    u32::from_str_radix(line.trim(), 8).unwrap()
}

#[test]
fn a_link_is_written_through_and_never_out_of_the_tree() {
    let outside = Sandbox::new();
    let secret = outside.write("secret.yaml", "secret");
    let sandbox = Sandbox::new();
    sandbox.write("data/a.yaml", "old");
    symlink("data/a.yaml", sandbox.join("inside.yaml")).unwrap();
    symlink(&secret, sandbox.join("outside.yaml")).unwrap();
    symlink(outside.path(), sandbox.join("away")).unwrap();
    let tree = open(&sandbox);
    files::replace(&tree, &sandbox.join("inside.yaml"), b"new").unwrap();
    assert_eq!(sandbox.read("data/a.yaml"), "new");
    assert!(sandbox.join("inside.yaml").is_symlink());
    assert!(matches!(files::replace(&tree, &sandbox.join("outside.yaml"), b"new"), Err(Error::Outside(_))));
    assert!(matches!(files::replace(&tree, &sandbox.join("away/new.yaml"), b"new"), Err(Error::Outside(_))));
    assert!(matches!(files::replace(&tree, &sandbox.join("away/o/r/new.yaml"), b"new"), Err(Error::Outside(_))));
    assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "nothing was made outside");
}

#[test]
fn removing_takes_the_link_and_not_its_target() {
    let sandbox = Sandbox::new();
    sandbox.write("data/a.yaml", "kept");
    symlink("data/a.yaml", sandbox.join("a.yaml")).unwrap();
    files::remove(&sandbox.join("a.yaml")).unwrap();
    files::remove(&sandbox.join("a.yaml")).unwrap();
    assert_eq!(sandbox.read("data/a.yaml"), "kept");
}

#[test]
fn a_write_that_fails_leaves_the_old_file_and_no_litter() {
    let sandbox = Sandbox::new();
    sandbox.write("a.yaml/inside", "");
    // A directory cannot be replaced by a file, which shows only at the rename.
    let error = files::replace(&open(&sandbox), &sandbox.join("a.yaml"), b"new").unwrap_err();
    assert!(matches!(error, Error::Write(..)));
    let names: Vec<String> = crate::support::tree(sandbox.path(), |_| true).into_keys().collect();
    assert_eq!(names, ["a.yaml/inside"]);
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    // A file size limit is the nearest thing to a full disk that every machine has.
    let sandbox = Sandbox::sample();
    let before = crate::support::tree(sandbox.path(), |_| true);
    let script = "ulimit -f 4; trap '' XFSZ; exec \"$0\" jobs";
    let ran = std::process::Command::new("bash")
        .args(["-c", script, crate::support::binary("cutwater")])
        .current_dir(sandbox.path())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(2), "{}", String::from_utf8_lossy(&ran.stderr));
    let finished = Sandbox::sample();
    finished.run("cutwater", &["jobs"]);
    let complete = crate::support::tree(finished.path(), |_| true);
    for (name, bytes) in crate::support::tree(sandbox.path(), |_| true) {
        let old = before.get(&name) == Some(&bytes);
        let new = complete.get(&name) == Some(&bytes);
        assert!(old || new, "{name} is neither old nor new: {} bytes", bytes.len());
    }
}

#[test]
fn leftovers_of_a_killed_run_are_removed_by_the_next_that_writes() {
    let prowgen = ["--from-dir=ci-operator/config", "--to-dir=ci-operator/jobs"];
    let clusters = "--config-path=core-services/sanitize-prow-jobs/_config.yaml";
    let sanitize = ["--prow-jobs-dir=ci-operator/jobs", clusters];
    let sub_dir = [&sanitize[..], &["acme"]].concat();
    let cases: [(&str, &[&str], bool); 6] = [
        ("cutwater", &["jobs"], true),
        ("cutwater", &["jobs", "ci-operator/config/acme"], true),
        ("cutwater", &["jobs", "--check"], false),
        ("ci-operator-prowgen", &prowgen, true),
        ("sanitize-prow-jobs", &sanitize, true),
        ("sanitize-prow-jobs", &sub_dir, true),
    ];
    for (program, arguments, removed) in cases {
        let sandbox = Sandbox::sample();
        // A spare lies in the directory itself, other temporary files beside their targets.
        let left = ["ci-operator/jobs/.cutwater-a1B2c3.tmp", "ci-operator/jobs/acme/webshop/.cutwater-x1y2z3.tmp"];
        for name in left {
            sandbox.write(name, "presubmits: {}\n");
        }
        let kept = ["ci-operator/jobs/acme/webshop/.cutwater.tmp", "ci-operator/jobs/acme/webshop/.theirs.tmp"];
        for name in kept {
            sandbox.write(name, "theirs");
        }
        let alive = fs::File::create(sandbox.join("ci-operator/jobs/acme/.cutwater-alive1.tmp")).unwrap();
        alive.lock().unwrap();
        sandbox.run(program, arguments);
        for name in left {
            assert_eq!(sandbox.join(name).exists(), !removed, "{program} {arguments:?}: {name}");
        }
        for name in kept {
            assert!(sandbox.join(name).exists(), "{program} {arguments:?}: {name}");
        }
        assert!(sandbox.join("ci-operator/jobs/acme/.cutwater-alive1.tmp").exists(), "{program}: it is still written");
    }
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let sandbox = Sandbox::new();
    let path: &Path = sandbox.path();
    let first = Lock::exclusive(path, || panic!("nobody else is here")).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| Lock::exclusive(path, || tell.send(()).unwrap()).map(drop));
        told.recv().unwrap();
        assert!(!second.is_finished());
        drop(first);
        second.join().unwrap().unwrap();
    });
    let reader = Lock::shared(path, || panic!("readers do not wait for readers")).unwrap();
    let _another = Lock::shared(path, || panic!("readers do not wait for readers")).unwrap();
    drop(reader);
}
