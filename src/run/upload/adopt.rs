//! Handing keys over that another program wrote, so that the next apply may change and remove them.

/// What is handed over.
pub struct Adoption;

/// Hands over.
pub fn adopt() -> Adoption {
    Adoption
}
