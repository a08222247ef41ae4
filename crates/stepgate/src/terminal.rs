//! The terminal: what is printed where, questions to the person, and progress while something is awaited.

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use owo_colors::OwoColorize;
use secret::SecretString;

use crate::arguments::Format;
use crate::ending::{Complaint, READER_GONE};
use crate::interrupt::PATIENCE;

/// Prints and asks. Answers for programs go to stdout; all talk goes to stderr.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    pub(crate) format: Format,
    /// Whether a person is there to be asked: stdin and stderr are terminals.
    pub(crate) person: bool,
}

/// A spinner that is gone when dropped.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Terminal {
    pub(crate) fn new(format: Format) -> Self {
        Terminal {
            format,
            person: io::stdin().is_terminal() && io::stderr().is_terminal(),
        }
    }

    /// A line of the command's product, on stdout.
    pub(crate) fn out(&self, line: &str) -> io::Result<()> {
        writeln!(anstream::stdout(), "{line}")
    }

    /// The product's bytes as they are, on stdout.
    pub(crate) fn out_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// A line of talk, on stderr. A closed stderr is nobody's problem.
    pub(crate) fn say(&self, line: &str) {
        let _ = writeln!(anstream::stderr(), "{line}");
    }

    /// Says what went wrong and what to do, on stderr.
    pub(crate) fn complain(&self, complaint: &Complaint) {
        if complaint.code == READER_GONE {
            return;
        }
        match self.format {
            Format::Json => {
                if let Ok(text) = serde_json::to_string(complaint) {
                    self.say(&text);
                }
            }
            Format::Text => {
                let message = plain(&complaint.message);
                self.say(&format!("{} {message}", "error:".red().bold()));
                if let Some(help) = &complaint.help {
                    self.say(&format!("{} {}", "  help:".cyan().bold(), plain(help)));
                }
            }
        }
    }

    /// Shows that something is awaited; nothing where stderr is no terminal.
    pub(crate) fn progress(&self, text: &str) -> Progress {
        let bar = ProgressBar::new_spinner();
        if io::stderr().is_terminal() && self.format == Format::Text {
            bar.set_style(
                ProgressStyle::default_spinner()
                    .tick_strings(&["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏", " "]),
            );
            bar.enable_steady_tick(Duration::from_millis(100));
        } else {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        bar.set_message(plain(text));
        Progress(bar)
    }

    /// Asks for a line that may be seen. `None` where the input has ended.
    pub(crate) fn ask(&self, question: &str, default: Option<&str>) -> io::Result<Option<String>> {
        let mut err = anstream::stderr();
        match default {
            Some(default) => write!(err, "{} [{}]: ", plain(question), plain(default))?,
            None => write!(err, "{}: ", plain(question))?,
        }
        err.flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end_matches(['\r', '\n']);
        Ok(Some(match (line, default) {
            ("", Some(default)) => default.to_owned(),
            _ => line.to_owned(),
        }))
    }

    /// Asks for a line that is not echoed. `None` where the input has ended.
    pub(crate) fn ask_secret(&self, question: &str) -> io::Result<Option<SecretString>> {
        match rpassword::prompt_password(format!("{}: ", plain(question))) {
            Ok(line) => Ok(Some(SecretString::new(line))),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => {
                if error.kind() == io::ErrorKind::Interrupted {
                    // The prompt has seen Ctrl-C and raised the signal, which ends the process before this does.
                    std::thread::sleep(4 * PATIENCE);
                }
                Err(error)
            }
        }
    }

    /// Asks for a yes. Anything else is a no.
    pub(crate) fn confirm(&self, question: &str) -> io::Result<bool> {
        let answer = self.ask(&format!("{question} (yes/no)"), None)?;
        Ok(matches!(
            answer.as_deref().map(str::trim),
            Some("y" | "yes")
        ))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Text of somebody else's, made safe to print: an API's words must not move the cursor or colour the screen.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            // Bidirectional overrides can make a line read as what it is not.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn escape_sequences_do_not_reach_the_screen() {
        assert_eq!(
            plain("a\u{1b}[2Jb\r\nc\u{202e}d"),
            "a\u{fffd}[2Jb\u{fffd}\nc\u{fffd}d"
        );
    }
}
