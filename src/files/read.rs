//! A file's bytes and text, within bounds.
//!
//! Files that start like gzip are unpacked, as the reference does where it reads a config, a job file, a step or the
//! dispatcher's configuration. The build clusters and the cluster profiles it reads as they stand.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::{Entry, Error, Tree};

/// No file, and nothing a file unpacks to, may be larger. The largest job file known has 2.2 MB.
pub const MAX_BYTES: u64 = 8 << 20;

/// The bytes of a file that a walk found, unpacked when they are gzip.
pub fn read(tree: &Tree, entry: &Entry) -> Result<Vec<u8>, Error> {
    unpacked(&entry.path, read_as_it_stands(tree, entry)?)
}

/// The bytes of a file that a walk found.
pub fn read_as_it_stands(tree: &Tree, entry: &Entry) -> Result<Vec<u8>, Error> {
    if let Some(bytes) = tree.instead(&entry.path) {
        return Ok(bytes.clone());
    }
    let target = if entry.link { Cow::Owned(tree.follow(&entry.path)?) } else { Cow::Borrowed(&*entry.path) };
    bytes(&entry.path, &target)
}

/// The text of a file that a walk found.
pub fn read_text(tree: &Tree, entry: &Entry) -> Result<String, Error> {
    text(&entry.path, read(tree, entry)?)
}

/// As [`read_text`], for a file that may not be gzip.
pub fn read_text_as_it_stands(tree: &Tree, entry: &Entry) -> Result<String, Error> {
    text(&entry.path, read_as_it_stands(tree, entry)?)
}

/// The text of a file that the user named, unpacked when it is gzip; a link is followed wherever it leads.
pub fn read_given(path: &Path) -> Result<String, Error> {
    text(path, unpacked(path, given_bytes(path)?)?)
}

/// As [`read_given`], for a file that may not be gzip.
pub fn read_given_as_it_stands(path: &Path) -> Result<String, Error> {
    text(path, given_bytes(path)?)
}

/// The text that bytes from elsewhere are, unpacked when they are gzip, within the bounds of files; `path` is what an error
/// names.
pub fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String, Error> {
    text(path, unpacked(path, within_bounds(path, bytes)?)?)
}

/// The text of a file that stands there as it is: no link, not packed, and in UTF-8. Nothing for any other.
pub fn read_plain(path: &Path) -> Result<Option<String>, Error> {
    if path.is_symlink() {
        return Ok(None);
    }
    Ok(String::from_utf8(given_bytes(path)?).ok())
}

/// The size of a file that a walk found, as it lies on the disk; 0 for one that is not there.
pub fn size(entry: &Entry) -> u64 {
    entry.path.metadata().map_or(0, |about| about.len())
}

fn given_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let target = path.canonicalize().map_err(|cause| Error::Read(path.to_owned(), cause))?;
    bytes(path, &target)
}

/// A text, and whether it was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// The text.
    pub text: String,
    /// Whether the file holds it as gzip.
    pub was_packed: bool,
}

impl Unpacked {
    /// The text of a file that a walk found.
    pub fn read(tree: &Tree, entry: &Entry) -> Result<Self, Error> {
        Self::of(&entry.path, read_as_it_stands(tree, entry)?)
    }

    /// The text of a file that the user named; a link is followed wherever it leads.
    pub fn read_given(path: &Path) -> Result<Self, Error> {
        Self::of(path, given_bytes(path)?)
    }

    fn of(path: &Path, bytes: Vec<u8>) -> Result<Self, Error> {
        let was_packed = bytes.starts_with(b"\x1f\x8b");
        Ok(Self { text: text(path, unpacked(path, bytes)?)?, was_packed })
    }
}

/// Reads what `target` holds, no link any more; `path` is what an error names.
fn bytes(path: &Path, target: &Path) -> Result<Vec<u8>, Error> {
    let failed = |cause| Error::Read(path.to_owned(), cause);
    let mut file = match open(target) {
        Ok(file) => file,
        // A socket cannot be opened at all.
        Err(_) if is_special(target) => return Err(Error::NotFile(path.to_owned())),
        Err(cause) => return Err(failed(cause)),
    };
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    if !about.is_file() {
        return Err(Error::NotFile(path.to_owned()));
    }
    if about.len() > MAX_BYTES {
        return Err(Error::TooLarge(path.to_owned()));
    }
    // One byte more than there should be, so that the end is seen without growing the buffer.
    let size = usize::try_from(about.len()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(size + 1);
    file.by_ref().take(about.len()).read_to_end(&mut bytes).map_err(failed)?;
    // Where it is as long as it says nobody need ask whether there is more; some files say that they are empty and are not.
    if bytes.len() != size || size == 0 {
        file.by_ref().take(MAX_BYTES + 1 - bytes.len() as u64).read_to_end(&mut bytes).map_err(failed)?;
    }
    within_bounds(path, bytes)
}

fn is_special(target: &Path) -> bool {
    target.symlink_metadata().is_ok_and(|about| !about.is_file() && !about.is_dir() && !about.is_symlink())
}

/// Opens without waiting: a pipe opens though nobody writes to it, and is refused for what it is.
fn open(target: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(target)
}

fn unpacked(path: &Path, found: Vec<u8>) -> Result<Vec<u8>, Error> {
    if !found.starts_with(b"\x1f\x8b") {
        return Ok(found);
    }
    let mut bytes = Vec::new();
    MultiGzDecoder::new(&*found)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| Error::Read(path.to_owned(), cause))?;
    within_bounds(path, bytes)
}

fn within_bounds(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    if bytes.len() as u64 > MAX_BYTES { Err(Error::TooLarge(path.to_owned())) } else { Ok(bytes) }
}

/// UTF-8, or UTF-16 with its mark, which the reference's YAML reader takes as well.
fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Error> {
    let wide = match bytes.get(..2) {
        Some([0xff, 0xfe]) => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        Some([0xfe, 0xff]) => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    let Some(wide) = wide else {
        return String::from_utf8(bytes)
            .map_err(|error| Error::NotText(path.to_owned(), error.utf8_error().valid_up_to()));
    };
    // The mark stays, as it does in UTF-8.
    let (units, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().map(|unit| wide(*unit))).collect::<Result<String, _>>();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(Error::NotText(path.to_owned(), 2)),
    }
}
