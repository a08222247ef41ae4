//! Attempts over the world of the other tests: a server's process, browsers, and an authorization server.

use crate::world::{NOW, Process, World};
use connection::{
    Attempt, AttemptError, AttemptFailure, AttemptLimits, AttemptState, AttemptView, Attempts,
    ConnectorSource, Equipped, Opener, Purpose, Redirect, Selector, WaitingFor,
};
use flow::{Open, Prompt, Secrets};
use std::sync::Arc;
use store::Digest;
use testkit::AuthorizationServer;
use url::Url;

pub(crate) const ALICE: &str = "portal/alice";

/// One step that sends the browser away; `AS` stands for the server.
const OAUTH: &str = r#"
connection: { identity: "{{login.access_token}}" }
auth_flow:
  steps:
    - { id: login, kind: oauth2_pkce, client_id: client-1, client_secret: secret-1, authorization_url: "AS/authorize", token_url: "AS/token" }
"#;

/// A process that serves attempts.
pub(crate) struct Site {
    pub(crate) process: Process,
    pub(crate) attempts: Attempts,
    pub(crate) equipped: Equipped,
}

impl Site {
    pub(crate) fn of(world: &World, seed: u64) -> Self {
        Self::serving(world, seed, std::slice::from_ref(&world.equipped))
    }

    /// A process that serves these connectors; attempts are started at the first.
    pub(crate) fn serving(world: &World, seed: u64, all: &[Equipped]) -> Self {
        let process = world.process(seed);
        let served = all.to_vec();
        let connectors: ConnectorSource = Arc::new(move |name, _| {
            let mut served = served.iter();
            served
                .find(|equipped| equipped.connector.name == name)
                .cloned()
        });
        let limits = AttemptLimits {
            per_owner: 3,
            ..AttemptLimits::default()
        };
        Self {
            attempts: Attempts::new(process.connections.clone(), connectors, limits),
            process,
            equipped: all[0].clone(),
        }
    }

    pub(crate) async fn try_start(
        &self,
        owner: &str,
        name: Option<&str>,
        browser: Option<&str>,
    ) -> Result<Attempt, AttemptError> {
        let selector = Selector {
            owner: owner.to_owned(),
            name: name.map(str::to_owned),
        };
        let opener = Opener {
            browser: browser.map(hash),
        };
        self.attempts
            .start(&self.equipped, selector, Purpose::Asked, opener)
            .await
    }

    /// Starts one as Alice, up to where a person is needed.
    pub(crate) async fn start(&self, browser: &str) -> AttemptView {
        let attempt = self.try_start(ALICE, None, Some(browser)).await;
        attempt.unwrap().settled().await
    }

    pub(crate) async fn get(&self, id: &str) -> AttemptView {
        self.attempts.get(id, ALICE).await.unwrap().view()
    }

    pub(crate) async fn try_answer(
        &self,
        id: &str,
        step: &str,
        field: &str,
        value: &str,
    ) -> Result<Attempt, AttemptError> {
        let fields = vec![(field.to_owned(), value.to_owned())];
        self.attempts.answer(id, ALICE, step, fields).await
    }

    pub(crate) async fn answer(&self, id: &str, step: &str, value: &str) -> AttemptView {
        let field = if step == "form2" { "otp" } else { "password" };
        let attempt = self.try_answer(id, step, field, value).await;
        attempt.unwrap().settled().await
    }

    pub(crate) async fn try_return(
        &self,
        url: &Url,
        browser: Option<&str>,
    ) -> Result<Attempt, AttemptError> {
        let redirect = Redirect {
            connector: self.equipped.connector.name.clone(),
            url: url.clone(),
            browser: browser.map(hash),
            attempt: None,
        };
        self.attempts.redirected(redirect).await
    }

    pub(crate) async fn come_back(&self, url: &Url, browser: &str) -> AttemptView {
        let attempt = self.try_return(url, Some(browser)).await;
        attempt.unwrap().settled().await
    }
}

/// A world whose connector signs in at `server`.
pub(crate) fn oauth_world(server: &AuthorizationServer) -> World {
    let mut world = World::new(&OAUTH.replace("AS", &server.issuer()));
    let connector = (*world.equipped.connector).clone();
    let callback = "https://stepgate.example/callback/bank";
    world.equipped = Equipped::new(connector, Secrets::new(), callback);
    assert_eq!(world.clock.unix(), NOW);
    world
}

/// The hash of what a browser shows.
pub(crate) fn hash(browser: &str) -> Digest {
    Digest::of(browser.as_bytes())
}

pub(crate) fn form(view: &AttemptView) -> &Prompt {
    match &view.state {
        AttemptState::Waiting(WaitingFor::Form(prompt)) => prompt,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn open(view: &AttemptView) -> &Open {
    match &view.state {
        AttemptState::Waiting(WaitingFor::Open(open)) => open,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn signed_in(view: &AttemptView) -> &str {
    match &view.state {
        AttemptState::SignedIn { connection_id } => connection_id,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn failed(view: &AttemptView) -> &AttemptFailure {
    match &view.state {
        AttemptState::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}
