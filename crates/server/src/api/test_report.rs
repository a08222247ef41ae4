//! A test run as a report that can be given to others: no secret is in it, and one value has one number wherever it stands.
//! What an API, a script or a definition says stands as code, so that no markup, link or HTML of theirs becomes live.

use crate::api::test_run_view::TestFailureView;
use crate::api::timeline_view::{EventView, HeaderView, HopView, shown};
use crate::test_run::{Stage, TestRun, Veil};
use serde_json::Value;
use std::fmt::Write;

/// The report, as Markdown.
pub(crate) fn report(run: &TestRun) -> String {
    let mut out = String::new();
    let connector = &run.equipped.connector;
    let (stage, _) = run.stage();
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(
        out,
        "# Test of `{}`: {} {}\n\nStepgate {}\n",
        connector.name,
        run.tested.name(),
        stage.name(),
        env!("CARGO_PKG_VERSION"),
    );
    let failure = match stage {
        Stage::Failed(told) => Some(TestFailureView::from(*told)),
        _ => None,
    };
    run.show(0, |entries, known| {
        let veil = Veil::numbering(known);
        if let Some(failure) = &failure {
            fail(&mut out, failure, &veil);
        }
        out.push_str("## What happened\n\n");
        for (index, entry) in entries.iter().enumerate() {
            line(&mut out, &shown(index, entry, &veil, run).event);
        }
    });
    out
}

fn fail(out: &mut String, failure: &TestFailureView, veil: &Veil<'_>) {
    let message = code(&veil.text(&failure.message));
    let _ = writeln!(out, "**Failed**: {message} (`{}`)\n", failure.code);
    if let (Some(path), Some(line)) = (&failure.path, failure.line) {
        let _ = writeln!(out, "- at {}, line {line}", code(path));
    }
    for said in [&failure.cause, &failure.help].into_iter().flatten() {
        let _ = writeln!(out, "- {}", code(&veil.text(said)));
    }
    out.push('\n');
}

fn line(out: &mut String, event: &EventView) {
    let _ = match event {
        EventView::Phase { name } => writeln!(out, "### {name}\n"),
        EventView::StepStarted { step, kind } => writeln!(out, "- **{step}** ({kind})"),
        EventView::StepSkipped { step, why } => writeln!(out, "- **{step}** skipped: {why}"),
        EventView::Redirected { status, url, .. } => {
            writeln!(out, "  - {status}, on to {}", code(url))
        }
        EventView::ReplyReceived {
            status,
            millis,
            bytes,
            ..
        } => {
            writeln!(out, "  - {status} in {millis} ms, {bytes} bytes")
        }
        EventView::Exchanged { hops, .. } => {
            hops.iter().for_each(|hop| exchange(out, hop));
            Ok(())
        }
        EventView::Judged {
            condition, holds, ..
        } => {
            let holds = if *holds { "yes" } else { "no" };
            writeln!(out, "  - {}: {holds}", code(condition))
        }
        EventView::Outputs {
            values, left_out, ..
        } => {
            for value in values {
                let _ = writeln!(
                    out,
                    "  - {}: {}, {}",
                    code(&value.path),
                    value.value_type,
                    value.shown
                );
            }
            match left_out {
                0 => Ok(()),
                more => writeln!(out, "  - and {more} more"),
            }
        }
        EventView::Cookies { changes, .. } => {
            for change in changes {
                let _ = writeln!(
                    out,
                    "  - cookie {} of {}: {}, {}",
                    code(&change.name),
                    code(&change.domain),
                    change.change,
                    change.shown
                );
            }
            Ok(())
        }
        EventView::StepDone { millis, .. } => writeln!(out, "  - done in {millis} ms"),
        EventView::StepFailed { message, .. } => {
            writeln!(out, "  - failed: {}", code(message))
        }
        EventView::WentBack { to, .. } => writeln!(out, "  - back to {to}"),
        EventView::SentAgain { from, .. } => writeln!(out, "  - sent again, from {from} on"),
        // What code says may be made of secrets that nobody knows as such, so that a report has none of its words.
        EventView::Console { level, text, .. } => {
            let count = text.chars().count();
            writeln!(out, "  - console, {level}: {count} characters, left out")
        }
        EventView::Waiting { what, .. } => writeln!(out, "  - waited for: {what}"),
        EventView::CallbackRefused { why } => {
            writeln!(out, "  - redirect not taken: {}", code(why))
        }
        EventView::Updated { target, changed } => {
            let became = if *changed { "changed" } else { "the same" };
            writeln!(out, "- {}: {became}", code(target))
        }
        EventView::Warning { message, .. } => {
            writeln!(out, "  - warning: {}", code(message))
        }
        EventView::RequestSent { .. } | EventView::Extracted { .. } | EventView::Other => Ok(()),
    };
}

/// A text to the letter, on one line (CommonMark 0.31, section 6.1): in it nothing is markup, not even what viewers make
/// links of by themselves.
fn code(text: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let line = text.replace(is_break, " ");
    let line = line.trim();
    if line.is_empty() {
        return "(nothing)".to_owned();
    }
    let runs = line.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    match line.starts_with('`') || line.ends_with('`') {
        true => format!("{fence} {line} {fence}"),
        false => format!("{fence}{line}{fence}"),
    }
}

fn exchange(out: &mut String, hop: &HopView) {
    let _ = writeln!(out, "\n```http\n{} {}", hop.method, hop.url);
    fields(out, &hop.headers);
    body(out, hop.body.as_ref());
    match hop.status {
        Some(status) => {
            let _ = writeln!(out, "\n{status}");
        }
        None => out.push_str("\n(no reply)\n"),
    }
    fields(out, &hop.reply_headers);
    body(out, hop.reply_body.as_ref());
    out.push_str("```\n\n");
}

fn fields(out: &mut String, headers: &[HeaderView]) {
    for header in headers {
        let _ = writeln!(out, "{}: {}", header.name, header.value);
    }
}

fn body(out: &mut String, body: Option<&Value>) {
    let Some(body) = body else { return };
    let text = match body {
        Value::String(text) => text.clone(),
        json => serde_json::to_string_pretty(json).unwrap_or_default(),
    };
    // What an API or a definition says must not end the block that it stands in.
    let _ = writeln!(out, "\n{}", text.replace("```", "'''"));
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_text_cannot_leave_its_code() {
        let table = [
            ("plain", "`plain`"),
            ("", "(nothing)"),
            (" \n\t", "(nothing)"),
            ("one\n\n# two\r\n- three", "`one  # two  - three`"),
            ("[a](https://evil.example)", "`[a](https://evil.example)`"),
            ("<img src=x>", "`<img src=x>`"),
            ("a ` b", "``a ` b``"),
            ("`a`", "`` `a` ``"),
            ("``` x `` y", "```` ``` x `` y ````"),
        ];
        for (text, expected) in table {
            assert_eq!(code(text), expected, "{text:?}");
        }
    }
}
