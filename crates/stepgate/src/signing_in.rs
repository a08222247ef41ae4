//! Drives a sign-in at the terminal: forms, browser steps and waits, until it is done.

use std::sync::Arc;
use std::time::SystemTime;

use connection::{Begun, ConnectionError, Equipped, Handle, Purpose, SignInProgress};
use flow::{Answers, Input, Show, Source};
use model::{Connector, FieldKind, StepKind};
use owo_colors::OwoColorize;

use crate::answers::Given;
use crate::arguments::SignIn;
use crate::asking;
use crate::callback::Callback;
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::sso_sign_in;
use crate::terminal::plain;
use crate::timeline::Timeline;
use crate::wiring::{Wiring, clock};

/// Who waits for a browser step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// `run` always waits.
    Always,
    /// `call` and `test` wait only where a person is at the terminal.
    WithAPerson,
}

/// Signs in and stores the credential.
pub(crate) async fn sign_in(
    wiring: &Wiring,
    options: &SignIn,
    purpose: Purpose,
    patience: Patience,
    timeline: &mut Timeline,
) -> Result<Arc<Handle>, Complaint> {
    let given = given(wiring.connector(), options, timeline)?;
    let waits = patience == Patience::Always || wiring.terminal.person;
    sso_sign_in::ensure(wiring, options, waits, timeline).await?;
    let callback = match waits && opens_a_browser(wiring.connector()) {
        true => Some(Callback::bind(options.callback_port).await?),
        false => None,
    };
    let equipped = match &callback {
        Some(callback) => Equipped {
            callback_url: callback.url().as_str().into(),
            ..wiring.equipped.clone()
        },
        None => wiring.equipped.clone(),
    };
    timeline.awaiting("waiting for the sign-in to begin: another one may be open");
    let begun = wiring
        .connections
        .sign_in(&equipped, wiring.selector.clone(), given, purpose)
        .await;
    timeline.settle();
    let mut sign_in = match begun.map_err(|error| failing::connection(&error, wiring, timeline))? {
        Begun::Elsewhere(handle) => return Ok(handle),
        Begun::Started(sign_in) => sign_in,
    };
    let mut input = Input::Begin;
    // The code that a person has seen, which stays the same over many waits.
    let mut shown = None;
    loop {
        let progress = match sign_in.advance(input, timeline).await {
            Ok(progress) => progress,
            Err(error @ ConnectionError::IdentityDiffers { .. }) => {
                timeline.settle();
                let (terminal, question) = (
                    wiring.terminal,
                    format!("{error} Use the new account from now on?"),
                );
                let agreed = terminal.person
                    && tokio::task::spawn_blocking(move || terminal.confirm(&question))
                        .await
                        .is_ok_and(|answer| answer.unwrap_or(false));
                if !agreed {
                    return Err(failing::connection(&error, wiring, timeline));
                }
                return sign_in
                    .accept_identity()
                    .await
                    .map_err(|error| failing::connection(&error, wiring, timeline));
            }
            Err(error) => return Err(failing::connection(&error, wiring, timeline)),
        };
        timeline.settle();
        input = match progress {
            SignInProgress::Done(handle) => return Ok(handle),
            SignInProgress::Ask(prompt) => {
                let (terminal, file) = (wiring.terminal, wiring.file.clone());
                // Reading a terminal blocks; a task of its own leaves Ctrl-C and lease renewal alive.
                let now = clock().unix();
                tokio::task::spawn_blocking(move || asking::ask(terminal, &prompt, &file, now))
                    .await
                    .map_err(|error| Complaint::ours("terminal", error.to_string()))??
            }
            SignInProgress::Open(open) => {
                let Some(callback) = &callback else {
                    return Err(nobody_there(wiring, &open.step));
                };
                if let Some(refused) = &open.refused {
                    wiring.terminal.say(&plain(refused).yellow().to_string());
                }
                wiring.terminal.say("Open this page in a browser to go on:");
                wiring
                    .terminal
                    .say(&format!("  {}", plain(open.url.as_str())));
                timeline.awaiting("waiting for the browser to come back");
                let came =
                    tokio::time::timeout(options.wait, callback.wait(open.state.as_deref())).await;
                timeline.settle();
                let url = came.map_err(|_| {
                    Complaint::new(
                        Ending::PersonNeeded,
                        "nobody_came",
                        format!(
                            "nobody finished the step {} within {} seconds",
                            open.step,
                            options.wait.as_secs()
                        ),
                    )
                    .help("run it again, or allow more time with --wait")
                })??;
                Input::Callback(url)
            }
            SignInProgress::Wait { until, show } => {
                match show.filter(|show| shown.as_ref() != Some(&**show)) {
                    Some(show) if waits => {
                        tell(wiring, &show);
                        shown = Some(*show);
                    }
                    Some(show) => return Err(nobody_there(wiring, &show.step)),
                    None => {}
                }
                timeline.awaiting(match &shown {
                    Some(_) => "waiting for the code to be entered",
                    None => "waiting for the API to be ready",
                });
                let left = until.duration_since(SystemTime::now()).unwrap_or_default();
                tokio::time::sleep(left).await;
                timeline.settle();
                Input::Continue
            }
        };
    }
}

/// Shows a code that is entered elsewhere.
fn tell(wiring: &Wiring, show: &Show) {
    let say = |text: &str| wiring.terminal.say(text);
    if let Some(drawn) = flow::qr_text(show.scanned().as_str()) {
        say(&drawn);
    }
    say("Open this page on any device:");
    say(&format!("  {}", plain(show.scanned().as_str())));
    say("Enter this code there, or see that it shows the same:");
    say(&format!("  {}", plain(&show.code).bold()));
}

fn nobody_there(wiring: &Wiring, step: &str) -> Complaint {
    Complaint::new(
        Ending::PersonNeeded,
        "sign_in_required",
        format!("the step {step} needs a browser, and nobody is at a terminal"),
    )
    .help(format!(
        "sign in with: stepgate run {}",
        wiring.file.display()
    ))
}

fn given(
    connector: &Connector,
    options: &SignIn,
    timeline: &mut Timeline,
) -> Result<Answers, Complaint> {
    let forms = || {
        connector
            .auth_flow
            .steps
            .iter()
            .filter_map(|step| match &step.kind {
                StepKind::Form(form) => Some((&step.id, form)),
                _ => None,
            })
    };
    let fields: Vec<(String, String)> = forms()
        .flat_map(|(id, form)| {
            form.fields
                .iter()
                .map(move |field| (id.clone(), field.key.clone()))
        })
        .collect();
    let secret = |step: &str, key: &str| {
        forms().any(|(id, form)| {
            id == step
                && form.fields.iter().any(|field| {
                    field.key == key && matches!(field.kind, FieldKind::Password | FieldKind::Otp)
                })
        })
    };
    let given = Given::collect(options, &fields, |name| std::env::var(name).ok())?;
    let mut answers = Answers::new();
    for (step, field, value) in given.iter() {
        if secret(step, field) {
            timeline.learn(value.reveal());
        }
        answers.put(step, field, value.reveal().clone(), Source::Given);
    }
    Ok(answers)
}

fn opens_a_browser(connector: &Connector) -> bool {
    connector
        .auth_flow
        .steps
        .iter()
        .any(|step| match step.kind {
            StepKind::Callback(_) | StepKind::OAuth2(_) => true,
            StepKind::OAuth1(_) => step.kind.needs_person(),
            StepKind::Form(_)
            | StepKind::ApiRequest(_)
            | StepKind::GraphqlRequest(_)
            | StepKind::Ntlm(_)
            | StepKind::JsCode(_)
            | StepKind::Basic(_)
            | StepKind::JwtBearer(_)
            | StepKind::OAuth2ClientCredentials(_)
            | StepKind::OAuth2Refresh(_)
            | StepKind::OAuth2TokenExchange(_)
            | StepKind::DeviceCode(_)
            | StepKind::SsoToken(_)
            | StepKind::Totp(_) => false,
        })
}
