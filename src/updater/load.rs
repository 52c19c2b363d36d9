//! What keys and values weigh, and how much of it a server takes.
//!
//! [`Load`] sums up what a ConfigMap weighs against three [`LIMITS`]; [`Weight`] is that of a single value, as it is stored or as
//! it will be. [`super::size`] says what to do about a ConfigMap that is too heavy.

use super::packer::Packer;

/// What a server measures.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is measured.
    pub of: &'static str,
    /// The most that is taken, in bytes.
    pub most: u64,
    weight: fn(&Load) -> u64,
}

/// The limits, the one that is reached first in practice first: Kubernetes on values, Kubernetes on requests, etcd.
pub const LIMITS: [Limit; 3] = [
    Limit { of: "values", most: 1 << 20, weight: |load| load.values },
    Limit { of: "the request", most: 3 << 20, weight: |load| load.request },
    Limit { of: "the stored object", most: 3 << 19, weight: |load| load.stored },
];

/// A ConfigMap without content: names, labels and who wrote it.
const BARE: u64 = 1024;

/// What a value weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Bytes of the value.
    pub value: u64,
    /// Bytes of it in a request: text with its escapes, anything else in base 64.
    pub request: u64,
}

impl Weight {
    /// A file's content, packed where there is a packer.
    pub fn of(content: &[u8], packer: Option<&mut Packer>) -> Self {
        if let Some(packer) = packer {
            return Self::of_binary(packer.size(content));
        }
        match std::str::from_utf8(content) {
            Ok(_) => Self::stored(content, true),
            Err(_) => Self::stored(content, false),
        }
    }

    /// A value as it is stored, as text or as bytes.
    pub fn stored(value: &[u8], is_text: bool) -> Self {
        match is_text {
            true => Self { value: value.len() as u64, request: value.iter().copied().map(escaped).sum() },
            false => Self::of_binary(value.len() as u64),
        }
    }

    fn of_binary(value: u64) -> Self {
        Self { value, request: value.div_ceil(3) * 4 }
    }
}

/// Bytes in a JSON string as Go and others write it.
fn escaped(byte: u8) -> u64 {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..=0x1f | b'<' | b'>' | b'&' => 6,
        _ => 1,
    }
}

/// What a ConfigMap weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Bytes of all values.
    pub values: u64,
    /// Bytes of a request that writes it.
    pub request: u64,
    /// Bytes of the stored object, the record of who owns which key among them.
    pub stored: u64,
}

impl Load {
    /// The load of keys and their values.
    pub fn of<'k>(items: impl IntoIterator<Item = (&'k str, Weight)>) -> Self {
        let mut load = Self { values: 0, request: BARE, stored: BARE };
        for (key, weight) in items {
            let key = key.len() as u64;
            load.values += weight.value;
            load.request += key + 6 + weight.request;
            load.stored += 2 * key + 16 + weight.value;
        }
        load
    }

    /// Whether a server takes it.
    pub fn fits(&self) -> bool {
        let (limit, used) = self.tightest();
        used <= limit.most
    }

    /// Whether that deserves a warning.
    pub fn is_near(&self) -> bool {
        let (limit, used) = self.tightest();
        is_near(used, limit.most)
    }

    /// The limit that is reached first, and how much of it is used.
    pub fn tightest(&self) -> (Limit, u64) {
        let mut best = (LIMITS[0], (LIMITS[0].weight)(self));
        for limit in LIMITS {
            let used = (limit.weight)(self);
            if u128::from(used) * u128::from(best.0.most) > u128::from(best.1) * u128::from(limit.most) {
                best = (limit, used);
            }
        }
        best
    }
}

/// Whether so much of so much deserves a warning.
pub(super) const fn is_near(used: u64, most: u64) -> bool {
    used * 5 > most * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_a_mebibyte_of_values_is_taken() {
        let load = |value| Load::of([("k", Weight { value, request: value })]);
        assert_eq!(load(1 << 20).tightest().0.of, "values");
        assert!(load(1 << 20).tightest().1 <= LIMITS[0].most);
        assert!(load((1 << 20) + 1).tightest().1 > LIMITS[0].most);
    }

    #[test]
    fn many_long_keys_fill_the_store_first() {
        let keys: Vec<String> = (0..5000).map(|at| format!("{at:075}")).collect();
        let load = Load::of(keys.iter().map(|key| (&**key, Weight { value: 209, request: 209 })));
        let (limit, used) = load.tightest();
        assert!(limit.of == "the stored object" && used > limit.most, "{limit:?} {used}");
    }

    #[test]
    fn escapes_fill_the_request_first() {
        let text = "\u{1}".repeat(600 << 10);
        let weight = Weight::of(text.as_bytes(), None);
        let (limit, used) = Load::of([("k", weight)]).tightest();
        assert!(limit.of == "the request" && used > limit.most, "{limit:?} {used}");
        let packed = Weight::of(text.as_bytes(), Some(&mut Packer::default()));
        assert!(packed.value < 2000);
    }

    #[test]
    fn bytes_that_are_no_text_travel_in_base_64() {
        assert_eq!(Weight::of(b"\xff\xff", None), Weight { value: 2, request: 4 });
        assert_eq!(Weight::of(b"a\"\n", None), Weight { value: 3, request: 5 });
    }
}
