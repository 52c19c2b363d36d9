//! Values to canonical text.
