//! What an app signs for its user.

use super::world::{NOW, World, client};
use model::Clock;
use secret::SecretString;
use serde_json::{Value, json};
use sso::{AssertionKeys, AssertionRules, Assertions};
use testkit::Forgery;

const SHARED: &str = "a shared key of at least 32 bytes";

struct Judging {
    world: World,
    assertions: Assertions,
}

impl Judging {
    fn start() -> Self {
        let world = World::start();
        let assertions = Assertions::new(client(true), Clock::new(world.clock.source()));
        Self { world, assertions }
    }

    fn rules(&self, keys: AssertionKeys) -> AssertionRules {
        AssertionRules {
            issuer: "https://app.example.org".into(),
            audience: "https://gate.example.org".into(),
            keys,
        }
    }

    fn at(&self) -> AssertionRules {
        self.rules(AssertionKeys::At(self.world.idp.keys_url()))
    }

    fn shared(&self) -> AssertionRules {
        self.rules(AssertionKeys::Shared(SecretString::new(SHARED.into())))
    }
}

fn claims() -> Value {
    json!({
        "iss": "https://app.example.org", "aud": "https://gate.example.org", "sub": "u123",
        "iat": NOW, "exp": NOW + 300,
    })
}

#[tokio::test]
async fn a_signed_word_is_taken_by_either_kind_of_key() {
    let judging = Judging::start();
    let (idp, assertions) = (&judging.world.idp, &judging.assertions);
    for (rules, token) in [
        (judging.at(), idp.sign(&claims())),
        (judging.shared(), idp.sign_shared(SHARED, &claims())),
    ] {
        let claimed = assertions.claims(&rules, &token).await.unwrap();
        assert_eq!(claimed["sub"], "u123");
    }
    assertions
        .claims(&judging.at(), &idp.sign(&claims()))
        .await
        .unwrap();
    assert_eq!(idp.upstream().requests_to("/keys").len(), 1);
}

#[tokio::test]
async fn attack_13_an_assertion_that_fails_a_check_names_nobody() {
    let judging = Judging::start();
    let idp = &judging.world.idp;
    let with = |more: Value| idp.sign_forged(&Forgery::Claims(more), &claims());
    let table = [
        ("alg none", idp.sign_forged(&Forgery::Unsigned, &claims())),
        (
            "HS256 with the public key",
            idp.sign_forged(&Forgery::HmacWithPublicKey, &claims()),
        ),
        (
            "another key",
            idp.sign_forged(&Forgery::OtherKey, &claims()),
        ),
        (
            "another audience",
            with(json!({ "aud": "https://other.example" })),
        ),
        (
            "another issuer",
            with(json!({ "iss": "https://evil.example" })),
        ),
        ("it is over", with(json!({ "exp": NOW }))),
        ("good for a day", with(json!({ "exp": NOW + 86_400 }))),
        ("not yet", with(json!({ "nbf": NOW + 600 }))),
        ("no token", "abc".to_owned()),
    ];
    for (what, token) in table {
        let error = judging
            .assertions
            .claims(&judging.at(), &token)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "token_not_believed", "{what}: {error}");
        let error = judging
            .assertions
            .claims(&judging.shared(), &token)
            .await
            .unwrap_err();
        assert_eq!(
            error.code(),
            "token_not_believed",
            "{what}, shared: {error}"
        );
    }
    let other = idp.sign_shared("another shared key of 32 bytes ..", &claims());
    assert!(
        judging
            .assertions
            .claims(&judging.shared(), &other)
            .await
            .is_err()
    );
    let shared = idp.sign_shared(SHARED, &claims());
    assert!(
        judging
            .assertions
            .claims(&judging.at(), &shared)
            .await
            .is_err()
    );
}
