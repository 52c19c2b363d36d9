//! The answer of `git cat-file --batch`: of each object a line `NAME KIND SIZE`, its bytes, and an end of line.

/// Takes the next object off an answer: its kind and its bytes. Nothing where there is none, or not all of it.
pub fn next<'a>(answer: &mut &'a [u8]) -> Option<(&'a str, Vec<u8>)> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let (header, rest) = answer.split_at_checked(end)?;
    let mut words = std::str::from_utf8(header).ok()?.split(' ').skip(1);
    let (kind, size) = (words.next()?, words.next()?.parse().ok()?);
    let (bytes, rest) = rest.strip_prefix(b"\n")?.split_at_checked(size)?;
    *answer = rest.strip_prefix(b"\n")?;
    Some((kind, bytes.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_taken_apart() {
        let mut two = &b"1a blob 3\na\nb\n2b blob 0\n\n"[..];
        assert_eq!(next(&mut two), Some(("blob", b"a\nb".to_vec())));
        assert_eq!(next(&mut two), Some(("blob", Vec::new())));
        assert_eq!(next(&mut two), None);
        for mut broken in [&b"1a missing\n"[..], b"1a blob 9\na\n", b"1a blob 1\nab\n", b"1a", b"dangling 3\n../x\n"] {
            assert_eq!(next(&mut broken), None);
        }
    }
}
