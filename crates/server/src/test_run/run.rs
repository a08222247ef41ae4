//! One test run: what it has heard so far, where it stands, and what makes it go on.

use super::record::{Entry, Heard, Known, Recorded};
use super::told::Told;
use connection::Equipped;
use flow::{Credential, Event, Input, Observer, Open, Outputs, Prompt, Run, Show};
use outbound::Jar;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};
use url::Url;

/// What is tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tested {
    /// The auth flow.
    Auth,
    /// The refresh flow, and the calls around it.
    Refresh,
    /// The logout flow.
    Logout,
    /// The test API.
    TestApi,
    /// An endpoint.
    Endpoint(String),
}

/// One test run.
pub(crate) struct TestRun {
    pub(crate) id: String,
    /// The login of whose it is.
    pub(crate) person: String,
    pub(crate) tested: Tested,
    /// The definition as it was tested.
    pub(crate) text: Arc<str>,
    pub(crate) equipped: Equipped,
    /// In Unix seconds.
    pub(crate) started_at: i64,
    pub(crate) expires_at: i64,
    inner: Mutex<Inner>,
    /// Counts changes, so that nobody who follows misses one.
    changes: watch::Sender<u64>,
    input: mpsc::Sender<Input>,
    cancelled: watch::Sender<bool>,
}

/// Where one stands.
#[derive(Clone)]
pub(crate) enum Stage {
    /// At work.
    Working,
    /// Somebody has to do something.
    Waiting(Waiting),
    /// It came to its end.
    Done,
    /// It did not.
    Failed(Box<Told>),
    /// Its person stopped it, or its time was over.
    Cancelled,
}

/// What one waits for.
#[derive(Clone)]
pub(crate) enum Waiting {
    /// A form.
    Form(Prompt),
    /// A page, and the redirect at its end; the run as it waits, which knows which redirect.
    Open(Open, Box<Run>),
    /// A code that is entered elsewhere.
    Show(Box<Show>),
    /// A time: it polls.
    Time,
}

/// What a call was answered with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    /// The status.
    pub(crate) status: u16,
    /// Whether it is what was expected.
    pub(crate) expected: bool,
    /// Whether the API still says that the session is over.
    pub(crate) over: bool,
    /// Whether the session was renewed for it.
    pub(crate) renewed: bool,
}

pub(super) struct Inner {
    pub(super) recorded: Recorded,
    stage: Stage,
    /// How often the stage has changed.
    turns: u64,
    credential: Option<Credential>,
    outcome: Option<Outcome>,
}

/// What waits for a run's input, and for its being stopped.
pub(super) struct Reins {
    pub(super) input: mpsc::Receiver<Input>,
    pub(super) cancelled: watch::Receiver<bool>,
}

/// What a new one is made of.
pub(super) struct Parts {
    pub(super) id: String,
    pub(super) person: String,
    pub(super) tested: Tested,
    pub(super) text: Arc<str>,
    pub(super) equipped: Equipped,
    pub(super) started_at: i64,
    pub(super) expires_at: i64,
}

impl TestRun {
    pub(super) fn new(parts: Parts) -> (Arc<Self>, Reins) {
        let (input, taken) = mpsc::channel(1);
        let (cancelled, heard) = watch::channel(false);
        let run = Self {
            inner: Mutex::new(Inner {
                recorded: Recorded::new(parts.text.clone(), &parts.equipped),
                stage: Stage::Working,
                turns: 0,
                credential: None,
                outcome: None,
            }),
            id: parts.id,
            person: parts.person,
            tested: parts.tested,
            text: parts.text,
            equipped: parts.equipped,
            started_at: parts.started_at,
            expires_at: parts.expires_at,
            changes: watch::Sender::new(0),
            input,
            cancelled,
        };
        let reins = Reins {
            input: taken,
            cancelled: heard,
        };
        (Arc::new(run), reins)
    }

    /// Where it stands, and how often that has changed.
    pub(crate) fn stage(&self) -> (Stage, u64) {
        let inner = self.lock();
        (inner.stage.clone(), inner.turns)
    }

    /// Whether it goes no further.
    pub(crate) fn has_ended(&self) -> bool {
        self.lock().stage.has_ended()
    }

    /// Moves on with each change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Shows what it has heard from one entry on, with what is known to be secret.
    pub(crate) fn show<T>(&self, from: usize, show: impl FnOnce(&[Entry], &Known) -> T) -> T {
        let inner = self.lock();
        let entries = inner.recorded.entries.get(from..).unwrap_or_default();
        show(entries, &inner.recorded.known)
    }

    /// What its steps have left behind so far, and its jar.
    pub(crate) fn left(&self) -> (Outputs, Jar) {
        let inner = self.lock();
        (inner.recorded.outputs.clone(), inner.recorded.jar.clone())
    }

    /// The jar after each step before this one.
    pub(crate) fn jars_before(&self, step: &str) -> Vec<(String, Jar)> {
        self.lock().recorded.jars_before(step)
    }

    /// The credential it ended with.
    pub(crate) fn credential(&self) -> Option<Credential> {
        self.lock().credential.clone()
    }

    /// What its last call was answered with.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.lock().outcome
    }

    /// Has it go on with what it waits for; false where it waits for something else by now.
    pub(crate) fn go_on(&self, input: Input, fits: impl FnOnce(&Waiting) -> bool) -> bool {
        let mut inner = self.lock();
        let Stage::Waiting(waiting) = &inner.stage else {
            return false;
        };
        if !fits(waiting) || self.input.try_send(input).is_err() {
            return false;
        }
        inner.stage = Stage::Working;
        inner.turns += 1;
        drop(inner);
        self.changed();
        true
    }

    /// Stops it.
    pub(crate) fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Whether it waits for this redirect.
    pub(crate) fn awaits(&self, back: &Url) -> bool {
        match &self.lock().stage {
            Stage::Waiting(Waiting::Open(_, run)) => match run.awaited_state() {
                Some(state) => back.query_pairs().any(|(_, value)| value == state),
                None => run.awaits_token_of(back),
            },
            _ => false,
        }
    }

    pub(super) fn begin_at(&self, outputs: &Outputs, jars: &[(String, Jar)]) {
        self.lock().recorded.begin_at(outputs, jars);
    }

    pub(super) fn begin_with(&self, outputs: &Outputs, jar: &Jar) {
        self.lock().recorded.begin_with(outputs, jar);
    }

    pub(super) fn move_to(&self, stage: Stage) {
        let mut inner = self.lock();
        inner.stage = stage;
        inner.turns += 1;
        drop(inner);
        self.changed();
    }

    pub(super) fn note(&self, heard: Heard, at: i64) {
        self.lock().recorded.note(heard, at);
        self.changed();
    }

    pub(super) fn note_body(&self, body: &str) {
        self.lock().recorded.note_body(body);
        self.changed();
    }

    pub(super) fn end_with(&self, credential: Credential) {
        self.lock().credential = Some(credential);
    }

    pub(super) fn answered(&self, outcome: Outcome) {
        self.lock().outcome = Some(outcome);
    }

    pub(super) fn masked(&self, text: &str) -> String {
        self.lock().recorded.known.masker.mask(text)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stage {
    /// The word for machines.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Waiting(_) => "waiting",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it goes no further.
    pub(crate) fn has_ended(&self) -> bool {
        !matches!(self, Self::Working | Self::Waiting(_))
    }
}

impl Tested {
    /// The word for machines.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Refresh => "refresh",
            Self::Logout => "logout",
            Self::TestApi => "test_api",
            Self::Endpoint(_) => "endpoint",
        }
    }
}

/// Hears a run, and notes all of it.
pub(super) struct Recorder {
    pub(super) run: Arc<TestRun>,
    pub(super) clock: model::Clock,
}

impl Observer for Recorder {
    fn event(&mut self, event: Event) {
        let now = self.clock.now();
        let since = now
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let at = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        self.run.note(Heard::Event(event), at);
    }

    fn wants_detail(&self) -> bool {
        true
    }
}

impl std::fmt::Debug for TestRun {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TestRun")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
