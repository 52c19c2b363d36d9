//! JSON whose objects keep the order in which they were made, so that a schema reads from the general to the detail.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// Null, as a value of an enumeration.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Several values.
    List(Vec<Json>),
    /// Values by name.
    Object(Object),
}

/// Values by name, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(Vec<(String, Json)>);

impl Object {
    /// An object of one entry.
    pub fn of(key: &str, value: impl Into<Json>) -> Self {
        Self::default().with(key, value)
    }

    /// The object with another entry.
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.set(key, value);
        self
    }

    /// Sets an entry, which keeps its place if it is there.
    pub fn set(&mut self, key: &str, value: impl Into<Json>) {
        let value = value.into();
        match self.0.iter_mut().find(|entry| entry.0 == key) {
            Some(entry) => entry.1 = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Puts all entries of another object behind those that are there.
    pub fn extend(&mut self, other: Self) {
        for (key, value) in other.0 {
            self.set(&key, value);
        }
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.0.iter().find(|entry| entry.0 == key).map(|entry| &entry.1)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Object> for Json {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl From<&[&str]> for Json {
    fn from(values: &[&str]) -> Self {
        Self::List(values.iter().map(|value| Self::from(*value)).collect())
    }
}

/// The text of a value, two spaces deeper at each level, with a line break at its end.
pub fn text(value: &Json) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Json, depth: usize, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => out.push_str(&number.to_string()),
        Json::Text(text) => write_text(text, out),
        Json::List(items) => {
            // Lists of texts are names and alternatives, which read well in a row.
            let flat = items.iter().all(|item| !matches!(item, Json::List(_) | Json::Object(_)));
            write_items(['[', ']'], items, flat, depth, out, |item, out| write(item, depth + 1, out));
        }
        Json::Object(Object(entries)) => {
            write_items(['{', '}'], entries, false, depth, out, |(key, value), out| {
                write_text(key, out);
                out.push_str(": ");
                write(value, depth + 1, out);
            });
        }
    }
}

fn write_items<T>(
    brackets: [char; 2],
    items: &[T],
    flat: bool,
    depth: usize,
    out: &mut String,
    mut each: impl FnMut(&T, &mut String),
) {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let [open, close] = brackets;
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(if flat { ", " } else { "," });
        }
        if !flat {
            line(depth + 1, out);
        }
        each(item, out);
    }
    if !flat && !items.is_empty() {
        line(depth, out);
    }
    out.push(close);
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\0'..'\u{20}' => out.push_str(&format!("\\u{:04x}", char as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_escapes_stay() {
        let inner = Object::of("z", vec!["a\"b\n", "c\\"]).with("a", Json::Null);
        let value = Object::of("k", inner).with("e", Object::default()).with("n", vec![1, 2]);
        let expected = "{\n  \"k\": {\n    \"z\": [\"a\\\"b\\n\", \"c\\\\\"],\n    \"a\": null\n  },\n  \"e\": {},\n  \"n\": [1, 2]\n}\n";
        assert_eq!(text(&value.clone().into()), expected);
        let parsed: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(parsed["k"]["z"][0], "a\"b\n");
        assert_eq!(value.get("n"), Some(&Json::from(vec![1, 2])));
    }
}
