//! Asks a person at the terminal what a form wants to know.

use std::io;
use std::path::Path;

use flow::{Answers, Input, Prompt, PromptField};
use model::FieldKind;
use owo_colors::OwoColorize;

use crate::ending::{Complaint, Ending};
use crate::exhibit;
use crate::secrets::shout;
use crate::terminal::{Terminal, plain};

/// Shows the form and reads its answers, or the wish to have it sent again; with nobody there, says what to give
/// instead. `now` is in seconds since 1970.
pub(crate) fn ask(
    terminal: Terminal,
    prompt: &Prompt,
    file: &Path,
    now: i64,
) -> Result<Input, Complaint> {
    if !terminal.person {
        return Err(nobody_there(prompt, file));
    }
    let unreadable =
        |error: io::Error| Complaint::ours("terminal", format!("cannot read the answer: {error}"));
    let resendable = prompt.resends_left.is_some_and(|left| left > 0);
    let again = || {
        terminal
            .confirm("Have it sent again?")
            .map_err(unreadable)
            .map(|agreed| agreed && resendable)
    };
    head(terminal, prompt);
    if prompt.expired {
        return match again()? {
            true => Ok(Input::Resend),
            false => Ok(Input::Nobody),
        };
    }
    // Gone again once the form is answered.
    let _images = exhibit::show(terminal, prompt)?;
    if let Some(left) = prompt.time_left(now) {
        terminal.say(&format!("You have {left} for this."));
    }
    if resendable {
        terminal.say("To have it sent again, press Enter without an answer.");
    }
    if prompt.fields.is_empty() {
        let enter = terminal.ask("Press Enter to go on", None);
        enter
            .map_err(unreadable)?
            .ok_or_else(|| nobody_there(prompt, file))?;
        if resendable && again()? {
            return Ok(Input::Resend);
        }
    }
    let mut answers = Vec::new();
    for field in &prompt.fields {
        let answer = loop {
            let answer = one(terminal, field).map_err(unreadable)?;
            let answer = answer.ok_or_else(|| nobody_there(prompt, file))?;
            if answer.is_empty() && field.required && resendable && again()? {
                return Ok(Input::Resend);
            }
            match field.problem(&answer) {
                Some(problem) => terminal.say(&plain(&problem).red().to_string()),
                None => break answer,
            }
        };
        answers.push((field.key.clone(), answer));
    }
    Ok(Input::Answers(Answers::typed(&prompt.step, answers)))
}

fn head(terminal: Terminal, prompt: &Prompt) {
    if let Some(error) = &prompt.error {
        terminal.say(&plain(error).red().to_string());
        if let Some(left) = prompt.attempts_left {
            terminal.say(&format!(
                "{left} more {}.",
                if left == 1 { "try" } else { "tries" }
            ));
        }
    }
    if let Some(notice) = &prompt.notice {
        terminal.say(&plain(notice).green().to_string());
    }
    terminal.say(&plain(&prompt.title).bold().to_string());
    if let Some(text) = &prompt.text {
        terminal.say(&plain(text));
    }
    if prompt.resends_left == Some(0) {
        terminal.say("It cannot be sent again.");
    }
}

/// One answer as it was typed; `None` where the input has ended.
fn one(terminal: Terminal, field: &PromptField) -> io::Result<Option<String>> {
    for note in field
        .error
        .iter()
        .map(|e| plain(e).red().to_string())
        .chain(field.help.iter().map(|h| plain(h).dimmed().to_string()))
    {
        terminal.say(&note);
    }
    match field.kind {
        FieldKind::Password | FieldKind::Otp => Ok(terminal
            .ask_secret(&field.label)?
            .map(|answer| answer.reveal().clone())),
        FieldKind::Choice => choose(terminal, field),
        FieldKind::Text | FieldKind::Number | FieldKind::Email => {
            terminal.ask(&field.label, field.default.as_deref())
        }
    }
}

/// A choice by its number, its value or its label.
fn choose(terminal: Terminal, field: &PromptField) -> io::Result<Option<String>> {
    for (number, option) in field.options.iter().enumerate() {
        terminal.say(&format!("  {}) {}", number + 1, plain(&option.label)));
    }
    loop {
        let Some(line) = terminal.ask(&field.label, field.default.as_deref())? else {
            return Ok(None);
        };
        if line.is_empty() {
            return Ok(Some(line));
        }
        let by_number = line
            .parse::<usize>()
            .ok()
            .and_then(|n| field.options.get(n.checked_sub(1)?));
        let by_name = field
            .options
            .iter()
            .find(|option| option.value == line || option.label == line);
        match by_name.or(by_number) {
            Some(option) => return Ok(Some(option.value.clone())),
            None => terminal.say("Choose one of these, by its number or its name."),
        }
    }
}

fn nobody_there(prompt: &Prompt, file: &Path) -> Complaint {
    let names: Vec<String> = prompt
        .fields
        .iter()
        .map(|field| format!("{}.{}", prompt.step, field.key))
        .collect();
    let at_fault = prompt.fields.iter().find(|field| field.error.is_some());
    let example = at_fault
        .or(prompt.fields.first())
        .map_or_else(String::new, |field| {
            format!(
                "; for instance --answer {step}.{key}=.., --answers FILE, or STEPGATE_ANSWER_{}_{}",
                shout(&prompt.step),
                shout(&field.key),
                step = prompt.step,
                key = field.key
            )
        });
    if let Some(error) = &prompt.error {
        return Complaint::new(Ending::Refused, "sign_in_refused", error.to_string())
            .help(format!("give other answers{example}"));
    }
    let wrong: Vec<String> = prompt
        .fields
        .iter()
        .filter_map(|field| {
            let error = field.error.as_ref()?;
            let options: Vec<&str> = field.options.iter().map(|o| o.value.as_str()).collect();
            let options = if options.is_empty() {
                String::new()
            } else {
                format!(" They are {}.", options.join(", "))
            };
            Some(format!("{}.{}: {error}{options}", prompt.step, field.key))
        })
        .collect();
    if !wrong.is_empty() {
        return Complaint::usage(
            "answer_unusable",
            format!(
                "an answer to the form “{}” cannot be used: {}",
                prompt.title,
                wrong.join(" ")
            ),
        )
        .help(format!("give another one{example}"));
    }
    Complaint::new(
        Ending::PersonNeeded,
        "answers_needed",
        format!(
            "the form “{}” needs {}, and nobody is at a terminal to be asked",
            prompt.title,
            names.join(", ")
        ),
    )
    .help(format!(
        "sign in at a terminal with: stepgate run {}; or give the answers{example}",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    use flow::PromptChoice;
    use model::TextRule;

    use super::*;

    #[test]
    fn an_answer_that_cannot_be_used_is_not_called_missing() {
        let field = |key: &str, kind, error: Option<&str>, options: &[&str]| PromptField {
            key: key.to_owned(),
            kind,
            label: key.to_owned(),
            help: None,
            placeholder: None,
            required: true,
            default: None,
            options: options
                .iter()
                .map(|value| PromptChoice {
                    value: (*value).to_owned(),
                    label: value.to_uppercase(),
                })
                .collect(),
            rule: TextRule::default(),
            otherwise: None,
            error: error.map(Into::into),
        };
        let mut prompt = Prompt {
            step: "pick".to_owned(),
            title: "Where".to_owned(),
            text: None,
            show: Vec::new(),
            fields: vec![
                field("name", FieldKind::Text, None, &[]),
                field("region", FieldKind::Choice, Some("Not one."), &["eu", "us"]),
            ],
            error: None,
            attempts_left: None,
            notice: None,
            resends_left: None,
            expires_at: None,
            expired: false,
        };
        let wrong = nobody_there(&prompt, Path::new("a.yaml"));
        assert_eq!(wrong.code, "answer_unusable");
        assert!(wrong.help.unwrap().contains("--answer pick.region=.."));
        assert!(
            wrong
                .message
                .contains("pick.region: Not one. They are eu, us.")
        );
        prompt.fields[1].error = None;
        let missing = nobody_there(&prompt, Path::new("a.yaml"));
        assert_eq!(missing.code, "answers_needed");
    }
}
