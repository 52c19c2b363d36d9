//! Rules for the image that source is built in.

use super::findings::Findings;
use super::place::Place;
use super::tags::{Origin, Tags};
use crate::diagnostic::rule::rules;
use crate::model::config::{BuildRootImageConfiguration, ImageStreamTagReference, InputConfiguration};

rules! {
    BUILD_ROOTS_SET = "build-roots-set",
        "build_roots is set by hand",
        "Only merged configs have several build roots; set by hand, they would contradict build_root.",
        "use build_root";
    SEVERAL_BUILD_ROOTS = "several-build-roots",
        "the build root is given in more than one way",
        "Only one of them could be used, and which is not said.",
        "keep one of image_stream_tag, project_image and from_repository";
    EMPTY_BUILD_ROOT = "empty-build-root",
        "the build root is given in no way",
        "There is no image to clone the repository into, so nothing could be built.",
        "set image_stream_tag, project_image or from_repository: true";
    INCOMPLETE_BUILD_ROOT_TAG = "incomplete-build-root-tag",
        "the build root's image lacks namespace, name or tag",
        "An image stream tag is found by all three, so the build root could not be imported.",
        "set namespace, name and tag";
}

/// Checks `build_root` and `build_roots`.
pub fn check_build_roots<'a>(input: &'a InputConfiguration, tags: &mut Tags<'a>, out: &mut Findings) {
    let root = Place::ROOT;
    if let Some(build_root) = &input.build_root {
        let place = root.key("build_root");
        check_build_root(build_root, &place, out);
        tags.claim("root", Origin::Field("build_root"), &place, out);
    } else if !input.build_roots.is_empty() {
        let place = root.key("build_roots");
        let message = format_args!("it is not permissible to directly set: ‘build_roots’ directly in the config");
        out.says(&BUILD_ROOTS_SET, &place, message);
        for (reference, build_root) in &input.build_roots {
            check_build_root(build_root, &place.silent(reference), out);
            tags.claim_for("root", reference, Origin::Field("build_roots"), &place, out);
        }
    }
}

fn check_build_root(build_root: &BuildRootImageConfiguration, place: &Place<'_>, out: &mut Findings) {
    let (field, problem) = match (&build_root.project_image, &build_root.image_stream_tag, build_root.from_repository) {
        (Some(_), Some(_), _) => ("image_stream_tag", "image_stream_tag and project_image are mutually exclusive"),
        (Some(_), None, true) => ("from_repository", "project_image and from_repository are mutually exclusive"),
        (None, Some(_), true) => ("from_repository", "from_repository and image_stream_tag are mutually exclusive"),
        (None, None, false) => {
            let message = format_args!("you have to specify one of project_image, image_stream_tag or from_repository");
            return out.at(&EMPTY_BUILD_ROOT, place, message);
        }
        (None, Some(tag), false) => return check_tag(tag, &place.key("image_stream_tag"), out),
        _ => return,
    };
    out.at(&SEVERAL_BUILD_ROOTS, &place.silent(field), format_args!("{problem}"));
}

fn check_tag(tag: &ImageStreamTagReference, place: &Place<'_>, out: &mut Findings) {
    for (field, value) in [("namespace", &tag.namespace), ("name", &tag.name), ("tag", &tag.tag)] {
        if value.is_empty() {
            let message = format_args!("value required but not provided");
            out.at(&INCOMPLETE_BUILD_ROOT_TAG, &place.key(field), message);
        }
    }
}
