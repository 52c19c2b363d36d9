//! Rules for the configuration as a whole: that there is something to do, and the build commands.

use super::findings::Findings;
use super::place::Place;
use crate::diagnostic::rule::rules;
use crate::model::config::ReleaseBuildConfiguration;

rules! {
    NOTHING_TO_DO = "nothing-to-do",
        "there is no test, no image and nothing to promote",
        "No job is made of it, so nothing ever runs.",
        "add a test or an image, or remove the file";
    RPM_LOCATION_WITHOUT_COMMANDS = "rpm-location-without-commands",
        "a place for RPMs is given, and no commands that build them",
        "Nothing would ever lie in that place.",
        "add rpm_build_commands, or remove rpm_build_location";
    BASE_RPM_IMAGES_WITHOUT_COMMANDS = "base-rpm-images-without-commands",
        "base_rpm_images is there, and no commands that build RPMs",
        "The RPM repositories put into these images come from the RPM build, and there is none.",
        "add rpm_build_commands, or move the images to base_images";
    NEEDLESS_GO_REPOSITORY = "needless-go-repository",
        "canonical_go_repository says what holds anyway",
        "The path is github.com/ORG/REPO anyway; saying it again goes wrong when the file is copied or the repository moves.",
        "remove canonical_go_repository";
    MERGED_FIELD_SET = "merged-field-set",
        "a field is set that only merged configurations have",
        "These lists are made when configs of several repositories are merged; set by hand they are overwritten.",
        "use the field without _list in its name";
}

/// Checks what concerns the configuration as a whole.
pub fn check_commands(config: &ReleaseBuildConfiguration, org: &str, repo: &str, out: &mut Findings) {
    let root = Place::ROOT;
    let promotes = config.promotion.as_ref().is_some_and(|promotion| !promotion.to.is_empty());
    if config.tests.is_empty() && config.images.items.is_empty() && !promotes {
        let message = format_args!("you must define at least one test or image build in 'tests' or 'images'");
        out.says(&NOTHING_TO_DO, &root, message);
    }
    check_rpms(config, out);
    if let Some(repository) = &config.canonical_go_repository
        && !org.is_empty()
        && !repo.is_empty()
        && repository.strip_prefix("github.com/").and_then(|rest| rest.split_once('/')) == Some((org, repo))
    {
        let message = format_args!("'canonical_go_repository' provides the default location, so is unnecessary");
        out.says(&NEEDLESS_GO_REPOSITORY, &root.key("canonical_go_repository"), message);
    }
    let merged = [
        ("binary_build_commands_list", config.binary_build_commands_list.is_empty()),
        ("test_binary_build_commands_list", config.test_binary_build_commands_list.is_empty()),
        ("rpm_build_commands_list", config.rpm_build_commands_list.is_empty()),
        ("rpm_build_location_list", config.rpm_build_location_list.is_empty()),
    ];
    if let Some((field, _)) = merged.iter().find(|(_, is_empty)| !is_empty) {
        let message = format_args!(
            "it is not permissible to directly set: ‘binary_build_commands_list’, ‘test_binary_build_commands_list’, \
             ‘rpm_build_commands_list’, or ‘rpm_build_location_list’"
        );
        out.says(&MERGED_FIELD_SET, &root.key(field), message);
    }
}

fn check_rpms(config: &ReleaseBuildConfiguration, out: &mut Findings) {
    let root = Place::ROOT;
    if !config.rpm_build_location.is_empty() && config.rpm_build_commands.is_empty() {
        let message = format_args!("'rpm_build_location' defined but no 'rpm_build_commands' found");
        out.says(&RPM_LOCATION_WITHOUT_COMMANDS, &root.key("rpm_build_location"), message);
    }
    if !config.rpm_build_location_list.is_empty() && config.rpm_build_commands_list.is_empty() {
        let message = format_args!("'rpm_build_location_list' defined but no 'rpm_build_commands_list' found");
        out.says(&RPM_LOCATION_WITHOUT_COMMANDS, &root.key("rpm_build_location_list"), message);
    }
    if config.input_configuration.base_rpm_images.as_option().is_some()
        && config.rpm_build_commands.is_empty()
        && config.rpm_build_commands_list.is_empty()
    {
        let message =
            format_args!("'base_rpm_images' defined but no 'rpm_build_commands' or 'rpm_build_commands_list' found");
        out.says(&BASE_RPM_IMAGES_WITHOUT_COMMANDS, &root.key("base_rpm_images"), message);
    }
}
