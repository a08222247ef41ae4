//! Going out to an identity provider, coming back, and renewing.

use super::world::{NOW, World, callback, party};
use secret::SecretString;
use sso::{Identity, Pending, SsoError};
use testkit::{Forgery, Received};
use url::Url;

fn shown(secret: Option<&SecretString>) -> &str {
    secret
        .map(|secret| secret.reveal().as_str())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_person_signs_in_and_is_renewed() {
    let world = World::start();
    let (url, pending) = world.us.begin(&callback()).await.unwrap();
    let asked = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    assert_eq!(asked("scope"), "openid email");
    assert_eq!(asked("redirect_uri"), callback().as_str());
    assert_eq!(&asked("state"), pending.state().reveal());
    assert!(asked("nonce").len() >= 43 && asked("nonce") != asked("state"));
    // What waits is kept as bytes meanwhile.
    let pending = Pending::from_bytes(&pending.to_bytes()).unwrap();
    let back = world.idp.approve(&url);
    let identity = world.us.finish(&pending, &back).await.unwrap();
    assert_eq!(identity.subject(), "u-ada");
    assert_eq!(identity.claim("email"), Some("ada@example.org"));
    assert_eq!(identity.issuer(), world.idp.issuer());
    assert_eq!(identity.expires_at, Some(NOW + 300));
    let once_more = world.us.finish(&pending, &back).await.unwrap_err();
    assert!(matches!(once_more, SsoError::Refused(_)), "{once_more:?}");

    let identity = Identity::from_bytes(&identity.to_bytes()).unwrap();
    world.clock.advance(301);
    let renewed = world.us.renew(&identity).await.unwrap();
    assert_eq!(renewed.subject(), "u-ada");
    assert_eq!(renewed.expires_at, Some(NOW + 601));
    assert_ne!(
        shown(renewed.access_token.as_ref()),
        shown(identity.access_token.as_ref())
    );
    assert_ne!(
        shown(renewed.refresh_token.as_ref()),
        shown(identity.refresh_token.as_ref())
    );
    world.idp.end_grants();
    let refused = world.us.renew(&renewed).await.unwrap_err();
    assert_eq!(refused.code(), "identity_provider_refused");
}

#[tokio::test]
async fn whoever_a_renewal_is_for_must_be_the_same() {
    let world = World::start();
    let identity = world.sign_in().await.unwrap();
    world
        .idp
        .forge(Forgery::Claims(serde_json::json!({ "sub": "u-eve" })));
    let error = world.us.renew(&identity).await.unwrap_err();
    assert_eq!(error.code(), "token_not_believed");
}

#[tokio::test]
async fn a_redirect_of_another_sign_in_is_refused_before_the_code_goes_anywhere() {
    let world = World::start();
    let (url, pending) = world.us.begin(&callback()).await.unwrap();
    let (_, other) = world.us.begin(&callback()).await.unwrap();
    let back = world.idp.approve(&url);
    let with = |change: &dyn Fn(&str, &str) -> Option<String>| {
        let mut changed = back.clone();
        let pairs = back.query_pairs().filter_map(|(name, value)| {
            change(&name, &value).map(|value| (name.into_owned(), value))
        });
        let pairs: Vec<_> = pairs.collect();
        changed.query_pairs_mut().clear().extend_pairs(pairs);
        changed
    };
    let keep = |value: &str| Some(value.to_owned());
    let stateless = with(&|name, value| (name != "state").then(|| value.to_owned()));
    let codeless = with(&|name, value| (name != "code").then(|| value.to_owned()));
    let elsewhere = with(&|name, value| match name {
        "iss" => keep("https://evil.example"),
        _ => keep(value),
    });
    let twice = Url::parse(&format!("{back}&code=again")).unwrap();
    for (pending, back) in [
        (&other, &back),
        (&pending, &stateless),
        (&pending, &codeless),
        (&pending, &elsewhere),
        (&pending, &twice),
    ] {
        let error = world.us.finish(pending, back).await.unwrap_err();
        assert_eq!(error.code(), "sso_callback", "{back}");
    }
    assert!(world.idp.upstream().requests_to("/token").is_empty());
    let mut no = callback();
    no.query_pairs_mut()
        .append_pair("error", "access_denied")
        .append_pair("state", pending.state().reveal());
    let error = world.us.finish(&pending, &no).await.unwrap_err();
    assert_eq!(error, SsoError::Refused("access_denied".into()));
}

#[tokio::test]
async fn attack_08_a_provider_that_always_names_itself_is_not_taken_without_its_name() {
    let world = World::start();
    world.idp.names_itself();
    let (url, pending) = world.us.begin(&callback()).await.unwrap();
    let back = world.idp.approve(&url);
    let pairs: Vec<_> = back.query_pairs().into_owned().collect();
    let nameless = |names: &[&str]| {
        let mut changed = back.clone();
        let pairs = pairs
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()));
        changed.query_pairs_mut().clear().extend_pairs(pairs);
        changed
    };
    let mut refusing = nameless(&["state"]);
    refusing
        .query_pairs_mut()
        .append_pair("error", "access_denied");
    for back in [nameless(&["code", "state"]), refusing] {
        let error = world.us.finish(&pending, &back).await.unwrap_err();
        assert_eq!(error.code(), "sso_callback", "{back}");
    }
    assert!(world.idp.upstream().requests_to("/token").is_empty());
    world.us.finish(&pending, &back).await.unwrap();
}

#[tokio::test]
async fn tokens_that_are_given_back_are_of_no_use_any_more() {
    let world = World::start();
    let identity = world.sign_in().await.unwrap();
    assert_eq!(world.us.revoke(&identity).await, Ok(true));
    let sent = world.idp.upstream().requests_to("/revoke");
    let told = |name: &str| {
        sent.iter()
            .map(|one| one.form_value(name))
            .collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        told("token_type_hint"),
        [text("refresh_token"), text("access_token")]
    );
    assert_eq!(
        told("token")[0].as_deref(),
        Some(shown(identity.refresh_token.as_ref()))
    );
    let refused = world.us.renew(&identity).await.unwrap_err();
    assert_eq!(refused.code(), "identity_provider_refused");
    world.idp.down(true);
    assert!(world.us.revoke(&identity).await.unwrap_err().is_passing());
}

#[tokio::test]
async fn the_secret_and_the_verifier_go_to_the_token_endpoint_alone() {
    let world = World::start();
    world.sign_in().await.unwrap();
    let tokens = world.idp.upstream().requests_to("/token");
    assert_eq!(tokens.len(), 1);
    assert!(tokens[0].form_value("code_verifier").is_some());
    assert_eq!(tokens[0].form_value("client_secret"), None);
    let others = world.idp.upstream().requests();
    let others = others
        .iter()
        .filter(|request| request.uri().path() != "/token");
    for request in others {
        assert_eq!(request.header("authorization"), None);
    }
}

#[tokio::test]
async fn a_private_address_is_refused_unless_it_is_allowed() {
    let world = World::start();
    let us = party(&world.clock, &world.idp.issuer(), false);
    let error = us.look().await.unwrap_err();
    assert_eq!(error.code(), "identity_provider_unusable");
    assert!(error.to_string().contains("--allow-private"), "{error}");
    assert!(world.idp.upstream().requests().is_empty());
}

#[tokio::test]
async fn attack_24_a_reply_that_is_none_is_neither_a_yes_nor_a_no() {
    let world = World::start();
    let identity = world.sign_in().await.unwrap();
    world.idp.garble(true);
    let error = world.us.renew(&identity).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    world.idp.garble(false);
    world.us.renew(&identity).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_is_down_is_a_passing_fault() {
    let world = World::start();
    world.idp.down(true);
    assert!(world.us.look().await.unwrap_err().is_passing());
    world.idp.down(false);
    world.us.look().await.unwrap();
}
