//! A flow run: one execution of a flow as plain data, which pauses where a person is needed.
//!
//! Between two calls of [`Run::advance`] everything is in the run itself, so it can be sealed
//! ([`crate::seal_run`]), survive a restart, and go on in another process.

use std::collections::BTreeMap;
use std::time::SystemTime;

use model::{Connector, Renewal, Step, Words};
use outbound::{DpopKey, Jar};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::answers::{Answers, Sheet};
use crate::credential::Credential;
use crate::engine::Context;
use crate::failure::Failure;
use crate::oauth::{Device, Pending};
use crate::oauth1::RequestToken;
use crate::outputs::Outputs;
use crate::prompt::{Open, Prompt, Show};
use crate::step::oauth1;
use crate::timeline::Observer;
use crate::{runner, stored};

/// Which flow a run executes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlowKind {
    /// Signs in.
    Auth,
    /// Renews a credential.
    Refresh,
    /// Ends the session at the API.
    Logout,
    /// Proves more for one call.
    StepUp,
}

/// One execution of a flow.
#[derive(Clone)]
pub struct Run(pub(crate) RunData);

/// What makes a run go on.
pub enum Input {
    /// The first one.
    Begin,
    /// The form that was asked for.
    Answers(Answers),
    /// The person asks for what the form is about to be sent again.
    Resend,
    /// The redirect that came back to the callback URL, whole.
    Callback(Url),
    /// Who the user is: the outputs of an `sso_token` step, or why they cannot be had.
    Identity(Box<Result<Map<String, Value>, Failure>>),
    /// The time to wait for has come, or the run goes on after a restart or a passing fault.
    Continue,
    /// Nobody is there to answer or to open a page: the run ends.
    Nobody,
}

/// Where a run stands.
#[derive(Debug)]
pub enum Progress {
    /// It needs a form filled in.
    Ask(Prompt),
    /// It needs a page opened, and the redirect at the end of it.
    Open(Open),
    /// It needs to know who the user is, by [`Input::Identity`]. No person is asked.
    Identify {
        /// A token that is of no use any more: another is needed.
        spent: Option<SecretString>,
    },
    /// It goes on by [`Input::Continue`] at this time.
    Wait {
        /// When.
        until: SystemTime,
        /// What a person has to see meanwhile.
        show: Option<Box<Show>>,
    },
    /// It has a credential. Of a logout it is the one that was ended, of a step-up the one before with what its steps
    /// gave beside it.
    Done(Box<Credential>),
    /// It ended without one. After a passing fault, and only then, [`Input::Continue`] tries the
    /// same step again with all that came before it.
    Failed(Box<Failure>),
}

/// All of a run. Serialisable for `seal.rs`, which alone does it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RunData {
    pub(crate) kind: FlowKind,
    pub(crate) connector: String,
    /// Where the connector's credential may go; what the run holds goes nowhere else.
    pub(crate) origins: String,
    /// The flow whose steps run now: a renewal may turn to the auth flow.
    pub(crate) flow: FlowKind,
    pub(crate) cursor: usize,
    #[serde(with = "crate::seal::outputs")]
    pub(crate) outputs: Outputs,
    #[serde(with = "crate::seal::jar")]
    pub(crate) jar: Jar,
    pub(crate) answers: Sheet,
    /// The credential that is renewed or ended.
    #[serde(with = "crate::seal::base")]
    pub(crate) base: Option<Credential>,
    pub(crate) state: String,
    pub(crate) paused: Option<Paused>,
    /// Failures so far of each step that goes back to a form.
    pub(crate) failures: BTreeMap<String, u32>,
    pub(crate) notice: Option<Notice>,
    /// How often each form had something sent again.
    #[serde(default)]
    pub(crate) resends: BTreeMap<String, u32>,
    /// Until when each form that was shown can be answered, in seconds since 1970.
    #[serde(default)]
    pub(crate) deadlines: BTreeMap<String, i64>,
    /// What is being sent again.
    #[serde(default)]
    pub(crate) resending: Option<Resending>,
    /// What was last typed into the fields of the form gone back to, secrets left out.
    pub(crate) typed: BTreeMap<String, String>,
    /// Steps of the auth flow whose tokens were renewed, so that the old ones may be spent.
    pub(crate) renewed: Vec<String>,
    /// When the last reply before each step's outputs came, by which lives are counted.
    pub(crate) told_at: BTreeMap<String, i64>,
    /// When the last reply of all came.
    pub(crate) last_reply: Option<i64>,
    /// How many seconds the API's clock is ahead of ours, as its last reply told.
    #[serde(default)]
    pub(crate) api_ahead: Option<i64>,
    /// The API whose clock that is.
    #[serde(default)]
    pub(crate) api_clock: Option<Url>,
    /// The one-time passwords that were made, each by the end of its period in the API's time.
    #[serde(default)]
    pub(crate) used_codes: Vec<i64>,
    /// The key that tokens are bound to, from the first step on that asks for such.
    #[serde(default, with = "crate::seal::dpop_key")]
    pub(crate) dpop_key: Option<DpopKey>,
    /// The reply that asked for more proof.
    #[serde(default)]
    pub(crate) asked_by: Option<Value>,
    pub(crate) begun: bool,
    pub(crate) ended: bool,
}

/// What a run waits for, always in the step at its cursor.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Paused {
    /// A form.
    Form { step: String },
    /// A redirect back.
    Browser {
        step: String,
        url: Url,
        /// The query parameter that must bring the state back.
        state_name: Option<String>,
        oauth: Option<Box<Pending>>,
        /// What OAuth 1.0a sent out with.
        oauth1: Option<Box<RequestToken>>,
    },
    /// A code to be entered on another device; the token endpoint is asked again at `at`.
    Device {
        step: String,
        at: i64,
        device: Box<Device>,
    },
    /// To be told who the user is.
    Identity { step: String },
    /// A time, as milliseconds since 1970; polling ends at `ends`.
    Time { step: String, at: i64, ends: i64 },
}

/// Why a form is shown again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub(crate) form: String,
    pub(crate) text: Words,
    pub(crate) else_text: Option<String>,
    pub(crate) attempts_left: Option<u32>,
}

/// Something that is sent again for a form, and what there was before, in case it cannot be.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Resending {
    pub(crate) form: String,
    #[serde(with = "crate::seal::outputs")]
    pub(crate) before: Outputs,
    pub(crate) deadline: Option<i64>,
}

impl Run {
    /// A sign-in. Forms for which `prefilled` has the answers are not asked.
    #[must_use]
    pub fn auth(connector: &Connector, prefilled: Answers) -> Self {
        Self(RunData {
            answers: prefilled.0,
            ..RunData::new(FlowKind::Auth, connector, None)
        })
    }

    /// A renewal, in the way the connector has it.
    #[must_use]
    pub fn refresh(connector: &Connector, credential: &Credential) -> Self {
        let mut data = RunData::new(FlowKind::Refresh, connector, Some(credential));
        match connector.renewal() {
            Renewal::Steps(_) | Renewal::Ask => {}
            Renewal::SameAsAuthFlow(refresh) if refresh.use_stored_credentials => {
                data.restart_as_auth(stored::answers(connector, credential));
            }
            Renewal::SameAsAuthFlow(_) | Renewal::AuthFlowAgain => {
                data.restart_as_auth(Answers::new());
            }
        }
        Self(data)
    }

    /// A logout.
    #[must_use]
    pub fn logout(connector: &Connector, credential: &Credential) -> Self {
        Self(RunData::new(FlowKind::Logout, connector, Some(credential)))
    }

    /// Proves more for one call. `response` is the reply that asked: a map of `status`, `headers`, `body` and, where
    /// there is one, `challenge`. Its credential is good for that call alone, and never stored.
    #[must_use]
    pub fn step_up(connector: &Connector, credential: &Credential, response: Value) -> Self {
        let mut data = RunData::new(FlowKind::StepUp, connector, Some(credential));
        data.asked_by = Some(response);
        Self(data)
    }

    /// The same, beginning at a step of its flow with what those before it left behind in an earlier run; none where there
    /// is no such step. For tests of a flow: what an earlier run used up may be refused.
    #[must_use]
    pub fn beginning_at(
        mut self,
        connector: &Connector,
        step: &str,
        outputs: Outputs,
        jar: Jar,
    ) -> Option<Self> {
        let steps = self.0.steps(connector);
        let cursor = steps.iter().position(|candidate| candidate.id == step)?;
        for step in steps.iter().take(cursor) {
            if let Some(left) = outputs.of(&step.id) {
                self.0.outputs.set(&step.id, left.clone());
            }
        }
        self.0.jar = jar;
        self.0.cursor = cursor;
        Some(self)
    }

    /// Goes on until a person or a time is needed, or the run ends. Dropped half-way, the run
    /// is as it was before the step it was in.
    pub async fn advance(
        &mut self,
        context: &Context<'_>,
        input: Input,
        observer: &mut dyn Observer,
    ) -> Progress {
        runner::advance(&mut self.0, context, input, observer).await
    }

    /// The same, never using a one-time password again that this credential was had with.
    #[must_use]
    pub fn after(mut self, credential: &Credential) -> Self {
        self.0.used_codes.extend(&credential.used_codes);
        self
    }

    /// What a renewal that failed half-way must not lose: the old credential with the tokens that
    /// were renewed before, as the old ones are spent. None where nothing was renewed.
    #[must_use]
    pub fn salvage(&self) -> Option<Credential> {
        let mut credential = self.0.base.clone()?;
        for step in &self.0.renewed {
            let renewed = self.0.outputs.of(step)?;
            credential.outputs.set(step, renewed.clone());
        }
        (!self.0.renewed.is_empty()).then_some(credential)
    }

    /// Which flow it executes.
    #[must_use]
    pub fn kind(&self) -> FlowKind {
        self.0.kind
    }

    /// The connector it is a run of.
    #[must_use]
    pub fn connector(&self) -> &str {
        &self.0.connector
    }

    /// Whether it can go no further.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.0.ended
    }

    /// The step it waits in.
    #[must_use]
    pub fn waiting_in(&self) -> Option<&str> {
        self.0.paused.as_ref().map(Paused::step)
    }

    /// The `state` of the redirect it waits for, by which a server finds the run.
    #[must_use]
    pub fn awaited_state(&self) -> Option<&str> {
        match &self.0.paused {
            Some(Paused::Browser {
                state_name: Some(_),
                ..
            }) => Some(&self.0.state),
            _ => None,
        }
    }

    /// Whether this redirect is the one it waits for although the API kept no `state`: it brings
    /// the OAuth 1.0a token that the browser was sent out with.
    #[must_use]
    pub fn awaits_token_of(&self, back: &Url) -> bool {
        match &self.0.paused {
            Some(Paused::Browser {
                oauth1: Some(sent), ..
            }) => oauth1::check_ours(back, &self.0.state, &sent.token).is_ok(),
            _ => false,
        }
    }
}

impl RunData {
    fn new(kind: FlowKind, connector: &Connector, base: Option<&Credential>) -> Self {
        Self {
            kind,
            connector: connector.name.clone(),
            origins: connector.origin_set_key(),
            flow: kind,
            cursor: 0,
            outputs: base.map(|base| base.outputs.clone()).unwrap_or_default(),
            jar: base.map(|base| base.jar.clone()).unwrap_or_default(),
            answers: Sheet::default(),
            base: base.cloned(),
            state: String::new(),
            paused: None,
            failures: BTreeMap::new(),
            notice: None,
            resends: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            resending: None,
            typed: BTreeMap::new(),
            renewed: Vec::new(),
            told_at: BTreeMap::new(),
            last_reply: None,
            api_ahead: None,
            api_clock: None,
            used_codes: base.map(|base| base.used_codes.clone()).unwrap_or_default(),
            dpop_key: base.and_then(|base| base.dpop_key.clone()),
            asked_by: None,
            begun: false,
            ended: false,
        }
    }

    /// Begins the auth flow with nothing but these answers.
    pub(crate) fn restart_as_auth(&mut self, answers: Answers) {
        self.flow = FlowKind::Auth;
        self.cursor = 0;
        self.outputs = Outputs::new();
        self.jar = Jar::new();
        self.answers = answers.0;
        self.dpop_key = None;
        self.paused = None;
        self.failures.clear();
        self.renewed.clear();
        self.told_at.clear();
        self.notice = None;
        self.resends.clear();
        self.deadlines.clear();
        self.resending = None;
        self.typed.clear();
    }

    /// The steps of the flow that runs now.
    pub(crate) fn steps<'c>(&self, connector: &'c Connector) -> &'c [Step] {
        match self.flow {
            FlowKind::Auth => &connector.auth_flow.steps,
            FlowKind::Refresh => match &connector.refresh_flow {
                Some(refresh) => &refresh.steps,
                None => &[],
            },
            FlowKind::StepUp => match &connector.step_up {
                Some(step_up) => &step_up.steps,
                None => &[],
            },
            FlowKind::Logout => match &connector.logout_flow {
                Some(flow) => &flow.steps,
                None => &[],
            },
        }
    }
}

impl Paused {
    pub(crate) fn step(&self) -> &str {
        match self {
            Self::Form { step }
            | Self::Browser { step, .. }
            | Self::Device { step, .. }
            | Self::Identity { step }
            | Self::Time { step, .. } => step,
        }
    }
}

// A redirect brings codes and tickets.
impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Begin => f.write_str("Begin"),
            Self::Answers(answers) => f.debug_tuple("Answers").field(answers).finish(),
            Self::Resend => f.write_str("Resend"),
            Self::Callback(_) => f.write_str("Callback"),
            Self::Identity(_) => f.write_str("Identity"),
            Self::Continue => f.write_str("Continue"),
            Self::Nobody => f.write_str("Nobody"),
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("kind", &self.0.kind)
            .field("connector", &self.0.connector)
            .field("cursor", &self.0.cursor)
            .field("waiting_in", &self.waiting_in())
            .field("ended", &self.0.ended)
            .finish_non_exhaustive()
    }
}
