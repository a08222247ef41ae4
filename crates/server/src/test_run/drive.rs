//! What a test run does: a flow from beginning to end, a call, or a renewal between two calls. A task of its own, which ends
//! with its time or when its person stops it.

use super::record::Heard;
use super::renewed;
use super::run::{Outcome, Parts, Recorder, Reins, Stage, TestRun, Tested, Waiting};
use super::told::Told;
use super::{HELD, TestRuns, TooMany};
use crate::signing_in::PEOPLE;
use connection::{Connections, Equipped};
use flow::{Answers, Credential, Event, Failure, FailureKind, Input, Outputs, Progress, Run};
use gateway::{Given, Target, Trial};
use model::Clock;
use outbound::Jar;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The largest body of a reply to a call that is read.
const LARGEST_BODY: usize = 1 << 20;

/// What is to be done.
pub(crate) struct Plan {
    pub(crate) person: String,
    pub(crate) tested: Tested,
    pub(crate) text: Arc<str>,
    pub(crate) equipped: Equipped,
    /// The parameters of an endpoint.
    pub(crate) parameters: Vec<(String, Value)>,
    /// What an earlier test run ended with.
    pub(crate) base: Option<Credential>,
    /// Where to begin, other than at the first step.
    pub(crate) beginning: Option<Beginning>,
    /// Whether a call goes first with a credential that the API refuses.
    pub(crate) spoil: bool,
}

/// A step to begin at, with what those before it left behind.
pub(crate) struct Beginning {
    pub(crate) step: String,
    pub(crate) outputs: Outputs,
    /// The jar after each of them.
    pub(crate) jars: Vec<(String, Jar)>,
}

struct Driver {
    run: Arc<TestRun>,
    reins: Reins,
    connections: Connections,
    recorder: Recorder,
    plan: Plan,
}

/// Why it went no further.
enum Stopped {
    Told(Box<Told>),
    Cancelled,
}

/// Starts one; it goes on by itself.
///
/// # Errors
/// Where its person has too many.
pub(crate) fn start(
    runs: &TestRuns,
    connections: &Connections,
    plan: Plan,
) -> Result<Arc<TestRun>, TooMany> {
    let clock: Clock = connections.engine().clock.clone();
    let now = clock.unix();
    let held = i64::try_from(HELD.as_secs()).unwrap_or(i64::MAX);
    let (run, reins) = TestRun::new(Parts {
        id: runs.new_id(),
        person: plan.person.clone(),
        tested: plan.tested.clone(),
        text: plan.text.clone(),
        equipped: plan.equipped.clone(),
        started_at: now,
        expires_at: now.saturating_add(held),
    });
    runs.hold(&run)?;
    if let Some(base) = &plan.base {
        run.begin_with(&base.outputs, &base.jar);
    }
    if let Some(begun) = &plan.beginning {
        run.begin_at(&begun.outputs, &begun.jars);
    }
    let recorder = Recorder {
        run: run.clone(),
        clock,
    };
    let mut driver = Driver {
        run: run.clone(),
        reins,
        connections: connections.clone(),
        recorder,
        plan,
    };
    tokio::spawn(async move {
        let stage = match tokio::time::timeout(HELD, driver.go()).await {
            Ok(Ok(())) => Stage::Done,
            Ok(Err(Stopped::Told(told))) => Stage::Failed(told),
            Ok(Err(Stopped::Cancelled)) | Err(_) => Stage::Cancelled,
        };
        driver.run.move_to(stage);
    });
    Ok(run)
}

impl Driver {
    async fn go(&mut self) -> Result<(), Stopped> {
        match self.plan.tested.clone() {
            Tested::Auth => {
                let run = Run::auth(&self.plan.equipped.connector, Answers::new());
                let credential = self.flow(run).await?;
                self.run.end_with(credential);
                Ok(())
            }
            Tested::Logout => {
                let base = self.base()?;
                let run = Run::logout(&self.plan.equipped.connector, &base);
                self.flow(run).await.map(drop)
            }
            Tested::Refresh => self.refresh().await,
            Tested::TestApi | Tested::Endpoint(_) => self.call().await,
        }
    }

    /// A renewal, between a call that needs it and one that shows it.
    async fn refresh(&mut self) -> Result<(), Stopped> {
        let base = self.base()?;
        let can_call = self.plan.equipped.connector.test_api.is_some();
        if self.plan.spoil {
            if !can_call {
                return Err(self.no_test_api());
            }
            let trial = self.spoiled(&base).await?;
            if !trial.over {
                self.warn(
                    "The API answered a bad token, and `session.over_when` did not see that the session is over. Calls \
                     would not renew it.",
                );
            }
        }
        let renewed = self.renew(&base).await?;
        self.run.end_with(renewed.clone());
        if can_call {
            self.phase("call");
            let trial = self.send(Some(renewed), Target::TestApi).await?;
            self.judge(&trial, true)?;
        }
        Ok(())
    }

    /// A call, sent once more where the session was over.
    async fn call(&mut self) -> Result<(), Stopped> {
        let base = self.plan.base.clone();
        let mut trial = match (&base, self.plan.spoil) {
            (Some(base), true) => self.spoiled(base).await?,
            _ => self.send(base.clone(), self.target()).await?,
        };
        let mut renewed = false;
        if let (true, Some(base)) = (trial.over, &base) {
            let fresh = self.renew(base).await?;
            self.run.end_with(fresh.clone());
            self.phase("call");
            trial = self.send(Some(fresh), self.target()).await?;
            renewed = true;
        } else if let Some(credential) = trial.credential.clone().filter(|_| !self.plan.spoil) {
            self.run.end_with(credential);
        }
        self.judge(&trial, renewed)
    }

    async fn renew(&mut self, base: &Credential) -> Result<Credential, Stopped> {
        self.phase("refresh");
        let connector = self.plan.equipped.connector.clone();
        let fresh = self.flow(Run::refresh(&connector, base)).await?;
        for heard in renewed::updates(&connector, base, &fresh) {
            self.note(heard);
        }
        if renewed::sends_the_same(&connector, base, &fresh) {
            self.warn(
                "The refresh ran, but a call would send the same as before. Add an update for what calls send, under \
                 `refresh_flow.update_variables`.",
            );
        }
        Ok(fresh)
    }

    /// A call with a credential that the API refuses.
    async fn spoiled(&mut self, base: &Credential) -> Result<Trial, Stopped> {
        self.phase("spoiled_call");
        let connector = self.plan.equipped.connector.clone();
        let Some(spoiled) = base.spoiled(&connector) else {
            return Err(self.told(Told::new(
                &self.run,
                "nothing_to_spoil",
                "Calls send nothing that the sign-in gave, so there is no token to spoil."
                    .to_owned(),
                "request_parameters",
            )));
        };
        let target = match self.plan.tested {
            Tested::Endpoint(_) => self.target(),
            _ => Target::TestApi,
        };
        self.send(Some(spoiled), target).await
    }

    fn target(&self) -> Target {
        match &self.plan.tested {
            Tested::Endpoint(name) => Target::Endpoint {
                name: name.clone(),
                parameters: self
                    .plan
                    .parameters
                    .iter()
                    .map(|(name, value)| (name.clone(), Given::Json(value.clone())))
                    .collect(),
            },
            _ => Target::TestApi,
        }
    }

    async fn send(
        &mut self,
        credential: Option<Credential>,
        target: Target,
    ) -> Result<Trial, Stopped> {
        let path = self.path_of(&target);
        let sending = gateway::trial(
            &self.connections,
            &self.plan.equipped,
            credential,
            target,
            LARGEST_BODY,
            &mut self.recorder,
        );
        let sent = tokio::select! {
            sent = sending => sent,
            () = cancelled(&mut self.reins.cancelled) => return Err(Stopped::Cancelled),
        };
        match sent {
            Ok(trial) => {
                let body = flow::body_text(&trial.headers, &trial.body);
                self.run.note_body(&body);
                Ok(trial)
            }
            Err(error) => {
                let told = Told::of_call(&self.run, &error, &path);
                Err(self.told(told))
            }
        }
    }

    fn judge(&self, trial: &Trial, renewed: bool) -> Result<(), Stopped> {
        let connector = &self.plan.equipped.connector;
        let (name, endpoint) = match &self.plan.tested {
            Tested::Endpoint(name) => (name.clone(), connector.endpoint(name)),
            _ => {
                let test_api = connector.test_api.as_ref();
                let name = test_api.map_or("The test API", |it| &it.name);
                (name.to_owned(), test_api)
            }
        };
        let expects = endpoint.is_some_and(|endpoint| endpoint.expect.is_some());
        let good = match (expects, &trial.unexpected) {
            (true, unexpected) => unexpected.is_none(),
            (false, _) => trial.status.as_u16() < 400,
        };
        self.run.answered(Outcome {
            status: trial.status.as_u16(),
            expected: good && !trial.over,
            over: trial.over,
            renewed,
        });
        // What an endpoint answers is for its builder to judge; the test API proves something.
        if (good && !trial.over) || matches!(self.plan.tested, Tested::Endpoint(_)) {
            return Ok(());
        }
        let said = trial.unexpected.as_ref().and_then(|it| it.message.clone());
        let status = trial.status.as_u16();
        let message = match (said, trial.over) {
            (Some(said), _) => format!("{name} answered with status {status}: {said}"),
            (None, true) => format!("{name} answered with status {status}: the session is over."),
            (None, false) => format!("{name} answered with status {status}."),
        };
        let told = Told::new(&self.run, "not_proven", message, "test_api");
        Err(self.told(told.with_help(
            "Compare the request as it was sent with what the API asks for: the request parameters above all.",
        )))
    }

    /// A flow, from its beginning to its credential.
    async fn flow(&mut self, run: Run) -> Result<Credential, Stopped> {
        let connector = self.plan.equipped.connector.clone();
        let mut run = match self.plan.beginning.take() {
            None => run,
            Some(from) => {
                let jar = from.jars.into_iter().last().map(|(_, jar)| jar);
                let jar = jar.unwrap_or_default();
                let begun = run.beginning_at(&connector, &from.step, from.outputs, jar);
                begun.ok_or_else(|| {
                    let message = format!("The flow has no step `{}`.", from.step);
                    self.told(Told::new(&self.run, "unknown_step", message, "auth_flow"))
                })?
            }
        };
        let equipped = self.plan.equipped.clone();
        let engine = self.connections.engine().clone();
        let context = equipped.context(&engine);
        let mut input = Input::Begin;
        loop {
            let progress = tokio::select! {
                progress = run.advance(&context, input, &mut self.recorder) => progress,
                () = cancelled(&mut self.reins.cancelled) => return Err(Stopped::Cancelled),
            };
            input = match progress {
                Progress::Done(credential) => return Ok(*credential),
                Progress::Failed(failure) => return Err(self.failed(&failure)),
                Progress::Ask(mut prompt) => {
                    prompt.error = prompt
                        .error
                        .map(|error| error.masked(&|text| self.run.masked(text)));
                    self.run.move_to(Stage::Waiting(Waiting::Form(prompt)));
                    self.input().await?
                }
                Progress::Open(open) => {
                    let waiting = Waiting::Open(open, Box::new(run.clone()));
                    self.run.move_to(Stage::Waiting(waiting));
                    self.input().await?
                }
                Progress::Identify { spent } => {
                    let owner = format!("{PEOPLE}/{}", self.plan.person);
                    self.connections.who(&owner, spent.as_ref()).await
                }
                Progress::Wait { until, show } => {
                    let waiting = match show {
                        Some(show) => Waiting::Show(show),
                        None => Waiting::Time,
                    };
                    self.run.move_to(Stage::Waiting(waiting));
                    let left = until.duration_since(engine.clock.now()).unwrap_or_default();
                    self.rest(left).await?;
                    self.run.move_to(Stage::Working);
                    Input::Continue
                }
            };
        }
    }

    async fn input(&mut self) -> Result<Input, Stopped> {
        tokio::select! {
            input = self.reins.input.recv() => input.ok_or(Stopped::Cancelled),
            () = cancelled(&mut self.reins.cancelled) => Err(Stopped::Cancelled),
        }
    }

    async fn rest(&mut self, time: Duration) -> Result<(), Stopped> {
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = cancelled(&mut self.reins.cancelled) => Err(Stopped::Cancelled),
        }
    }

    fn base(&self) -> Result<Credential, Stopped> {
        self.plan.base.clone().ok_or_else(|| {
            let message = "There is no credential to do this with.".to_owned();
            let told = Told::new(&self.run, "nobody_signed_in", message, "auth_flow");
            self.told(told.with_help("Test the auth flow first."))
        })
    }

    fn no_test_api(&self) -> Stopped {
        let message = "There is no test API to send a bad token to.".to_owned();
        let told = Told::new(&self.run, "no_test_api", message, "");
        self.told(told.with_help(
            "Add `test_api` to the definition, or test the refresh flow without spoiling.",
        ))
    }

    fn failed(&self, failure: &Failure) -> Stopped {
        match failure.kind {
            FailureKind::Cancelled => Stopped::Cancelled,
            _ => self.told(Told::of_flow(&self.run, failure)),
        }
    }

    fn told(&self, told: Told) -> Stopped {
        Stopped::Told(Box::new(told))
    }

    fn path_of(&self, target: &Target) -> String {
        let Target::Endpoint { name, .. } = target else {
            return "test_api".to_owned();
        };
        let endpoints = &self.plan.equipped.connector.endpoints;
        match endpoints.iter().position(|endpoint| endpoint.name == *name) {
            Some(index) => format!("endpoints[{index}]"),
            None => String::new(),
        }
    }

    fn phase(&self, name: &'static str) {
        self.note(Heard::Phase(name));
    }

    fn warn(&self, message: &str) {
        self.note(Heard::Event(Event::Warning {
            step: None,
            message: message.to_owned(),
        }));
    }

    fn note(&self, heard: Heard) {
        let now = self.connections.engine().clock.now();
        let since = now
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let at = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        self.run.note(heard, at);
    }
}

async fn cancelled(cancelled: &mut watch::Receiver<bool>) {
    // Where nobody can cancel any more the run's time ends it.
    if cancelled.wait_for(|cancelled| *cancelled).await.is_err() {
        std::future::pending::<()>().await;
    }
}
