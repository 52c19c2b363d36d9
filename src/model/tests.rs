//! What holds for every record of the model.

use super::config::{ProjectDirectoryImageBuildStepConfiguration, ReleaseBuildConfiguration, TestStep};
use super::job::Presubmit;
use super::tekton::{EmbeddedTask, PipelineRunSpec};
use crate::yaml::codec::{Strictness, read};
use crate::yaml::parse::parse;
use crate::yaml::record::Record;

#[test]
fn every_key_leads_to_its_field() {
    fn check<R: Record>() {
        for (key, position) in &R::order().fields {
            assert_eq!(R::position(key), Some(*position), "{key}");
        }
    }
    check::<ReleaseBuildConfiguration>();
    check::<ProjectDirectoryImageBuildStepConfiguration>();
    check::<TestStep>();
    check::<Presubmit>();
    check::<EmbeddedTask>();
}

#[test]
fn types_within_themselves_are_read_to_a_bounded_depth() {
    let text = format!("pipelineSpec: {}{{}}{}\n", "{tasks: [{pipelineSpec: ".repeat(2_000), "}]}".repeat(2_000));
    let tree = parse(&text).unwrap();
    assert!(read::<PipelineRunSpec>(&tree, Strictness::Lenient).is_err());
}
