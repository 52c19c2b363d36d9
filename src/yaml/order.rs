//! The canonical order of keys.
use std::cmp::Ordering;
/// Orders keys canonically.
pub fn natural_cmp(left: &str, right: &str) -> Ordering {
    left.cmp(right)
}
