//! The live timeline of a run: one line for each thing that happens, secrets masked.

use flow::{Event, Observer, Shown};
use owo_colors::OwoColorize;
use secret::{Masker, Sensitive};
use serde_json::json;

use crate::arguments::Format;
use crate::terminal::{Progress, Terminal, plain};

/// Where the lines go, and whether values are masked.
#[derive(Debug)]
pub(crate) struct Timeline {
    terminal: Terminal,
    masker: Masker,
    show: bool,
    quiet: bool,
    /// To stderr where stdout holds a reply's body.
    to_stderr: bool,
    progress: Option<Progress>,
    /// The step that waits for somebody: it goes on under the line that it has already.
    paused: Option<String>,
}

impl Timeline {
    /// On stdout, in full: what `run` is for.
    pub(crate) fn full(terminal: Terminal, show: bool) -> Self {
        Timeline {
            terminal,
            masker: Masker::new(),
            show,
            quiet: false,
            to_stderr: false,
            progress: None,
            paused: None,
        }
    }

    /// On stderr, warnings and progress only: what `call` and `test` show beside their answer.
    pub(crate) fn quiet(terminal: Terminal) -> Self {
        Timeline {
            terminal,
            masker: Masker::new(),
            show: false,
            quiet: true,
            to_stderr: true,
            progress: None,
            paused: None,
        }
    }

    /// Text as it may be shown: safe to print, and masked unless the person asked otherwise.
    pub(crate) fn shown(&self, text: &str) -> String {
        plain(&self.how().text(text))
    }

    /// Text that a run holds back, as it may be shown.
    pub(crate) fn shown_sensitive(&self, text: &Sensitive) -> String {
        self.shown(text.reveal())
    }

    /// Makes a value known as a secret.
    pub(crate) fn learn(&mut self, secret: &str) {
        self.masker.add(secret);
    }

    /// Ends the spinner, if one turns.
    pub(crate) fn settle(&mut self) {
        self.progress = None;
    }

    /// Shows that something is awaited, until the next line.
    pub(crate) fn awaiting(&mut self, what: &str) {
        self.progress = Some(self.terminal.progress(what));
    }

    fn print(&self, line: &str) {
        if self.to_stderr {
            self.terminal.say(line);
        } else {
            // A closed stdout is noticed when the command's result is printed.
            let _ = self.terminal.out(line);
        }
    }

    fn text(&mut self, event: &Event) {
        let line = match event {
            Event::StepStarted { step, kind } => {
                format!("{} {} {}", "●".blue(), plain(step).bold(), kind.dimmed())
            }
            Event::StepSkipped { step } => format!(
                "{} {} {}",
                "○".dimmed(),
                plain(step),
                "skipped: its `when` says no".dimmed()
            ),
            Event::RequestSent { method, url, .. } => {
                let line = format!("  → {method} {}", self.shown_sensitive(url));
                self.print(&line);
                self.awaiting("waiting for the reply");
                return;
            }
            Event::ReplyReceived {
                status,
                millis,
                bytes,
                ..
            } => {
                let status = match *status {
                    200..=399 => status.green().to_string(),
                    _ => status.yellow().to_string(),
                };
                // A body that streams past has no size yet.
                let size = if *bytes > 0 {
                    format!(", {bytes} bytes")
                } else {
                    String::new()
                };
                format!("  ← {status} {}", format!("in {millis} ms{size}").dimmed())
            }
            Event::Extracted { name, value, .. } => {
                format!("  {} {} = {}", "·".dimmed(), plain(name), self.value(value))
            }
            Event::Judged { what, holds, .. } => {
                let verdict = if *holds {
                    "yes".green().to_string()
                } else {
                    "no".yellow().to_string()
                };
                format!("  {} {what}: {verdict}", "?".dimmed())
            }
            Event::StepDone { millis, .. } => {
                format!("  {} {}", "✓".green(), format!("{millis} ms").dimmed())
            }
            Event::StepFailed { message, .. } => {
                format!("  {} {}", "✗".red(), self.shown_sensitive(message))
            }
            Event::WentBack { to, .. } => format!("  {} back to {}", "↩".yellow(), plain(to)),
            Event::SentAgain { from, .. } => {
                format!("  {} again from {}", "↩".yellow(), plain(from))
            }
            Event::Waiting { what, .. } => {
                self.awaiting(&format!("waiting: {what}"));
                return;
            }
            Event::CallbackRefused { why } => format!("  {} {}", "!".yellow(), self.shown(why)),
            Event::Warning { message, .. } => format!("  {} {}", "!".yellow(), self.shown(message)),
            _ => return,
        };
        self.print(&line);
    }

    /// An output's value.
    fn value(&self, value: &Sensitive) -> String {
        plain(&self.how().value(value))
    }

    fn how(&self) -> Shown<'_> {
        match self.show {
            true => Shown::openly(),
            false => Shown::masked(&self.masker),
        }
    }

    fn json(&self, event: &Event) {
        let object = match event {
            Event::StepStarted { step, kind } => {
                json!({"event": "step_started", "step": step, "kind": kind})
            }
            Event::StepSkipped { step } => json!({"event": "step_skipped", "step": step}),
            Event::RequestSent { step, method, url } => {
                json!({"event": "request_sent", "step": step, "method": method, "url": self.shown_sensitive(url)})
            }
            Event::ReplyReceived {
                step,
                status,
                millis,
                bytes,
            } => {
                json!({"event": "reply_received", "step": step, "status": status, "millis": millis, "bytes": bytes})
            }
            Event::Extracted { step, name, value } => {
                json!({"event": "extracted", "step": step, "name": name, "value": self.value(value)})
            }
            Event::Judged { step, what, holds } => {
                json!({"event": "judged", "step": step, "condition": what, "holds": holds})
            }
            Event::StepDone { step, millis } => {
                json!({"event": "step_done", "step": step, "millis": millis})
            }
            Event::StepFailed { step, message } => {
                json!({"event": "step_failed", "step": step, "message": self.shown_sensitive(message)})
            }
            Event::WentBack { from, to } => json!({"event": "went_back", "from": from, "to": to}),
            Event::SentAgain { form, from } => {
                json!({"event": "sent_again", "form": form, "from": from})
            }
            Event::Waiting { step, what } => json!({"event": "waiting", "step": step, "for": what}),
            Event::CallbackRefused { why } => {
                json!({"event": "callback_refused", "why": self.shown(why)})
            }
            Event::Warning { step, message } => {
                json!({"event": "warning", "step": step, "message": self.shown(message)})
            }
            _ => return,
        };
        self.print(&object.to_string());
    }
}

impl Observer for Timeline {
    fn event(&mut self, event: Event) {
        self.settle();
        if let Event::Learned(secret) = &event {
            self.masker.add(secret.reveal());
            return;
        }
        match &event {
            Event::Waiting { step, .. } => self.paused = Some(step.clone()),
            Event::StepStarted { step, .. } if self.paused.take().as_ref() == Some(step) => return,
            _ => {}
        }
        if self.quiet {
            match &event {
                Event::Warning { .. } | Event::CallbackRefused { .. } => {}
                Event::RequestSent { .. } => return self.awaiting("waiting for the API"),
                _ => return,
            }
        }
        match self.terminal.format {
            Format::Text => self.text(&event),
            Format::Json => self.json(&event),
        }
    }
}
