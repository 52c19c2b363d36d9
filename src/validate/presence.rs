//! Whether a field is there at all, where that differs from being empty.

use crate::model::config::{
    InputConfiguration, MultiStageTestConfiguration, MultiStageTestConfigurationLiteral, Secret,
    TestStepConfiguration,
};

/// Whether `base_rpm_images` is there, empty or not.
pub fn has_base_rpm_images(input: &InputConfiguration) -> bool {
    !input.base_rpm_images.is_empty()
}

/// Whether a test's `secrets` is there, empty or not.
pub fn has_secrets(test: &TestStepConfiguration) -> bool {
    !test.secrets.is_empty()
}

/// The values a test gives to parameters, where `env` is there, empty or not.
pub fn environment(steps: &MultiStageTestConfiguration) -> Option<&std::collections::BTreeMap<String, String>> {
    (!steps.env.is_empty()).then_some(&steps.env)
}

/// See [`environment`].
pub fn literal_environment(
    steps: &MultiStageTestConfigurationLiteral,
) -> Option<&std::collections::BTreeMap<String, String>> {
    (!steps.env.is_empty()).then_some(&steps.env)
}

/// The items of a test's `secrets`.
pub fn secrets(test: &TestStepConfiguration) -> &[Option<Secret>] {
    &test.secrets
}
