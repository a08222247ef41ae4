//! Step-up: a reply that wants more proof for this call, which then waits, whole, for somebody to get it.

use crate::answer::{Answer, answer};
use crate::call::{Outcome, go};
use crate::error::CallError;
use crate::judge::{Finding, Judged};
use crate::kept_body::KeptBody;
use crate::renew::{Credential, check_repeatable};
use crate::resolve::Plan;
use connection::{Attempts, Connections, Equipped, Handle, SteppedUp, SteppingUp};
use flow::Observer;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, StatusCode};
use outbound::Challenge;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// By what a challenge says that the sign-in was not strong or not fresh enough (RFC 9470, section 3).
const INSUFFICIENT: &str = "insufficient_user_authentication";

/// What is known of a call beyond its first sending.
pub(crate) struct Progress<'a> {
    pub(crate) plan: Plan<'a>,
    pub(crate) body: KeptBody,
    pub(crate) credential: Credential,
    /// How often it was sent.
    pub(crate) attempts: u8,
    /// What was proven for it.
    pub(crate) proven: Option<Proven>,
}

/// What a step-up gave, and the reply that asked for it.
pub(crate) struct Proven {
    pub(crate) stepped: SteppedUp,
    pub(crate) response: Value,
}

/// A call that can be sent again once more was proven for it.
pub struct WantsProof<'a> {
    pub(crate) progress: Progress<'a>,
    pub(crate) handle: Arc<Handle>,
    pub(crate) judged: Judged,
    pub(crate) response: Value,
}

impl<'a> WantsProof<'a> {
    /// The connection that it is a call of.
    #[must_use]
    pub fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }

    /// The reply that asked: a map of `status`, `headers`, `body` and, where there is one, `challenge`.
    #[must_use]
    pub fn response(&self) -> &Value {
        &self.response
    }

    /// Sends the call again with what was proven. Whatever the API then says is its answer.
    ///
    /// # Errors
    /// As those of [`call`](crate::call()); [`CallError::NotRepeated`] where it may not be sent again.
    pub async fn go_on(
        self,
        connections: &Connections,
        equipped: &'a Equipped,
        stepped: SteppedUp,
        observer: &mut dyn Observer,
    ) -> Result<Answer, CallError> {
        let mut progress = self.progress;
        check_repeatable(progress.plan.may_be_sent_again(), progress.body.is_kept())?;
        progress.proven = Some(Proven {
            stepped,
            response: self.response,
        });
        match go(connections, equipped, progress, observer).await? {
            Outcome::Answered(answer) => Ok(*answer),
            Outcome::WantsProof(wants) => Ok(wants.pass_on()),
        }
    }

    /// Whether it may be sent a second time.
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        let progress = &self.progress;
        progress.plan.may_be_sent_again() && progress.body.is_kept()
    }

    /// The reply that asked, as the API's answer.
    #[must_use]
    pub fn pass_on(self) -> Answer {
        let Progress {
            credential,
            attempts,
            ..
        } = self.progress;
        answer(
            self.judged,
            Finding::StepUp(Value::Null),
            attempts,
            &credential,
        )
    }

    /// Gets more proof by an attempt over HTTP, waiting for a person as long as `wait`, and sends the call again.
    ///
    /// # Errors
    /// As those of [`WantsProof::go_on`], and [`CallError::StepUpRequired`].
    pub(crate) async fn by_attempt(
        self,
        connections: &Connections,
        equipped: &'a Equipped,
        attempts: &Attempts,
        wait: Duration,
        observer: &mut dyn Observer,
    ) -> Result<Answer, CallError> {
        if !self.may_go_on() {
            return Ok(self.pass_on());
        }
        let stepping = attempts.step_up(equipped, &self.handle, &self.response, wait);
        let stepping = stepping.await.map_err(|error| CallError::StepUpRequired {
            run: None,
            reason: error.to_string(),
        })?;
        match stepping {
            SteppingUp::Done(stepped) => self.go_on(connections, equipped, stepped, observer).await,
            SteppingUp::Needed { run, reason } => Err(CallError::StepUpRequired { run, reason }),
        }
    }
}

/// Whether a reply says by its challenge that more proof is wanted, which no renewal gives.
pub(crate) fn is_insufficient(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::UNAUTHORIZED && insufficient(headers).is_some()
}

/// Such a challenge as templates read it: its scheme and its parameters, `acr_values` and `max_age` among them.
pub(crate) fn challenge(headers: &HeaderMap) -> Option<Value> {
    let Challenge {
        scheme, parameters, ..
    } = insufficient(headers)?;
    let mut map = Map::new();
    map.insert("scheme".to_owned(), Value::String(scheme));
    let parameters = parameters.into_iter();
    map.extend(parameters.map(|(name, value)| (name, Value::String(value))));
    Some(Value::Object(map))
}

fn insufficient(headers: &HeaderMap) -> Option<Challenge> {
    let mut all = Challenge::all(headers, WWW_AUTHENTICATE).into_iter();
    all.find(|challenge| challenge.parameter("error") == Some(INSUFFICIENT))
}

impl fmt::Debug for WantsProof<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WantsProof")
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}
