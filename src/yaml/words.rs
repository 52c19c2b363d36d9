//! Eight bytes at a time over what needs no look: most of a job file is letters.

/// The place of the first byte from `at` on that is not known to be ordinary: it may be a space, a colon, a hash, a
/// control character or no ASCII. It may also be an ordinary byte, less than eight before the end.
pub(super) fn skip_ordinary(bytes: &[u8], mut at: usize) -> usize {
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let stop = special(u64::from_le_bytes(*eight));
        if stop != 0 {
            return at + stop.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The high bit of each byte that is below `!`, a colon, a hash, DEL or above; the lowest set bit is exact, those above it may
/// be wrong.
const fn special(eight: u64) -> u64 {
    let low = eight.wrapping_sub(ONES * 0x21) & !eight;
    let colon = eight ^ (ONES * b':' as u64);
    let colon = colon.wrapping_sub(ONES) & !colon;
    let hash = eight ^ (ONES * b'#' as u64);
    let hash = hash.wrapping_sub(ONES) & !hash;
    let delete = eight ^ (ONES * 0x7f);
    let delete = delete.wrapping_sub(ONES) & !delete;
    (low | colon | hash | delete | eight) & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_the_first_byte_that_needs_a_look() {
        for place in 0..24 {
            for byte in 0..=255u8 {
                let mut text = [b'x'; 24];
                text[place] = byte;
                let is_ordinary = matches!(byte, b'!'..=b'~') && !matches!(byte, b':' | b'#');
                let expected = if is_ordinary { 24 } else { place };
                assert_eq!(skip_ordinary(&text, 0), expected, "byte {byte} at {place}");
            }
        }
    }

    #[test]
    fn the_last_few_bytes_are_left() {
        assert_eq!(skip_ordinary(b"abcdefghijk", 0), 8);
        assert_eq!(skip_ordinary(b"abc", 1), 1);
        assert_eq!(skip_ordinary(b"abc", 9), 9);
    }
}
