//! Step-up: more proof for one call, by a run that may pause for a person. What it gave is for that call alone, and never
//! stored with the connection; the cookies that came on its way stay, as those of every call do.

use crate::connections::{Connections, Equipped};
use crate::error::ConnectionError;
use crate::handle::Handle;
use crate::lease::Lease;
use flow::{Credential, Input, Observer, Open, Outputs, Progress, Prompt, Run, Show};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long a step-up that died at its prompt stalls the next.
const TTL: Duration = Duration::from_secs(3);
/// How often a second one looks whether the first is done.
const LOOK: Duration = Duration::from_millis(100);

/// What the steps of a step-up gave, beside what is kept of the sign-in.
#[derive(Clone)]
pub struct SteppedUp(Arc<Credential>);

/// A step-up under way: the only one of its connection, until it is dropped.
pub struct StepUp {
    connections: Connections,
    equipped: Equipped,
    handle: Arc<Handle>,
    run: Run,
    _turn: Lease,
}

/// Where a step-up is.
#[derive(Debug)]
pub enum StepUpProgress {
    /// Fill in a form.
    Ask(Prompt),
    /// Open a page.
    Open(Open),
    /// Advance again then.
    Wait {
        /// When.
        until: SystemTime,
        /// What a person has to see meanwhile.
        show: Option<Box<Show>>,
    },
    /// The call can be sent again.
    Done(SteppedUp),
}

impl SteppedUp {
    pub(crate) fn new(credential: Credential) -> Self {
        Self(Arc::new(credential))
    }

    /// What the request parameters of a step-up read.
    #[must_use]
    pub fn outputs(&self) -> &Outputs {
        &self.0.outputs
    }
}

impl Connections {
    /// Begins a step-up for a call whose reply asked for it: a map of `status`, `headers`, `body` and, where there is one,
    /// `challenge`. Waits while another one of the same connection is under way.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn step_up(
        &self,
        equipped: &Equipped,
        handle: &Arc<Handle>,
        response: Value,
    ) -> Result<StepUp, ConnectionError> {
        let holder = self.engine.random.base64url(12);
        let key = turn_key(handle);
        let turn = loop {
            match Lease::take(&self.store, &key, &holder, TTL).await? {
                Some(turn) => break turn,
                None => tokio::time::sleep(LOOK).await,
            }
        };
        Ok(StepUp {
            connections: self.clone(),
            equipped: equipped.clone(),
            handle: handle.clone(),
            run: Run::step_up(&equipped.connector, &handle.credential(), response),
            _turn: turn,
        })
    }

    /// Keeps the cookies that came on the way of a step-up.
    pub(crate) fn take_cookies(&self, handle: &Arc<Handle>, stepped: &Credential) {
        handle.live_jar().change(|jar| jar.merge(&stepped.jar));
        self.save_jar(handle);
    }
}

impl StepUp {
    /// Goes on until a person or a time is needed, or to the end.
    ///
    /// # Errors
    /// A step of it failed.
    pub async fn advance(
        &mut self,
        input: Input,
        observer: &mut dyn Observer,
    ) -> Result<StepUpProgress, ConnectionError> {
        let owner = &self.handle.record().owner;
        let (connections, equipped) = (&self.connections, &self.equipped);
        let advancing = connections.advance(&mut self.run, equipped, owner, input, observer);
        match advancing.await {
            Progress::Ask(prompt) => Ok(StepUpProgress::Ask(prompt)),
            Progress::Open(open) => Ok(StepUpProgress::Open(open)),
            Progress::Wait { until, show } => Ok(StepUpProgress::Wait { until, show }),
            Progress::Done(credential) => {
                self.connections.take_cookies(&self.handle, &credential);
                Ok(StepUpProgress::Done(SteppedUp::new(*credential)))
            }
            Progress::Identify { .. } => Err(ConnectionError::Ours {
                message: "The step-up asked who its user is, and nobody told it.".to_owned(),
            }),
            Progress::Failed(failure) => Err(ConnectionError::Flow(failure.into())),
        }
    }
}

/// The key of the lease that lets one step-up of a connection be open.
pub(crate) fn turn_key(handle: &Handle) -> String {
    format!("step-up\n{}", handle.id())
}

// What a person has just typed is in it.
impl fmt::Debug for SteppedUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SteppedUp").finish_non_exhaustive()
    }
}

impl fmt::Debug for StepUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StepUp")
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}
