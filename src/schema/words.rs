//! Titles and descriptions, from names and doc comments.

/// A type's name in words: `HTTPGetAction` is `HTTP get action`.
pub fn title(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && letters.get(at - 1).is_some_and(|before| !before.is_uppercase());
        let before_lower = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() || !(after_lower || before_lower) => word.push(*letter),
            _ => words.push(letter.to_string()),
        }
    }
    let is_acronym = |word: &str| word.len() > 1 && !word.chars().any(char::is_lowercase);
    for word in words.iter_mut().skip(1).filter(|word| !is_acronym(word)) {
        *word = word.to_lowercase();
    }
    words.join(" ").replace("Git hub", "GitHub")
}

/// A doc comment as running text: lines joined, paragraphs kept, links to items made plain.
pub fn words(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.trim();
        if line.is_empty() {
            out.push_str("\n\n");
        } else {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push(' ');
            }
            out.push_str(line);
        }
    }
    out.replace("[`", "`").replace("`]", "`").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_names_in_words() {
        for (name, expected) in [
            ("Bundle", "Bundle"),
            ("HTTPGetAction", "HTTP get action"),
            ("ImageStreamTagReference", "Image stream tag reference"),
            ("StepDNSConfig", "Step DNS config"),
            ("GitHubTeamSlug", "GitHub team slug"),
            ("PodOS", "Pod OS"),
        ] {
            assert_eq!(title(name), expected);
        }
    }

    #[test]
    fn lines_are_joined_and_paragraphs_stay() {
        assert_eq!(words(&[" One", " line: [`Type`].", "", " Two."]), "One line: `Type`.\n\nTwo.");
    }
}
