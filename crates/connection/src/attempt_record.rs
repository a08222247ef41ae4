//! What is kept of an attempt between two things that are done to it: one sealed row, read anew by whoever does the next.

use crate::attempt_prompt::{OpenShape, PromptShape};
use crate::attempt_view::{AttemptFailure, AttemptState, AttemptView, WaitingFor};
use crate::current::unsealable;
use crate::error::ConnectionError;
use flow::{Credential, Failure, Open, Prompt, Run, Show};
use secret::SecretBytes;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{Digest, NewRun, RunRecord, Store};
use url::Url;

/// How long the end of an attempt is remembered.
const REMEMBERED: i64 = 600;
/// How long what a step-up gave waits for its call.
const GIVEN: i64 = 60;
/// The most that one attempt may keep.
const LARGEST: usize = 8 * 1024 * 1024;

/// An attempt as it is in the store.
pub(crate) struct AttemptRecord {
    pub(crate) id: String,
    pub(crate) connector: String,
    pub(crate) environment: Option<String>,
    pub(crate) owner: String,
    /// Raised by each save; none before the first.
    pub(crate) version: Option<u64>,
    pub(crate) kept: Kept,
    /// None once the attempt is over.
    pub(crate) run: Option<Run>,
    /// The credential of another account that waits for a person to agree; or what a step-up gave, for the next call.
    pub(crate) other: Option<Credential>,
}

/// What is kept beside the run.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The connection's name, where one was given.
    pub(crate) name: Option<String>,
    /// The turn that the attempt holds, and its lease's number.
    pub(crate) turn: String,
    pub(crate) fence: u64,
    /// The hash of what its browser shows.
    pub(crate) browser: Option<[u8; 32]>,
    /// The connection whose renewal goes on here.
    pub(crate) renews: Option<String>,
    /// The connection for a call of which this proves more.
    #[serde(default)]
    pub(crate) steps_up: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) stage: Stage,
}

/// Where an attempt stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Nothing was done yet.
    Begin,
    Form(#[serde(with = "PromptShape")] Prompt),
    Open(#[serde(with = "OpenShape")] Open),
    /// It goes on by itself at this time, in milliseconds since 1970.
    Wait {
        until: u64,
        /// What a person has to see meanwhile.
        #[serde(default)]
        show: Option<Box<Show>>,
    },
    /// A redirect was taken. Where nobody is at it any more, what it brought is lost.
    Spent,
    Confirm {
        old: String,
        new: String,
    },
    SignedIn {
        connection: String,
    },
    SteppedUp {
        connection: String,
    },
    Failed(AttemptFailure),
    Expired,
    Cancelled,
}

impl Stage {
    pub(crate) fn has_ended(&self) -> bool {
        self.state().has_ended()
    }

    /// Whether it goes on without anybody, at this time; a form that nobody answered in time does too.
    pub(crate) fn goes_on(&self, now: i64) -> bool {
        match self {
            Self::Begin | Self::Wait { .. } | Self::Spent => true,
            Self::Form(prompt) => {
                !prompt.expired && prompt.expires_at.is_some_and(|expires| now >= expires)
            }
            _ => false,
        }
    }

    /// The step that a person is waited for in.
    pub(crate) fn step(&self) -> Option<&str> {
        match self {
            Self::Form(prompt) => Some(&prompt.step),
            Self::Open(open) => Some(&open.step),
            _ => None,
        }
    }

    pub(crate) fn state(&self) -> AttemptState {
        match self.clone() {
            Self::Wait {
                show: Some(show), ..
            } => AttemptState::Waiting(WaitingFor::Show(*show)),
            Self::Begin | Self::Wait { show: None, .. } | Self::Spent => AttemptState::Working,
            Self::Form(prompt) => AttemptState::Waiting(WaitingFor::Form(prompt)),
            Self::Open(open) => AttemptState::Waiting(WaitingFor::Open(open)),
            Self::Confirm { old, new } => {
                AttemptState::Waiting(WaitingFor::ConfirmIdentity { old, new })
            }
            Self::SignedIn { connection } => AttemptState::SignedIn {
                connection_id: connection,
            },
            Self::SteppedUp { connection } => AttemptState::SteppedUp {
                connection_id: connection,
            },
            Self::Failed(failure) => AttemptState::Failed(failure),
            Self::Expired => AttemptState::Expired,
            Self::Cancelled => AttemptState::Cancelled,
        }
    }
}

impl AttemptRecord {
    /// The attempt of this id.
    pub(crate) async fn load(store: &Store, id: &str) -> Result<Option<Self>, ConnectionError> {
        store.load_run(id).await?.map(read).transpose()
    }

    /// The attempt that waits for this `state`.
    pub(crate) async fn load_by_state(
        store: &Store,
        state: &str,
    ) -> Result<Option<Self>, ConnectionError> {
        let digest = Digest::of(state.as_bytes());
        let found = store.load_run_by_state(digest).await?;
        found.map(read).transpose()
    }

    /// Keeps it as it is now: a later version than was read, or nothing where another has saved one.
    pub(crate) async fn save(&mut self, store: &Store, now: i64) -> Result<(), ConnectionError> {
        let stays = match self.kept.stage {
            // What was typed for one call is not kept for long.
            Stage::SteppedUp { .. } => GIVEN,
            _ => (self.kept.expires_at - now).max(0) + REMEMBERED,
        };
        let row = NewRun {
            id: self.id.clone(),
            connector: self.connector.clone(),
            environment: self.environment.clone(),
            owner: self.owner.clone(),
            state: self
                .awaited_state()
                .map(|state| Digest::of(state.as_bytes())),
            ttl: Duration::from_secs(stays.unsigned_abs()),
        };
        let saved = store.save_run(row, self.version, self.write()?).await?;
        self.version = Some(saved.version);
        Ok(())
    }

    /// Ends it: nothing stays but how.
    pub(crate) fn end(&mut self, stage: Stage) {
        self.kept.stage = stage;
        self.run = None;
        self.other = None;
    }

    pub(crate) fn is_over_at(&self, now: i64) -> bool {
        now >= self.kept.expires_at
    }

    /// The `state` of the redirect that it waits for.
    pub(crate) fn awaited_state(&self) -> Option<&str> {
        match self.kept.stage {
            Stage::Open(_) => self.run.as_ref()?.awaited_state(),
            _ => None,
        }
    }

    /// Whether a redirect without `state` brings the token that its browser was sent out with.
    pub(crate) fn brings_token(&self, back: &Url) -> bool {
        let run = self.run.as_ref();
        run.is_some_and(|run| run.awaits_token_of(back))
    }

    pub(crate) fn view(&self) -> AttemptView {
        AttemptView {
            id: self.id.clone(),
            connector: self.connector.clone(),
            environment: self.environment.clone(),
            owner: self.owner.clone(),
            name: self.kept.name.clone(),
            version: self.version.unwrap_or(0),
            state: self.kept.stage.state(),
            expires_at: self.kept.expires_at,
        }
    }

    /// The head's length, the head, the run, the other credential: so nothing is encoded twice.
    fn write(&self) -> Result<SecretBytes, ConnectionError> {
        let run = self.run.as_ref().map(flow::seal_run);
        let run = run.transpose().map_err(unsealable)?;
        let other = self.other.as_ref().map(flow::seal_credential);
        let other = other.transpose().map_err(unsealable)?;
        let length = |part: &Option<SecretBytes>| part.as_ref().map(|part| part.reveal().len());
        let head = HeadRef {
            shape: SHAPE,
            kept: &self.kept,
            run: length(&run),
            other: length(&other),
        };
        let head = SecretBytes::new(serde_json::to_vec(&head).map_err(|_| unreadable())?);
        let parts: Vec<&[u8]> = std::iter::once(&head)
            .chain(&run)
            .chain(&other)
            .map(SecretBytes::reveal)
            .collect();
        let size = parts.iter().map(|part| part.len()).sum::<usize>() + PREFIX;
        if size > LARGEST {
            let failure = Failure::definition(
                "sign_in_too_large",
                format!("The sign-in has to keep more than {LARGEST} bytes while it waits."),
            )
            .with_help("Let its steps ask the API for less.");
            return Err(ConnectionError::Flow(failure.into()));
        }
        let length = u32::try_from(head.reveal().len()).map_err(|_| unreadable())?;
        // Never grown, so that no copy is left behind.
        let mut bytes = Vec::with_capacity(size);
        bytes.extend_from_slice(&length.to_be_bytes());
        parts
            .into_iter()
            .for_each(|part| bytes.extend_from_slice(part));
        Ok(SecretBytes::new(bytes))
    }
}

/// The shape of what is kept. A later shape gets a later number.
const SHAPE: u32 = 1;
/// The length of the head's length.
const PREFIX: usize = 4;

#[derive(Serialize)]
struct HeadRef<'a> {
    shape: u32,
    kept: &'a Kept,
    run: Option<usize>,
    other: Option<usize>,
}

#[derive(Deserialize)]
struct Head {
    shape: u32,
    kept: Kept,
    run: Option<usize>,
    other: Option<usize>,
}

fn read((row, content): (RunRecord, SecretBytes)) -> Result<AttemptRecord, ConnectionError> {
    let mut rest = content.reveal();
    let mut take = |length: usize| {
        let (part, left) = rest.split_at_checked(length)?;
        rest = left;
        Some(part)
    };
    let length = take(PREFIX).and_then(|part| part.try_into().ok());
    let length = u32::from_be_bytes(length.ok_or_else(unreadable)?) as usize;
    let head = take(length).and_then(|part| serde_json::from_slice(part).ok());
    let head: Head = head.ok_or_else(unreadable)?;
    if head.shape != SHAPE {
        return Err(unreadable());
    }
    let mut part = |length: Option<usize>| -> Result<Option<SecretBytes>, ConnectionError> {
        let Some(length) = length else {
            return Ok(None);
        };
        let part = take(length).ok_or_else(unreadable)?;
        Ok(Some(SecretBytes::new(part.to_vec())))
    };
    let run = part(head.run)?.map(|bytes| flow::open_run(&bytes));
    let other = part(head.other)?.map(|bytes| flow::open_credential(&bytes));
    Ok(AttemptRecord {
        id: row.id,
        connector: row.connector,
        environment: row.environment,
        owner: row.owner,
        version: Some(row.version),
        kept: head.kept,
        run: run.transpose().map_err(unsealable)?,
        other: other.transpose().map_err(unsealable)?,
    })
}

fn unreadable() -> ConnectionError {
    ConnectionError::Ours {
        message: "What is kept of the sign-in cannot be read: start again.".to_owned(),
    }
}
