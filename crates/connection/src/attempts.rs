//! Sign-ins that a server drives for people over HTTP: found again by id or by the redirect that comes back, in any process.
//!
//! An attempt lives in the store, sealed, and is read anew for each thing that is done to it; a process holds only what
//! its watchers see. The turn of its connection belongs to the attempt, not to a process, so that a restart changes
//! nothing; who advances it holds a lease for just as long.

use crate::attempt::Attempt;
use crate::attempt_error::AttemptError;
use crate::attempt_record::{AttemptRecord, Stage};
use crate::attempt_start::What;
use crate::attempt_table::AttemptTable;
use crate::attempt_work::{Push, Seized};
use crate::connections::{Connections, Equipped};
use crate::error::ConnectionError;
use crate::select::Selector;
use crate::sign_in::Purpose;
use flow::{Answers, Input};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use store::Digest;
use url::Url;

/// The attempts of a server. Cheap to clone.
#[derive(Clone)]
pub struct Attempts {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) connections: Connections,
    pub(crate) connectors: ConnectorSource,
    pub(crate) limits: AttemptLimits,
    pub(crate) table: AttemptTable,
    /// Whether somebody looks for those that took too long.
    pub(crate) swept: AtomicBool,
}

/// Gives the connector of a name, in an environment, as it is served now.
pub type ConnectorSource = Arc<dyn Fn(&str, Option<&str>) -> Option<Equipped> + Send + Sync>;

/// How many, and how long.
#[derive(Clone, Copy, Debug)]
pub struct AttemptLimits {
    /// How long one may take.
    pub life: Duration,
    /// How many of one owner may be open at once.
    pub per_owner: usize,
    /// How many of one app, or of our own people together, may be open at once.
    pub per_app: usize,
    /// How many may be open at once in this process.
    pub open: usize,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self {
            life: Duration::from_secs(600),
            per_owner: 16,
            per_app: 1_000,
            open: 10_000,
        }
    }
}

/// Who starts an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opener {
    /// The hash of what only the person's browser shows. Without it, [`Attempts::bind`] has to come before a redirect
    /// is taken.
    pub browser: Option<Digest>,
}

/// A browser that an API sent back.
#[derive(Clone)]
pub struct Redirect {
    /// The connector whose callback it came to.
    pub connector: String,
    /// Where it came to, query included.
    pub url: Url,
    /// The hash of what the browser showed.
    pub browser: Option<Digest>,
    /// The attempt that the browser says it is in: for APIs that bring no `state` back, and for nothing else.
    pub attempt: Option<String>,
}

impl Attempts {
    /// The attempts kept in the store of `connections`.
    #[must_use]
    pub fn new(
        connections: Connections,
        connectors: ConnectorSource,
        limits: AttemptLimits,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                connections,
                connectors,
                limits,
                table: AttemptTable::default(),
                swept: AtomicBool::new(false),
            }),
        }
    }

    /// Starts a sign-in, or joins the one that is open for the same owner, connector and name. It goes on by itself:
    /// see [`Attempt::settled`].
    ///
    /// # Errors
    /// Several connections fit, too many are open, the command line is at it, or the store fails.
    pub async fn start(
        &self,
        equipped: &Equipped,
        selector: Selector,
        purpose: Purpose,
        opener: Opener,
    ) -> Result<Attempt, AttemptError> {
        let (attempts, equipped) = (self.clone(), equipped.clone());
        undisturbed(async move {
            attempts
                .begin(equipped, selector, What::SignIn(purpose), opener)
                .await
        })
        .await
    }

    /// The attempt of this id, if it is this owner's: `APP/USER`, `shared`, …, as connections are stored.
    ///
    /// # Errors
    /// [`AttemptError::Unknown`], or the store fails.
    pub async fn get(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let (attempts, id, owner) = (self.clone(), id.to_owned(), owner.to_owned());
        undisturbed(async move {
            let record = attempts.of_owner(&id, &owner).await?;
            attempts.see(record).await
        })
        .await
    }

    /// Binds an attempt to the browser that opens its page; again with the same one changes nothing.
    ///
    /// # Errors
    /// [`AttemptError::OtherBrowser`] where it is bound to another.
    pub async fn bind(
        &self,
        id: &str,
        owner: &str,
        browser: Digest,
    ) -> Result<Attempt, AttemptError> {
        let (attempts, id, owner) = (self.clone(), id.to_owned(), owner.to_owned());
        undisturbed(async move {
            let record = attempts.of_owner(&id, &owner).await?;
            let live = attempts.enter(&record);
            // A browser that asks twice at once is no conflict; work that may take long is not waited for.
            let turn = match record.kept.stage {
                Stage::Open(_) => live.turn().await,
                _ => live.try_turn(),
            };
            let turn = turn.ok_or(AttemptError::Busy)?;
            let mut seized = attempts.seize_in_turn(&record, live, turn).await?;
            let bound = seized.record.kept.browser;
            if bound.is_some_and(|bound| bound != *browser.bytes()) {
                return Err(AttemptError::OtherBrowser);
            }
            let attempt = Attempt::new(seized.live.subscribe());
            if bound.is_none() {
                seized.record.kept.browser = Some(*browser.bytes());
                seized.put_down(&attempts).await?;
            }
            Ok(attempt)
        })
        .await
    }

    /// Fills in the form that an attempt waits for, and lets it go on.
    ///
    /// # Errors
    /// It waits for something else, or is at work: then nothing was taken.
    pub async fn answer(
        &self,
        id: &str,
        owner: &str,
        step: &str,
        fields: Vec<(String, String)>,
    ) -> Result<Attempt, AttemptError> {
        let (attempts, step) = (self.clone(), step.to_owned());
        let (id, owner) = (id.to_owned(), owner.to_owned());
        undisturbed(async move {
            let record = attempts.of_owner(&id, &owner).await?;
            let seized = attempts.seize(&record).await?;
            let Stage::Form(prompt) = &seized.record.kept.stage else {
                return Err(wrong_turn(&seized.record));
            };
            if prompt.step != step {
                return Err(wrong_turn(&seized.record));
            }
            let asked = |key: &str| prompt.fields.iter().any(|field| field.key == key);
            if let Some((field, _)) = fields.iter().find(|(key, _)| !asked(key)) {
                let field = field.clone();
                return Err(AttemptError::NotAsked { step, field });
            }
            let answers = Answers::typed(&step, fields);
            attempts.push(seized, Push::Step(Input::Answers(answers)))
        })
        .await
    }

    /// Has what the form is about sent again: the step that it names as `resend` runs once more.
    ///
    /// # Errors
    /// It waits for something else, has nothing to send again, or is at work.
    pub async fn resend(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let (attempts, id, owner) = (self.clone(), id.to_owned(), owner.to_owned());
        undisturbed(async move {
            let record = attempts.of_owner(&id, &owner).await?;
            let seized = attempts.seize(&record).await?;
            let Stage::Form(prompt) = &seized.record.kept.stage else {
                return Err(wrong_turn(&seized.record));
            };
            if prompt.resends_left.unwrap_or(0) == 0 {
                let step = prompt.step.clone();
                return Err(AttemptError::NoResend { step });
            }
            attempts.push(seized, Push::Step(Input::Resend))
        })
        .await
    }

    /// Takes a browser that an API sent back, once, and lets its attempt go on.
    ///
    /// # Errors
    /// It belongs to no attempt, or comes from another browser: then nothing was sent and nothing spent.
    pub async fn redirected(&self, redirect: Redirect) -> Result<Attempt, AttemptError> {
        let attempts = self.clone();
        undisturbed(async move {
            let record = attempts.awaiting(&redirect).await?;
            let mut seized = attempts.seize(&record).await?;
            if !expects(&seized.record, &redirect) {
                return Err(AttemptError::UnknownRedirect);
            }
            attempts.equipped(&seized.record)?;
            // Used up before it is used: whatever happens from here on, it is never taken again.
            seized.record.kept.stage = Stage::Spent;
            let now = attempts.now();
            let store = &attempts.inner.connections.store;
            seized.record.save(store, now).await?;
            attempts.push(seized, Push::Step(Input::Callback(redirect.url)))
        })
        .await
    }

    /// Takes the account that signed in although it is another than the connection's.
    ///
    /// # Errors
    /// It waits for something else.
    pub async fn confirm_identity(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let (attempts, id, owner) = (self.clone(), id.to_owned(), owner.to_owned());
        undisturbed(async move {
            let record = attempts.of_owner(&id, &owner).await?;
            let seized = attempts.seize(&record).await?;
            if !matches!(seized.record.kept.stage, Stage::Confirm { .. }) {
                return Err(wrong_turn(&seized.record));
            }
            attempts.push(seized, Push::AcceptIdentity)
        })
        .await
    }

    /// Gives an attempt up; one that is over stays as it is, and one that is just being stored is not given up.
    ///
    /// # Errors
    /// [`AttemptError::Unknown`], or another process is at it.
    pub async fn cancel(&self, id: &str, owner: &str) -> Result<Attempt, AttemptError> {
        let (attempts, id, owner) = (self.clone(), id.to_owned(), owner.to_owned());
        undisturbed(async move {
            let record = attempts.of_owner(&id, &owner).await?;
            if record.kept.stage.has_ended() {
                return attempts.see(record).await;
            }
            let live = attempts.enter(&record);
            live.given_up.send_replace(true);
            // Whoever is at it stops as soon as it may.
            let turn = live.turn().await.ok_or(AttemptError::Busy)?;
            let mut seized = match attempts.seize_in_turn(&record, live, turn).await {
                Ok(seized) => seized,
                // Over in between, and found so.
                Err(AttemptError::Expired | AttemptError::WrongTurn { .. }) => {
                    let record = attempts.of_owner(&id, &owner).await?;
                    return attempts.see(record).await;
                }
                Err(error) => return Err(error),
            };
            let attempt = Attempt::new(seized.live.subscribe());
            seized.record.end(Stage::Cancelled);
            seized.put_down(&attempts).await?;
            Ok(attempt)
        })
        .await
    }

    pub(crate) fn now(&self) -> i64 {
        self.inner.connections.engine.clock.unix()
    }

    async fn of_owner(&self, id: &str, owner: &str) -> Result<AttemptRecord, AttemptError> {
        let store = &self.inner.connections.store;
        let found = AttemptRecord::load(store, id).await?;
        found
            .filter(|record| record.owner == owner)
            .ok_or(AttemptError::Unknown)
    }

    /// The attempt that waits for this redirect.
    async fn awaiting(&self, redirect: &Redirect) -> Result<AttemptRecord, AttemptError> {
        let store = &self.inner.connections.store;
        let values = redirect.url.query_pairs().map(|(_, value)| value);
        let mut found = None;
        for value in values.filter(|value| may_be_state(value)).take(LOOKED_UP) {
            found = AttemptRecord::load_by_state(store, &value).await?;
            if found.is_some() {
                break;
            }
        }
        if let (None, Some(id)) = (&found, &redirect.attempt) {
            found = AttemptRecord::load(store, id).await?;
        }
        let record = found.ok_or(AttemptError::UnknownRedirect)?;
        if !expects(&record, redirect) {
            return Err(AttemptError::UnknownRedirect);
        }
        let bound = record.kept.browser;
        if bound.is_none() || bound.as_ref() != redirect.browser.as_ref().map(Digest::bytes) {
            return Err(AttemptError::OtherBrowser);
        }
        Ok(record)
    }

    /// The connector of an attempt, as it is served now.
    pub(crate) fn equipped(&self, record: &AttemptRecord) -> Result<Equipped, AttemptError> {
        let found = (self.inner.connectors)(&record.connector, record.environment.as_deref());
        found.ok_or_else(|| AttemptError::NoConnector {
            connector: record.connector.clone(),
        })
    }

    /// Lets what was seized go on.
    fn push(&self, seized: Seized, push: Push) -> Result<Attempt, AttemptError> {
        let equipped = self.equipped(&seized.record)?;
        let attempt = Attempt::new(seized.live.subscribe());
        seized.go_on(self, equipped, push);
        Ok(attempt)
    }
}

/// How many of a redirect's parameters are looked up.
const LOOKED_UP: usize = 4;

/// Whether a value has the form of a `state` of ours: 32 random bytes.
fn may_be_state(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    value.len() == 43 && value.bytes().all(plain)
}

/// Whether an attempt waits for this redirect: with its `state`, or, where the API brings none back, by the id that the
/// browser names. At another connector's callback it waits for none.
fn expects(record: &AttemptRecord, redirect: &Redirect) -> bool {
    if record.connector != redirect.connector || !matches!(record.kept.stage, Stage::Open(_)) {
        return false;
    }
    match record.awaited_state() {
        Some(state) => {
            let mut values = redirect.url.query_pairs().map(|(_, value)| value);
            values.any(|value| value == state)
                || (redirect.attempt.as_ref() == Some(&record.id)
                    && record.brings_token(&redirect.url))
        }
        None => redirect.attempt.as_ref() == Some(&record.id),
    }
}

pub(crate) fn wrong_turn(record: &AttemptRecord) -> AttemptError {
    AttemptError::WrongTurn {
        waits_for: record.kept.stage.step().map(str::to_owned),
    }
}

/// Does it to the end, also where the caller leaves.
pub(crate) async fn undisturbed<T: Send + 'static>(
    work: impl Future<Output = Result<T, AttemptError>> + Send + 'static,
) -> Result<T, AttemptError> {
    tokio::spawn(work).await.unwrap_or_else(|_| {
        Err(AttemptError::Connection(ConnectionError::Ours {
            message: "This broke off.".to_owned(),
        }))
    })
}
