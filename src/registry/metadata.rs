//! Metadata files of the registry as JSON text, the way Go indents and escapes it.

use std::fmt::Write;

use crate::model::config::RegistryInfo;

/// The text of a metadata file.
pub fn metadata_text(info: &RegistryInfo) -> String {
    let owners = &info.owners;
    let lists = [
        ("approvers", &owners.approvers),
        ("reviewers", &owners.reviewers),
        ("required_reviewers", &owners.required_reviewers),
        ("labels", &owners.labels),
    ];
    let lists: Vec<String> = lists
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(key, names)| {
            let names: Vec<String> = names.iter().map(|name| format!("\t\t\t{}", quoted(name))).collect();
            format!("\t\t\"{key}\": [\n{}\n\t\t]", names.join(",\n"))
        })
        .collect();
    let owners = if lists.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n\t}}", lists.join(",\n")) };
    format!("{{\n\t\"path\": {},\n\t\"owners\": {owners}\n}}", quoted(&info.path))
}

/// A JSON string. Go escapes what HTML and JavaScript could misread.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::OwnersConfig;

    #[test]
    fn metadata_have_the_form_of_go() {
        let approvers = vec!["ada".to_owned(), "<b&c>\"\u{1}".to_owned()];
        let owners = OwnersConfig { approvers, labels: vec!["x".into()], ..OwnersConfig::default() };
        let text = metadata_text(&RegistryInfo { path: "a/a-ref.yaml".into(), owners });
        assert_eq!(
            text,
            "{\n\t\"path\": \"a/a-ref.yaml\",\n\t\"owners\": {\n\t\t\"approvers\": [\n\t\t\t\"ada\",\n\t\t\t\"\\u003cb\\u0026c\\u003e\\\"\\u0001\"\n\t\t],\n\t\t\"labels\": [\n\t\t\t\"x\"\n\t\t]\n\t}\n}"
        );
        let text = metadata_text(&RegistryInfo { path: "a".into(), ..RegistryInfo::default() });
        assert_eq!(text, "{\n\t\"path\": \"a\",\n\t\"owners\": {}\n}");
    }
}
