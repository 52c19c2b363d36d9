//! Addresses, by what Go's URL parser takes and refuses.

/// Why a text is no address to Go, in its words.
pub fn problem(text: &str) -> Option<String> {
    parse(text).err().map(|why| format!("parse {text:?}: {why}"))
}

fn parse(text: &str) -> Result<(), String> {
    let (rest, fragment) = text.split_once('#').map_or((text, ""), |(rest, fragment)| (rest, fragment));
    if rest.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    unescape(fragment)?;
    if rest == "*" {
        return Ok(());
    }
    let (scheme, rest) = scheme(rest)?;
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    if !rest.starts_with('/') {
        if scheme.is_some() {
            // Opaque: nothing of it is looked at.
            return Ok(());
        }
        if rest.split('/').next().is_some_and(|first| first.contains(':')) {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    let hosted = rest.strip_prefix("//").filter(|_| scheme.is_some() || !rest.starts_with("///"));
    let path = match hosted {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            authority(&rest[..end])?;
            &rest[end..]
        }
        None => rest,
    };
    unescape(path)
}

fn scheme(text: &str) -> Result<(Option<&str>, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((Some(&text[..at]), &text[at + 1..])),
            _ => break,
        }
    }
    Ok((None, text))
}

fn authority(text: &str) -> Result<(), String> {
    let host = match text.rsplit_once('@') {
        Some((user, host)) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
            if !user.chars().all(plain) {
                return Err("net/url: invalid userinfo".into());
            }
            unescape(user)?;
            host
        }
        None => text,
    };
    let port = if host.starts_with('[') {
        let end = host.rfind(']').ok_or("missing ']' in host")?;
        &host[end + 1..]
    } else {
        host.rfind(':').map_or("", |colon| &host[colon..])
    };
    let digits = port.strip_prefix(':');
    if !(port.is_empty() || digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))) {
        return Err(format!("invalid port {port:?} after host"));
    }
    let allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    if let Some(bad) = host.chars().find(|c| !allowed(*c)) {
        return Err(format!("invalid character {:?} in host name", bad.to_string()));
    }
    if host.starts_with('[') {
        return Ok(());
    }
    if host.contains('[') {
        return Err("invalid IP-literal".into());
    }
    // In a host only the percent sign and what is not ASCII may be escaped.
    for (at, _) in host.match_indices('%') {
        if !escaped(&host[at..]).is_some_and(|byte| byte >= 0x80 || byte == b'%') {
            return Err(format!("invalid URL escape {:?}", host.get(at..at + 3).unwrap_or(&host[at..])));
        }
    }
    Ok(())
}

/// The byte that an escape at the beginning stands for.
fn escaped(text: &str) -> Option<u8> {
    let digits = text.get(1..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

fn unescape(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('%') {
        if escaped(&text[at..]).is_none() {
            let end = (at + 1..=at + 3).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
            return Err(format!("invalid URL escape {:?}", &text[at..end.min(text.len())]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn addresses_are_taken_and_refused_as_go_does() {
        for text in [
            "",
            "https://prow.example.com/view/",
            "gs/x",
            "mailto:a@b",
            "http://[::1]:80/",
            "//h/x",
            "*",
            "https://h:/x",
            "a%20b",
            "https://ü.example",
            "/a:b",
            "https://h?x=%zz",
            "http://a.b/c d",
            "x:y:z",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
        for (text, why) in [
            (":x", "missing protocol scheme"),
            ("1:b", "first path segment"),
            ("http://h:x/", "invalid port"),
            ("http://h%41/", "invalid URL escape"),
            ("http://a b/", "invalid character"),
            ("a%2", "invalid URL escape"),
            ("a\nb", "invalid control character"),
            ("http://[::1", "missing ']'"),
            ("http://a[b@h/", "invalid userinfo"),
        ] {
            assert!(problem(text).is_some_and(|said| said.contains(why)), "{text}: {:?}", problem(text));
        }
    }
}
