//! One call, phase by phase: resolve, attach, sign, send, judge, renew, answer.

use crate::answer::{Answer, answer};
use crate::attach::attach;
use crate::error::CallError;
use crate::first_call::turn;
use crate::judge::{Finding, judge};
use crate::kept_body::{CallBody, KeptBody};
use crate::parameters::Given;
use crate::renew::{Refusal, after, before, open};
use crate::resolve::{Plan, resolve};
use crate::send::send;
use crate::sign::sign;
use crate::step_up::{Progress, WantsProof};
use connection::{Connections, Equipped, Handle};
use flow::Observer;
use http::{HeaderMap, Method};
use std::sync::Arc;

/// What is called, and with what.
#[derive(Debug)]
pub struct Call {
    /// Where the call goes.
    pub target: Target,
    /// The body. An endpoint makes its own and takes none.
    pub body: CallBody,
}

/// Where a call goes.
#[derive(Debug)]
pub enum Target {
    /// A named operation of the connector.
    Endpoint {
        /// Its name.
        name: String,
        /// Its parameters.
        parameters: Vec<(String, Given)>,
    },
    /// The call that proves that a credential works.
    TestApi,
    /// Anything below the base URL.
    Path {
        /// The method.
        method: Method,
        /// The path, perhaps with a query.
        path: String,
        /// Added to the query.
        query: Vec<(String, String)>,
        /// The caller's headers; those that are not a caller's to send are left out.
        headers: HeaderMap,
    },
}

/// What came of a call.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// The API's own answer.
    Answered(Box<Answer>),
    /// The API wants more proof for it, and the connector says how that is had.
    WantsProof(Box<WantsProof<'a>>),
}

/// Sends a call with the credential of a connection, renewing the session before or after where it is over.
///
/// It is sent at most twice: once more where `session.over_when` matched and one renewal worked, rebuilt from its
/// template with the new credential. `connection` is an id; an endpoint that says `attach: false` needs none.
///
/// # Errors
/// Where there is no answer of the API's own. Whatever the API answers, its errors included, is an [`Answer`]; but a reply
/// that wants more proof, where nobody is there to ask, is [`CallError::StepUpRequired`].
pub async fn call(
    connections: &Connections,
    equipped: &Equipped,
    connection: Option<&str>,
    call: Call,
    observer: &mut dyn Observer,
) -> Result<Answer, CallError> {
    begin(connections, equipped, connection, call, observer)
        .await?
        .with_nobody()
}

/// [`call`](call()) up to where the API wants more proof.
///
/// # Errors
/// As those of [`call`](call()).
pub async fn begin<'a>(
    connections: &Connections,
    equipped: &'a Equipped,
    connection: Option<&str>,
    call: Call,
    observer: &mut dyn Observer,
) -> Result<Outcome<'a>, CallError> {
    let plan = resolve(&equipped.connector, call.target)?;
    let body = KeptBody::keep(call.body).await?;
    let handle = open(connections, equipped, connection, &plan, observer).await?;
    start(connections, equipped, handle, plan, body, observer).await
}

/// [`call`](call()) with a credential that is open already.
///
/// # Errors
/// As those of [`call`](call()).
pub async fn call_with(
    connections: &Connections,
    equipped: &Equipped,
    handle: Option<Arc<Handle>>,
    call: Call,
    observer: &mut dyn Observer,
) -> Result<Answer, CallError> {
    begin_with(connections, equipped, handle, call, observer)
        .await?
        .with_nobody()
}

/// [`begin`] with a credential that is open already.
pub(crate) async fn begin_with<'a>(
    connections: &Connections,
    equipped: &'a Equipped,
    handle: Option<Arc<Handle>>,
    call: Call,
    observer: &mut dyn Observer,
) -> Result<Outcome<'a>, CallError> {
    let plan = resolve(&equipped.connector, call.target)?;
    let body = KeptBody::keep(call.body).await?;
    start(connections, equipped, handle, plan, body, observer).await
}

impl Outcome<'_> {
    pub(crate) fn with_nobody(self) -> Result<Answer, CallError> {
        match self {
            Self::Answered(answer) => Ok(*answer),
            Self::WantsProof(wants) if !wants.may_go_on() => Ok(wants.pass_on()),
            Self::WantsProof(_) => Err(CallError::StepUpRequired {
                run: None,
                reason: "nobody is there to ask".to_owned(),
            }),
        }
    }
}

async fn start<'a>(
    connections: &Connections,
    equipped: &'a Equipped,
    handle: Option<Arc<Handle>>,
    plan: Plan<'a>,
    body: KeptBody,
    observer: &mut dyn Observer,
) -> Result<Outcome<'a>, CallError> {
    let mut credential = before(connections, equipped, handle, &plan, observer).await?;
    let mut _first = None;
    if let Some(handle) = credential.handle.take() {
        let (handle, first) = turn(connections, equipped, handle).await?;
        // What is large takes as long as it takes, and holds up nobody.
        (credential.handle, _first) = (Some(handle), first.filter(|_| body.is_kept()));
    }
    let progress = Progress {
        plan,
        body,
        credential,
        attempts: 0,
        proven: None,
    };
    go(connections, equipped, progress, observer).await
}

pub(crate) async fn go<'a>(
    connections: &Connections,
    equipped: &'a Equipped,
    mut progress: Progress<'a>,
    observer: &mut dyn Observer,
) -> Result<Outcome<'a>, CallError> {
    loop {
        let Progress {
            plan,
            body,
            credential,
            attempts,
            proven,
        } = &mut progress;
        credential.tell(equipped, observer);
        let mut sending = attach(
            connections,
            equipped,
            credential,
            plan,
            body,
            proven.as_ref(),
        )?;
        sign(connections, equipped, credential, plan, &mut sending)?;
        let reply = send(connections, equipped, credential, sending, observer).await?;
        *attempts += 1;
        let clock = reply.clock;
        let was_shown = plan.shows_sign_in(&equipped.connector, &reply.reply.url);
        let (judged, mut finding) = judge(connections, equipped, credential, plan, reply).await?;
        // What was proven and is not enough passes on as the API says it.
        if let Finding::StepUp(response) = &mut finding
            && proven.is_none()
            && let Some(handle) = credential.handle.clone()
        {
            let response = response.take();
            return Ok(Outcome::WantsProof(Box::new(WantsProof {
                progress,
                handle,
                judged,
                response,
            })));
        }
        if matches!(finding, Finding::Over) {
            // The sending that was for the proof is not one that a renewal brought.
            let refusal = Refusal {
                attempts: *attempts - u8::from(proven.is_some()),
                renewed: credential.renewed,
                was_shown,
                clock,
            };
            let renewing = after(
                connections,
                equipped,
                credential,
                plan,
                body,
                refusal,
                observer,
            );
            if let Some(fresh) = renewing.await? {
                *credential = fresh;
                continue;
            }
        }
        let answered = answer(judged, finding, *attempts, credential);
        return Ok(Outcome::Answered(Box::new(answered)));
    }
}
