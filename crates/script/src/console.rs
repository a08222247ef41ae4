//! What a script says by `console`: a few short lines for whoever tests a definition. It is no output, and nothing depends
//! on it.

use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;

use crate::message::shown;

/// How many lines are kept of one run.
const MOST_LINES: usize = 100;

/// How many characters all lines of a run may have.
const MOST_CHARACTERS: usize = 8_000;

/// A line that a script said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleLine {
    /// How it was said.
    pub level: ConsoleLevel,
    /// What was said; a thousand characters at most. It may hold what is secret.
    pub text: String,
}

/// The function of `console` that was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleLevel {
    /// `console.debug`.
    Debug,
    /// `console.log`.
    Log,
    /// `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`.
    Error,
}

impl ConsoleLevel {
    /// The word for it, which is the function's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Log => "log",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    fn parse(name: &str) -> Self {
        match name {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" => Self::Warn,
            "error" => Self::Error,
            _ => Self::Log,
        }
    }
}

/// Collects lines, in the child.
#[derive(Clone, Default)]
pub(crate) struct Console(Rc<RefCell<Vec<ConsoleLine>>>);

impl Console {
    /// Keeps a line, where there is room.
    pub(crate) fn say(&self, level: &str, text: &str) {
        let mut lines = self.0.borrow_mut();
        if lines.len() < MOST_LINES {
            lines.push(ConsoleLine {
                level: ConsoleLevel::parse(level),
                text: shown(text),
            });
        }
    }

    /// All lines, which are then gone from it.
    pub(crate) fn take(&self) -> Vec<ConsoleLine> {
        bounded(self.0.take())
    }
}

/// As many lines as a run may have, each as long as it may be: the parent trusts a child no further.
pub(crate) fn bounded(lines: Vec<ConsoleLine>) -> Vec<ConsoleLine> {
    let mut left = MOST_CHARACTERS;
    let mut kept = Vec::new();
    for line in lines.into_iter().take(MOST_LINES) {
        let text = shown(&line.text);
        let length = text.chars().count();
        if length > left {
            break;
        }
        left -= length;
        kept.push(ConsoleLine {
            level: line.level,
            text,
        });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_few_short_and_clean() {
        let console = Console::default();
        console.say("warn", "a\u{1b}[31mb");
        for _ in 0..500 {
            console.say("log", &"x".repeat(5_000));
        }
        let lines = console.take();
        assert_eq!(
            (lines[0].level, lines[0].text.as_str()),
            (ConsoleLevel::Warn, "a [31mb")
        );
        assert!(lines.len() < 10, "{}", lines.len());
        assert!(lines.iter().all(|line| line.text.chars().count() <= 1_001));
        assert!(console.take().is_empty());
        for level in ["debug", "log", "info", "warn", "error"] {
            assert_eq!(ConsoleLevel::parse(level).name(), level);
        }
    }
}
