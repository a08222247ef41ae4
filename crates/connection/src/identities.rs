//! Who owners are: the tokens of their single sign-on, kept sealed, and renewed where they are over, by one at a time over
//! all processes. Flows are told, and nobody else.

use model::Said;
use std::sync::Arc;
use std::time::Duration;

use flow::{Engine, Failure, Input, Observer, Progress, Run};
use secret::SecretString;
use serde_json::{Map, Value};
use sso::{Identity, RelyingParty, SsoError};
use store::{Forgotten, Over, StoreError};
use tokio::task::JoinSet;

use crate::connections::{Connections, Equipped};
use crate::lease::Lease;

/// How long a process that died in a renewal stalls the others.
const TTL: Duration = Duration::from_secs(10);
/// How often who waits looks whether another is done.
const LOOK: Duration = Duration::from_millis(50);
/// How many times who waits looks.
const LOOKS: u32 = 1_200;
/// Renewed so many seconds before the end: a flow takes its time.
const MARGIN: i64 = 30;

/// Of how many who are forgotten together tokens are given back at a time, and how long that goes on.
const GIVEN_BACK_AT_ONCE: usize = 8;
const LONGEST_GIVING_BACK: Duration = Duration::from_secs(10 * 60);

/// Nobody has signed in by single sign-on, or that is over.
pub(crate) const MISSING: &str = "sso_missing";

/// Where the identities of owners come from. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    parties: Arc<[RelyingParty]>,
    given: Option<Arc<Identity>>,
}

impl Identities {
    /// Those that the store keeps, renewed at these identity providers.
    #[must_use]
    pub fn kept(parties: Vec<RelyingParty>) -> Self {
        Self {
            parties: parties.into(),
            given: None,
        }
    }

    /// This one, for everybody, whatever the store keeps.
    #[must_use]
    pub fn given(identity: Identity) -> Self {
        Self {
            parties: Arc::new([]),
            given: Some(Arc::new(identity)),
        }
    }

    fn party(&self, identity: &Identity) -> Option<&RelyingParty> {
        self.parties
            .iter()
            .find(|party| party.provider().name == identity.source)
    }
}

impl Connections {
    /// The same with identities of owners, for flows with an `sso_token` step.
    #[must_use]
    pub fn with_identities(mut self, identities: Identities) -> Self {
        self.identities = identities;
        self
    }

    /// Who an owner is, by tokens that are not over and not the spent one.
    ///
    /// # Errors
    /// Refused where there is none, or it is over and cannot be renewed; passing where the provider cannot be asked.
    pub async fn identity(
        &self,
        owner: &str,
        spent: Option<&SecretString>,
    ) -> Result<Identity, Failure> {
        if let Some(given) = &self.identities.given {
            return match self.is_over(given, spent) {
                false => Ok(Identity::clone(given)),
                true => Err(over("what was handed over has ended")),
            };
        }
        let (version, identity) = self.kept_identity(owner).await?;
        match self.is_over(&identity, spent) {
            false => Ok(identity),
            true => self.renewed_identity(owner, version, spent).await,
        }
    }

    /// Forgets who an owner is. The tokens are given back to the provider that issued them, where it says how; nobody waits
    /// for that, and where it fails they end by themselves. False where nothing was kept.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn forget_identity(&self, owner: &str) -> Result<bool, StoreError> {
        let forgotten = self.store.delete_identity(owner).await?;
        let was_kept = forgotten.is_some();
        self.give_back(forgotten);
        Ok(was_kept)
    }

    /// Gives tokens that the store has forgotten back to the provider that issued them, where it says how. Nobody waits for
    /// it.
    pub fn give_back(&self, forgotten: Option<Forgotten>) {
        let content = forgotten.and_then(|forgotten| forgotten.identity);
        self.revoke(content.and_then(|content| Identity::from_bytes(&content)));
    }

    /// The same for many who were forgotten together, a few at a time; what that leaves after its time ends by itself.
    pub fn give_back_all(&self, forgotten: Vec<Forgotten>) {
        let contents = forgotten.into_iter().filter_map(|one| one.identity);
        let known = contents.filter_map(|content| Identity::from_bytes(&content));
        let known = known.filter_map(|identity| {
            let party = self.identities.party(&identity)?.clone();
            Some((party, identity))
        });
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            return;
        }
        self.spawn(async move {
            let (all, mut given) = (known.len(), Given::default());
            let giving = given.back(known);
            drop(tokio::time::timeout(LONGEST_GIVING_BACK, giving).await);
            if given.back < all {
                let (left, error) = (all - given.back, given.error);
                tracing::warn!(
                    left,
                    all,
                    error,
                    "the tokens of single sign-ons that were ended could not all be given back"
                );
            }
        });
    }

    fn revoke(&self, identity: Option<Identity>) {
        let party = identity.as_ref().and_then(|it| self.identities.party(it));
        if let (Some(party), Some(identity)) = (party.cloned(), identity) {
            self.spawn(async move {
                if let Err(error) = party.revoke(&identity).await {
                    let provider = &party.provider().name;
                    tracing::warn!(provider, %error, "the tokens of a single sign-on that was ended could not be given back");
                }
            });
        }
    }

    /// What a run is told that asks who its owner is ([`Progress::Identify`]).
    pub async fn who(&self, owner: &str, spent: Option<&SecretString>) -> Input {
        let identity = self.identity(owner, spent).await;
        Input::Identity(Box::new(
            identity.map(|identity| outputs(&identity, &self.engine)),
        ))
    }

    /// Advances a run of this owner's, and tells it who the owner is where it asks.
    pub(crate) async fn advance(
        &self,
        run: &mut Run,
        equipped: &Equipped,
        owner: &str,
        input: Input,
        observer: &mut dyn Observer,
    ) -> Progress {
        let context = equipped.context(&self.engine);
        let mut progress = run.advance(&context, input, observer).await;
        while let Progress::Identify { spent } = progress {
            let input = self.who(owner, spent.as_ref()).await;
            progress = run.advance(&context, input, observer).await;
        }
        progress
    }

    async fn kept_identity(&self, owner: &str) -> Result<(u64, Identity), Failure> {
        let kept = self.store.identity(owner).await.map_err(ours)?;
        let kept = kept.ok_or_else(missing)?;
        let identity = Identity::from_bytes(&kept.content).ok_or_else(missing)?;
        Ok((kept.version, identity))
    }

    fn is_over(&self, identity: &Identity, spent: Option<&SecretString>) -> bool {
        let soon = self.engine.clock.unix().saturating_add(MARGIN);
        let is_spent = match (spent, &identity.access_token) {
            (Some(spent), Some(token)) => spent.reveal() == token.reveal(),
            _ => false,
        };
        is_spent || identity.expires_at.is_some_and(|end| end <= soon)
    }

    /// One renewal for all who ask meanwhile; who waited reads again.
    async fn renewed_identity(
        &self,
        owner: &str,
        seen: u64,
        spent: Option<&SecretString>,
    ) -> Result<Identity, Failure> {
        let holder = self.engine.random.base64url(12);
        let key = format!("identity:{owner}");
        for _ in 0..LOOKS {
            let lease = Lease::take(&self.store, &key, &holder, TTL).await;
            let lease = lease.map_err(|error| Failure::ours("store", error.to_string()))?;
            let outcome = match (&lease, self.kept_identity(owner).await) {
                (_, Err(failure)) => Some(Err(failure)),
                (_, Ok((version, identity)))
                    if version != seen && !self.is_over(&identity, spent) =>
                {
                    Some(Ok(identity))
                }
                (Some(_), Ok((version, identity))) => {
                    Some(self.renew_identity(owner, version, identity).await)
                }
                (None, Ok(_)) => None,
            };
            if let Some(lease) = lease {
                lease.end().await;
            }
            match outcome {
                Some(outcome) => return outcome,
                None => tokio::time::sleep(LOOK).await,
            }
        }
        Err(Failure::passing(
            "sso_busy",
            "Another process has been renewing this single sign-on for a minute.",
            None,
        ))
    }

    /// With the lease held.
    async fn renew_identity(
        &self,
        owner: &str,
        version: u64,
        mut old: Identity,
    ) -> Result<Identity, Failure> {
        let Some(party) = self.identities.party(&old) else {
            return Err(over("nothing here can renew it"));
        };
        if old.refresh_token.is_none() {
            return Err(over("there is nothing to renew it by"));
        }
        match party.renew(&old).await {
            Ok(renewed) => {
                // Stored before anybody has it: the old refresh token may be spent.
                let bytes = renewed.to_bytes();
                match self
                    .store
                    .put_identity(owner, Over::Version(version), bytes)
                    .await
                {
                    Ok(_) => Ok(renewed),
                    // Whoever has signed in meanwhile counts; after a sign-out nobody is to have what it brought.
                    Err(StoreError::Conflict) => match self.kept_identity(owner).await {
                        Ok((_, kept)) => Ok(kept),
                        Err(gone) => {
                            self.revoke(Some(renewed));
                            Err(gone)
                        }
                    },
                    Err(error) => Err(ours(error)),
                }
            }
            Err(error @ SsoError::Passing(_)) => {
                Err(Failure::passing("api_unavailable", error.to_string(), None))
            }
            Err(error @ (SsoError::Refused(_) | SsoError::NotBelieved { .. })) => {
                // What was refused is not put forward again.
                old.refresh_token = None;
                let bytes = old.to_bytes();
                if let Err(error) = self
                    .store
                    .put_identity(owner, Over::Version(version), bytes)
                    .await
                {
                    tracing::warn!(%error, "a refused renewal of a single sign-on could not be noted");
                }
                Err(over(&error.to_string()))
            }
            Err(error @ (SsoError::Discovery(_) | SsoError::Callback(_))) => {
                Err(Failure::ours("sso_unusable", error.to_string()))
            }
        }
    }
}

/// What has become of many tokens that were to be given back.
#[derive(Default)]
struct Given {
    /// Of how many identities.
    back: usize,
    /// The last reason why not.
    error: Option<String>,
}

impl Given {
    async fn back(&mut self, known: Vec<(RelyingParty, Identity)>) {
        let (mut known, mut giving) = (known.into_iter(), JoinSet::new());
        loop {
            while giving.len() < GIVEN_BACK_AT_ONCE
                && let Some((party, identity)) = known.next()
            {
                giving.spawn(async move { party.revoke(&identity).await });
            }
            match giving.join_next().await {
                None => return,
                Some(Ok(Ok(_))) => self.back += 1,
                Some(Ok(Err(error))) => self.error = Some(error.to_string()),
                Some(Err(error)) => self.error = Some(error.to_string()),
            }
        }
    }
}

/// The outputs of the step that asks.
fn outputs(identity: &Identity, engine: &Engine) -> Map<String, Value> {
    let mut outputs = Map::new();
    let tokens = [
        ("access_token", &identity.access_token),
        ("id_token", &identity.id_token),
    ];
    for (name, token) in tokens {
        if let Some(token) = token {
            outputs.insert(name.to_owned(), token.reveal().as_str().into());
        }
    }
    outputs.insert("claims".to_owned(), Value::Object(identity.claims.clone()));
    if let Some(end) = identity.expires_at {
        let left = end.saturating_sub(engine.clock.unix());
        outputs.insert("expires_in".to_owned(), left.into());
    }
    outputs
}

fn missing() -> Failure {
    Failure::refused(MISSING, Said::NoSingleSignOn).with_help(Said::SingleSignOnFirst)
}

fn over(why: &str) -> Failure {
    let why = why.to_owned();
    Failure::refused(MISSING, Said::SingleSignOnOver { why }).with_help(Said::SingleSignOnAgain)
}

fn ours(error: StoreError) -> Failure {
    Failure::ours("store", error.to_string())
}
