//! How small contents get as gzip, without keeping what is packed.
//!
//! Only sizes are asked for here: what is uploaded is packed by [`crate::upload::value`], and both have to agree byte for
//! byte on the length. [`super::size`] says what the sizes are good for.

use flate2::{Compress, Compression, FlushCompress, Status};

/// Packs one content after the other to learn how small each gets. To make a packer takes as long as to pack a small file.
#[derive(Debug)]
pub struct Packer {
    compress: Compress,
    /// Where packed bytes go, which nobody reads.
    packed: Vec<u8>,
}

/// So many files at least are best packed by one packer.
pub const PACKED_AT_ONCE: usize = 16;

/// Bytes before and after what is packed: the shortest head that gzip knows, checksum and length.
const GZIP_FRAME: u64 = 10 + 8;

impl Default for Packer {
    fn default() -> Self {
        Self { compress: Compress::new(Compression::default(), false), packed: vec![0; 64 << 10] }
    }
}

impl Packer {
    /// Bytes of a content as gzip.
    pub fn size(&mut self, content: &[u8]) -> u64 {
        self.compress.reset();
        loop {
            let done = usize::try_from(self.compress.total_in()).unwrap_or(usize::MAX);
            let rest = content.get(done..).unwrap_or_default();
            match self.compress.compress(rest, &mut self.packed, FlushCompress::Finish) {
                Ok(Status::Ok) => {}
                // Packing into a buffer with room does not fail.
                Ok(Status::StreamEnd | Status::BufError) | Err(_) => break,
            }
        }
        self.compress.total_out() + GZIP_FRAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_packer_packs_many_as_gzip_does() {
        use std::io::Write;
        let mut packer = Packer::default();
        // Neither text that repeats nor noise, and more of it than goes into one block.
        let mut seed = 7_u32;
        let mut letter = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"abcdefgh: -\n"[(seed >> 24) as usize % 12]
        };
        for length in [0, 1, 1000, 300 << 10, 20, 1 << 20] {
            let content: Vec<u8> = (0..length).map(|_| letter()).collect();
            let mut whole = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
            whole.write_all(&content).unwrap();
            assert_eq!(packer.size(&content), whole.finish().unwrap().len() as u64, "{length}");
        }
    }
}
