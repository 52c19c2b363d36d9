//! The bytes of a file, which many ConfigMaps may hold, and what they become packed.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::value::Value;

/// The bytes of a file. Copies share them, and share the packed value: each file is packed once, whether to be weighed or to
/// be written, and however many clusters it goes to.
#[derive(Clone, Debug, Default)]
pub struct Content {
    bytes: Arc<[u8]>,
    packed: Arc<OnceLock<Value>>,
}

impl Content {
    /// The value that holds them as they are.
    pub fn plain(&self) -> Value {
        Value::of(Arc::clone(&self.bytes))
    }

    /// The value that holds them packed.
    pub fn packed(&self) -> &Value {
        self.packed.get_or_init(|| Value::packed(&self.bytes))
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Content {}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), packed: Arc::default() }
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_packed_once() {
        let content = Content::from(&b"text"[..]);
        let copy = content.clone();
        let (Value::Binary(one), Value::Binary(other)) = (content.packed(), copy.packed()) else { panic!() };
        assert!(Arc::ptr_eq(one, other) && content.packed().holds(b"text", true));
        assert_eq!(content, Content::from(b"text".to_vec()), "whether or not it was packed");
    }
}
