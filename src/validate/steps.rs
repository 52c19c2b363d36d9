//! Rules for the steps of multi-stage tests.

use super::rule::rules;

rules! {}
