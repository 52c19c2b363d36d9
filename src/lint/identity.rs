//! Metadata in a config's text against the file's path: what a copied file keeps of the one it was copied from.

use super::findings::Findings;
use crate::diagnostic::KeyPath;
use crate::diagnostic::rule::rules;
use crate::model::config::Metadata;
use crate::validate::quoted;

rules! {
    COPIED_METADATA = warning "copied-metadata",
        "the metadata in a config say something else than its path",
        "Jobs are made by the path, while ci-operator and checks go by the metadata: it builds and promotes as another file.",
        "let determinize-ci-operator write zz_generated_metadata anew";
}

/// Checks the metadata in the text, where there are any.
pub(super) fn check_metadata(written: &Metadata, identity: &Metadata, out: &mut Findings) {
    if *written == Metadata::default() {
        return;
    }
    let fields = [
        ("org", &written.org, &identity.org),
        ("repo", &written.repo, &identity.repo),
        ("branch", &written.branch, &identity.branch),
        ("variant", &written.variant, &identity.variant),
    ];
    for (key, written, meant) in fields.into_iter().filter(|(_, written, meant)| written != meant) {
        let message = match (written.is_empty(), meant.is_empty()) {
            (true, _) => format!("the metadata have no {key}, and by its path the file is for {}", quoted(meant)),
            (_, true) => format!("the {key} is {} here, and by its path the file has none", quoted(written)),
            _ => format!("the {key} is {} here, and {} by the file's path", quoted(written), quoted(meant)),
        };
        out.add(&COPIED_METADATA, KeyPath::root().key("zz_generated_metadata").key(key), message);
    }
}
