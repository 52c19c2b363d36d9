//! The two output streams: the answer on standard output, everything about the run on standard error.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use super::{Error, host};

/// When to use colours, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Style {
    /// On a terminal, unless `NO_COLOR` is set.
    #[value(name = "auto")]
    Automatic,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether a text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// It has.
    Colours,
    /// It has not.
    Plain,
}

impl Paint {
    /// A text that stands out.
    pub fn strong(self, text: &str) -> String {
        match self {
            Self::Colours => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Self::Plain => text.to_owned(),
        }
    }
}

/// Whether standard output gets colours.
pub fn stdout_style(style: Style) -> Paint {
    paint(style, io::stdout().is_terminal())
}

/// Whether standard error gets colours.
pub fn stderr_style(style: Style) -> Paint {
    paint(style, io::stderr().is_terminal())
}

fn paint(style: Style, terminal: bool) -> Paint {
    let dumb = || host::variable("NO_COLOR").is_some() || host::variable("TERM").is_some_and(|term| term == "dumb");
    let colours = match style {
        Style::Always => true,
        Style::Never => false,
        Style::Automatic => terminal && !dumb(),
    };
    if colours { Paint::Colours } else { Paint::Plain }
}

/// Writes to standard output.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes to standard error.
pub fn complain_text(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(text.as_bytes())
}

/// An empty screen, where standard output is one.
pub fn clear() -> io::Result<()> {
    if io::stdout().is_terminal() { print("\u{1b}[2J\u{1b}[H") } else { Ok(()) }
}

/// Whether whoever sits at the terminal says yes to a question; no where nobody sits there.
pub fn agrees(question: &str) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    complain_text(question)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Writes an error and its causes to standard error, on one line where they have one each.
pub fn complain(error: &Error) -> io::Result<()> {
    if let Error::Syntax(text) = error {
        // Complete as it is, with the usage.
        return complain_text(&if text.ends_with('\n') { text.clone() } else { format!("{text}\n") });
    }
    let mut text = format!("error: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(this) = cause {
        text.push_str(": ");
        text.push_str(&this.to_string());
        cause = this.source();
    }
    text.push('\n');
    complain_text(&text)
}
