//! An identity provider, and us beside it.

use model::{Clock, Random};
use outbound::{Client, Egress};
use secret::SecretString;
use sso::{Identity, Provider, RelyingParty, SsoError};
use testkit::{FixedClock, FixedRandom, IdentityProvider};
use url::Url;

pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) struct World {
    pub(crate) clock: FixedClock,
    pub(crate) idp: IdentityProvider,
    pub(crate) us: RelyingParty,
}

pub(crate) fn client(allowed: bool) -> Client {
    let ranges = allowed.then(|| "127.0.0.0/8".parse().unwrap());
    Client::new(outbound::Settings {
        egress: Egress::new(ranges.into_iter().collect()),
        ..outbound::Settings::default()
    })
    .unwrap()
}

pub(crate) fn callback() -> Url {
    Url::parse("https://gate.example.org/sso/corp/callback").unwrap()
}

impl World {
    pub(crate) fn start() -> Self {
        let clock = FixedClock::at(NOW);
        let idp = IdentityProvider::start(&clock);
        let us = party(&clock, &idp.issuer(), true);
        Self { clock, idp, us }
    }

    pub(crate) async fn sign_in(&self) -> Result<Identity, SsoError> {
        let (url, pending) = self.us.begin(&callback()).await?;
        self.us.finish(&pending, &self.idp.approve(&url)).await
    }
}

pub(crate) fn party(clock: &FixedClock, issuer: &str, allowed: bool) -> RelyingParty {
    let provider = Provider {
        name: "corp".into(),
        title: "Example Corp".into(),
        issuer: issuer.into(),
        client_id: "stepgate".into(),
        client_secret: Some(SecretString::new("sso-secret-1".into())),
        scopes: vec!["email".into()],
    };
    let random = Random::new(FixedRandom::seeded(1).source());
    RelyingParty::new(
        provider,
        client(allowed),
        Clock::new(clock.source()),
        random,
    )
}
