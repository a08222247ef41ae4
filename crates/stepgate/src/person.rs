//! The person at the terminal: forms, browser steps and codes of a flow, and the waits between them.

use std::time::SystemTime;

use connection::Equipped;
use flow::{Input, Open, Prompt, Show};
use model::{Step, StepKind};
use owo_colors::OwoColorize;

use crate::arguments::SignIn;
use crate::asking;
use crate::callback::Callback;
use crate::ending::{Complaint, Ending};
use crate::terminal::plain;
use crate::timeline::Timeline;
use crate::wiring::{Wiring, clock};

/// What a flow waits for.
pub(crate) enum Asks {
    /// A form.
    Form(Prompt),
    /// A page to be opened.
    Open(Open),
    /// A time.
    Wait {
        until: SystemTime,
        /// What has to be seen meanwhile.
        show: Option<Box<Show>>,
    },
}

/// Who answers a flow.
pub(crate) struct Person<'a> {
    wiring: &'a Wiring,
    options: &'a SignIn,
    /// None where no step needs a browser, or nobody is there to open one.
    callback: Option<Callback>,
    /// Whether somebody is waited for.
    waits: bool,
    /// The code that was shown, which stays the same over many waits.
    shown: Option<Show>,
}

impl<'a> Person<'a> {
    /// For these steps; listens for the browser where one of them opens it.
    pub(crate) async fn new(
        wiring: &'a Wiring,
        options: &'a SignIn,
        steps: &[Step],
        waits: bool,
    ) -> Result<Self, Complaint> {
        let callback = match waits && opens_a_browser(steps) {
            true => Some(Callback::bind(options.callback_port).await?),
            false => None,
        };
        Ok(Self {
            wiring,
            options,
            callback,
            waits,
            shown: None,
        })
    }

    /// The connector, with where the browser comes back to.
    pub(crate) fn equipped(&self) -> Equipped {
        let equipped = self.wiring.equipped.clone();
        match &self.callback {
            Some(callback) => Equipped {
                callback_url: callback.url().as_str().into(),
                ..equipped
            },
            None => equipped,
        }
    }

    /// What the flow goes on with.
    pub(crate) async fn answer(
        &mut self,
        asks: Asks,
        timeline: &mut Timeline,
    ) -> Result<Input, Complaint> {
        match asks {
            Asks::Form(prompt) => {
                let (terminal, file) = (self.wiring.terminal, self.wiring.file.clone());
                // Reading a terminal blocks; a task of its own leaves Ctrl-C and lease renewal alive.
                let now = clock().unix();
                let asking =
                    tokio::task::spawn_blocking(move || asking::ask(terminal, &prompt, &file, now));
                asking
                    .await
                    .map_err(|error| Complaint::ours("terminal", error.to_string()))?
            }
            Asks::Open(open) => self.browse(open, timeline).await,
            Asks::Wait { until, show } => {
                match show.filter(|show| self.shown.as_ref() != Some(&**show)) {
                    Some(show) if self.waits => {
                        tell(self.wiring, &show);
                        self.shown = Some(*show);
                    }
                    Some(show) => return Err(nobody_there(self.wiring, &show.step)),
                    None => {}
                }
                timeline.awaiting(match &self.shown {
                    Some(_) => "waiting for the code to be entered",
                    None => "waiting for the API to be ready",
                });
                let left = until.duration_since(SystemTime::now()).unwrap_or_default();
                tokio::time::sleep(left).await;
                timeline.settle();
                Ok(Input::Continue)
            }
        }
    }

    async fn browse(&self, open: Open, timeline: &mut Timeline) -> Result<Input, Complaint> {
        let (wiring, wait) = (self.wiring, self.options.wait);
        let Some(callback) = &self.callback else {
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
        let came = tokio::time::timeout(wait, callback.wait(open.state.as_deref())).await;
        timeline.settle();
        let url = came.map_err(|_| {
            let message = format!(
                "nobody finished the step {} within {} seconds",
                open.step,
                wait.as_secs()
            );
            Complaint::new(Ending::PersonNeeded, "nobody_came", message)
                .help("run it again, or allow more time with --wait")
        })??;
        Ok(Input::Callback(url))
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

fn opens_a_browser(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step.kind {
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
