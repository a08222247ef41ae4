//! Which id_tokens are not believed.

use super::world::{NOW, World};
use serde_json::json;
use sso::SsoError;
use testkit::Forgery;

#[tokio::test]
async fn attack_13_an_id_token_that_fails_a_check_signs_nobody_in() {
    let table = [
        ("alg none", Forgery::Unsigned),
        ("HS256 with the public key", Forgery::HmacWithPublicKey),
        ("another key", Forgery::OtherKey),
        (
            "another audience",
            Forgery::Claims(json!({ "aud": "other" })),
        ),
        ("no audience", Forgery::Claims(json!({ "aud": [] }))),
        (
            "another issuer",
            Forgery::Claims(json!({ "iss": "https://evil.example" })),
        ),
        (
            "another nonce",
            Forgery::Claims(json!({ "nonce": "guess" })),
        ),
        ("no nonce", Forgery::Claims(json!({ "nonce": null }))),
        ("it is over", Forgery::Claims(json!({ "exp": NOW }))),
        ("no end", Forgery::Claims(json!({ "exp": null }))),
        (
            "issued in the future",
            Forgery::Claims(json!({ "iat": NOW + 3600 })),
        ),
        ("not yet", Forgery::Claims(json!({ "nbf": NOW + 3600 }))),
        (
            "for several, without a party",
            Forgery::Claims(json!({ "aud": ["stepgate", "other"] })),
        ),
        (
            "for several, made for another",
            Forgery::Claims(json!({ "aud": ["stepgate", "other"], "azp": "other" })),
        ),
        (
            "made for another party",
            Forgery::Claims(json!({ "azp": "other" })),
        ),
        (
            "a party that is no text",
            Forgery::Claims(json!({ "azp": 1 })),
        ),
        ("nobody", Forgery::Claims(json!({ "sub": null }))),
    ];
    for (what, forgery) in table {
        let world = World::start();
        world.idp.forge(forgery);
        let error = world.sign_in().await.unwrap_err();
        let refused = matches!(error, SsoError::NotBelieved { .. } | SsoError::Refused(_));
        assert!(refused, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn attack_13_a_description_that_names_another_issuer_is_not_used() {
    let world = World::start();
    for issuer in ["https://evil.example", "https://evil.example/"] {
        world.idp.discovery_issuer(issuer);
        let error = world.sign_in().await.unwrap_err();
        assert_eq!(error.code(), "identity_provider_unusable", "{error}");
    }
    assert!(world.idp.upstream().requests_to("/keys").is_empty());
}

#[tokio::test]
async fn a_token_for_several_that_was_made_for_us_is_believed() {
    let world = World::start();
    let aud = json!({ "aud": ["stepgate", "project-1"], "azp": "stepgate" });
    world.idp.forge(Forgery::Claims(aud));
    assert_eq!(world.sign_in().await.unwrap().subject(), "u-ada");
}

#[tokio::test]
async fn a_new_key_is_fetched_once_a_minute_at_most() {
    let world = World::start();
    world.sign_in().await.unwrap();
    world.idp.rename_key("key-2");
    // The description is seconds old: a name that was made up must not make us ask each time.
    assert!(world.sign_in().await.is_err());
    world.clock.advance(61);
    world.sign_in().await.unwrap();
    assert_eq!(world.idp.upstream().requests_to("/keys").len(), 2);
}
