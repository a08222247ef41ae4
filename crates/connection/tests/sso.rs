//! Connections whose flow asks who the user is: told from what is kept, renewed once for all, and by a person where it is over.

use crate::world::{NOW, Process, World, selector};
use connection::{ConnectionError, Handle, Identities};
use flow::Silent;
use model::{Clock, CredentialState, Random};
use secret::SecretString;
use sso::{Identity, Provider, RelyingParty};
use std::sync::Arc;
use store::Over;
use testkit::{FixedRandom, IdentityProvider};
use url::Url;

const SSO: &str = r#"
connection: { identity: "{{sso1.claims.sub}}" }
auth_flow: { steps: [ { id: sso1, kind: sso_token } ] }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{sso1.access_token}}" } ]
"#;

struct Signed {
    world: World,
    idp: IdentityProvider,
    process: Process,
    party: RelyingParty,
}

fn party(world: &World, process: &Process, idp: &IdentityProvider) -> RelyingParty {
    let provider = Provider {
        name: "corp".into(),
        title: "Example Corp".into(),
        issuer: idp.issuer(),
        client_id: "stepgate".into(),
        client_secret: Some(SecretString::new("sso-secret-1".into())),
        scopes: Vec::new(),
    };
    let random = Random::new(FixedRandom::seeded(9).source());
    let client = process.connections.engine().client.clone();
    RelyingParty::new(provider, client, Clock::new(world.clock.source()), random)
}

impl Signed {
    fn nobody() -> Self {
        let world = World::new(SSO);
        let idp = IdentityProvider::start(&world.clock);
        let mut process = world.process(1);
        let party = party(&world, &process, &idp);
        let identities = Identities::kept(vec![party.clone()]);
        process.connections = process.connections.with_identities(identities);
        Self {
            world,
            idp,
            process,
            party,
        }
    }

    /// Somebody signs in at the identity provider.
    async fn comes(&self) {
        let back = Url::parse("https://gate.example.org/sso/corp/callback").unwrap();
        let (url, pending) = self.party.begin(&back).await.unwrap();
        let identity = self
            .party
            .finish(&pending, &self.idp.approve(&url))
            .await
            .unwrap();
        self.keep(&identity).await;
    }

    async fn keep(&self, identity: &Identity) {
        let bytes = identity.to_bytes();
        self.process
            .store
            .put_identity("local", Over::Any, bytes)
            .await
            .unwrap();
    }

    async fn sign_in(&self) -> Result<Arc<Handle>, ConnectionError> {
        let connections = &self.process.connections;
        connections
            .sign_in_unattended(&self.world.equipped, selector(None), &mut Silent)
            .await
    }

    async fn usable(&self, id: &str) -> Result<Arc<Handle>, ConnectionError> {
        let connections = &self.process.connections;
        connections
            .usable(&self.world.equipped, id, &mut Silent)
            .await
    }
}

fn token(handle: &Handle) -> String {
    let outputs = handle.credential().outputs.of("sso1").unwrap().clone();
    outputs["access_token"].as_str().unwrap().to_owned()
}

fn is_for_a_person(outcome: &Result<Arc<Handle>, ConnectionError>) -> bool {
    matches!(outcome, Err(ConnectionError::SignInRequired { .. }))
        || matches!(outcome, Err(error) if error.code() == "sign_in_required")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_by_single_sign_on_is_signed_in_without_being_asked() {
    let signed = Signed::nobody();
    let nobody = signed.sign_in().await;
    assert!(is_for_a_person(&nobody), "{nobody:?}");
    // That they have come since counts at once.
    signed.comes().await;
    let handle = signed.sign_in().await.unwrap();
    assert_eq!(handle.record().identity.as_deref(), Some("u-ada"));
    assert_eq!(handle.record().expires_at, Some(NOW + 300));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_over_are_renewed_once_for_all() {
    let signed = Arc::new(Signed::nobody());
    signed.comes().await;
    let handle = signed.sign_in().await.unwrap();
    signed.world.clock.advance(301);
    // The refresh token is good once: a second renewal would be refused.
    let asked = (0..20).map(|_| {
        let signed = signed.clone();
        tokio::spawn(async move { signed.process.connections.identity("local", None).await })
    });
    let asked: Vec<_> = asked.collect();
    for one in asked {
        one.await.unwrap().unwrap();
    }
    assert_eq!(signed.idp.upstream().requests_to("/token").len(), 2);
    let renewed = signed.world.renew(&signed.process, &handle).await.unwrap();
    assert_ne!(token(&renewed), token(&handle));
    assert_eq!(signed.idp.upstream().requests_to("/token").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_renew_a_single_sign_on_once() {
    let signed = Signed::nobody();
    signed.comes().await;
    let mut other = signed.world.process(2);
    let identities = Identities::kept(vec![signed.party.clone()]);
    other.connections = other.connections.with_identities(identities);
    signed.world.clock.advance(301);
    let (one, two) = tokio::join!(
        signed.process.connections.identity("local", None),
        other.connections.identity("local", None),
    );
    let shown = |identity: Identity| identity.access_token.unwrap().reveal().clone();
    assert_eq!(shown(one.unwrap()), shown(two.unwrap()));
    assert_eq!(signed.idp.upstream().requests_to("/token").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_api_refuses_is_not_had_again() {
    let signed = Signed::nobody();
    signed.comes().await;
    let handle = signed.sign_in().await.unwrap();
    // By the clock it is good still.
    let renewed = signed.world.renew(&signed.process, &handle).await.unwrap();
    assert_ne!(token(&renewed), token(&handle));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_sign_on_that_is_over_waits_for_the_person() {
    let signed = Signed::nobody();
    signed.comes().await;
    let handle = signed.sign_in().await.unwrap();
    signed.world.clock.advance(301);
    signed.idp.end_grants();
    let outcome = signed.world.renew(&signed.process, &handle).await;
    assert!(is_for_a_person(&outcome), "{outcome:?}");
    let record = signed.world.record(&signed.process).await.unwrap();
    let state = record.state.state.clone();
    assert!(
        matches!(state, CredentialState::SignInRequired { .. }),
        "{state:?}"
    );
    let asked = signed.idp.upstream().requests_to("/token").len();
    for _ in 0..3 {
        let outcome = signed.usable(handle.id()).await;
        assert!(is_for_a_person(&outcome), "{outcome:?}");
    }
    // What was refused is not put forward again.
    assert_eq!(signed.idp.upstream().requests_to("/token").len(), asked);
    signed.comes().await;
    let again = signed.usable(handle.id()).await.unwrap();
    assert_ne!(token(&again), token(&handle));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_throws_nothing_away() {
    let signed = Signed::nobody();
    signed.comes().await;
    let handle = signed.sign_in().await.unwrap();
    signed.world.clock.advance(301);
    signed.idp.down(true);
    let outcome = signed.world.renew(&signed.process, &handle).await;
    assert!(
        matches!(outcome, Err(ConnectionError::Postponed { .. })),
        "{outcome:?}"
    );
    signed.idp.down(false);
    signed
        .process
        .connections
        .identity("local", None)
        .await
        .unwrap();
}
